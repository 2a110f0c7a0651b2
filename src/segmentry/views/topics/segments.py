"""The segments: side by side, then one by one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import nan

from segmentry.records.lineage import Fate
from segmentry.records.run import Run
from segmentry.records.segment import (
    FeatureProfile,
    NameSource,
    Naming,
    PopulationProfile,
    Segment,
)
from segmentry.views.charts.outcomes import shown
from segmentry.views.charts.stability_words import STABLE, seen
from segmentry.views.drawing.theme import FEW
from segmentry.views.topics import reasons
from segmentry.views.topics.cells import (
    Cell,
    Table,
    TableColumn,
    feature,
    named,
    numeric,
    prose,
    sentence,
    table,
    tagged,
    text,
)
from segmentry.views.topics.naming import how_sure, names_as_a_set
from segmentry.views.topics.outcomes import MOST_COLUMNS, outcome_columns
from segmentry.views.topics.wording import sets_apart, value_label
from segmentry.views.words.numbers import ABSENT, column, count, number, plural, ratio, share, style_of

MOST_FEATURES, MOST_BORDERLINE, MOST_TYPICAL = 12, 8, 8
HIGH, LOW = 0.5, -0.5
STANDING = (
    "Separated: there is empty space around the segment. Stable: it comes back when the customers are drawn again. "
    "Loose: neither."
)
WEIGHTS = (
    "Weight is a feature’s share of the distance between the segment’s centre and everybody’s. Importance is the "
    "share of its customers who would be in another segment if the feature told nothing."
)
DESCRIPTIVE = (
    "This name is descriptive: no kind of customer from the catalog fits well enough, so it says what sets the "
    "segment apart."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """Everything that the page says of one segment.

    Attributes:
        anchor: Its anchor.
        name: Its name with colour and number.
        one_liner: Who they are.
        size: How many customers, and their shares.
        warning: That they are few; empty when they are not.
        why: Why it is called so, in sentences.
        readings: The traits of the name held against the segment; None without any.
        apart: What sets it apart, in raw units.
        rest: The features that are left; None when there are none.
        typical: Customers nearest to the centre.
        borderline: Customers who could go either way; None when there are none.
        border_sentence: How many those are.
        strategy: The anchor of its strategy.
        rule: How to tell them from all the others; empty with one segment.
        besides: What else they have in common; None where nothing was found.
    """

    anchor: str
    name: Cell
    one_liner: str
    size: str
    warning: str
    why: tuple[str, ...]
    readings: Table | None
    apart: Table
    rest: Table | None
    typical: tuple[Cell, ...]
    borderline: Table | None
    border_sentence: str
    strategy: str
    rule: str = ""
    besides: Table | None = None


def overview(run: Run) -> Table:
    """The segments side by side."""
    known = run.survey.value is not None
    order = "most valuable customers first" if known else "largest first"
    return table(
        "Everybody" if run.k == 1 else f"The segments, {order}",
        run.segments,
        text("Segment", lambda segment: replace(tagged(segment, run.k), badge=standing(run, segment))),
        numeric("Customers", lambda segment: count(segment.customers)),
        numeric("Share", lambda segment: share(segment.share)),
        *(_value_columns(run) if known else ()),
        *outcome_columns(run),
        prose("What sets it apart", lambda segment: named(_apart(run, segment), length=240)),
        numeric("Confidence", lambda segment: ratio(segment.mean_confidence)),
        numeric("Silhouette", lambda segment: ratio(segment.silhouette)),
        total=_overview_total(run) if run.k > 1 else (),
        note=_overview_note(run),
    )


def _value_columns(run: Run) -> tuple[TableColumn[Segment], ...]:
    """What each segment is worth."""
    worth = [(one.value or 0.0) / one.customers if one.customers else nan for one in run.segments]
    each = column(worth)
    return (
        numeric("Share of value", lambda segment: share(segment.value_share or 0.0)),
        numeric("Value each", lambda segment: each[segment.number - 1]),
    )


def _apart(run: Run, segment: Segment) -> str:
    return "; ".join(sets_apart(run, segment))


def standing(run: Run, segment: Segment) -> str:
    """How the segment stands (METHOD 6.7): separated, stable or loose; empty where that was not looked at."""
    found = seen(run)
    one = found and next((each for each in found.segments if each.segment == segment.number - 1), None)
    if not one:
        return ""
    return "separated" if one.separated else "stable" if one.jaccard.mean >= STABLE else "loose"


def _overview_total(run: Run) -> tuple[str, ...]:
    customers = sum(segment.customers for segment in run.segments)
    total = sum(segment.value or 0.0 for segment in run.segments)
    value = (
        ("100%", number(total / customers) if customers else ABSENT) if run.survey.value is not None else ()
    )
    happened = tuple(share(outcome.rate) for outcome in shown(run)[:MOST_COLUMNS])
    return ("All placed customers", count(customers), "100%", *value, *happened, "", "", "")


def _overview_note(run: Run) -> str:
    measure = value_label(run.survey)
    value = f"Value is {measure}." if measure else "No column says what a customer is worth."
    rounding = "Shares are rounded, so they may not add up to exactly 100%."
    standing = STANDING if seen(run) else ""
    carried = sentence(run.lineage.sentence) if run.lineage else ""
    said = (value, rounding, standing, names_as_a_set(run), carried)
    return " ".join(one for one in said if one) if run.k > 1 else value


def portraits(run: Run) -> tuple[Portrait, ...]:
    """Every segment on its own."""
    population = {everybody.feature: everybody for everybody in run.population}
    return tuple(_portrait(segment, run, population) for segment in run.segments)


def _portrait(segment: Segment, run: Run, population: Mapping[str, PopulationProfile]) -> Portrait:
    ranked = sorted(segment.features, key=lambda one: (not one.marker, -abs(one.cohens_d)))
    if run.k == 1:
        ranked = list(segment.features)
    first, left = ranked[:MOST_FEATURES], ranked[MOST_FEATURES:]
    what = "What they are like" if run.k == 1 else "What sets them apart, in the units of the data"
    return Portrait(
        anchor=f"segment-{segment.number}",
        name=tagged(segment, run.k),
        one_liner=sentence(segment.naming.one_liner),
        size=size_line(segment),
        warning=f"Fewer than {FEW} customers: read the numbers with care." if segment.customers < FEW else "",
        why=(*_follows(segment), *_why(segment.naming), *how_sure(segment.naming, run.naming.draws)),
        readings=_readings(segment.naming),
        apart=_features(what, first, population, alone=run.k == 1),
        rest=_features("The other features", left, population, alone=run.k == 1) if left else None,
        typical=tuple(named(customer) for customer in segment.typical[:MOST_TYPICAL]),
        borderline=borderline(segment),
        border_sentence=_border_sentence(segment),
        strategy=f"strategy-{segment.number}",
        rule=reasons.alone(run, segment),
        besides=reasons.of_segment(run, segment),
    )


def size_line(segment: Segment) -> str:
    """How many they are, and how much of the value."""
    parts = [plural(segment.customers, "customer"), f"{share(segment.share)} of customers"]
    if segment.value_share is not None:
        parts.append(f"{share(segment.value_share)} of value")
    if segment.value is not None and segment.customers:
        parts.append(f"{number(segment.value / segment.customers)} value per customer")
    return " · ".join(parts)


def _follows(segment: Segment) -> tuple[str, ...]:
    """Which segment of the earlier run it is; nothing where none was given."""
    own = segment.identity
    if own is None:
        return ()
    if own.fate is Fate.NEW or own.jaccard is None:
        return (f"New since the earlier run: it is {own.id} from now on.",)
    before = sentence(own.before or own.id)
    shared = f"{share(own.jaccard)} of the customers who are in either are in both"
    if own.fate is Fate.CHANGED:
        return (f"Changed since the earlier run: it is {own.id}, {before} then, but only {shared}.",)
    return (f"It is {own.id}, {before} in the earlier run: {shared}.",)


def _why(naming: Naming) -> tuple[str, ...]:
    """Why a segment is called so."""
    runner_up = _runner_up(naming)
    sentences = {
        NameSource.ARCHETYPE: f"Of the kinds of customer in the catalog this one fits best{_fit(naming)}.{runner_up}",
        NameSource.DESCRIPTIVE: DESCRIPTIVE + _nearest(naming),
        NameSource.USER: "This name was given in the settings.",
        NameSource.KEPT: "This name was kept from an earlier run.",
        NameSource.ONE_AUDIENCE: "There is one segment, so it holds everybody.",
    }
    reason = sentence(naming.reason)
    return (sentences[naming.source], *((reason,) if reason else ()))


def _fit(naming: Naming) -> str:
    return f", with {100 * naming.fit:.0f} points of 100" if naming.fit is not None else ""


def _runner_up(naming: Naming) -> str:
    if naming.runner_up is None:
        return ""
    if naming.runner_up_fit is not None and naming.runner_up_fit <= 0:
        return " No other kind of customer comes near."
    points = f" ({100 * naming.runner_up_fit:.0f} points)" if naming.runner_up_fit is not None else ""
    return f" Next comes {sentence(naming.runner_up)}{points}."


def _nearest(naming: Naming) -> str:
    return f" The nearest would be {sentence(naming.archetype)}." if naming.archetype else ""


def _readings(naming: Naming) -> Table | None:
    if not naming.readings:
        return None
    return table(
        f"The traits of {sentence(naming.archetype or naming.name)}, held against the segment",
        naming.readings,
        text("Trait", lambda found: feature(found.trait, badge="defining" if found.defining else "")),
        text("The name says", lambda found: "in the middle" if found.expected == "mid" else found.expected),
        text("The segment is", lambda found: f"{_level(found.z)} ({ratio(found.z)} sd)"),
        text("Agrees", lambda found: "yes" if found.agrees else "no"),
    )


def _level(z: float) -> str:
    return "high" if z >= HIGH else "low" if z <= LOW else "in the middle"


def _features(
    caption: str, profiles: list[FeatureProfile], population: Mapping[str, PopulationProfile], *, alone: bool
) -> Table:
    written = {
        profile.feature: _in_raw_units(profile, population.get(profile.feature)) for profile in profiles
    }
    return table(
        caption,
        profiles,
        text(
            "Feature",
            lambda profile: feature(profile.feature, badge="marker" if profile.marker and not alone else ""),
        ),
        numeric("Median", lambda profile: written[profile.feature].median),
        numeric("Middle half", lambda profile: written[profile.feature].middle_half),
        *(() if alone else _against_everybody(written)),
        note=" ".join(_feature_notes(profiles, alone=alone)),
    )


def _against_everybody(written: Mapping[str, "InUnits"]) -> tuple[TableColumn[FeatureProfile], ...]:
    """What tells a segment from the others, feature by feature."""
    return (
        numeric("Median of all", lambda one: written[one.feature].everybody),
        numeric("Index, all = 100", lambda one: ABSENT if one.index is None else f"{one.index:.0f}"),
        numeric("Cohen’s d", lambda one: ratio(one.cohens_d)),
        numeric("Weight", lambda one: share(one.importance)),
        numeric("Importance", lambda one: ABSENT if one.permuted is None else share(one.permuted)),
    )


def _feature_notes(profiles: list[FeatureProfile], *, alone: bool) -> list[str]:
    """What a reader should know of the columns."""
    flags = ["Yes/no features show the share of yes."] if any(profile.flag for profile in profiles) else []
    return flags if alone else [*flags, WEIGHTS]


@dataclass(frozen=True, slots=True, kw_only=True)
class InUnits:
    """A feature of a segment in the units of the data: median, middle half, and the median of all customers."""

    median: str
    middle_half: str
    everybody: str


def _in_raw_units(profile: FeatureProfile, everybody: PopulationProfile | None) -> InUnits:
    """As numbers in one style; shares for yes/no features."""
    if profile.flag:
        overall = share(everybody.mean if everybody else nan)
        return InUnits(median=share(profile.mean), middle_half=ABSENT, everybody=overall)
    middle = everybody.median if everybody else nan
    write = style_of([profile.median, profile.q25, profile.q75, middle]).write
    spread = f"{write(profile.q25)} to {write(profile.q75)}" if profile.n else ABSENT
    return InUnits(median=write(profile.median), middle_half=spread, everybody=write(middle))


def _border_sentence(segment: Segment) -> str:
    near = segment.borderline_customers
    if not near:
        return "Nobody in it is near a border."
    verb = "is" if near == 1 else "are"
    return f"{plural(near, 'customer')} {verb} nearly as near to another segment."


def borderline(
    segment: Segment, link: Callable[[str], str] = lambda _: "", most: int = MOST_BORDERLINE
) -> Table | None:
    """The customers who are nearest to a border; None where nobody is.

    Args:
        segment: The segment.
        link: Where the id of a customer leads.
        most: How many of them.
    """
    if not segment.borderline:
        return None
    return table(
        "The nearest to a border",
        segment.borderline[:most],
        text("Customer", lambda customer: named(customer.id).to(link(customer.id))),
        text("Might also be", lambda customer: named(customer.rival)),
        numeric("Confidence", lambda customer: ratio(customer.confidence)),
    )
