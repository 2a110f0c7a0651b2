"""Every figure by the name of its file: a new chart is one file and one line here."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from segmentry.records.run import Run, Survey
from segmentry.views.charts.cluster_evaluate import cluster_evaluate
from segmentry.views.charts.cluster_feature_final import cluster_feature_final
from segmentry.views.charts.cluster_prof import cluster_prof
from segmentry.views.charts.clusters_pca import clusters_pca
from segmentry.views.charts.correlations import correlations
from segmentry.views.charts.distributions import distributions
from segmentry.views.charts.distributions_cluster import distributions_cluster
from segmentry.views.charts.eda_1 import eda_1
from segmentry.views.charts.eda_2 import eda_2
from segmentry.views.charts.elbow import elbow
from segmentry.views.charts.figure import Figure
from segmentry.views.charts.final import final
from segmentry.views.charts.relationships import relationships
from segmentry.views.charts.segment_sizes import segment_sizes
from segmentry.views.charts.silhouettes import silhouettes

SurveyChart: TypeAlias = Callable[[Survey], tuple[Figure, ...]]
RunChart: TypeAlias = Callable[[Run], tuple[Figure, ...]]

EXPLORATORY: Mapping[str, SurveyChart] = {
    "distributions": distributions,
    "correlations": correlations,
    "relationships": relationships,
    "EDA_1": eda_1,
    "EDA_2": eda_2,
}
SEGMENTS: Mapping[str, RunChart] = {
    "final": final,
    "segment_sizes": segment_sizes,
    "cluster_prof": cluster_prof,
    "cluster_feature_final": cluster_feature_final,
    "distributions_cluster": distributions_cluster,
    "clusters_PCA": clusters_pca,
    "elbow": elbow,
    "cluster_evaluate": cluster_evaluate,
    "silhouettes": silhouettes,
}
