"""The frozen result of one run: every figure, page and file is made from it."""

from dataclasses import dataclass

from segmentry.records.arrays import Floats
from segmentry.records.audit import Audit
from segmentry.records.candidate import Candidate
from segmentry.records.columns import Column
from segmentry.records.comparison import Comparison
from segmentry.records.customers import Assignment, CustomerTable
from segmentry.records.evidence import Evidence
from segmentry.records.exploration import Exploration
from segmentry.records.lineage import Lineage
from segmentry.records.model import Model
from segmentry.records.projection import SegmentHistogram, SegmentMap
from segmentry.records.reasons import Reasons
from segmentry.records.run_settings import RunSettings
from segmentry.records.segment import NamingSummary, PopulationProfile, Segment
from segmentry.records.strategy import TestResult
from segmentry.records.targets import Targeting
from segmentry.records.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """What was read.

    Attributes:
        name: The file's name without its folder, or what the object was.
        kind: csv, parquet, excel, json, duckdb, pandas, ...
        rows: Rows read.
        columns: Columns read.
        fingerprint: SHA-256 of the file's bytes, or of the values for an object in memory.
        notes: What had to be found out to read it (encoding, delimiter), as sentences.
    """

    name: str
    kind: str
    rows: int
    columns: int
    fingerprint: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueMeasure:
    """What a customer is worth, as far as the columns say.

    Attributes:
        label: What it is, in words (``total_purchases x avg_cart_value``).
        columns: The columns it is made of.
        product: Whether the columns are multiplied (else they are summed).
    """

    label: str
    columns: tuple[str, ...]
    product: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is known of a table before any segments are made.

    Attributes:
        source: What was read.
        columns: Every column with its role.
        customers: The customers' numbers, one row each, in input order.
        value: The value measure; None when no column says what a customer is worth.
        audit: What is wrong with the data and what was done about it.
        exploration: The numbers behind the exploratory figures.
        as_of: The day that dates count back from (ISO); None without dates.
        worth: n values of the value measure, NaN where unknown; None without a measure.
    """

    source: SourceInfo
    columns: tuple[Column, ...]
    customers: CustomerTable
    value: ValueMeasure | None
    audit: Audit
    exploration: Exploration
    as_of: str | None
    worth: Floats | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One complete run.

    Attributes:
        survey: What was read, audited and explored.
        seed: The random seed.
        settings: The settings that it was made with.
        model: The model that scores.
        evidence: The evidence for each k.
        verdict: The recommendation.
        comparison: How algorithms and other choices compare.
        assignment: Where each customer is, in input order.
        segments: The k segments, in canonical order.
        population: Each feature over all customers.
        naming: How good the names are as a set.
        map: The two-component map.
        histograms: Each feature by segment.
        sampled: How many customers the sweep was solved on, when not on all; None when on all.
        reasons: Why these segments: rules, descriptors, typical customers.
        candidates: The other numbers of segments that were tried, ascending.
        targeting: What was said about the choice of target segments.
        results: Every test that was recorded beside the run, of whatever segment, oldest first.
        lineage: How it follows from an earlier run; None where none was given.
    """

    survey: Survey
    seed: int
    settings: RunSettings
    model: Model
    evidence: Evidence
    verdict: Verdict
    comparison: Comparison
    assignment: Assignment
    segments: tuple[Segment, ...]
    population: tuple[PopulationProfile, ...]
    naming: NamingSummary
    map: SegmentMap
    histograms: tuple[SegmentHistogram, ...]
    sampled: int | None
    reasons: Reasons
    candidates: tuple[Candidate, ...]
    targeting: Targeting
    results: tuple[TestResult, ...]
    lineage: Lineage | None

    @property
    def k(self) -> int:
        """The number of segments."""
        return len(self.segments)

    @property
    def feature_values(self) -> Floats:
        """The n x p raw values that the segments are made from, in the order of the model's recipe."""
        return self.survey.customers.matrix(self.model.recipe.features)
