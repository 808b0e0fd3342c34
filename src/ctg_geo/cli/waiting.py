"""What is shown while one waits: a bar for a loop, a line for a step."""

import sys
import time
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from ctg_geo import labels
from ctg_geo.progress import Herald, Reporter

__all__ = ["TimeLeft", "bars", "heralded"]

_BAR_AFTER_S = 2.0
_MINUTE_S = 60


class TimeLeft(ProgressColumn):
    """How long a loop may still last, from the first step that is done; before, how long it has.

    A task tells `began`, when its loop did, and `moved`, when its last step was done.
    """

    def render(self, task: Task) -> Text:
        """Return it in words."""
        now, began = time.monotonic(), float(task.fields["began"])
        if not task.completed or not task.total:
            return Text(_lasting("elapsed", now - began))
        moved = float(task.fields["moved"])
        whole = (moved - began) / task.completed * task.total
        return Text(_lasting("left", max(0.0, whole - (now - began))))


def _lasting(key: str, seconds: float) -> str:
    if seconds < _MINUTE_S:
        return labels.text(f"cli.{key}_seconds", seconds=seconds)
    return labels.text(f"cli.{key}_minutes", minutes=seconds / _MINUTE_S)


def bars(*, shown: bool) -> Reporter:
    """Return a reporter that shows a bar for each loop that has lasted two seconds."""
    columns = (TextColumn("{task.description}"), BarColumn(),
               TextColumn("{task.completed} / {task.total}"), TimeLeft())  # fmt: skip
    live = Progress(*columns, console=Console(stderr=True), transient=True)  # for nested loops
    open_tasks: list[TaskID] = []

    def report(items: Iterable[object], label: str, total: int | None) -> Iterator[object]:
        listed = list(items) if total is None else items
        count = len(listed) if isinstance(listed, list) else total
        start, task = time.monotonic(), None
        try:
            for done, item in enumerate(listed):
                if shown and task is None and time.monotonic() - start > _BAR_AFTER_S:
                    task = live.add_task(labels.text(f"cli.{label}"), total=count,
                                         began=start, moved=start)  # fmt: skip
                    open_tasks.append(task)
                    live.start()
                if task is not None:
                    live.update(task, completed=done, moved=time.monotonic())
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
