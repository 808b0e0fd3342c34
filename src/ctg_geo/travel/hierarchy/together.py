"""The same work on several threads: kernels and hashes leave Python's lock alone."""

import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

__all__ = ["THREADS", "processors", "together"]

THREADS = "CTG_GEO_THREADS"


def processors() -> int:
    """Return how many threads run side by side: `CTG_GEO_THREADS`, or one a core."""
    asked = os.environ.get(THREADS, "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def together(work: Callable[[int, int], None], items: int, workers: int) -> None:
    """Do `work(item, worker)` for each item; whoever is free takes the next.

    The first worker is this thread: on a busy machine, where the others are slow to start, it
    does not wait for them.
    """
    if min(items, workers) <= 1:
        for item in range(items):
            work(item, 0)
        return
    queue = itertools.count()  # next() is whole

    def labour(worker: int) -> None:
        while (item := next(queue)) < items:
            work(item, worker)

    pool = ThreadPoolExecutor(min(items, workers) - 1)
    try:
        others = [pool.submit(labour, worker) for worker in range(1, min(items, workers))]
        labour(0)
        for other in others:
            if not other.cancel():
                other.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
