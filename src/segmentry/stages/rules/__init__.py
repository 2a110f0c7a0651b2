"""A few plain questions that stand for the model (METHOD 6.5)."""

from segmentry.stages.rules.making import Asked, MakeRules

__all__ = ["Asked", "MakeRules"]
