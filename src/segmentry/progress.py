"""Tells whoever listens what is being done: a progress bar, a stopwatch, or nobody."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Step = Callable[[str], None]
"""Called with the name of each step when it starts."""

_LISTENERS: ContextVar[tuple[Step, ...]] = ContextVar("listeners", default=())


def begin(name: str) -> None:
    """A step of the work starts.

    >>> heard = []
    >>> with listening(heard.append):
    ...     begin("Reading")
    >>> begin("Exploring")
    >>> heard
    ['Reading']
    """
    for step in _LISTENERS.get():
        step(name)


@contextmanager
def listening(step: Step | None) -> Iterator[None]:
    """Call ``step`` with the name of each step that starts inside; whoever listens outside hears it as well."""
    token = _LISTENERS.set(_LISTENERS.get() if step is None else (*_LISTENERS.get(), step))
    try:
        yield
    finally:
        _LISTENERS.reset(token)
