"""What a whole is worth, made of its parts: a sum, a mean, a class, a name, a shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.errors import DataError, Defect
from ctg_geo.quality import Finding
from ctg_geo.territory.vintages import Moves

__all__ = ["MAKERS", "Kind", "Parts", "Weights"]

Kind = Literal["count", "rate", "median", "class", "name", "label", "shape"]

Weights = str | Mapping[str, str] | None  # of all rates, or of each

# Worst first: what is known of a whole is what is known of its least known part.
_WORST = (contracts.SECRET, contracts.NOT_AVAILABLE, contracts.ESTIMATED, contracts.OBSERVED)

_GIVEN = (contracts.OBSERVED, contracts.ESTIMATED)


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The rows that change, ordered by code of `to`, the part that keeps the code first."""

    rows: pd.DataFrame
    moves: Moves
    kinds: Mapping[str, Kind]
    weights: Weights
    name: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def codes(self) -> pd.Index:
        """The codes of the wholes, sorted."""
        codes: pd.Index = pd.Index(sorted(set(self.rows["_to"])), dtype=object)
        return codes

    def by_code(self, values: pd.Series) -> Any:  # noqa: ANN401  (pandas names no type)
        """Group values, one a part, by the whole that the part goes to."""
        return values.groupby(self.rows["_to"], sort=True)

    @property
    def alone(self) -> pd.Series:
        """Tell which codes are made of one part."""
        alone: pd.Series = self.by_code(self.rows["_from"]).size() == 1
        return alone

    def weight_of(self, column: str) -> str | None:
        """Return the count that weighs a rate."""
        if self.weights is None or isinstance(self.weights, str):
            return self.weights
        return self.weights.get(column)

    def worst(self, column: str) -> pd.Series:
        """Return what is known of each whole: what is known of its least known part.

        A part without an object counts for nothing; a whole of such parts has none either.
        """
        status = self.status(column)
        rank = status.map({word: at for at, word in enumerate(_WORST)})
        worst: pd.Series = self.by_code(rank).min().map(dict(enumerate(_WORST))).astype(object)
        return worst.fillna(contracts.NOT_APPLICABLE)

    def status(self, column: str) -> pd.Series:
        """Return the status of each part; one of a split commune is an estimate at best."""
        said = f"{column}_status"
        if said in self.rows:
            status = self.rows[said].copy()
        else:
            there = self.rows[column].notna()
            status = there.map({True: contracts.OBSERVED, False: contracts.NOT_AVAILABLE})
        status[self.rows["_split"] & (status == contracts.OBSERVED)] = contracts.ESTIMATED
        return status.astype(object)


def _count(work: Parts, column: str) -> dict[str, pd.Series]:
    total = work.by_code(work.rows[column] * work.rows["_share"]).sum(min_count=1)
    return _figures(column, total, work.worst(column))


def _figures(column: str, value: pd.Series, worst: pd.Series) -> dict[str, pd.Series]:
    return {column: value.where(worst.isin(_GIVEN)), f"{column}_status": worst}


def _rate(work: Parts, column: str) -> dict[str, pd.Series]:
    """Average a rate by its weights; where one part makes the whole, it is its own mean."""
    rows, alone = work.rows, work.alone
    worst = work.worst(column)
    value = work.by_code(rows[column]).first()
    if not alone.all():
        named = work.weight_of(column)
        if named is None:
            raise _no_weights(work, column, alone)
        of_some = work.status(column) != contracts.NOT_APPLICABLE
        weight = (rows[named] * rows["_share"]).where(of_some)
        total = work.by_code(weight).sum(min_count=1)
        mean = work.by_code(rows[column] * weight).sum(min_count=1) / total
        of_weights = work.worst(named)
        unknown = ~of_weights.isin(_GIVEN) | ~(total > 0)
        value = value.where(alone, mean)
        lost = of_weights.where(of_weights == contracts.SECRET, contracts.NOT_AVAILABLE)
        worst = worst.where(alone | ~unknown | ~worst.isin(_GIVEN), lost)
    return _figures(column, value, worst)


def _median(work: Parts, column: str) -> dict[str, pd.Series]:
    """Average medians as rates: of several parts it is an estimate, no median of the whole."""
    made = _rate(work, column)
    status = made[f"{column}_status"]
    merged = ~work.alone & (status == contracts.OBSERVED)
    return {**made, f"{column}_status": status.mask(merged, contracts.ESTIMATED)}


def _class(work: Parts, column: str) -> dict[str, pd.Series]:
    """Keep the class that all parts share; say which wholes have none."""
    by_code, worst = work.by_code(work.rows[column]), work.worst(column)
    mixed = worst.isin(_GIVEN) & (by_code.min() != by_code.max())
    work.findings.extend(
        Finding("warning", "class_mixed", work.name, str(code), {"column": column})
        for code in mixed.index[mixed]
    )
    return _figures(column, by_code.first(), worst.mask(mixed, contracts.NOT_AVAILABLE))


def _no_weights(work: Parts, column: str, alone: pd.Series) -> DataError:
    of = work.by_code(work.rows["_from"]).agg(list)
    return DataError([
        Defect(work.name, "rate_no_weights", None, column, str(code), {"old": of[code]})
        for code in alone.index[~alone]
    ])  # fmt: skip


def _label(work: Parts, column: str) -> dict[str, pd.Series]:
    return {column: work.by_code(work.rows[column]).first()}


def _name(work: Parts, column: str) -> dict[str, pd.Series]:
    """Return the name that events give each commune by the day wanted, else a label."""
    own = _label(work, column)[column]
    names = {code: work.moves.named(str(code)) or own[code] for code in own.index}
    return {column: pd.Series(names, dtype=object)}


def _shape(work: Parts, column: str) -> dict[str, pd.Series]:
    cut = work.rows[work.rows["_split"]]
    if len(cut):
        raise DataError([
            Defect(work.name, "split_shape", None, column, str(code), {"new": list(each)})
            for code, each in cut.groupby("_from")["_to"]
        ])  # fmt: skip
    shapes = work.by_code(work.rows[column])
    united = {code: shapely.union_all(np.asarray(part.array)) for code, part in shapes}
    return {column: pd.Series(united, dtype=object)}


MAKERS: dict[Kind, Callable[[Parts, str], dict[str, pd.Series]]] = {
    "count": _count, "rate": _rate, "median": _median, "class": _class, "label": _label,
    "name": _name, "shape": _shape,
}  # fmt: skip
