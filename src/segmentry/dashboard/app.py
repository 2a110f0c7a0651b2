"""The application: every page of the catalog under its address, the static files, and the way in."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from segmentry.dashboard.access.door import LOCAL, guarded
from segmentry.dashboard.access.download_log import Log
from segmentry.dashboard.access.passwords import COOKIE, HOURS, Gate
from segmentry.dashboard.api.routes import Faulty, problem, router
from segmentry.dashboard.data.runs import Library
from segmentry.dashboard.downloads.customers import add_downloads
from segmentry.dashboard.downloads.lists import add_handouts
from segmentry.dashboard.downloads.report import report
from segmentry.dashboard.page_catalog import PAGES
from segmentry.dashboard.page_request import Page, Visit, frame
from segmentry.dashboard.pages.error import sorry
from segmentry.dashboard.web.errors import Unanswered
from segmentry.dashboard.web.templates import laid_out, static_files
from segmentry.dashboard.web.url import Address
from segmentry.errors import SegmentryError

MOST_FORM = 4096
"""Bytes of the form with the password."""

LEVEL = 5
"""How hard responses are compressed: above it a page gets a hundredth smaller and takes twice as long."""

LEAST_COMPRESSED = 1_000
"""Bytes from which a response is compressed: below, it fits into one packet anyway."""


def create_app(
    library: Library,
    *,
    gate: Gate | None = None,
    hosts: frozenset[str] = LOCAL,
    log: Log | None = None,
) -> ASGIApp:
    """The whole dashboard as an ASGI application.

    Args:
        library: The runs.
        gate: The password; None for this machine alone.
        hosts: The names under which it is reached.
        log: Told of every download.
    """
    app = FastAPI(title="segmentry", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.library, app.state.log = library, log or Log()
    for page in PAGES:
        app.add_api_route(
            page.path, _shower(page, library), response_class=HTMLResponse, include_in_schema=False
        )
    add_downloads(app, lambda request: visiting(request, library), app.state.log)
    add_handouts(app, lambda request: visiting(request, library), app.state.log)
    app.include_router(router)
    _add_static(app)
    _add_documents(app, library)
    if gate is not None:
        _add_login(app, gate)
    app.add_exception_handler(SegmentryError, _sorry)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(HTTPException, _sorry_http)
    app.add_exception_handler(RequestValidationError, _sorry_parameter)
    app.add_middleware(
        GZipMiddleware,
        minimum_size=LEAST_COMPRESSED,
        compresslevel=LEVEL,
        exclude_content_types=(
            *DEFAULT_EXCLUDED_CONTENT_TYPES,
            "text/csv",
        ),  # downloads are streamed as they are
    )
    return guarded(app, hosts=hosts, gate=gate)


def _shower(page: Page, library: Library) -> Callable[[Request], Response]:
    """What answers requests for a page; it runs in a thread of its own."""

    def show(request: Request) -> Response:
        visit = visiting(request, library)
        words = frame(visit, page, PAGES) | page.show(visit)
        return HTMLResponse(laid_out(page.template, words))

    return show


def visiting(request: Request, library: Library) -> Visit:
    """The visit that a request makes."""
    address = Address(path=request.url.path, params=tuple(request.query_params.multi_items()))
    return Visit(
        opened=library.opened(address.one("run")),
        address=address,
        library=library,
        parts={name: str(param) for name, param in request.path_params.items()},
    )


def _add_static(app: FastAPI) -> None:
    files = static_files()

    def static(name: str, request: Request) -> Response:
        if name not in files:
            raise HTTPException(404)
        file = files[name]
        if request.headers.get("if-none-match") == file.tag:
            return Response(status_code=304, headers={"etag": file.tag})
        return Response(
            file.content,
            media_type=file.kind,
            headers={"etag": file.tag, "cache-control": "public, max-age=3600"},
        )

    app.add_api_route("/static/{name}", static, include_in_schema=False)


def _add_documents(app: FastAPI, library: Library) -> None:
    def show_report(request: Request) -> Response:
        return report(visiting(request, library).opened, request)

    app.add_api_route("/report", show_report, include_in_schema=False)


def _add_login(app: FastAPI, gate: Gate) -> None:
    def ask(request: Request) -> Response:
        return _login(request.query_params.get("next", "/"), "", 200)

    async def enter(request: Request) -> Response:
        form = parse_qs((await _body(request, MOST_FORM)).decode("utf-8", "replace"))
        onward = form.get("next", ["/"])[0]
        client = request.client.host if request.client else ""
        wait = gate.wait(client)
        ticket = gate.enter(form.get("password", [""])[0], client)
        if not ticket:
            said = f"Wait {wait:.0f} seconds and try again." if wait else "That is not the password."
            answer = _login(onward, said, 429 if wait else 403)
            if wait:
                answer.headers["retry-after"] = f"{wait:.0f}"
            return answer
        entered = RedirectResponse(onward if _inside(onward) else "/", 303)
        secure = request.url.scheme == "https"
        entered.set_cookie(
            COOKIE, ticket, max_age=HOURS * 3600, httponly=True, samesite="strict", secure=secure
        )
        return entered

    app.add_api_route("/login", ask, include_in_schema=False)
    app.add_api_route("/login", enter, methods=["POST"], include_in_schema=False)


def _inside(onward: str) -> bool:
    """Whether an address is one of ours: a path, not another site."""
    return onward.startswith("/") and not onward.startswith(("//", "/\\")) and onward.isprintable()


def _login(onward: str, said: str, status: int) -> Response:
    return HTMLResponse(laid_out("login.html", {"onward": onward, "said": said}), status)


async def _body(request: Request, most: int) -> bytes:
    """What is sent, as far as it is not too much."""
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise HTTPException(413)
    return bytes(found)


STATUSES = {
    404: ("There is no such page.", "Go to the overview."),
    405: ("This page can only be read.", "Go to the overview."),
    413: ("That is too much at once.", "Send less."),
}


def _sorry(request: Request, failure: Exception) -> Response:
    """A page that says what is wrong and what to try."""
    status = failure.status if isinstance(failure, Unanswered) else 409
    what, hint = (failure.what, failure.hint) if isinstance(failure, SegmentryError) else (str(failure), "")
    if _by_program(request):
        return problem(status, what, hint, failure.faults if isinstance(failure, Faulty) else ())
    return sorry(request, what, hint, status)


def _gone(_: Request, __: Exception) -> Response:
    """The answer to who broke off: nobody reads it, and it is no fault that belongs in the log."""
    return Response(status_code=400)


def _by_program(request: Request) -> bool:
    """Whether a program asks, which wants no page."""
    return request.url.path.startswith("/api/")


def _sorry_parameter(_: Request, failure: Any) -> Response:  # noqa: ANN401 - the framework's own type
    """A parameter of the programs' part that does not fit; pages read theirs themselves."""
    first = failure.errors()[0]
    return problem(
        422, f"'{first['loc'][-1]}' cannot be meant: {first['msg']}.", "See /api for what it may be."
    )


def _sorry_http(request: Request, failure: Any) -> Response:  # noqa: ANN401 - the framework's own type
    status = failure.status_code
    what, hint = STATUSES.get(status, ("That cannot be answered.", "Go to the overview."))
    answer: Response = (
        problem(status, what, "See /api for what there is.")
        if _by_program(request)
        else sorry(request, what, hint, status)
    )
    answer.headers.update(failure.headers or {})  # a 405 says what is allowed instead
    return answer
