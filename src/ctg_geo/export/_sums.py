"""What the comparison by group tells of the people of communes, as sums to attack.

A mean, a share and a number of places for 100 people tell sums as well as a total does: each is
written here as the sum over communes that it stands for, with factors that readers know.
"""

import math
from collections.abc import Iterator

import pandas as pd

from ctg_geo import contracts
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.diagnosis.few import few
from ctg_geo.export._people_sums import sums_of_people
from ctg_geo.export.publish import Publication
from ctg_geo.secrecy import Figure, ReleasedSum

__all__ = ["part_key", "sums_told"]


def part_key(people: Figure, code: object, part: str) -> str:
    """Name a part of the people of a commune that is spread: those below the norm, what they miss.

    A sum of such parts that is not that of those shown cannot be judged, and is refused.
    """
    return f"{people.key(str(code))}, {part}"


def sums_told(publication: Publication, people: Figure) -> list[ReleasedSum]:
    """Return every sum over communes that the comparison tells, group by group."""
    factors = _Factors(publication)
    codes = publication.communes.index
    communes = publication.diagnosis.communes.reindex(codes)
    found = []
    for grouping, rows in publication.groups.items():
        names = communes[grouping] if grouping else pd.Series("", index=codes)
        for group, row in rows.iterrows():
            inside = codes[(names == group).to_numpy()]
            found += [
                *_counts(publication, people, row, inside),
                *factors.means(people, row, inside),
            ]
    around = publication.around
    for label, table in around.people.items():
        found += sums_of_people(publication.diagnosis, people, table, around.homes[label])
    return found


def _counts(
    publication: Publication, people: Figure, row: pd.Series, inside: pd.Index
) -> Iterator[ReleasedSum]:
    """Yield the people of a group, those below the norm, what is missing, and what shares tell."""
    table = publication.diagnosis.communes
    yield _total(people, inside, float(row["demand"]))
    below = inside[table.loc[inside, "below"].to_numpy(dtype=bool)]
    for part in ("concerned", "missing"):
        if publication.spread:
            named = tuple(part_key(people, code, part) for code in inside)
            yield from _known(ReleasedSum(named, float(row[part])))
        elif part == "concerned":
            yield from _known(_total(people, below, float(row[part])))
        elif publication.diagnosis.catchment is not None:
            norm = publication.diagnosis.service.per_100 or 0.0
            lack = (norm - table.loc[below, "access_per_100"]) / 100
            yield from _known(_weighted(people, lack, float(row[part])))
    if row["concerned_share"] > 0:
        told = inside[table.loc[inside, "concerned"].notna().to_numpy()]
        yield _total(people, told, float(row["concerned"] / row["concerned_share"]))
    if row["supply_per_100"] > 0:
        yield _total(people, inside, _located(publication, inside) / float(row["supply_per_100"]))


def _located(publication: Publication, inside: pd.Index) -> float:
    """Return 100 times the supply of the communes of a group whose people are shown."""
    diagnosis = publication.diagnosis
    shown = inside[diagnosis.communes.loc[inside, "demand"].notna().to_numpy()]
    places = diagnosis.equipements
    return 100 * float(places["capacity"][places["code_insee"].isin(shown)].sum())


class _Factors:
    """What one person of a commune brings to the means of its group."""

    def __init__(self, publication: Publication) -> None:
        diagnosis = publication.diagnosis
        homes = diagnosis.homes
        code, weight = homes["code_insee"], homes["weight"].fillna(0.0)
        near = homes["nearest_min"]
        within = (near <= diagnosis.service.within_min).astype(float)
        self._reached = (weight * near.notna()).groupby(code).sum()
        self._minutes = (weight * near.fillna(0.0)).groupby(code).sum()
        self._within = (weight * within).groupby(code).sum()
        self._whole = weight.groupby(code).sum()
        self._cares = {name: diagnosis.communes[name] for name in publication.care_columns}
        self._access = diagnosis.communes["access_per_100"]
        self._unsaid = _too_few(diagnosis, within)
        self._unsaid_reached = _too_few(diagnosis, near.notna().astype(float))
        communes = diagnosis.communes
        self._met = communes.index[(communes["nearest_status"] != contracts.SECRET).to_numpy()]

    def means(self, people: Figure, row: pd.Series, inside: pd.Index) -> Iterator[ReleasedSum]:
        """Yield what the mean time, the mean access and the share near enough tell."""
        met = inside.intersection(self._met, sort=False)
        told = met.difference(self._unsaid, sort=False)
        reached = met.difference(self._unsaid_reached, sort=False)
        of_mean = self._minutes[met] - row["mean_min"] * self._reached[met]
        of_share = self._within[told] - row["within_share"] * self._whole[told]
        of_reached = self._reached[reached] - row["reached_share"] * self._whole[reached]
        of_access = self._access[met] - row["access_per_100"]
        of_cares = [each[met] - row[name] for name, each in self._cares.items()]
        for factors in (of_mean, of_share, of_reached, of_access, *of_cares):
            if factors.notna().all():
                yield _weighted(people, factors, 0.0)


def _too_few(diagnosis: Diagnosis, part: pd.Series) -> pd.Index:
    """Return the communes of whose people too few, or all but too few, are in a part of homes."""
    homes = diagnosis.homes
    code = homes["code_insee"]
    counted = (homes["demand"] * part).groupby(code).sum()
    unsaid = few(counted, homes["demand"].groupby(code).sum(), diagnosis.fewest)
    return unsaid.index[unsaid] if diagnosis.fewest else pd.Index([])


def _total(people: Figure, codes: pd.Index, value: float) -> ReleasedSum:
    return ReleasedSum(tuple(people.key(str(code)) for code in codes), value)


def _weighted(people: Figure, factors: pd.Series, value: float) -> ReleasedSum:
    named = tuple(people.key(str(code)) for code in factors.index)
    return ReleasedSum(named, value, tuple(map(float, factors)))


def _known(told: ReleasedSum) -> Iterator[ReleasedSum]:
    if not math.isnan(told.value):
        yield told
