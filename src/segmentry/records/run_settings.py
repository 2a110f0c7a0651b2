"""The settings that a run was made with: typed where they are read again, and complete for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from segmentry.records.settings import GroupSettings, PrivacySettings, Setting, catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """The settings of a run.

    Attributes:
        privacy: Who was left out, under what name the others appear, and what may be shown.
        groups: How customers are drawn into hold-out and control groups.
        every: Every setting by its name, as plain values.
    """

    privacy: PrivacySettings
    groups: GroupSettings
    every: Mapping[str, object]

    @classmethod
    def of(cls, every: Mapping[str, object]) -> Self:
        """The settings from plain values; one that is not there has its default.

        Raises:
            ValueError: when a value is of another type than its setting.

        >>> RunSettings.of({"k": 4, "pseudonymise": True}).privacy
        PrivacySettings(pseudonymise=True)
        """
        return cls(
            privacy=PrivacySettings(**_of_part("privacy", every)),
            groups=GroupSettings(**_of_part("groups", every)),
            every=dict(every),
        )


def _of_part(part: str, every: Mapping[str, object]) -> dict[str, Any]:
    return {
        setting.name: _checked(setting, every[setting.name])
        for setting in catalog().values()
        if setting.part == part and setting.name in every
    }


def _checked(setting: Setting, value: object) -> object:
    if isinstance(value, setting.kind) or (setting.kind is float and isinstance(value, int)):
        return value
    raise ValueError(f"the setting '{setting.name}' cannot be {value!r}")
