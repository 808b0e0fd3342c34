"""Which inputs of a measure are estimates, and what its figures are therefore worth."""

from collections.abc import Collection
from typing import TypeVar

import pandas as pd

from ctg_geo import contracts
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Service
from ctg_geo.territory import Territory, hours_assumed, hours_status, known_in_part

__all__ = ["GUESSED_TIMES", "estimates", "with_statuses"]

GUESSED_TIMES = ("schematic", "speeds", "location", "points")  # reasons that make times estimates

_SHOWN = (contracts.OBSERVED, contracts.ESTIMATED)
_TIMES = "nearest_status"

Table = TypeVar("Table", bound=pd.DataFrame)


def estimates(
    territory: Territory,
    network: RoadNetwork,
    people_status: pd.Series,
    places: pd.DataFrame,
    service: Service,
    snap_status: pd.Series,
) -> tuple[str, ...]:
    """Name the inputs that are estimates.

    Parameters
    ----------
    network : roads with the times of the service's profile
    people_status : by code_insee, what the people concerned are worth
    places : of the service, with capacity_status and location_status; may be empty
    snap_status : by demand_id, how each home joins the road (`Snaps.table`)

    Returns
    -------
    keys of the labels `estimated`, always in the same order
    """
    homes = territory.homes
    guessed = places["capacity_status"] == contracts.ESTIMATED
    if service.counts_hours:  # assumed hours have a reason of their own
        guessed &= hours_status(places) != contracts.ESTIMATED
    services = set(service.care) or set(places["service"])
    inside = homes.code.isin(territory.inside)
    reasons = {
        "schematic": network.schematic,
        "speeds": not network.schematic and network.speeds_assumed,
        "off_road": bool((snap_status[inside] == "far").any()),
        "demand": bool((people_status == contracts.ESTIMATED).any()),
        "capacity": service.judged_on_supply and bool(guessed.any()),
        "hours": hours_assumed(territory.equipements, places, service),
        "counts": bool(len(known_in_part(territory.partial, services))),
        "location": bool((places["location_status"] == contracts.ESTIMATED).any()),
        "hidden": bool((~people_status[territory.inside].isin(_SHOWN)).any()),
        "points": bool((homes.places["point_status"] == contracts.ESTIMATED).any()),
        "spread": homes.spread,
    }
    return tuple(name for name, holds in reasons.items() if holds)


def with_statuses(communes: Table, estimated: Collection[str], *, shared: bool) -> Table:
    """Return results with what each figure is worth, estimates of the inputs included.

    Every output says it by this function, so that no two differ.

    Parameters
    ----------
    communes : see `Diagnosis.communes`: of times, what one knows without the inputs
    estimated : the inputs that are estimates (`estimates`)
    shared : whether supply is shared, so that some may be missing

    Returns
    -------
    the same with nearest_status (of each further mode too), result_status and missing_status, words
    of `contracts.STATUSES`
    """
    table = communes.copy()
    status = contracts.ESTIMATED if estimated else contracts.OBSERVED
    table["result_status"] = status
    table.loc[table[_TIMES] == contracts.SECRET, "result_status"] = contracts.SECRET
    if set(GUESSED_TIMES) & set(estimated):
        for name in [each for each in table.columns if str(each).startswith(_TIMES)]:
            table[name] = table[name].replace({contracts.OBSERVED: contracts.ESTIMATED})
    blank = table["missing"].isna()
    if shared:
        table["missing_status"] = table["demand_status"].where(blank, status)
        few = blank & table["concerned"].isna() & table["demand"].notna()
        table.loc[few, "missing_status"] = contracts.SECRET
    else:
        table["missing_status"] = contracts.NOT_APPLICABLE
    return table
