"""What users install by default has a licence that goes with ours, and the documentation lists it."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs/reference/dependencies.md").read_text(encoding="utf-8")
DEFAULT, EXTRAS = PAGE.split("\n## Extras\n")
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", flags=re.MULTILINE)


def plain(name: str) -> str:
    """A package's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, Distribution]:
    """The default installation, with what its packages install in turn on this system."""
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, tuple[str, ...]]] = set()
    waiting = [Requirement(one) for one in PROJECT["dependencies"]]
    while waiting:
        asked = waiting.pop()
        key = (plain(asked.name), tuple(sorted(asked.extras)))
        if key in seen:
            continue
        seen.add(key)
        found[key[0]] = distribution(asked.name)
        waiting += _needed(found[key[0]], asked)
    return found


def _needed(package: Distribution, asked: Requirement) -> Iterator[Requirement]:
    for written in package.requires or []:
        needed = Requirement(written)
        marker = needed.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *asked.extras)):
            yield needed


def licence(package: Distribution) -> str:
    """All that a package says of its licence."""
    metadata = package.metadata
    stated = [metadata["License-Expression"], (metadata["License"] or "")[:200]]
    classifiers = [one for one in metadata.get_all("Classifier") or [] if one.startswith("License")]
    return " ".join(filter(None, [*stated, *classifiers]))


INSTALLED = installed()


@pytest.mark.parametrize("name", sorted(INSTALLED))
def test_nothing_installed_by_default_is_under_the_gpl(name: str) -> None:
    said = licence(INSTALLED[name])
    assert said, f"{name} says nothing of its licence"
    assert not re.search(r"GPL|General Public|copyleft", said, flags=re.IGNORECASE), said


def test_the_check_would_notice_a_library_under_the_gpl() -> None:
    """Two that are test dependencies."""
    for name in ("diptest", "kmedoids"):
        assert "GPL" in licence(distribution(name)) or "General Public" in licence(distribution(name))
        assert name not in INSTALLED


def test_the_page_lists_each_dependency_once_and_no_other() -> None:
    needed = [plain(Requirement(one).name) for one in PROJECT["dependencies"]]
    assert [name for name, _ in ROW.findall(DEFAULT)] == sorted(needed)
    extra = re.findall(r"^\| `(\w+)` \| `([\w-]+)` \|", EXTRAS, flags=re.MULTILINE)
    for name in ("algorithms",):
        asked = [plain(Requirement(one).name) for one in PROJECT["optional-dependencies"][name]]
        assert [library for extra_name, library in extra if extra_name == name] == asked


def test_each_row_says_job_licence_release_and_reason() -> None:
    for name, rest in ROW.findall(DEFAULT):
        cells = [cell.strip() for cell in rest.split(" | ")]
        assert len(cells) == 4, name
        assert all(cells), name
        assert not re.search(r"GPL", cells[1])
