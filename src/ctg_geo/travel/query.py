"""The one function that answers: how long from here to there."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel.between import between, check_choice, check_limit
from ctg_geo.travel.legs import Pairs, legs_in, legs_out, off_road, same_edge
from ctg_geo.travel.method import METHODS, Method
from ctg_geo.travel.snap import Snaps, at_nodes, snap
from ctg_geo.travel.times import MS_PER_MIN, TravelTimes, bound_ms

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["End", "beside", "snapped", "spending", "travel_times"]

logger = logging.getLogger(__name__)

_ELSEWHERE_KM = 100

End = Literal["origin", "destination", "place"]  # a place is where one arrives


def travel_times(
    network: RoadNetwork,
    origins: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    destinations: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    *,
    limit_min: float | None,
    snapping: Snapping | None = None,
    method: Method | None = None,
) -> TravelTimes:
    """Fastest times from every origin to every destination.

    Parameters
    ----------
    network : roads with a time per arc
    origins, destinations : points (any CRS, snapped to the nearest edge), or node numbers
        The index of a series names the rows and columns of the result.
    limit_min : minutes; pairs beyond are absent. None for no limit.
    snapping : how points join the road; `Snapping()` by default.
    method : plain, bounded or hierarchy, all exact; by default the fastest for the job. The
        result tells which (`TravelTimes.method`).

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
    check_limit(limit_min)
    check_choice("method", method, (*METHODS, None))
    rules = snapping or Snapping()
    start = snapped(network, origins, rules, name="origin")
    end = snapped(network, destinations, rules, name="destination")
    (first, to, time_ms), way = between(
        network, legs_out(network, start), legs_in(network, end), bound_ms(limit_min),
        beside(network, start, end, rules), method,
    )  # fmt: skip
    logger.info("travel times, %d × %d: %s", len(start), len(end), way)
    return TravelTimes(
        origins=start.table.index,
        destinations=end.table.index,
        start=first,
        to=to,
        time_ms=time_ms,
        limit_min=limit_min,
        origin_snaps=start.table,
        destination_snaps=end.table,
        method=way,
    )


def snapped(
    network: RoadNetwork, points: object, rules: Snapping, *, name: End, repeats: bool = False
) -> Snaps:
    """Join points (any CRS) or node numbers to the network, as one end of trips.

    What `rules` spends at that end is `Snaps.terminal_ms`; node numbers stand for themselves
    and spend nothing.

    A code stands for one point, and once, unless it may come back (`repeats`).

    Raises
    ------
    TravelError
        See `travel_times`.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    if isinstance(points, gpd.GeoSeries):
        index = _named(points.index, name, repeats=repeats)
        if points.crs is None:
            raise TravelError("points_crs", name=name)
        if bool((points.isna() | points.is_empty).any()):
            missing = [str(code) for code in points.index[points.isna() | points.is_empty]]
            raise TravelError("points_empty", name=name, codes=missing)
        x, y = _metric(points, network.crs, name)
        snaps = snap(network, x, y, index, rules=rules)
        _check_here(snaps, name)
        return spending(snaps, rules, name)
    series = isinstance(points, pd.Series)
    numbers = np.asarray(points)
    if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise TravelError("points_kind", name=name)
    index = points.index if series else pd.Index(numbers)  # type: ignore[attr-defined]
    return at_nodes(network, numbers, _named(index, name, repeats=repeats))


def _metric(
    points: "gpd.GeoSeries", crs: str, name: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return x and y of points in a metric CRS."""
    kinds = sorted(set(points.geom_type) - {"Point"})
    if kinds:
        raise TravelError("points_shape", name=name, kinds=kinds)
    moved = points.to_crs(crs)
    x, y = moved.x.to_numpy(np.float64), moved.y.to_numpy(np.float64)
    lost = ~(np.isfinite(x) & np.isfinite(y))
    if lost.any():
        codes = [str(code) for code in points.index[lost]]
        raise TravelError("points_nowhere", name=name, crs=crs, codes=codes)
    return x, y


def _check_here(snaps: Snaps, name: str) -> None:
    """Check that some point is where the roads are: else its CRS is wrong."""
    nearest_km = float(snaps.table["snap_m"].min()) / 1000 if len(snaps) else 0.0
    if nearest_km > _ELSEWHERE_KM:
        raise TravelError("elsewhere", name=name, nearest_km=nearest_km, within_km=_ELSEWHERE_KM)


def spending(snaps: Snaps, rules: Snapping, end: End) -> Snaps:
    """Return points with what `rules` spends at this end of trips; nodes spend nothing."""
    if end == "origin":
        minutes: npt.NDArray[np.float64] = np.full(len(snaps), rules.start_min)
    else:
        urban = snaps.table["urban"].to_numpy(bool)
        minutes = np.where(urban, rules.end_urban_min, rules.end_min)
    placed = ~np.isnan(snaps.x)
    return replace(snaps, terminal_ms=np.rint(placed * minutes * MS_PER_MIN).astype(np.int64))


def _named(index: pd.Index, name: str, *, repeats: bool) -> pd.Index:
    if not (repeats or index.is_unique):
        twice = [str(code) for code in index[index.duplicated()].unique()]
        raise TravelError("index_twice", name=name, codes=twice)
    return index.rename(name) if index.name is None else index


def beside(network: RoadNetwork, start: Snaps, end: Snaps, rules: Snapping) -> Pairs:
    """Pairs that need no node of the network: along one edge, or straight across."""
    parts = same_edge(network, start, end), off_road(start, end, access_kmh=rules.access_kmh)
    return Pairs(
        np.concatenate([part.origin for part in parts]),
        np.concatenate([part.destination for part in parts]),
        np.concatenate([part.time_ms for part in parts]),
    )
