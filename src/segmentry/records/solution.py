"""What an algorithm found: k centres and what they leave unexplained, or labels and a scorer."""

from dataclasses import dataclass

from segmentry.records.arrays import Floats, Ints
from segmentry.records.scorers import Scorer


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The best K-means solution found at one k.

    Attributes:
        centres: k x p centres in scaled units, in the order they were found.
        inertia: Sum of squared distances to the nearest centre over the customers it was solved on.
        near_tie: Whether another solution is within the noise of this one in inertia but puts
            more than a tenth of the customer pairs elsewhere (adjusted Rand index under 0.9).
    """

    centres: Floats
    inertia: float
    near_tie: bool = False

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.centres)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clustering:
    """What one algorithm found at one number of segments.

    Attributes:
        labels: n labels as the algorithm itself gives them, numbered as the scorer's segments; -1 for
            noise; numbers from the scorer's k on are groups of fewer than three customers, which no
            scorer keeps.
        scorer: What places customers, these and new ones: a customer's segment is what it says.
        inertia: Sum of squared distances to the nearest centre; None outside the K-means family.
        bic: The Bayesian information criterion; None without a likelihood.
        icl: BIC plus twice the entropy of the posteriors; None without a likelihood.
        own_k: The number of segments that the algorithm would choose itself; None when it cannot say.
    """

    labels: Ints
    scorer: Scorer
    inertia: float | None = None
    bic: float | None = None
    icl: float | None = None
    own_k: int | None = None

    @property
    def k(self) -> int:
        """The number of segments that the scorer knows."""
        return self.scorer.k
