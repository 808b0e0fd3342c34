"""The same gauges by group of communes, north and south for instance, or by group of people."""

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.access import population_within
from ctg_geo.diagnosis.at_homes import care_columns
from ctg_geo.diagnosis.diagnosis import Diagnosis
from ctg_geo.diagnosis.few import few

__all__ = ["by_group", "by_people_group", "told_in_groups"]

_NOTHING = 1e-9  # of a count: the rounding of a spread


def by_group(diagnosis: Diagnosis, grouping: str | None) -> pd.DataFrame:
    """Sum up the territory by group.

    Parameters
    ----------
    diagnosis : of one service
    grouping : a column of `diagnosis.groups`; None for the territory as a whole

    Returns
    -------
    DataFrame by group
        communes, hidden (communes whose number of people is secret or unknown), below
        (communes under the norm), demand, places, supply (located in the group),
        supply_per_100 (located supply per 100 people, hidden communes out of both),
        access_per_100 (accessible, weighted by people), missing, concerned,
        concerned_share, within_share (people within the norm's minutes), reached_share
        (people who reach a place at all), mean_min (to the nearest, weighted by the people
        who reach one). Without a norm there is no verdict: below, concerned and
        the shares are NaN. With several modes of care, what each offers (`care_column`) follows;
        they sum to access_per_100. Figures that rest on a hidden number of people are
        left out of the sums on both sides; communes whose time and access are
        secret are left out of their means.
    """
    table = diagnosis.communes
    names = pd.Series("", index=table.index) if grouping is None else table[grouping]
    rows = {group: _row(diagnosis, table[names == group]) for group in sorted(set(names))}
    found = pd.DataFrame.from_dict(rows, orient="index")
    found.index.name = grouping or "territory"
    return found


def _row(diagnosis: Diagnosis, table: pd.DataFrame) -> dict[str, float]:
    shown = table[table["demand"].notna()]
    people = shown["demand"]
    total = float(people.sum())
    counted_of = float(people[shown["concerned"].notna()].sum())
    own = diagnosis.equipements[diagnosis.equipements["code_insee"].isin(table.index)]
    judged = diagnosis.catchment is not None
    supply = float(own["capacity"].sum()) if judged else np.nan
    counted = float(own["capacity"][own["code_insee"].isin(shown.index)].sum())
    met = shown[shown["nearest_status"] != contracts.SECRET]
    local = diagnosis.homes[diagnosis.homes["code_insee"].isin(met.index)]
    verdict = diagnosis.service.judged
    telling = bool(diagnosis.fewest) and verdict
    within = local["nearest_min"] <= diagnosis.service.within_min
    near = local[_told(diagnosis, local, within)] if telling else local
    arriving = local["nearest_min"].notna()
    every = local[_told(diagnosis, local, arriving)] if diagnosis.fewest else local
    return {
        "communes": len(table),
        "hidden": len(table) - len(shown),
        "below": int(table["below"].sum()) if verdict else np.nan,
        "demand": total,
        "places": len(own),
        "supply": supply,
        "supply_per_100": 100 * counted / total if total and judged else np.nan,
        "access_per_100": _mean(met["access_per_100"], met["demand"]) if judged else np.nan,
        "missing": float(shown["missing"].sum(min_count=1)),
        "concerned": float(shown["concerned"].sum()) if verdict else np.nan,
        "concerned_share": float(shown["concerned"].sum()) / counted_of if counted_of else np.nan,
        "within_share": population_within(
            near["nearest_min"], near["demand"], within_min=diagnosis.service.within_min
        )
        if verdict
        else np.nan,
        "reached_share": population_within(
            every["nearest_min"], every["demand"], within_min=diagnosis.service.max_min
        ),
        "mean_min": _mean(local["nearest_min"][arriving], local["demand"][arriving]),
        **{name: _mean(met[name], met["demand"]) for name in care_columns(met)},
    }


