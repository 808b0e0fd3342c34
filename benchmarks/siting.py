"""Plans of sites: published optima, large real costs, and spopt with CBC in the same run.

`python benchmarks/siting.py [part ...]` writes rows of docs/siting.md: published, large, peers.
Needs the reference data (`CTG_GEO_SHARED`, ../shared by default) and the extra `bench`.
Seconds are of the clock, with the seconds of processor beside them: on a busy machine they part.
"""

import csv
import gzip
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, floyd_warshall
from travel_graphs import luxembourg
from travel_table import BEGIN, END, Line, machine

from ctg_geo.siting import (
    Plan,
    SiteRules,
    capacitated_p_median,
    lscp,
    mclp,
    p_centre,
    p_median,
)
from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.search import search
from ctg_geo.siting.classical.sites import Choice

SHARED = Path(os.environ.get("CTG_GEO_SHARED", "../shared")) / "data"
PAGE = Path(__file__).parent.parent / "docs" / "siting.md"
PARTS = ("published", "large", "peers")
HEAD = ("| job | against | bar | measured | |", "|---|---|---|---|---|")
LIMIT_S, AT_LEAST = 60.0, 15
MS = 60_000
CBC_S = 30  # seconds of processor


@dataclass(frozen=True, slots=True)
class Took:
    """A plan, and how long it took."""

    plan: Plan
    clock_s: float
    processor_s: float

    def __str__(self) -> str:
        return f"{self.clock_s:.1f} s ({self.processor_s:.1f} of processor)"

    @property
    def how(self) -> str:
        """Status and gap."""
        if self.plan.status != "best_found":
            return self.plan.status
        return f"gap {100 * self.plan.gap:.3f} %"


def timed(model: Callable[..., Plan], *given: object, **options: object) -> Took:
    """Run a model once."""
    clock, processor = time.perf_counter(), time.process_time()
    plan = model(*given, **options)
    return Took(plan, time.perf_counter() - clock, time.process_time() - processor)


