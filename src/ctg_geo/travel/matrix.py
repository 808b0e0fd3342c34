"""All times at once, as a table: for those who want every pair."""

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.travel.between import check_choice, check_limit, dense
from ctg_geo.travel.legs import legs_in, legs_out
from ctg_geo.travel.method import METHODS, Method
from ctg_geo.travel.query import beside, snapped
from ctg_geo.travel.times import MS_PER_MIN, NO_ROUTE_MS, TravelTimes, bound_ms

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Matrix", "matrix"]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Matrix:
    """Times of all pairs, origins × destinations, in 32 bits.

    `NO_ROUTE_MS` stands where no route is within `limit_min`; 0 is on the spot.
    """

    origins: pd.Index
    destinations: pd.Index
    time_ms: npt.NDArray[np.int32]  # origins × destinations
    limit_min: float | None
    method: str
    origin_snaps: pd.DataFrame = field(repr=False)  # by origin: snap_m, road_class, status
    destination_snaps: pd.DataFrame = field(repr=False)

    def __post_init__(self) -> None:
        assert self.time_ms.shape == (len(self.origins), len(self.destinations)), "wrong shape"

    def __repr__(self) -> str:
        limit = "no limit" if self.limit_min is None else f"limit {self.limit_min:g} min"
        return f"<Matrix {len(self.origins)} origins × {len(self.destinations)}, {limit}>"

    @property
    def minutes(self) -> npt.NDArray[np.float64]:
        """Minutes, origins × destinations; `inf` where no route is within the limit."""
        return np.where(self.time_ms == NO_ROUTE_MS, np.inf, self.time_ms / MS_PER_MIN)

    def to_frame(self) -> pd.DataFrame:
        """Return minutes, origins × destinations; `inf` where no route is within the limit."""
        return pd.DataFrame(self.minutes, index=self.origins, columns=self.destinations)

    def to_times(self) -> TravelTimes:
        """Return the pairs that have a route, as the measures of access take them."""
        row, to = np.nonzero(self.time_ms != NO_ROUTE_MS)
        count = np.bincount(row, minlength=len(self.origins))
        return TravelTimes(
            origins=self.origins,
            destinations=self.destinations,
            start=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
            to=to.astype(np.int32),
            time_ms=self.time_ms[row, to],
            limit_min=self.limit_min,
            origin_snaps=self.origin_snaps,
            destination_snaps=self.destination_snaps,
            method=self.method,
        )


def matrix(
    network: RoadNetwork,
    origins: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    destinations: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    *,
    limit_min: float | None,
    snapping: Snapping | None = None,
    method: Method | None = None,
) -> Matrix:
    """Fastest times from every origin to every destination, as a table of 32-bit numbers.

    The times are those of `travel_times`; the table takes 4 bytes a pair, routes or not, and
    is made without a list of pairs. Where few pairs are within the limit, `travel_times` is
    smaller.

    Parameters
    ----------
    network, origins, destinations, limit_min, snapping, method : see `travel_times`

    Raises
    ------
    TravelError
        As `travel_times`; and if a time does not fit in 32 bits (24 days).

    Examples
    --------
    >>> roads = RoadNetwork.from_arcs([0, 1], [1, 2], [60, 90], [4.9, 4.91, 4.92], [45, 45, 45])
    >>> matrix(roads, [0, 2], [1, 2], limit_min=None).minutes
    array([[1. , 2.5],
           [inf, 0. ]])
    """
    check_limit(limit_min)
    check_choice("method", method, (*METHODS, None))
    rules = snapping or Snapping()
    start = snapped(network, origins, rules, name="origin")
    end = snapped(network, destinations, rules, name="destination")
    time_ms, way = dense(
        network, legs_out(network, start), legs_in(network, end), bound_ms(limit_min),
        beside(network, start, end, rules), method,
    )  # fmt: skip
    logger.info("matrix, %d × %d: %s", len(start), len(end), way)
    return Matrix(
        start.table.index, end.table.index, time_ms, limit_min, way, start.table, end.table
    )
