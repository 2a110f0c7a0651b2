"""Gaussian mixture: segments may be long, or larger than others, and every placement is a probability."""

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from segmentry.records.arrays import Floats, Ints, frozen_ints
from segmentry.records.scorers import Gaussians, Shape, row, rows
from segmentry.records.solution import Clustering
from segmentry.stages.clustering.kmeans import KMeans, assign
from segmentry.stages.clustering.limits import calmly, possible, too_few, too_slow

SHAPES: tuple[Shape, ...] = get_args(Shape)

FLOOR = 1e-4
"""Added to every variance (METHOD 3.1)."""

PACE, BESIDE = 1e-6, 25
"""Measured seconds, roughly, for a customer, a segment and a pair of features; and pairs that the rest is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Gaussian mixture by expectation-maximisation, scikit-learn's, from the K-means segments.

    Of four shapes of covariance the one with the lowest BIC is taken (Fraley & Raftery 2002). ICL is
    BIC plus twice the entropy of the posteriors (Biernacki, Celeux & Govaert 2000).

    Attributes:
        own_ks: Numbers of segments among which BIC may choose; none: it is not asked.
        starts: Fresh starts of the K-means that it begins with.
        iterations: Of one fit, at most.
    """

    own_ks: tuple[int, ...] = ()
    starts: int = 3
    iterations: int = 100

    def refusal(self, n: int, p: int, k: int) -> str | None:
        """Why it is not fitted on n customers; None when it is."""
        return too_few(n, k) or too_slow(n, PACE * n * k * (p * p + BESIDE))

    def __call__(self, points: Floats, *, k: int, seed: int) -> Clustering:
        """Make k segments of n x p points."""
        k, *others = (possible(points, one) for one in (k, *self.own_ks))
        ks = sorted({k, *others})
        begun = KMeans(starts=self.starts, splits=self.starts)(points, ks=ks, seed=seed)
        with calmly():
            best = {one.k: self._best(points, assign(points, one.centres)[0]) for one in begun}
        fit, bic = best[k]
        posterior = fit.predict_proba(points)
        labels = posterior.argmax(axis=1)
        entropy = -float((posterior * np.log(np.maximum(posterior, np.finfo(float).tiny))).sum())
        return Clustering(
            labels=frozen_ints(labels),
            scorer=_scorer(fit),
            bic=bic,
            icl=bic + 2 * entropy,
            own_k=min(best, key=lambda one: best[one][1]) if self.own_ks else None,
        )

    def _best(self, points: Floats, labels: Ints) -> tuple[Any, float]:
        """The mixture with the lowest BIC over the shapes, and its BIC."""
        from sklearn.mixture import GaussianMixture

        weights, means, covariances = _moments(points, labels)
        found = []
        for shape in SHAPES:
            fit = GaussianMixture(
                len(means),
                covariance_type=shape,
                reg_covar=FLOOR,
                max_iter=self.iterations,
                weights_init=weights,
                means_init=means,
                precisions_init=_precisions(weights, covariances, shape),
                init_params="random_from_data",
                random_state=0,
            ).fit(points)
            found.append((fit, float(fit.bic(points))))
        return min(found, key=lambda one: one[1])


def _moments(points: Floats, labels: Ints) -> tuple[Floats, Floats, Floats]:
    """Shares, means and covariances of labelled customers."""
    groups = [points[labels == one] for one in np.unique(labels)]
    ridge = FLOOR * np.eye(points.shape[1])
    return (
        np.array([len(group) / len(points) for group in groups]),
        np.stack([group.mean(axis=0) for group in groups]),
        np.stack([np.atleast_2d(np.cov(group.T, bias=True)) + ridge for group in groups]),
    )


def _precisions(weights: Floats, covariances: Floats, shape: Shape) -> Floats:
    """Inverse covariances to begin with, in the form that scikit-learn asks for."""
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    if shape == "spherical":
        return np.asarray(1 / variances.mean(axis=1))
    if shape == "diag":
        return np.asarray(1 / variances)
    if shape == "tied":
        return np.asarray(np.linalg.inv(np.tensordot(weights, covariances, axes=1)))
    return np.asarray(np.linalg.inv(covariances))


def _scorer(fit: Any) -> Gaussians:  # noqa: ANN401 - a fitted GaussianMixture
    k, p = fit.means_.shape
    given, shape = fit.covariances_, fit.covariance_type
    if shape == "spherical":
        matrices = given[:, None, None] * np.eye(p)
    elif shape == "diag":
        matrices = given[:, :, None] * np.eye(p)
    else:
        matrices = np.broadcast_to(given, (k, p, p))
    matrices = (matrices + np.swapaxes(matrices, 1, 2)) / 2
    return Gaussians(
        weights=row(fit.weights_),
        means=rows(fit.means_),
        covariances=tuple(rows(matrix) for matrix in matrices),
        shape=shape,
    )
