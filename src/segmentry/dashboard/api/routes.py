"""What programs can ask: the segments, one customer, and where new customers belong."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

import segmentry
from segmentry.dashboard.api.shapes import (
    CustomerShape,
    Marker,
    Placement,
    Problem,
    ScoredShape,
    SegmentShape,
    SegmentsShape,
    Where,
)
from segmentry.dashboard.data.filters import Filter
from segmentry.dashboard.data.opened_run import Opened
from segmentry.dashboard.data.query_results import Row
from segmentry.dashboard.web.errors import Misasked, NotThere, TooMuch, Unanswered
from segmentry.edges.scoring.records import Fault, place_records, read_records
from segmentry.errors import shortened
from segmentry.records.customers import Assignment
from segmentry.records.model import Model
from segmentry.records.segment import Segment
from segmentry.stages.scoring.customer_columns import PLACEMENT_COLUMNS, PlacedCustomers

MOST_BYTES = 4 * 1024 * 1024
"""Bytes of customers that are taken at once."""
MOST_ROWS = 10_000
"""Customers that are taken at once."""

RunName = Annotated[
    str, Query(alias="run", description="The run; the newest one when not given.", max_length=200)
]
AsOf = Annotated[
    str,
    Query(
        description="The day that dates count back from (YYYY-MM-DD); the model's own when not given.",
        max_length=10,
    ),
]
SAYS: Mapping[int, str] = {
    400: "A parameter or the body cannot be meant.",
    401: "The server has a password: sign in first.",
    404: "There is no such run or customer.",
    409: "The run folder changed while it was read, or lacks something.",
    413: "More was sent than is taken at once.",
    422: "A value cannot be meant; 'where' names row and column.",
}


class Faulty(Unanswered):
    """Customers that cannot be placed as they were sent.

    Attributes:
        faults: What is wrong with them.
    """

    status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Say the first fault in the message, and keep all of them."""
        first = faults[0]
        place = f"row {first.row}" + (f", '{shortened(first.column)}'" if first.column else "")
        super().__init__(f"{place}: {first.problem}", hint="Mend what 'where' names, and send it again.")
        self.faults = tuple(faults)


def _says(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Problem, "description": SAYS[status]} for status in statuses}


router = APIRouter(prefix="/api", tags=["segmentry"])


@router.get("/segments", responses=_says(400, 401, 404, 409), summary="The segments of a run")
def segments(request: Request, run: RunName = "") -> SegmentsShape:
    """Names, sizes, worth and what sets each segment apart."""
    opened = _opened(request, run)
    placed = {part.segment: part.customers for part in opened.customers.parts(Filter())}
    found = opened.run
    return SegmentsShape(
        run=opened.name,
        k=found.k,
        kind=found.verdict.kind,
        verdict=found.verdict.sentence,
        in_no_segment=placed.get(0, 0),
        segments=[_segment(segment) for segment in found.segments],
    )


@router.get(
    "/customers/{customer:path}", responses=_says(400, 401, 404, 409), summary="Where one customer is"
)
def customer(request: Request, customer: str, run: RunName = "") -> CustomerShape:
    """One customer of the run, by the id as it was given, with the features."""
    opened = _opened(request, run)
    found = opened.customers.one(customer)
    if found is None:
        raise NotThere(
            f"There is no customer '{shortened(customer)}'.", hint="Write the id as it stands in the data."
        )
    return _customer(opened, found)


@router.post(
    "/score",
    responses=_says(400, 401, 404, 409, 413, 422),
    summary="Where new customers belong",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": f"One customer, or a list of at most {MOST_ROWS:,}; {MOST_BYTES // 1024**2} MB at most. A "
            "customer is a record from the column names of the training data to values; null where one is "
            "not known. Columns that the model does not need are passed over.",
            "content": {
                "application/json": {
                    "schema": {
                        "oneOf": [
                            {"$ref": "#/components/schemas/NewCustomer"},
                            {
                                "type": "array",
                                "items": {"$ref": "#/components/schemas/NewCustomer"},
                                "minItems": 1,
                                "maxItems": MOST_ROWS,
                            },
                        ]
                    }
                }
            },
        }
    },
)
async def score(request: Request, run: RunName = "", as_of: AsOf = "") -> ScoredShape:
    """Place new customers with the model of the run. Nothing is kept."""
    records = parsed(await _body(request))
    return await run_in_threadpool(_scored, request, run, (records, _day(as_of)))


