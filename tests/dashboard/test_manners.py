"""How the server treats those who probe, guess, break off and never finish."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient
from uvicorn.server import ServerState

from segmentry.dashboard.access import connections
from segmentry.dashboard.access.download_log import LONGEST, Log
from segmentry.dashboard.access.passwords import FREE, LONGEST_WAIT, MOST_CLIENTS, Gate, hashed
from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """What comes of a coroutine, in a thread of its own: a browser test before may have left a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


PASSWORD = "correct horse battery"  # noqa: S105 - of a test


@pytest.fixture(scope="module")
def stored() -> str:
    return hashed(PASSWORD)


def visitor(runs: Path, lines: list[str]) -> TestClient:
    return TestClient(create_app(Library(runs), log=Log(lines.append)), base_url="http://localhost")


@pytest.mark.parametrize("path", ["/", "/report", "/static/dashboard.css", "/customers.csv", "/nowhere"])
def test_head_gets_what_get_would_get_without_the_content(runs: Path, path: str) -> None:
    """RFC 9110, 9.3.2: the same status and fields; health checks and ``curl -I`` ask so. Nothing was taken."""
    lines: list[str] = []
    client = visitor(runs, lines)
    head = client.head(path)
    assert lines == []
    got = client.get(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers.get("content-length") == got.headers.get("content-length")
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.parametrize(
    "host", ["localhost/evil", "localhost?x", "localhost#x", "evil@localhost", "local host", ""]
)
def test_a_host_with_more_than_a_name_and_a_port_is_refused(runs: Path, host: str) -> None:
    assert visitor(runs, []).get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:80", "[::1]:8765"])
def test_a_name_and_a_port_are_answered(runs: Path, host: str) -> None:
    assert visitor(runs, []).get("/about", headers={"host": host}).status_code == 200


def test_a_line_of_the_log_is_short_whatever_was_asked(runs: Path) -> None:
    lines: list[str] = []
    visitor(runs, lines).get(f"/customers.csv?segment=1&nothing={'x' * 60_000}")
    assert len(lines) == 1
    assert len(json.loads(lines[0])["asked"]) <= LONGEST + 3
    assert json.loads(lines[0])["asked"].startswith("segment=1")


def test_a_stranger_who_guesses_does_not_lock_out_the_owner(stored: str) -> None:
    gate = Gate(stored, clock=lambda: 1_000.0)
    for _ in range(FREE + 5):
        gate.enter("wrong wrong wrong", "203.0.113.9")
    assert gate.wait("203.0.113.9") > 0
    assert gate.enter(PASSWORD, "203.0.113.9") == ""
    assert gate.wait("192.0.2.1") == 0
    assert gate.enter(PASSWORD, "192.0.2.1")


def test_all_addresses_of_a_network_are_counted_together(stored: str) -> None:
    gate = Gate(stored, clock=lambda: 1_000.0)
    for number in range(FREE):
        gate.enter("wrong wrong wrong", f"2001:db8::{number:x}")
    assert gate.wait("2001:db8::ffff") > 0
    assert gate.wait("2001:db8:0:1::1") == 0


def test_ten_thousand_addresses_fill_no_memory_and_get_no_more_guesses(
    stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("segmentry.dashboard.access.passwords.fits", lambda *_: False)
    now = [1_000.0]
    gate = Gate(stored, clock=lambda: now[0])
    for number in range(10_000):
        gate.enter("wrong wrong wrong", f"10.0.{number // 256}.{number % 256}")
    assert len(gate._guesses) <= MOST_CLIENTS + 1  # noqa: SLF001 - what the claim is about
    assert gate.wait("198.51.100.1") > 0
    now[0] += 2 * LONGEST_WAIT
    assert gate.wait("198.51.100.1") == 0


def test_an_upload_that_is_broken_off_is_no_fault_of_the_server(runs: Path) -> None:
    """Uvicorn writes whatever an application raises into the log, with thirty lines of its own code."""
    app = create_app(Library(runs), gate=None)
    scope = {
        "type": "http", "method": "POST", "path": "/api/score", "raw_path": b"/api/score", "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
        "http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 9), "root_path": "",
    }  # fmt: skip
    parts = iter([{"type": "http.request", "body": b"[", "more_body": True}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(parts)

    async def send(message: Any) -> None:
        sent.append(message)

    finished(_awaited(app, scope, receive, send))
    assert [message.get("status") for message in sent][:1] == [400]


async def _awaited(app: Callable[..., Awaitable[None]], *args: Any) -> None:
    await app(*args)


@pytest.mark.parametrize(
    "request_begins",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: local",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf",
    ],
)
def test_a_request_that_is_never_finished_is_given_up(
    monkeypatch: pytest.MonkeyPatch, request_begins: bytes
) -> None:
    monkeypatch.setattr(connections, "LONGEST_REQUEST", 0.2)

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async def begun() -> bytes:
        config = uvicorn.Config(silent, log_level="critical")
        config.load()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: connections.Punctual(config, ServerState(), {}), "127.0.0.1", 0, family=socket.AF_INET
        )
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(request_begins)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        except ConnectionResetError:
            return b""
        finally:
            writer.close()
            server.close()

    assert finished(begun()) == b""
