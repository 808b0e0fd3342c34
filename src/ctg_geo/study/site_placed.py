"""Figures of who could go where, worked out by code that shares nothing with the plans of sites."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from ctg_geo.diagnosis import Diagnosis
from ctg_geo.travel import TravelTimes

__all__ = ["near_two", "placed"]

Floats = npt.NDArray[np.float64]


def near_two(times: TravelTimes, people: pd.Series, within_min: float) -> float:
    """Count the people with two places at least within some minutes."""
    near = times.within(within_min)
    count = pd.Series(np.bincount(near.rows, minlength=len(near.origins)), index=near.origins)
    return float(people[count.reindex(people.index).to_numpy() >= 2].sum())  # noqa: PLR2004


def placed(state: Diagnosis, people: pd.Series, objective: str, within_min: float) -> float:
    """Send people to places that fill up, each at best, by one linear programme over all pairs.

    Parameters
    ----------
    people : by demand_id, above 0
    objective : cover_places (people with a place within `within_min`), or median_places
        (minutes on average, those without a place counting as the longest trip)
    """
    times, longest = state.times, float(state.service.max_min)
    if objective == "cover_places":
        times = times.within(within_min)
    home = pd.Index(people.index).get_indexer(times.origins)[times.rows]
    room = state.equipements["capacity"].reindex(times.destinations).to_numpy(np.float64)
    minutes = times.minutes.astype(np.float64)
    ours = (home >= 0) & (minutes < longest) if objective == "median_places" else home >= 0
    home, to, minutes = home[ours], times.to[ours], minutes[ours]
    saved = longest - minutes if objective == "median_places" else np.ones(len(home))
    least = _most(saved, home, to, people.to_numpy(np.float64), room)
    whole = float(people.sum())
    return least if objective == "cover_places" else longest - least / whole


def _most(
    saved: Floats, home: npt.NDArray[np.integer], to: npt.NDArray[np.integer], people: Floats,
    room: Floats,
) -> float:  # fmt: skip
    """Return the most that people can save in all, none beyond the room of a place."""
    if not len(saved):
        return 0.0
    pair, one = np.arange(len(saved)), np.ones(len(saved))
    rows = sparse.vstack([
        sparse.csr_array((one, (home, pair)), shape=(len(people), len(pair))),
        sparse.csr_array((one, (to, pair)), shape=(len(room), len(pair))),
    ])  # fmt: skip
    bounds = np.concatenate((people, room))
    answer = linprog(-saved, A_ub=rows, b_ub=bounds, method="highs")  # type: ignore[call-overload]  # dense stubs
    return -float(answer.fun)
