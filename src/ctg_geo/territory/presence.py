"""Places that are there part of the week count for the time they are there."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["present", "share_of_time"]

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
        findings += [
            Finding("warning", "seldom_there", "equipements", str(code),
                    {"nom": places.at[code, "nom"], "hours": places.at[code, "hours_per_week"],
                     "share": float(share[code])})
            for code in places.index[seldom]
        ]  # fmt: skip
        kept &= ~seldom
    return _scaled(places, share)[kept], findings


def _scaled(places: "gpd.GeoDataFrame", share: pd.Series) -> "gpd.GeoDataFrame":
    """Return places with their capacity for the time they are there, an estimate where scaled."""
    table = places.copy()
    table["presence"] = share
    part = (share < 1) & table["capacity"].notna()
    table["capacity"] *= share
    table.loc[part, "capacity_status"] = contracts.ESTIMATED
    return table
