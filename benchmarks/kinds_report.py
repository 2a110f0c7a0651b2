"""How often each word of the verdict was true, as Markdown, and the table of hit rates that the verdict quotes."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crowd_kinds import KINDS, KindSpec
from verdict_report import markdown, percent

from segmentry.records.evidence import Evidence, KEvidence
from segmentry.records.hit_rates import MOST
from segmentry.records.verdict import Verdict, VerdictKind
from segmentry.stages.choose import Choose
from segmentry.stages.choose.verdict_words import VERDICT_WORDS

HITS = Path(__file__).parents[1] / "src" / "segmentry" / "records" / "hit_rates.py"
OPENING, CLOSING = "MappingProxyType(", ")\n"
ISLAND = "island"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A table, what the rule of today says of it, and how its segments agree with the true groups."""

    spec: KindSpec
    verdict: Verdict
    evidence: Evidence
    ari: float
    cpu_seconds: float

    @property
    def exact(self) -> bool:
        """Whether the number is the true one."""
        return self.verdict.k == self.spec.k

    @property
    def votes(self) -> int:
        """Votes for the number."""
        return sum(vote.k == self.verdict.k for vote in self.verdict.votes)


def judged(spec: KindSpec, evidence: Evidence, ari: float, cpu_seconds: float) -> Judged:
    """What the rule of today makes of the evidence."""
    return Judged(spec=spec, verdict=Choose()(evidence), evidence=evidence, ari=ari, cpu_seconds=cpu_seconds)


def hit_rates(tables: Sequence[Judged]) -> Mapping[tuple[bool, bool], tuple[int, int]]:
    """Of the tables with groups that were called grouped: how many there are, and how many have the right number."""
    grouped = [table for table in tables if table.spec.k > 1 and table.verdict.grouped]
    keys = [(table.verdict.kind is VerdictKind.NATURAL, table.votes >= MOST) for table in grouped]
    right = Counter(key for key, table in zip(keys, grouped, strict=True) if table.exact)
    return {key: (count, right[key]) for key, count in sorted(Counter(keys).items())}


def write_hit_rates(tables: Sequence[Judged]) -> None:
    """Put the table into the product."""
    text = HITS.read_text(encoding="utf-8")
    before, _, rest = text.partition(OPENING)
    after = rest.partition(')\n"""By whether')[2]
    lines = [f"        ({key[0]}, {key[1]}): HitRate{rate}," for key, rate in hit_rates(tables).items()]
    body = "\n".join(["{", *lines, "    }"])
    HITS.write_text(f'{before}{OPENING}\n    {body}\n)\n"""By whether{after}', encoding="utf-8")


def how_sure(tables: Sequence[Judged], half: str) -> str:
    """The page: what each word is worth."""
    return (
        "\n\n".join(
            [
                "# How sure is the verdict?",
                (
                    f"Every word of the verdict was held against {len(tables)} tables of "
                    f"{len({table.spec.kind for table in tables})} kinds whose groups are known ({half} half). The open half was in "
                    "view when the bridge and the second witness were last changed; the sealed half, whose seeds are drawn from "
                    "the version, was not. "
                    "Shares are per cent with 95 % Wilson intervals. `make bench` makes this page "
                    "(`benchmarks/verdict_kinds.py --write`), and [a log](verdict-log.md) keeps every run."
                ),
                "## Targets",
                markdown(["what", "target", "measured, %"], _targets(tables)),
                "## Words",
                markdown(
                    [
                        "the verdict says",
                        "tables",
                        "has groups, %",
                        "number exact, %",
                        "agreement 0.9 or more, %",
                    ],
                    _words(tables),
                ),
                "## Confidence, on tables with groups",
                markdown(["confidence", "tables", "number exact, %", "within one, %"], _confidence(tables)),
                "## Votes",
                markdown(["natural", "votes", "tables", "number exact"], _rates(tables)),
                "## Beside it, on tables with groups",
                markdown(["what chooses the number", "number exact, %", "within one, %"], _beside(tables)),
                "## Kinds of table",
                markdown(
                    [
                        "kind",
                        "tables",
                        "called grouped, %",
                        "number exact, %",
                        "other shape named, %",
                        "island named, %",
                    ],
                    _kinds(tables),
                ),
            ]
        )
        + "\n"
    )


