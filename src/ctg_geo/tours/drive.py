"""The legs of tours, driven over the roads."""

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.errors import TourError
from ctg_geo.parameters import Tour
from ctg_geo.tours.ground import Ground, check_near
from ctg_geo.travel import routes

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["driven_legs"]


def driven_legs(tours: Mapping[str, Tour], ground: Ground) -> "gpd.GeoDataFrame":
    """Drive every leg of every day, from the depot back to it.

    Returns
    -------
    GeoDataFrame, one row a leg
        minutes, km, tour, day (from 1), order, origin, destination and the line; in the CRS of
        the network.

    Raises
    ------
    TourError
        If a place is unknown, too far from any road, or there is no way to it.
    """
    rows = []
    for key, tour in tours.items():
        for number, day in enumerate(tour.days, start=1):
            path = [tour.depot, *(stop.place for stop in day.stops), tour.depot]
            rows += [(key, tour.profile, number, order, *pair)
                     for order, pair in enumerate(itertools.pairwise(path), start=1)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["tour", "profile", "day", "order", "origin", "destination"])
    known = ground.sites.index
    unknown = [each for each in dict.fromkeys(table["origin"]) if each not in known]
    if unknown:
        raise TourError("unknown_places", places=unknown)
    return _driven(table, ground)


def _driven(table: pd.DataFrame, ground: Ground) -> "gpd.GeoDataFrame":
    parts = []
    for profile, some in table.groupby("profile", sort=True):
        roads = ground.roads[str(profile)]
        points = ground.sites.geometry
        ends = points.loc[some["origin"]], points.loc[some["destination"]]
        ways = routes(roads.network, *ends, snapping=roads.snapping)
        status = ways.origin_snaps.table["status"]
        check_near(ground, status.index[status == "far"].unique(), roads)
        found = ways.to_frame()
        lost = found["minutes"].isna()
        if lost.any():
            nom = ground.sites["nom"]
            raise TourError("no_way", places=sorted(set(nom[found.loc[lost, "destination"]])))
        found = found[["minutes", "length_m", "geometry"]].set_axis(some.index)
        parts.append(found.join(some[["tour", "day", "order", "origin", "destination"]]))
    made: gpd.GeoDataFrame = pd.concat(parts).sort_index()
    made["km"] = made["length_m"] / 1000
    return made.drop(columns="length_m")
