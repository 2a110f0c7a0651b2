"""Why these segments, as CSV: the rules, and the descriptors by segment."""

from collections.abc import Iterator, Mapping
from math import nan
from pathlib import Path

from segmentry.edges.run_folder.tables import write_rows
from segmentry.records.reasons import Descriptor, DescriptorTest, NotJudged, Rule
from segmentry.records.run import Run
from segmentry.stages.profiling import rule_words

ALL = "all segments"


def write_reasons(run: Run, folder: Path) -> None:
    """rules.csv and descriptors.csv."""
    write_rows(rule_rows(run), folder / "rules.csv", columns=("for", "segment", "rule"))
    write_rows(descriptor_rows(run), folder / "descriptors.csv", columns=("descriptor", "role", "segment"))


def rule_rows(run: Run) -> Iterator[Mapping[str, object]]:
    """A row a segment for the rule of all, then one for the rule of each; a reason where there is none."""
    names = run.model.names
    yield from _rule_rows(ALL, run.reasons.rule, names)
    for name, rule in zip(names, run.reasons.rules, strict=False):
        yield from _rule_rows(name, rule, names)


def _rule_rows(about: str, rule: Rule | NotJudged, names: tuple[str, ...]) -> Iterator[Mapping[str, object]]:
    if isinstance(rule, NotJudged):
        yield _rule_row(about, "", rule.reason, (nan, nan, nan), (None, None, None))
        return
    words = rule_words.sentence(rule, names) if about == ALL else rule_words.alone(rule)
    for quality in rule.qualities:
        yield _rule_row(
            about,
            names[quality.segment],
            words,
            (quality.precision, quality.recall, rule.fidelity),
            (quality.customers, rule.customers, rule.depth),
        )


def _rule_row(
    about: str,
    segment: str,
    words: str,
    shares: tuple[float, float, float],
    counts: tuple[int | None, int | None, int | None],
) -> Mapping[str, object]:
    precision, recall, fidelity = shares
    given, customers, depth = counts
    return {
        "for": about,
        "segment": segment,
        "rule": words,
        "precision": precision,
        "recall": recall,
        "given": given,
        "fidelity": fidelity,
        "customers": customers,
        "depth": depth,
    }


def descriptor_rows(run: Run) -> Iterator[Mapping[str, object]]:
    """A row a descriptor, segment and word; for numbers a row a descriptor and segment."""
    for descriptor in run.reasons.descriptors:
        tested = _tested(descriptor)
        for number, name in enumerate(run.model.names):
            about = {"descriptor": descriptor.name, "role": str(descriptor.role), "segment": name}
            if descriptor.words:
                for word, count, share in zip(
                    descriptor.words, descriptor.counts[number], descriptor.shares[number], strict=True
                ):
                    yield about | _cell(word, count, share, (nan, nan, nan)) | tested
            else:
                yield about | _cell(None, None, nan, descriptor.quartiles[number]) | tested


def _cell(
    word: str | None, count: int | None, share: float, quartiles: tuple[float, float, float]
) -> dict[str, object]:
    q25, median, q75 = quartiles
    return {"value": word, "customers": count, "share": share, "q25": q25, "median": median, "q75": q75}


def _tested(descriptor: Descriptor) -> dict[str, object]:
    test = descriptor.test
    if isinstance(test, DescriptorTest):
        return {
            "test": test.test,
            "statistic": test.statistic,
            "freedom": test.freedom,
            "p_holm": test.p_holm,
            "effect": test.effect,
            "different": test.different,
            "note": "",
        }
    names = ("test", "statistic", "freedom", "p_holm", "effect", "different")
    return dict.fromkeys(names) | {"note": test.reason}
