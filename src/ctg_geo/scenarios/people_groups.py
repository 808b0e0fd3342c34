"""Scenarios by group of people, wherever they live in their commune: in a QPV, or not."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.scenarios.measures import MEASURES, patterns

__all__ = ["by_people_group", "told_communes"]

_NOTHING = 1e-9  # of a count: the rounding of a spread


def by_people_group(
    states: Sequence[Diagnosis], groups: Mapping[str, pd.Series]
) -> list[pd.DataFrame]:
    """Sum up the people of each group, the same communes in every state.

    Parameters
    ----------
    states : the diagnosis as it is, and those of all scenarios, with people inside communes
    groups : by grouping, the group of the people at each home (by demand_id)

    Returns
    -------
    by state, DataFrame by grouping and group, columns `MEASURES`
    """
    return [
        pd.concat(
            {name: _summed(state, homes, told_communes(states, homes))
             for name, homes in groups.items()},
            names=["grouping", "group"],
        )
        for state in states
    ]  # fmt: skip


def told_communes(states: Sequence[Diagnosis], homes: pd.Series) -> pd.Index:
    """Return the communes whose people are known, and enough of them in each of their groups.

    Parameters
    ----------
    homes : by demand_id, the group of the people who live there

    Notes
    -----
    Enough of each kind: of one group, judged alike and reaching a place alike in every state.
    What is told of a group, in any state or from one to another, is then made of counts that
    are none, or enough.
    """
    table = states[0].communes
    told = pd.Series(data=True, index=table.index)
    fewest = max(each.fewest for each in states)
    kind = patterns(states)
    for state in states:
        told &= state.communes["demand"].notna()
        if not fewest:
            continue
        told &= state.communes["nearest_status"] != contracts.SECRET
        local = state.homes
        by = [local["code_insee"], homes.reindex(local.index), kind]
        counts = local["demand"].groupby(by).sum()
        few = counts[(counts > _NOTHING) & (counts < fewest - _NOTHING)]
        told &= ~table.index.isin(few.index.get_level_values(0))
    codes: pd.Index = table.index[told.to_numpy()]
    return codes


def _summed(state: Diagnosis, homes: pd.Series, told: pd.Index) -> pd.DataFrame:
    local = state.homes[state.homes["code_insee"].isin(told)]
    group = homes.reindex(local.index).to_numpy(dtype=object)
    people, minutes = local["demand"], local["nearest_min"]
    arriving = people.where(minutes.notna(), 0.0)
    total = people.groupby(group).sum()
    made = pd.DataFrame({"people": total})
    made["access_per_100"] = 100 * _mean(local["access"], people, group)
    made["minutes"] = _mean(minutes.fillna(0.0), arriving, group)
    for name in ("missing", "concerned"):
        made[name] = local[name].groupby(group).sum(min_count=1)
    made["concerned_share"] = made["concerned"] / total.where(total > 0)
    return made.rename_axis("group")[list(MEASURES)]


def _mean(values: pd.Series, weights: pd.Series, group: npt.NDArray[np.object_]) -> pd.Series:
    total = weights.groupby(group).sum()
    return (values * weights).groupby(group).sum(min_count=1) / total.where(total > 0)
