"""Every measure of access, timed, and against PySAL access; writes into docs/performance.md.

python benchmarks/access_peers.py [--data FOLDER] [--origins 75000] [--write] [--json FILE]

1. E2SFCA and PySAL `access` on the same ten million random pairs (a stated seed; 10, 20 and 30
   minutes); scores are compared first, and the run stops where they differ.
2. RAAM and PySAL's on a small case.
3. All measures for 15 000 homes and 600 places on the roads of Luxembourg (`--data`: the folder
   of the road graphs; left out, and said so, where it is missing).

Needs the extra `bench`, which has PySAL access.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from access.fca import two_stage_fca
from access.raam import raam as their_raam
from access.weights import step_fn
from figures import add_json, write

from ctg_geo.access import (
    bfca,
    cumulative_supply,
    decay,
    e2sfca,
    gravity,
    k_nearest,
    m2sfca,
    nearest,
    raam,
    spatial_availability,
    three_step,
    two_step,
)
from ctg_geo.travel import MS_PER_MIN, TravelTimes
from ctg_geo.travel.times import empty_snaps

SEED, PLACES, NEAR, BAR, REPEAT = 20261, 200, 0.67, 150, 5
HOMES, SITES, WITHIN, ALL_BAR_S = 15_000, 600, 30, 3.0
ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- access: begin -->", "<!-- access: end -->"
SHAPE = decay.steps([10, 20, 30], [1, 0.68, 0.22])


def ground(origins: int) -> tuple[TravelTimes, pd.Series, pd.Series]:
    """Draw times within half an hour for two thirds of the pairs, people and places."""
    rng = np.random.default_rng(SEED)
    there = rng.random((origins, PLACES)) < NEAR
    start = np.concatenate(([0], np.cumsum(there.sum(axis=1))))
    to = np.nonzero(there)[1].astype(np.int32)
    time_ms = rng.integers(0, 30 * MS_PER_MIN, len(to)).astype(np.int32)
    rows = pd.RangeIndex(origins, name="origin")
    columns = pd.RangeIndex(PLACES, name="destination")
    snaps = empty_snaps(rows), empty_snaps(columns)
    times = TravelTimes(rows, columns, start, to, time_ms, 30.0, *snaps)
    people = pd.Series(rng.integers(1, 100, origins).astype(float), rows)
    return times, people, pd.Series(rng.integers(1, 50, PLACES).astype(float), columns)


def timed(call: Callable[[], object]) -> float:
    """Return the seconds of a call."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def against_pysal(origins: int, figures: dict[str, float]) -> str:
    """Compare E2SFCA, then measure; the median goes into `figures`."""
    times, people, places = ground(origins)
    cost = pd.DataFrame({"origin": times.rows, "dest": times.to, "cost": times.minutes})
    demand, supply = people.to_frame("demand"), places.to_frame("supply")
    ours = e2sfca(times, people, places, decay=SHAPE).access
    begun = time.perf_counter()
    found = two_stage_fca(
        demand, supply, cost, 30, demand_index=True, supply_index=True,
        weight_fn=step_fn({10: 1, 20: 0.68, 30: 0.22}),
    )  # fmt: skip
    lasted = time.perf_counter() - begun
    if not np.allclose(ours, found.reindex(ours.index), rtol=1e-9):
        raise SystemExit("NOT THE SAME SCORES AS PYSAL")
    each = [timed(lambda: e2sfca(times, people, places, decay=SHAPE)) for _ in range(REPEAT)]
    middle = statistics.median(each)
    ratio = lasted / middle
    figures["e2sfca_ms"] = middle * 1000
    return (
        f"| E2SFCA, {len(times.to)} pairs, same scores as PySAL access ({lasted:.2f} s, one run) | "
        f"{middle * 1000:.0f} ms ({min(each) * 1000:.0f}-{max(each) * 1000:.0f}) | {ratio:.0f}× | "
        f"≥ {BAR}× | {_met(ratio >= BAR)} |"
    )


def raam_beside_pysal() -> str:
    """Settle a small case both ways; people and places are many, for PySAL moves whole people."""
    rng = np.random.default_rng(SEED)
    minutes = rng.uniform(0, 60, (40, 8))
    pairs = pd.DataFrame({
        "origin": np.repeat(np.arange(40), 8), "destination": np.tile(np.arange(8), 40),
        "minutes": minutes.ravel(),
    })  # fmt: skip
    times = TravelTimes.from_frame(pairs, limit_min=60)
    people = pd.Series(rng.integers(1000, 9000, 40), times.origins)
    places = pd.Series(rng.integers(50, 400, 8), times.destinations)
    theirs = their_raam(
        people.to_frame("demand"), places.to_frame("supply"),
        pairs.rename(columns={"destination": "dest", "minutes": "cost"}), tau=60,
    )  # fmt: skip
    ours = raam(times, people.astype(float), places.astype(float), tau_min=60)
    apart = (theirs.reindex(ours.cost.index) - ours.cost).abs()
    return (
        f"RAAM on 40 × 8: costs of PySAL access after 150 cycles differ from ours by "
        f"{apart.max():.2g} at most, {apart.mean():.2g} on average (1 is the mean congestion); "
        f"ours are settled to {ours.excess:.1g} of what people spend."
    )


