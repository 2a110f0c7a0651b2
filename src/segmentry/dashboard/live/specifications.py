"""Live charts: the specification of a figure on request, drawn in the page by Vega-Embed without ``eval``."""

from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from segmentry.dashboard.live import vega_bundle
from segmentry.dashboard.page_request import Visit, Visiting
from segmentry.dashboard.pages import compare, profile
from segmentry.dashboard.pages.changes import streams_figure
from segmentry.dashboard.pages.map import map_figure
from segmentry.dashboard.pages.models import CHARTS
from segmentry.dashboard.web.errors import Misasked, NotThere
from segmentry.dashboard.web.templates import night_colours, night_inks
from segmentry.errors import shortened
from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS
from segmentry.views.drawing.figure import Figure
from segmentry.views.drawing.vega_lite import live_spec

OF_PAGES: Mapping[str, Callable[[Visit], tuple[Figure, ...]]] = {
    "map": lambda visit: (map_figure(visit),),
    "migration": lambda visit: (streams_figure(visit),),
    compare.AVERAGES: compare.average_figures,
    compare.SPREADS: compare.spread_figures,
    profile.SPREAD: profile.spread_figures,
}
"""Figures that a page makes from its address."""
SCHEMES = ("light", "dark")


def add_live(app: FastAPI, visiting: Visiting) -> None:
    """Add the specifications and the library that draws them to an application."""

    def specification(name: str, request: Request) -> Response:
        visit = visiting(request)
        figure, scheme = figure_of(visit, name), visit.address.one("scheme")
        if not scheme:
            return JSONResponse(figure.spec)
        if scheme not in SCHEMES:
            raise Misasked(f"There is no scheme '{shortened(scheme)}'.", hint="There are: light, dark.")
        colours = (night_colours(), night_inks()) if scheme == "dark" else ()
        return JSONResponse(live_spec(figure, *colours))

    def library() -> Response:
        found = vega_bundle.ready()
        if found is None:
            vega_bundle.begin()
            return Response(status_code=503, headers={"retry-after": "5"})
        return Response(
            found, media_type="text/javascript", headers={"cache-control": "private, max-age=86400"}
        )

    app.add_api_route("/charts/{name}.json", specification, include_in_schema=False)
    app.add_api_route("/live/vega-embed.js", library, include_in_schema=False)


def figure_of(visit: Visit, name: str) -> Figure:
    """The figure of a name, as the visited page shows it.

    Raises:
        NotThere: when there is none.
    """
    found = next((one for one in _figures(visit, name) if one.name == name), None)
    if found is None:
        raise NotThere(f"There is no chart '{shortened(name)}'.", hint="Take a link of a page.")
    return found


def _figures(visit: Visit, name: str) -> tuple[Figure, ...]:
    """The pages of the figure that has a page of this name; evidence is about the run, whatever is previewed."""
    known = (*OF_PAGES, *EXPLORATORY, *SEGMENTS)
    stem = name if name in known else name.rpartition("_")[0]
    if stem in OF_PAGES:
        return OF_PAGES[stem](visit)
    if stem in EXPLORATORY:
        return EXPLORATORY[stem](visit.run.survey)
    return SEGMENTS[stem](visit.opened.run if stem in CHARTS else visit.run) if stem in SEGMENTS else ()
