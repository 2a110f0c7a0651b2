"""One chart on a page of its own, as large as the window: where a chart's link leads without scripts."""

from segmentry.dashboard.charts import chart
from segmentry.dashboard.live import figure_of
from segmentry.dashboard.visit import Page, Visit, Words
from segmentry.views.report.cells import sentence


def show(visit: Visit) -> Words:
    """The words of the page."""
    figure = figure_of(visit, visit.parts["name"])
    return {"finding": sentence(figure.title), "picture": chart(figure, live=True)}


ALONE = Page(path="/chart/{name}", title="Chart", template="alone.html", show=show, menu=False)
