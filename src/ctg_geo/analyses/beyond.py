"""People beyond the reach of any place, and what mobile stops make of it."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import nearest
from ctg_geo.travel import TravelTimes

__all__ = ["STATES", "beyond_reach", "stop_scenarios"]

STATES: Final = ("within", "stop_only", "beyond")


def beyond_reach(
    times: Mapping[str, TravelTimes],
    people: pd.Series,
    code: pd.Series,
    stops: pd.DataFrame,
    *,
    reach_min: Mapping[str, float],
    to_stops: Mapping[str, TravelTimes] | None = None,
) -> pd.DataFrame:
    """Tell, commune by commune, who reaches a place by one mode at least.

    Parameters
    ----------
    times : by profile, from homes to the places that are there to stay
    people : by demand_id
    code : by demand_id, the commune
    stops : mobile stops, with code_insee and hours_per_week (NaN where unknown)
    reach_min : by profile, minutes within reach
    to_stops : by profile, from homes to the stops; without them a stop serves its commune alone

    Returns
    -------
    DataFrame by code_insee
        people, beyond (people who reach no place by any mode), stops (in the commune),
        hours (of these stops in a week; NaN where one is unknown), and state: `within` where
        nobody is beyond reach, `stop_only` where some are and a mobile stop comes to the
        commune, or is within the reach of all of them, else `beyond`.

    Notes
    -----
    A longer reach or one more mode never puts anybody beyond. People in communes and beyond
    are sums over homes, so that a hamlet is not hidden by its village.
    """
    reached = _within(times, people.index, reach_min)
    out = people.where(~reached, 0.0)
    table = pd.DataFrame({"people": people.groupby(code).sum(), "beyond": out.groupby(code).sum()})
    somebody = pd.Series(~reached, index=people.index).groupby(code).any()
    by_commune = stops.groupby("code_insee")["hours_per_week"]
    table["stops"] = by_commune.size().reindex(table.index, fill_value=0)
    hours = by_commune.sum().where(by_commune.count() == by_commune.size())
    table["hours"] = hours.reindex(table.index)
    table.loc[table["stops"] == 0, "hours"] = 0.0
    served = reached | _within(to_stops or {}, people.index, reach_min)
    near = pd.Series(served, index=people.index).groupby(code).all().reindex(table.index)
    state = np.where((table["stops"] > 0) | near, "stop_only", "beyond")
    table["state"] = np.where(somebody.reindex(table.index), state, "within")
    return table.rename_axis("code_insee")


def _within(
    times: Mapping[str, TravelTimes], homes: pd.Index, reach_min: Mapping[str, float]
) -> npt.NDArray[np.bool_]:
    """Tell which homes reach somewhere within the limit of one mode at least."""
    reached = np.zeros(len(homes), dtype=bool)
    for profile, each in times.items():
        minutes = nearest(each)["minutes"].reindex(homes)
        reached |= (minutes <= reach_min[profile]).to_numpy()
    return reached


def stop_scenarios(
    hours: pd.Series,
    people: float,
    *,
    assumed: Sequence[float],
    reference_hours: float,
    least_share: float,
) -> pd.DataFrame:
    """Tell what mobile stops would offer if those of unknown hours were there so long.

    Parameters
    ----------
    hours : by stop, hours in a week; NaN where unknown
    people : of the communes that the stops come to
    assumed : hours in a week to try for stops of unknown hours
    reference_hours : hours in a week of a place that counts whole
    least_share : share (0-1) of them from which a stop counts as a place

    Returns
    -------
    DataFrame by assumed hours
        hours (of all stops in a week), places (of `reference_hours` that this makes, each stop
        one at most), per_100 (hours in a week for 100 people; NaN where there is nobody),
        counted (stops long enough to count as a place).

    Examples
    --------
    >>> stop_scenarios(pd.Series([None, 10.0]), 50, assumed=[2.5], reference_hours=15,
    ...                least_share=0.5).round(2).to_dict("list")
    {'hours': [12.5], 'places': [0.83], 'per_100': [25.0], 'counted': [1]}
    """
    rows = {}
    for each in assumed:
        filled = hours.astype(float).fillna(each)
        total, share = float(filled.sum()), (filled / reference_hours).clip(upper=1.0)
        rows[each] = {
            "hours": total, "places": float(share.sum()),
            "per_100": 100 * total / people if people else float("nan"),
            "counted": int((share >= least_share).sum()),
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("assumed")
