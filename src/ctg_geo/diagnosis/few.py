"""Counts made of people inside communes that are too few to be told."""

import pandas as pd

__all__ = ["few", "hide_few"]

_NOTHING = 1e-9  # of a count: the rounding of a spread


def few(counts: pd.Series, of: pd.Series, fewest: float) -> pd.Series:
    """Tell which counts, or what they leave of a whole, are under `fewest` and not 0.

    Examples
    --------
    >>> few(pd.Series([0.0, 3, 10, 37, 40]), pd.Series(40.0, index=range(5)), 5).tolist()
    [False, True, False, True, False]
    """
    rest = of - counts
    return _under(counts, fewest) | _under(rest, fewest)


def hide_few(table: pd.DataFrame, fewest: float) -> pd.DataFrame:
    """Blank the results of a commune that rest on too few of its people.

    Parameters
    ----------
    table : by code_insee: demand, concerned, missing, beyond_share, unreached_share (0-1)
    fewest : the least number of people told, 0 itself apart; 0 for all

    Notes
    -----
    The people below the norm, those who meet it and those who reach nothing are counts of a
    part of a commune; a share and the places missing tell them as well.
    """
    if not fewest:
        return table
    people = table["demand"]
    below, unreached = table["concerned"], table["unreached_share"] * people
    hidden = few(below, people, fewest)
    table.loc[hidden, ["concerned", "missing", "beyond_share"]] = float("nan")
    unsaid = few(unreached, people, fewest) | _under((below - unreached).abs(), fewest)
    table.loc[unsaid, "unreached_share"] = float("nan")
    return table


def _under(counts: pd.Series, fewest: float) -> pd.Series:
    return (counts > _NOTHING) & (counts < fewest - _NOTHING)
