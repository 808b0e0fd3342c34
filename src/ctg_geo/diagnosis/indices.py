"""How unequal access is, on the whole and by group: every index, or why there is none."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from ctg_geo.diagnosis.diagnosis import Diagnosis
from ctg_geo.gap import (
    Measure,
    Undefined,
    concentration,
    gini,
    palma,
    poverty,
    reason_of,
    theil,
    theil_split,
    value_of,
)

__all__ = ["INDICES", "indices"]

INDICES: Final = ("fgt_0", "fgt_1", "fgt_2", "gini", "theil", "theil_within", "theil_between",
                  "palma", "concentration")  # fmt: skip
_COLUMNS: Final = ("grouping", "group", "index", "value", "undefined", "people", "left_out",
                   "hidden")  # fmt: skip


def indices(diagnosis: Diagnosis, told: pd.Index, income: pd.Series | None) -> pd.DataFrame:
    """Return the indices of inequality of the territory, of each grouping and of each group.

    Parameters
    ----------
    diagnosis : of one service
    told : communes whose people are counted, see `told_communes`
    income : by code_insee, NaN where unknown or secret; None where the study has none

    Returns
    -------
    DataFrame
        One row an index: grouping and group (both empty: the whole territory; a grouping
        without group: the split of the whole by it), index (see `INDICES`), value (NaN where
        there is none) and undefined (why, a key of the labels), people counted, people
        left_out for want of an income, hidden (communes left out).

    Notes
    -----
    Indices are of people where they live. With a norm on time alone the only one is `fgt_0`,
    the share of people beyond it: minutes are no good that is shared.
    """
    table = diagnosis.communes
    rows = list(_rows(diagnosis, table.index, told, income, "", ""))
    for grouping in diagnosis.groups.columns:
        names = table[grouping]
        rows += _split(diagnosis, told, str(grouping))
        for group in sorted(set(names)):
            rows += _rows(diagnosis, table.index[(names == group).to_numpy()], told, income,
                          str(grouping), str(group))  # fmt: skip
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _rows(
    diagnosis: Diagnosis, codes: pd.Index, told: pd.Index, income: pd.Series | None,
    grouping: str, group: str,
) -> Iterator[tuple[object, ...]]:  # fmt: skip
    """Yield the indices of the people of some communes."""
    local = _local(diagnosis, codes.intersection(told, sort=False))
    people, hidden = float(local["demand"].sum()), len(codes.difference(told))
    for name, plain in _plain(diagnosis, local).items():
        yield (grouping, group, name, value_of(plain), reason_of(plain), people, 0.0, hidden)
    for name, index in (("palma", palma), ("concentration", concentration)):
        reason, left_out = _no_supply(diagnosis), 0.0
        value: Measure = reason or Undefined("no_income")
        if reason is None and income is not None:
            of_homes = local["code_insee"].map(income).astype(float)
            found = index(local["access"], local["demand"], of_homes)
            value, left_out = found.value, found.left_out
        yield (grouping, group, name, value_of(value), reason_of(value), people - left_out,
               left_out, hidden)  # fmt: skip


def _plain(diagnosis: Diagnosis, local: pd.DataFrame) -> dict[str, Measure]:
    """Return the indices that need no income."""
    names = ("fgt_0", "fgt_1", "fgt_2", "gini", "theil")
    reason = _no_supply(diagnosis)
    if reason is None:
        access, people = local["access"], local["demand"]
        norm = (diagnosis.service.per_100 or 0.0) / 100
        found: dict[str, Measure] = {
            f"fgt_{power}": poverty(access, people, norm=norm, power=power) for power in (0, 1, 2)
        }
        return found | {"gini": gini(access, people), "theil": theil(access, people)}
    found = dict.fromkeys(names, reason)
    total = float(local["demand"].sum())
    if diagnosis.service.judged:
        beyond = float(local["demand"].where(local["below"], 0.0).sum())
        found["fgt_0"] = beyond / total if total else Undefined("nobody")
    return found


def _split(diagnosis: Diagnosis, told: pd.Index, grouping: str) -> list[tuple[object, ...]]:
    """Split the inequality of the whole within and between the groups of a grouping."""
    codes = diagnosis.communes.index
    local = _local(diagnosis, told)
    reason: Undefined | None = _no_supply(diagnosis)
    parts: dict[str, Measure] = {}
    if reason is None:
        owner = local["code_insee"].map(diagnosis.communes[grouping])
        found = theil_split(local["access"], local["demand"], owner)
        if isinstance(found, Undefined):
            reason = found
        else:
            parts = {"theil_within": found.within, "theil_between": found.between}
    if reason is not None:
        parts = dict.fromkeys(("theil_within", "theil_between"), reason)
    people, hidden = float(local["demand"].sum()), len(codes.difference(told))
    return [
        (grouping, "", name, value_of(value), reason_of(value), people, 0.0, hidden)
        for name, value in parts.items()
    ]


def _no_supply(diagnosis: Diagnosis) -> Undefined | None:
    """Say why access is not measured as supply, if it is not."""
    if not diagnosis.service.judged:
        return Undefined("not_judged")
    return Undefined("time_norm") if diagnosis.catchment is None else None


def _local(diagnosis: Diagnosis, codes: pd.Index) -> pd.DataFrame:
    local = diagnosis.homes
    return local[local["code_insee"].isin(codes)]
