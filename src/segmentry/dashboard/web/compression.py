"""Pages made small for the way: gzip for browsers that read it."""

import gzip

from starlette.requests import Request
from starlette.responses import HTMLResponse

LEVEL = 5
"""Beyond it a page gets a hundredth smaller and takes twice as long."""
LEAST = 1_000
"""Bytes from which it is worth it."""


def pressed(request: Request, html: str, status: int = 200) -> HTMLResponse:
    """A page as its browser can take it.

    Args:
        request: What was asked for.
        html: The page.
        status: The HTTP status.
    """
    body = html.encode()
    if len(body) < LEAST or not takes_gzip(request.headers.get("accept-encoding", "")):
        return HTMLResponse(body, status, headers={"vary": "accept-encoding"})
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return HTMLResponse(gzip.compress(body, LEVEL, mtime=0), status, headers=headers)


def takes_gzip(accepted: str) -> bool:
    """Whether a browser reads gzip, from what it says it accepts.

    >>> [takes_gzip(one) for one in ("gzip, br", "br;q=1, GZIP;q=0.5", "gzip;q=0", "identity", "")]
    [True, True, False, False, False]
    """
    for one in accepted.casefold().split(","):
        name, _, quality = one.partition(";")
        if name.strip() == "gzip":
            return quality.replace(" ", "").removeprefix("q=").strip("0.") != "" or not quality
    return False
