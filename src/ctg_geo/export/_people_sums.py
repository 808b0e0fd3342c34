"""What the comparison by group of people tells of those of communes, as sums to attack."""

from collections.abc import Iterator

import pandas as pd

from ctg_geo.diagnosis import Diagnosis, told_in_groups
from ctg_geo.diagnosis.at_homes import care_columns
from ctg_geo.secrecy import Figure, ReleasedSum

__all__ = ["sums_of_people"]


def sums_of_people(
    diagnosis: Diagnosis, people: Figure, table: pd.DataFrame, homes: pd.Series
) -> Iterator[ReleasedSum]:
    """Yield every sum over communes that groups of people tell.

    Parameters
    ----------
    diagnosis : with people placed inside their communes
    people : the figure of the plan that they are
    table : by group, see `ctg_geo.diagnosis.by_people_group`
    homes : by demand_id, the group of the people who live there

    Notes
    -----
    Of a commune that counts, readers may know which share of its people is in each group, below
    the norm, near enough or reaching a place: each figure of a group is a sum of such shares
    of the people of communes.
    """
    local = diagnosis.homes.assign(group=homes.reindex(diagnosis.homes.index))
    local = local[local["code_insee"].isin(told_in_groups(diagnosis, homes))]
    whole = local["demand"].groupby(local["code_insee"]).transform("sum")
    local["share"] = (local["demand"] / whole).where(whole > 0, local["weight"])
    for name, row in table.iterrows():
        yield from _of_group(people, local[local["group"] == name], row, diagnosis)


def _of_group(
    people: Figure, own: pd.DataFrame, row: pd.Series, diagnosis: Diagnosis
) -> Iterator[ReleasedSum]:
    share, near, limit = own["share"], own["nearest_min"], diagnosis.service.within_min
    reached = near.notna().astype(float)
    norm = (diagnosis.service.per_100 or 0.0) / 100
    told = {
        "demand": (share, row["demand"]),
        "concerned": (share * own["below"], row["concerned"]),
        "missing": (share * (norm - own["access"]).clip(lower=0.0), row["missing"]),
        "within": (share * ((near <= limit) - row["within_share"]), 0.0),
        "reached": (share * (reached - row["reached_share"]), 0.0),
        "mean": (share * reached * (near.fillna(0.0) - row["mean_min"]), 0.0),
        "access": (share * (100 * own["access"] - row["access_per_100"]), 0.0),
    } | {name: (share * (own[name] - row[name]), 0.0) for name in care_columns(own)}
    for factor, value in told.values():
        if pd.notna(value) and factor.notna().all() and len(factor):
            summed = factor.groupby(own["code_insee"]).sum()
            keys = tuple(people.key(str(code)) for code in summed.index)
            yield ReleasedSum(keys, float(value), tuple(map(float, summed)))
