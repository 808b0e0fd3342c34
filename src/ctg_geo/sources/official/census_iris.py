"""People by IRIS, from the census (Insee, base-ic-evol-struct-pop)."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import PopulationSource
from ctg_geo.contracts import Band
from ctg_geo.contracts.ages import LAST_AGE
from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.door import TableRead
from ctg_geo.sources.official.bulk import among, read_bulk
from ctg_geo.sources.official.headings import chosen
from ctg_geo.sources.official.sums import added, made, parts_of

__all__ = ["PARTITIONS", "first_rows", "named_columns", "published_bands", "read_base_ic"]

_AGED: Final = re.compile(r"P\d\d_(POP(?:\d{4}|\d\dP))")
_ALL: Final = re.compile(r"P\d\d_POP")
_IRIS: Final = re.compile(contracts.COMMUNE_CODE + "[0-9]{4}")
PARTITIONS: Final = (
    ("POP0002", "POP0305", "POP0610", "POP1117", "POP1824", "POP2539", "POP4054", "POP5564",
     "POP6579", "POP80P"),
    ("POP0014", "POP1529", "POP3044", "POP4559", "POP6074", "POP7589", "POP90P"),
    ("POP0014", "POP1529", "POP3044", "POP4559", "POP6074", "POP75P"),
)  # fmt: skip


def read_base_ic(
    path: Path, source: PopulationSource, *, within: Collection[str] | None
) -> TableRead:
    """Read the census by IRIS; a commune without IRIS stands as its code and `0000`.

    Decimals of the survey are kept. A municipal arrondissement (751xx, 1320x, 6938x) is a
    commune here, as it is in the file.

    Parameters
    ----------
    path : the CSV (`;`), or the zip that Insee publishes
    within : communes to keep; None for all

    Returns
    -------
    TableRead, its table by code_insee (contract `population`), its parts by code_iris

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged, a cell is wrong, or an IRIS stands twice.
    """
    bands: dict[Band, list[str]] = {}
    named: dict[str, str] = {}

    def choose(headings: list[str]) -> dict[str, str]:
        there = chosen(path.name, headings, {"iris": ("IRIS",), "com": ("COM",)})
        bands.update(published_bands(path.name, headings))
        named.update(named_columns(headings))
        figures = parts_of(source.values, bands=bands, named=named, file=path.name)
        used = sorted({column for parts in figures.values() for column in parts})
        return {**there, **{each: each for each in used}}

    bulk = read_bulk(
        path, source, choose=choose, keep=None if within is None else among("com", within)
    )
    raw, titles = bulk.raw, bulk.titles
    iris, com = raw.text(titles["iris"]), raw.codes(titles["com"])
    first: dict[str, str] = {}
    for at, code in enumerate(iris):
        if _IRIS.fullmatch(code) is None or code[:5] != com[at]:
            raw.add("iris_code", at, titles["iris"], str(code), commune=com[at])
        elif code in first:
            raw.add("id_twice", at, titles["iris"], str(code), first=first[code])
        first.setdefault(code, str(raw.row[at]))
    figures = parts_of(source.values, bands=bands, named=named, file=path.name)
    table = made(raw, figures, source.values, blank=source.blank_status)
    raw.raise_defects()
    by_commune = added(table.set_axis(pd.Index(com, name="code_insee", dtype=object), axis=0))
    parts = table.set_axis(pd.Index(iris, name="code_iris", dtype=object), axis=0)
    parts.insert(0, "code_insee", com)
    checked = contracts.checked(by_commune, contracts.POPULATION, table_name=path.name)
    return TableRead(
        path.name, checked, first_rows(com, raw.row), bulk.rows, raw.findings,
        row_codes=pd.Series(com, index=raw.row, dtype=object), parts=parts.sort_index(),
    )  # fmt: skip


def published_bands(file: str, headings: list[str]) -> dict[Band, list[str]]:
    """Return the column of each age band: those of the finest partition the file has whole.

    Raises
    ------
    MissingColumnError
        If the file has none whole.
    """
    there = {found.group(1): each for each in headings
             if (found := _AGED.fullmatch(each.upper())) is not None}  # fmt: skip
    for partition in PARTITIONS:
        if all(name in there for name in partition):
            return {_band(name): [there[name]] for name in partition}
    missing = [f"P.._{name}" for name in PARTITIONS[0] if name not in there]
    raise MissingColumnError("columns", file=file, missing=missing, found=headings)


def _band(name: str) -> Band:
    low = int(name[3:5])
    return Band(low, LAST_AGE if name.endswith("P") else int(name[5:7]))


def named_columns(headings: list[str]) -> dict[str, str]:
    """Name each published column in full and without its year, and the total of people."""
    found: dict[str, str] = {}
    for each in headings:
        found[each] = each
        if re.match(r"[PC]\d\d_", each.upper()):
            found.setdefault(each[4:].upper(), each)
        if _ALL.fullmatch(each.upper()):
            found.setdefault("population", each)
    return found


def first_rows(codes: npt.NDArray[np.object_], row: npt.NDArray[np.int64]) -> pd.Series:
    """Return the first row of the file of each commune."""
    rows = pd.Series(row, index=pd.Index(codes, dtype=object))
    return rows[~rows.index.duplicated()]
