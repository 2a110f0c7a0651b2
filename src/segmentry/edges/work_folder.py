"""Work folders: files are made in one and then take their place, so that a killed program leaves nothing torn.

A work folder is hidden, stands beside what it is for, and belongs to the program that holds a lock on a file in
it. The system lets go of the lock when that program ends, however it ends. So everybody can tell what a killed
program left from the work of a living one: the first is finished or undone, and cleared.

```text
.NAME.xxxxxxxx.unfinished/
  owner        the file that is locked
  new/         what is being made
  old/         an earlier folder, while the new one takes its place
  gone/        the same when it is not wanted any more
  placing/     complete files on their way to names that are free
  replacing/   complete files on their way to names that may be taken
```
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".unfinished"
OWNER = "owner"
NEW, OLD, GONE, PLACING, REPLACING = "new", "old", "gone", "placing", "replacing"
LONGEST_STEM = 40
"""Characters of a name that go into the name of its work folder: file systems set limits."""
ATTEMPTS = 20
"""Times that a work folder is made or cleared again when another program comes between."""
STALE_SECONDS = 86_400.0
"""Age from which a work folder counts as left behind where the file system has no locks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owned:
    """A work folder and the open file whose lock says that its program is alive."""

    work: Path
    lock: int


@contextmanager
def work_folder(parent: Path, name: str) -> Iterator[Path]:
    """A work folder of this program, with an empty ``new`` in it; cleared when the block ends.

    Args:
        parent: The folder to make it in.
        name: What it is for.

    Raises:
        OSError: when the folder cannot be written.
    """
    owned = _owned(parent, name)
    try:
        (owned.work / NEW).mkdir()
        yield owned.work
    finally:
        try:
            _end(owned)
        except KeyboardInterrupt:  # told to end while it clears: it clears all the same
            _end(owned)
            raise


def _end(owned: _Owned) -> None:
    with suppress(OSError):
        _settle(owned.work)
    with suppress(OSError):
        os.close(owned.lock)
    _clear(owned.work)


def tidy(parent: Path) -> None:
    """Finish or undo what killed programs were about in a folder, and clear what they left."""
    for work in _left_behind(parent):
        with suppress(OSError):
            _settle(work)
        _clear(work)


def restore(folder: Path) -> None:
    """Put a run folder in order before it is read, in case a program was killed while it changed it."""
    real = Path(os.path.realpath(folder))
    tidy(real if real.exists() else real.parent)


def put_folder(work: Path, path: Path) -> None:
    """Give the finished folder its name, which must be free; an empty folder counts as free.

    Raises:
        OSError: when the name is taken: no system renames a folder over another that holds something.
    """
    with suppress(OSError):
        path.rmdir()
    (work / NEW).rename(path)


def move_away(work: Path, path: Path) -> Path:
    """Where an earlier folder is from now on; it comes back with the end of the work if its name is free then."""
    old = work / OLD / path.name
    old.parent.mkdir()
    path.rename(old)
    return old


def put_files(work: Path, *, replace: bool) -> None:
    """Give the finished files their names beside the work folder: all of them, even if this program is killed.

    Raises:
        FileExistsError: when one of the names is taken and may not be; then none is given.
    """
    if replace:
        (work / NEW).rename(work / REPLACING)
        _replace_files(work)
    else:
        (work / NEW).rename(work / PLACING)
        _place_files(work)


def _replace_files(work: Path) -> None:
    for file, target in _on_their_way(work, REPLACING):
        target.parent.mkdir(exist_ok=True)
        file.replace(target)


def _place_files(work: Path) -> None:
    given: list[Path] = []
    try:
        for file, target in _on_their_way(work, PLACING):
            _give_free_name(file, target)
            given.append(target)
    except BaseException:
        (work / PLACING).rename(work / NEW)
        for target in given:
            target.unlink()
        raise


def _on_their_way(work: Path, where: str) -> list[tuple[Path, Path]]:
    """The files in a part of a work folder, and the name that each is to get; no link leads out of the folder."""
    files = sorted(file for file in _inside(work / where, "**/*") if not file.is_dir())
    pairs = [(file, work.parent / file.relative_to(work / where)) for file in files]
    home = work.parent.resolve()
    return [(file, target) for file, target in pairs if target.parent.resolve().is_relative_to(home)]


