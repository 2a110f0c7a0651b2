"""Names for segments, derived from the data and held against it (METHOD 7)."""

from segmentry.stages.naming.names import NamedSegments, NameSegments

__all__ = ["NameSegments", "NamedSegments"]
