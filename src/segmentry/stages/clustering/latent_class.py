"""Latent classes: kinds of customers within which one answer says nothing about another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from segmentry.records.arrays import Floats, Ints, frozen_ints
from segmentry.records.scorers import LatentClasses, row, rows
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.kmeans import KMeans, assign
from segmentry.stages.clustering.limits import possible, too_few, too_slow

Groups: TypeAlias = Sequence[Sequence[int]]
"""Positions of the two-valued features: one group for each column, of one feature or of its words'."""

FLOOR = 1e-4
"""Added to every variance (METHOD 3.1)."""

SETTLED = 1e-7
"""The fit has converged when the log likelihood per customer rises by less."""

PACE = 1e-6
"""Measured seconds, roughly, for a customer, a class and a feature, over all starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentClass:
    """Latent class model by expectation-maximisation (Lazarsfeld & Henry 1968; Dempster et al. 1977).

    Within a class every column is independent of the others: one in words, or a yes/no answer, has
    its own shares there, a number its own mean and variance. It begins with the K-means segments
    and with customers dealt out by chance, and keeps the likeliest.

    Attributes:
        groups: The two-valued features, by the column that they are of.
        own_ks: Numbers of classes among which BIC may choose; none: it is not asked.
        starts: Starts by chance.
        iterations: Of one fit, at most.
    """

    groups: tuple[tuple[int, ...], ...] = ()
    own_ks: tuple[int, ...] = ()
    starts: int = 5
    iterations: int = 300

    def refusal(self, n: int, p: int, k: int) -> str | None:
        """Why it is not fitted on n customers; None when it is."""
        two_valued = sum(len(group) for group in self.groups)
        if 2 * two_valued < p:
            return f"needs features that are mostly of two values: {two_valued} of {p} are"
        return too_few(n, k) or too_slow(n, PACE * n * k * p * self.iterations / 10 * (1 + self.starts))

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:
        """Make k segments of n x p points."""
        k, *others = (possible(points, one) for one in (k, *self.own_ks))
        ks = sorted({k, *others})
        begun = KMeans(starts=self.starts, splits=self.starts)(points, ks=ks, seed=seed)
        told = _Answers.of(points, self.groups)
        best = {one.k: self._best(told, assign(points, one.centres)[0], seed) for one in begun}
        fit = best[k]
        chances = fit.chances
        entropy = -float((chances * np.log(np.maximum(chances, np.finfo(float).tiny))).sum())
        return Clustering(
            labels=frozen_ints(chances.argmax(axis=1)),
            scorer=fit.scorer(told),
            bic=fit.bic(told),
            icl=fit.bic(told) + 2 * entropy,
            own_k=min(best, key=lambda one: best[one].bic(told)) if self.own_ks else None,
        )

    def bics(self, points: Floats, labelings: Mapping[int, Ints], *, seed: int) -> dict[int, float]:
        """The BIC for each k, from n labels to begin with for each.

        Args:
            points: n x p scaled features.
            labelings: n labels for each k.
            seed: The random seed.
        """
        told = _Answers.of(points, self.groups)
        return {k: self._best(told, labels, seed, k).bic(told) for k, labels in labelings.items()}

    def _best(self, told: "_Answers", labels: Ints, seed: int, k: int | None = None) -> "_Classes":
        """The likeliest of the fits."""
        k = k or int(labels.max()) + 1
        chance = np.random.default_rng([seed, k])
        begun = [np.eye(k)[labels] * (1 - FLOOR) + FLOOR / k]
        begun += [chance.dirichlet(np.ones(k), len(labels)) for _ in range(self.starts if k > 1 else 0)]
        return max((self._fit(told, one) for one in begun), key=lambda one: one.likelihood)

    def _fit(self, told: "_Answers", chances: Floats) -> "_Classes":
        found = _Classes.of(told, chances)
        for _ in range(self.iterations):
            after = _Classes.of(told, found.chances)
            settled = after.likelihood - found.likelihood < SETTLED * len(chances)
            found = after
            if settled:
                break
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """The customers as the model sees them.

    Attributes:
        numbers: n x q numbers.
        answers: n x c: a 1 for what each column says; its last answer is none of its features.
        at: Positions of the numbers among the features.
        groups: Positions of the others, by column.
        yes: p values in scaled units: what a two-valued feature is for yes, 1 for a number.
    """

    numbers: Floats
    answers: Floats
    at: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    yes: Floats

    @classmethod
    def of(cls, points: Floats, groups: Groups) -> "_Answers":
        """Features taken apart; filled gaps may be fractions and count as such."""
        kept = tuple(tuple(group) for group in groups)
        taken = {one for group in kept for one in group}
        at = tuple(number for number in range(points.shape[1]) if number not in taken)
        parts, yes = [], np.ones(points.shape[1])
        for group in kept:
            most = points[:, group].max(axis=0)
            yes[list(group)] = np.where(most > 0, most, 1.0)
            own = np.clip(points[:, group] / yes[list(group)], 0.0, 1.0)
            parts += [own, np.maximum(1 - own.sum(axis=1, keepdims=True), 0.0)]
        answers = np.hstack(parts) if parts else np.empty((len(points), 0))
        return cls(numbers=points[:, at], answers=answers, at=at, groups=kept, yes=yes)

    @property
    def parameters(self) -> int:
        """Free parameters of one class: an answer that nobody gives is none."""
        given = int((self.answers.sum(axis=0) > 0).sum())
        return 2 * len(self.at) + given - len(self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Classes:
    """k classes, and how likely they make the customers.

    Attributes:
        weights: k shares.
        shares: k x c shares of the answers.
        means, variances: k x q.
        joint: n x k log of weight times density.
    """

    weights: Floats
    shares: Floats
    means: Floats
    variances: Floats
    joint: Floats

    @classmethod
    def of(cls, told: _Answers, chances: Floats) -> "_Classes":
        """The classes that customers with these n x k chances make.

        One average customer is added to each class, so that no share is 0 (a Dirichlet
        prior, as Latent GOLD's).
        """
        sizes = chances.sum(axis=0)[:, None]
        shares = (chances.T @ told.answers + told.answers.mean(axis=0)) / (sizes + 1)
        means = chances.T @ told.numbers / np.maximum(sizes, FLOOR)
        squares = chances.T @ told.numbers**2 / np.maximum(sizes, FLOOR)
        variances = np.maximum(squares - means**2, 0.0) + FLOOR
        weights = (sizes[:, 0] + 1) / (len(chances) + len(sizes))
        logs = np.log(np.maximum(shares, np.finfo(float).tiny))
        joint = told.answers @ logs.T + np.log(weights)
        joint -= np.log(2 * np.pi * variances).sum(axis=1) / 2
        for mean, spread, number in zip(means.T, variances.T, told.numbers.T, strict=True):
            joint -= (number[:, None] - mean) ** 2 / (2 * spread)
        return cls(weights=weights, shares=shares, means=means, variances=variances, joint=joint)

    @property
    def likelihood(self) -> float:
        """The log likelihood of all customers."""
        top = self.joint.max(axis=1)
        return float((top + np.log(np.exp(self.joint - top[:, None]).sum(axis=1))).sum())

    @property
    def chances(self) -> Floats:
        """The n x k chances that a customer is of a class."""
        raised = np.exp(self.joint - self.joint.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def bic(self, told: _Answers) -> float:
        """Schwarz's criterion; lower is better."""
        k = len(self.weights)
        return (k * told.parameters + k - 1) * float(np.log(len(self.joint))) - 2 * self.likelihood

    def scorer(self, told: _Answers) -> LatentClasses:
        """What places customers, features in their order."""
        k, p = len(self.weights), len(told.at) + sum(len(group) for group in told.groups)
        means, variances = np.empty((k, p)), np.zeros((k, p))
        means[:, told.at], variances[:, told.at] = self.means, self.variances
        first = 0
        for group in told.groups:
            means[:, group] = self.shares[:, first : first + len(group)]
            first += len(group) + 1
        return LatentClasses(
            weights=row(self.weights),
            means=rows(means),
            variances=rows(variances),
            groups=told.groups,
            yes=row(told.yes),
        )
