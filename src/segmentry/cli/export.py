"""``segmentry export``: the customers of a segment as a list for a platform."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.console import say
from segmentry.cli.options import ForceFile, Quiet, RunFolder, SettingsOptions, expanded
from segmentry.errors import UsageError, unknown

if TYPE_CHECKING:
    from segmentry.edges.sources.contacts import ContactColumns
    from segmentry.records.audience import Audience, Control, Wanted
    from segmentry.records.settings import GroupSettings
    from segmentry.settings import Settings

CONTROLS = ("mark", "leave-out")

OPTIONS = SettingsOptions(
    "suppression", "control_share", "holdout_share", "holdout_salt", otherwise="the run's own"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceOptions:
    """Which customers are wanted, and how."""

    segment: Annotated[str, typer.Option(help="The segment's name or number, or all.")]
    to: Annotated[str, typer.Option(help="csv, google, meta, tiktok, x or klaviyo.")] = "csv"
    country: Annotated[
        str | None, typer.Option(help="The country of numbers without a country code, such as DE.")
    ] = None
    consent: Annotated[
        list[str] | None, typer.Option(help="A column of the contacts that must say yes; may be given again.")
    ] = None
    legal_basis: Annotated[
        str, typer.Option(help="What allows it where no column shows consent; written into the manifest.")
    ] = ""
    control: Annotated[
        str | None,
        typer.Option(help="What is done with the control group: mark or leave-out. No group when not given."),
    ] = None
    campaign: Annotated[str, typer.Option(help="The campaign's name; the segment's when not given.")] = ""
    sure: Annotated[bool, typer.Option("--sure", help="Leave out placements of low confidence.")] = False
    alike: Annotated[
        bool, typer.Option("--alike", help="Leave out customers unlike those the model was made from.")
    ] = False

    def wanted(self, groups: "GroupSettings") -> "Wanted":
        """The same as a record, with how the run draws its groups."""
        from segmentry.records.audience import Wanted

        return Wanted(
            segment=self.segment,
            platform=self.to,
            control=_control(self.control),
            campaign=self.campaign,
            groups=groups,
            sure=self.sure,
            alike=self.alike,
            consent=tuple(self.consent or ()),
            legal_basis=self.legal_basis.strip(),
            country=_country(self.country),
        )

    def refuse_unknown(self) -> None:
        """Refuse what is wrong whatever the run is, before it is read."""
        from segmentry.stages.audience import PLATFORMS

        _control(self.control)
        _country(self.country)
        if self.to not in PLATFORMS:
            raise unknown("platform", self.to, PLATFORMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOptions:
    """Where the customers' addresses are."""

    contacts: Annotated[
        str | None, typer.Option(help="The file with e-mail addresses and telephone numbers, by customer id.")
    ] = None
    contacts_id: Annotated[str | None, typer.Option(help="Its column of customer ids.")] = None
    email: Annotated[
        str | None, typer.Option(help="Its column of e-mail addresses; found when not given.")
    ] = None
    phone: Annotated[
        str | None, typer.Option(help="Its column of telephone numbers; found when not given.")
    ] = None

    def columns(self) -> "ContactColumns":
        """The columns that were named."""
        from segmentry.edges.sources.contacts import ContactColumns
        from segmentry.records.audience import Field

        named = {Field.EMAIL: self.email, Field.PHONE: self.phone}
        return ContactColumns(
            id=self.contacts_id, fields={what: column for what, column in named.items() if column}
        )


@expanded
def export(  # noqa: PLR0913 - a command's parameters are its options
    run_folder: RunFolder,
    *,
    out: Annotated[Path, typer.Option(help="The .csv file to write; its manifest is written beside it.")],
    audience: AudienceOptions,
    contacts: ContactOptions,
    settings: Annotated["Settings", OPTIONS],
    force: ForceFile = False,
    quiet: Quiet = False,
) -> None:
    """Write the customers of a segment as a list for a platform, with a manifest of who is not on it."""
    from segmentry.results.segmentation import load
    from segmentry.workflows.audience import planned
    from segmentry.workflows.export import Files

    audience.refuse_unknown()
    result = load(run_folder)
    files = Files(
        contacts=contacts.contacts,
        columns=contacts.columns(),
        reading=settings.reading,
        suppress=settings.privacy.suppression,
        key_file=settings.privacy.key_file,
    )
    wanted = audience.wanted(planned(result.run, settings.given()))
    found = result.send(wanted, files, out, force=force)
    if not quiet:
        say(_said(found, out))


def _control(asked: str | None) -> "Control | None":
    from segmentry.records.audience import Control

    if asked is None:
        return None
    if asked not in CONTROLS:
        raise unknown("control-group option", asked, CONTROLS)
    return Control(asked)


def _country(asked: str | None) -> str | None:
    from segmentry.stages.audience.forms import country_code

    if asked is None:
        return None
    code = country_code(asked)
    if code is None:
        raise UsageError(
            f"'{asked}' is not a country.",
            hint="Give two letters, such as DE, GB or US (ISO 3166-1 alpha-2).",
        )
    return code.upper()


def _said(found: "Audience", out: Path) -> str:
    """What was written, who is not in it, and what to know."""
    lines = [f"Wrote {len(found):,} of {found.customers:,} customers of {found.segment} to {out}"]
    lines += [f"  {gone.customers:,} left out: {gone.reason}" for gone in found.exclusions]
    lines += [f"  {count:,} {what}" for what, count in found.left_blank.items()]
    if found.control:
        lines.append(f"  {found.control:,} marked as control")
    lines += [f"Note: {warning}" for warning in found.warnings]
    return "\n".join(lines)
