"""Roads generated from facts, where no road file is at hand: schematic times.

Chefs-lieux are joined across shared commune borders, and directly where the way round is
much longer; rivers are crossed at their bridges only; motorways and dual carriageways are
axes with exits. See `parameters.schematic` for speeds and detours with their sources, and
`data/README.md` for the measured error.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from ctg_geo import progress
from ctg_geo.network.barriers import crosses, opened, sides, walls_of
from ctg_geo.parameters.schematic import SchematicRules

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["schematic_roads"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]


def schematic_roads(
    communes: "gpd.GeoDataFrame",
    points: "gpd.GeoSeries",
    axes: pd.DataFrame,
    barriers: pd.DataFrame,
    bridges: pd.DataFrame,
    *,
    rules: SchematicRules,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Generate junctions and segments.

    Parameters
    ----------
    communes : by code_insee; population (people, NaN allowed), polygons in a metric CRS
    points : by code_insee, the chef-lieu, same CRS
    axes : axis, order, junction_id, x, y (metres, same CRS), is_exit, road_class; may be empty
    barriers : barrier, side, code_insee ("07*" stands for all codes that begin so)
    bridges : barrier, junction_id, x, y: where barriers are crossed
    rules : speeds, detours, limits

    Returns
    -------
    junctions by junction_id: x, y; segments by segment_id (contracts `junctions`,
    `segments`), both sorted. Lengths are estimates: straight line × detour.
    """
    communes = communes.sort_index()
    points = points.reindex(communes.index)
    x, y = points.x.to_numpy(np.float64), points.y.to_numpy(np.float64)
    walls = walls_of(communes, barriers, rules)
    pairs = _with_shortcuts(_neighbours(communes, barriers, rules), x, y, walls, rules)
    towns = _Towns(communes.index, x, y, communes["population"].to_numpy(np.float64))
    exits = axes[axes["is_exit"]].drop_duplicates("junction_id").sort_values("junction_id")
    stops = [_served(towns, stop, walls, rules) for stop in exits.to_dict("records")]
    crossings = [
        _served(towns, bridge, opened(walls, bridge, rules), rules)
        for bridge in bridges.sort_values("junction_id").to_dict("records")
    ]
    detour = max(1.0, rules.total_detour / _structural_detour(towns, pairs, crossings))
    parts = [
        _links(towns, pairs, detour, rules),
        *(_access(towns, stop, detour, rules) for stop in (*stops, *crossings)),
        _axis_segments(axes, rules),
    ]
    segments = pd.concat([part for part in parts if len(part)] or parts[:1]).sort_index()
    nodes = pd.concat([axes, bridges]).drop_duplicates("junction_id").set_index("junction_id")
    chefs = pd.DataFrame({"x": x, "y": y}, index=communes.index)
    junctions = pd.concat([chefs, nodes[["x", "y"]].astype(float)])
    used = junctions.index.isin([*segments["from_junction"], *segments["to_junction"]])
    kept = used | junctions.index.isin(communes.index)
    return junctions[kept].rename_axis("junction_id").sort_index(), segments


@dataclass(frozen=True, slots=True, eq=False)
class _Towns:
    """Chefs-lieux: code, position (metres), inhabitants."""

    codes: pd.Index
    x: Floats
    y: Floats
    people: Floats


def _neighbours(
    communes: "gpd.GeoDataFrame", barriers: pd.DataFrame, rules: SchematicRules
) -> Ints:
    """Pairs of communes that share a border on one side of every barrier, as rows i < j."""
    shapes = communes.geometry.to_numpy()
    near = shapely.buffer(shapes, rules.tolerance_m)
    i, j = shapely.STRtree(shapes).query(near, predicate="intersects")
    i, j = i[i < j], j[i < j]
    shared = shapely.length(shapely.intersection(near[i], shapely.boundary(shapes[j])))
    kept = shared >= rules.min_border_m + 2 * rules.tolerance_m
    for _, barrier in barriers.groupby("barrier", sort=True):
        side = sides(communes.index, barrier)
        kept &= (side[i] == side[j]) | (side[i] == 0) | (side[j] == 0)
    pairs = np.stack([i[kept], j[kept]], axis=1).astype(np.int64)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _straight(x: Floats, y: Floats, pairs: Ints) -> Floats:
    i, j = pairs[:, 0], pairs[:, 1]
    return np.hypot(x[i] - x[j], y[i] - y[j])


