"""From the evidence to one recommendation: the only place where k is decided (METHOD 3.4)."""

from segmentry.stages.choose.rule import Choose, VerdictRule

__all__ = ["Choose", "VerdictRule"]
