"""One date of a territory as one service is measured on it: people, places and roads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.errors import ComparisonError, UnknownServiceError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Service, Snapping
from ctg_geo.territory import Territory, demand, demand_at_homes, supply
from ctg_geo.territory.admission import reserved

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Moment", "moment", "spot", "supply_at"]

_CM = 100


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The people, places and roads of one date; people and places are named by where they are.

    `demand` holds code_insee, people, share (of its commune, used where nobody lives) and a
    point; `supply` the capacity of each spot (NaN where it does not matter) and a point;
    `status` what the number of people of each commune is worth. `fewest` is the least count of
    people inside a commune that may be told, 0 itself apart.
    """

    demand: "gpd.GeoDataFrame"  # by spot of a commune
    supply: "gpd.GeoDataFrame"  # by spot
    network: RoadNetwork
    snapping: Snapping
    status: pd.Series  # by code_insee
    inside: pd.Index  # codes of the territory itself
    fewest: float = 0.0


def moment(
    territory: Territory,
    network: RoadNetwork,
    key: str,
    service: Service,
    *,
    snapping: Snapping,
    fewest: float = 0.0,
    became: Mapping[str, str] | None = None,
) -> Moment:
    """Take what a service is measured on out of a territory.

    Parameters
    ----------
    territory : communes, people and places, buffer included
    network : roads with the times of the service's profile
    key, service : the service as declared
    snapping : how points join the road
    fewest : see `Moment`
    became : code -> the commune that it is a part of at the date compared with

    Returns
    -------
    Moment
        A territory without any place of the service has an empty supply.

    Raises
    ------
    DataError, ConfigError
        If a capacity is unknown where it matters, or the people concerned are unknown.
    ComparisonError
        See `supply_at`.
    """
    now = {} if became is None else became
    people, status, _ = demand(territory, service.demand)
    homes = territory.homes
    table = homes.places[["geometry"]].copy()
    table["code_insee"] = homes.code.map(lambda code: now.get(code, code)).astype(object)
    table["people"] = demand_at_homes(territory, people, service.demand)
    table["share"] = homes.share[service.demand]
    table.index = table["code_insee"] + "|" + spot(table)
    worth = status.groupby([now.get(str(code), str(code)) for code in status.index]).agg(_worst)
    inside = pd.Index(dict.fromkeys(now.get(str(code), str(code)) for code in territory.inside))
    return Moment(
        _summed(table, ["people", "share"], ["code_insee"]), supply_at(territory, key, service),
        network, snapping, worth, inside, fewest,
    )  # fmt: skip


def supply_at(territory: Territory, key: str, service: Service) -> "gpd.GeoDataFrame":
    """Return the capacity of a service at each spot; no row where there is no place of it.

    Raises
    ------
    DataError
        See `ctg_geo.territory.supply`.
    ComparisonError
        If a place admits the residents of some communes only: a spot serves whoever reaches it.
    """
    try:
        places, _ = supply(territory, key, service)
    except UnknownServiceError:
        places = territory.equipements.iloc[:0]
    limited = reserved(places)
    if limited:
        names = list(places.loc[list(limited), "nom"])
        raise ComparisonError("residents", service=key, count=len(names), names=names)
    table = places[["geometry", "capacity"]].copy()
    table.index = spot(table)
    return _summed(table, ["capacity"], [])


def spot(table: "gpd.GeoDataFrame") -> pd.Index:
    """Name each point by where it is, to the centimetre."""
    at = np.rint(_CM * np.c_[table.geometry.x, table.geometry.y]).astype(np.int64)
    return pd.Index([f"{x},{y}" for x, y in at], dtype=object)


def _summed(table: "gpd.GeoDataFrame", sums: list[str], same: list[str]) -> "gpd.GeoDataFrame":
    """Add up what stands at one spot: two places at the same point serve as one."""
    groups = table.groupby(level=0, sort=True)
    made = table[~table.index.duplicated()].sort_index()[["geometry", *same]]
    for name in sums:
        made[name] = groups[name].sum(min_count=1)
    return made


def _worst(statuses: pd.Series) -> str:
    """Return what a sum is worth: what its least known part is."""
    order = (contracts.SECRET, contracts.NOT_AVAILABLE, contracts.ESTIMATED)
    return next((one for one in order if (statuses == one).any()), contracts.OBSERVED)
