"""How algorithms, and other choices, compare on the same customers."""

from dataclasses import dataclass
from math import nan


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgorithmRow:
    """How one algorithm did on the shared customers (METHOD 5).

    Columns are comparable between algorithms unless said otherwise; NaN and None where not measured.

    Attributes:
        name: Its name in the catalog.
        k: Its number of segments in the comparison.
        own_k: The number of segments it would choose by itself; None when it cannot say.
        worst_jaccard: Mean Jaccard of its least stable segment over re-runs.
        agreement: Mean adjusted Rand index of pairs of re-runs.
        rule_fidelity: Share of its customers that a tree of depth 3 places as it does, in 5-fold
            cross-validation.
        coverage: Share of customers it puts in a segment.
        smallest: Customers in its smallest segment.
        like_kmeans: Adjusted Rand index with K-means.
        like_consensus: Adjusted Rand index with the majority of all algorithms.
        scorer: How it places new customers: centroid, posterior, prototypes or mixed.
        scorer_agreement: Share of customers that its scorer places as the algorithm itself did.
        silhouette: Mean silhouette, noise counted as 0. Biased to convex segments.
        calinski_harabasz: Biased to convex segments.
        davies_bouldin: Biased to convex segments.
        inertia: Only comparable inside the K-means family.
        bic: Only comparable between mixtures.
        icl: BIC plus twice the entropy of the posteriors; only comparable between mixtures.
        shipped: Whether the run ships it.
        not_judged: Why it was left out, in words; empty when it was judged.
    """

    name: str
    k: int
    own_k: int | None = None
    worst_jaccard: float = nan
    agreement: float = nan
    rule_fidelity: float = nan
    coverage: float = nan
    smallest: int = 0
    like_kmeans: float = nan
    like_consensus: float = nan
    scorer: str = ""
    scorer_agreement: float = nan
    silhouette: float = nan
    calinski_harabasz: float = nan
    davies_bouldin: float = nan
    inertia: float | None = None
    bic: float | None = None
    icl: float | None = None
    shipped: bool = False
    not_judged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """The same segmentation with one choice made otherwise (METHOD 4).

    Attributes:
        choice: What was chosen otherwise: scaling, gaps, outliers, transform, algorithm or seed.
        option: The other option, in words.
        agreement: Adjusted Rand index with the shipped segments.
        lowest: The lowest of several, where it was tried more than once (seeds); else the same.
        lift: Silhouette above that of its own twins; NaN when not measured.
    """

    choice: str
    option: str
    agreement: float
    lowest: float
    lift: float = nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How algorithms and other choices compare with what is shipped.

    Attributes:
        algorithms: One row per algorithm, K-means first.
        between: Pairwise adjusted Rand indices of the judged algorithms, in the order of ``algorithms``
            without those not judged.
        recommended: The algorithm that METHOD 5's rule recommends; empty when it was not asked.
        sentence: Why, in words.
        customers: Customers that the algorithms were compared on.
        alternatives: The multiverse: other choices, one at a time.
        scalings: Names of the scalings that were compared.
        between_scalings: Their pairwise adjusted Rand indices.
        scaling_sentence: What that says, in words.
    """

    algorithms: tuple[AlgorithmRow, ...]
    between: tuple[tuple[float, ...], ...] = ()
    recommended: str = ""
    sentence: str = ""
    customers: int = 0
    alternatives: tuple[Alternative, ...] = ()
    scalings: tuple[str, ...] = ()
    between_scalings: tuple[tuple[float, ...], ...] = ()
    scaling_sentence: str = ""

    @property
    def judged(self) -> tuple[AlgorithmRow, ...]:
        """The rows that were measured."""
        return tuple(row for row in self.algorithms if not row.not_judged)

    @property
    def most_influential(self) -> Alternative | None:
        """The choice that moves most customers; None when no other choice was tried."""
        return min(self.alternatives, key=lambda alternative: alternative.agreement, default=None)
