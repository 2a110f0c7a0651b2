"""A dashboard's server as a process: started, watched for its memory, ended."""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil
from peers.catalog import Peer, Place

PATIENCE = 120
"""Seconds that a server may take to answer."""
EVERY = 0.05
"""Seconds between two looks at the memory."""


@dataclass
class Server:
    """A running server.

    Attributes:
        process: Its first process.
        port: Where it listens.
        began: When its command was started, in seconds since 1970.
        peak: The most memory of it and its children so far, resident bytes.
    """

    process: subprocess.Popen[bytes]
    port: int
    began: float
    peak: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Where its first page is."""
        return f"http://127.0.0.1:{self.port}"

    def listens(self) -> None:
        """Wait until it takes connections."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.003)
        raise SystemExit(f"no answer from: {' '.join(map(str, self.process.args))}")

    def watch(self) -> None:
        """Look at its memory until it ends."""
        tree = psutil.Process(self.process.pid)
        while not self.done.wait(EVERY):
            self.peak = max(self.peak, _resident(tree))

    @property
    def processor(self) -> float:
        """Processor seconds of it and its children so far."""
        tree = psutil.Process(self.process.pid)
        every = [one.cpu_times() for one in (tree, *tree.children(recursive=True))]
        return sum(one.user + one.system for one in every)

    @property
    def megabytes(self) -> float:
        """The most memory so far."""
        return self.peak / 1e6


def _resident(tree: psutil.Process) -> int:
    """Resident bytes of a process and all below it."""
    total = 0
    with suppress(psutil.Error):
        for one in (tree, *tree.children(recursive=True)):
            with suppress(psutil.Error):
                total += one.memory_info().rss
    return total


@contextmanager
def serving(peer: Peer, place: Place) -> Iterator[Server]:
    """A server from its command to its end."""
    command, port = peer.command, _free_port()
    began = time.time()
    process = subprocess.Popen(
        command(place, port),
        env=peer.surroundings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(process, port, began)
    watcher = threading.Thread(target=server.watch, daemon=True)
    watcher.start()
    try:
        yield server
    finally:
        server.done.set()
        watcher.join()
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all below it."""
    with suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True):
            child.terminate()
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
