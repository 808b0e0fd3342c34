"""A generated town and its country: a grid of roads of known classes, speeds and stops.

Every third row and column is a main road (primary), those between are residential; the middle
of the grid is a built-up area; lights stand on a few crossings. Edges are 500 m, nodes moved a
little so that no two ways take the same time.
"""

from dataclasses import replace

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.calibration import Trips
from ctg_geo.network import NodeKind, RoadNetwork, from_tables, with_profile
from ctg_geo.parameters import Penalties, Period, TravelProfile

__all__ = ["grid", "observed", "profile", "trips_between"]


def grid(side: int = 14, *, seed: int = 0, step_m: float = 500.0) -> RoadNetwork:
    """Return the grid of side × side nodes in EPSG:2154."""
    draw = np.random.default_rng(seed)
    row, column = np.divmod(np.arange(side * side), side)
    x = 800_000 + step_m * column + draw.normal(0, 40, side * side)
    y = 6_400_000 + step_m * row + draw.normal(0, 40, side * side)
    names = [f"n{number}" for number in range(side * side)]
    junctions = pd.DataFrame({"x": x, "y": y}, index=names)
    across = [(n, n + 1, row[n] % 3 == 0) for n in range(side * side) if column[n] < side - 1]
    up = [(n, n + side, column[n] % 3 == 0) for n in range(side * side) if row[n] < side - 1]
    start, end, main = (np.array(part) for part in zip(*across, *up, strict=True))
    classes = np.where(main, "primary", "residential")
    classes = np.where(main & (row[start] == 6) & (row[end] == 6), "trunk", classes)
    segments = pd.DataFrame(
        {
            "from_junction": np.array(names)[start],
            "to_junction": np.array(names)[end],
            "road_class": classes.astype(object),
            "length_m": np.hypot(x[end] - x[start], y[end] - y[start]),
            "speed_kmh": np.nan,
            "name": "",
            "direction": "both",
        }
    )
    network = from_tables(junctions, segments, crs="EPSG:2154")
    low, high = side // 3, 2 * side // 3
    middle = (row >= low) & (row <= high) & (column >= low) & (column <= high)
    kinds = np.zeros(side * side, dtype=np.int8)
    kinds[draw.choice(side * side, side * side // 5, replace=False)] = NodeKind.SIGNALS
    return replace(network.with_urban(middle[start] & middle[end]), node_kinds=kinds)


def profile(**changes: float) -> TravelProfile:
    """Return a profile of the grid: primary, residential, trunk; town_ before those of towns."""
    said = {
        "primary": 60.0, "residential": 30.0, "trunk": 80.0, "town_primary": 35.0,
        "town_residential": 20.0, "town_trunk": 50.0, "signals": 8.0, "junction": 6.0,
    } | changes  # fmt: skip
    classes = ("primary", "residential", "trunk")
    return TravelProfile(
        label="Voiture",
        default_kmh=40,
        speed_kmh={key: said[key] for key in classes} | {"motorway": 90},
        urban_kmh={key: said[f"town_{key}"] for key in classes},
        period="day",
        periods={
            "day": Period(
                urban=Penalties(signals=said["signals"], junction={"default": said["junction"]})
            ),
            "night": Period(),
        },
        source="test",
    )


def trips_between(
    roads: RoadNetwork, start: npt.ArrayLike, end: npt.ArrayLike, minutes: npt.ArrayLike
) -> Trips:
    """Return trips between nodes of a network."""
    first, last = np.asarray(start), np.asarray(end)
    to_point = np.full(len(first), "", dtype=object)
    return Trips(
        roads.x[first], roads.y[first], roads.x[last], roads.y[last], to_point,
        np.asarray(minutes, dtype=np.float64), roads.crs,
    )  # fmt: skip


def observed(
    roads: RoadNetwork,
    truth: TravelProfile,
    *,
    origins: int,
    each: int,
    noise: float = 0.05,
    outliers: float = 0.05,
    seed: int = 1,
) -> Trips:
    """Return trips as if observed: true times by networkx, noise, and a share times four."""
    draw = np.random.default_rng(seed)
    timed = with_profile(roads, truth)
    graph, joined = timed.to_networkx(), np.flatnonzero(timed.part == 0)
    start = np.repeat(draw.choice(joined, origins, replace=False), each)
    end = draw.choice(joined, len(start))
    far = {node: nx.single_source_dijkstra_path_length(graph, int(node), weight="time_ms")
           for node in np.unique(start)}  # fmt: skip
    true_min = np.array([far[a][b] / 60_000 for a, b in zip(start, end, strict=True)])
    minutes = true_min * np.exp(draw.normal(0, noise, len(start)))
    minutes[draw.random(len(start)) < outliers] *= 4
    return trips_between(roads, start, end, minutes)
