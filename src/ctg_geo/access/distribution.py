"""What the people of a commune meet: weighted mean and quantiles over the places they live at.

Sums add their terms one by one in the order of the places. That of a commune is then the same to
the last bit whatever other communes are there, which pandas does not promise: it adds in another
way where the rows of each group stand together.
"""

import numpy as np
import pandas as pd

__all__ = ["summed", "weighted_mean", "weighted_mode", "weighted_quantile"]


def summed(values: pd.Series, owner: pd.Series) -> pd.Series:
    """Return the sum of the known values of each owner; NaN where none is known.

    Parameters
    ----------
    values : by place; NaN is left out
    owner : by place, the commune it is in

    Examples
    --------
    >>> summed(pd.Series([1.0, 2.0, None]), pd.Series(["b", "b", "a"])).tolist()
    [nan, 3.0]
    """
    number, names = pd.factorize(owner.to_numpy(), sort=True)
    value = values.to_numpy(np.float64)
    known = ~np.isnan(value)
    total = np.bincount(number[known], value[known], len(names))
    some = np.bincount(number[known], minlength=len(names)) > 0
    return pd.Series(np.where(some, total, np.nan), index=names)


def weighted_mean(values: pd.Series, weights: pd.Series, owner: pd.Series) -> pd.Series:
    """Mean of the known values of each owner, weighted; NaN where none is known.

    Parameters
    ----------
    values : by place; NaN is left out with its weight
    weights : by place, not negative
    owner : by place, the commune it is in

    Returns
    -------
    Series by owner, in the unit of `values`

    Examples
    --------
    >>> weighted_mean(pd.Series([10.0, 40.0]), pd.Series([0.75, 0.25]), pd.Series(["a", "a"]))
    a    17.5
    dtype: float64
    """
    total = summed(weights.where(values.notna().to_numpy()), owner)
    return summed(weights * values, owner) / total


def weighted_quantile(
    values: pd.Series, weights: pd.Series, owner: pd.Series, *, share: float
) -> pd.Series:
    """Smallest value that at least a share of the people of each owner do not exceed.

    Parameters
    ----------
    values : by place; NaN (nothing within reach) is longer than any other
    weights : by place, not negative; places where nobody lives do not count
    owner : by place, the commune it is in
    share : 0 < share ≤ 1; 0.5 is the median person

    Returns
    -------
    Series by owner; NaN where so many people reach nothing, or nobody lives

    Notes
    -----
    It is always one of the values: no mean of two hamlets is ever reported.

    Examples
    --------
    Nine people in ten are 5 minutes away, the hamlet 40.

    >>> times, people = pd.Series([5.0, 40.0]), pd.Series([9.0, 1.0])
    >>> weighted_quantile(times, people, pd.Series(["a", "a"]), share=0.9)
    a    5.0
    dtype: float64
    """
    table = pd.DataFrame(
        {"value": values.fillna(np.inf).to_numpy(), "weight": weights.to_numpy(),
         "owner": owner.to_numpy()}
    )  # fmt: skip
    table = table[table["weight"] > 0].sort_values(["owner", "value"], kind="stable")
    run = table.groupby("owner")["weight"].cumsum()
    total = table["owner"].map(summed(table["weight"], table["owner"]))
    reached = run >= share * total - 1e-9 * total
    found = table[reached].groupby("owner")["value"].first()
    found.index.name = None
    return found.rename(None).replace(np.inf, np.nan).reindex(pd.unique(owner.sort_values()))


def weighted_mode(values: pd.Series, weights: pd.Series, owner: pd.Series) -> pd.Series:
    """Value that most people of each owner have; on a tie the first in order; NaN where none.

    Parameters
    ----------
    values : by place; NaN is left out with its weight
    weights : by place, people, not negative
    owner : by place, the commune it is in

    Returns
    -------
    Series by owner, of values that were given
    """
    table = pd.DataFrame(
        {"value": values.to_numpy(), "weight": weights.to_numpy(), "owner": owner.to_numpy()}
    ).dropna(subset=["value"])
    number = table.groupby(["owner", "value"]).ngroup().to_numpy()
    first = np.unique(number, return_index=True)[1]
    sums = table.iloc[first].assign(weight=np.bincount(number, table["weight"], len(first)))
    order = sums.sort_values(["weight", "value"], ascending=[False, True])
    found = order.drop_duplicates("owner").set_index("owner")["value"].astype(object)
    found.index.name = None
    return found.rename(None).reindex(pd.unique(owner.sort_values()))