def by_people_group(diagnosis: Diagnosis, homes: pd.Series, places: pd.Series) -> pd.DataFrame:
    """Sum up the territory by group of people, whatever their commune.

    Parameters
    ----------
    diagnosis : of one service, with people placed inside their communes
    homes : by demand_id, the group of the people who live there
    places : by equipement_id, the group that a place that serves lies in; missing if unknown

    Returns
    -------
    DataFrame by group, columns as `by_group`
        A verdict is of a commune: `below` is missing. Communes whose people or times are
        hidden, or are too few in one of the groups to be told, be it those of them who miss the
        norm, are near enough or reach a place, are `hidden` in all of them: out of the sums on
        both sides, so that no difference with a commune's own figures tells them.
    """
    local = diagnosis.homes
    local = local[local["code_insee"].isin(diagnosis.communes.index)]
    group = homes.reindex(local.index)
    told = told_in_groups(diagnosis, homes)
    at = places.reindex(diagnosis.equipements.index)
    rows = {
        name: _people_row(diagnosis, local[group == name], told, at == name)
        for name in sorted(set(group.dropna()))
    }
    found = pd.DataFrame.from_dict(rows, orient="index")
    found.index.name = "people"
    return found


def told_in_groups(diagnosis: Diagnosis, homes: pd.Series) -> pd.Index:
    """Return the communes whose people are known, and enough of them in each of its groups.

    Parameters
    ----------
    diagnosis : of one service, with people placed inside their communes
    homes : by demand_id, the group of the people who live there

    Notes
    -----
    Enough of each kind: below the norm or not, near enough or not, reaching a place or not.
    Whatever is told of a group is then a sum of counts that are none, or enough.
    """
    local = diagnosis.homes
    group = homes.reindex(local.index)
    table = diagnosis.communes
    told = table["demand"].notna()
    if diagnosis.fewest:
        minutes = local["nearest_min"]
        kinds = [local["below"], minutes <= diagnosis.service.within_min, minutes.notna()]
        by = [local["code_insee"], group, *[each.to_numpy() for each in kinds]]
        counts = local["demand"].groupby(by).sum()
        few_here = counts[(counts > _NOTHING) & (counts < diagnosis.fewest - _NOTHING)]
        told &= ~table.index.isin(few_here.index.get_level_values(0))
        told &= table["nearest_status"] != contracts.SECRET
    codes: pd.Index = table.index[told]
    return codes


def _people_row(
    diagnosis: Diagnosis, local: pd.DataFrame, told: pd.Index, here: pd.Series
) -> dict[str, float]:
    shown = local[local["code_insee"].isin(told)]
    people, total = shown["demand"], float(shown["demand"].sum())
    own = diagnosis.equipements[here & diagnosis.equipements["inside"]]
    judged = diagnosis.catchment is not None
    supply = float(own["capacity"].sum()) if judged else np.nan
    counted = float(own["capacity"][own["code_insee"].isin(told)].sum())
    verdict = diagnosis.service.judged
    concerned = _enough(float(shown["concerned"].sum(min_count=1)), total, diagnosis.fewest)
    within = float(people[shown["nearest_min"] <= diagnosis.service.within_min].sum())
    within = _enough(within, total, diagnosis.fewest)
    missing = float(shown["missing"].sum(min_count=1))
    reached = shown["nearest_min"].notna()
    arriving = _enough(float(people[reached].sum()), total, diagnosis.fewest)
    count = local["code_insee"].nunique()
    return {
        "communes": count,
        "hidden": count - shown["code_insee"].nunique(),
        "below": np.nan,
        "demand": total,
        "places": len(own),
        "supply": supply,
        "supply_per_100": 100 * counted / total if total and judged else np.nan,
        "access_per_100": 100 * _mean(shown["access"], people) if judged else np.nan,
        "missing": missing if np.isfinite(concerned) else np.nan,
        "concerned": concerned,
        "concerned_share": concerned / total if total else np.nan,
        "within_share": within / total if total and verdict else np.nan,
        "reached_share": arriving / total if total else np.nan,
        "mean_min": _mean(shown["nearest_min"][reached], people[reached]),
        **{name: _mean(shown[name], people) for name in care_columns(shown)},
    }


def _enough(count: float, total: float, fewest: float) -> float:
    """Return a count, missing where it, or what it leaves of the whole, is too few to tell."""
    unsaid = few(pd.Series([count]), pd.Series([total]), fewest)
    return float("nan") if fewest and bool(unsaid.iloc[0]) else count


def _told(diagnosis: Diagnosis, local: pd.DataFrame, within: pd.Series) -> pd.Series:
    """Tell which places lie in communes whose people `within` are enough to tell."""
    code = local["code_insee"]
    inside = local["demand"].where(within, 0.0).groupby(code).sum()
    unsaid = few(inside, local["demand"].groupby(code).sum(), diagnosis.fewest)
    return ~code.isin(unsaid.index[unsaid])


def _mean(values: pd.Series, weights: pd.Series) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total else float("nan")
