"""The one function that answers: how long from here to there."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel.dijkstra import many_to_many
from ctg_geo.travel.legs import Pairs, legs_in, legs_out, off_road, same_edge
from ctg_geo.travel.snap import Snaps, at_nodes, snap
from ctg_geo.travel.times import TravelTimes, bound_ms

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["travel_times"]


def travel_times(
    network: RoadNetwork,
    origins: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    destinations: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    *,
    limit_min: float | None,
    snapping: Snapping | None = None,
) -> TravelTimes:
    """Fastest times from every origin to every destination.

    Parameters
    ----------
    network : roads with a time per arc
    origins, destinations : points (any CRS, snapped to the nearest edge), or node numbers
        The index of a series names the rows and columns of the result.
    limit_min : minutes; pairs beyond are absent. None for no limit.
    snapping : how points join the road; `Snapping()` by default.

    Returns
    -------
    TravelTimes
        Exact to the millisecond. A pair without a route is absent: one-way streets and
        disconnected parts are honoured. Two points nearer to each other than to the road
        go straight at the access speed; at one place (under 1 m) they are 0 apart.

    Raises
    ------
    TravelError
        If the limit is not positive, an index repeats, a point is empty, a layer of
        points has no CRS, or a number is not a node.

    Examples
    --------
    >>> roads = RoadNetwork.from_arcs([0, 1], [1, 2], [60, 90], [4.9, 4.91, 4.92], [45, 45, 45])
    >>> travel_times(roads, [0, 2], [2], limit_min=None).to_matrix()
    destination    2
    origin
    0            2.5
    2            0.0
    """
    if limit_min is not None and not limit_min > 0:
        raise TravelError("bad_limit", value=limit_min)
    rules = snapping or Snapping()
    start = _snapped(network, origins, rules, name="origin")
    end = _snapped(network, destinations, rules, name="destination")
    limit_ms = bound_ms(limit_min)
    over_roads = many_to_many(network, legs_out(network, start), legs_in(network, end), limit_ms)
    across = off_road(start, end, access_kmh=rules.access_kmh)
    pairs = _merged((over_roads, same_edge(network, start, end), across), limit_ms)
    return _times(pairs, start, end, limit_min)


def _snapped(network: RoadNetwork, points: object, rules: Snapping, *, name: str) -> Snaps:
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    if isinstance(points, gpd.GeoSeries):
        index = _named(points.index, name)
        if points.crs is None:
            raise TravelError("points_crs", name=name)
        if bool((points.isna() | points.is_empty).any()):
            missing = [str(code) for code in points.index[points.isna() | points.is_empty]]
            raise TravelError("points_empty", name=name, codes=missing)
        metric = points.to_crs(network.crs)
        return snap(network, metric.x.to_numpy(), metric.y.to_numpy(), index, rules=rules)
    series = isinstance(points, pd.Series)
    numbers = np.asarray(points)
    if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise TravelError("points_kind", name=name)
    index = points.index if series else pd.Index(numbers)  # type: ignore[attr-defined]
    return at_nodes(network, numbers, _named(index, name))


def _named(index: pd.Index, name: str) -> pd.Index:
    if not index.is_unique:
        twice = [str(code) for code in index[index.duplicated()].unique()]
        raise TravelError("index_twice", name=name, codes=twice)
    return index.rename(name) if index.name is None else index


def _merged(parts: tuple[Pairs, ...], limit_ms: float) -> Pairs:
    """Keep the fastest of what joins the same two points."""
    origin = np.concatenate([part.origin for part in parts])
    destination = np.concatenate([part.destination for part in parts])
    time_ms = np.concatenate([part.time_ms for part in parts])
    order = np.lexsort((time_ms, destination, origin))
    order = order[time_ms[order] <= limit_ms]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(origin[order]) != 0) | (np.diff(destination[order]) != 0)
    kept = order[first]
    return Pairs(origin[kept], destination[kept], time_ms[kept])


def _times(pairs: Pairs, start: Snaps, end: Snaps, limit_min: float | None) -> TravelTimes:
    count = np.bincount(pairs.origin, minlength=len(start))
    return TravelTimes(
        origins=start.table.index,
        destinations=end.table.index,
        start=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        to=pairs.destination,
        time_ms=pairs.time_ms,
        limit_min=limit_min,
        origin_snaps=start.table,
        destination_snaps=end.table,
    )
