"""A facility resized, opened or moved: incremental access against a full computation.

python benchmarks/scenarios.py [--homes 15000] [--places 600] [--json FILE]

Homes and places stand at random in a square (a stated seed) of 60 km, 50 km/h apart; the decay
reaches 30 minutes. The two accesses are compared first, and the run stops where they differ by
more than 1e-9. Times of new columns are part of no figure: they are those of the road engine.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from figures import add_json, write

from ctg_geo.access import decay, e2sfca
from ctg_geo.scenarios import incremental
from ctg_geo.travel import MS_PER_MIN, TravelTimes
from ctg_geo.travel.times import empty_snaps

SEED, SQUARE_KM, KMH, REACH, BAR_MS, EXACT, REPEAT = 20264, 60, 50, 30, 5.0, 1e-9, 21
SHAPE = decay.steps([10, 20, 30], [1, 0.68, 0.22])


def ground(homes: int, places: int) -> tuple[TravelTimes, pd.Series, pd.Series]:
    """Draw homes, places and the times between those that are near enough."""
    rng = np.random.default_rng(SEED)
    spots = rng.uniform(0, SQUARE_KM, (homes + places, 2))
    away = np.hypot(*(spots[:homes, None] - spots[None, homes:]).transpose(2, 0, 1))
    time_ms = np.rint(away / KMH * 60 * MS_PER_MIN).astype(np.int32)
    near = time_ms <= REACH * MS_PER_MIN
    start = np.concatenate(([0], np.cumsum(near.sum(axis=1)))).astype(np.int64)
    rows, columns = pd.RangeIndex(homes, name="origin"), pd.Index([f"p{j}" for j in range(places)])
    times = TravelTimes(rows, columns, start, np.nonzero(near)[1], time_ms[near], float(REACH),
                        empty_snaps(rows), empty_snaps(columns))  # fmt: skip
    people = pd.Series(rng.integers(0, 30, homes).astype(float), index=rows)
    supply = pd.Series(rng.integers(10, 60, places).astype(float), index=columns)
    supply.iloc[-places // 10 :] = 0.0  # candidates that offer nothing yet
    return times, people, supply


def median_ms(work: Callable[[int], object]) -> float:
    """Return the median time of a work over several runs, each on another place."""
    found = []
    for number in range(REPEAT):
        begun = time.perf_counter()
        work(number)
        found.append(1000 * (time.perf_counter() - begun))
    return statistics.median(found)


def main() -> int:
    """Compare, time and print; 1 where a bar is missed."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--homes", type=int, default=15_000)
    reader.add_argument("--places", type=int, default=600)
    add_json(reader)
    asked = reader.parse_args()
    times, people, supply = ground(asked.homes, asked.places)
    begun = time.perf_counter()
    state = incremental(times, people, supply, decay=SHAPE)
    prepared = 1000 * (time.perf_counter() - begun)
    state.access  # noqa: B018  (made once)
    e2sfca(times, people, supply, decay=SHAPE)  # what is compiled, compiled
    names = list(supply.index)
    cases: dict[str, Callable[[int], dict[str, float]]] = {
        "resize": lambda n: {names[n]: 45.0},
        "open a candidate": lambda n: {names[-1 - n]: 20.0},
        "close": lambda n: {names[n]: 0.0},
        "move": lambda n: {names[n]: 0.0, names[-1 - n]: float(supply.iloc[n])},
    }
    print(f"{asked.homes} homes x {asked.places} places, {len(times.to)} pairs, "
          f"prepared in {prepared:.0f} ms")  # fmt: skip
    missed, figures = False, {"prepare_ms": prepared}
    for name, change in cases.items():
        worst = 0.0
        for number in range(3):
            after = supply.copy()
            for place, size in change(number).items():
                after[place] = size
            full = e2sfca(times, people, after, decay=SHAPE).access
            worst = max(worst, float((state.with_supply(change(number)) - full).abs().max()))
        if worst > EXACT:
            print(f"{name}: differs from a full computation by {worst:.2e}")
            return 1
        fast = median_ms(lambda n, c=change: state.with_supply(c(n)))
        slow = median_ms(lambda _: e2sfca(times, people, supply, decay=SHAPE))
        missed |= fast > BAR_MS
        figures |= {f"{name.replace(' ', '_')}_ms": fast, "full_ms": slow}
        print(f"{name:18} {fast:8.3f} ms  full {slow:8.1f} ms  ratio {slow / fast:7.0f}  "
              f"difference {worst:.1e}")  # fmt: skip
    state.with_people({0: 1.0})  # what is made once, made
    few = median_ms(lambda n: state.with_people({int(n): 100.0, int(n) + 7: 3.0}))
    print(f"{'people at 2 homes':18} {few:8.3f} ms")
    write(asked.json, {**figures, "people_ms": few})
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
