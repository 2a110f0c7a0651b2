"""One segment: what sets it apart, its rule, its typical customers, how stable it is, what to do with it."""

from dataclasses import dataclass, replace

from segmentry.dashboard.page_request import Page, Visit, Words, customer_path
from segmentry.dashboard.web.figures import charts
from segmentry.records.run import Run
from segmentry.records.segment import Segment
from segmentry.views.charts.distributions_cluster import distributions_cluster
from segmentry.views.charts.stability_words import DOUBTFUL, STABLE, seen
from segmentry.views.drawing.figure import Figure, entitled
from segmentry.views.topics.cells import Table, feature, named, numeric, table, tagged, text
from segmentry.views.topics.segments import borderline, portraits
from segmentry.views.topics.strategy import strategy_pages
from segmentry.views.topics.wording import traits
from segmentry.views.words.numbers import share, style_of
from segmentry.views.words.text import clean, sentence

SPREAD = "segment_spread"
"""The name of its histograms."""


def show(visit: Visit) -> Words:
    """The words of a segment's page."""
    run = visit.run
    number = visit.numbered("number")
    segment = visit.segment(number)
    portrait = portraits(run)[number - 1]

    def customer(identity: str) -> str:
        return visit.address.to(customer_path(identity))

    return {
        "finding": _finding(run, segment),
        "under": portrait.size,
        "portrait": portrait,
        "colour": visit.colour(number),
        "badge": Badge() if visit.preview else badge(run, number),
        "charts": charts(spread(run, segment)),
        "typical": _typical(run, number),
        "nearest": tuple(named(one).to(customer(one)) for one in segment.typical),
        "border": borderline(segment, customer, len(segment.borderline)),
        "number": number,
        "others": tuple((one.number, tagged(one, run.k)) for one in run.segments),
        "csv": "" if visit.preview else visit.address.to("/customers.csv", segment=number),
        "strategy": strategy_pages(run)[number - 1] if visit.preview is None else None,
    }


def _finding(run: Run, segment: Segment) -> str:
    if run.k == 1:
        return f"{segment.name}: all customers, treated alike"
    apart = traits(segment, 2)
    joined = " and ".join(apart) if apart else "close to the average"
    return f"{tagged(segment, run.k).text}: {joined}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """How stable a segment is, in words, and the tone of its light; empty where it was not measured."""

    words: str = ""
    tone: str = ""


def badge(run: Run, number: int) -> Badge:
    """How stable a segment of the run is.

    Of other numbers of segments the run keeps the evidence in an order of its own: it fits no preview.
    """
    found = seen(run)
    if found is None:
        return Badge()
    jaccard = found.segments[number - 1].jaccard.mean
    back = f"it comes back with {share(jaccard)} of its customers when others are drawn"
    if jaccard >= STABLE:
        return Badge(words=f"Stable: {back}", tone="good")
    if jaccard >= DOUBTFUL:
        return Badge(words=f"Fairly stable: {back}", tone="caution")
    return Badge(words=f"Unstable: {back.replace('with', 'with only', 1)}", tone="bad")


def spread(run: Run, segment: Segment) -> tuple[Figure, ...]:
    """The segment's histograms over those of everybody."""
    title = f"How the customers of {clean(segment.name)} are spread"
    figures = entitled(distributions_cluster(replace(run, segments=(segment,))), SPREAD, title)
    words = "Its customers by value, over the grey shape of all customers; dark line: the segment's median"
    return tuple(
        replace(figure, subtitle=words, alt=f"{sentence(figure.title)}: histograms.") for figure in figures
    )


def _typical(run: Run, number: int) -> Table | None:
    """The customer who stands for the segment, beside everybody's mean."""
    found = next(
        (customer for customer in run.reasons.typical if customer.segment == number - 1 and customer.values),
        None,
    )
    if found is None:
        return None
    everybody = {profile.feature: profile for profile in run.population}
    values = dict(zip(run.model.recipe.features, found.values, strict=True))
    styles = {
        name: share if everybody[name].flag else style_of([value, everybody[name].mean]).write
        for name, value in values.items()
    }
    return table(
        "A typical customer",
        values,
        text("Measure", feature),
        numeric("Typical", lambda name: styles[name](values[name])),
        numeric("Mean of all", lambda name: styles[name](everybody[name].mean)),
    )


PROFILE = Page(path="/segment/{number}", title="Segment", template="profile.html", show=show, menu=False)
