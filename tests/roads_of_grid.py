"""A generated town and its country: a grid of roads of known classes, speeds and stops.

Every third row and column is a main road (primary), those between are residential; the middle
of the grid is a built-up area; lights stand on a few crossings. Edges are 500 m, nodes moved a
little so that no two ways take the same time.
"""

import numpy as np
import pandas as pd

from ctg_geo.network import NodeKind, RoadNetwork, from_tables

__all__ = ["grid"]


def grid(side: int = 14, *, seed: int = 0, step_m: float = 500.0) -> RoadNetwork:
    """Return the grid of side × side nodes in EPSG:2154."""
    from dataclasses import replace

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
