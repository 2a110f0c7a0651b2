"""What the data say of segments that a team already has."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from segmentry.records.evidence import Border, Budget, KEvidence, Spread, Twins
from segmentry.records.run import SourceInfo
from segmentry.records.verdict import Verdict, VerdictKind

FEWEST = 5
"""Customers below which a segment is shown but not judged."""

KNOWN = 0.1
"""Adjusted Rand index of labels and measures below which the measures do not know the segments."""

ALONE, MOSTLY = 0.9, 0.6
"""One feature makes the segments when it tells the segment of this share of the customers outside the largest one, or
when so much of what lies between the segments lies in it (METHOD 2.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenSegment:
    """One of the given segments.

    Attributes:
        name: The label.
        customers: Its customers among those that were measured.
        share: Their share.
        silhouette: Their mean silhouette; NaN where none of them was looked at.
        kept: The share of them whose nearest segment mean is that of their own segment.
        jaccard: Its overlap with the most similar segment of each re-run; None with too few to judge.
        separated: Whether there is empty space between it and its neighbours (METHOD 3.3).
        alike: The segment whose mean is nearest to its own.
    """

    name: str
    customers: int
    share: float
    silhouette: float
    kept: float
    jaccard: Spread | None
    separated: bool
    alike: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFeature:
    """How far one feature tells the given segments apart.

    Attributes:
        feature: Its name.
        eta_squared: The share of its variance that lies between the segments.
        twin: The same between segments found in copies of the data without groups, their mean.
        twin_high: The same, the 95th percentile.
        between: Its share of all that lies between the segments, over all features.
        alone: The share of customers whose segment can be told by cutting this feature alone.
    """

    feature: str
    eta_squared: float
    twin: float
    twin_high: float
    between: float
    alone: float

    @property
    def separates(self) -> bool:
        """Whether the segments differ in it by more than they would without groups."""
        return self.eta_squared > self.twin_high


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The evidence for a segmentation that was given, beside what the data say by themselves.

    Attributes:
        source: What was read.
        labels: The column that holds the segments.
        seed: The random seed.
        settings: The settings as plain values.
        segments: The segments, largest first.
        features: The features, most telling first.
        customers: Customers that everything here is about.
        unlabelled: Customers without a segment; left out.
        unclear: Customers whose rows name different segments; left out.
        unmeasured: Customers of whom too little is known; left out.
        set_aside: Columns that an earlier run wrote; they are no features.
        evidence: What was measured for the given segments, and what re-runs say of them.
        budget: How much work the re-runs are.
        silhouette_customers: Customers that the silhouettes were computed on.
        kept: The share of customers whose nearest segment mean is that of their own segment.
        kept_by_chance: What that share would be if labels and measures had nothing to do with each other.
        kept_index: Adjusted Rand index of the labels and the nearest segment mean.
        like_kmeans: Adjusted Rand index with K-means at the same k; NaN where it has no such solution.
        kmeans_silhouette: The mean silhouette of that solution; NaN likewise.
        like_recommended: Adjusted Rand index with the recommended segments; NaN for one audience.
        kind: What kind of segments these are, by the same rule as for those that are found.
        recommended: What is recommended for the same customers.
        sentence: What is to be thought of the segments, in words.
    """

    source: SourceInfo
    labels: str
    seed: int
    settings: Mapping[str, object]
    segments: tuple[GivenSegment, ...]
    features: tuple[GivenFeature, ...]
    customers: int
    unlabelled: int
    unclear: int
    unmeasured: int
    set_aside: tuple[str, ...]
    evidence: KEvidence
    budget: Budget
    silhouette_customers: int
    kept: float
    kept_by_chance: float
    kept_index: float
    like_kmeans: float
    kmeans_silhouette: float
    like_recommended: float
    kind: VerdictKind
    recommended: Verdict
    sentence: str = ""

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.segments)

    @property
    def known(self) -> bool:
        """Whether the measures know the segments at all."""
        return self.kept_index >= KNOWN

    @property
    def twins(self) -> Twins:
        """The comparison with copies of the data without groups."""
        if self.evidence.resampled is None:
            raise ValueError("The segments were not judged.")
        return self.evidence.resampled.twins

    @property
    def borders(self) -> tuple[Border, ...]:
        """Each pair of neighbouring segments."""
        return self.evidence.resampled.borders if self.evidence.resampled else ()

    @property
    def judged(self) -> tuple[GivenSegment, ...]:
        """The segments with enough customers to be judged."""
        return tuple(segment for segment in self.segments if segment.jaccard is not None)

    @property
    def tiny(self) -> tuple[GivenSegment, ...]:
        """The segments with too few customers to be judged."""
        return tuple(segment for segment in self.segments if segment.jaccard is None)

    @property
    def least_stable(self) -> GivenSegment | None:
        """The segment that comes back least; None where none was judged."""
        known = [
            judgement for judgement in self.judged if judgement.jaccard and isfinite(judgement.jaccard.mean)
        ]
        return min(known, key=lambda one: one.jaccard.mean if one.jaccard else 1.0, default=None)

    @property
    def maker(self) -> GivenFeature | None:
        """The one feature that makes the segments by itself; None when several do, or none."""
        if not self.known or len(self.features) == 1:
            return None
        alone = max(self.features, key=lambda feature: feature.alone)
        largest = max(segment.share for segment in self.segments)
        if alone.alone - largest >= ALONE * (1 - largest):
            return alone
        return next(
            (feature for feature in self.features if feature.between >= MOSTLY and feature.separates), None
        )
