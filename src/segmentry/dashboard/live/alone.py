"""One chart on a page of its own, as large as the window: where a chart's link leads without scripts."""

from segmentry.dashboard.live.specifications import figure_of
from segmentry.dashboard.page_request import Page, Visit, Words
from segmentry.dashboard.web.figures import chart
from segmentry.views.topics.cells import sentence


def show(visit: Visit) -> Words:
    """The words of the page."""
    figure = figure_of(visit, visit.parts["name"])
    return {"finding": sentence(figure.title), "picture": chart(figure, live=True)}


ALONE = Page(path="/chart/{name}", title="Chart", template="alone.html", show=show, menu=False)
