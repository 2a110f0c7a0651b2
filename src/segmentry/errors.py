"""One family of errors: every message says what is wrong, where, and what to try."""

from collections.abc import Iterable
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
    """An option, a setting or an argument that cannot be meant."""


class DataError(SegmentryError, ValueError):
    """The data cannot be read, or cannot carry an answer."""


class OutputError(SegmentryError):
    """The result cannot be written where it was asked for."""


class ModelError(SegmentryError):
    """A saved run or model is missing, damaged or does not fit the data."""


def unknown(kind: str, name: str, known: Iterable[str]) -> UsageError:
    """An error for a name that is not in a catalog, with the nearest one that is.

    >>> print(unknown("clusterer", "kmean", ["kmeans", "ward"]))
    No clusterer is called 'kmean'. Did you mean 'kmeans'? There are: kmeans, ward.
    """
    names = list(known)
    lowered = {one.lower(): one for one in names}
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.5)
    guess = f"Did you mean '{lowered[close[0]]}'? " if close else ""
    return UsageError(f"No {kind} is called '{name}'.", hint=f"{guess}There are: {', '.join(names)}.")
