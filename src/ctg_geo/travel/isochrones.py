"""The area from which a place is within some minutes, as polygons that keep to the roads."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel.area import beside_roads, lines_of, polygonal
from ctg_geo.travel.between import check_choice, check_limit
from ctg_geo.travel.query import snapped, spending
from ctg_geo.travel.reach import (
    Direction,
    Parts,
    at_nodes,
    both,
    by_place,
    nothing,
    reached,
    rest,
    to_nearest,
)
from ctg_geo.travel.snap import Snaps, joinable
from ctg_geo.travel.times import MS_PER_MIN, bound_ms

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["isochrones"]

logger = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_WIDTHS = (1, 1 / 2, 1 / 4, 1 / 16)  # in which the ground narrows where the time runs out


def isochrones(
    network: RoadNetwork,
    places: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    *,
    minutes: Sequence[float],
    direction: Literal["to", "from"] = "to",
    by: Literal["place", "nearest"] = "place",
    width_m: float = 200,
    snapping: Snapping | None = None,
) -> "gpd.GeoDataFrame":
    """Areas within some minutes of places.

    Parameters
    ----------
    network : roads with a time per arc, in a metric CRS
    places : points (any CRS, snapped to the nearest edge), or node numbers
    minutes : bounds, a time equal to one is within it
    direction : "to": from where one reaches the place; "from": what one reaches from it
    by : "place": areas of each place; "nearest": of all together, the nearest counts
    width_m : how far from the road the area goes at most, metres
    snapping : how points join the road; `Snapping()` by default.

    Returns
    -------
    GeoDataFrame, CRS of the network
        Columns place (missing for "nearest"), minutes, geometry (Polygon or MultiPolygon, with
        its holes; empty where nothing is within); by place, the shortest bound first. The area
        of a longer bound covers that of a shorter one.

    Raises
    ------
    TravelError
        As `travel_times`; and if a bound or the width is not positive, or none is given.

    Notes
    -----
    Each edge is cut where the time runs out, then widened. Ground belongs to the road it is
    nearest to, as a point that is snapped; so a river without a bridge is not leapt over.
    The way from the ground to the road costs time at `snapping.access_kmh`: the area narrows
    towards the ends, in steps of `width_m` (a sixteenth, a quarter, half, all), and to the
    safe side. No one joins a closed class (motorway), so there is no area along it.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    bounds = _checked(minutes, width_m)
    check_choice("direction", direction, tuple(Direction))
    check_choice("by", by, ("place", "nearest"))
    if network.arcs and not len(network.edges):
        raise TravelError("no_roads")
    rules, way = snapping or Snapping(), Direction(direction)
    snaps = spending(snapped(network, places, rules, name="place"), rules, way.of_places)
    edges = joinable(network, rules.closed_classes)
    rows: list[tuple[object, float, shapely.Geometry]] = []
    for number, node_ms in _grouped(network, snaps, bound_ms(bounds[-1]), way, by):
        place = snaps.table.index[number[0]] if by == "place" else None
        mine = snaps.at(number)
        areas = _areas(network, edges, node_ms, mine, (bounds, way, width_m, rules))
        rows += [(place, bound, area) for bound, area in zip(bounds, areas, strict=True)]
    logger.info("isochrones of %d places, %d areas", len(snaps), len(rows))
    table = pd.DataFrame(
        {"place": [row[0] for row in rows], "minutes": [float(row[1]) for row in rows]}
    )
    return gpd.GeoDataFrame(table, geometry=[row[2] for row in rows], crs=network.crs)


def _checked(minutes: Sequence[float], width_m: float) -> list[float]:
    if not len(minutes):
        raise TravelError("no_bounds")
    for value in (*minutes, width_m):
        check_limit(float(value))
    if not np.isfinite([*minutes, width_m]).all():
        raise TravelError("bad_limit", value=float("inf"))
    return sorted({float(value) for value in minutes})


def _grouped(
    network: RoadNetwork,
    snaps: Snaps,
    limit_ms: float,
    direction: Direction,
    by: Literal["place", "nearest"],
) -> Iterator[tuple[Ints, Floats]]:
    """Yield the numbers of places that go together, and the times of `to_nearest`."""
    if by == "nearest":
        if len(snaps):
            yield np.arange(len(snaps)), to_nearest(network, snaps, limit_ms, direction)
        return
    for number, node_ms in by_place(network, snaps, limit_ms, direction):
        yield np.array([number]), node_ms


