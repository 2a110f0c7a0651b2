"""Servers as they run: two on one folder, killed, ended, on a busy port, without what they need."""

import hashlib
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import segmentry as sg

PATIENCE = 60
"""Seconds after which a server that says nothing is taken for stuck; a busy machine is slow to start."""
AT_ONCE = 10
"""Seconds in which it ends: much less by far, were the machine not shared."""
MANY = 60_000
"""Customers of a download that cannot be over before it is looked at."""
EVERYWHERE = "0.0.0.0"  # noqa: S104 - asked for to be refused
COMMAND = (sys.executable, "-m", "segmentry", "dashboard")


@dataclass(frozen=True, kw_only=True)
class Server:
    """A server in a process of its own.

    Attributes:
        process: The process.
        port: Where it listens.
        lines: What it has written on standard error until it answered.
    """

    process: subprocess.Popen[str]
    port: int
    lines: tuple[str, ...]

    def ask(self, path: str) -> HTTPResponse:
        """The answer to a request; its body is still to be read."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse()

    def read(self, path: str) -> str:
        """The body of an answer, in full."""
        with self.ask(path) as answer:
            assert answer.status == 200
            return answer.read().decode()

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """The exit code and what else was written, after a signal."""
        self.process.send_signal(how)
        code = self.process.wait(AT_ONCE)
        assert self.process.stderr is not None
        return code, self.process.stderr.read()


Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers, and ends those that still run."""
    running: list[subprocess.Popen[str]] = []

    def started(path: Path, *options: str) -> Server:
        command = [*COMMAND, str(path), "--no-browser", *(options or ("--port", "0"))]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        running.append(process)
        return _answering(process)

    yield started
    for process in running:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)
        assert process.stderr is not None
        process.stderr.close()


def _answering(process: subprocess.Popen[str]) -> Server:
    """The server once it has said its address."""
    assert process.stderr is not None
    stuck = threading.Timer(PATIENCE, process.kill)
    stuck.start()
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
            stuck.cancel()
            return Server(process=process, port=int(found[1]), lines=tuple(lines))
    message = f"no server: {''.join(lines)}"
    raise AssertionError(message)


def refused(*arguments: str) -> str:
    """The one message of a server that does not start; nothing else may have been written."""
    done = subprocess.run(
        [*COMMAND, "--no-browser", *arguments], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("segmentry: ")
    assert len(done.stderr.splitlines()) == 1
    return done.stderr.removeprefix("segmentry: ").strip()


def written(folder: Path) -> dict[str, str]:
    """Every file below a folder with what it holds and when it was written."""
    return {
        str(
            one.relative_to(folder)
        ): f"{hashlib.sha256(one.read_bytes()).hexdigest()} {one.stat().st_mtime_ns}"
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run whose customers take a while to be sent."""
    folder = tmp_path_factory.mktemp("large")
    shop = sg.datasets.ecommerce(MANY).customers
    sg.segment(shop, name="shop.csv", effort="quick", k=3).save(folder / "many")
    return folder


def test_two_servers_on_one_folder_both_answer(start: Start, runs: Path) -> None:
    before = written(runs)
    one, other = start(runs), start(runs)
    assert one.port != other.port
    for path in ("/", "/map?segment=1", "/customers?sort=-value", "/segment/2", "/api/segments"):
        assert one.read(path) == other.read(path)
    assert one.end(signal.SIGINT)[0] == 0
    assert "first" in other.read("/")
    assert written(runs) == before


def test_a_server_that_is_killed_loses_nothing(start: Start, large: Path) -> None:
    before, server = written(large), start(large)
    download = server.ask("/customers.csv")
    first = download.read(1000)
    asking = [threading.Thread(target=_ignored, args=(server, f"/map?x0={at}&x1=3")) for at in range(4)]
    for one in asking:
        one.start()
    code, _ = server.end(signal.SIGKILL)
    assert code == -signal.SIGKILL
    for one in asking:
        one.join(PATIENCE)
    download.close()
    assert first.startswith(b'"customer_id","segment","confidence"')
    assert written(large) == before
    again = start(large)
    customers = again.read("/customers.csv").splitlines()
    assert len(customers) == 1 + pq.read_metadata(large / "many" / "customers.parquet").num_rows
    assert f"{MANY:,}" in again.read("/")


def _ignored(server: Server, path: str) -> None:
    """A request whose answer may never come."""
    try:
        server.read(path)
    except (OSError, HTTPException):
        return


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_server_ends_at_once_when_it_is_told_to(start: Start, runs: Path, how: signal.Signals) -> None:
    server = start(runs)
    server.read("/")
    code, said = server.end(how)
    assert code == 0
    assert said.splitlines() == ["The dashboard has ended."]


def test_a_server_ends_at_once_though_a_download_is_open(start: Start, large: Path) -> None:
    server = start(large)
    download = server.ask("/customers.csv")
    assert download.read(12) == b'"customer_id'
    code, said = server.end(signal.SIGINT)
    assert code == 0
    assert said.splitlines()[-1] == "The dashboard has ended."
    assert "Traceback" not in said
    download.close()


def test_a_busy_port_says_which_and_what_to_try(start: Start, runs: Path) -> None:
    server = start(runs)
    said = refused(str(runs), "--port", str(server.port))
    assert said.startswith(
        f"Port {server.port} of 127.0.0.1 is taken: perhaps a dashboard runs there already."
    )
    other = re.search(r"Try --port (\d+)\.$", said)
    assert other
    assert int(other[1]) != server.port
    assert "first" in server.read("/")
    assert "first" in start(runs, "--port", other[1]).read("/")


def test_a_server_that_has_ended_leaves_its_port_to_the_next(start: Start, runs: Path) -> None:
    server = start(runs)
    server.read("/")
    server.end(signal.SIGINT)
    assert start(runs, "--port", str(server.port)).port == server.port


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["none"], "There is no folder 'none'. Make a run first: segmentry run customers.csv."),
        (["good"], "'good' is a file, and the dashboard shows runs. Make one first: segmentry run good."),
        (["empty"], "There is no run in 'empty'. Give a folder that 'segmentry run' wrote"),
        (
            ["RUNS", "--host", EVERYWHERE],
            f"'{EVERYWHERE}' can be reached from other machines, so it needs a password.",
        ),
        (["RUNS", "--host", "203.0.113.7", "--password-file", "good"], "'203.0.113.7' is no address of this"),
        (["RUNS", "--password-file", "bad"], "'bad' holds no password hash."),
        (["RUNS", "--password-file", "gone"], "'gone'"),
        (["RUNS", "--port", "70000"], "65535"),
    ],
)
def test_what_a_server_lacks_is_said_in_one_message(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], said: str
) -> None:
    from segmentry.dashboard.access.passwords import hashed

    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("bad").write_text("letmein\n")
    Path("good").write_text(hashed("correct horse"))
    told = refused(*[str(runs) if one == "RUNS" else one for one in options])
    assert said in told
    assert told.endswith(".")
