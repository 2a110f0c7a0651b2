"""Scorers: what places a customer, whichever algorithm made the segments; never customers' rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from segmentry.errors import ModelError
from segmentry.records.arrays import Floats, Ints, frozen, frozen_ints
from segmentry.records.rounding import rounded

Row: TypeAlias = tuple[float, ...]
Rows: TypeAlias = tuple[Row, ...]

Shape: TypeAlias = Literal["spherical", "diag", "tied", "full"]

NEARLY = 1e-9
"""Shares that were rounded may add up to so much more than 1."""

MOST_PROTOTYPES = 200
"""At most this many averages of customers are kept: more would come near to keeping the customers themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centroids:
    """The nearest of k centres.

    Attributes:
        centres: k x p centres in scaled units.
        kind: How it places, in a word.

    Raises:
        ModelError: if the centres are not a table of finite numbers.
    """

    centres: Rows
    kind: Literal["centroid"] = "centroid"

    def __post_init__(self) -> None:
        """Refuse what cannot place anybody."""
        _refuse_unless(_is_table(self.centres))

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.centres)

    @property
    def p(self) -> int:
        """The number of features."""
        return len(self.centres[0])

    @property
    def matrix(self) -> Floats:
        """The centres as a read-only k x p array."""
        return frozen(self.centres)

    def taken(self, order: Sequence[int]) -> "Centroids":
        """With these segments only, in this order."""
        return replace(self, centres=tuple(self.centres[one] for one in order))

    def columns(self, order: Sequence[int]) -> "Centroids":
        """With its features in another order."""
        return replace(self, centres=_columns(self.centres, order))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaussians:
    """The component of a Gaussian mixture that a customer most probably comes from.

    Attributes:
        weights: k shares of the components.
        means: k x p means in scaled units.
        covariances: k x p x p covariances, written in full whatever their shape.
        shape: What was assumed of them: spherical, diag, tied or full.
        kind: How it places, in a word.

    Raises:
        ModelError: if the shapes disagree or a covariance is not positive definite.
    """

    weights: Row
    means: Rows
    covariances: tuple[Rows, ...]
    shape: Shape
    kind: Literal["posterior"] = "posterior"

    def __post_init__(self) -> None:
        """Refuse what cannot place anybody."""
        k = len(self.weights)
        fits = _is_table(self.means) and len(self.means) == len(self.covariances) == k
        _refuse_unless(fits and all(_is_table(covariance) for covariance in self.covariances))
        _refuse_unless(all(share > 0 and np.isfinite(share) for share in self.weights))
        matrices = np.array(self.covariances)
        _refuse_unless(matrices.shape == (k, self.p, self.p) and _positive_definite(matrices))

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.weights)

    @property
    def p(self) -> int:
        """The number of features."""
        return len(self.means[0])

    def taken(self, order: Sequence[int]) -> "Gaussians":
        """With these segments only, in this order; their shares add up to 1 again."""
        total = sum(self.weights[one] for one in order)
        return replace(
            self,
            weights=tuple(self.weights[one] / total for one in order),
            means=tuple(self.means[one] for one in order),
            covariances=tuple(self.covariances[one] for one in order),
        )

    def columns(self, order: Sequence[int]) -> "Gaussians":
        """With its features in another order."""
        turned = tuple(_columns(tuple(matrix[one] for one in order), order) for matrix in self.covariances)
        return replace(self, means=_columns(self.means, order), covariances=turned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prototypes:
    """The segment of the nearest prototype; each prototype is the average of some customers.

    Attributes:
        points: m x p prototypes in scaled units, at most 200.
        segments: m segment numbers from 0, every segment at least once.
        reach: m distances beyond which the prototype takes nobody in; None when everybody has a segment.
        kind: How it places, in a word.

    Raises:
        ModelError: if the shapes disagree, a segment has no prototype, or there are too many.
    """

    points: Rows
    segments: tuple[int, ...]
    reach: Row | None = None
    kind: Literal["prototypes"] = "prototypes"

    def __post_init__(self) -> None:
        """Refuse what cannot place anybody, and what keeps too much."""
        m = len(self.points)
        _refuse_unless(_is_table(self.points) and m == len(self.segments) and m <= MOST_PROTOTYPES)
        _refuse_unless(set(self.segments) == set(range(max(self.segments) + 1)))
        _refuse_unless(self.reach is None or (len(self.reach) == m and all(one >= 0 for one in self.reach)))

    @property
    def k(self) -> int:
        """The number of segments."""
        return max(self.segments) + 1

    @property
    def p(self) -> int:
        """The number of features."""
        return len(self.points[0])

    @property
    def matrix(self) -> Floats:
        """The prototypes as a read-only m x p array."""
        return frozen(self.points)

    @property
    def owners(self) -> Ints:
        """The segment of each of the m prototypes."""
        return frozen_ints(self.segments)

    def taken(self, order: Sequence[int]) -> "Prototypes":
        """With the prototypes of these segments only, numbered in this order."""
        numbers = {old: new for new, old in enumerate(order)}
        kept = [at for at, segment in enumerate(self.segments) if segment in numbers]
        return Prototypes(
            points=tuple(self.points[at] for at in kept),
            segments=tuple(numbers[self.segments[at]] for at in kept),
            reach=None if self.reach is None else tuple(self.reach[at] for at in kept),
        )

    def columns(self, order: Sequence[int]) -> "Prototypes":
        """With its features in another order."""
        return replace(self, points=_columns(self.points, order))


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentClasses:
    """The latent class that a customer is most probably of.

    Attributes:
        weights: k shares of the classes.
        means: k x p means in scaled units; of a two-valued feature the share of ones.
        variances: k x p variances; 0 for two-valued features.
        groups: The two-valued features, by the column that they are of; the ones of a group add up to
            1 at most, and the rest of its share is for none of them.
        yes: p values in scaled units: what a two-valued feature is for yes, 1 for the others.
        kind: How it places, in a word.

    Raises:
        ModelError: if the shapes disagree or a share or a variance cannot be.
    """

    weights: Row
    means: Rows
    variances: Rows
    groups: tuple[tuple[int, ...], ...]
    yes: Row
    kind: Literal["classes"] = "classes"

    def __post_init__(self) -> None:
        """Refuse what cannot place anybody."""
        _refuse_unless(_is_table(self.means) and _is_table(self.variances))
        _refuse_unless(len(self.weights) == len(self.means) == len(self.variances))
        _refuse_unless(len(self.yes) == self.p and all(one > 0 for one in self.yes))
        _refuse_unless(all(share > 0 and np.isfinite(share) for share in self.weights))
        grouped = [one for group in self.groups for one in group]
        _refuse_unless(len(set(grouped)) == len(grouped) and set(grouped) <= set(range(self.p)))
        means, variances = np.array(self.means), np.array(self.variances)
        _refuse_unless(
            means.shape == variances.shape and bool((np.delete(variances, grouped, axis=1) > 0).all())
        )
        _refuse_unless(bool((means[:, grouped] >= 0).all()))
        _refuse_unless(all((means[:, group].sum(axis=1) <= 1 + NEARLY).all() for group in self.groups))

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.weights)

    @property
    def p(self) -> int:
        """The number of features."""
        return len(self.means[0])

    @property
    def matrix(self) -> Floats:
        """The means in scaled units as a read-only k x p array."""
        return frozen(np.array(self.means) * self.yes)

    def taken(self, order: Sequence[int]) -> "LatentClasses":
        """With these segments only, in this order; their shares add up to 1 again."""
        total = sum(self.weights[one] for one in order)
        return replace(
            self,
            weights=tuple(self.weights[one] / total for one in order),
            means=tuple(self.means[one] for one in order),
            variances=tuple(self.variances[one] for one in order),
        )

    def columns(self, order: Sequence[int]) -> "LatentClasses":
        """With its features in another order."""
        place = {old: new for new, old in enumerate(order)}
        return replace(
            self,
            means=_columns(self.means, order),
            variances=_columns(self.variances, order),
            yes=tuple(self.yes[one] for one in order),
            groups=tuple(tuple(place[one] for one in group) for group in self.groups),
        )


