"""Groups of communes beside each other, and the supply that would make them even."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from ctg_geo import contracts
from ctg_geo.diagnosis import Diagnosis, by_group
from ctg_geo.gap import (
    Levelling,
    TheilSplit,
    Undefined,
    added_access,
    by_owner,
    places_to_level,
    theil_split,
    value_of,
)

__all__ = ["Balance", "group_balance"]

_ELSEWHERE: Final = "\0"  # owner of homes that are in no mean: buffer, hidden people
_QUANTILES: Final = ("access_p10", "access_p50", "access_p90")


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """Groups beside each other.

    `table` by group: the columns of `ctg_geo.diagnosis.by_group`; p10, p50, p90: accessible
    supply per 100 that a tenth, half and nine tenths of people do not exceed; to_present and
    to_equal: the supply of `levelling`, 0 for the best group, NaN where there is none.
    `inequality` splits the Theil index of access within and between the groups, or says why
    there is none. `levelling` by group, all but the best.
    """

    table: pd.DataFrame
    best: str
    inequality: TheilSplit | Undefined
    levelling: dict[str, Levelling]


def group_balance(diagnosis: Diagnosis, grouping: str) -> Balance:
    """Sum up each group, with the supply to add there to reach the level of the best one.

    Parameters
    ----------
    diagnosis : of a service judged on supply
    grouping : a column of `diagnosis.groups`

    Notes
    -----
    Supply is added at the places of the group, in proportion to what each offers: see
    `ctg_geo.gap.places_to_level`, which is exact in every measure that shares supply, leaks to
    other groups included.
    Communes of hidden people are out of the means; they share supply all the same.
    """
    local, per_100 = diagnosis.homes, diagnosis.service.per_100
    assert per_100 is not None, "a service judged on supply has a norm on it"
    owner = _owners(diagnosis, grouping)
    counted = owner != _ELSEWHERE
    access, people = local["access"][counted], local["demand"][counted]
    spread = by_owner(access, people, owner[counted], norm=per_100 / 100)
    table = by_group(diagnosis, grouping)
    for column in _QUANTILES:
        table[column.removeprefix("access_")] = 100 * spread[column].reindex(table.index)
    best = str(spread["access"].idxmax())
    levelling = _levelling(diagnosis, grouping, owner, spread, best)
    for aim in ("to_present", "to_equal"):
        table[aim] = [
            0.0 if str(g) == best else _value(levelling.get(str(g)), aim) for g in table.index
        ]
    return Balance(table, best, theil_split(access, people, owner[counted]), levelling)


def _value(levelling: Levelling | None, aim: str) -> float:
    return float("nan") if levelling is None else value_of(getattr(levelling, aim))


def _owners(diagnosis: Diagnosis, grouping: str) -> pd.Series:
    """Return the group of each home, or that it is in no mean: people or access are hidden."""
    communes = diagnosis.communes
    told = communes["demand"].notna() & (communes["nearest_status"] != contracts.SECRET)
    named = communes[grouping].where(told).dropna().astype(str)
    found: pd.Series = diagnosis.homes["code_insee"].map(named).fillna(_ELSEWHERE)
    return found


def _levelling(
    diagnosis: Diagnosis, grouping: str, owner: pd.Series, spread: pd.DataFrame, best: str
) -> dict[str, Levelling]:
    """Return what would bring each other group to the level of the best."""
    assert diagnosis.sharing is not None, "a service judged on supply shares it"
    slope = added_access(
        diagnosis.times, diagnosis.homes["demand"], owner,
        sharing=diagnosis.sharing,
    )  # fmt: skip
    reached = slope.columns[slope.notna().any()]  # nobody would go to the others
    capacity = diagnosis.equipements["capacity"][reached].astype(float)
    at = diagnosis.equipements["code_insee"][reached].map(diagnosis.communes[grouping])
    return {
        str(group): places_to_level(
            spread["access"], spread["people"], slope, capacity.where(at == group, 0.0),
            group=str(group), like=best,
        )
        for group in spread.index if str(group) != best
    }  # fmt: skip
