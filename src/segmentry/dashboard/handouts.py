"""Further lists that visitors take with them: who moved between two runs."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from starlette.responses import Response

from segmentry.dashboard.audit_log import Log
from segmentry.dashboard.downloads import csv_answer, plain_name
from segmentry.dashboard.pages.changes import between, earlier
from segmentry.dashboard.visit import Visit
from segmentry.edges.tables import csv_parts

Visiting = Callable[[Request], Visit]


def add_handouts(app: FastAPI, visiting: Visiting, log: Log) -> None:
    """Add the download of customers who moved to an application."""

    def movers(request: Request) -> Response:
        visit = visiting(request)
        before = earlier(visit)
        pair = visit.library.pairs.of(before, visit.opened)
        chosen = between(visit, pair.migration)
        fitting = [
            one
            for one in pair.migration.movers
            if chosen.source in {None, one.before} and chosen.target in {None, one.now}
        ]
        name = f"{plain_name(before.name)}-to-{plain_name(visit.opened.name)}-movers.csv"
        log.download(
            what=name,
            run=visit.opened.name,
            rows=sum(one.customers for one in fitting),
            asked=str(request.url.query),
            by=visitor(request),
        )
        id_name = visit.opened.run.survey.customers.id_name
        ours = ("segment_before", "segment_now", "confidence", "confidence_level")
        names = (id_name, *(f"{one} (segmentry)" if one == id_name else one for one in ours))
        return csv_answer(csv_parts(pair.tables(chosen, names)), name)

    app.add_api_route("/changes.csv", movers, include_in_schema=False)


def visitor(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""
