"""What the tours of a study are judged on: places to stop at, people to serve, times."""

import difflib
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo.contracts import ESTIMATED, OBSERVED
from ctg_geo.errors import ConfigError, TourError
from ctg_geo.parameters import Itinerant
from ctg_geo.study.study import Study
from ctg_geo.territory import demand, demand_at_homes
from ctg_geo.tours import Ground, Roads
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["candidates_of", "fixed_places", "ground_of", "itinerant_of", "sites_of"]

_MOBILE = "mobile"


def itinerant_of(study: Study, name: str | None) -> tuple[str, Itinerant]:
    """Return a service of the study that travels, the only one where none is named.

    Raises
    ------
    ConfigError
        If the study declares none, several and none is named, or none of that name.
    """
    known, file = study.config.tours, study.config.path.name
    if not known:
        raise ConfigError("tours_none", file=file)
    if name is None and len(known) > 1:
        raise ConfigError("tours_choose", file=file, known=sorted(known))
    key = name if name is not None else next(iter(known))
    if key not in known:
        raise ConfigError("unknown_name", file=file, where="tours", value=key, known=sorted(known))
    return key, known[key]


def ground_of(study: Study, rules: Itinerant) -> Ground:
    """Return the ground of a service that travels; people are those of the territory.

    Raises
    ------
    TourError
        If a place that a tour names is no place of the study and no commune of its area.
    NoRoadError
        If a mode has no roads.
    """
    territory, homes = study.territory, study.territory.homes
    people, status, _ = demand(territory, rules.demand)
    local = demand_at_homes(territory, people, rules.demand)
    inside = homes.code.isin(territory.inside)
    code = homes.code[inside]
    shown = code.map(status.isin((OBSERVED, ESTIMATED))).astype(bool)
    if study.secrecy.fewest(rules.demand) and homes.spread:
        shown[:] = False  # a part of a commune could tell a count that is too small
    sites = sites_of(study, _named(study, rules))
    points = homes.places.geometry[inside]
    times = {
        profile: _times(study, profile, points, sites.geometry, limit)
        for profile, limit in rules.reach_min.items()
    }
    group = pd.Series("", index=code.index)
    if rules.grouping is not None:
        group = code.map(study.groups[rules.grouping]).fillna("").astype(str)
    vehicles = {tour.profile for tour in rules.tours.values()}
    return Ground(
        {key: Roads(study.network(key), study.config.profile(key).snapping)
         for key in sorted(vehicles)},
        sites, times, local[inside].rename("people"), shown,
        _to_serve(study, rules, points, code), code, group,
    )  # fmt: skip


def candidates_of(study: Study, rules: Itinerant) -> list[str]:
    """Return where a better tour may stop: as the file says, else the communes it is meant for."""
    asked = rules.design.candidates
    if asked:
        return list(dict.fromkeys(asked))
    villages = _villages(study, rules)
    return [str(code) for code in study.territory.inside if villages[code]]


def sites_of(study: Study, places: Iterable[str]) -> "gpd.GeoDataFrame":
    """Return places of the study, and communes at their point, by identifier.

    Raises
    ------
    TourError
        Naming the places that are neither, with the nearest names.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    territory = study.territory
    spots, communes = territory.equipements, territory.communes
    wanted = list(dict.fromkeys(places))
    unknown = [each for each in wanted if each not in spots.index and each not in communes.index]
    if unknown:
        known = [*map(str, spots.index), *map(str, communes.index)]
        near = difflib.get_close_matches(unknown[0], known, n=3)
        raise TourError("unknown_places_near" if near else "unknown_places", places=unknown,
                        near=near)  # fmt: skip
    rows = [
        (spots.at[each, "code_insee"], spots.geometry[each]) if each in spots.index
        else (each, territory.points[each])
        for each in wanted
    ]  # fmt: skip
    table = pd.DataFrame({"code_insee": [code for code, _ in rows]}, index=pd.Index(wanted))
    table["nom"] = table["code_insee"].map(communes["nom"])
    table["inside"] = table["code_insee"].isin(territory.inside)
    made = gpd.GeoDataFrame(table, geometry=[at for _, at in rows], crs=territory.crs)
    return made.rename_axis("place")


def fixed_places(study: Study, rules: Itinerant) -> "gpd.GeoDataFrame":
    """Return the places of the services of `beside` that are there to stay."""
    every = study.territory.equipements
    return every[every["service"].isin(rules.beside) & (every["delivery"] != _MOBILE)]


def _named(study: Study, rules: Itinerant) -> list[str]:
    """Name every place that tours stop at, start from, or could stop at."""
    told = [place for tour in rules.tours.values() for place in (tour.depot, *tour.places)]
    return [*told, *rules.design.keep, *candidates_of(study, rules)]


def _villages(study: Study, rules: Itinerant) -> pd.Series:
    """Tell, by commune, whether it is of those that the service is meant for."""
    territory = study.territory
    if rules.villages_under is None:
        return pd.Series(data=True, index=territory.communes.index)
    population, _, _ = demand(territory, "population")
    return population < rules.villages_under


def _to_serve(
    study: Study, rules: Itinerant, points: "gpd.GeoSeries", code: pd.Series
) -> pd.Series:
    """Tell whom no fixed place is within reach of, among those the service is meant for."""
    fixed = fixed_places(study, rules)
    reached = np.zeros(len(points), dtype=bool)
    for profile, limit in rules.reach_min.items() if len(fixed) else ():
        near = _times(study, profile, points, fixed.geometry, limit)
        reached[near.rows] = True
    meant = code.map(_villages(study, rules)).astype(bool)
    return (meant & ~reached).rename("to_serve")


def _times(
    study: Study, profile: str, points: "gpd.GeoSeries", places: "gpd.GeoSeries", limit: float
) -> TravelTimes:
    return travel_times(
        study.network(profile), points, places, limit_min=limit,
        snapping=study.config.profile(profile).snapping,
    )  # fmt: skip
