"""Names for segments, derived from the data and held against it (METHOD 7)."""

from segmentry.stages.naming.names import Carried, NamedSegments, NameSegments
from segmentry.stages.naming.recheck import Misfit, claims_true, misfits, profiles_seen, true_claims

__all__ = [
    "Carried",
    "Misfit",
    "NameSegments",
    "NamedSegments",
    "claims_true",
    "misfits",
    "profiles_seen",
    "true_claims",
]
