"""E2SFCA against PySAL access, in one run, on the same ten million pairs.

python benchmarks/access_peers.py [--origins 75000]

Random times (a stated seed), classes of 10, 20 and 30 minutes; needs the extra `bench`. The
scores are compared first; the run stops where they differ.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from access.fca import two_stage_fca
from access.weights import step_fn

from ctg_geo.access import decay, e2sfca
from ctg_geo.travel import MS_PER_MIN, TravelTimes
from ctg_geo.travel.times import empty_snaps

SEED, PLACES, NEAR, BAR, REPEAT = 20261, 200, 0.67, 150, 5


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


def main() -> None:
    """Compare, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--origins", type=int, default=75_000)
    times, people, places = ground(parser.parse_args().origins)
    shape = decay.steps([10, 20, 30], [1, 0.68, 0.22])
    cost = pd.DataFrame({"origin": times.rows, "dest": times.to, "cost": times.minutes})
    demand, supply = people.to_frame("demand"), places.to_frame("supply")

    def theirs() -> pd.Series:
        return two_stage_fca(
            demand, supply, cost, 30, demand_index=True, supply_index=True,
            weight_fn=step_fn({10: 1, 20: 0.68, 30: 0.22}),
        )  # fmt: skip

    ours = e2sfca(times, people, places, decay=shape).access
    begun = time.perf_counter()
    found = theirs()
    lasted = time.perf_counter() - begun
    if not np.allclose(ours, found.reindex(ours.index), rtol=1e-9):
        raise SystemExit("NOT THE SAME SCORES AS PYSAL")
    each = [timed(lambda: e2sfca(times, people, places, decay=shape)) for _ in range(REPEAT)]
    middle = statistics.median(each)
    print(f"{len(times.to)} pairs; PySAL {lasted:.2f} s; ours {middle * 1000:.1f} ms "
          f"({min(each) * 1000:.1f}-{max(each) * 1000:.1f}); ratio {lasted / middle:.0f}, "
          f"bar {BAR}: {'met' if lasted / middle >= BAR else 'NOT MET'}")  # fmt: skip


if __name__ == "__main__":
    main()
