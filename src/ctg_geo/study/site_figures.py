"""The figures of a plan read off a whole diagnosis, by code that shares nothing with a solver."""

import numpy as np
import pandas as pd

from ctg_geo.diagnosis import Diagnosis
from ctg_geo.errors import SitingError
from ctg_geo.export.sites_told import PLACED
from ctg_geo.gap import gini, missing_supply, poverty
from ctg_geo.gap.undefined import value_of
from ctg_geo.study.site_placed import near_two, placed

__all__ = ["figure_of", "held_against"]

_CLOSE = 1e-6
_AT_NORM = 1e-7  # of it: an access that rounding alone keeps below the norm


def figure_of(
    state: Diagnosis, objective: str, *, share: float = 1.0, within_min: float = float("nan")
) -> float:
    """Return the figure of an objective in a diagnosis, over the people of the territory.

    Parameters
    ----------
    state : as it is, or what a plan makes
    objective : floor, shortfall, severity, cover, gini (supply), median, center, or cover of
        a service judged on time; backup, median_places, cover_places; another one is NaN
    share : of people, for the floor
    within_min : minutes, of cover on time, cover_places and backup

    Returns
    -------
    float: supply per person, places, index, people, index, minutes on average, minutes, people,
    people, minutes on average, people; infinite where somebody reaches no place and the longest
    trip is asked
    """
    inside = state.homes["code_insee"].isin(state.territory.inside)
    local = state.homes[inside & (state.homes["demand"] > 0)]
    people = local["demand"]
    if objective == "backup":
        return near_two(state.times, people, within_min)
    if objective in PLACED:
        return placed(state, people, objective, within_min)
    if state.catchment is None or objective in ("median", "center"):
        return _of_trips(local["nearest_min"], people, objective, within_min, state)
    return _of_access(local["access"], people, objective, share, state)


def _of_access(
    access: pd.Series, people: pd.Series, objective: str, share: float, state: Diagnosis
) -> float:
    norm = (state.service.per_100 or 0.0) / 100
    match objective:
        case "floor":
            return _least(access, people, share)
        case "shortfall":
            return float(missing_supply(access, people, norm=norm).sum())
        case "severity":
            return value_of(poverty(access, people, norm=norm, power=2))
        case "cover":
            return float(people[access >= norm * (1 - _AT_NORM)].sum())
        case "gini":
            return value_of(gini(access, people))
        case _:
            return float("nan")


def _of_trips(
    minutes: pd.Series, people: pd.Series, objective: str, within: float, state: Diagnosis
) -> float:
    match objective:
        case "median":
            whole = minutes.fillna(state.service.max_min)
            return float((whole * people).sum() / people.sum())
        case "center" | "floor":
            return float(minutes.max()) if minutes.notna().all() else float("inf")
        case "cover":
            return float(people[minutes <= within].sum())
        case _:
            return float("nan")


def _least(access: pd.Series, people: pd.Series, share: float) -> float:
    """Return the access that a share of people at least have."""
    order = access.sort_values(ascending=False, kind="stable").index
    upto = people[order].cumsum().to_numpy(np.float64)
    enough = int(np.searchsorted(upto, share * upto[-1] * (1 - 1e-9)))
    return float(access[order].iloc[min(enough, len(order) - 1)])


def held_against(found: float, told: float, what: str) -> None:
    """Refuse a plan whose figure, read off the diagnosis of what it makes, is another one.

    Raises
    ------
    SitingError
        Naming both numbers.
    """
    if not found == told and not abs(found - told) <= _CLOSE * max(1.0, abs(told)):
        raise SitingError("mismatch", what=what, told=told, found=found)
