"""Lines of the travel benchmark, and the table they make in docs/performance.md."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Line", "machine", "ratio", "ratios", "seconds", "write"]

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table. `met` is None where no bar was set."""

    job: str
    bar: str
    measured: str
    met: bool | None
    ours: str = ""

    def __str__(self) -> str:
        told = {True: "met", False: "**not met**", None: "–"}[self.met]
        return f"| {self.job} | {self.ours} | {self.bar} | {self.measured} | {told} |"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return how many times longer theirs lasted, round by round."""
    return [their / our for our, their in zip(ours, theirs, strict=False)]


def ratio(name: str, found: Sequence[float]) -> str:
    """Tell a ratio: median, and least to most."""
    middle = statistics.median(found)
    spread = f" ({_short(min(found))}–{_short(max(found))})" if len(found) > 1 else ""
    return f"{name} {_short(middle)}×{spread}"


def seconds(found: Sequence[float]) -> str:
    """Tell a time: median, and least to most."""
    middle = statistics.median(found)
    factor, unit = (1000, "ms") if middle < 1 else (1, "s")
    low, high = (_short(each * factor) for each in (min(found), max(found)))
    spread = f" ({low}–{high})" if len(found) > 1 else ""
    return f"{_short(middle * factor)} {unit}{spread}"


def _short(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{value:.3g}"


def machine() -> str:
    """Tell the cores and the make of the processor, and the load before the run."""
    info = Path("/proc/cpuinfo")
    named = [
        line.split(":", 1)[1].strip()
        for line in (info.read_text(encoding="utf-8").splitlines() if info.is_file() else [])
        if line.startswith("model name")
    ]
    model = named[0] if named else platform.processor()
    load = f", load {os.getloadavg()[0]:.1f} before the run" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}{load}"


def write(path: Path, lines: Sequence[Line], notes: Sequence[str]) -> None:
    """Put the table between the marks of a page."""
    head = ["| job | ours | bar | measured: median (least–most) | |", "|---|---|---|---|---|"]
    table = "\n".join([*(f"- {note}" for note in notes), "", *head, *map(str, lines)])
    page = path.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
