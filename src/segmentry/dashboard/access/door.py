"""The door: which hosts and origins are answered, who must say a password, and what browsers may do.

The server speaks to this machine alone unless there is a password (FIGURES 9 to 12). Pages run one
script file and one style sheet of our own; nothing inline, nothing from outside, nothing evaluated.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from segmentry.dashboard.access.passwords import COOKIE, Gate
from segmentry.errors import UsageError

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # nothing to other sites; without any, a browser hides where our form is from
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "private, no-cache",
}
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
OPEN = ("/login", "/static/")
"""What is answered without a password."""
SAFE = frozenset({"GET", "HEAD"})
HEAD = "segmentry.head"
"""What marks a request that wants no more than the head of an answer."""


def guarded(app: ASGIApp, *, hosts: frozenset[str], gate: Gate | None = None) -> ASGIApp:
    """The pages behind the door: every answer carries the headers, refusals too.

    Args:
        app: The pages.
        hosts: The names under which they are reached; requests to other names are refused.
        gate: The password; None on this machine alone.

    Raises:
        UsageError: when a name has a wildcard, which would let other sites' names in.
    """
    for host in sorted(hosts):
        if "*" in host:
            raise UsageError(
                f"'{host}' is not the name of a host.",
                hint="Give each name under which the pages are reached.",
            )
    named = [f"[{host}]" if ":" in host else host for host in sorted(hosts)]
    trusted = TrustedHostMiddleware(Door(app, gate), allowed_hosts=named, www_redirect=False)

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            await trusted({**scope, "method": "GET", HEAD: True}, receive, _with_headers(_without_body(send)))
        else:
            await trusted(scope, receive, _with_headers(send))

    return answering


@dataclass(frozen=True, slots=True)
class Door:
    """Stands before the pages.

    Attributes:
        app: The pages.
        gate: The password; None on this machine alone.
    """

    app: ASGIApp
    gate: Gate | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or ask for the password."""
        refused = self._refusal(Request(scope)) if scope["type"] == "http" else None
        await (refused or self.app)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        if request.method not in SAFE and not _own(request.headers):
            return PlainTextResponse("A request from another site is not answered.\n", 403)
        path: str = request.scope["path"]
        if self.gate is None or path.startswith(OPEN) or self.gate.knows(request.cookies.get(COOKIE, "")):
            return None
        if path.startswith("/api/"):
            said = {
                "error": "This dashboard has a password.",
                "hint": "Sign in with POST /login.",
                "where": [],
            }
            return JSONResponse(said, 401)
        return RedirectResponse(f"/login?next={quote(_target(request), safe='')}", 303)


def _own(heads: Headers) -> bool:
    """Whether a request that sends something comes from our own page, or from a program."""
    origin = heads.get("origin")
    if origin is None:
        return heads.get("sec-fetch-site", "none") in {"none", "same-origin"}
    return urlsplit(origin).netloc == heads.get("host")


def _target(request: Request) -> str:
    path: str = request.scope["path"]
    return f"{path}?{request.url.query}" if request.url.query else path


def _without_body(send: Send) -> Send:
    """Every answer as it is to HEAD: what GET would get, without the content."""

    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


def _with_headers(send: Send) -> Send:
    """Every answer with the headers; a route's own stand."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            ours = ((name.encode(), value.encode()) for name, value in HEADERS.items())
            message["headers"] = [*message["headers"], *(header for header in ours if header[0] not in given)]
        await send(message)

    return sending
