"""Serving: a port that is free, a browser that opens, and an end that comes at once."""

import errno
import gc
import logging
import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import FrameType

import uvicorn
from anyio import to_thread

from segmentry.dashboard.access.connections import Punctual
from segmentry.dashboard.access.door import LOCAL
from segmentry.dashboard.access.passwords import Gate, read_hash
from segmentry.dashboard.app import create_app
from segmentry.dashboard.data.runs import Library
from segmentry.errors import UsageError

NEARBY = 50
"""Ports after a busy one that are looked at for a free one."""
LARGEST_PORT = 65535
OFTEN = 2_000
"""New objects after which garbage is looked for; a page makes some thousands."""
WORKERS = 6
"""Pages that are made at once: statements wait for their turn anyway, and every thread holds memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to serve.

    Attributes:
        host: The address to listen on.
        port: The port; 0 for any that is free.
        names: Further names under which the server is reached.
        password_file: Where the password's hash is; needed for any address but this machine's own.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    password_file: Path | None = None


def serve(path: Path, place: Place, *, started: Callable[[str], None], browser: bool) -> None:
    """Serve the runs under a path until told to end.

    Args:
        path: A run folder, or a folder of them.
        place: Where.
        started: Told the address once the server answers.
        browser: Whether to open it in a browser.

    Raises:
        UsageError: when there is no run, the port is taken, or an address other than this machine's
            own is asked for without a password.
    """
    gate = _gate(place)
    library = Library(path)
    listening = listen(place)
    port = listening.getsockname()[1]
    hosts = LOCAL | {place.host.lower(), *(name.lower() for name in place.names)}
    shown = "127.0.0.1" if place.host in {"0.0.0.0", "::"} else place.host  # noqa: S104 - compared only
    url = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
    app = create_app(library, gate=gate, hosts=frozenset(hosts))
    config = uvicorn.Config(
        app,
        http=Punctual,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        proxy_headers=False,
    )
    server = _Server(config, lambda: _started(url, started, browser=browser))
    _tidy_memory()
    server.run(sockets=[listening])


def _tidy_memory() -> None:
    """Look for garbage as often as long-lived programs need it: the command line hardly ever does.

    Runs that are not open any more hold tables and an engine, in cycles that only a collection finds.
    """
    gc.set_threshold(OFTEN)


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End at once: nothing that is open could be lost."""
        super().handle_exit(sig, frame)
        self.force_exit = True
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a broken-off answer is no error now

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        to_thread.current_default_thread_limiter().total_tokens = WORKERS
        await super().startup(sockets)
        self._ready()


def _started(url: str, started: Callable[[str], None], *, browser: bool) -> None:
    started(url)
    if browser:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _gate(place: Place) -> Gate | None:
    if place.password_file is not None:
        return Gate(read_hash(place.password_file))
    if not _this_machine(place.host):
        raise UsageError(
            f"'{place.host}' can be reached from other machines, so it needs a password.",
            hint="Write one with 'segmentry dashboard --hash-password > FILE' and give --password-file FILE.",
        )
    return None


def _this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def listen(place: Place) -> socket.socket:
    """A socket that listens.

    Raises:
        UsageError: when the port is taken or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((place.host, place.port))
    except OSError as failure:
        found.close()
        raise _not_bound(place, failure) from None
    return found


def _not_bound(place: Place, failure: OSError) -> UsageError:
    if failure.errno == errno.EADDRINUSE:
        free = _free_port(place)
        return UsageError(
            f"Port {place.port} of {place.host} is taken: perhaps a dashboard runs there already.",
            hint=f"Try --port {free}." if free else "Try --port 0 for any that is free.",
        )
    if failure.errno in {errno.EACCES, errno.EPERM}:
        return UsageError(f"Port {place.port} may not be used.", hint="Try --port 8765.")
    return UsageError(f"'{place.host}' is no address of this machine.", hint="Leave --host out.")


def _free_port(place: Place) -> int | None:
    for port in range(place.port + 1, min(place.port + NEARBY, LARGEST_PORT)):
        with socket.socket(socket.AF_INET6 if ":" in place.host else socket.AF_INET) as one:
            try:
                one.bind((place.host, port))
            except OSError:
                continue
            return port
    return None
