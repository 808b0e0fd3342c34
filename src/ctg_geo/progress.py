"""Loops that may be long say how far they are, once somebody listens."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

__all__ = ["Herald", "Reporter", "listen", "notice", "track"]

T = TypeVar("T")

Reporter = Callable[[Iterable[object], str, int | None], Iterator[object]]
Herald = Callable[[str], None]

_reporter: ContextVar[Reporter | None] = ContextVar("reporter", default=None)
_herald: ContextVar[Herald | None] = ContextVar("herald", default=None)


def track(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Pass `items` through, reporting to the installed listener if there is one."""
    reporter = _reporter.get()
    yield from items if reporter is None else reporter(items, label, total)  # type: ignore[misc]


def notice(label: str) -> None:
    """Announce a step that may last and has no loop to follow, if somebody listens."""
    herald = _herald.get()
    if herald is not None:
        herald(label)


@contextmanager
def listen(reporter: Reporter, herald: Herald | None = None) -> Iterator[None]:
    """Install those who report loops and announce steps for the duration of a `with` block."""
    token, sign = _reporter.set(reporter), _herald.set(herald)
    try:
        yield
    finally:
        _reporter.reset(token)
        _herald.reset(sign)
