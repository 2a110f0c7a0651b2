"""Two runs side by side: the pairs that were asked for last."""

import threading

from segmentry.dashboard.data.opened_run import Opened
from segmentry.dashboard.web.errors import Misasked
from segmentry.edges.run_folder.run_pair import RunPair, SavedRun
from segmentry.errors import DataError

KEPT = 2
"""Pairs that are kept."""


class Pairs:
    """The pairs that were asked for last; a run that is written anew is compared anew."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[tuple[object, ...], RunPair] = {}
        self._lock = threading.Lock()

    def of(self, before: Opened, now: Opened) -> RunPair:
        """Two runs, joined.

        Raises:
            Misasked: when they are too large to be joined here.
            ModelError: when one of them cannot be read.
        """
        key = (before.name, before.signature, now.name, now.signature)
        with self._lock:
            found = self._kept.pop(key, None) or _joined(before, now)
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)))
        return found


def _joined(before: Opened, now: Opened) -> RunPair:
    try:
        return RunPair(
            SavedRun(folder=before.folder, run=before.run), SavedRun(folder=now.folder, run=now.run)
        )
    except DataError as failure:
        raise Misasked(failure.what, hint=failure.hint) from failure
