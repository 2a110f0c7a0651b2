"""Who took what: one line for every download."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST = 500
"""Characters of an address in a line: a browser's own is shorter, and anybody can ask for 64 kB."""


def _stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@dataclass(frozen=True, slots=True)
class Log:
    """Writes lines of JSON, so that nothing from the data can be taken for another line.

    Attributes:
        write: Where a line goes.
    """

    write: Callable[[str], None] = _stderr

    def download(self, *, what: str, run: str, rows: int, asked: str, by: str) -> None:
        """Note a download.

        Args:
            what: The file's name.
            run: The run.
            rows: Customers in it.
            asked: The address with the filter.
            by: The address that it went to.
        """
        asked = asked if len(asked) <= LONGEST else f"{asked[:LONGEST]}..."
        moment = datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251 - a log has a clock
        self.write(
            json.dumps({"at": moment, "download": what, "run": run, "rows": rows, "asked": asked, "by": by})
        )
