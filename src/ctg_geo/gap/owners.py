"""Gaps at every level: each place of demand, commune, basin or group, in one table."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import weighted_quantile
from ctg_geo.access.aligned import aligned, known
from ctg_geo.gap.grouped import Parts, divided, gini_by, numbered, poverty_by, sums, theil_by
from ctg_geo.gap.inequality import concentration, palma
from ctg_geo.gap.rounding import MET
from ctg_geo.gap.shortfall import missing_supply
from ctg_geo.gap.undefined import reason_of, value_of

__all__ = ["by_income", "by_owner", "minutes_by_owner"]

Ints = npt.NDArray[np.intp]

_SHARES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def by_owner(
    access: pd.Series, people: pd.Series, owner: pd.Series, *, norm: float
) -> pd.DataFrame:
    """Sum up the gaps on supply of the places of each owner.

    Parameters
    ----------
    access : by place, supply per person
    people : by place
    owner : by place: itself, its commune, its basin, or any group
    norm : supply per person, more than 0

    Returns
    -------
    DataFrame by owner
        places, people, access (mean over people), access_p10, access_p50, access_p90 (of the
        people worst, median and best served), distance_to_norm (mean less norm), missing (in
        the unit of supply), concerned (people strictly below), concerned_share (0-1), fgt_0,
        fgt_1, fgt_2, gini, theil; undefined (why shares, means and quantiles are NaN: nobody)
        and inequality_undefined (why gini and theil are: nobody or all_zero), empty elsewhere.

    Raises
    ------
    UnknownCodeError, DataError
        If a table lacks a place, a place has no owner, a value is missing or negative.

    Notes
    -----
    Levels are one call each: `pd.concat({"commune": by_owner(…), "bassin": by_owner(…)})`.
    An average hides a hamlet; `access_p10` does not. `missing` is summed over places, so it is
    at least the gap of the mean.

    Examples
    --------
    >>> found = by_owner(pd.Series([0.0, 0.3]), pd.Series([10, 30]), pd.Series(["a", "a"]),
    ...                  norm=0.2)
    >>> found[["people", "access", "access_p10", "missing", "concerned", "fgt_0"]]
       people  access  access_p10  missing  concerned  fgt_0
    a    40.0   0.225         0.0      2.0       10.0   0.25
    """
    assert norm > 0, "a norm on supply is more than 0"
    value = pd.Series(aligned(access, access.index, table="access"), index=access.index)
    weight = pd.Series(aligned(people, access.index, table="people"), index=access.index)
    names, number = numbered(owner, access.index, table="owner")
    parts = Parts(np.asarray(value, np.float64), np.asarray(weight, np.float64), number, len(names))
    missing = missing_supply(value, weight, norm=norm).to_numpy()
    below = np.where(parts.value < norm * MET, parts.people, 0.0)
    table = pd.DataFrame(
        {"places": np.bincount(number, minlength=len(names)), "people": parts.total,
         "access": parts.mean},
        index=names.rename(None),
    )  # fmt: skip
    for column, share in _SHARES.items():
        table[f"access_{column}"] = _quantile(value, weight, number, share, len(names))
    table["distance_to_norm"] = parts.mean - norm
    table["missing"] = sums(missing, number, len(names))
    table["concerned"] = sums(below, number, len(names))
    table["concerned_share"] = divided(table["concerned"].to_numpy(), parts.total)
    for power in (0, 1, 2):
        table[f"fgt_{power}"] = poverty_by(parts, norm=norm, power=power)
    table["gini"], table["theil"] = gini_by(parts), theil_by(parts)
    nobody = parts.total <= 0
    table["undefined"] = np.where(nobody, "nobody", "")
    table["inequality_undefined"] = np.select(
        [nobody, parts.held <= 0], ["nobody", "all_zero"], default=""
    )
    return table


def minutes_by_owner(
    minutes: pd.Series, people: pd.Series, owner: pd.Series, *, within_min: float
) -> pd.DataFrame:
    """Sum up the times of the places of each owner.

    Parameters
    ----------
    minutes : by place, to the nearest; NaN where nothing is within the limit
    people, owner : by place, see `by_owner`
    within_min : the norm on time; at most is met

    Returns
    -------
    DataFrame by owner
        minutes_p10, minutes_p50, minutes_p90 (half of the people need at most the second; NaN
        where the person asked about reaches nothing), minutes_over (of the median person
        beyond the norm), beyond (people beyond the norm, those without a route included),
        beyond_share (0-1), and for each quantile `<column>_undefined`: empty, nobody, no_value.

    Raises
    ------
    UnknownCodeError, DataError
        As `by_owner`; minutes may be missing.
    """
    weight = pd.Series(aligned(people, minutes.index, table="people"), index=minutes.index)
    names, number = numbered(owner, minutes.index, table="owner")
    count = len(names)
    total = sums(np.asarray(weight, np.float64), number, count)
    table = pd.DataFrame(index=names.rename(None))
    for column, share in _SHARES.items():
        table[f"minutes_{column}"] = _quantile(minutes, weight, number, share, count)
    table["minutes_over"] = (table["minutes_p50"] - within_min).clip(lower=0.0)
    out = np.where(minutes <= within_min, 0.0, np.asarray(weight, np.float64))
    table["beyond"] = sums(out, number, count)
    table["beyond_share"] = divided(table["beyond"].to_numpy(), total)
    for column in [f"minutes_{each}" for each in _SHARES]:
        table[f"{column}_undefined"] = np.select(
            [total <= 0, table[column].isna()], ["nobody", "no_value"], default=""
        )
    return table


def by_income(
    access: pd.Series, people: pd.Series, income: pd.Series, owner: pd.Series
) -> pd.DataFrame:
    """Palma ratio and concentration index of the places of each owner.

    Parameters
    ----------
    access, people, income : by place, see `ctg_geo.gap.palma`
    owner : by place, see `by_owner`

    Returns
    -------
    DataFrame by owner
        palma, concentration, each with `<column>_undefined`; ranked and left_out: people of
        known and of unknown income.
    """
    known(access.index, income.index, table="income")
    names, number = numbered(owner, access.index, table="owner")
    rows: list[dict[str, object]] = []
    for group in range(len(names)):
        inside = access[number == group]
        one, two = (index(inside, people, income) for index in (palma, concentration))
        rows.append({
            "palma": value_of(one.value), "palma_undefined": reason_of(one.value),
            "concentration": value_of(two.value), "concentration_undefined": reason_of(two.value),
            "ranked": one.ranked, "left_out": one.left_out,
        })  # fmt: skip
    return pd.DataFrame(rows, index=names.rename(None))


def _quantile(
    values: pd.Series, weights: pd.Series, number: Ints, share: float, count: int
) -> npt.NDArray[np.float64]:
    groups = pd.Series(number, index=values.index)
    found = weighted_quantile(values, weights, groups, share=share)
    return found.reindex(range(count)).to_numpy(np.float64)
