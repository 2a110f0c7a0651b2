"""Connections that end: who does not finish a request is not waited for."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST_REQUEST = 60.0
"""Seconds in which a request must have come, content included: the largest takes 3 at 10 Mbit/s."""
UNFINISHED = frozenset({h11.IDLE, h11.SEND_BODY})
"""What a client is doing while the rest of a request is waited for."""


class Punctual(H11Protocol):
    """A connection that is closed when a request takes too long to come; an answer may take its time."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._wait()

    def _wait(self) -> None:
        self._stop()
        self._timer = self.loop.call_later(LONGEST_REQUEST, self._end)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        if self.conn.their_state in UNFINISHED:
            self.transport.abort()
        else:
            self._wait()
