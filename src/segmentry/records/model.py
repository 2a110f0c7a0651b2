"""What places a customer, and the model: the same with names. Nothing in them is about any one customer."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from segmentry.errors import ModelError
from segmentry.records.arrays import Floats, frozen
from segmentry.records.customers import BY_MARGIN, BY_RETURNS, Levels
from segmentry.records.name_basis import NameBook
from segmentry.records.recipe import Recipe
from segmentry.records.scorers import Centroids, Scorer

Corners: TypeAlias = tuple[tuple[float, float], ...]
"""The corners of a line: a margin, and the share of re-runs in which customers with it come back."""

TIE = 1e-9
"""Squared distances within this share of the smallest are ties; the first segment gets the customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placer:
    """What places customers in numbered segments; a model is one whose segments have names.

    Attributes:
        recipe: How raw columns become scaled features.
        centres: k x p means of the segments in scaled units, in the order of the segments.
        reach: The 99.5th percentile of the training distances.
        max_missing: Customers with a larger share of features missing were placed, not fitted.
        scorer: What places a customer; None when the nearest of ``centres`` does.
        returns: How often customers come back to their segment in re-runs, by their margin.
    """

    recipe: Recipe
    centres: tuple[tuple[float, ...], ...]
    reach: float
    max_missing: float
    scorer: Scorer | None
    returns: Corners

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.centres)

    @property
    def centre_matrix(self) -> Floats:
        """The centres as a read-only k x p array."""
        return frozen([list(row) for row in self.centres])

    @property
    def places(self) -> Scorer:
        """What places a customer."""
        return Centroids(centres=self.centres) if self.scorer is None else self.scorer


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Recipe, centres and names.

    Attributes:
        id_name: The id column's name in the training data.
        recipe: How raw columns become scaled features.
        centres: k x p means of the segments in scaled units, in the order of the segments.
        names: The k names, in the same order.
        reach: The 99.5th percentile of the training distances: beyond it a customer is
            unlike anyone the model was made from.
        as_of: The day that dates count back from (ISO); None without dates.
        max_missing: Customers with a larger share of features missing were placed, not fitted.
        scorer: What places a customer; None when the nearest of ``centres`` does.
        book: What the names follow from; None in a model of before names could be checked, which is refused.
        returns: How often customers come back to their segment in re-runs, by their margin: the corners
            of a line, margin and share, from margin 0; empty when that was not measured.

    Raises:
        ModelError: if shapes disagree or a centre is not finite.
    """

    id_name: str
    recipe: Recipe
    centres: tuple[tuple[float, ...], ...]
    names: tuple[str, ...]
    reach: float
    as_of: str | None
    max_missing: float = 0.5
    scorer: Scorer | None = None
    book: NameBook | None = None
    returns: Corners = ()

    def __post_init__(self) -> None:
        """Refuse a model that cannot score."""
        centres = self.centre_matrix
        shape = (len(self.names), len(self.recipe.steps))
        fits = self.scorer is None or (self.scorer.k, self.scorer.p) == shape
        margins = [margin for margin, _ in self.returns]
        fits &= margins == sorted(set(margins)) and bool(np.isfinite(self.returns).all())
        if centres.shape != shape or not fits or not np.isfinite(centres).all():
            message = (
                f"The names ({len(self.names)}), features ({len(self.recipe.steps)}) and centres of the "
                f"model do not fit each other."
            )
            raise ModelError(message, hint="Make the run again.")

    @property
    def centre_matrix(self) -> Floats:
        """The centres as a read-only k x p array."""
        return frozen([list(row) for row in self.centres])

    @property
    def levels(self) -> Levels:
        """The confidences from which a customer's level is medium, and high."""
        return BY_RETURNS if self.returns else BY_MARGIN

    @property
    def places(self) -> Scorer:
        """What places a customer."""
        return Centroids(centres=self.centres) if self.scorer is None else self.scorer
