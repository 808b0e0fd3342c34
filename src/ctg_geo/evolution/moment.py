"""One date of a territory as one service is measured on it: people, places and roads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.access import admissible
from ctg_geo.errors import UnknownServiceError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Service, Snapping
from ctg_geo.territory import Territory, demand, demand_at_homes, supply
from ctg_geo.territory.admission import reserved
from ctg_geo.travel import TravelTimes

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Moment", "admitted_pairs", "for_whom", "moment", "spot", "supply_at"]

_CM = 100
_FOR_WHOM: Final = ("residents", "care")


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The people, places and roads of one date; people and places are named by where they are.

    `demand` holds code_insee, people, share (of its commune, used where nobody lives) and a
    point; `supply` the capacity of each spot (NaN where it does not matter), a point, the
    communes whose residents it admits (`residents`, empty for all) and, with several modes of
    care, its mode; `status` what the number of people of each commune is worth. `fewest` is the
    least count of people inside a commune that may be told, 0 itself apart.
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
        _summed(table, ["people", "share"], ["code_insee"]),
        supply_at(territory, key, service, became=now),
        network, snapping, worth, inside, fewest,
    )  # fmt: skip


def supply_at(
    territory: Territory, key: str, service: Service, *, became: Mapping[str, str] | None = None
) -> "gpd.GeoDataFrame":
    """Return the capacity of a service at each spot; no row where there is no place of it.

    Parameters
    ----------
    became : code -> the commune that it is a part of at the date compared with; a place reserved
        to the residents of one that merged admits those of all of it

    Raises
    ------
    DataError
        See `ctg_geo.territory.supply`.
    UnknownServiceError
        If some modes of care have places, and others none.
    """
    try:
        places, _ = supply(territory, key, service)
    except UnknownServiceError as error:
        if error.reason == "care_missing":
            raise
        places = territory.equipements.iloc[:0]
        places = places.assign(care="") if service.care else places
    table = for_whom(places, became)
    table.index = spot(table)
    return _summed(table, ["capacity"], [name for name in _FOR_WHOM if name in table.columns])


def for_whom(
    places: "gpd.GeoDataFrame", became: Mapping[str, str] | None = None
) -> "gpd.GeoDataFrame":
    """Keep of places their point, their capacity, and which people they are for.

    Returns
    -------
    GeoDataFrame by equipement_id: geometry, capacity, residents (communes admitted, in order,
    parted by blanks; empty for all), and care where there is one
    """
    now = {} if became is None else became
    table = places[["geometry", "capacity"]].copy()
    admitted = reserved(places)
    table["residents"] = [
        " ".join(sorted({now.get(code, code) for code in admitted.get(str(place), [])}))
        for place in table.index
    ]
    if "care" in places.columns:
        table["care"] = places["care"]
    return table


def spot(table: "gpd.GeoDataFrame") -> pd.Index:
    """Name each point by where it is, to the centimetre, and a place by whom it is for.

    Places at one point that admit other people, or are of other modes of care, do not serve as one.
    """
    at = np.rint(_CM * np.c_[table.geometry.x, table.geometry.y]).astype(np.int64)
    names = pd.Series([f"{x},{y}" for x, y in at], index=table.index, dtype=object)
    for name in _FOR_WHOM:
        if name in table.columns:
            said = table[name].fillna("").astype(str)
            names = names.where(said == "", names + "|" + said)
    return pd.Index(names, dtype=object)


def admitted_pairs(
    times: TravelTimes, homes: "gpd.GeoDataFrame", spots: "gpd.GeoDataFrame"
) -> TravelTimes:
    """Leave the pairs of a home and a spot that does not admit its people out of times.

    Parameters
    ----------
    homes : by origin, with code_insee
    spots : by destination, with residents
    """
    once = homes[~homes.index.duplicated()]
    return admissible(times, once["code_insee"], spots[~spots.index.duplicated()])


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
