"""Another number of segments that a run tried: where everybody would be."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from segmentry.records.arrays import Floats

Labels: TypeAlias = NDArray[np.int8]

NOBODY: Labels = np.array([], dtype=np.int8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """The K-means solution at one number of segments, its segments in canonical order.

    Attributes:
        centres: k x p centres in scaled units.
        labels: n segment numbers from 0, in input order; -1 where nothing is known of the customer.
            Empty where a run is read without its customers.
    """

    centres: Floats
    labels: Labels

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.centres)
