"""Every figure by the name of its file: a new chart is one file and one line here."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from segmentry.records.run import Run, Survey
from segmentry.views.charts.algorithms import algorithm_agreement
from segmentry.views.charts.choices import choices
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
from segmentry.views.charts.evidence import evidence_by_k
from segmentry.views.charts.final import final
from segmentry.views.charts.flow import segment_flow
from segmentry.views.charts.relationships import relationships
from segmentry.views.charts.segment_profile import segment_profile
from segmentry.views.charts.segment_sizes import segment_sizes
from segmentry.views.charts.silhouettes import silhouettes
from segmentry.views.charts.stability import segment_stability
from segmentry.views.charts.targets import target_matrix
from segmentry.views.charts.verdict import verdict
from segmentry.views.drawing.figure import Figure

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
    "segment_profile": segment_profile,
    "cluster_feature_final": cluster_feature_final,
    "distributions_cluster": distributions_cluster,
    "clusters_PCA": clusters_pca,
    "elbow": elbow,
    "cluster_evaluate": cluster_evaluate,
    "silhouettes": silhouettes,
    "verdict": verdict,
    "evidence_by_k": evidence_by_k,
    "segment_stability": segment_stability,
    "segment_flow": segment_flow,
    "algorithm_agreement": algorithm_agreement,
    "choices": choices,
    "targets": target_matrix,
}
"""A chart that has nothing to show in a run has no pages there."""

NEEDS: Mapping[str, str] = {
    "evidence_by_k": "nothing was run again for any number of segments",
    "segment_stability": "there is one segment, or nothing was run again for these",
    "segment_flow": "fewer than two numbers of segments were judged",
    "algorithm_agreement": "fewer than two algorithms were compared",
    "choices": "no other choice was tried",
    "targets": "there is one segment, so there is nothing to choose",
}
"""Why a figure can be missing from a run."""