def _areas(
    network: RoadNetwork,
    edges: Ints,
    node_ms: Floats,
    places: Snaps,
    asked: tuple[list[float], Direction, float, Snapping],
) -> list[shapely.Geometry]:
    """Return the area of each bound, each with the former one in it.

    The ground beside a piece of road is drawn once, at the greatest width and the shortest
    bound that it is reached with; narrower widths add what is left near the ends.
    """
    bounds, direction, width_m, rules = asked
    ends_ms = at_nodes(network, node_ms, direction)
    edges = edges[_at_hand(network, edges, ends_ms, places, width_m)]
    areas: list[shapely.Geometry] = []
    drawn = _Reached(nothing(), -np.inf)
    for bound in bounds:
        parts = [*areas[-1:], *_discs(places, bound_ms(bound), width_m, rules)]
        road_ms = bound_ms(bound) - _ground_ms(rules, direction)
        steps = [drawn]
        for wide_m in (width_m * share for share in _WIDTHS):
            left_ms = road_ms - wide_m / rules.access_kmh * 3600
            found = reached(network, edges, node_ms, places, left_ms, direction)
            steps.append(_Reached(found, left_ms))
            parts.append(_ground(network, edges, ends_ms, (steps[-2], steps[-1]), wide_m))
        drawn = steps[1]
        areas.append(polygonal(shapely.union_all(parts)))
    return areas


@dataclass(frozen=True, slots=True, eq=False)
class _Reached:
    """What is reached with some time left."""

    parts: Parts
    left_ms: float


def _ground(
    network: RoadNetwork,
    edges: Ints,
    node_ms: Floats,
    reach: tuple[_Reached, _Reached],
    wide_m: float,
) -> shapely.Geometry:
    """Return the ground beside what is reached now and was not before."""
    before, now = reach
    length_m = shapely.length(network.edge_lines[edges])
    others = rest(edges, now.parts, length_m)
    fresh = rest(edges, both(before.parts, others), length_m)
    ends = np.concatenate([network.edge_from[edges], network.edge_to[edges]])
    mine = np.isin(edges, fresh.edge)
    near = node_ms[ends] > before.left_ms
    near |= np.concatenate([mine, mine])
    nodes = np.unique(ends[near & (node_ms[ends] <= now.left_ms)])
    points = np.asarray(shapely.points(network.x[nodes], network.y[nodes]), dtype=object)
    lines, rivals = (lines_of(network.edge_lines, each) for each in (fresh, others))
    return beside_roads(lines, points, rivals, wide_m)


def _ground_ms(rules: Snapping, direction: Direction) -> float:
    """Return what is spent at the other end of the trips, on the ground: at most."""
    if direction is Direction.TO:
        return rules.start_min * MS_PER_MIN
    return max(rules.end_min, rules.end_urban_min) * MS_PER_MIN


def _at_hand(
    network: RoadNetwork, edges: Ints, node_ms: Floats, places: Snaps, width_m: float
) -> Ints:
    """Return which edges may be reached, or are near to those that may."""
    at_end = np.isfinite(node_ms[network.edge_from[edges]])
    at_end |= np.isfinite(node_ms[network.edge_to[edges]])
    within = at_end | np.isin(edges, places.edge)
    bounds = shapely.bounds(network.edge_lines[edges])
    if not within.any():
        return np.zeros(0, dtype=np.int64)
    low, high = bounds[within, :2].min(axis=0), bounds[within, 2:].max(axis=0)
    near = (bounds[:, 2:] >= low - 2 * width_m) & (bounds[:, :2] <= high + 2 * width_m)
    return np.flatnonzero(near.all(axis=1))


def _discs(
    places: Snaps, limit_ms: float, width_m: float, rules: Snapping
) -> list[shapely.Geometry]:
    """Return the ground round places that are off the road: nearer to them than to it."""
    off_m = places.table["snap_m"].to_numpy(np.float64)
    reach_m = np.minimum(off_m, min(width_m, limit_ms * rules.access_kmh / 3600))
    some = np.flatnonzero((reach_m > 0) & ~np.isnan(places.x))
    points = shapely.points(places.x[some], places.y[some])
    return list(shapely.buffer(points, reach_m[some]))
