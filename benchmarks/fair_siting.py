"""Fair siting on real roads, timed until proven; writes into docs/siting_equity.md.

python benchmarks/fair_siting.py [--data FOLDER] [--limit 60] [--only WORD] [--write]

4 000 cells of Luxembourg (one junction of each square of some 840 m, people by the junctions
in it, a stated seed), 50 places that stand and 150 candidates spread by k-means, 37 000
children, 17.9 places per 100. Bar: floor and shortfall proven within 30 s.

`--data` is the folder of the road graphs; without it nothing is measured, and said so.
"""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ctg_geo.access import decay
from ctg_geo.siting import SiteRules
from ctg_geo.siting.candidates import thinned
from ctg_geo.siting.fair import (
    Covered,
    Floor,
    Gini,
    Ground,
    Limit,
    Objective,
    Severity,
    Shortfall,
    fair_plan,
    frontier,
    ground_of,
)
from ctg_geo.travel import MS_PER_MIN, TravelTimes
from ctg_geo.travel.times import empty_snaps

SEED, CELLS, STANDING, CANDIDATES, SIDE_M = 7, 4_000, 50, 150, 841.5
NEAR = decay.steps([5, 10, 15], [1, 0.68, 0.22])
FAR = decay.steps([10, 20, 30], [1, 0.68, 0.22])
NORM, BAR_S = 0.173, 30.0
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "siting_equity.md"
BEGIN, END = "<!-- fair: begin -->", "<!-- fair: end -->"

Job = tuple[str, bool, Ground, SiteRules, Sequence[Objective], list[Limit]]


@dataclass(frozen=True)
class Land:
    """Cells, people, places that stand and candidates."""

    times: TravelTimes
    people: pd.Series
    standing: pd.Series

    def ground(self, shape: decay.Decay, counted: pd.Series | None = None) -> Ground:
        """Return the ground of plans."""
        return ground_of(self.times, self.people, decay=shape, counted=counted)

    def reached(self, shape: decay.Decay) -> pd.Series:
        """Tell which cells a candidate that is not open yet reaches."""
        near = self.times.within(shape.reach_min)
        new = near.to >= STANDING
        there = np.bincount(near.rows[new], minlength=len(self.people)) > 0
        return pd.Series(there, index=self.times.origins)


def land(roads: Path) -> Land:
    """Draw the cells, and measure times between them by road."""
    from travel_graphs import luxembourg  # noqa: PLC0415  (needs the data)
    from travel_ground import at  # noqa: PLC0415

    from ctg_geo.network import RoadNetwork  # noqa: PLC0415
    from ctg_geo.travel.hierarchy import engine_of  # noqa: PLC0415
    from ctg_geo.travel.hierarchy.compiled import FAR as UNREACHED  # noqa: PLC0415

    graph = luxembourg(roads)
    network = RoadNetwork.from_arcs(graph.tail, graph.head, graph.time_ms / 1000, nodes=graph.nodes)
    with np.load(roads / "luxembourg" / "graph.npz") as file:
        lat, lon = file["latitude"], file["longitude"]
    x = (lon - lon.mean()) * np.cos(np.radians(lat.mean())) * 111_320
    y = (lat - lat.mean()) * 110_574
    square = np.floor(x / SIDE_M).astype(int) * 100_000 + np.floor(y / SIDE_M).astype(int)
    _, cell, count = np.unique(square, return_index=True, return_counts=True)
    rng = np.random.default_rng(SEED)
    people = np.maximum(1.0, np.round(count * rng.lognormal(-1, 0.8, len(count))))
    standing = rng.choice(len(cell), STANDING, replace=False, p=people / people.sum())
    points = pd.DataFrame({"x": x[cell], "y": y[cell]})
    spread = thinned(points, pd.Series(np.sqrt(people)), count=CANDIDATES, seed=0)
    sites = np.r_[standing, spread.index.to_numpy()]
    dense = engine_of(network).matrix(at(cell), at(cell[sites]), UNREACHED - 1)
    near = dense <= FAR.reach_min * MS_PER_MIN
    rows = pd.Index([f"cell{i}" for i in range(len(cell))], name="origin")
    columns = pd.Index(
        [f"place{i}" for i in range(STANDING)] + [f"site{i}" for i in range(len(spread))],
        name="destination",
    )
    start = np.concatenate(([0], np.cumsum(near.sum(axis=1))))
    times = TravelTimes(
        rows, columns, start, np.nonzero(near)[1], dense[near], FAR.reach_min,
        empty_snaps(rows), empty_snaps(columns),
    )  # fmt: skip
    supply = np.round(people.sum() * 0.15 / STANDING * rng.lognormal(0, 0.4, STANDING))
    return Land(times, pd.Series(people, rows), pd.Series(supply, columns[:STANDING]))


