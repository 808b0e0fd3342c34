"""Two revisions measured in one run, by ratios: whether a change made the work slower or larger.

python benchmarks/compare.py REV_A REV_B [BENCH ...] [--rounds 3] [--tolerance 0.25]

Each revision is checked out beside the other in a temporary folder. Both are measured by the
benchmarks of *this* tree, in this environment: one ruler, two things measured. Rounds go A B,
B A, A B, so that a machine that warms up or is shared weighs on both alike; the ratio of a
figure is the median of its ratios round by round. Less is better for every figure.

Exit codes: 0 alike or better; 1 a figure of B is beyond the tolerance, or a benchmark that A runs
fails on B; 2 misuse. A benchmark that A cannot run (it measures what A has not) is told.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
BENCHES = {  # the short run of each
    "main_job": ["--runs", "1"],
    "access_peers": ["--origins", "20000"],
    "scenarios": [],
    "uncertainty": ["--draws", "200", "--reaches", "15"],
}
Figures = Mapping[str, float]


class Row(NamedTuple):
    """A figure of both revisions: medians, the middle ratio B / A and its range."""

    bench: str
    figure: str
    a: float
    b: float
    ratio: float
    least: float
    most: float


class Failed(NamedTuple):
    """Why a benchmark did not end: the last line it said."""

    why: str


def rows_of(bench: str, a: Iterable[Figures], b: Iterable[Figures]) -> list[Row]:
    """Compare figures measured in rounds; those that one revision lacks are left out.

    Parameters
    ----------
    a, b : by round, the figures of each revision, by name
    """
    rounds = list(zip(a, b, strict=True))
    shared = [name for name in rounds[0][0] if all(name in one and name in two
                                                   for one, two in rounds)]  # fmt: skip
    made = []
    for name in shared:
        pairs = [(one[name], two[name]) for one, two in rounds]
        ratios = [two / one if one else float("inf") if two else 1.0 for one, two in pairs]
        middle = [statistics.median(each) for each in zip(*pairs, strict=True)]
        made.append(Row(bench, name, middle[0], middle[1], statistics.median(ratios),
                        min(ratios), max(ratios)))  # fmt: skip
    return made


def table_of(rows: Iterable[Row], tolerance: float) -> str:
    """Write rows as a table of Markdown, with a verdict each."""
    lines = ["| bench | figure | A | B | B / A | range | |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| {each.bench} | {each.figure} | {each.a:.4g} | {each.b:.4g} | {each.ratio:.2f} | "
        f"{each.least:.2f}-{each.most:.2f} | {verdict(each, tolerance)} |"
        for each in rows
    ]
    return "\n".join(lines)


def verdict(row: Row, tolerance: float) -> str:
    """Tell whether B is worse, better or alike, within a tolerance."""
    if row.ratio > 1 + tolerance:
        return "**worse**"
    return "better" if row.ratio < 1 / (1 + tolerance) else "alike"


@contextmanager
def checked_out(revision: str, folder: Path, repository: Path) -> Iterator[Path]:
    """Check out a revision in a folder, and measure it by the benchmarks of this repository."""
    git = ["git", "-C", str(repository), "worktree"]
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), revision], check=True)
    try:
        ruler = folder / "benchmarks"
        ruler.mkdir(exist_ok=True)
        for file in (repository / "benchmarks").glob("*.py"):
            (ruler / file.name).write_bytes(file.read_bytes())
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def measured(tree: Path, bench: str, options: Iterable[str], cache: Path) -> Figures | Failed:
    """Run a benchmark on the code of a tree and return its figures."""
    out = cache / f"{bench}.json"
    out.unlink(missing_ok=True)
    settings = {**os.environ, "PYTHONPATH": str(tree / "src"), "CTG_GEO_CACHE": str(cache),
                "NUMBA_CACHE_DIR": str(cache / "compiled")}  # fmt: skip
    command = [sys.executable, f"benchmarks/{bench}.py", *options, "--json", str(out)]
    done = subprocess.run(command, cwd=tree, env=settings, capture_output=True, text=True,
                          check=False)  # fmt: skip
    if not out.exists():  # a bar that is missed fails too, and still has its figures
        said = (done.stderr or done.stdout).strip().splitlines()
        return Failed(said[-1] if said else f"exit code {done.returncode}")
    found: Figures = json.loads(out.read_text(encoding="utf-8"))
    return found


def compared(
    trees: tuple[Path, Path], bench: str, options: Iterable[str], *, rounds: int, caches: Path
) -> list[Row] | tuple[Figures | Failed, Figures | Failed]:
    """Measure a benchmark in rounds; where a tree cannot run it, return what each gave."""
    given = list(options)
    found: tuple[list[Figures], list[Figures]] = ([], [])
    for number in range(rounds):
        each: dict[int, Figures | Failed] = {}
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            cache = caches / "AB"[side]
            cache.mkdir(parents=True, exist_ok=True)
            print(f"{bench}: round {number + 1} of {rounds}, {'AB'[side]}", file=sys.stderr)
            each[side] = measured(trees[side], bench, given, cache)
        one, two = each[0], each[1]
        if isinstance(one, Failed) or isinstance(two, Failed):
            return one, two
        found[0].append(one)
        found[1].append(two)
    return rows_of(bench, *found)


def main(arguments: list[str] | None = None, repository: Path = ROOT) -> int:
    """Compare, print, and tell by the exit code whether B is within the tolerance."""
    shown = argparse.RawDescriptionHelpFormatter
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=shown)
    reader.add_argument("a", metavar="REV_A")
    reader.add_argument("b", metavar="REV_B")
    reader.add_argument("benches", metavar="BENCH", nargs="*", default=list(BENCHES),
                        help=f"of {', '.join(BENCHES)}; or any that takes --json")  # fmt: skip
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--tolerance", type=float, default=0.25,
                        help="how much more than A is still alike; 0.25 by default")  # fmt: skip
    asked = reader.parse_args(arguments)
    mistake = _mistake(asked, repository)
    if mistake:
        reader.error(mistake)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        with (
            checked_out(asked.a, place / "a", repository) as one,
            checked_out(asked.b, place / "b", repository) as two,
        ):
            return _report(asked, (one, two), place / "caches")


def _mistake(asked: argparse.Namespace, repository: Path) -> str:
    """Say what of a call cannot be; "" where all can."""
    for revision in (asked.a, asked.b):
        wanted = f"{revision}^{{commit}}"
        known = ["git", "-C", str(repository), "rev-parse", "--quiet", "--verify", wanted]
        if subprocess.run(known, capture_output=True, check=False).returncode:
            return f"no such revision: {revision}"
    for bench in asked.benches:
        if not (repository / "benchmarks" / f"{bench}.py").is_file():
            return f"no such benchmark: {bench}"
    if asked.rounds < 1 or asked.tolerance < 0:
        return "rounds are 1 or more, the tolerance is 0 or more"
    return ""


def _report(asked: argparse.Namespace, trees: tuple[Path, Path], caches: Path) -> int:
    """Print the table of all benchmarks and what could not be measured."""
    rows: list[Row] = []
    failed = False
    for bench in asked.benches:
        made = compared(trees, bench, BENCHES.get(bench, []), rounds=asked.rounds, caches=caches)
        if isinstance(made, list):
            rows += made
            continue
        for revision, each in zip((asked.a, asked.b), made, strict=True):
            if isinstance(each, Failed):
                print(f"{bench}: not measured at {revision}: {each.why}")
        failed |= not isinstance(made[0], Failed)
    load = os.getloadavg()[0]
    print(f"A = {asked.a}, B = {asked.b}; {asked.rounds} rounds; load {load:.1f} at the end.\n")
    print(table_of(rows, asked.tolerance))
    worse = [each for each in rows if verdict(each, asked.tolerance) == "**worse**"]
    return int(failed or bool(worse))


if __name__ == "__main__":
    raise SystemExit(main())
