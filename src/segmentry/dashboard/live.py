"""Live charts: the specification of a figure on request, drawn in the page by Vega-Embed without ``eval``."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from segmentry.dashboard import bundle
from segmentry.dashboard.pages.map import map_figure
from segmentry.dashboard.visit import Visit
from segmentry.views.charts.catalog import EXPLORATORY, SEGMENTS
from segmentry.views.charts.figure import Figure

Visiting = Callable[[Request], Visit]


def add_live(app: FastAPI, visiting: Visiting) -> None:
    """Add the specifications and the library that draws them to an application."""

    def specification(name: str, request: Request) -> Response:
        figures = {one.name: one for one in _figures(visiting(request), name)}
        if name not in figures:
            raise HTTPException(404)
        return JSONResponse(figures[name].spec)

    def library() -> Response:
        found = bundle.ready()
        if found is None:
            bundle.begin()
            return Response(status_code=503, headers={"retry-after": "5"})
        return Response(
            found, media_type="text/javascript", headers={"cache-control": "private, max-age=86400"}
        )

    app.add_api_route("/charts/{name}.json", specification, include_in_schema=False)
    app.add_api_route("/live/vega-embed.js", library, include_in_schema=False)


def _figures(visit: Visit, name: str) -> tuple[Figure, ...]:
    """The pages of the figure that has a page of this name."""
    if name == "map":
        return (map_figure(visit),)
    known = (*EXPLORATORY, *SEGMENTS)
    stem = name if name in known else name.rpartition("_")[0]
    if stem in EXPLORATORY:
        return EXPLORATORY[stem](visit.run.survey)
    return SEGMENTS[stem](visit.run) if stem in SEGMENTS else ()