@lru_cache(maxsize=1)
def document() -> Mapping[str, Any]:
    """The OpenAPI document."""
    found = get_openapi(
        title="segmentry",
        version=segmentry.__version__,
        description="The segments of a run, its customers, and where new customers belong.",
        routes=router.routes,
    )
    schemas = found["components"]["schemas"]
    schemas["NewCustomer"] = {
        "type": "object",
        "title": "NewCustomer",
        "description": "A new customer: the columns that the model was made from.",
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    }
    # What is wrong is always told as a Problem, also where the framework would tell it otherwise.
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in found["paths"].values():
        for one in path.values():
            one["responses"]["422"] = {
                "description": SAYS[422],
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
    return found


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> JSONResponse:
    """The document as JSON."""
    return JSONResponse(document())


def problem(status: int, error: str, hint: str, faults: Sequence[Fault] = ()) -> JSONResponse:
    """What went wrong, for programs."""
    where = [Where(row=fault.row, column=fault.column, problem=fault.problem) for fault in faults]
    return JSONResponse(Problem(error=error, hint=hint, where=where).model_dump(), status)


def parsed(body: bytes) -> list[object]:
    """The customers of a body.

    Raises:
        Misasked: when it is no JSON.
        TooMuch: when they are too many.
        Faulty: when it is neither a customer nor a list of them.
    """
    try:
        found = json.loads(body, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise Misasked(
            "The body is no JSON.",
            hint='Send a record like {"orders": 3, "spend": 120.5}, or a list of them.',
        ) from None
    records = found if isinstance(found, list) else [found]
    if len(records) > MOST_ROWS:
        raise TooMuch(
            f"{len(records):,} customers are more than are taken at once.",
            hint=f"Send at most {MOST_ROWS:,}, or run 'segmentry score' on the file.",
        )
    if not records:
        raise Faulty([Fault(row=0, column="", problem="The list holds no customer.")])
    return records


def _refused(constant: str) -> object:
    raise ValueError(constant)


def _opened(request: Request, run: str) -> Opened:
    opened: Opened = request.app.state.library.opened(run.strip())
    return opened


async def _body(request: Request) -> bytes:
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > MOST_BYTES:
            raise TooMuch(
                f"More than {MOST_BYTES // 1024**2} MB were sent.",
                hint="Send fewer customers at once, or run 'segmentry score' on the file.",
            )
    return bytes(found)


def _day(text: str) -> str | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Misasked(f"'{shortened(text)}' is no day.", hint="Write 'as_of' like 2026-11-27.") from None


def _scored(request: Request, run: str, sent: tuple[Sequence[object], str | None]) -> ScoredShape:
    opened, (records, as_of) = _opened(request, run), sent
    model = opened.run.model
    read = read_records(model, records)
    if read.faults:
        raise Faulty(read.faults)
    found = place_records(model, read, as_of=as_of)
    return ScoredShape(run=opened.name, customers=_placements(model, read.ids, found))


def _placements(model: Model, ids: Sequence[str], found: Assignment) -> list[Placement]:
    placed = PlacedCustomers(assignment=found, names=model.names)
    columns = {column.name: column.values(placed).tolist() for column in PLACEMENT_COLUMNS}
    numbers = (found.segment + 1).tolist()
    return [
        Placement.model_validate(
            {
                "id": customer,
                "number": numbers[row] or None,
                **{name: _plain(values[row]) for name, values in columns.items()},
            }
        )
        for row, customer in enumerate(ids)
    ]


def _customer(opened: Opened, row: Row) -> CustomerShape:
    names = opened.run.survey.customers.names
    placement = opened.customers.placement(row.at)
    return CustomerShape.model_validate(
        {
            "run": opened.name,
            "id": row.id,
            "number": row.segment or None,
            **{name: _plain(value) for name, value in placement.items()},
            "value": _plain(row.value),
            "features": {name: _plain(value) for name, value in zip(names, row.features, strict=True)},
        }
    )


def _segment(segment: Segment) -> SegmentShape:
    return SegmentShape(
        number=segment.number,
        name=segment.name,
        one_liner=segment.naming.one_liner,
        customers=segment.customers,
        share=segment.share,
        value=segment.value,
        value_share=segment.value_share,
        mean_confidence=_plain(segment.mean_confidence),
        markers=[
            Marker(feature=each.feature, mean=_plain(each.mean), cohens_d=each.cohens_d)
            for each in segment.markers
        ],
        play=segment.play.id,
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - text, numbers and flags
    """A value as JSON has it: nothing for a number that is none."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
