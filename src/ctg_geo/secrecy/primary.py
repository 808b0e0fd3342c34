"""Primary secrecy: what a rule hides by itself, and what it leaves open to an outsider."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.parameters import SecrecyRule
from ctg_geo.secrecy.cells import Cell, Sum

__all__ = ["UNRULED_WIDTH", "count_cell", "dominated", "table_of_counts", "too_few", "value_cell"]

UNRULED_WIDTH = 4.0
"""How far from its value a masked count of no declared rule must stay open: as Caf ones do."""


def too_few(counts: pd.Series, rule: SecrecyRule) -> pd.Series:
    """Tell which counts a rule hides; unknown ones are not its business.

    Parameters
    ----------
    counts : of people, before any factor; NaN where unknown
    rule : with its threshold

    Examples
    --------
    >>> from ctg_geo.parameters import RULES
    >>> too_few(pd.Series([0, 1, 4, 5]), RULES["caf"]).tolist()
    [False, True, True, False]
    """
    low = counts < rule.threshold
    return low & ((counts > 0) | rule.zero_secret)


def dominated(contributions: pd.DataFrame, rule: SecrecyRule) -> pd.Series:
    """Tell which cells a few contributors dominate, or have too few of them.

    Parameters
    ----------
    contributions : columns cell and value, one row per contributor (never shown)
    rule : with `dominant_units` (n) and `dominant_share` (k)

    Returns
    -------
    Series by cell: bool
    """
    sizes = contributions.sort_values("value", ascending=False, kind="stable")
    by_cell = sizes.groupby("cell")["value"]
    few = by_cell.size() < rule.threshold
    if rule.dominant_units is None or rule.dominant_share is None:
        return few.rename("secret")
    top = sizes.groupby("cell").head(rule.dominant_units)
    share = top.groupby("cell")["value"].sum() / by_cell.sum()
    return (few | (share > rule.dominant_share)).rename("secret")


def count_cell(
    name: str, value: float, rule: SecrecyRule | None, *, factor: float = 1.0,
    masked: bool = False, fixed: bool = False, total: bool = False,
) -> Cell:  # fmt: skip
    """Return a count as a cell: secret or not, and what the rule lets an outsider know.

    Parameters
    ----------
    name : of the cell
    value : the figure, `factor` times the count the rule is about; NaN if unknown
    rule : None for figures under no rule
    masked : the source hid it
    fixed : it is known outside whatever is decided here
    total : it is the sum of others, and may be hidden for their sake

    Notes
    -----
    Of counts that are not totals the outsider is supposed to know which ones the rule hid: a
    hidden one is under the threshold, or at least at it. Of a hidden total he knows neither
    (two parts of at least 1 and a total known to be under 3 would leave nothing open); a
    secret one must stay open by the threshold less 1 on each side.
    """
    if rule is None:
        width = UNRULED_WIDTH * factor
        return Cell(name, np.nan if masked else value, secret=masked, fixed=fixed, width=width)
    count = value / factor
    first, last = rule.lowest * factor, (rule.threshold - 1) * factor
    if masked:
        return Cell(name, np.nan, first, last, secret=True, share=rule.protection)
    told = _told(value, rule, factor)
    shown = np.nan if told is not None else value
    if count == 0 and not rule.zero_secret:
        return Cell(name, 0.0, 0.0, 0.0, fixed=fixed)
    if total:
        few = count < rule.threshold
        return Cell(name, value if few else shown, first, told=told, secret=few, fixed=fixed,
                    width=(rule.threshold - 1) * factor)  # fmt: skip
    if count < rule.threshold:
        last = last if float(count).is_integer() else rule.threshold * factor
        return Cell(name, value, first, last, secret=True, fixed=fixed, share=rule.protection)
    return Cell(name, shown, rule.threshold * factor, told=told, fixed=fixed)


def value_cell(name: str, value: float, rule: SecrecyRule, *, secret: bool) -> Cell:
    """Return a sum of contributions as a cell; `secret` where `dominated` says so.

    A hidden value must stay open by `value_protection` of itself on each side.

    Parameters
    ----------
    name : of the cell
    value : the sum, in any unit; NaN if unknown
    rule : with its dominance
    secret : whether one contributor could be told
    """
    return Cell(name, value, secret=secret, width=rule.value_protection * value)


def _told(value: float, rule: SecrecyRule, factor: float) -> tuple[float, float] | None:
    if rule.rounding is None or np.isnan(value):
        return None
    half = rule.rounding * factor / 2
    return max(value - half, 0.0), value + half


def table_of_counts(
    counts: pd.Series, groupings: pd.DataFrame, rule: SecrecyRule | None, *, whole: str | None,
    given: Mapping[str, float] | None = None,
) -> tuple[list[Cell], list[Sum]]:  # fmt: skip
    """Return counts with the totals published beside them.

    Parameters
    ----------
    counts : by identifier; NaN where the source masked it
    groupings : on the same index, one column per level or split (they need not be nested)
    rule : of the counts; totals too few are secret too
    whole : name of the total of all; None where it is not published
    given : totals that the source publishes itself, by name, where a part is masked

    Returns
    -------
    cells named by identifier, ``grouping=group`` and `whole`; one sum per total
    """
    members: dict[str, npt.NDArray[np.object_]] = {}
    for grouping in groupings.columns:
        for group in sorted(set(groupings[grouping])):
            inside = (groupings[grouping] == group).to_numpy()
            members[f"{grouping}={group}"] = counts.index.to_numpy(dtype=object)[inside]
    if whole is not None:
        members[whole] = counts.index.to_numpy(dtype=object)
    cells = [count_cell(str(code), float(value), rule, masked=bool(np.isnan(value)))
             for code, value in counts.items()]  # fmt: skip
    sums = []
    for total, codes in members.items():
        value = (given or {}).get(total, float(counts[pd.Index(codes)].sum(skipna=False)))
        if np.isnan(value):
            cells.append(Cell(total, np.nan))  # a part of it is unknown, and so is the total
        else:
            cells.append(count_cell(total, value, rule, total=True))
        sums.append(Sum(total, {str(code): 1.0 for code in codes}))
    return cells, sums