Scorer: TypeAlias = Centroids | Gaussians | Prototypes | LatentClasses

SCORERS: dict[str, type[Centroids] | type[Gaussians] | type[Prototypes] | type[LatentClasses]] = {
    "centroid": Centroids,
    "posterior": Gaussians,
    "prototypes": Prototypes,
    "classes": LatentClasses,
}
"""Every scorer by its kind."""


def row(values: ArrayLike) -> Row:
    """Numbers as a scorer keeps them: 12 digits, as they are written.

    >>> row([1 / 3, 2])
    (0.333333333333, 2.0)
    """
    return tuple(rounded(values).tolist())


def rows(table: ArrayLike) -> Rows:
    """A table of numbers as a scorer keeps it."""
    return tuple(tuple(one) for one in rounded(table).tolist())


def _columns(table: Rows, order: Sequence[int]) -> Rows:
    return tuple(tuple(one[column] for column in order) for one in table)


def _is_table(table: Rows) -> bool:
    widths = {len(one) for one in table}
    return len(widths) == 1 and widths != {0} and bool(np.isfinite(np.array(table)).all())


def _positive_definite(matrices: Floats) -> bool:
    symmetric = np.allclose(matrices, np.swapaxes(matrices, 1, 2), rtol=1e-9, atol=1e-12)
    return bool(symmetric and (np.linalg.eigvalsh(matrices) > 0).all())


def _refuse_unless(fits: bool) -> None:  # noqa: FBT001 - one fact, named by its caller
    if not fits:
        raise ModelError("The parts of the model's scorer do not fit each other.", hint="Make the run again.")