def _inside(folder: Path, pattern: str) -> list[Path]:
    """What is in a folder; nothing of what a link leads to, which somebody may have put there."""
    return [] if folder.is_symlink() else list(folder.glob(pattern))


def _give_free_name(file: Path, target: Path) -> None:
    """Rename a file in a single step that fails where the name is taken."""
    try:
        target.hardlink_to(file)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        target.touch(exist_ok=False)
        file.replace(target)
    else:
        file.unlink()


def _settle(work: Path) -> None:
    """Finish what was complete, and undo what was not."""
    for old in _inside(work / OLD, "*"):
        if not (work.parent / old.name).exists():
            old.rename(work.parent / old.name)
    _replace_files(work)
    for file, target in _on_their_way(work, PLACING):
        with suppress(FileExistsError):
            _give_free_name(file, target)


def _clear(work: Path) -> None:
    """Remove a work folder: its lock last, so that the rest of it is found if this program is killed meanwhile.

    Helpers of a killed program may still write into it for a moment.
    """
    with suppress(OSError):
        (work / OLD).rename(work / GONE)
    for _ in range(ATTEMPTS):
        with suppress(OSError):
            for part in work.iterdir():
                if part.is_dir() and not part.is_symlink():
                    shutil.rmtree(part, ignore_errors=True)
                elif part.name != OWNER:
                    part.unlink()
            (work / OWNER).unlink(missing_ok=True)
            work.rmdir()
            return


def _owned(parent: Path, name: str) -> _Owned:
    """A new work folder with its lock; made again where another program cleared it before it was locked."""
    for _ in range(ATTEMPTS):
        work = Path(tempfile.mkdtemp(prefix=f".{name[:LONGEST_STEM]}.", suffix=SUFFIX, dir=parent))
        try:
            if owned := _locked(work):
                return owned
        except BaseException:
            _clear(work)
            raise
    raise FileNotFoundError(f"the work folders in '{parent}' are removed again and again")


def _locked(work: Path) -> _Owned | None:
    """A work folder with its lock; None where another program has cleared it."""
    with suppress(FileNotFoundError):
        lock = os.open(work / OWNER, os.O_RDWR | os.O_CREAT, 0o600)
        with suppress(OSError):  # without locks, its age says whether it is in use
            _lock(lock)
        if (work / OWNER).exists():
            return _Owned(work=work, lock=lock)
        os.close(lock)
    return None


def _left_behind(parent: Path) -> Iterator[Path]:
    """The work folders whose programs are dead, each of them locked while it is looked at."""
    with suppress(OSError):
        for work in sorted(parent.glob(f".*{SUFFIX}")):
            if work.is_dir() and _ours(work):
                yield from _if_left_behind(work)


def _if_left_behind(work: Path) -> Iterator[Path]:
    try:
        lock = os.open(work / OWNER, os.O_RDWR)
    except OSError:
        with suppress(OSError):
            work.rmdir()  # killed before there was a lock: then it is empty
        return
    try:
        if _is_free(lock, work):
            yield work
    finally:
        os.close(lock)


def _ours(work: Path) -> bool:
    """Whether it is a folder of this user's: in a shared folder anybody can make such names."""
    return not hasattr(os, "getuid") or work.lstat().st_uid == os.getuid()


def _is_free(lock: int, work: Path) -> bool:
    try:
        _lock(lock)
    except BlockingIOError:
        return False
    except OSError:
        return time.time() - work.stat().st_mtime > STALE_SECONDS
    return True


if sys.platform == "win32":  # pragma: no cover - other systems have fcntl
    import msvcrt

    def _lock(file: int) -> None:
        """Lock an open file.

        Raises:
            OSError: when another program holds it, or there are no locks.
        """
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        """Lock an open file.

        Raises:
            BlockingIOError: when another program holds it.
            OSError: when there are no locks.
        """
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
