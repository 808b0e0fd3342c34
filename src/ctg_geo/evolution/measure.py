"""The measures that are followed over time, where people live and summed up."""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import nearest, sharing_of, weighted_mean
from ctg_geo.gap import MET, concerned, missing_supply
from ctg_geo.parameters import Service
from ctg_geo.travel import TravelTimes

__all__ = ["MEASURES", "grouped", "measured"]

MEASURES: Final = ("people", "access_per_100", "missing", "concerned", "concerned_share")


def measured(
    demand: pd.DataFrame, supply: pd.DataFrame, times: TravelTimes, service: Service
) -> pd.DataFrame:
    """Measure a service on people, places and times, by commune.

    Parameters
    ----------
    demand : by origin of `times` (some or all): code_insee, people (complete), share (of its
        commune, used where nobody lives)
    supply : by destination of `times`, those that are open only: capacity, and `care`, the mode of
        care, where the service has several
    times : of every origin and destination of every date; pairs of a home and a place that does
        not admit its people are left out of them beforehand
    service : its norm, measure, decays and whether it is judged on supply

    Returns
    -------
    DataFrame by code_insee, columns MEASURES
        people; access_per_100 (mean over people; NaN for a service judged on time, and where
        nobody lives in any commune, for a ratio to nobody is undefined); missing (in the unit
        of supply; NaN likewise for a service judged on time); concerned (people below the
        norm where they live); concerned_share (0-1; of a commune without people, of the
        places where they would be).

    Notes
    -----
    The same figures as `ctg_geo.diagnosis` gives of the same inputs.
    """
    table = demand.copy()
    open_ = times.to_destinations(times.destinations.isin(supply.index))
    minutes = nearest(open_)["minutes"].reindex(table.index)
    norm, sharing = service.per_100, sharing_of(service, supply)
    if norm is None or sharing is None:
        below = ~(minutes <= service.within_min) & service.judged
        table["access_per_100"], table["missing"] = np.nan, np.nan
    else:
        everyone = table["people"].reindex(times.origins).fillna(0.0)
        shared = sharing.catchment(open_, everyone, supply["capacity"])
        access = shared.access.reindex(table.index)
        below = access < norm / 100 * MET
        table["access_per_100"] = 100 * access if everyone.sum() > 0 else np.nan
        table["missing"] = missing_supply(access, table["people"], norm=norm / 100)
    table["concerned"] = concerned(below, table["people"]) if service.judged else np.nan
    table["below"] = below.astype(np.float64) if service.judged else np.nan
    return _by_commune(table)


def _by_commune(table: pd.DataFrame) -> pd.DataFrame:
    code = table["code_insee"]
    sums = table.groupby(code.to_numpy())
    people = sums["people"].sum()
    weight = table["people"].where(code.map(people) > 0, table["share"])
    made = pd.DataFrame({"people": people})
    made["access_per_100"] = weighted_mean(table["access_per_100"], weight, code)
    made["missing"] = sums["missing"].sum(min_count=1)
    made["concerned"] = sums["concerned"].sum()
    made["concerned_share"] = weighted_mean(table["below"], weight, code)
    return made.rename_axis("code_insee")


def grouped(table: pd.DataFrame, group: pd.Series, told: pd.DataFrame) -> pd.DataFrame:
    """Sum up communes by group.

    Parameters
    ----------
    table : by code_insee, columns MEASURES
    group : by code_insee, of the communes that count
    told : by code_insee, columns MEASURES: whether the figure of a commune may be told;
        what may not is left out, with its people, of the sums and means of its measure

    Returns
    -------
    DataFrame by group, columns MEASURES; NaN where no commune of the group is told, and for a
    rate where nobody lives
    """
    own, may = table.reindex(group.index), told.reindex(group.index)
    by = group.to_numpy(dtype=object)
    people = own["people"]
    made = pd.DataFrame({"people": people.where(may["people"]).groupby(by).sum(min_count=1)})
    weighed = (own["access_per_100"] * people).where(may["access_per_100"])
    made["access_per_100"] = _ratio(weighed, people, by)
    for name in ("missing", "concerned"):
        made[name] = own[name].where(may[name]).groupby(by).sum(min_count=1)
    counted = own["concerned"].where(may["concerned_share"])
    made["concerned_share"] = _ratio(counted, people, by)
    return made


def _ratio(part: pd.Series, whole: pd.Series, by: npt.NDArray[np.object_]) -> pd.Series:
    """Divide sums by group; what has no part counts in neither."""
    total = whole.where(part.notna()).groupby(by).sum()
    return part.groupby(by).sum(min_count=1) / total.where(total > 0)
