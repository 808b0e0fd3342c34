"""Places that are there part of the week count for the time they are there, or for their hours."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.parameters import Care, Service
from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["hours_assumed", "hours_status", "offering_hours", "present", "share_of_time"]

_MOBILE = "mobile"


def share_of_time(
    hours: pd.Series,
    *,
    reference_hours: float,
    weeks: pd.Series | None = None,
    reference_weeks: float = 52.0,
) -> pd.Series:
    """Share (0-1) of the reference time that each place is there; NaN where it is unknown.

    Parameters
    ----------
    hours : hours per week
    reference_hours : of a full-time place (> 0)
    weeks : weeks per year, on the index of `hours`; by default all of the reference
    reference_weeks : of a place that is there all year (> 0)

    Examples
    --------
    >>> share_of_time(pd.Series([2.5, 40.0, None]), reference_hours=25).tolist()
    [0.1, 1.0, nan]
    """
    share = (hours.astype(np.float64) / reference_hours).clip(upper=1.0)
    if weeks is not None:
        share *= (weeks.astype(np.float64) / reference_weeks).clip(upper=1.0)
    return share.rename("presence")


def present(
    places: "gpd.GeoDataFrame", service: Service
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Scale the supply of places by the time they are there, and leave out those that hardly are.

    Parameters
    ----------
    places : those of the service, contract `equipements`
    service : with a rule of presence; without one the places come back as they are

    Returns
    -------
    the places that count, with `presence` (0-1) and their capacity scaled by it; what is said
    of the others. A stop of a mobile service whose hours are unknown does not count; a fixed
    place of unknown hours counts whole, and a finding says so.
    """
    rule = service.presence
    if rule is None:
        return places, []
    share = share_of_time(places["hours_per_week"], reference_hours=rule.reference_hours)
    mobile = places["delivery"] == _MOBILE
    unknown = share.isna()
    if service.counts_hours:  # the hours are the supply: nothing is scaled, unknown ones refused
        seldom = share < rule.least_share
        return places.assign(presence=share)[~seldom], _seldom(places, share[seldom])
    findings = [
        Finding("warning", "stop_without_hours", "equipements", str(code),
                {"nom": places.at[code, "nom"]})
        for code in places.index[unknown & mobile]
    ]  # fmt: skip
    whole = int((unknown & ~mobile).sum())
    if whole:
        facts: dict[str, object] = {"count": whole, "hours": rule.reference_hours}
        findings.append(Finding("warning", "hours_assumed_full", "equipements", facts=facts))
    share = share.mask(unknown & ~mobile, 1.0)
    kept = share.notna()
    if not service.judged_on_supply:
        seldom = share < rule.least_share
        findings += _seldom(places, share[seldom])
        kept &= ~seldom
    worth = hours_status(places).mask(unknown & ~mobile, contracts.ESTIMATED)
    return _scaled(places, share).assign(hours_status=worth)[kept], findings


def _seldom(places: "gpd.GeoDataFrame", share: pd.Series) -> list[Finding]:
    """Name the places that are there too seldom to count as one, with their share of time."""
    return [
        Finding("warning", "seldom_there", "equipements", str(code),
                {"nom": places.at[code, "nom"], "hours": places.at[code, "hours_per_week"],
                 "share": float(share[code])})
        for code in share.index
    ]  # fmt: skip


def offering_hours(places: "gpd.GeoDataFrame", service: Service) -> "gpd.GeoDataFrame":
    """Return places with what each offers as its capacity.

    That is the capacity itself or, of a service that counts hours, the hours per week with
    what they are worth.
    """
    if not service.counts_hours:
        return places
    return places.assign(capacity=places["hours_per_week"], capacity_status=hours_status(places))


def hours_status(places: pd.DataFrame) -> pd.Series:
    """Return what the hours of each place are worth: as the table says, else known or not.

    Parameters
    ----------
    places : contract `equipements`, hours_per_week and, where the table tells, hours_status

    Returns
    -------
    Series of statuses (`contracts.STATUSES`), by equipement_id
    """
    plain = pd.Series(
        np.where(places["hours_per_week"].notna(), contracts.OBSERVED, contracts.NOT_AVAILABLE),
        index=places.index, dtype=object, name="hours_status",
    )  # fmt: skip
    if "hours_status" not in places.columns:
        return plain
    return places["hours_status"].astype(object).where(places["hours_status"].notna(), plain)


def hours_assumed(every: pd.DataFrame, places: pd.DataFrame, service: Service) -> bool:
    """Tell whether results of a service rest on hours that somebody assumed.

    Parameters
    ----------
    every : all places known, contract `equipements`
    places : those of the service that count, as `supply` returns them

    Notes
    -----
    Hours matter where they are the supply, or where a rule of presence reads them: then also
    those of places left out because of them.
    """
    rules: dict[str, Service | Care] = {**service.care}
    rules = rules or dict.fromkeys(map(str, places["service"].unique()), service)
    for name, rule in rules.items():
        if not service.counts_hours and rule.presence is None:
            continue
        known = every[(every["service"] == name) & every["delivery"].isin(rule.deliveries)]
        for own in (known, places[places["service"] == name]):
            if (hours_status(own) == contracts.ESTIMATED).any():
                return True
    return False


def _scaled(places: "gpd.GeoDataFrame", share: pd.Series) -> "gpd.GeoDataFrame":
    """Return places with their capacity for the time they are there, an estimate where scaled."""
    table = places.copy()
    table["presence"] = share
    part = (share < 1) & table["capacity"].notna()
    table["capacity"] *= share
    table.loc[part, "capacity_status"] = contracts.ESTIMATED
    return table
