"""How unequally access is shared: Gini, Theil, Palma, concentration, quantiles.

Each is a figure or a named reason why there is none, never a silent NaN.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import weighted_quantile
from ctg_geo.access.aligned import aligned, known
from ctg_geo.gap.grouped import Parts, gini_by, numbered, sums, theil_by
from ctg_geo.gap.undefined import Measure, Undefined

__all__ = ["ByIncome", "TheilSplit", "concentration", "gini", "palma", "quantile", "theil",
           "theil_split"]  # fmt: skip

Floats = npt.NDArray[np.float64]

_RICHEST, _POOREST = 0.1, 0.4


@dataclass(frozen=True, slots=True, eq=False)
class TheilSplit:
    """Theil T, and what of it lies within the groups and between them: they sum to it.

    `groups` by group: people, mean (access), theil (inside it; NaN where nobody there has
    access), within (what it adds to `within`), between (to `between`; may be negative).
    """

    total: float
    within: float
    between: float
    groups: pd.DataFrame


@dataclass(frozen=True, slots=True)
class ByIncome:
    """An index of people ranked by income, and the people whose income is unknown."""

    value: Measure
    ranked: float  # people whose income is known
    left_out: float  # people whose income is not: they do not count


def gini(access: pd.Series, people: pd.Series) -> Measure:
    """Gini index of access: 0 where all have the same, near 1 where one person has all.

    Parameters
    ----------
    access : by place, supply per person
    people : by place

    Returns
    -------
    float, 0 to 1, or the reason why there is none

    Raises
    ------
    UnknownCodeError, DataError
        If people lack a place; if a value is missing or negative.

    Notes
    -----
    `Σ_i Σ_k P_i P_k |A_i - A_k| / (2 N² μ)`, computed in n log n. Neither copying everybody
    nor scaling access changes it; it is below 1.

    References
    ----------
    Gini (1912), Variabilità e mutabilità; weighted as in Lerman & Yitzhaki (1989), Journal of
    Econometrics 42(1), doi:10.1016/0304-4076(89)90074-2.

    Examples
    --------
    >>> gini(pd.Series([0.0, 1.0]), pd.Series([3, 1]))
    0.75
    """
    parts = _whole(access, people)
    return _nothing(parts) or float(gini_by(parts)[0])


def theil(access: pd.Series, people: pd.Series) -> Measure:
    """Theil T index of access: `Σ (P_i / N) (A_i / μ) ln(A_i / μ)`, the term of 0 being 0.

    See `gini` for parameters and errors, and `theil_split` for its parts.

    Parameters
    ----------
    access : by place, supply per person
    people : by place

    Returns
    -------
    float, 0 or more, or the reason why there is none

    References
    ----------
    Theil (1967), Economics and Information Theory.
    """
    parts = _whole(access, people)
    return _nothing(parts) or float(theil_by(parts)[0])


def theil_split(access: pd.Series, people: pd.Series, groups: pd.Series) -> TheilSplit | Undefined:
    """Split the Theil T index exactly into inequality within groups and between them.

    Parameters
    ----------
    access, people : by place, see `gini`
    groups : by place, the name of its group (north and south, town and country)

    Raises
    ------
    UnknownCodeError, DataError
        If groups lack a place, or a place is in no group; as `gini`.

    Notes
    -----
    A group of share s of all access weighs its own index by s; between groups it is the index
    of everybody having the mean of the group. Within + between = total.

    References
    ----------
    Shorrocks (1980), Econometrica 48(3), doi:10.2307/1913126.
    """
    whole = _whole(access, people)
    names, number = numbered(groups, access.index, table="groups")
    if nothing := _nothing(whole):
        return nothing
    if len(names) < 2:  # noqa: PLR2004
        return Undefined("one_group")
    parts = Parts(whole.value, whole.people, number, len(names))
    share = parts.held / whole.held[0]
    inside = theil_by(parts)
    ratio = np.nan_to_num(parts.mean) / whole.mean[0]
    log = np.log(ratio, out=np.zeros(len(ratio)), where=ratio > 0)
    within, between = share * np.nan_to_num(inside), share * log
    table = pd.DataFrame(
        {"people": parts.total, "mean": parts.mean, "theil": inside, "within": within,
         "between": between},
        index=names,
    )  # fmt: skip
    return TheilSplit(float(theil_by(whole)[0]), float(within.sum()), float(between.sum()), table)


def palma(access: pd.Series, people: pd.Series, income: pd.Series) -> ByIncome:
    """Mean access of the richest tenth of people over that of the poorest four tenths.

    Parameters
    ----------
    access, people : by place, see `gini`
    income : by place, of the household or the place; NaN where unknown or secret

    Returns
    -------
    ByIncome
        1 where rich and poor have the same access, more where the rich have more. Undefined
        where the poorest have none, or incomes do not differ.

    Notes
    -----
    Ranked by income, not by access. Places of the same income count as one, and the place on
    the edge of a tenth counts in part, so the order of rows changes nothing. It is a ratio of
    means: the ratio of shares that Palma used is a quarter of it.

    References
    ----------
    Palma (2011), Development and Change 42(1), doi:10.1111/j.1467-7660.2011.01694.x.
    """
    ranked, left_out = _ranked(access, people, income)
    return ByIncome(_palma(ranked), float(ranked.people.sum()), left_out)


def concentration(access: pd.Series, people: pd.Series, income: pd.Series) -> ByIncome:
    """Concentration index of access over income: `2 cov(A, rank) / μ`.

    Parameters
    ----------
    access, people, income : by place, see `palma`

    Returns
    -------
    ByIncome
        From -1 to 1: negative where the poor have more access, 0 where income changes
        nothing. Where access rises with income it is the Gini index.

    Notes
    -----
    The rank of people of one income is the middle of theirs, from 0 (poorest) to 1.

    References
    ----------
    Kakwani, Wagstaff & van Doorslaer (1997), Journal of Econometrics 77(1),
    doi:10.1016/S0304-4076(96)01807-6.
    """
    ranked, left_out = _ranked(access, people, income)
    return ByIncome(_concentration(ranked), float(ranked.people.sum()), left_out)


def quantile(values: pd.Series, people: pd.Series, *, share: float) -> Measure:
    """Value that a share of people do not exceed; NaN values (nothing in reach) come last.

    Parameters
    ----------
    values : by place (minutes, or supply per person)
    people : by place
    share : 0 < share ≤ 1: 0.1, 0.5 (the median person), 0.9

    Returns
    -------
    float or Undefined
        Undefined where there is nobody, or so many people have no value.
    """
    weights = pd.Series(aligned(people, values.index, table="people"), index=values.index)
    if not weights.sum():
        return Undefined("nobody")
    all_one = pd.Series(0, index=values.index)
    found = float(weighted_quantile(values, weights, all_one, share=share).iloc[0])
    return Undefined("no_value") if np.isnan(found) else found


def _whole(access: pd.Series, people: pd.Series) -> Parts:
    value = aligned(access, access.index, table="access")
    weight = aligned(people, access.index, table="people")
    return Parts(value, weight, np.zeros(len(value), dtype=np.intp), 1)


def _nothing(parts: Parts) -> Undefined | None:
    """Tell why no index of these people exists, if none does."""
    if not parts.total[0]:
        return Undefined("nobody")
    return None if parts.held[0] else Undefined("all_zero")


def _ranked(access: pd.Series, people: pd.Series, income: pd.Series) -> tuple[Parts, float]:
    """Put people of one income together, the poorest first; and count those of unknown income."""
    whole = _whole(access, people)
    known(access.index, income.index, table="income")
    level = income.reindex(access.index).to_numpy(np.float64, na_value=np.nan)
    told = ~np.isnan(level) & (whole.people > 0)
    steps, number = np.unique(level[told], return_inverse=True)
    weight, count = whole.people[told], len(steps)
    each = sums(weight, number, count)
    held = sums(weight * whole.value[told], number, count)
    pooled = Parts(held / each, each, np.zeros(count, dtype=np.intp), 1)
    return pooled, float(whole.people[np.isnan(level)].sum())


def _unranked(ranked: Parts) -> Undefined | None:
    if not len(ranked.people):
        return Undefined("no_income")
    if len(ranked.people) == 1:
        return Undefined("one_income")
    return _nothing(ranked)


def _palma(ranked: Parts) -> Measure:
    if nothing := _unranked(ranked):
        return nothing
    total = ranked.total[0]
    upto = np.cumsum(ranked.people)
    poor = _between(upto, ranked.people, 0.0, _POOREST * total)
    rich = _between(upto, ranked.people, (1 - _RICHEST) * total, total)
    low = (poor * ranked.value).sum() / (_POOREST * total)
    if not low:
        return Undefined("poorest_zero")
    return float((rich * ranked.value).sum() / (_RICHEST * total) / low)


def _between(upto: Floats, people: Floats, start: float, end: float) -> Floats:
    """Count the people of each step whose rank lies between two ranks."""
    inside = np.minimum(upto, end) - np.maximum(upto - people, start)
    return np.asarray(np.maximum(inside, 0.0))


def _concentration(ranked: Parts) -> Measure:
    if nothing := _unranked(ranked):
        return nothing
    total, mean = ranked.total[0], ranked.mean[0]
    rank = (np.cumsum(ranked.people) - ranked.people / 2) / total
    spread = (ranked.people * (ranked.value - mean) * (rank - 0.5)).sum() / total
    return float(2 * spread / mean)
