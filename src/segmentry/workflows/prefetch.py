"""A small file surveyed in a process of its own, while this one brings up the libraries that fit.

Most of a short run is libraries coming up: one half reads, the other fits, and neither needs the other.
The survey is the same wherever it is made. It is made here where nothing is won by a second process, where
none can be started safely, and where one ends before it has answered.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.errors import SegmentryError
from segmentry.progress import begin, listening

if TYPE_CHECKING:
    from segmentry.pipeline.survey import MakeSurvey, Surveyed
    from segmentry.settings import Settings

MOST_BYTES = 20_000_000
"""Files above this take longer to read than libraries to come up, and their survey longer to hand over."""

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""What the libraries that multiply look at when they are loaded."""


def spare_threads(source: str) -> None:
    """Let the libraries that will be loaded use one thread on a small file, unless somebody said otherwise.

    Its products are so small that a second thread only waits for the next one, on a processor of its own.
    """
    if "numpy" not in sys.modules and _is_small(source):
        for name in THREADS:
            os.environ.setdefault(name, "1")


@contextmanager
def surveyed_ahead(source: str, settings: "Settings") -> "Iterator[MakeSurvey]":
    """Begin the survey of a file; what it gives is called in place of ``make_survey``.

    Args:
        source: The file.
        settings: The settings.
    """
    begun = _Forerunner(source, settings) if _is_worthwhile(source) else None
    try:
        yield _here if begun is None else begun
    finally:
        if begun is not None:
            begun.end()


def _is_worthwhile(source: str) -> bool:
    """Whether the file is small, and this process so young that a copy of it starts as if new.

    Nothing that has threads is loaded yet: a copy would have their locks without the threads.
    """
    young = "numpy" not in sys.modules and threading.active_count() == 1
    return young and sys.platform == "linux" and (os.cpu_count() or 1) > 1 and _is_small(source)


def _is_small(source: str) -> bool:
    with suppress(OSError, ValueError):
        return Path(source).is_file() and Path(source).stat().st_size <= MOST_BYTES
    return False


def _here(source: object, settings: "Settings") -> "Surveyed":
    from segmentry.pipeline.survey import make_survey

    return make_survey(source, settings)


class _Forerunner:
    """A process that makes the survey and tells of its steps."""

    def __init__(self, source: str, settings: "Settings") -> None:
        context = get_context("fork")
        self._inbox, outbox = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_survey, args=(source, settings, self._inbox, outbox), daemon=True
        )
        self._process.start()
        outbox.close()

    def __call__(self, source: object, settings: "Settings") -> "Surveyed":
        """The survey; meanwhile the libraries come up.

        Raises:
            SegmentryError: what the survey ended with.
        """
        threading.Thread(target=_bring_up, daemon=True).start()
        try:
            found = self._listen()
        except (EOFError, OSError):
            found = None
        if isinstance(found, SegmentryError):
            raise found
        return _here(source, settings) if found is None else found

    def _listen(self) -> "Surveyed | SegmentryError":
        while isinstance(said := self._inbox.recv(), str):
            begin(said)
        found: Surveyed | SegmentryError = said
        return found

    def end(self) -> None:
        """Let it go, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._inbox.close()


def _bring_up() -> None:
    """Import what the steps after the survey use."""
    import scipy.cluster.hierarchy  # noqa: F401 - imported to be there
    import sklearn.mixture  # noqa: F401


def _survey(source: str, settings: "Settings", inbox: Connection, outbox: Connection) -> None:
    """Be the forerunner; Ctrl-C is for the process that started it, and with that this one ends."""
    inbox.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with listening(outbox.send):
            outbox.send(_here(source, settings))
    except SegmentryError as failure:
        outbox.send(failure)
    finally:  # what else goes wrong goes wrong again in the first process, where it is seen
        os._exit(0)
