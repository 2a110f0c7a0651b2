"""One family of errors: every message says what is wrong, where, and what to try."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class SegmentryError(Exception):
    """Something the person at the keyboard can mend.

    Args:
        what: What is wrong, as a sentence that says where.
        hint: What to try, as a sentence.

    >>> print(SegmentryError("The file 'a.csv' is empty.", hint="Check the export."))
    The file 'a.csv' is empty. Check the export.
    """

    def __init__(self, what: str, *, hint: str = "") -> None:
        """Join the two sentences into the one message that people see."""
        self.what = what
        self.hint = hint
        super().__init__(f"{what} {hint}".strip())


class UsageError(SegmentryError, ValueError):
    """The option, setting or argument is not valid."""


class DataError(SegmentryError, ValueError):
    """The data cannot be read, or cannot carry an answer."""


class OutputError(SegmentryError):
    """The result cannot be written where it was asked for."""


class ModelError(SegmentryError):
    """A saved run or model is missing, damaged or does not fit the data."""


MOST_LISTED, LONGEST_NAME = 12, 40


def unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """An error for a name that is not in a catalog, with the nearest one that is.

    >>> print(unknown("clusterer", "kmean", ["kmeans", "ward"]))
    No clusterer is called 'kmean'. Did you mean 'kmeans'? There are: kmeans, ward.
    """
    names = list(known)
    lowered = {one.lower(): one for one in names}
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)
    guess = f"Did you mean '{shortened(lowered[close[0]])}'? " if close else ""
    return UsageError(f"No {kind} is called '{shortened(name)}'.", hint=f"{guess}There are: {listed(names)}.")


def listed(names: Sequence[str]) -> str:
    """Some names for a message: the first dozen, the long ones cut.

    >>> listed(["spend", "visits"])
    'spend, visits'
    >>> listed([str(one) for one in range(99)])
    '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 87 more'
    """
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(map(shortened, names[:MOST_LISTED])) + more


def shortened(text: str) -> str:
    """A name or a value for a message: its first 40 signs."""
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"


def reason(failure: OSError | UnicodeError) -> str:
    """What the system says about a file, without its numbers and names.

    >>> reason(FileNotFoundError(2, "No such file or directory", "a.csv"))
    'no such file or directory'
    """
    if isinstance(failure, UnicodeError):
        return "it is not text in UTF-8"
    said = failure.strerror or str(failure) or type(failure).__name__
    return f"{said[:1].lower()}{said[1:]}"
