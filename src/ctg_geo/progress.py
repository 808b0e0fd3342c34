"""Loops that may be long say how far they are, once somebody listens."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

__all__ = ["Reporter", "listen", "track"]

T = TypeVar("T")

Reporter = Callable[[Iterable[object], str, int | None], Iterator[object]]

_reporter: ContextVar[Reporter | None] = ContextVar("reporter", default=None)


def track(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Pass `items` through, reporting to the installed listener if there is one."""
    reporter = _reporter.get()
    yield from items if reporter is None else reporter(items, label, total)  # type: ignore[misc]


@contextmanager
def listen(reporter: Reporter) -> Iterator[None]:
    """Install `reporter` for the duration of a `with` block."""
    token = _reporter.set(reporter)
    try:
        yield
    finally:
        _reporter.reset(token)
