"""Copies of this program that are killed before one of their changes of files and folders, or at any instant."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

CHANGES = frozenset({"os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"})
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
SAID = "said.txt"
"""What a command said; writing it is no change."""


def in_child(act: Callable[[], int]) -> int:
    """The process id of a copy of this program that does something and ends with the code that it gives."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        code = act()
    except KeyboardInterrupt:  # told to end before it did anything
        code = 2
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """The exit code of a child, or the signal that ended it as a negative number."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def sent(number: signal.Signals, moment: float, act: Callable[[], int]) -> int:
    """The end of a copy of this program that gets a signal after some seconds."""
    child = in_child(act)
    time.sleep(moment)
    os.kill(child, number)
    return ended(child)


def killed_before(number: int, home: Path, act: Callable[[], int]) -> int:
    """The end of a copy of this program that is killed before its n-th change in a folder."""

    def killed() -> int:
        left = [number]

        def watch(event: str, args: tuple[object, ...]) -> None:
            if is_change(event, args, str(home)):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        return act()

    return ended(in_child(killed))


def changes(home: Path, act: Callable[[], int]) -> int:
    """How many changes a copy of this program makes in a folder."""
    reading, writing = os.pipe()

    def counted() -> int:
        seen = [0]

        def watch(event: str, args: tuple[object, ...]) -> None:
            seen[0] += is_change(event, args, str(home))

        sys.addaudithook(watch)
        code = act()
        os.write(writing, str(seen[0]).encode())
        return code

    code = ended(in_child(counted))
    os.close(writing)
    with os.fdopen(reading) as told:
        if code:
            raise RuntimeError(f"ended with {code}, without being killed")
        return int(told.read())


def is_change(event: str, args: tuple[object, ...], home: str) -> bool:
    """Whether an event of Python's changes a file or folder in a folder."""
    if event == "open":
        path, _, flags = args
        return isinstance(flags, int) and bool(flags & WRITING) and _within(path, home)
    return event in CHANGES and _within(args[0], home)


def _within(path: object, home: str) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return False
    name = str(Path(os.fsdecode(path)).absolute())
    return name.startswith(home) and not name.endswith(SAID)
