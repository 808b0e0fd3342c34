"""What measures by commune and by group, at one date, tell of people: as sums to attack."""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd

from ctg_geo.secrecy import Released, ReleasedSum

__all__ = ["Names", "told_by_measures"]

_SUMMED = 1e-9  # of a sum, for the order it was added in

Names = Callable[[str], tuple[str, ...]]
"""The cells that the people of a commune are: several where it has merged since."""


def told_by_measures(
    communes: pd.DataFrame,
    groups: Mapping[str, pd.DataFrame],
    of: Mapping[str, pd.Series],
    names: Names,
    *,
    per_100: float | None,
    spread: bool,
) -> Released:
    """Read back what outputs of one date say of the people of each commune.

    Parameters
    ----------
    communes : by code_insee, columns `ctg_geo.evolution.MEASURES`, NaN where not told
    groups : grouping -> the same columns by group
    of : grouping -> group of each commune
    names : cells of a commune; a commune without any is left out
    per_100 : the norm on supply, if there is one
    spread : people are placed inside communes: those concerned are a part of them

    Notes
    -----
    At one point a commune is concerned as a whole or not at all, and what it misses is its
    people times what its access lacks: both tell its people. Of a commune that is not told,
    the access remains, and readers know with it by how much it would weigh in each sum.
    """
    told = _Told(communes, names, per_100, spread=spread)
    sums = list(told.merged())
    for grouping, table in groups.items():
        group = of[grouping].reindex(communes.index)
        for name, row in table.iterrows():
            sums += told.sums(row, communes.index[(group == name).to_numpy()])
    return Released(told.shown(), sums)


class _Told:
    """What each commune tells, and what it brings to a sum."""

    def __init__(
        self, communes: pd.DataFrame, names: Names, per_100: float | None, *, spread: bool
    ) -> None:
        self.table, self.spread = communes, spread
        self.names = {str(code): names(str(code)) for code in communes.index}
        lack = np.nan if per_100 is None else (per_100 - communes["access_per_100"]) / 100
        self.lack = pd.Series(lack, index=communes.index).clip(lower=0.0)
        below = (self.lack > 0).astype(np.float64).where(self.lack.notna(), 1.0)
        self.below = communes["concerned_share"].fillna(below)

    def shown(self) -> dict[str, float]:
        """Return people by cell; those told by a product with them too."""
        people, found = self.table["people"], dict[str, float]()
        if not self.spread:
            whole = self.table["concerned"].where(self.table["concerned"] > 0)
            missing = (self.table["missing"] / self.lack).where(self.table["missing"] > 0)
            people = people.fillna(whole).fillna(missing)
        for code, value in people.dropna().items():
            if len(self.names[str(code)]) == 1:
                found[self.names[str(code)][0]] = float(value)
        if self.spread:
            for part in ("concerned", "missing"):
                for code, value in self.table[part].dropna().items():
                    found[f"{code}, {part}"] = float(value)
        return found

    def merged(self) -> Iterator[ReleasedSum]:
        """Yield the people of communes that have merged since: their sum alone is told."""
        for code, value in self.table["people"].dropna().items():
            if len(self.names[str(code)]) > 1:
                yield ReleasedSum(self.names[str(code)], float(value))

    def sums(self, row: pd.Series, inside: pd.Index) -> Iterator[ReleasedSum]:
        """Yield what a group tells: its people, and each measure as a sum over communes."""
        one = pd.Series(1.0, index=inside)
        yield from self._sum(one, row["people"])
        mean = self.table.loc[inside, "access_per_100"] - row["access_per_100"]
        yield from self._sum(mean, 0.0)
        factors = {"concerned": self.below, "missing": self.lack}
        for part, each in factors.items():
            if not self.spread:
                yield from self._sum(each[inside], row[part])
            elif not np.isnan(row[part]):
                yield ReleasedSum(tuple(f"{code}, {part}" for code in inside), float(row[part]))
        if row["concerned_share"] > 0:
            counted = one[self.table.loc[inside, "concerned"].notna()]
            yield from self._sum(counted, row["concerned"] / row["concerned_share"])

    def _sum(self, factors: pd.Series, value: float) -> Iterator[ReleasedSum]:
        """Yield a sum over the communes whose factor is known, unless those told make it."""
        known = factors.dropna()
        terms = (known * self.table.loc[known.index, "people"]).dropna()
        if abs(terms.sum() - value) <= _SUMMED * max(1.0, abs(value), terms.abs().sum()):
            return
        weights = {
            name: float(factor) for code, factor in known.items() for name in self.names[str(code)]
        }
        if weights and not np.isnan(value):
            yield ReleasedSum(tuple(weights), float(value), tuple(weights.values()))
