"""A solution: k centres and what they leave unexplained."""

from dataclasses import dataclass

from segmentry.records.arrays import Floats


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
