"""Cnaf, Cafdata: published coverage rates of childcare (txcouv_pe), as figures to check against."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import MissingColumnError
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_table
from ctg_geo.sources.official.headings import either

__all__ = ["RATES", "Coverage", "read_coverage"]

_LEVELS: Final = {"com": "numcom", "epci": "numepci", "dep": "numdep", "reg": "numregi"}
# Our name of each rate, and the middle of the published one: txcouv_<middle>_<level>.
_PUBLISHED: Final = {
    "eaje_psu": "psu_col", "eaje_hors_psu": "hors_psu_col", "eaje": "eaje",
    "preschool": "prescol", "childminder": "am_ind", "home_care": "gad_ind",
    "individual": "ind",
}  # fmt: skip
RATES: Final = (*_PUBLISHED, "all_modes")
_NO_AREA: Final = re.compile(r"X+", re.IGNORECASE)  # rows that are no area


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Places of formal childcare per 100 children under three, as published.

    A rate may exceed 100. Communes are published above 10 000 inhabitants only, and the
    geography is that of the January after the year.
    """

    level: str  # com, epci, dep, reg
    table: pd.DataFrame  # by code and year: the rates, NaN where not published
    ledger: Ledger
    findings: tuple[Finding, ...]


def read_coverage(path: Path, source: TableSource) -> Coverage:
    """Read a table txcouv_pe_com, _epci, _dep or _reg (technical headings, CSV or Parquet).

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If the file is no such table, is damaged, a rate is no number, or an area stands
        twice in a year.

    References
    ----------
    https://data.caf.fr/explore/dataset/txcouv_pe_epci/
    """
    read = read_table(path, source)
    level = _level(read)
    names = {"code": (_LEVELS[level],), "year": ("annee",), "all_modes": (f"txcouv_{level}",)}
    names |= {name: (f"txcouv_{middle}_{level}",) for name, middle in _PUBLISHED.items()}
    column = either(read, names, optional=_PUBLISHED)
    code = read.text(column["code"])
    real = np.array([bool(each) and not _NO_AREA.fullmatch(each) for each in code], dtype=np.bool_)
    raw = read.only(real)
    code, year = raw.text(column["code"]), _years(raw, column["year"])
    rates = {name: raw.numbers(column[name]).value if name in column else np.full(len(raw), np.nan)
             for name in RATES}  # fmt: skip
    first: dict[tuple[str, str], int] = {}
    for at, key in enumerate(zip(code, year, strict=True)):
        if key in first:
            above = str(raw.row[first[key]])
            raw.add("area_twice", at, column["code"], str(key[0]), year=key[1], first=above)
        first.setdefault(key, at)
    raw.raise_defects()
    index = pd.MultiIndex.from_arrays([code, year], names=["code", "year"])
    aside = {"no_area": int((~real).sum())}
    ledger = Ledger(raw.name, len(read), len(raw), aside)
    return Coverage(level, pd.DataFrame(rates, index=index), ledger, tuple(raw.findings))


def _level(read: RawTable) -> str:
    """Return the level of the table: the one its rates are named after."""
    there = {str(name).casefold() for name in read.frame.columns}
    for level, code in _LEVELS.items():
        if f"txcouv_{level}" in there and code in there:
            return level
    wanted = [f"txcouv_{level} + {code}" for level, code in _LEVELS.items()]
    found = [str(name) for name in read.frame.columns if str(name)]
    raise MissingColumnError("columns", file=read.name, missing=[" / ".join(wanted)], found=found)


def _years(raw: RawTable, column: str) -> list[str]:
    """Return the year of each row; a date gives its year."""
    said = raw.text(column)
    for at, value in enumerate(said):
        if not re.match(r"(?:19|20)[0-9]{2}(?:-|$)", value):
            raw.add("not_a_year", at, column, str(value))
    return [str(value)[:4] for value in said]
