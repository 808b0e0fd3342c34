"""What is shown while one waits: a bar for a loop, a line for a step."""

import sys
import time
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import Progress, TaskID

from ctg_geo import labels
from ctg_geo.progress import Herald, Reporter

__all__ = ["bars", "heralded"]

_BAR_AFTER_S = 2.0


def bars(*, shown: bool) -> Reporter:
    """Return a reporter that shows a bar for each loop that has lasted two seconds."""
    live = Progress(console=Console(stderr=True), transient=True)  # one display for nested loops
    open_tasks: list[TaskID] = []

    def report(items: Iterable[object], label: str, total: int | None) -> Iterator[object]:
        listed = list(items) if total is None else items
        count = len(listed) if isinstance(listed, list) else total
        start, task = time.monotonic(), None
        try:
            for done, item in enumerate(listed):
                if shown and task is None and time.monotonic() - start > _BAR_AFTER_S:
                    task = live.add_task(labels.text(f"cli.{label}"), total=count)
                    open_tasks.append(task)
                    live.start()
                if task is not None:
                    live.update(task, completed=done)
                yield item
        finally:
            if task is not None:
                open_tasks.remove(task)
                live.remove_task(task)
                if not open_tasks:
                    live.stop()

    return report


def heralded(*, shown: bool) -> Herald:
    """Return what announces, on the error stream, a step that may last."""

    def announce(label: str) -> None:
        if shown:
            sys.stderr.write(labels.text(f"cli.{label}") + "\n")
            sys.stderr.flush()

    return announce
