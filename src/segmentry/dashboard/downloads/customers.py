"""What visitors take with them: the customers of a choice as CSV, streamed, with a line in the log."""

import re
from collections.abc import Iterator

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from starlette.responses import Response

from segmentry.dashboard.access.door import HEAD
from segmentry.dashboard.access.download_log import Log
from segmentry.dashboard.data.filters import UNPLACED, Filter, read_filter
from segmentry.dashboard.page_request import Visit, Visiting
from segmentry.edges.run_folder.tables import csv_parts

LONGEST_NAME = 60


def add_downloads(app: FastAPI, visiting: Visiting, log: Log) -> None:
    """Add the download of customers to an application."""

    def customers(request: Request) -> Response:
        visit = visiting(request)
        chosen = read_filter(visit.address, visit.run.k)
        total = sum(part.customers for part in visit.customers.parts(chosen))
        name = f"{chosen_name(visit, chosen)}.csv"
        logged(log, request, visit, name=name, rows=total)
        return csv_answer(csv_parts(visit.customers.tables(chosen)), name)

    app.add_api_route("/customers.csv", customers, include_in_schema=False)


def chosen_name(visit: Visit, chosen: Filter) -> str:
    """What a download is called: the run, and the segment where one alone is chosen."""
    run = plain_name(visit.opened.name)
    if len(chosen.segments) != 1 or chosen.segments[0] == UNPLACED:
        return f"{run}-customers"
    return f"{run}-{plain_name(visit.run.segments[chosen.segments[0] - 1].name)}"


def csv_answer(parts: Iterator[bytes], name: str) -> Response:
    """A CSV file to be kept, under a name that is plain on every system."""
    return StreamingResponse(
        parts,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def plain_name(text: str) -> str:
    r"""Letters, digits and hyphens of a text, for the name of a file.

    >>> plain_name('Loyal "><svg onload=1> / 2026'), plain_name("\u202e")
    ('Loyal-svg-onload-1-2026', 'run')
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", text)[:LONGEST_NAME].strip("-") or "run"


def logged(log: Log, request: Request, visit: Visit, *, name: str, rows: int) -> None:
    """Write a line in the log: which file of which run was taken, how many rows it has, and by whom.

    HEAD takes nothing.
    """
    if HEAD in request.scope:
        return
    by = request.client.host if request.client else ""
    log.download(what=name, run=visit.opened.name, rows=rows, asked=str(request.url.query), by=by)
