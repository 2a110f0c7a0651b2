"""A segment: who is in it, what sets it apart, what it is called and what to do with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from segmentry.records.lineage import Identity
from segmentry.records.moments import Baseline, Moments, cohens_d
from segmentry.records.strategy import UNTESTED, Economics, Learning, Terms, TestResult

HALF = 0.5
"""From this share on customers mostly are something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureProfile:
    """One feature in one segment, in raw units.

    Attributes:
        feature: Its name.
        flag: Whether it is two-valued; then the mean is the share of ones.
        n: Customers of the segment with a value.
        mean, median, q25, q75: In raw units; NaN when nobody has a value.
        index: 100 x segment mean / population mean; None where the population mean is not
            clearly above zero.
        cohens_d: Segment against the rest, pooled standard deviation; 0.0 at k = 1.
        marker: Whether it marks the segment (METHOD 6.1).
        importance: Its share of the squared distance between the segment's centre and the
            population's (METHOD 6.4a); the shares of a segment sum to 1.
        permuted: The share of the segment's customers who change segment when the feature is shuffled, the
            mean of 30 times (METHOD 6.4b); the words of a column are shuffled together. None at k = 1 and
            where it was not worked out.
    """

    feature: str
    flag: bool
    n: int
    mean: float
    median: float
    q25: float
    q75: float
    index: float | None
    cohens_d: float
    marker: bool
    importance: float
    permuted: float | None = None

    @classmethod
    def from_moments(cls, baseline: Baseline, own: Moments, rest: Moments, importance: float) -> Self:
        """The profile of a segment's customers, compared with everybody and with the rest (METHOD 6.1, 6.2)."""
        d = cohens_d(own, rest)
        q25, median, q75 = own.quartiles
        return cls(
            feature=baseline.feature,
            flag=baseline.flag,
            n=own.n,
            mean=own.mean,
            median=median,
            q25=q25,
            q75=q75,
            index=baseline.index(own),
            cohens_d=d,
            marker=baseline.marked_by(own, d),
            importance=importance,
        )

    @property
    def word(self) -> tuple[str, str] | None:
        """The column and its word, for a feature like ``plan = premium``; None for any other."""
        column, between, word = self.feature.partition(" = ")
        return (column, word) if self.flag and between else None

    @property
    def everybody(self) -> float | None:
        """The mean of all customers, as far as the index tells it."""
        return 100 * self.mean / self.index if self.index else None

    @property
    def how_often(self) -> str:
        """How often a two-valued feature holds in the segment, in words, against everybody."""
        if self.mean in {0, 1}:
            return "always" if self.mean else "never"
        if self.cohens_d > 0:
            return "mostly" if self.mean >= HALF else "more often"
        return "less often" if self.index is not None and self.index >= 100 * HALF else "rarely"


COVERED = 0.5
"""A feature speaks for a segment only where at least this share of its customers has a value (METHOD 7)."""


def covered(profiles: Sequence[FeatureProfile]) -> tuple[FeatureProfile, ...]:
    """The features that enough customers of a segment have a value of, beside the one that most have."""
    most = max((profile.n for profile in profiles), default=0)
    return tuple(profile for profile in profiles if profile.n >= COVERED * most)


