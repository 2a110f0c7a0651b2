"""Further lists that visitors take with them: who moved between two runs, and a segment as an audience."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.responses import Response

import segmentry
from segmentry.dashboard.access.download_log import Log
from segmentry.dashboard.data.runs import Opened
from segmentry.dashboard.downloads.customers import csv_answer, plain_name
from segmentry.dashboard.page_request import Visit
from segmentry.dashboard.pages.audience_form import read_wanted, sent
from segmentry.dashboard.pages.changes import between, earlier
from segmentry.edges.run_folder.tables import csv_parts

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

    def audience(request: Request) -> Response:
        visit = visiting(request)
        number, wanted = read_wanted(visit.address, visit.opened.run)
        name = _audience_name(visit.opened, number)
        found = sent(visit.opened, number, wanted, _made(name))
        log.download(
            what=name,
            run=visit.opened.name,
            rows=len(found.audience),
            asked=str(request.url.query),
            by=visitor(request),
        )
        return csv_answer(iter([found.csv.encode()]), name)

    def manifest(request: Request) -> Response:
        visit = visiting(request)
        number, wanted = read_wanted(visit.address, visit.opened.run)
        name = _audience_name(visit.opened, number)
        found = sent(visit.opened, number, wanted, _made(name))
        text = json.dumps(found.manifest, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
        beside = name.replace(".csv", ".manifest.json")
        return Response(
            text.encode(),
            media_type="application/json",
            headers={"content-disposition": f'attachment; filename="{beside}"'},
        )

    app.add_api_route("/changes.csv", movers, include_in_schema=False)
    app.add_api_route("/audience.csv", audience, include_in_schema=False)
    app.add_api_route("/audience.json", manifest, include_in_schema=False)


def _audience_name(opened: Opened, number: int) -> str:
    segment = plain_name(opened.run.segments[number - 1].name)
    return f"{plain_name(opened.name)}-{segment}.csv"


def _made(name: str) -> dict[str, str]:
    moment = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - a manifest has a clock
    return {"at": moment, "segmentry": segmentry.__version__, "file": name}


def visitor(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""
