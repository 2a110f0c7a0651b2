"""The outcomes as Markdown: targets, and shares with intervals by stratum, customers and shape."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from math import sqrt
from statistics import median

from crowd_sets import BANDS, NO_GROUPS, NOISE, CrowdSpec
from verdict_rules import METHODS, RIVALS, Method, Outcome, Said, ours, ours_where_grouped

from segmentry.records.verdict import VerdictKind

Hit = Callable[[Said, CrowdSpec], bool]
Row = tuple[str, Sequence[Outcome]]

WITH_CONDITION: Mapping[str, Method] = {
    "ours": ours,
    "ours, of those called grouped": ours_where_grouped,
    **RIVALS,
}


def called_grouped(said: Said, _: CrowdSpec) -> bool:
    """Whether groups were said to be there."""
    return said.grouped


def missed(said: Said, _: CrowdSpec) -> bool:
    """Whether groups were said not to be there."""
    return not said.grouped


def exact(said: Said, spec: CrowdSpec) -> bool:
    """Whether the number is the true one."""
    return said.k == spec.k


def within_one(said: Said, spec: CrowdSpec) -> bool:
    """Whether the number is at most one off."""
    return abs(said.k - spec.k) <= 1


def natural(outcome: Outcome) -> bool:
    """Whether the segments were called natural, wholly or partly."""
    return outcome.kind in {VerdictKind.NATURAL, VerdictKind.PARTLY_NATURAL}


def structureless(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The sets without groups."""
    return [outcome for outcome in outcomes if outcome.spec.stratum == NO_GROUPS]