def jobs(here: Land) -> Iterator[Job]:
    """List what is solved, and whether the bar is asked of it."""
    few = SiteRules(new=5, smallest=12, largest=60, total=200, existing=here.standing)
    more = SiteRules(new=10, smallest=12, largest=60, total=500, existing=here.standing)
    many = SiteRules(new=30, smallest=12, largest=60, total=900, existing=here.standing)
    bare = SiteRules(
        new=40, smallest=12, largest=120, total=3_000,
        forbidden=frozenset(here.standing.index),
    )  # fmt: skip
    near, far = here.ground(NEAR), here.ground(FAR)
    reach = here.reached(FAR)
    yield "shortfall, 5 sites, 15 min", True, near, few, [Shortfall(NORM)], []
    yield "shortfall, 10 sites, 15 min", True, near, more, [Shortfall(NORM)], []
    yield "shortfall, 10 sites, 30 min", True, far, more, [Shortfall(NORM)], []
    yield "shortfall, 40 sites on bare ground, 15 min", True, near, bare, [Shortfall(NORM)], []
    yield "floor (cells within reach), 30 sites, 30 min", True, far, many, [Floor(reach)], []
    yield "floor (same) on bare ground, 40 sites, 30 min", True, far, bare, [Floor(reach)], []
    both: list[Objective] = [Floor(reach), Shortfall(NORM)]
    yield "floor, then shortfall, 30 sites, 30 min", True, far, many, both, []
    yield "Gini, 10 sites, 30 min", False, far, more, [Gini()], []
    capped = [Limit(Gini(), 0.177)]
    yield (
        "shortfall under a Gini of 0.177, 10 sites, 30 min",
        False,
        far,
        more,
        [Shortfall(NORM)],
        capped,
    )
    yield "severity, 10 sites, 15 min", False, near, more, [Severity(NORM)], []
    yield "people at the norm, 5 sites, 15 min", False, near, few, [Covered(NORM)], []


def measured(here: Land, limit_s: float, only: str) -> Iterator[str]:
    """Solve each job, and write a row."""
    for name, asked, ground, rules, objectives, limits in jobs(here):
        if only not in name:
            continue
        load, began = os.getloadavg()[0], time.perf_counter()
        plan = fair_plan(
            ground, rules, objectives, places="whole", limits=limits, time_limit_s=limit_s
        )
        lasted = time.perf_counter() - began
        met = plan.proven and lasted <= BAR_S
        bar = ("met" if met else "**not met**") if asked else ""
        gap = "proven" if plan.proven else f"gap {max(each.gap for each in plan.stages):.2%}"
        stages = ", ".join(f"{stage.value:.6g}" for stage in plan.stages)
        yield f"| {name} | {lasted:.1f} s | {gap} | {stages} | {load:.1f} | {bar} |"


def along_the_frontier(here: Land) -> str:
    """Draw the frontier of cost and shortfall, a million at a time, and write a row."""
    names = here.times.destinations
    rules = SiteRules(
        new=8, smallest=12, largest=60, existing=here.standing, budget=8e6,
        cost_open=pd.Series(400_000.0, names), cost_place=pd.Series(20_000.0, names),
    )  # fmt: skip
    load, began = os.getloadavg()[0], time.perf_counter()
    found = frontier(
        here.ground(NEAR), rules, Shortfall(NORM), places="whole", step=1e6, time_limit_s=600
    )
    lasted = time.perf_counter() - began
    proven = int((found.points["status"] == "proven").sum())
    told = "complete" if found.complete else "cut short"
    name = "frontier of cost and shortfall, 8 M€, steps of 1 M€, 15 min"
    values = f"{len(found.plans)} plans, {proven} proven"
    return f"| {name} | {lasted:.1f} s | {told} | {values} | {load:.1f} | |"


def main() -> None:
    """Measure, print and, if asked, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "roads")
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if not (given.data / "luxembourg").is_dir():
        print(f"nothing measured: no {given.data.name}/luxembourg")
        return
    here = land(given.data)
    size = f"{len(here.people)} cells, {STANDING} places that stand, {CANDIDATES} candidates"
    table = [
        f"{size}, {here.people.sum():.0f} children, {os.cpu_count()} cores.", "",
        "| job | time | | value | load before | bar |", "|---|---|---|---|---|---|",
    ]  # fmt: skip
    print("\n".join(table))
    for row in measured(here, given.limit, given.only):
        print(row, flush=True)
        table.append(row)
    if given.only in "frontier":
        table.append(along_the_frontier(here))
        print(table[-1])
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(BEGIN)
        _, _, tail = rest.partition(END)
        lines = "\n".join(table)
        PAGE.write_text(f"{head}{BEGIN}\n{lines}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