def _targets(tables: Sequence[Judged]) -> Iterator[Sequence[str]]:
    without = [table for table in tables if table.spec.k == 1]
    plain = [table for table in without if table.spec.kind != ISLAND]
    grouped = [table for table in tables if table.spec.k > 1]
    bent = [table for table in grouped if not KINDS[table.spec.kind].round]
    straight = [table for table in tables if KINDS[table.spec.kind].round]
    lonely = [table for table in without if table.spec.kind == ISLAND]
    high = [table for table in grouped if table.verdict.confidence == "high"]
    medium = [table for table in grouped if table.verdict.confidence == "medium"]
    yield "without groups: called natural", "at most 0.5", percent(_natural(table) for table in without)
    yield "without groups: called grouped", "at most 5", percent(table.verdict.grouped for table in without)
    yield "with groups: found", "at least 93", percent(table.verdict.grouped for table in grouped)
    yield "with groups: number within one", "at least 95", percent(_near(table) for table in grouped)
    yield "high confidence: number exact", "at least 85", percent(table.exact for table in high)
    yield "medium confidence: number exact", "at least 60", percent(table.exact for table in medium)
    yield "groups that are not round: named", "at least 60", percent(_shape(table) for table in bent)
    yield (
        "round groups or none: another shape named",
        "at most 1",
        percent(_shape(table) for table in straight),
    )
    yield "islands too small for a segment: named", "at least 90", percent(_island(table) for table in lonely)
    yield "no such island: one named", "at most 1", percent(_island(table) for table in plain)


def _natural(table: Judged) -> bool:
    return table.verdict.kind in {VerdictKind.NATURAL, VerdictKind.PARTLY_NATURAL}


def _near(table: Judged) -> bool:
    return abs(table.verdict.k - table.spec.k) <= 1


def _shape(table: Judged) -> bool:
    return table.evidence.shape is not None and not table.evidence.shape.is_number


def _island(table: Judged) -> bool:
    return bool(table.evidence.islands)


def _words(tables: Sequence[Judged]) -> Iterator[Sequence[str]]:
    for kind in VerdictKind:
        some = [table for table in tables if table.verdict.kind is kind]
        with_groups = [table for table in some if table.spec.k > 1]
        if some:
            yield (
                VERDICT_WORDS[kind].name,
                str(len(some)),
                percent(table.spec.k > 1 for table in some),
                percent(table.exact for table in with_groups),
                percent(table.ari >= 0.9 for table in with_groups),
            )


def _confidence(tables: Sequence[Judged]) -> Iterator[Sequence[str]]:
    for level in ("high", "medium", "low"):
        some = [table for table in tables if table.spec.k > 1 and table.verdict.confidence == level]
        yield (
            level,
            str(len(some)),
            percent(table.exact for table in some),
            percent(_near(table) for table in some),
        )


def _rates(tables: Sequence[Judged]) -> Iterator[Sequence[str]]:
    for (natural, most), (count, right) in hit_rates(tables).items():
        yield "yes" if natural else "no", "3 or more" if most else "fewer", str(count), str(right)


def _beside(tables: Sequence[Judged]) -> Iterator[Sequence[str]]:
    grouped = [table for table in tables if table.spec.k > 1]
    said: dict[str, Callable[[Judged], int]] = {
        "the verdict": lambda table: table.verdict.k,
        "the verdict, with its advice on shapes taken": _advised,
    }
    for name in [
        vote.method for vote in next(table.verdict.votes for table in grouped if table.verdict.votes)
    ]:
        said[name] = lambda table, name=name: next(  # type: ignore[misc]
            (vote.k or 1 for vote in table.verdict.votes if vote.method == name), 1
        )
    said["silhouette"] = lambda table: _highest(table.evidence, lambda row: row.silhouette)
    said["Calinski-Harabasz"] = lambda table: _highest(table.evidence, lambda row: row.calinski_harabasz)
    for name, k in said.items():
        hits = [k(table) - table.spec.k for table in grouped]
        yield name, percent(hit == 0 for hit in hits), percent(abs(hit) <= 1 for hit in hits)


def _advised(table: Judged) -> int:
    shape = table.evidence.shape
    return shape.k if shape else table.verdict.k


def _highest(evidence: Evidence, measure: Callable[[KEvidence], float]) -> int:
    rows = [row for row in evidence.by_k if 1 < row.k <= Choose().max_segments]
    return max(rows, key=measure).k


def _kinds(tables: Sequence[Judged]) -> Iterator[Sequence[str]]:
    for kind in KINDS:
        some = [table for table in tables if table.spec.kind == kind]
        if some:
            yield (
                kind,
                str(len(some)),
                percent(table.verdict.grouped for table in some),
                percent(table.exact for table in some) if some[0].spec.k > 1 else "-",
                percent(_shape(table) for table in some),
                percent(_island(table) for table in some),
            )


def logged(tables: Sequence[Judged], half: str, version: str) -> str:
    """One line of the log."""
    measured = "; ".join(f"{what} {share}" for what, _, share in _targets(tables))
    return f"- {version}, {half}, {len(tables)} tables: {measured}."
