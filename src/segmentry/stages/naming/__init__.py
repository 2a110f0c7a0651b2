"""Names for segments, derived from the data and held against it (METHOD 7)."""

from segmentry.stages.naming.names import Carried, NamedSegments, NameSegments
from segmentry.stages.naming.recheck import Misfit, claims_hold, misfits

__all__ = ["Carried", "Misfit", "NameSegments", "NamedSegments", "claims_hold", "misfits"]
