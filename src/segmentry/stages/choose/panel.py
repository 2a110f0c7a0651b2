"""The panel: five philosophies, one vote each.

They are chosen to differ, not to be many: counting near-identical indices counts one opinion
often. The elbow and the indices that can never say 1 have no seat.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from segmentry.records.evidence import LATENT_CLASS, Evidence, KEvidence, Resampled
from segmentry.records.verdict import Vote


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """How high a member of the panel wants a measure to be.

    Attributes:
        prediction_strength: From where a half split predicts the other (Tibshirani & Walther 2005).
        stable_jaccard: From where a segment counts as stable (Hennig 2007).
    """

    prediction_strength: float = 0.8
    stable_jaccard: float = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Voter:
    """A seat on the panel.

    Attributes:
        method: What it goes by.
        pick: The k it votes for among the rows in the running; None to abstain.
        reason: Why it votes for a k, and why it abstains.
    """

    method: str
    pick: Callable[[Evidence, Sequence[KEvidence], Bars], int | None]
    reason: tuple[str, str]


def _most_above_twins(_: Evidence, running: Sequence[KEvidence], __: Bars) -> int | None:
    return max(running, key=lambda row: (resampled(row).twins.lift, -row.k)).k if running else None


def _gap(evidence: Evidence, _: Sequence[KEvidence], __: Bars) -> int | None:
    return first_within_error([(row.k, row.gap, row.gap_error) for row in evidence.with_gap])


def _mixture(evidence: Evidence, running: Sequence[KEvidence], _: Bars) -> int | None:
    open_to = {1, *(row.k for row in running)}
    known = [row for row in evidence.by_k if row.k in open_to and isfinite(row.bic)]
    return min(known, key=lambda row: (row.bic, row.k)).k if known else None


def _predicted(_: Evidence, running: Sequence[KEvidence], bars: Bars) -> int | None:
    bar = bars.prediction_strength
    return max((row.k for row in running if resampled(row).prediction_strength >= bar), default=None)


def _stable(_: Evidence, running: Sequence[KEvidence], bars: Bars) -> int | None:
    bar = bars.stable_jaccard
    stable = [row for row in running if resampled(row).worst_jaccard >= bar]
    return max(stable, key=lambda row: (round(resampled(row).worst_jaccard, 2), row.k)).k if stable else None


GAP = "Gap statistic"
"""The member that can say that there are no groups."""

DECIDES_TIES = "Gaussian mixtures (BIC)"
"""The single member that is right most often on generated tables: docs/benchmarks.md."""

IN_WORDS = (
    "with columns in words, a mixture of this many latent classes describes the customers best",
    "no mixture was fitted",
)
"""Why that member votes where the mixtures are of latent classes."""

PANEL = (
    Voter(
        method="Lift over the no-groups twins",
        pick=_most_above_twins,
        reason=(
            "the segments are tighter than in copies without groups by most",
            "nothing could be compared",
        ),
    ),
    Voter(
        method=GAP,
        pick=_gap,
        reason=("the first peak of the gap, within one standard error", "the gap was not measured"),
    ),
    Voter(
        method=DECIDES_TIES,
        pick=_mixture,
        reason=("a mixture of this many bell shapes describes the customers best", "no mixture was fitted"),
    ),
    Voter(
        method="Prediction strength",
        pick=_predicted,
        reason=(
            "the largest number that one half of the customers predicts for the other",
            "no number is predicted by half of the customers",
        ),
    ),
    Voter(
        method="Stability of every segment",
        pick=_stable,
        reason=(
            "the number whose least stable segment comes back most surely in re-runs",
            "at no number do all segments come back",
        ),
    ),
)
"""The panel. A member more or less is one entry here."""


def votes(evidence: Evidence, running: Sequence[KEvidence], bars: Bars) -> tuple[Vote, ...]:
    """One vote a member."""
    latent = any(row.mixture == LATENT_CLASS for row in evidence.by_k)
    panel = (replace(one, reason=IN_WORDS) if latent and one.method == DECIDES_TIES else one for one in PANEL)
    return tuple(_vote(member, member.pick(evidence, running, bars)) for member in panel)


def _vote(member: Voter, k: int | None) -> Vote:
    for_it, abstains = member.reason
    return Vote(method=member.method, k=k, reason=abstains if k is None else for_it)


def first_within_error(gaps: Sequence[tuple[int, float, float]]) -> int | None:
    """The smallest k whose gap is within one error of the first local maximum (clusGap's firstSEmax).

    Args:
        gaps: k, gap and error, ascending from k = 1.

    >>> first_within_error([(1, 0.1, 0.01), (2, 0.5, 0.01), (3, 0.505, 0.01), (4, 0.4, 0.01)])
    2
    """
    if not gaps:
        return None
    falls = (i for i in range(len(gaps) - 1) if gaps[i + 1][1] <= gaps[i][1])
    peak = next(falls, len(gaps) - 1)
    _, height, error = gaps[peak]
    return next(k for k, gap, _ in gaps[: peak + 1] if gap >= height - error)


def resampled(row: KEvidence) -> Resampled:
    """What re-runs say of a row that has been re-run."""
    if row.resampled is None:
        raise ValueError(f"{row.k} segments were not judged.")
    return row.resampled