def orlib() -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Return the instances of OR-Library with distances; of a repeated edge the last counts."""
    folder = SHARED / "reference" / "orlib_pmed"
    with (folder / "optima.csv").open(encoding="utf-8") as file:
        optima = list(csv.DictReader(file))
    for row in optima:
        with gzip.open(folder / f"{row['instance']}.txt.gz", "rt") as file:
            words = file.read().split()
        count = int(words[0])
        edges = np.full((count, count), np.inf)
        for one, other, cost in np.array(words[3:], dtype=int).reshape(-1, 3):
            edges[one - 1, other - 1] = edges[other - 1, one - 1] = cost
        names = [str(each) for each in range(1, count + 1)]
        yield row, pd.DataFrame(floyd_warshall(edges), index=names, columns=names)


def published() -> list[Line]:
    """Solve every instance of OR-Library for the median and the centre."""
    reached = {"median": 0, "centre": 0}
    proven = {"median": [], "centre": []}
    worst, slowest = 0.0, 0.0
    for row, table in orlib():
        people, rules = pd.Series(1.0, index=table.index), SiteRules(new=int(row["p"]))
        off, clock = _heuristic(table, int(row["p"]), float(row["p_median_optimum"]))
        worst = max(worst, off)
        slowest = max(slowest, clock if len(table) <= 500 else 0.0)
        told = [
            f"{row['instance']} n={len(table)} p={row['p']}: swaps {100 * off:.2f} % {clock:.2f} s"
        ]
        for name, model, column in (("median", p_median, "p_median_optimum"),
                                    ("centre", p_centre, "p_center_optimum")):  # fmt: skip
            took = timed(model, table, people, rules, limit_s=LIMIT_S)
            reached[name] += took.plan.value == float(row[column])
            if took.plan.status == "proven":
                proven[name].append(took)
            told.append(f"{name} {took.plan.value:g} {took.how} {took}")
        print("; ".join(told), flush=True)
    lines = []
    for name, found in proven.items():
        fast = sum(took.clock_s <= LIMIT_S for took in found)
        lines += [
            Line(f"OR-Library p-{name}, 20 instances", "all optima", f"{reached[name]} reached",
                 reached[name] == 20),
            Line(f"OR-Library p-{name}, proven", f"{AT_LEAST} within 60 s",
                 f"{len(found)} proven, {fast} of them within 60 s; "
                 f"longest {max(took.clock_s for took in found):.0f} s", fast >= AT_LEAST),
        ]  # fmt: skip
    said = f"{100 * worst:.2f} % at worst; {slowest:.2f} s at most up to n = 500"
    lines.append(Line("OR-Library p-median, swaps alone", "0.5 %, 1 s at n = 500", said,
                      worst <= 0.005 and slowest <= 1.0))  # fmt: skip
    return lines


def _heuristic(table: pd.DataFrame, p: int, optimum: float) -> tuple[float, float]:
    count = len(table)
    choice = Choice(p, False, np.full(count, -1), np.zeros(0, np.int64), np.zeros(count), np.inf)  # noqa: FBT003
    begun = time.perf_counter()
    cost = table.to_numpy().astype(np.int32)
    found = search(Problem.of(cost, np.ones(count), np.full(count, float(cost.max())), choice))
    return found.value / optimum - 1, time.perf_counter() - begun


def real_times(origins: int, sites: int) -> pd.DataFrame:
    """Return driving times in Luxembourg (OpenStreetMap), between random junctions, milliseconds."""  # noqa: E501
    graph = luxembourg(SHARED / "roads")
    order = np.lexsort((graph.time_ms, graph.head, graph.tail))
    tail, head = graph.tail[order], graph.head[order]
    weight = np.maximum(graph.time_ms[order], 1).astype(float)
    first = np.concatenate(([True], (np.diff(tail) != 0) | (np.diff(head) != 0)))
    size = graph.nodes
    turned = csr_array((weight[first], (head[first], tail[first])), shape=(size, size))
    _, part = connected_components(turned, directed=True, connection="strong")
    main = np.flatnonzero(part == np.bincount(part).argmax())
    draw = np.random.default_rng(7)
    homes, places = (
        draw.choice(main, origins, replace=False),
        draw.choice(main, sites, replace=False),
    )
    found = np.empty((origins, sites))
    for at in range(0, sites, 50):
        found[:, at : at + 50] = dijkstra(turned, indices=places[at : at + 50])[:, homes].T
    return pd.DataFrame(found).rename(columns="s{}".format, index="o{}".format)


def large() -> list[Line]:
    """Solve large questions on real times, people from 1 to 29 an origin."""
    lines = []
    jobs = ((5_000, 500, 50, 3.0, 0.001), (20_000, 1_000, 100, 15.0, 0.001))
    for origins, sites, new, bar_s, bar_gap in jobs:
        table = real_times(origins, sites)
        for name, people in _peoples(table):
            took = timed(p_median, table, people, SiteRules(new=new), limit_s=bar_s / 2)
            lines.append(_line(f"p-median {origins:,} × {sites:,}, {name}", took, bar_s, bar_gap))
    people = _peoples(table)[1][1]
    took = timed(mclp, table, people, SiteRules(new=50), within_min=5.0 * MS, limit_s=30.0)
    lines.append(_line("MCLP 20 000 × 1 000, 50 sites, 5 min", took, 40.0, 0.0005))
    near = people.where(table.min(axis=1) <= 5.0 * MS, 0.0)  # those whom a site can be near
    took = timed(lscp, table, near, SiteRules(), within_min=5.0 * MS, limit_s=20.0)
    lines.append(_line("LSCP 20 000 × 1 000, 5 min", took, 20.0, 0.0))
    table = real_times(1_000, 200) / MS
    for name, people in _peoples(table):
        rules = SiteRules(new=20, largest=float(np.ceil(1.25 * people.sum() / 20)))
        took = timed(capacitated_p_median, table, people, rules, limit_s=50.0)
        lines.append(_line(f"capacitated p-median 1 000 × 200, {name}", took, 60.0, 0.001))
    return lines


def _peoples(table: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    draw = np.random.default_rng(1)
    return [
        ("one person an origin", pd.Series(1.0, index=table.index)),
        ("1 to 29 people", pd.Series(draw.integers(1, 30, len(table)) * 1.0, index=table.index)),
    ]


def _line(job: str, took: Took, bar_s: float, bar_gap: float) -> Line:
    plan = took.plan
    bar = f"{'proven' if bar_gap == 0 else f'gap < {100 * bar_gap:g} %'} in {bar_s:g} s"
    met = took.clock_s <= bar_s and (plan.status == "proven" or plan.gap <= bar_gap > 0)
    print(job, took.how, took, flush=True)
    return Line(job.replace(",000", " 000"), bar, f"{took.how}, {took}", met)


def peers() -> list[Line]:
    """Solve the same questions with spopt and CBC, built and solved, one after the other."""
    import pulp  # noqa: PLC0415
    from spopt.locate import LSCP, MCLP, PMedian  # noqa: PLC0415

    def solved(build: Callable[[], object]) -> tuple[float, float]:
        begun = time.perf_counter()
        model = build()
        try:
            model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=CBC_S))
        except RuntimeError:  # spopt's word for: CBC proved nothing within the limit
            return time.perf_counter() - begun, float("nan")
        return time.perf_counter() - begun, float(model.problem.objective.value())

    lines = []
    table = real_times(1_000, 200) / MS
    people = _peoples(table)[1][1]
    cost, weight = table.to_numpy(), people.to_numpy()
    reach = float(np.ceil(table.min(axis=1).max()))
    jobs = {
        "MCLP 1 000 × 200, 20 sites, 8 min": (
            lambda: MCLP.from_cost_matrix(cost, weight, 8.0, p_facilities=20),
            lambda: mclp(table, people, SiteRules(new=20), within_min=8.0),
        ),
        f"LSCP 1 000 × 200, {reach:g} min": (
            lambda: LSCP.from_cost_matrix(cost, reach),
            lambda: lscp(table, people, SiteRules(), within_min=reach),
        ),
        "p-median 1 000 × 200, 20 sites": (
            lambda: PMedian.from_cost_matrix(cost, weight, p_facilities=20),
            lambda: p_median(table, people, SiteRules(new=20)),
        ),
    }
    for job, (theirs, ours) in jobs.items():
        took = timed(ours)
        took = min((took, timed(ours)), key=lambda each: each.clock_s)
        their_s, their_value = solved(theirs)
        ratio = their_s / took.clock_s
        same = abs(their_value - took.plan.value) <= 1e-6 * abs(their_value)
        value = "same objective" if same else f"{their_value:g} against {took.plan.value:g}"
        if np.isnan(their_value):
            value, same = "no proof of theirs", took.plan.status == "proven"
        said = (
            f"{ratio:.0f}×: ours {took.clock_s:.2f} s {took.how}, theirs {their_s:.1f} s, {value}"
        )
        print(job, said, flush=True)
        lines.append(Line(job, "10×", said, ratio >= 10 and same, ours="spopt + CBC"))
    return lines


def warm() -> None:
    """Compile the loops, which is done once and kept on disk."""
    draw = np.random.default_rng(0)
    for values in (draw.integers(1, 99, (30, 9)).astype(float), draw.random((30, 9))):
        table = pd.DataFrame(values).add_prefix("s")
        people = pd.Series(1.0, index=table.index)
        for model in (p_median, p_centre):
            model(table, people, SiteRules(new=2))
        mclp(table, people, SiteRules(new=2), within_min=float(np.median(values)))
        capacitated_p_median(table, people, SiteRules(new=4, largest=10.0))


def main(asked: list[str]) -> None:
    """Run the parts asked for (all by default); each replaces its own rows of the page."""
    parts = asked or list(PARTS)
    warm()
    made = {"published": published, "large": large, "peers": peers}
    for part in (each for each in PARTS if each in parts):
        note = f"{part}: {machine()}"
        _write(part, note, made[part]())


def _write(part: str, note: str, lines: list[Line]) -> None:
    """Put rows and the note of a part on the page, beside those of the other parts."""
    page = PAGE.read_text(encoding="utf-8")
    kept = page.partition(BEGIN)[2].partition(END)[0].splitlines()
    notes = {line[2:].partition(":")[0]: line[2:] for line in kept if line.startswith("- ")}
    rows = {line.split(" | ")[0]: line for line in kept[1:] if line.startswith("| ")}
    rows.pop("| job", None)
    notes[part] = note
    rows |= {str(line).split(" | ")[0]: str(line) for line in lines}
    told = "\n".join([*(f"- {notes[each]}" for each in PARTS if each in notes), "", *HEAD,
                      *rows.values()])  # fmt: skip
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
