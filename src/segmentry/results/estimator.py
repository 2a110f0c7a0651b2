"""The same segmentation as a scikit-learn estimator."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, ClusterMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from segmentry.pipeline.evidence import in_order, weigh
from segmentry.pipeline.sweep import prepare, solve
from segmentry.records.arrays import Floats
from segmentry.records.columns import Column, Format, Kind, Role
from segmentry.records.scorers import Scorer
from segmentry.settings import Settings
from segmentry.stages.features.recipe import Given
from segmentry.stages.scoring.score import place, squared_distances


class Segmenter(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Customer segments as a scikit-learn clusterer and transformer.

    Features are tamed, clipped and standardised by the recipe; k is found by the evidence when it
    is not given; missing values (NaN) are welcome.

    Args:
        n_clusters: The number of segments; None lets the evidence decide.
        max_segments: The largest number that the evidence may choose.
        transform_features: ``auto`` tames skew, ``none`` leaves features as they are.
        clip: ``mad`` pulls extreme values in for distances, ``none`` does not.
        random_state: The random seed.
        effort: How often everything is run again for the evidence: quick, standard or thorough.

    Attributes:
        labels_: n segment numbers from 0, largest segment first.
        cluster_centers_: k x p centres in scaled units.
        scorer_: What places a customer; None when the nearest of ``cluster_centers_`` does.
        recipe_: How features are scaled.
        evidence_: The evidence for each k.
        verdict_: The recommendation.
        n_clusters_: The number of segments.
        inertia_: Sum of squared distances to the centres over the fitted customers.
        n_features_in_: The number of features.

    >>> import numpy as np
    >>> points = np.repeat([[0.0, 0.0], [9.0, 9.0]], 40, axis=0) + np.arange(80)[:, None] / 100
    >>> Segmenter().fit(points).n_clusters_
    2
    """

    labels_: NDArray[np.int64]
    cluster_centers_: Floats
    scorer_: Scorer | None

    def __init__(  # noqa: PLR0913 - an estimator's parameters are its constructor's
        self,
        n_clusters: int | None = None,
        *,
        max_segments: int = 6,
        transform_features: str = "auto",
        clip: str = "mad",
        random_state: int = 0,
        effort: str = "standard",
    ) -> None:
        """Keep the parameters; see the class."""
        self.n_clusters = n_clusters
        self.max_segments = max_segments
        self.transform_features = transform_features
        self.clip = clip
        self.random_state = random_state
        self.effort = effort

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: ANN401, ARG002, N803 - scikit-learn's signature
        """Find the segments of n customers with p features.

        Raises:
            ValueError: when there are too few different customers, or a parameter is not valid.
        """
        points = self._checked(X, reset=True)
        settings = Settings().changed(
            k=self.n_clusters,
            max_segments=self.max_segments,
            transform=self.transform_features,
            clip=self.clip,
            seed=self.random_state,
            effort=self.effort,
        )
        given = _given(points, [str(name) for name in self._names()])
        ids = np.array([f"{row:012d}" for row in range(len(points))], dtype=object)
        ready = prepare(points, ids, given, settings)
        swept = solve(ready, settings)
        ready = swept.ready
        weighed = weigh(ready, swept.solutions, settings)
        self.recipe_ = ready.recipe
        self.n_clusters_ = self._n_features_out = weighed.solution.k
        found = place(self.recipe_(points), weighed.solution.centres, reach=np.inf).segment
        order = np.argsort(-np.bincount(found[found >= 0], minlength=self.n_clusters_), kind="stable")
        weighed = in_order(weighed, order.tolist())
        self.evidence_, self.verdict_ = weighed.evidence, weighed.verdict
        self.inertia_ = weighed.solution.inertia
        self.cluster_centers_ = np.array(weighed.solution.centres)
        self.scorer_ = None
        self.labels_ = self.predict(X)
        return self

    def predict(self, X: Any) -> NDArray[np.int64]:  # noqa: ANN401, N803 - scikit-learn's signature
        """The n segment numbers from 0; -1 for a customer of whom nothing is known, and for noise."""
        check_is_fitted(self)
        points = self.recipe_(self._checked(X, reset=False))
        scorer = self.cluster_centers_ if self.scorer_ is None else self.scorer_
        return np.array(place(points, scorer, reach=np.inf).segment)

    def transform(self, X: Any) -> Floats:  # noqa: ANN401, N803 - scikit-learn's signature
        """N x k distances to the centres, in scaled units, over the features that are known."""
        check_is_fitted(self)
        points = self.recipe_(self._checked(X, reset=False))
        return np.asarray(np.sqrt(squared_distances(points, self.cluster_centers_)))

    def _checked(self, given: Any, *, reset: bool) -> Floats:  # noqa: ANN401 - scikit-learn's X
        return np.asarray(
            validate_data(
                self,
                given,
                reset=reset,
                dtype=np.float64,
                ensure_all_finite="allow-nan",
                ensure_min_samples=2 if reset else 1,
            )
        )

    def _names(self) -> Any:  # noqa: ANN401 - names as scikit-learn keeps them
        return getattr(self, "feature_names_in_", [f"x{j}" for j in range(self.n_features_in_)])

    def __sklearn_tags__(self) -> Tags:
        """Missing values are allowed."""
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _given(points: Floats, names: list[str]) -> tuple[Given, ...]:
    """Every column as a feature; those of 0 and 1 alone as two-valued."""
    kinds = [Kind.FLAG if np.isin(column, (0.0, 1.0)).all() else Kind.NUMBER for column in points.T]
    return tuple(
        Given(
            column=Column(
                name=name, feature=name, format=Format(kind=kind), role=Role.SEGMENTATION, reason="Given."
            )
        )
        for name, kind in zip(names, kinds, strict=True)
    )
