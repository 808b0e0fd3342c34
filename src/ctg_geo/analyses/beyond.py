"""People beyond the reach of any place, and what mobile stops make of it."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.access import nearest
from ctg_geo.travel import TravelTimes

__all__ = ["STATES", "beyond_reach"]

STATES: Final = ("within", "stop_only", "beyond")


def beyond_reach(
    times: Mapping[str, TravelTimes],
    people: pd.Series,
    code: pd.Series,
    stops: pd.DataFrame,
    *,
    reach_min: Mapping[str, float],
) -> pd.DataFrame:
    """Tell, commune by commune, who reaches a place by one mode at least.

    Parameters
    ----------
    times : by profile, from homes to the places that are there to stay
    people : by demand_id
    code : by demand_id, the commune
    stops : mobile stops, with code_insee and hours_per_week (NaN where unknown)
    reach_min : by profile, minutes within reach

    Returns
    -------
    DataFrame by code_insee
        people, beyond (people who reach no place by any mode), stops (in the commune),
        hours (of these stops in a week; NaN where one is unknown), and state: `within` where
        nobody is beyond reach, `stop_only` where some are and a mobile stop comes to the
        commune, else `beyond`.

    Notes
    -----
    A longer reach or one more mode never puts anybody beyond. People in communes and beyond
    are sums over homes, so that a hamlet is not hidden by its village.
    """
    reached = np.zeros(len(people), dtype=bool)
    for profile, limit in reach_min.items():
        minutes = nearest(times[profile])["minutes"].reindex(people.index)
        reached |= (minutes <= limit).to_numpy()
    out = people.where(~reached, 0.0)
    table = pd.DataFrame({"people": people.groupby(code).sum(), "beyond": out.groupby(code).sum()})
    somebody = pd.Series(~reached, index=people.index).groupby(code).any()
    by_commune = stops.groupby("code_insee")["hours_per_week"]
    table["stops"] = by_commune.size().reindex(table.index, fill_value=0)
    hours = by_commune.sum().where(by_commune.count() == by_commune.size())
    table["hours"] = hours.reindex(table.index)
    table.loc[table["stops"] == 0, "hours"] = 0.0
    state = np.where(table["stops"] > 0, "stop_only", "beyond")
    table["state"] = np.where(somebody.reindex(table.index), state, "within")
    return table.rename_axis("code_insee")