def measures(roads: Path, figures: dict[str, float]) -> Iterator[str]:
    """Time each measure on real roads; the second of two runs, loops compiled.

    The seconds of each go into `figures`.
    """
    from travel_graphs import luxembourg  # noqa: PLC0415  (needs the data)
    from travel_ground import at  # noqa: PLC0415

    from ctg_geo.network import RoadNetwork  # noqa: PLC0415
    from ctg_geo.travel.hierarchy import engine_of  # noqa: PLC0415
    from ctg_geo.travel.hierarchy.compiled import FAR  # noqa: PLC0415

    graph = luxembourg(roads)
    network = RoadNetwork.from_arcs(graph.tail, graph.head, graph.time_ms / 1000, nodes=graph.nodes)
    rng = np.random.default_rng(SEED)
    homes, sites = (rng.choice(graph.nodes, n, replace=False) for n in (HOMES, SITES))
    dense = engine_of(network).matrix(at(homes), at(sites), FAR - 1)
    near = dense <= WITHIN * MS_PER_MIN
    rows, columns = pd.RangeIndex(HOMES, name="origin"), pd.RangeIndex(SITES, name="destination")
    start = np.concatenate(([0], np.cumsum(near.sum(axis=1))))
    times = TravelTimes(
        rows, columns, start, np.nonzero(near)[1].astype(np.int32), dense[near], float(WITHIN),
        empty_snaps(rows), empty_snaps(columns),
    )  # fmt: skip
    people = pd.Series(rng.integers(1, 100, HOMES).astype(float), rows)
    places = pd.Series(rng.integers(5, 60, SITES).astype(float), columns)
    calls: dict[str, Callable[[], object]] = {
        "nearest": lambda: nearest(times),
        "3 nearest": lambda: k_nearest(times, k=3),
        "cumulative": lambda: cumulative_supply(times, places, within_min=WITHIN),
        "gravity (power)": lambda: gravity(times, places, decay=decay.power(30, exponent=1)),
        "2SFCA": lambda: two_step(times, people, places, reach_min=WITHIN),
        "E2SFCA": lambda: e2sfca(times, people, places, decay=SHAPE),
        "E2SFCA (Gaussian)": lambda: e2sfca(times, people, places, decay=decay.gaussian(30)),
        "M2SFCA": lambda: m2sfca(times, people, places, decay=SHAPE),
        "3SFCA": lambda: three_step(times, people, places, decay=SHAPE),
        "BFCA": lambda: bfca(times, people, places, decay=SHAPE),
        "spatial availability": lambda: spatial_availability(times, people, places, decay=SHAPE),
        "RAAM": lambda: raam(times, people, places),
    }
    lasted: dict[str, float] = {}
    work: dict[str, float] = {}
    for name, call in calls.items():
        call()
        worked = time.process_time()
        lasted[name] = timed(call)
        work[name] = time.process_time() - worked
        yield f"| {name} | {lasted[name]:.3f} s ({work[name]:.3f} s of work) | | | |"
    figures |= {f"{name}_s": seconds for name, seconds in lasted.items()}
    total, done = sum(lasted.values()), sum(work.values())
    yield (
        f"| all measures together, {HOMES} × {SITES}, {len(times.to)} pairs | {total:.2f} s "
        f"({done:.2f} s of work) | | < {ALL_BAR_S:g} s | {_met(total < ALL_BAR_S)} |"
    )


def _met(holds: bool) -> str:  # noqa: FBT001
    return "met" if holds else "**not met**"


def main() -> None:
    """Measure, print and, if asked, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--origins", type=int, default=75_000)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "roads")
    parser.add_argument("--write", action="store_true")
    add_json(parser)
    given = parser.parse_args()
    load, figures = os.getloadavg()[0], dict[str, float]()
    table = [
        f"{os.cpu_count()} cores, load {load:.1f} before the run.", "",
        "| job | ours | ratio | bar | |", "|---|---|---|---|---|",
        against_pysal(given.origins, figures),
    ]  # fmt: skip
    if (given.data / "luxembourg").is_dir():
        table += measures(given.data, figures)
    else:
        table.append(f"| all measures | not measured: no {given.data.name}/luxembourg | | | |")
    table += ["", raam_beside_pysal()]
    print("\n".join(table))
    write(given.json, figures)
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        head, _, rest = page.partition(BEGIN)
        _, _, tail = rest.partition(END)
        lines = "\n".join(table)
        PAGE.write_text(f"{head}{BEGIN}\n{lines}\n{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
