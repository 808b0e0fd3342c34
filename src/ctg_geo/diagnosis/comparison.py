"""The same gauges by group of communes: north and south, or any other split."""

import numpy as np
import pandas as pd

from ctg_geo.access import population_within
from ctg_geo.diagnosis.diagnosis import Diagnosis
from ctg_geo.diagnosis.few import few

__all__ = ["by_group"]


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
        the shares are NaN. Figures that rest on a hidden number of people are
        left out of the sums on both sides.
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
    local = diagnosis.homes[diagnosis.homes["code_insee"].isin(shown.index)]
    verdict = diagnosis.service.judged
    telling = bool(diagnosis.fewest) and verdict
    within = local["nearest_min"] <= diagnosis.service.within_min
    near = local[_told(diagnosis, local, within)] if telling else local
    arriving = local["nearest_min"].notna()
    every = local[_told(diagnosis, local, arriving)] if diagnosis.fewest else local
    reached = local["nearest_min"].notna()
    return {
        "communes": len(table),
        "hidden": len(table) - len(shown),
        "below": int(table["below"].sum()) if verdict else np.nan,
        "demand": total,
        "places": len(own),
        "supply": supply,
        "supply_per_100": 100 * counted / total if total and judged else np.nan,
        "access_per_100": float((shown["access_per_100"] * people).sum(min_count=1)) / total
        if total
        else np.nan,
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
        "mean_min": _mean(local["nearest_min"][reached], local["demand"][reached]),
    }


def _told(diagnosis: Diagnosis, local: pd.DataFrame, within: pd.Series) -> pd.Series:
    """Tell which places lie in communes whose people `within` are enough to tell."""
    code = local["code_insee"]
    inside = local["demand"].where(within, 0.0).groupby(code).sum()
    unsaid = few(inside, local["demand"].groupby(code).sum(), diagnosis.fewest)
    return ~code.isin(unsaid.index[unsaid])


def _mean(values: pd.Series, weights: pd.Series) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total else float("nan")
