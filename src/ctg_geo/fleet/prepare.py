"""From a territory and its roads to a country on which tiles can be worked."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import Sharing, sharing_of
from ctg_geo.diagnosis.estimates import estimates
from ctg_geo.diagnosis.few import equations
from ctg_geo.fleet.country import MODE, Country
from ctg_geo.fleet.cut import tiles_of
from ctg_geo.fleet.tile import told_min
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Robustness, Service, Snapping
from ctg_geo.quality import Finding
from ctg_geo.territory import Territory, demand, demand_at_homes, known_in_part, supply
from ctg_geo.travel.ground import ground_of
from ctg_geo.travel.times import bound_ms

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["HOMES_A_TILE", "country_of", "estimated_of", "never_reached"]

HOMES_A_TILE = 10_000


def country_of(
    territory: Territory,
    network: RoadNetwork,
    key: str,
    service: Service,
    *,
    snapping: Snapping,
    robustness: Robustness,
    fewest: float = 0.0,
    services_told: int = 1,
    modes: pd.DataFrame | None = None,
    most: int = HOMES_A_TILE,
) -> tuple[Country, list[Finding]]:
    """Bring together all that the results of a service rest on, and cut it into tiles.

    Parameters
    ----------
    territory, network, key, service, snapping, robustness, fewest, services_told, modes : see
        `ctg_geo.diagnosis.diagnose`
    most : homes of a tile

    Returns
    -------
    the country; what is said of its places and people

    Raises
    ------
    UnknownServiceError, DataError, ConfigError, TravelError
        See `ctg_geo.diagnosis.diagnose`.
    """
    places, said = supply(territory, key, service)
    people, status, more = demand(territory, service.demand)
    homes = territory.homes
    ground, snaps, place_snaps = ground_of(
        network, homes.places.geometry, places.geometry, snapping=snapping
    )
    commune = territory.communes.index.get_indexer(homes.code)
    count = np.bincount(commune, minlength=len(territory.communes))
    longest_min = told_min(service, robustness, sharing_of(service, places))
    nearest, nearest_ms = ground.nearest(bound_ms(longest_min))
    communes = _communes(territory, network, count, most)
    communes["demand"], communes["demand_status"] = people, status
    in_part = known_in_part(territory.partial, set(service.care) or {key})
    communes["in_part"] = communes.index.isin(list(in_part))
    arrays = {
        "commune": commune.astype(np.int64),
        "share": homes.share[service.demand].to_numpy(np.float64),
        "people": demand_at_homes(territory, people, service.demand).to_numpy(np.float64),
        "far": (snaps["status"] == "far").to_numpy(bool),
        "nearest": nearest, "nearest_ms": nearest_ms,
    }  # fmt: skip
    if modes is not None:
        arrays |= {f"{MODE}{name}": modes[name].to_numpy(np.float64) for name in modes.columns}
    found = Country(
        key, service, robustness, fewest, equations(services_told) + len(service.care), ground,
        arrays, communes, _plain(places, communes),
    )  # fmt: skip
    return found, [*said, *more, *_snapped(snaps, "population"),
                   *_snapped(place_snaps, "equipements")]  # fmt: skip


def _communes(
    territory: Territory, network: RoadNetwork, homes: npt.NDArray[np.int64], most: int
) -> pd.DataFrame:
    """Return the communes with the tile of each; `homes` counts theirs, `most` those of a tile."""
    communes = pd.DataFrame(territory.communes[["nom", "inside"]])
    points = territory.points.reindex(communes.index).to_crs(network.crs)
    communes["tile"] = tiles_of(
        points.x.to_numpy(np.float64), points.y.to_numpy(np.float64), homes, most=most
    )
    if "population" in territory.population.columns:
        communes["population"] = territory.population["population"]
    return communes


def estimated_of(country: Country, territory: Territory, network: RoadNetwork) -> tuple[str, ...]:
    """Name the inputs of a country that are estimates, as its diagnosis at once would.

    Parameters
    ----------
    country : made of the territory and the network by `country_of`
    """
    joined = np.where(country.homes["far"], "far", "edge")
    return estimates(
        territory, network, country.communes["demand_status"], country.places, country.service,
        pd.Series(joined, index=territory.homes.places.index),
    )  # fmt: skip


def never_reached(country: Country) -> pd.Index:
    """Return the places that nobody concerned has within reach: their supply is idle."""
    sharing = sharing_of(country.service, country.places)
    if sharing is None:
        return country.places.index[:0]
    some = np.flatnonzero(country.homes["people"] > 0)
    used = np.zeros(len(country.places), dtype=bool)
    for rule, own in _rules(sharing, country.places):
        reached = country.ground.destinations_near(some, bound_ms(rule))
        used[reached[own[reached]]] = True
    return country.places.index[~used]


def _rules(sharing: Sharing, places: pd.DataFrame) -> list[tuple[float, npt.NDArray[np.bool_]]]:
    """Return the reach of each mode of care, and which places are of it."""
    every = np.ones(len(places), dtype=bool)
    return [
        (rule.decay.reach_min, every if sharing.care is None
         else (sharing.care == name).to_numpy(bool))
        for name, rule in sharing.rules.items()
    ]  # fmt: skip


def _plain(places: "gpd.GeoDataFrame", communes: pd.DataFrame) -> pd.DataFrame:
    """Return places as a plain table with the tile of each: a worker needs no geometry."""
    table = pd.DataFrame(places.drop(columns=places.geometry.name))
    tile = communes["tile"].reindex(places["code_insee"]).fillna(0).to_numpy()
    return table.assign(tile=tile.astype(np.int64))


def _snapped(snaps: pd.DataFrame, table: str) -> list[Finding]:
    """Tell, in a line each, how many points join the roads otherwise than they should."""
    counts = snaps["status"].value_counts()
    end = "homes" if table == "population" else "places"
    return [
        Finding("info" if status == "moved" else "warning", f"snap_{status}_{end}", table,
                facts={"count": int(counts[status]), "of": len(snaps)})
        for status in ("far", "apart", "moved") if status in counts.index
    ]  # fmt: skip
