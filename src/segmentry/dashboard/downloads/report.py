"""Files of a run folder that are handed out as they are: the report, under a policy of its own."""

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import Request
from fastapi.responses import Response

from segmentry.dashboard.data.opened_run import Opened
from segmentry.dashboard.web.errors import NotThere

REPORT = "report.html"
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)


def report(opened: Opened, request: Request) -> Response:
    """The report of a run, which holds its style sheet and its pictures and runs nothing.

    Raises:
        NotThere: when the run folder has none.
    """
    try:
        page = (opened.folder / REPORT).read_bytes()
    except OSError:
        raise NotThere(
            "This run has no report.", hint="Write it again: segmentry run SOURCE --out RUN --force."
        ) from None
    tag = f'"{sha256(page).hexdigest()[:16]}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    return Response(
        page,
        media_type="text/html; charset=utf-8",
        headers={"etag": tag, "content-security-policy": policy(page)},
    )


def policy(page: bytes) -> str:
    """What the report may do: be styled by its own sheet, whose fingerprint is said, and show its pictures."""
    sheets = [b64encode(sha256(one).digest()).decode() for one in _STYLE.findall(page)]
    styles = " ".join(f"'sha256-{sheet}'" for sheet in sheets) or "'none'"
    return (
        f"default-src 'none'; style-src {styles}; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
