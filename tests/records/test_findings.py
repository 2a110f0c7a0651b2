"""Every finding has a code, a severity and words of its own."""

import re
from pathlib import Path

import pytest

from segmentry.records.audit import Severity
from segmentry.records.findings import CATALOG, FINDINGS, FindingKind, finding
from segmentry.records.settings import catalog

SOURCE = Path(__file__).parents[2] / "src" / "segmentry"


def test_no_code_stands_for_two_things() -> None:
    assert len(FINDINGS) == len(CATALOG)
    assert len({kind.title for kind in CATALOG}) == len(CATALOG)


@pytest.mark.parametrize("kind", CATALOG, ids=lambda kind: kind.code)
def test_a_kind_says_what_it_means_what_is_done_and_what_one_can_do(kind: FindingKind) -> None:
    assert re.fullmatch(r"[A-Z]\d+[a-z]?", kind.code)
    assert kind.severities
    assert set(kind.severities) <= set(Severity)
    for words in (kind.meaning, kind.done, kind.advice):
        assert words.endswith(".")
        assert words[0].isupper()
    assert not kind.title.endswith(".")
    assert kind.setting in {"", *catalog()}


@pytest.mark.parametrize("kind", CATALOG, ids=lambda kind: kind.code)
def test_a_finding_takes_severity_action_and_setting_from_its_kind(kind: FindingKind) -> None:
    made = finding(kind.code, "Something.", columns=("a",), rows=3, examples=("C1",))
    assert (made.rule, made.severity) == (kind.code, kind.severities[0])
    assert (made.action, made.setting) == (kind.action, kind.setting)
    assert (made.sentence, made.columns, made.rows, made.examples) == ("Something.", ("a",), 3, ("C1",))


def test_every_finding_of_the_program_is_made_from_the_catalog() -> None:
    """No other file makes a Finding itself, but the one that reads them back from a run folder."""
    makers = {
        str(file.relative_to(SOURCE))
        for file in SOURCE.rglob("*.py")
        if re.search(r"\bFinding\(", file.read_text(encoding="utf-8"))
    }
    assert makers == {"records/findings.py"}
