"""The verdict has one table of words: whoever speaks of a verdict reads them there, so no two places can disagree."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from string import Formatter
from typing import cast

import pytest
from support.evidence_factory import of_kind
from support.factories import make_run
from support.outlines import read
from support.plain_visits import visit

from segmentry.dashboard.pages import models, overview
from segmentry.records.run import Run
from segmentry.records.verdict import VerdictKind
from segmentry.stages.choose.sentences import verdict_sentence
from segmentry.stages.choose.verdict_words import VERDICT_WORDS, Measured, VerdictWords, tighter
from segmentry.views.charts.stability_words import seen
from segmentry.views.charts.verdict import verdict
from segmentry.views.report import report_html
from segmentry.views.terminal.summary import notebook_html, text_summary

RUN = make_run()
FIELDS = tuple(one.name for one in fields(VerdictWords))
each_kind = pytest.mark.parametrize("kind", list(VerdictKind))
each_judged_kind = pytest.mark.parametrize(
    "kind", [kind for kind in VerdictKind if kind is not VerdictKind.NOT_JUDGED]
)


def recorded(run: Run) -> str:
    row = run.evidence.at(run.k)
    return verdict_sentence(run.verdict.kind, "high", row, run.verdict.votes) if row.resampled else ""


READERS: Mapping[str, tuple[Callable[[Run], str], tuple[str, ...]]] = {
    "report": (lambda run: read(report_html(run, {})).text, ("plain", "title", "limit")),
    "terminal": (text_summary, ("name",)),
    "notebook": (notebook_html, ("name",)),
    "chart": (lambda run: verdict(run)[0].title, ("exhibit",)),
    "overview": (lambda run: str(overview.show(visit(run))), ("name", "plain")),
    "choose k": (lambda run: str(models.show(visit(run))), ("name", "title")),
    "record": (recorded, ("sentence",)),
}


@each_kind
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_takes_its_words_from_the_table(
    kind: VerdictKind, reader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that stand nowhere else are put into the table: whoever has words of its own does not show them."""
    speaks, expected = READERS[reader]
    own = VerdictWords(**{name: f"the {name} of {kind}" for name in FIELDS})
    monkeypatch.setitem(cast("dict[VerdictKind, VerdictWords]", VERDICT_WORDS), kind, own)
    said = speaks(of_kind(RUN, kind))
    unjudged = kind is VerdictKind.NOT_JUDGED  # without re-runs there is no exhibit and no recommendation
    for name in expected if not (unjudged and reader in {"chart", "record"}) else ():
        assert f"the {name} of {kind}" in said


@each_kind
def test_every_kind_has_all_words_and_nothing_is_left_to_fill_in(kind: VerdictKind) -> None:
    run = of_kind(RUN, kind)
    found = seen(run)
    measured = Measured(
        k=3,
        twins=found.twins if found else None,
        least=0.8,
        weakest="Gold",
        apart=("Silver",),
        opening="We recommend 3",
    )
    for name in FIELDS:
        template = getattr(VERDICT_WORDS[kind], name)
        if kind is VerdictKind.NOT_JUDGED and name == "exhibit":
            continue
        said = measured.fill(template)
        assert said
        assert said[:1].isupper() or not said[:1].isalpha()
        assert "  " not in said
    assert VERDICT_WORDS[kind].name.split()[0].lower() in VERDICT_WORDS[kind].title.lower()


@each_kind
def test_a_name_with_braces_is_only_a_name(kind: VerdictKind) -> None:
    found = seen(of_kind(RUN, VerdictKind.CONSTRUCTIVE))
    assert found is not None
    measured = Measured(k=2, twins=found.twins, least=0.5, weakest="{k}", apart=("{0}", "{twins.__class__}"))
    said = measured.fill(VERDICT_WORDS[kind].plain)
    asked = {slot for _, slot, _, _ in Formatter().parse(VERDICT_WORDS[kind].plain)}
    assert ("{k}" in said) == bool(asked & {"least", "again"})


@each_judged_kind
@pytest.mark.parametrize("lift", [-0.05, 0.001, 0.008, 0.045, 0.06, 0.3])
def test_the_record_the_paragraph_and_the_figure_say_the_same_of_how_tight_the_segments_are(
    kind: VerdictKind, lift: float
) -> None:
    """A set of 0.25 against 0.21 was once hardly, slightly and not at all tighter, on three pages of one run."""
    run = of_kind(RUN, kind)
    found = seen(run)
    assert found is not None
    twins = replace(found.twins, silhouette=found.twins.twin.mean + lift)
    rows = tuple(
        replace(row, resampled=replace(found, twins=twins)) if row.k == run.k else row
        for row in run.evidence.by_k
    )
    run = replace(run, evidence=replace(run.evidence, by_k=rows))
    words = tighter(twins)
    assert f"{words} than" in recorded(run)
    if kind is VerdictKind.CONSTRUCTIVE:
        grouped = "We found groups" in recorded(run)
        assert grouped == ("grouped to some degree" in overview.show(visit(run))["plainly"])
        return
    assert f"{words} than copies" in verdict(run)[0].title
    assert f"{words.replace('far', 'much')} than chance" in overview.show(visit(run))["plainly"]