def structured(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The sets with groups that the targets speak of: not those with noise features."""
    return [outcome for outcome in outcomes if outcome.spec.stratum in BANDS]


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927).

    >>> [round(one, 3) for one in wilson(0, 100)]
    [0.0, 0.037]
    """
    z, share = 1.959964, hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    reach = z / (1 + z * z / total) * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def percent(flags: Iterable[bool]) -> str:
    """A share in per cent with its interval; a dash where there is nothing to count."""
    known = list(flags)
    if not known:
        return "-"
    low, high = wilson(sum(known), len(known))
    return f"{100 * sum(known) / len(known):.1f} ({100 * low:.1f}-{100 * high:.1f})"


def share(outcomes: Iterable[Outcome], method: Method, hit: Hit, most: int) -> list[bool]:
    """For each set that the method has an opinion on, whether it is a hit."""
    said = ((method(outcome, most), outcome.spec) for outcome in outcomes)
    return [hit(words, spec) for words, spec in said if words is not None]


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, the first column to the left and the others to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def report(outcomes: Sequence[Outcome], most: int) -> str:
    """Everything, as Markdown.

    Args:
        outcomes: The sets to report on.
        most: As many segments as the single indices may say: what the verdict is held to as well.
    """
    plain, grouped = structureless(outcomes), structured(outcomes)
    beside_noise = [outcome for outcome in outcomes if outcome.spec.stratum == NOISE]
    rows = list(_cuts(grouped, beside_noise))
    return "\n\n".join(
        [
            _opening(len(plain), len(grouped), len(beside_noise), most),
            "## Targets",
            targets(plain, grouped, most),
            "## Without groups: called grouped, %",
            _table(list(_cuts(plain, [])), METHODS, called_grouped, most),
            "## With groups: missed, %",
            _table(rows, METHODS, missed, most),
            "## With groups: k exact, %",
            _table(rows, WITH_CONDITION, exact, most),
            "## With groups: k within one, %",
            _table(rows, WITH_CONDITION, within_one, most),
            "## Kinds of verdict, agreement with the truth and processor time",
            _kinds(outcomes),
        ]
    )


def _opening(plain: int, grouped: int, beside_noise: int, most: int) -> str:
    return (
        f"{plain} sets without groups, {grouped} with groups, {beside_noise} with groups and noise features. "
        "Shares in per cent with 95 % Wilson intervals; what stands aside is in no other row. The single "
        f"indices choose from at most {most} segments, as our verdict does; the elbow is drawn over 2 to 10."
    )


def _cuts(outcomes: Sequence[Outcome], aside: Sequence[Outcome]) -> Iterator[Row]:
    """All, then by stratum, customers and shape; what stands aside is in no other row."""
    yield "all", outcomes
    for label, key in (("stratum", _stratum), ("n =", _customers), ("", _shape)):
        values = dict.fromkeys(
            key(outcome) for outcome in sorted(outcomes, key=lambda outcome: outcome.spec.n)
        )
        ordered = values if key is _customers else sorted(values)
        if key is _stratum and len(values) < 2:
            continue
        for value in ordered:
            yield f"{label} {value}".strip(), [outcome for outcome in outcomes if key(outcome) == value]
    if aside:
        yield f"{NOISE} (aside)", aside


def _stratum(outcome: Outcome) -> str:
    return outcome.spec.stratum


def _customers(outcome: Outcome) -> str:
    return f"{outcome.spec.n:,}"


def _shape(outcome: Outcome) -> str:
    return outcome.spec.shape


def _table(rows: Sequence[Row], methods: Mapping[str, Method], hit: Hit, most: int) -> str:
    return markdown(
        ["", "sets", *methods],
        (
            [label, str(len(some)), *(percent(share(some, method, hit, most)) for method in methods.values())]
            for label, some in rows
        ),
    )


def targets(plain: Sequence[Outcome], grouped: Sequence[Outcome], most: int) -> str:
    """What was promised and what was measured."""
    rows = [
        _target(
            "without groups: called natural or partly natural", [natural(one) for one in plain], at_most=0.01
        ),
        _target("without groups: called grouped", [one.grouped for one in plain], at_most=0.10),
        _target("with groups: found", [one.grouped for one in grouped], at_least=0.90),
        _target("with groups: k within one", share(grouped, ours, within_one, most), at_least=0.95),
    ]
    return markdown(["", "target", "measured, %", "met"], [*rows, _against_the_best(grouped, most)])


def _target(label: str, flags: Sequence[bool], *, at_most: float = 1.0, at_least: float = 0.0) -> list[str]:
    target = f"<= {at_most:.0%}" if at_most < 1 else f">= {at_least:.0%}"
    if not flags:
        return [label, target, "-", "-"]
    met = at_least <= sum(flags) / len(flags) <= at_most
    return [label, target, percent(flags), "yes" if met else "no"]


def _against_the_best(grouped: Sequence[Outcome], most: int) -> list[str]:
    """Our exact k against the best single index, with the interval of the paired difference."""
    label = "with groups: k exact, less that of the best single index"
    if not grouped:
        return [label, ">= 0", "-", "-"]
    hits = {name: [_exact(one, method, most) for one in grouped] for name, method in RIVALS.items()}
    best = max(hits, key=lambda name: sum(hits[name]))
    own = [_exact(one, ours, most) for one in grouped]
    difference, reach = paired(own, hits[best])
    interval = (
        f"{100 * difference:+.1f} ({100 * (difference - reach):+.1f} to {100 * (difference + reach):+.1f})"
    )
    measured = f"{percent(own)} less {percent(hits[best])} of {best}: {interval}"
    return [label, ">= 0", measured, "yes" if difference >= 0 else "no"]


def _exact(outcome: Outcome, method: Method, most: int) -> bool:
    said = method(outcome, most)
    return said is not None and exact(said, outcome.spec)


def paired(first: Sequence[bool], second: Sequence[bool]) -> tuple[float, float]:
    """The difference of two shares of the same sets, and how far its 95 % interval reaches (Wald, paired)."""
    total = len(first)
    only_first = sum(one and not other for one, other in zip(first, second, strict=True))
    only_second = sum(other and not one for one, other in zip(first, second, strict=True))
    difference = (only_first - only_second) / total
    return difference, 1.959964 * sqrt(max(only_first + only_second - total * difference**2, 0.0)) / total


def _kinds(outcomes: Sequence[Outcome]) -> str:
    kinds = list(VerdictKind)
    by_stratum = {
        name: [outcome for outcome in outcomes if outcome.spec.stratum == name]
        for name in (NO_GROUPS, *BANDS, NOISE)
    }
    head = [
        "stratum",
        "sets",
        *(str(kind).replace("_", " ") for kind in kinds),
        "median ARI",
        "cpu s, median (most)",
    ]
    return markdown(
        head,
        (
            [
                name,
                str(len(some)),
                *(str(sum(one.kind == kind for one in some)) for kind in kinds),
                "-" if name == NO_GROUPS else f"{median(one.ari for one in some):.2f}",
                f"{median(one.cpu_seconds for one in some):.1f} ({max(one.cpu_seconds for one in some):.1f})",
            ]
            for name, some in by_stratum.items()
            if some
        ),
    )
