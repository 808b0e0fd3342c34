"""Groups of communes beside each other, and the supply that would make them even."""

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.access import decay, e2sfca
from ctg_geo.diagnosis import Diagnosis, by_group

__all__ = ["group_balance"]


def group_balance(diagnosis: Diagnosis, grouping: str) -> pd.DataFrame:
    """Sum up each group, with the supply to add there to reach the level of the best one.

    Parameters
    ----------
    diagnosis : of a service judged on supply
    grouping : a column of `diagnosis.groups`

    Returns
    -------
    DataFrame by group
        the columns of `ctg_geo.diagnosis.by_group`, and to_level: the supply to add at the
        places of the group, in proportion to what each offers, so that the mean access of
        its people equals that of the best group. 0 for the best; NaN where the group has no
        place to add to, or where no addition would level them.

    Notes
    -----
    In E2SFCA the ratio of a place is its supply over a demand that does not depend on supply:
    access is linear in supply, so the answer is exact, leaks to the other group included
    (what is added in one group also serves the other).
    """
    table = by_group(diagnosis, grouping)
    names = diagnosis.communes[grouping]
    level = _level(diagnosis, diagnosis.equipements["capacity"], names)
    best = str(level.idxmax())
    table["to_level"] = [_to_level(diagnosis, str(g), best, names, level) for g in table.index]
    return table


def _to_level(
    diagnosis: Diagnosis, group: str, best: str, names: pd.Series, level: pd.Series
) -> float:
    if group == best:
        return 0.0
    capacity = diagnosis.equipements["capacity"]
    own = diagnosis.equipements["code_insee"].map(names) == group
    total = float(capacity[own].sum())
    if not total:
        return float("nan")
    one = capacity.where(own, 0.0) / total  # one more place, as those of the group
    gain = _level(diagnosis, capacity + one, names) - level
    closing = float(gain[group] - gain[best])
    return float(level[best] - level[group]) / closing if closing > 0 else float("nan")


def _level(diagnosis: Diagnosis, supply: pd.Series, names: pd.Series) -> pd.Series:
    """Mean access by group, weighted by people; communes of hidden people or access left out."""
    assert diagnosis.service.decay is not None, "a service judged on supply has a decay"
    local = diagnosis.homes
    shape = decay.from_rule(diagnosis.service.decay)
    access = e2sfca(diagnosis.times, local["demand"], supply, decay=shape).access
    table = diagnosis.communes
    shown = table["demand"].notna() & (table["nearest_status"] != contracts.SECRET)
    codes = local["code_insee"]
    counted = codes.isin(shown.index[shown])
    group = codes[counted].map(names)
    people = local["demand"][counted]
    sums = (access[counted] * people).groupby(group).sum()
    return sums / people.groupby(group).sum().replace(0.0, np.nan)
