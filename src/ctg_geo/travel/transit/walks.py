"""Walks to stops, from stops and between stops, over the roads."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.network import RoadNetwork, Timetable
from ctg_geo.parameters import Snapping, TransitRules
from ctg_geo.travel.query import travel_times
from ctg_geo.travel.times import MS_PER_MIN, TravelTimes
from ctg_geo.travel.transit.loops import FAR
from ctg_geo.travel.transit.search import Feet

if TYPE_CHECKING:
    import geopandas as gpd

    from ctg_geo.travel.transit.loops import Walks

__all__ = ["Walker", "changes", "stop_points"]

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.integer]

_FORBIDDEN = -1


def stop_points(timetable: Timetable) -> "gpd.GeoSeries":
    """Return the points of stops, by stop_id."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    stops = timetable.stops
    points = gpd.points_from_xy(stops["x"], stops["y"])
    return gpd.GeoSeries(points, index=stops.index, crs=timetable.crs)


class Walker:
    """The walks of one job, both ways, over the roads."""

    def __init__(
        self,
        network: RoadNetwork,
        timetable: Timetable,
        ends: "tuple[gpd.GeoSeries, gpd.GeoSeries]",
        rules: TransitRules,
        snapping: Snapping,
    ) -> None:
        self._network, self._timetable, self._snapping = network, timetable, snapping
        self._homes, self._places = ends
        self._rules = rules
        self._stops = stop_points(timetable)
        between = self._times(self._stops, self._stops, rules.change_walk_min)
        self._changes = changes(timetable, between, rules, snapping.access_kmh)

    def there(self, direct: TravelTimes) -> Feet:
        """Return the walks from homes to places; `direct` is the walk all the way."""
        most = self._rules.access_min
        access = self._times(self._homes, self._stops, most)
        egress = self._times(self._stops, self._places, most)
        return Feet(_by_row(access), _rows(*self._changes, len(self._stops)),
                    _table(egress).T.copy(), _table(direct).T.copy())  # fmt: skip

    def back(self, limit_min: float) -> Feet:
        """Return the walks from places to homes, each from its end to its start."""
        most = self._rules.access_min
        access = self._times(self._stops, self._homes, most)
        egress = self._times(self._places, self._stops, most)
        direct = self._times(self._places, self._homes, limit_min)
        start, end, time_ms = self._changes
        return Feet(_rows(access.to, access.rows, access.time_ms, len(self._homes)),
                    _rows(end, start, time_ms, len(self._stops)), _table(egress),
                    _table(direct))  # fmt: skip

    def _times(self, start: "gpd.GeoSeries", end: "gpd.GeoSeries", limit_min: float) -> TravelTimes:
        return travel_times(self._network, start, end, limit_min=limit_min, snapping=self._snapping)


def changes(
    timetable: Timetable, between: TravelTimes, rules: TransitRules, walk_kmh: float
) -> tuple[Longs, Longs, Longs]:
    """Return where one may change, and the least time from one vehicle to the other.

    Parameters
    ----------
    timetable : stops, and what its feed says of changes
    between : walks from stop to stop
    rules : least time of a change
    walk_kmh : speed between the platforms of a station, straight

    Returns
    -------
    from, to (numbers of stops), milliseconds; each pair once
        The feed has the last word; then the shorter of the road and the way inside a station.
    """
    least = round(rules.change_min * MS_PER_MIN)
    every = np.arange(len(timetable.stops))
    inside = _stations(timetable.stops, walk_kmh)
    told = timetable.changes
    walked = pd.DataFrame({
        "from_stop": np.concatenate([every, between.rows, inside[0]]),
        "to_stop": np.concatenate([every, between.to, inside[1]]),
        "time_ms": np.maximum(
            np.concatenate([np.zeros(len(every), np.int64), between.time_ms, inside[2]]), least
        ),
    })  # fmt: skip
    said = pd.DataFrame({"from_stop": told["from_stop"], "to_stop": told["to_stop"],
                         "time_ms": told["least_ms"]})  # fmt: skip
    key = ["from_stop", "to_stop"]
    own = walked.groupby(key, sort=True)["time_ms"].min()
    feed = said.groupby(key, sort=True)["time_ms"].min()
    both = feed.reindex(own.index.union(feed.index)).fillna(own).astype(np.int64)
    both = both[both != _FORBIDDEN].sort_index()
    start, end = (both.index.get_level_values(name).to_numpy(np.int64) for name in key)
    return start, end, np.asarray(both, dtype=np.int64)


def _stations(stops: pd.DataFrame, walk_kmh: float) -> tuple[Longs, Longs, Longs]:
    """Return straight walks between the stops of each station."""
    known = pd.DataFrame({"station": stops["station"].to_numpy(), "at": np.arange(len(stops))})
    known = known[known["station"] != ""]
    pairs = known.merge(known, on="station", suffixes=("", "_to"))
    start, end = pairs["at"].to_numpy(np.int64), pairs["at_to"].to_numpy(np.int64)
    x, y = stops["x"].to_numpy(), stops["y"].to_numpy()
    metres = np.hypot(x[end] - x[start], y[end] - y[start])
    return start, end, np.rint(metres / walk_kmh * 3600).astype(np.int64)


def _by_row(times: TravelTimes) -> "Walks":
    return (times.start.astype(np.int64), times.to.astype(np.int64), times.time_ms.astype(np.int64))


def _rows(start: Ints, end: Ints, time_ms: Ints, count: int) -> "Walks":
    order = np.lexsort((end, start))
    first = np.concatenate(([0], np.cumsum(np.bincount(start, minlength=count))))
    return (first.astype(np.int64), end[order].astype(np.int64), time_ms[order].astype(np.int64))


def _table(times: TravelTimes) -> Longs:
    """Return times as a table, FAR where there is none."""
    made = np.full((len(times.origins), len(times.destinations)), FAR, np.int64)
    made[times.rows, times.to] = times.time_ms
    return made
