"""How long from here to there by bus and on foot, and whether one comes back."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork, Timetable
from ctg_geo.parameters import Outing, Snapping, TransitRules, clock_ms
from ctg_geo.travel.between import check_limit
from ctg_geo.travel.query import travel_times
from ctg_geo.travel.times import MS_PER_MIN, TravelTimes, bound_ms
from ctg_geo.travel.transit.loops import FAR
from ctg_geo.travel.transit.search import Leaving, fastest, rank_of
from ctg_geo.travel.transit.walks import Walker

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["transit_times"]

logger = logging.getLogger(__name__)


def transit_times(
    network: RoadNetwork,
    timetable: Timetable,
    origins: "gpd.GeoSeries",
    destinations: "gpd.GeoSeries",
    *,
    limit_min: float,
    outing: Outing,
    rules: TransitRules | None = None,
    snapping: Snapping | None = None,
) -> TravelTimes:
    """Time every origin to every destination, on foot and by public transport.

    Parameters
    ----------
    network : roads timed for a walker
    timetable : what runs on the day
    origins, destinations : points, any CRS
        The index of a series names the rows and columns of the result.
    limit_min : minutes from door to door; pairs beyond are absent
    outing : when people leave, how departures are summed up, when they must be home
    rules : longest walks, least time of a change; `TransitRules()` by default
    snapping : how points join the roads; `Snapping()` by default

    Returns
    -------
    TravelTimes
        For each pair the time of the departure at the percentile of the outing, the wait at
        the stop included, walking all the way where that is faster. A departure beyond the
        limit, or from which one is not home in time, counts as one without a way.

    Raises
    ------
    TravelError
        As `travel_times`, and if there is no limit.

    Notes
    -----
    Exact for its definition: at each departure the earliest arrival over all chains of rides,
    however many, with a walk of `access_min` at most at either end and of `change_walk_min` at
    most between. One more vehicle, a later hour to be home or a longer limit never lengthens a
    time nor loses a pair. The way back is judged to the millisecond, not by the minute.

    References
    ----------
    Dibbelt, Pajor, Strasser & Wagner (2018), Connection Scan Algorithm, ACM Journal of
    Experimental Algorithmics 23, doi:10.1145/3274661. Departures minute by minute summed up
    by percentile: Conway, Byrd & van der Linden (2017), Transportation Research Record 2653.
    """
    check_limit(limit_min)
    if limit_min is None:
        raise TravelError("bad_limit", value="")
    walking, how = snapping or Snapping(), rules or TransitRules()
    direct = travel_times(network, origins, destinations, limit_min=limit_min, snapping=walking)
    walker = Walker(network, timetable, (origins, destinations), how, walking)
    leaving = _leaving(outing, limit_min)
    back = None if leaving.home_by_ms is None else walker.back(limit_min)
    found = fastest(timetable.hops, walker.there(direct), back, leaving).T
    row, to = np.nonzero(found < FAR)
    logger.info("transit times, %d × %d: %d pairs", *found.shape, len(row))
    count = np.bincount(row, minlength=len(direct.origins))
    return replace(
        direct, start=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
        to=to.astype(np.int32), time_ms=found[row, to].astype(np.int32), method="transit",
    )  # fmt: skip


def _leaving(outing: Outing, limit_min: float) -> Leaving:
    step = outing.every_min * MS_PER_MIN
    first, until = clock_ms(outing.leave_from), clock_ms(outing.leave_until)
    departures = np.arange(first, until, step, dtype=np.int64)
    rank = rank_of(outing.percentile, len(departures))
    home_by = None if outing.home_by is None else clock_ms(outing.home_by)
    stay = round(outing.stay_min * MS_PER_MIN)
    return Leaving(departures, rank, int(bound_ms(limit_min)), home_by, stay)
