"""Counts made of people inside communes that are too few to be told."""

from collections.abc import Iterable

import pandas as pd

from ctg_geo import contracts
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding

__all__ = [
    "SOLVABLE_UP_TO",
    "equations",
    "few",
    "hide_few",
    "hide_split",
    "solvable",
    "untold_parts",
    "untold_zones",
]

_NOTHING = 1e-9  # of a count: the rounding of a spread

SOLVABLE_UP_TO = 6
"""Places of a commune that its results may be solved for.

Of the people of each, six equations are told: their sum, the mean time, the mean access, the
places missing, the people below the norm, and those who reach nothing. Each further service
of the same people tells all of them again but their sum (`equations`).
"""

_SPLIT = ("nearest_min", "nearest_place", "time_mean", "time_p10", "time_p90", "access_per_100",
          "score", "missing", "concerned", "beyond_share", "unreached_share")  # fmt: skip


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


def equations(told: int, *, each: int = SOLVABLE_UP_TO - 1) -> int:
    """Return how many equations outputs tell of the people of a commune, their sum among them.

    Parameters
    ----------
    told : services, dates or years told of the same people
    each : equations that one of them tells, besides the sum of the people

    Examples
    --------
    >>> equations(1), equations(3)
    (6, 16)
    """
    return 1 + each * told


def solvable(
    codes: pd.Series, people: pd.Series, fewest: float, *, told: int = SOLVABLE_UP_TO
) -> pd.Index:
    """Return the communes whose means would tell that few people live at one of their places.

    Parameters
    ----------
    codes : by demand_id, the commune of each place
    people : by demand_id
    fewest : the least number of people told, 0 itself apart; 0 for all
    told : how many equations outputs tell of the people of a commune (`equations`)

    Examples
    --------
    >>> solvable(pd.Series(["a", "a", "b", "b", "c"]), pd.Series([30.0, 3, 30, 9, 3]), 5).tolist()
    ['a']
    """
    count = people.groupby(codes).size()
    some = _under(people, fewest).groupby(codes).any()
    chosen = (count > 1) & (count <= told) & some
    split: pd.Index = count.index[chosen.to_numpy()]
    return split


def hide_split(table: pd.DataFrame, split: pd.Index) -> pd.DataFrame:
    """Blank the figures of communes (`split`) that would tell how their people are shared out.

    The verdict and the class remain.
    """
    hidden = table.index.intersection(split)
    table.loc[hidden, list(_SPLIT)] = float("nan")
    table.loc[hidden, "nearest_status"] = contracts.SECRET
    return table


def untold_zones(
    parts: pd.Series, told: pd.Index, whole: Iterable[pd.Series], fewest: float
) -> pd.Index:
    """Return the zones whose people cannot be told without telling of few.

    Parameters
    ----------
    parts : by zone and code_insee, people of a commune in a zone
    told : communes whose people may be counted
    whole : by code_insee, each count of people that is told of communes
    fewest : the least number of people told, 0 itself apart; 0 for all

    Notes
    -----
    A zone is not told where one of its communes is not, or where few people of a commune are in
    it or left out of it; nor one that shares a commune with such a zone, and so on: the count of
    the commune less the other zone would tell it.

    Examples
    --------
    Of the 40 people of a, 3 are in zone 2: zone 1 would tell them. Zone 3 is elsewhere.

    >>> index = pd.MultiIndex.from_tuples([(1, "a"), (2, "a"), (3, "b")])
    >>> parts, people = pd.Series([30.0, 3, 20], index=index), pd.Series({"a": 40.0, "b": 50.0})
    >>> untold_zones(parts, people.index, [people], 5).tolist()
    [1, 2]
    """
    zone, code = (parts.index.get_level_values(level) for level in (0, 1))
    out = ~code.isin(told)
    for each in whole if fewest else ():
        out |= few(parts, pd.Series(each.reindex(code).to_numpy(), parts.index), fewest).to_numpy()
    hidden = set(map(int, zone[out]))
    while more := set(map(int, zone[code.isin(set(code[zone.isin(hidden)]))])) - hidden:
        hidden |= more
    found: pd.Index = pd.Index(sorted(hidden), dtype="int64")
    return found


def untold_parts(results: pd.DataFrame, service: Service) -> list[Finding]:
    """Say what is not told because people inside communes are under a rule of secrecy.

    Parameters
    ----------
    results : by code_insee, with what is hidden blank
    service : whose people they are
    """
    split = results["nearest_status"] == contracts.SECRET
    few_below = results["concerned"].isna() & results["demand"].notna()
    people = service.people_label
    count = int(few_below.sum())
    facts: dict[str, object] = {"column": people, "count": count}
    key = "secret_places" if count else "secret_places_none"
    found = [Finding("warning", key, "population", service.demand, facts)]
    if split.any():
        names = list(results.loc[split, "nom"])
        facts = {"column": people, "count": len(names), "names": names}
        found.append(Finding("warning", "secret_split", "population", service.demand, facts))
    return found


def _under(counts: pd.Series, fewest: float) -> pd.Series:
    return (counts > _NOTHING) & (counts < fewest - _NOTHING)
