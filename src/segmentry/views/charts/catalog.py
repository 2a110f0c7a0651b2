"""Every figure by the name of its file, and where people see it: a new chart is one file and one entry here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
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
from segmentry.views.charts.outcomes import segment_outcomes
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


class Section(StrEnum):
    """The parts of the report that hold figures."""

    SUMMARY = auto()
    SIDE_BY_SIDE = auto()
    SEGMENTS = auto()
    TARGETS = auto()
    CHOICE = auto()
    ALGORITHMS = auto()
    CHOICES = auto()
    DATA = auto()


class Place(StrEnum):
    """The parts of the dashboard's pages that hold figures of the catalog."""

    OVERVIEW = auto()
    VERDICT = auto()
    BY_NUMBER = auto()
    OF_THESE = auto()
    ALGORITHMS = auto()
    CHOICES = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A figure of a run.

    Attributes:
        draw: Makes its pages from a run; none where it has nothing to show.
        shows: What it shows, in a few words.
        section: Where the report has it.
        place: Where the dashboard has it; None where no page shows it, or a page draws it in its own way.
        needs: Why it can be missing from a run, as the end of a sentence; empty for one that never is.
    """

    draw: RunChart
    shows: str
    section: Section = Section.SEGMENTS
    place: Place | None = None
    needs: str = ""


EXPLORATORY: Mapping[str, SurveyChart] = {
    "distributions": distributions,
    "EDA_1": eda_1,
    "EDA_2": eda_2,
    "correlations": correlations,
    "relationships": relationships,
}
"""The figures of a table, before any segments are made."""

ENTRIES: Mapping[str, Entry] = {
    "verdict": Entry(
        draw=verdict,
        shows="the three exhibits of the verdict: real beside copies without groups, what comes back, space between "
        "neighbours",
        section=Section.SUMMARY,
        place=Place.VERDICT,
    ),
    "final": Entry(draw=final, shows="the whole result in one picture", section=Section.SUMMARY),
    "segment_sizes": Entry(
        draw=segment_sizes, shows="the share of customers and of value", section=Section.SUMMARY
    ),
    "segment_outcomes": Entry(
        draw=segment_outcomes,
        shows="what happened to the customers of each segment, such as churn or response",
        section=Section.SUMMARY,
        place=Place.OVERVIEW,
        needs="no column says what happened to customers, or there is one segment",
    ),
    "cluster_prof": Entry(
        draw=cluster_prof, shows="the profile of each segment", section=Section.SIDE_BY_SIDE
    ),
    "segment_profile": Entry(
        draw=segment_profile,
        shows="the averages of each segment against those of all customers, features that go together side by side, "
        "only marker variables in colour",
    ),
    "clusters_PCA": Entry(draw=clusters_pca, shows="the two-component map"),
    "cluster_feature_final": Entry(
        draw=cluster_feature_final, shows="the importance of each feature for each segment"
    ),
    "distributions_cluster": Entry(draw=distributions_cluster, shows="each feature by segment"),
    "evidence_by_k": Entry(
        draw=evidence_by_k,
        shows="what is measured for each number of segments, with its uncertainty, and who votes for what",
        section=Section.CHOICE,
        place=Place.BY_NUMBER,
        needs="nothing was run again for any number of segments",
    ),
    "segment_stability": Entry(
        draw=segment_stability,
        shows="how well each segment comes back when the customers are drawn again",
        section=Section.CHOICE,
        place=Place.OF_THESE,
        needs="there is one segment, or nothing was run again for these",
    ),
    "silhouettes": Entry(
        draw=silhouettes,
        shows="how well each segment holds together",
        section=Section.CHOICE,
        place=Place.OF_THESE,
    ),
    "segment_flow": Entry(
        draw=segment_flow,
        shows="how customers move as segments are added",
        section=Section.CHOICE,
        place=Place.BY_NUMBER,
        needs="fewer than two numbers of segments were judged",
    ),
    "elbow": Entry(
        draw=elbow,
        shows="inertia by number of segments, the elbow marked",
        section=Section.CHOICE,
        place=Place.BY_NUMBER,
    ),
    "cluster_evaluate": Entry(
        draw=cluster_evaluate,
        shows="the measures by number of segments",
        section=Section.CHOICE,
        place=Place.BY_NUMBER,
    ),
    "algorithm_agreement": Entry(
        draw=algorithm_agreement,
        shows="how far the algorithms put the same customers together",
        section=Section.ALGORITHMS,
        place=Place.ALGORITHMS,
        needs="fewer than two algorithms were compared",
    ),
    "choices": Entry(
        draw=choices,
        shows="what other choices would have changed",
        section=Section.CHOICES,
        place=Place.CHOICES,
        needs="no other choice was tried",
    ),
    "targets": Entry(
        draw=target_matrix,
        shows="how attractive each segment is, and how well placed you are for it once you have said so",
        section=Section.TARGETS,
        needs="there is one segment, so there is nothing to choose",
    ),
}
"""Every figure of a run, in the order of the run folder and of each section."""

SEGMENTS: Mapping[str, RunChart] = {name: entry.draw for name, entry in ENTRIES.items()}
NEEDS: Mapping[str, str] = {name: entry.needs for name, entry in ENTRIES.items() if entry.needs}
"""Why a figure can be missing from a run."""


def in_section(section: Section) -> tuple[str, ...]:
    """The figures of a section of the report."""
    return tuple(name for name, entry in ENTRIES.items() if entry.section is section)


def in_place(place: Place) -> tuple[str, ...]:
    """The figures of a part of the dashboard."""
    return tuple(name for name, entry in ENTRIES.items() if entry.place is place)