def telling(profiles: Iterable[FeatureProfile]) -> tuple[FeatureProfile, ...]:
    """The profiles without what goes without saying: who mostly has one word of a column lacks the others."""
    listed = tuple(profiles)
    settled = {one.word[0] for one in listed if one.word and one.cohens_d > 0 and one.mean >= HALF}
    return tuple(one for one in listed if not (one.word and one.word[0] in settled and one.cohens_d <= 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationProfile:
    """One feature over all customers, in raw units.

    Attributes:
        feature: Its name.
        flag: Whether it is two-valued.
        mean, median, q25, q75, q05, q95, sd: In raw units.
        eta_squared: Between-segment share of its variance (SSB / SST), in [0, 1].
        trait: The canonical trait it maps to; None if unmapped.
    """

    feature: str
    flag: bool
    mean: float
    median: float
    q25: float
    q75: float
    q05: float
    q95: float
    sd: float
    eta_squared: float
    trait: str | None


class NameSource(StrEnum):
    """Where a name came from."""

    ARCHETYPE = "archetype"
    DESCRIPTIVE = "descriptive"
    USER = "user"
    KEPT = "earlier run"
    ONE_AUDIENCE = "one audience"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitReading:
    """One trait of a name, held against the segment.

    Attributes:
        trait: The canonical trait.
        expected: low, mid or high.
        z: Where the segment's centre lies among the segments, in standard deviations.
        defining: Whether the name stands or falls with it.
        agrees: Whether it points the right way.
    """

    trait: str
    expected: str
    z: float
    defining: bool
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A segment's name and the evidence for it.

    Attributes:
        name: The name; unique within the run.
        source: Where it came from.
        one_liner: The name in one short sentence.
        fit: The relative cosine (METHOD 7.3); None where no archetype was accepted.
        archetype: The best archetype, accepted or not; None when none was a candidate.
        runner_up: The archetype that would be next; None when there is none.
        runner_up_fit: Its score.
        readings: The archetype's traits held against the segment.
        reason: Why this name, as a sentence.
        soft_fit: How literally the archetype's description holds (METHOD 7.4), from 0 to 1; None
            without an archetype.
        stability: The share of bootstraps in which the segment gets this name; None where nothing
            was drawn again.
        derived: The name that the numbers give, where the user or an earlier run gave another.
    """

    name: str
    source: NameSource
    one_liner: str
    fit: float | None = None
    archetype: str | None = None
    runner_up: str | None = None
    runner_up_fit: float | None = None
    readings: tuple[TraitReading, ...] = ()
    reason: str = ""
    soft_fit: float | None = None
    stability: float | None = None
    derived: str | None = None

    @property
    def from_data(self) -> str:
        """The name that the numbers give."""
        return self.name if self.derived is None else self.derived


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingSummary:
    """How good the names are as a set.

    Attributes:
        mean_fit: Mean relative cosine of the assigned archetypes; None when none were assigned.
        best_other: The best mean of any other one-to-one assignment of the same archetypes.
        chance_p95: The 95th percentile of the mean when the profiles are random.
        trait_map: (feature, trait, score) for each mapped feature, score in [0, 1].
        unmapped: Features that stand for no canonical trait.
        chance_median: The median of the mean when the profiles are random.
        draws: How often the customers were drawn again to see whether the names stay; 0 for never.
    """

    mean_fit: float | None
    best_other: float | None
    chance_p95: float | None
    trait_map: tuple[tuple[str, str, float], ...]
    unmapped: tuple[str, ...]
    chance_median: float | None = None
    draws: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A number that made a play apply.

    Attributes:
        trait: The trait the play asks for.
        feature: The feature that carries it.
        level: low, mid or high: what the play asked for.
        segment_value: The segment's mean in raw units.
        population_value: The mean of all customers, in raw units.
        sentence: The comparison in words.
    """

    trait: str
    feature: str
    level: str
    segment_value: float
    population_value: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A strategy card: what to do with a segment, and the numbers that say so (METHOD 8).

    Attributes:
        id: The playbook entry's id.
        objective: What the play is for.
        hypothesis: Why it might work.
        offer, channel, message: What to send, where, and how to put it.
        do, dont: The one thing to do and the one to leave.
        guardrails: What must not get worse.
        suppressions: Whom to leave out.
        kpi: What decides whether it worked.
        fired: The numbers that made it apply.
        evidence: What the playbook says: ``untested``, or where the play was tried.
        terms: Offer type, cadence, trigger, test and owner.
        also: Objectives of other plays whose traits hold too, in the playbook's order.
        economics: What must be true for it to pay.
        learning: What a test in this segment can find out; None where nothing was worked out.
        results: The tests of this play in this segment that were recorded, oldest first.
    """

    id: str
    objective: str
    hypothesis: str
    offer: str
    channel: tuple[str, ...]
    message: str
    do: str
    dont: str
    guardrails: tuple[str, ...]
    suppressions: tuple[str, ...]
    kpi: str
    fired: tuple[Fired, ...]
    evidence: str = UNTESTED
    terms: Terms = field(default_factory=Terms)
    also: tuple[str, ...] = ()
    economics: Economics = field(default_factory=Economics)
    learning: Learning | None = None
    results: tuple[TestResult, ...] = ()

    @property
    def standing(self) -> str:
        """What is known of the play here: the newest recorded result, else what the playbook says."""
        return self.results[-1].sentence if self.results else self.evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Borderline:
    """A customer who could go either way.

    Attributes:
        id: The customer.
        rival: The rival segment's name.
        confidence: How sure its segment is, from 0 to 1.
    """

    id: str
    rival: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One segment of a run. Segments are ordered by value per customer, then by size.

    Attributes:
        number: 1 for the most valuable segment, and so on; after an earlier run, the place it had there.
        naming: What it is called and why.
        customers: How many customers it has.
        share: Their share of all placed customers.
        value: Their summed value in the value measure; None without one.
        value_share: Its share of the summed value; None without one.
        features: The profile of each feature, in the order of the input.
        silhouette: Mean silhouette of its customers; NaN at k = 1.
        mean_confidence: Mean confidence of its customers.
        typical: Ids of the medoid, who is the least far from all the others, and of the three customers
            nearest to the centre. ``run.reasons.typical`` has an average of ten, which is nobody's row.
        borderline: Customers near a border, least sure first.
        borderline_customers: How many there are in all.
        play: The strategy card.
        identity: Which segment of an earlier run it is; None where no earlier run was given.
    """

    number: int
    naming: Naming
    customers: int
    share: float
    value: float | None
    value_share: float | None
    features: tuple[FeatureProfile, ...]
    silhouette: float
    mean_confidence: float
    typical: tuple[str, ...]
    borderline: tuple[Borderline, ...]
    borderline_customers: int
    play: Play
    identity: Identity | None = None

    @property
    def name(self) -> str:
        """The name."""
        return self.naming.name

    @property
    def id(self) -> str:
        """Its lasting id: S1, S2, ..."""
        return f"S{self.number}" if self.identity is None else self.identity.id

    @property
    def colour(self) -> int:
        """Its place in the palette, from 1: the same in every figure and from run to run."""
        return self.number if self.identity is None else self.identity.colour

    @property
    def markers(self) -> tuple[FeatureProfile, ...]:
        """The marker variables, strongest first."""
        return tuple(
            sorted(
                (feature for feature in self.features if feature.marker), key=lambda one: -abs(one.cohens_d)
            )
        )
