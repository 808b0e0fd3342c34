"""The same work on several threads: kernels leave Python's lock alone."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

__all__ = ["processors", "together"]


def processors() -> int:
    """Return how many threads run side by side."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def together(work: Callable[[int], None], parts: int) -> None:
    """Do `work(0)` to `work(parts - 1)`, each on its own thread, the first on this one."""
    if parts == 1:
        work(0)
        return
    with ThreadPoolExecutor(parts - 1) as pool:
        others = [pool.submit(work, part) for part in range(1, parts)]
        work(0)
        for other in others:
            other.result()