def _with_shortcuts(
    pairs: Ints, x: Floats, y: Floats, walls: Shapes, rules: SchematicRules
) -> Ints:
    """Add direct links where the way by neighbours is much longer, the shortest first."""
    near = KDTree(np.stack([x, y], axis=1)).query_pairs(
        1000 * rules.shortcut_km, output_type="ndarray"
    )
    near = np.sort(near, axis=1).astype(np.int64)
    i, j = near[:, 0], near[:, 1]
    lines = shapely.linestrings(np.stack([np.stack([x[i], y[i]], 1), np.stack([x[j], y[j]], 1)], 1))
    near = near[~crosses(lines, walls)]
    length = _straight(x, y, near)
    order = np.lexsort((near[:, 1], near[:, 0], length))
    for at in progress.track(order.tolist(), "schematic"):
        a, b = near[at]
        way = dijkstra(_graph(pairs, x, y), indices=a, limit=rules.shortcut_ratio * length[at])[b]
        if not np.isfinite(way):
            pairs = np.concatenate([pairs, near[at : at + 1]])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _graph(pairs: Ints, x: Floats, y: Floats) -> csr_array:
    length = np.maximum(_straight(x, y, pairs), 1.0)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    size = len(x)
    return csr_array(
        (np.concatenate([length, length]), (both[:, 0], both[:, 1])), shape=(size, size)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Stop:
    """An exit or a bridge, and the chefs-lieux it serves."""

    junction_id: str
    served: Ints  # numbers of chefs-lieux
    straight_m: Floats


def _served(
    towns: _Towns, stop: dict[Hashable, Any], walls: Shapes, rules: SchematicRules
) -> _Stop:
    """Find the chefs-lieux around an exit or a bridge that no barrier hides."""
    straight = np.hypot(towns.x - stop["x"], towns.y - stop["y"])
    near = np.flatnonzero(straight <= 1000 * rules.exit_km)
    ends = np.stack([towns.x[near], towns.y[near]], axis=1)
    starts = np.broadcast_to([stop["x"], stop["y"]], ends.shape)
    near = near[~crosses(shapely.linestrings(np.stack([starts, ends], axis=1)), walls)]
    return _Stop(str(stop["junction_id"]), near, np.maximum(straight[near], 1.0))


def _structural_detour(towns: _Towns, pairs: Ints, crossings: list[_Stop]) -> float:
    """Mean detour made by going from chef-lieu to chef-lieu, over all pairs that are joined."""
    size = len(towns.x)
    bridge = np.repeat(size + np.arange(len(crossings)), [len(stop.served) for stop in crossings])
    served = np.concatenate([np.zeros(0, np.int64), *(stop.served for stop in crossings)])
    start = np.concatenate([pairs[:, 0], bridge]).astype(np.int64)
    end = np.concatenate([pairs[:, 1], served]).astype(np.int64)
    length = np.concatenate(
        [np.maximum(_straight(towns.x, towns.y, pairs), 1.0), *(s.straight_m for s in crossings)]
    )
    nodes = size + len(crossings)
    graph = csr_array(
        (np.tile(length, 2), (np.concatenate([start, end]), np.concatenate([end, start]))),
        shape=(nodes, nodes),
    )
    way = dijkstra(graph)[:size, :size]
    straight = np.hypot(towns.x[:, None] - towns.x, towns.y[:, None] - towns.y)
    some = np.isfinite(way) & (straight > 0)
    return float((way[some] / straight[some]).mean()) if some.any() else 1.0


def _links(towns: _Towns, pairs: Ints, detour: float, rules: SchematicRules) -> pd.DataFrame:
    """Turn pairs of chefs-lieux into segments."""
    i, j = pairs[:, 0], pairs[:, 1]
    length = _straight(towns.x, towns.y, pairs) * detour
    hours = _hours(length, (towns.people[i], towns.people[j]), rules)
    start, end = towns.codes[i].astype(str), towns.codes[j].astype(str)
    names = [f"{a}-{b}" for a, b in zip(start, end, strict=True)]
    return _segments(names, start, end, "local", length, length / 1000 / hours, "")


def _hours(length_m: Floats, ends: Sequence[Floats], rules: SchematicRules) -> Floats:
    """Time of links between built-up areas: at their speed inside, at the rural one outside."""
    rural = rules.limit_rural_kmh * rules.speed_factor
    radius = [
        1000 * np.sqrt(np.nan_to_num(people) / (rules.urban_density_km2 * np.pi)) for people in ends
    ]
    shrink = np.minimum(1.0, length_m / np.maximum(sum(radius), 1e-9))
    left, hours = length_m.copy(), np.zeros_like(length_m)
    for people, built_up_m in zip(ends, radius, strict=True):
        large = people >= rules.large_town
        speed = np.where(large, rules.speed_large_town_kmh, rules.speed_small_town_kmh)
        left -= built_up_m * shrink
        hours += built_up_m * shrink / 1000 / speed
    return np.maximum(hours + np.maximum(left, 0.0) / 1000 / rural, 1e-9)


def _access(towns: _Towns, stop: _Stop, detour: float, rules: SchematicRules) -> pd.DataFrame:
    """Join an exit or a bridge to the chefs-lieux it serves."""
    length = stop.straight_m * detour
    hours = _hours(length, (towns.people[stop.served],), rules)
    chefs = towns.codes[stop.served].astype(str)
    names = [f"{stop.junction_id}-{code}" for code in chefs]
    start = [stop.junction_id] * len(chefs)
    return _segments(names, start, chefs, "access", length, length / 1000 / hours, "")


def _axis_segments(axes: pd.DataFrame, rules: SchematicRules) -> pd.DataFrame:
    """Join the junctions of each axis in order; an axis hardly strays from the straight line."""
    parts = []
    limits = {"motorway": rules.limit_motorway_kmh, "trunk": rules.limit_trunk_kmh}
    for name, axis in axes.sort_values(["axis", "order"]).groupby("axis", sort=True):
        rows = axis.to_dict("records")
        for one, two in pairwise(rows):
            length = float(np.hypot(one["x"] - two["x"], one["y"] - two["y"]))
            speed = limits.get(two["road_class"], rules.limit_rural_kmh) * rules.speed_factor
            ids = (one["junction_id"], two["junction_id"])
            parts.append(_segments([f"{name}:{ids[0]}-{ids[1]}"], [ids[0]], [ids[1]],
                                   two["road_class"], [length], [speed], str(name)))  # fmt: skip
    return pd.concat(parts) if parts else _segments([], [], [], "motorway", [], [], "")


def _segments(
    names: list[str],
    start: "pd.Index | list[str]",
    end: "pd.Index | list[str]",
    road_class: str,
    length_m: "Floats | list[float]",
    speed_kmh: "Floats | list[float]",
    name: str,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "from_junction": list(start),
            "to_junction": list(end),
            "road_class": road_class,
            "length_m": np.asarray(length_m, dtype=np.float64).round(1),
            "speed_kmh": np.asarray(speed_kmh, dtype=np.float64).round(2),
            "direction": "both",
            "name": name,
        },
        index=pd.Index(names, name="segment_id", dtype=object),
    )
