"""The door: which hosts and origins are answered, who must say a password, and what browsers may do.

The server speaks to this machine alone unless there is a password (FIGURES 9 to 12). Pages run one
script file and one style sheet of our own; nothing inline, nothing from outside, nothing evaluated.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, urlsplit

from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from segmentry.dashboard.access.passwords import COOKIE, Gate

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

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


@dataclass(frozen=True, slots=True)
class Door:
    """Stands before the pages.

    Attributes:
        app: The pages.
        hosts: The names under which they are reached; others are refused.
        gate: The password; None on this machine alone.
    """

    app: App
    hosts: frozenset[str]
    gate: Gate | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or ask for the password."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        await (refused or self.app)(scope, receive, _guarded(send))

    def _refusal(self, scope: Scope) -> Response | None:
        heads = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if host_name(heads.get("host", "")) not in self.hosts:
            return PlainTextResponse("This host is not served here.\n", 400)
        if scope["method"] not in SAFE and not _own(heads):
            return PlainTextResponse("A request from another site is not answered.\n", 403)
        if self.gate is None or scope["path"].startswith(OPEN) or self.gate.knows(cookie(heads)):
            return None
        if scope["path"].startswith("/api/"):
            said = {
                "error": "This dashboard has a password.",
                "hint": "Sign in with POST /login.",
                "where": [],
            }
            return JSONResponse(said, 401)
        return RedirectResponse(f"/login?next={quote(_target(scope), safe='')}", 303)


def host_name(host: str) -> str:
    """The name in a Host header, without the port.

    >>> host_name("LOCALHOST:8765"), host_name("[::1]:8765"), host_name("a@b")
    ('localhost', '::1', '')
    """
    try:
        found = urlsplit(f"//{host}")
    except ValueError:
        return ""
    return "" if found.username is not None else (found.hostname or "")


def cookie(heads: MutableMapping[str, str]) -> str:
    """Our cookie among a request's."""
    pairs = (one.strip().partition("=") for one in heads.get("cookie", "").split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")


def _own(heads: MutableMapping[str, str]) -> bool:
    """Whether a request that sends something comes from our own page, or from a program."""
    origin = heads.get("origin")
    if origin is None:
        return heads.get("sec-fetch-site", "none") in {"none", "same-origin"}
    return urlsplit(origin).netloc == heads.get("host")


def _target(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query else str(scope["path"])


def _guarded(send: Send) -> Send:
    """Every answer with the headers; a route's own stand."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            ours = ((name.encode(), value.encode()) for name, value in HEADERS.items())
            message["headers"] = [*message["headers"], *(one for one in ours if one[0] not in given)]
        await send(message)

    return sending
