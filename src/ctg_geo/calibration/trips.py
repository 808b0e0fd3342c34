"""Observed trips: from a point to a point, or to the nearest place of a service."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS

from ctg_geo.errors import CalibrationError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel import travel_times

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

__all__ = ["TO_POINT", "Trips", "destinations", "points"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]

TO_POINT = ""  # the service of a trip that goes to a point


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Trips:
    """Observed trips, numbered as they come; coordinates are metres in `crs`.

    A trip goes to the point `to_x`, `to_y`, or where `service` names one, to the place of
    that service that is nearest by the speeds of the day (`to_x`, `to_y` are then NaN).
    """

    x: Floats  # of the origin, by trip
    y: Floats
    to_x: Floats
    to_y: Floats
    service: Objects  # by trip, "" for a point
    minutes: Floats  # observed, by trip
    crs: str
    places: "Mapping[str, gpd.GeoSeries]" = field(default_factory=dict)  # by service
    row: Ints | None = None  # by trip, row in its file

    def __post_init__(self) -> None:
        assert len(self.x) == len(self.to_x) == len(self.service) == len(self.minutes), "lengths"
        if CRS.from_user_input(self.crs).is_geographic:
            raise CalibrationError("degrees", crs=self.crs)
        missing = sorted(set(self.service) - {TO_POINT} - set(self.places))
        if missing:
            raise CalibrationError("no_place", service=missing[0])
        if not (np.isfinite(self.minutes).all() and (self.minutes >= 0).all()):
            raise CalibrationError("minutes")

    def __len__(self) -> int:
        """Count the trips."""
        return len(self.minutes)

    def __repr__(self) -> str:
        return f"<Trips {len(self)} observed, {len(set(self.group))} origins>"

    @property
    def group(self) -> Ints:
        """Number of the origin of each trip: one for all that start within the same metre."""
        place = pd.DataFrame({"x": np.rint(self.x), "y": np.rint(self.y)})
        number = place.groupby(["x", "y"], sort=False).ngroup()
        return np.asarray(number, dtype=np.int64)

    def at(self, kept: npt.NDArray[np.integer] | npt.NDArray[np.bool_]) -> "Trips":
        """Return some of the trips, by number or mask."""
        row = None if self.row is None else self.row[kept]
        return Trips(
            self.x[kept], self.y[kept], self.to_x[kept], self.to_y[kept], self.service[kept],
            self.minutes[kept], self.crs, self.places, row,
        )  # fmt: skip


def points(x: Floats, y: Floats, crs: str) -> "gpd.GeoSeries":
    """Return points in a CRS, numbered."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    return gpd.GeoSeries(gpd.points_from_xy(x, y), crs=crs)


def destinations(network: RoadNetwork, trips: Trips, snapping: Snapping) -> tuple[Floats, Floats]:
    """Return where each trip goes under the times of the network; NaN where nowhere.

    Of places equally near, the first.
    """
    to_x, to_y = trips.to_x.copy(), trips.to_y.copy()
    for service in sorted(set(trips.service) - {TO_POINT}):
        mine = np.flatnonzero(trips.service == service)
        start, first, group = np.unique(trips.group[mine], return_index=True, return_inverse=True)
        at = mine[first]
        places = trips.places[service].to_crs(trips.crs).reset_index(drop=True)
        origins = points(trips.x[at], trips.y[at], trips.crs)
        times = travel_times(network, origins, places, limit_min=None, snapping=snapping)
        order = np.lexsort((times.to, times.time_ms, times.rows))
        rows, where = np.unique(times.rows[order], return_index=True)
        best = np.full(len(start), -1, dtype=np.int64)
        best[rows] = times.to[order][where]
        found = best[group]
        x, y = np.append(places.x.to_numpy(), np.nan), np.append(places.y.to_numpy(), np.nan)
        to_x[mine], to_y[mine] = x[found], y[found]
    return to_x, to_y
