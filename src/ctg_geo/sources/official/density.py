"""Urban and rural communes: the density grid of Insee, of 7, 4 or 3 classes."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np

from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.sources.door import TableRead
from ctg_geo.sources.official.by_commune import Rows, column_of, read_rows, taken, told

__all__ = ["read_density"]

_CLASS: Final = ("dens", "densite", "typo degré densité", "degre_densite", "dens7", "dens3")
# The first rural class of each grid: bourgs ruraux of 7, peu denses of 4, rurales of 3.
_RURAL_FROM: Final = {7: 5, 4: 3, 3: 3}
_LARGEST: Final = 7


def read_density(
    path: Path, source: IndicatorSource, *, within: Collection[str] | None
) -> TableRead:
    """Read the class of density of each commune, and whether it is rural (1) or not (0).

    The grid is that of the highest class in the whole file.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged, or a class is none.

    References
    ----------
    Insee, « La grille communale de densité à 7 niveaux » (2022); rural: classes 5 to 7.
    """
    read = read_rows(path, source, within=None)
    raw = read.raw
    given = source.columns.get("density_class")
    column = given if given is not None else column_of(raw, _CLASS)
    raw.require([column])
    every = raw.numbers(column)
    wrong = (every.value < 1) | (every.value > _LARGEST) | (every.value % 1 != 0)
    for at in np.flatnonzero(wrong & ~np.isnan(every.value)):
        raw.add("density_class", int(at), column, str(raw.frame[column].iloc[at]))
    raw.raise_defects()
    top = int(np.nanmax(every.value)) if np.isfinite(every.value).any() else _LARGEST
    first = _RURAL_FROM.get(top, _RURAL_FROM[3] if top < 3 else _RURAL_FROM[7])  # noqa: PLR2004
    inside = np.ones(len(raw), bool) if within is None else np.isin(raw.text(read.code), [*within])
    kept = taken(raw, inside)
    numbers = kept.numbers(column)
    rural = np.where(np.isnan(numbers.value), np.nan, (numbers.value >= first).astype(float))
    columns = {"density_class": (numbers.value, numbers.status), "rural": (rural, numbers.status)}
    return told(Rows(kept, read.code, read.rows), columns, used=[column])
