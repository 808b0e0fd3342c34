"""Groups of communes: the nearer of some poles by travel time, or by an indicator."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ctg_geo.errors import ConfigError

__all__ = ["by_bounds", "by_values", "nearer_pole", "quantile_bounds"]


def nearer_pole(
    minutes: pd.DataFrame, poles: Mapping[str, str], *, override: Mapping[str, str]
) -> pd.Series:
    """Give each commune the group of its nearest pole.

    Parameters
    ----------
    minutes : origins × pole communes (code_insee), `inf` where there is no route
    poles : group -> code_insee of its pole; on a tie the first group wins
    override : code_insee -> group, whatever the time

    Returns
    -------
    Series by origin: the group; "" where no pole can be reached

    Raises
    ------
    ConfigError
        If `override` names a commune that is not among the origins.
    """
    strangers = sorted(set(override) - set(minutes.index))
    if strangers:
        raise ConfigError("override_commune", codes=strangers)
    groups = list(poles)
    times = minutes[[poles[group] for group in groups]].to_numpy()
    chosen = np.array(groups, dtype=object)[times.argmin(axis=1)]
    chosen[~np.isfinite(times).any(axis=1)] = ""
    assigned = pd.Series(chosen, index=minutes.index, dtype=object)
    for code, group in override.items():
        assigned[code] = group
    return assigned


def by_values(
    figure: pd.Series, values: Mapping[str, Sequence[float]], *, unknown: str
) -> pd.Series:
    """Give each commune the group that lists its value; `unknown` where it has none, or none does.

    Parameters
    ----------
    figure : by code_insee; NaN where unknown
    values : by key of a group, those it lists
    unknown : the group of communes in no other

    Returns
    -------
    Series by code_insee, keys of groups

    Examples
    --------
    >>> classes = {"urban": [1, 2], "rural": [5]}
    >>> by_values(pd.Series([1.0, 5, np.nan]), classes, unknown="?").tolist()
    ['urban', 'rural', '?']
    """
    group = {value: name for name, listed in values.items() for value in listed}
    return figure.map(group).astype(object).where(figure.isin(group), unknown)


def by_bounds(figure: pd.Series, bounds: Sequence[float], *, unknown: str) -> pd.Series:
    """Give each commune its group, "1" under the first bound; a value on a bound is above it.

    Parameters
    ----------
    figure : by code_insee, in any unit; NaN where unknown
    bounds : rising, in the unit of `figure`
    unknown : the group of communes without a figure

    Returns
    -------
    Series by code_insee, keys of groups

    Examples
    --------
    >>> by_bounds(pd.Series([9.0, 10, 25, np.nan]), [10, 20], unknown="?").tolist()
    ['1', '2', '3', '?']
    """
    number = np.searchsorted(np.asarray(bounds, dtype=np.float64), figure, side="right") + 1
    named = pd.Series(number, index=figure.index).astype(str).astype(object)
    return named.where(figure.notna(), unknown)


def quantile_bounds(figure: pd.Series, count: int) -> tuple[float, ...]:
    """Return the bounds that part the communes with a figure into `count` groups of like number.

    Each bound is the value of a commune, the first of its group, so that ties stay together;
    bounds that coincide are one, and there are then fewer groups.

    Parameters
    ----------
    figure : by code_insee, in any unit; NaN where unknown
    count : of groups, 2 or more

    Examples
    --------
    >>> quantile_bounds(pd.Series([5.0, 1, 2, 6, 3, 4, np.nan]), 3)
    (3.0, 5.0)
    """
    known = np.sort(figure.dropna().to_numpy(np.float64))
    if not len(known):
        return ()
    at = [-(-len(known) * part // count) for part in range(1, count)]
    found = sorted({float(known[each]) for each in at if each < len(known)})
    return tuple(each for each in found if each > known[0])
