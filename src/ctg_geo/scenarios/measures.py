"""What a scenario is compared on: measures by commune and by group, told only where they may be."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.diagnosis import Diagnosis

__all__ = ["MEASURES", "by_commune", "by_group", "measures_of", "patterns", "untold"]

MEASURES: Final = ("people", "access_per_100", "minutes", "missing", "concerned",
                   "concerned_share")  # fmt: skip
_COUNTED: Final = ("missing", "concerned", "concerned_share")
_REACHING: Final = "reaching"  # share of people who reach a place: what a mean of minutes weighs
_NOTHING = 1e-9


def measures_of(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return the measures that a service has."""
    if not diagnosis.service.judged:
        return ("people", "minutes")
    if diagnosis.catchment is None:
        return ("people", "minutes", "concerned", "concerned_share")
    return MEASURES


def untold(states: Sequence[Diagnosis]) -> pd.Index:
    """Return the communes whose counts of people below the norm may be told in no state.

    Parameters
    ----------
    states : the diagnosis as it is, and those of all scenarios compared with it

    Notes
    -----
    The count below the norm in one state, less that in another, is the number of people at the
    places of the commune where the verdict changed. Whoever sees all states may so learn the
    people of every set of places judged alike throughout: where such a set holds few of them,
    none of the counts of the commune is told.
    """
    first = states[0]
    fewest = max(each.fewest for each in states)
    codes = first.communes.index
    if not fewest or not first.service.judged:
        return pd.Index([], dtype=object)
    pattern = patterns(states)
    out = pd.Series(data=False, index=codes)
    for each in states:
        people = each.homes["demand"]
        sets = people.groupby([each.homes["code_insee"], pattern]).sum()
        small = sets[(sets > _NOTHING) & (sets < fewest - _NOTHING)]
        out |= codes.isin(small.index.get_level_values(0))
        counted = each.communes["concerned"]
        out |= (counted.isna() & each.communes["demand"].notna()).to_numpy()
    hidden: pd.Index = codes[out.to_numpy()]
    return hidden


def patterns(states: Sequence[Diagnosis]) -> pd.Series:
    """Return what is alike throughout at each home: its verdicts, and whether it reaches a place.

    Returns
    -------
    Series by demand_id, one letter a state
    """
    letters = [
        np.where(each.homes["nearest_min"].isna(), "u", np.where(each.homes["below"], "b", "w"))
        for each in states
    ]
    found = letters[0].astype(object)
    for each in letters[1:]:
        found = found + each
    return pd.Series(found, index=states[0].homes.index, dtype=object)


def by_commune(diagnosis: Diagnosis, hidden: pd.Index) -> pd.DataFrame:
    """Return the measures of each commune of the territory, NaN where they may not be told.

    Parameters
    ----------
    diagnosis : of one state
    hidden : communes whose counts may be told in no state (`untold`)

    Returns
    -------
    DataFrame by code_insee, columns MEASURES and reaching (share of people, for means)
        people; access_per_100 (mean over people); minutes (mean to the nearest place, over
        those who reach one); missing (in the unit of supply); concerned (people below the
        norm); concerned_share (0-1).
    """
    table = diagnosis.communes
    made = pd.DataFrame({
        "people": table["demand"], "access_per_100": table["access_per_100"],
        "minutes": table["time_mean"], "missing": table["missing"],
        "concerned": table["concerned"], "concerned_share": table["beyond_share"],
    })  # fmt: skip
    made[_REACHING] = 1.0 - table["unreached_share"].fillna(0.0)
    made.loc[made.index.isin(hidden), list(_COUNTED)] = np.nan
    return made


def by_group(tables: Sequence[pd.DataFrame], groups: Mapping[str, pd.Series]) -> list[pd.DataFrame]:
    """Sum up the communes of each group, the same communes in every state.

    Parameters
    ----------
    tables : by state, see `by_commune`
    groups : by grouping, the group of each commune; "" is the whole territory

    Returns
    -------
    by state, DataFrame by grouping and group, columns MEASURES
        A commune whose figure is not told in one state is left out of the sums of this figure
        in all of them, so that no change comes of who is counted.
    """
    told = {
        name: np.logical_and.reduce(
            [each[name].notna() & each["people"].notna() for each in tables]
        )
        for name in MEASURES
    }
    return [
        pd.concat(
            {name: _summed(each, of, told) for name, of in groups.items()},
            names=["grouping", "group"],
        )
        for each in tables
    ]


def _summed(
    table: pd.DataFrame, group: pd.Series, told: Mapping[str, npt.NDArray[np.bool_]]
) -> pd.DataFrame:
    by = group.reindex(table.index).to_numpy(dtype=object)
    made = pd.DataFrame(index=pd.Index(sorted(set(by)), name="group"))
    people = table["people"]
    for name in ("people", "missing", "concerned"):
        made[name] = table[name].where(told[name]).groupby(by).sum(min_count=1)
    for name in ("access_per_100", "minutes"):
        weight = people.where(told[name])
        if name == "minutes":
            weight = weight * table[_REACHING]
        total = weight.groupby(by).sum()
        made[name] = (table[name] * weight).groupby(by).sum(min_count=1) / total.where(total > 0)
    counted = people.where(told["concerned_share"]).groupby(by).sum()
    below = table["concerned"].where(told["concerned_share"]).groupby(by).sum(min_count=1)
    made["concerned_share"] = below / counted.where(counted > 0)
    return made[list(MEASURES)]
