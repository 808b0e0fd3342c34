"""Indices of many groups at once, on plain arrays: sorted once, summed by group."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import known
from ctg_geo.errors import DataError, Defect
from ctg_geo.gap.rounding import MET

__all__ = ["Parts", "divided", "gini_by", "numbered", "poverty_by", "sums", "theil_by"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """People of groups and what they have: one row a place, groups numbered from 0."""

    value: Floats  # by place, not negative
    people: Floats  # by place, not negative
    group: Ints  # by place, the number of its group
    count: int  # groups

    @property
    def total(self) -> Floats:
        """People of each group."""
        return sums(self.people, self.group, self.count)

    @property
    def held(self) -> Floats:
        """What the people of each group have together."""
        return sums(self.people * self.value, self.group, self.count)

    @property
    def mean(self) -> Floats:
        """What a person of each group has; NaN where there is nobody."""
        return divided(self.held, self.total)


def numbered(groups: pd.Series, index: pd.Index, *, table: str) -> tuple[pd.Index, Ints]:
    """Return the names of groups, in order, and the number of the one each place is in.

    Raises
    ------
    UnknownCodeError, DataError
        If a place is not in the table, or in no group.
    """
    known(index, groups.index, table=table)
    group = groups.reindex(index)
    nowhere = index[group.isna()]
    if len(nowhere):
        raise DataError([
            Defect(table, "measure_group", facts={"index": str(code)}) for code in nowhere
        ])  # fmt: skip
    number, names = pd.factorize(group, sort=True)
    return pd.Index(names, name=groups.name), number.astype(np.intp)


def sums(values: Floats, group: Ints, count: int) -> Floats:
    """Sum values by group."""
    return np.bincount(group, values, count).astype(np.float64)


def divided(top: Floats, bottom: Floats) -> Floats:
    """Divide, NaN where the divisor is 0."""
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))


def poverty_by(parts: Parts, *, norm: float, power: int) -> Floats:
    """Foster-Greer-Thorbecke index of each group; NaN where there is nobody."""
    below = parts.value < norm * MET
    depth = np.where(below, (norm - parts.value) / norm, 0.0)
    lacking = parts.people * np.where(below, depth**power, 0.0)
    return divided(sums(lacking, parts.group, parts.count), parts.total)


def gini_by(parts: Parts) -> Floats:
    """Gini index of each group; NaN where there is nobody or nobody has anything.

    With values rising, `Σ_{i<k} P_i P_k (A_k - A_i)` is the sum over successive values of
    `(A_{m+1} - A_m) × people up to m × people after m`: no two large terms are subtracted.
    """
    order = np.lexsort((parts.value, parts.group))
    value, people, group = parts.value[order], parts.people[order], parts.group[order]
    total = parts.total
    before = np.concatenate(([0.0], np.cumsum(total)[:-1]))
    upto = np.cumsum(people) - before[group]
    step = np.append(np.diff(value), 0.0)
    last = np.append(group[1:] != group[:-1], True)
    after = np.maximum(total[group] - upto, 0.0)
    apart = np.where(last, 0.0, step * upto * after)
    return divided(sums(apart, group, parts.count), total * parts.held)


def theil_by(parts: Parts) -> Floats:
    """Theil T index of each group; NaN where there is nobody or nobody has anything."""
    mean = parts.mean[parts.group]
    ratio = divided(parts.value, np.nan_to_num(mean))
    log = np.log(ratio, out=np.zeros(len(ratio)), where=ratio > 0)
    summed = sums(np.nan_to_num(parts.people * ratio * log), parts.group, parts.count)
    total = np.where(parts.held > 0, parts.total, 0.0)
    return np.maximum(divided(summed, total), 0.0)
