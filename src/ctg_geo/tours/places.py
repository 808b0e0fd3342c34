"""Tours as places of the equipements table, there for part of the week."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo import contracts
from ctg_geo.errors import TourError
from ctg_geo.parameters import Tour

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["stops_as_places"]


def stops_as_places(
    tours: Mapping[str, Tour], sites: "gpd.GeoDataFrame", service: str
) -> "gpd.GeoDataFrame":
    """Return the stops of tours as mobile places of a service, with their weekly hours.

    Parameters
    ----------
    tours : each with its days
    sites : by place: nom, code_insee, inside, geometry
    service : key of the service

    Returns
    -------
    GeoDataFrame by equipement_id
        As `Territory.equipements`. A place of several visits is there for the sum of their
        hours. Put through `ctg_geo.territory.presence.present`, each counts for its share of
        time and no more; what was a stop of the study keeps its identifier, so that the new
        rows replace the old.

    Raises
    ------
    TourError
        If a stop is no place of `sites`.
    """
    hours: dict[str, float] = {}
    label: dict[str, str] = {}
    for tour in tours.values():
        for day in tour.days:
            for stop in day.stops:
                hours[stop.place] = hours.get(stop.place, 0.0) + stop.hours / day.every_weeks
                label.setdefault(stop.place, tour.label)
    unknown = sorted(set(hours) - set(sites.index))
    if unknown:
        raise TourError("unknown_places", places=unknown)
    places = sorted(hours)
    made = sites.loc[places, ["code_insee", "inside", "geometry"]].copy()
    made["service"], made["delivery"] = service, "mobile"
    made["nom"] = [f"{label[each]}, {sites.at[each, 'nom']}" for each in places]
    made["capacity"], made["capacity_status"] = float("nan"), contracts.NOT_APPLICABLE
    made["location_status"] = contracts.ESTIMATED
    made["hours_per_week"] = pd.Series(hours, dtype=float)[places].to_numpy()
    made["hours_status"] = contracts.OBSERVED
    made["from_hours"] = "tour"
    made["source"] = made["from_file"] = "tour"
    made["from_row"], made["from_column"] = 0, "hours"
    return made.rename_axis("equipement_id")
