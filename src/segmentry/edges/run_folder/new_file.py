"""Files that appear under their name only when they are complete, and take the place of another only when asked."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from segmentry.edges.work_folder import NEW, put_files, tidy, work_folder
from segmentry.errors import OutputError, reason

PRIVATE = 0o600
"""Who may read a file of customers while it is written: its owner."""


def refuse_taken(path: Path, *, force: bool) -> None:
    """Refuse a name that is taken.

    Raises:
        OutputError: when it is, and may not be replaced.
    """
    if path.exists() and not force:
        raise _taken(path)


def _taken(path: Path) -> OutputError:
    return OutputError(
        f"'{path}' exists already.", hint="Choose another name with --out, or replace it with --force."
    )


def refuse_place(files: Sequence[Path], *, force: bool) -> None:
    """Refuse files before any work is done for them; the first is the one that was named.

    Raises:
        OutputError: when that is a folder or its folder is missing, or one of them exists and may not be replaced.
    """
    path = files[0]
    if path.is_dir():
        raise OutputError(f"'{path}' is a folder.", hint="Give --out the name of a file.")
    for file in files:
        refuse_taken(file, force=force)
    if not path.parent.is_dir():
        raise OutputError(f"There is no folder '{path.parent}'.", hint="Make it, or choose another --out.")


def write_whole(writers: Mapping[Path, Callable[[Path], object]], *, force: bool) -> None:
    """Write files of one folder, of which none has its name before all are complete.

    Args:
        writers: What writes each of them, into the path that it is given.
        force: Whether files of these names may be replaced.

    Raises:
        OutputError: when one of them exists and may not be replaced, or cannot be written; then nothing is changed.
    """
    first = next(iter(writers))
    try:
        tidy(first.parent)
        with work_folder(first.parent, first.name) as work:
            for file, write in writers.items():
                write(work / NEW / file.name)
            for file in writers:
                refuse_taken(file, force=force)
            put_files(work, replace=force)
    except FileExistsError:
        raise _taken(first) from None
    except OSError as failure:
        raise OutputError(
            f"'{first}' cannot be written: {reason(failure)}.", hint="Choose another --out."
        ) from None


def write_private(text: str, path: Path) -> None:
    """Text that only the owner may read."""
    path.touch(mode=PRIVATE)
    path.write_text(text, encoding="utf-8", newline="")
