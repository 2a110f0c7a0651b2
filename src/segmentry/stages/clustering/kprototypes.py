"""K-prototypes: K-means for numbers and words together; a segment's centre is its means and its commonest words."""

from dataclasses import dataclass

import numpy as np

from segmentry.records.arrays import Floats, Ints, frozen_ints
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.kmeans import KMeans, assign
from segmentry.stages.clustering.limits import possible, too_few, too_slow
from segmentry.stages.clustering.prototypes import numbered, prototypes

PACE = 2e-8
"""Measured seconds, roughly, for a customer, a segment, a column and a pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KPrototypes:
    """K-prototypes (Huang 1998): squared distances in numbers, and ``gamma`` for every other word.

    Attributes:
        groups: Positions of the two-valued features, by the column that they are of.
        gamma: What a word that is another one costs. Numbers are standardised, so 1 is what a customer
            costs that lies one standard deviation off; the half of it that is usual makes words count
            for less than numbers (METHOD 2.6).
        starts: Starts from customers drawn by chance, beside the K-means segments.
        iterations: Of one start, at most.
    """

    groups: tuple[tuple[int, ...], ...] = ()
    gamma: float = 1.0
    starts: int = 20
    iterations: int = 100

    def refusal(self, n: int, p: int, k: int) -> str | None:
        """Why it is not fitted on n customers; None when it is."""
        if not self.groups:
            return "needs a column in words among the features"
        return too_few(n, k) or too_slow(n, PACE * n * k * p * self.iterations * (1 + self.starts) / 4)

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:
        """Make k segments of n x p points."""
        k = possible(points, k)
        told = _Mixed.of(points, self.groups, self.gamma)
        begun = KMeans(starts=3, splits=3)(points, ks=(k,), seed=seed)[-1]
        chance = np.random.default_rng(seed)
        firsts = [assign(points, begun.centres)[0]]
        firsts += [told.nearest(chance.choice(len(points), k, replace=False)) for _ in range(self.starts)]
        tried = [self._settled(told, first, k) for first in firsts]
        labels = numbered(min(tried, key=told.cost))
        return Clustering(labels=frozen_ints(labels), scorer=prototypes(points, labels))

    def _settled(self, told: "_Mixed", labels: Ints, k: int) -> Ints:
        for _ in range(self.iterations):
            away = told.away(labels, k)
            after = away.argmin(axis=1)
            for empty in np.setdiff1d(np.arange(k), after):
                after[away.min(axis=1).argmax()] = empty
            if (after == labels).all():
                break
            labels = after
        return labels


def cost(points: Floats, labels: Ints, groups: tuple[tuple[int, ...], ...], gamma: float) -> float:
    """What K-prototypes makes small: squared distances to the means, and gamma for each other word.

    >>> table = np.array([[0.0, 1.0], [2.0, 1.0], [1.0, 0.0]])
    >>> cost(table, np.zeros(3, dtype=int), ((1,),), 0.5)
    2.5
    """
    return _Mixed.of(points, groups, gamma).cost(labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mixed:
    """Customers as numbers and words.

    Attributes:
        numbers: n x q numbers.
        words: n x g: which word of each column; the last is none of its features.
        counts: How many words each column has.
        gamma: What another word costs.
    """

    numbers: Floats
    words: Ints
    counts: tuple[int, ...]
    gamma: float

    @classmethod
    def of(cls, points: Floats, groups: tuple[tuple[int, ...], ...], gamma: float) -> "_Mixed":
        """Features taken apart; a filled gap is the word that it is most."""
        taken = [one for group in groups for one in group]
        found = []
        for group in groups:
            own = points[:, list(group)]
            yes = own.max(axis=0)
            own = own / np.where(yes > 0, yes, 1.0)
            found.append(np.column_stack([own, 1 - own.sum(axis=1)]).argmax(axis=1))
        return cls(
            numbers=np.delete(points, taken, axis=1),
            words=np.column_stack(found),
            counts=tuple(len(group) + 1 for group in groups),
            gamma=gamma,
        )

    def away(self, labels: Ints, k: int) -> Floats:
        """The cost of each customer in each segment, n x k; infinite in one that nobody is in."""
        sizes = np.bincount(labels, minlength=k)
        total = np.where(sizes > 0, 0.0, np.inf) + np.zeros((len(labels), 1))
        for column in self.numbers.T:
            means = np.bincount(labels, weights=column, minlength=k) / np.maximum(sizes, 1)
            total += (column[:, None] - means) ** 2
        for column, count in zip(self.words.T, self.counts, strict=True):
            table = np.bincount(labels * count + column, minlength=k * count).reshape(k, count)
            total += self.gamma * (column[:, None] != table.argmax(axis=1))
        return total

    def nearest(self, chosen: Ints) -> Ints:
        """The chosen customer that each customer is nearest to."""
        total = np.zeros((len(self.words), len(chosen)))
        for column in self.numbers.T:
            total += (column[:, None] - column[chosen]) ** 2
        for column in self.words.T:
            total += self.gamma * (column[:, None] != column[chosen])
        return np.asarray(total.argmin(axis=1))

    def cost(self, labels: Ints) -> float:
        """The cost of all customers in their own segments."""
        away = self.away(labels, int(labels.max()) + 1)
        return float(away[np.arange(len(labels)), labels].sum())
