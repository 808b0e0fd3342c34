"""Buses on real walks: `transit_times` against walks of `travel_times` and every ride."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import roads_of_grid
from ctg_geo.network import Timetable, ordered, with_profile
from ctg_geo.parameters import Outing, Snapping, TransitRules, TravelProfile
from ctg_geo.travel import transit_times, travel_times
from ctg_geo.travel.transit.loops import FAR
from time_expanded import expected

WALKER = TravelProfile(label="x", mode="car", default_kmh=5, use_stated=False, source="x")
SNAPPING = Snapping(access_kmh=5)
RULES = TransitRules(access_min=16, change_walk_min=9, change_min=2)
MINUTE = 60_000
CASES = ((None, 0, 0), ("15:25", 5, 0), ("15:25", 10, 50), (None, 0, 50))


def points(draw, count, name, *, west):
    """Draw points in the west of the grid or the east, an hour apart on foot."""
    x = draw.uniform(0, 1200, count) + (0 if west else 5200)
    shapes = gpd.points_from_xy(800_000 + x, 6_400_000 + draw.uniform(0, 3000, count))
    return gpd.GeoSeries(shapes, index=[f"{name}{n}" for n in range(count)], crs="EPSG:2154")


def buses(draw):
    """Draw vehicles from west (stops 0 to 5) to east (6 to 11), then others back."""
    made = []
    for number in range(36):
        there = number < 20
        now, calls = int(draw.integers(*((800, 840) if there else (850, 915)))), []
        west, east = draw.permutation(6)[:2], draw.permutation(6)[:2] + 6
        for stop in (*west, *east) if there else (*east, *west):
            calls.append((int(stop), now * MINUTE, now * MINUTE, True, True))
            now += int(draw.integers(1, 5))
        made.append(calls)
    return made


def hops(vehicles):
    rows = [(a[0], b[0], a[2], b[1], v, a[3], b[4], i)
            for v, calls in enumerate(vehicles)
            for i, (a, b) in enumerate(pairwise(calls))]  # fmt: skip
    return ordered(*(np.array(c, bool if k in (5, 6) else np.int64)
                     for k, c in enumerate(zip(*rows, strict=True))))  # fmt: skip


def walks(roads, start, end, limit):
    found = travel_times(roads, start, end, limit_min=limit, snapping=SNAPPING)
    table = [[None] * len(end) for _ in range(len(start))]
    for row, to, ms in zip(found.rows, found.to, found.time_ms, strict=True):
        table[row][to] = int(ms)
    return table


def turned(table):
    return [list(row) for row in zip(*table, strict=True)]


@pytest.mark.parametrize("seed", range(4))
def test_times_over_roads_equal_every_ride_on_every_walk(seed):
    draw = np.random.default_rng(seed)
    roads = with_profile(roads_of_grid.grid(seed=seed), WALKER)
    homes, places = points(draw, 5, "h", west=True), points(draw, 3, "p", west=False)
    at = pd.concat([points(draw, 6, "w", west=True), points(draw, 6, "e", west=False)])
    stops = pd.DataFrame({"name": at.index, "x": at.x, "y": at.y, "station": ""}, index=at.index)
    vehicles, limit = buses(draw), 45
    home_by, stay, percentile = CASES[seed]
    outing = Outing(label="x", weekday="monday", leave_from="13:20", leave_until="13:50",
                    percentile=percentile, home_by=home_by, stay_min=stay)  # fmt: skip
    found = transit_times(
        roads, Timetable(stops, "EPSG:2154", hops(vehicles)), homes, places, limit_min=limit,
        outing=outing, rules=RULES, snapping=SNAPPING,
    )  # fmt: skip
    between = walks(roads, at, at, 9)
    changes = {(i, j): max(between[i][j], 2 * MINUTE) for i in range(len(at))
               for j in range(len(at)) if between[i][j] is not None}  # fmt: skip
    clock = None if home_by is None else (15 * 60 + int(home_by[3:])) * MINUTE
    wanted = expected({
        "vehicles": vehicles, "changes": changes, "access": walks(roads, homes, at, 16),
        "egress": turned(walks(roads, at, places, 16)),
        "direct": turned(walks(roads, homes, places, limit)),
        "access_back": walks(roads, places, at, 16),
        "egress_back": turned(walks(roads, at, homes, 16)),
        "direct_back": walks(roads, places, homes, limit),
        "departures": [minute * MINUTE for minute in range(800, 830)], "limit": limit * MINUTE,
        "percentile": percentile, "home_by": clock, "stay": stay * MINUTE,
    })  # fmt: skip
    dense = np.full(wanted.shape, FAR)
    dense[found.to, found.rows] = found.time_ms
    np.testing.assert_array_equal(dense, wanted)
    walked = travel_times(roads, homes, places, limit_min=limit, snapping=SNAPPING)
    assert len(found.to) > len(walked.to), "no bus is of use: the case tells nothing"
