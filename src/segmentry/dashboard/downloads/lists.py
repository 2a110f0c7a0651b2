"""Further lists that visitors take with them: who moved between two runs, and a segment as an audience."""

import json
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.responses import Response

import segmentry
from segmentry.dashboard.access.download_log import Log
from segmentry.dashboard.downloads.customers import csv_answer, logged, plain_name
from segmentry.dashboard.page_request import Visit, Visiting
from segmentry.dashboard.pages.audience_form import Sent, read_wanted, sent
from segmentry.dashboard.pages.changes import between, earlier
from segmentry.edges.run_folder.tables import csv_parts


def add_handouts(app: FastAPI, visiting: Visiting, log: Log) -> None:
    """Add the download of customers who moved to an application."""

    def movers(request: Request) -> Response:
        visit = visiting(request)
        before = earlier(visit)
        pair = visit.library.pairs.of(before, visit.opened)
        chosen = between(visit, pair.migration)
        fitting = [
            mover
            for mover in pair.migration.movers
            if chosen.source in {None, mover.before} and chosen.target in {None, mover.now}
        ]
        name = f"{plain_name(before.name)}-to-{plain_name(visit.opened.name)}-movers.csv"
        logged(log, request, visit, name=name, rows=sum(stream.customers for stream in fitting))
        id_name = visit.opened.run.survey.customers.id_name
        ours = ("segment_before", "segment_now", "confidence", "confidence_level")
        names = (id_name, *(f"{name} (segmentry)" if name == id_name else name for name in ours))
        return csv_answer(csv_parts(pair.tables(chosen, names)), name)

    def audience(request: Request) -> Response:
        visit = visiting(request)
        found = _audience(visit)
        name = str(found.manifest["file"])
        logged(log, request, visit, name=name, rows=len(found.audience))
        return csv_answer(iter([found.csv.encode()]), name)

    def manifest(request: Request) -> Response:
        found = _audience(visiting(request))
        text = json.dumps(found.manifest, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
        beside = str(found.manifest["file"]).replace(".csv", ".manifest.json")
        return Response(
            text.encode(),
            media_type="application/json",
            headers={"content-disposition": f'attachment; filename="{beside}"'},
        )

    app.add_api_route("/changes.csv", movers, include_in_schema=False)
    app.add_api_route("/audience.csv", audience, include_in_schema=False)
    app.add_api_route("/audience.json", manifest, include_in_schema=False)


def _audience(visit: Visit) -> Sent:
    """The audience that a visit asks for."""
    opened = visit.opened
    number, wanted = read_wanted(visit.address, opened.run)
    name = f"{plain_name(opened.name)}-{plain_name(opened.run.segments[number - 1].name)}.csv"
    return sent(opened, number, wanted, _made(name))


def _made(name: str) -> dict[str, str]:
    moment = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - a manifest has a clock
    return {"at": moment, "segmentry": segmentry.__version__, "file": name}
