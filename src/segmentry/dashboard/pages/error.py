"""The page that says what is wrong and what to try, with a way on: the overview, or another run."""

from starlette.requests import Request
from starlette.responses import HTMLResponse

from segmentry.dashboard.data.runs import Library
from segmentry.dashboard.web.templates import laid_out
from segmentry.dashboard.web.url import Address

MOST_RUNS = 50
"""Other runs that are offered."""


def sorry(request: Request, what: str, hint: str, status: int) -> HTMLResponse:
    """The page.

    A run that cannot be read must not stand before the others, as the newest one does that is shown when
    none is asked for: they are offered by their names.

    Args:
        request: What was asked for.
        what: What is wrong.
        hint: What to try.
        status: The HTTP status.
    """
    library: Library = request.app.state.library
    address = Address(path="/", params=tuple(request.query_params.multi_items()))
    names = library.names
    shown = address.one("run") or (names[0] if names else "")
    others = [name for name in names if name != shown][:MOST_RUNS]
    words = {
        "what": what,
        "hint": hint,
        "overview": address.to("/", run=shown if shown in names and address.one("run") else None, k=None),
        "others": tuple((other, address.to("/", run=other, k=None)) for other in others),
    }
    return HTMLResponse(laid_out("sorry.html", words), status)
