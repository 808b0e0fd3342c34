"""Times by public transport on a generated territory: reading the feed, the day, the search.

python benchmarks/transit.py [--homes 500] [--places 54] [--trips 15000]

A seeded grid of 10 000 road nodes 400 m apart; lines of 25 stops along its rows and columns,
1 500 stops; trips spread over 5:00 to 21:00. The feed is written as a zip and read back. Prints
seconds, best of three, the compiler warm (its first use is told apart).
"""

import argparse
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import Transformer

from ctg_geo.network import RoadNetwork, Timetable, from_tables, running, with_profile
from ctg_geo.parameters import Outing, Snapping, TransitRules, TravelProfile
from ctg_geo.sources import Feed, read_gtfs, usual_day
from ctg_geo.travel import transit_times

SEED, SIDE, STEP_M, LINES, CALLS = 20265, 100, 400.0, 60, 25
X0, Y0, CRS = 840_000, 6_420_000, "EPSG:2154"


def roads() -> RoadNetwork:
    """Return the grid, timed for a walker."""
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    names = np.array([f"n{number}" for number in range(SIDE * SIDE)])
    junctions = pd.DataFrame({"x": X0 + STEP_M * column, "y": Y0 + STEP_M * row}, index=names)
    across = np.flatnonzero(column < SIDE - 1)
    up = np.flatnonzero(row < SIDE - 1)
    start = np.concatenate([across, up])
    end = np.concatenate([across + 1, up + SIDE])
    segments = pd.DataFrame({
        "from_junction": names[start], "to_junction": names[end], "road_class": "residential",
        "length_m": STEP_M, "speed_kmh": np.nan, "direction": "both", "name": "",
        "speed_kind": "mean",
    })  # fmt: skip
    walker = TravelProfile(label="foot", mode="foot", default_kmh=5, use_stated=False, source="x")
    return with_profile(from_tables(junctions, segments, crs=CRS, mode="foot"), walker)


def feed(path: Path, trips: int) -> None:
    """Write the feed: each line is run in both directions, a call every 90 s."""
    draw = np.random.default_rng(SEED)
    mover = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    stops = ["stop_id,stop_name,stop_lat,stop_lon"]
    for line in range(LINES):
        where = draw.integers(5, SIDE - 5)
        for call in range(CALLS):
            along, beside = 4 * call + draw.integers(0, 3), where
            column, row = (along, beside) if line % 2 else (beside, along)
            lon, lat = mover.transform(X0 + STEP_M * column + 20, Y0 + STEP_M * row + 10)
            stops.append(f"{line}_{call},Stop {line} {call},{lat:.6f},{lon:.6f}")
    table = ["route_id,service_id,trip_id"]
    times = ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]
    leaves = np.sort(draw.integers(5 * 3600, 21 * 3600, trips))
    for trip, leave in enumerate(leaves):
        line, back = int(draw.integers(0, LINES)), bool(draw.integers(0, 2))
        table.append(f"L{line},s,T{trip}")
        for call in range(CALLS - 5):
            at = CALLS - 1 - call if back else call
            said = clock(int(leave) + 90 * call)
            times.append(f"T{trip},{said},{said},{line}_{at},{call + 1}")
    routes = ["route_id,route_short_name,route_type", *(f"L{n},{n},3" for n in range(LINES))]
    days = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    weeks = [f"service_id,{days},start_date,end_date", "s,1,1,1,1,1,1,1,20260101,20261231"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for name, lines in {"stops": stops, "trips": table, "stop_times": times,
                            "routes": routes, "calendar": weeks}.items():  # fmt: skip
            box.writestr(f"{name}.txt", "\n".join(lines) + "\n")


def clock(seconds: int) -> str:
    """Write seconds of the day as GTFS does."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def points(count: int, name: str, seed: int) -> gpd.GeoSeries:
    """Draw points over the grid."""
    at = np.random.default_rng(seed).uniform(0, STEP_M * (SIDE - 1), (count, 2))
    shapes = gpd.points_from_xy(X0 + at[:, 0], Y0 + at[:, 1])
    return gpd.GeoSeries(shapes, index=[f"{name}{n}" for n in range(count)], crs=CRS)


def best(what: str, job: Callable[[], object]) -> None:
    """Print the first run of a job, and the best of three more."""
    spent = []
    for _ in range(4):
        start = time.perf_counter()
        job()
        spent.append(time.perf_counter() - start)
    print(f"{what}: {min(spent[1:]):.2f} s (first {spent[0]:.2f} s)")


def main() -> None:
    """Run all."""
    given = argparse.ArgumentParser()
    for name, count in (("homes", 500), ("places", 54), ("trips", 15_000)):
        given.add_argument(f"--{name}", type=int, default=count)
    asked = given.parse_args()
    network, homes = roads(), points(asked.homes, "h", 1)
    places = points(asked.places, "p", 2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bus.zip"
        feed(path, asked.trips)
        read: list[Feed] = []
        best("feed read", lambda: read.append(read_gtfs(path, crs=CRS)))
    day = usual_day([read[0].calendar], "wednesday", within=(), free=(), holidays=False)
    assert day is not None, "the service runs on Wednesdays"
    made: list[tuple[Timetable, int]] = []
    best("day put together",
         lambda: made.append(running(read[:1], day, crs=CRS, on_demand=False)))  # fmt: skip
    timetable = made[0][0]
    print(timetable)
    for back in (None, "18:30"):
        for percentile in (0, 50):
            outing = Outing(label="x", date=day, leave_from="13:30", leave_until="15:30",
                            percentile=percentile, home_by=back)  # fmt: skip

            pairs: list[int] = []

            def job(outing: Outing = outing, pairs: list[int] = pairs) -> None:
                found = transit_times(network, timetable, homes, places, limit_min=60,
                                      outing=outing, rules=TransitRules(),
                                      snapping=Snapping(access_kmh=5))  # fmt: skip
                pairs.append(len(found.to))

            best(f"{asked.homes} homes × {asked.places} places, 2 h, percentile {percentile}, "
                 f"{'way back too' if back else 'outward'}", job)  # fmt: skip
            print(f"  {pairs[0]} pairs within 60 min")


if __name__ == "__main__":
    main()
