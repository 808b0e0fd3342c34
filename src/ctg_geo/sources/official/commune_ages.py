"""People by commune and age, from the census: single years (TD_POP1B), or a table of bands."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import PopulationSource
from ctg_geo.contracts import Band
from ctg_geo.contracts.ages import LAST_AGE
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.official.bulk import Bulk, among, read_bulk
from ctg_geo.sources.official.census_iris import first_rows, named_columns, published_bands
from ctg_geo.sources.official.headings import by_heading, chosen
from ctg_geo.sources.official.sums import added, made, parts_of

__all__ = ["read_commune_ages"]

_LONG: Final = ("NIVGEO", "CODGEO", "SEXE", "AGED100", "NB")
_OLDEST: Final = 100  # AGED100 = 100 is 100 years and more
_LEVELS: Final = ("COM", "ARM")


def read_commune_ages(
    path: Path, source: PopulationSource, *, within: Collection[str] | None
) -> TableRead:
    """Read people by commune and age.

    `TD_POP1B` has one row a commune, sex and single year of age (NIVGEO;CODGEO;LIBGEO;SEXE;
    AGED100;NB): any age band is exact. `base-cc-evol-struct-pop` has one row a commune and
    bands of ages: others are an estimate.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged, a cell is wrong, or a commune stands twice.
    """
    long = False
    banded: dict[str, Mapping[str, float]] = {}

    def choose(headings: list[str]) -> Mapping[str, str]:
        nonlocal long
        long = "aged100" in by_heading(headings)
        needed = _LONG if long else ("CODGEO",)
        there = chosen(path.name, headings, {each: (each,) for each in needed})
        if long:
            return there
        bands = published_bands(path.name, headings)
        parts = parts_of(source.values, bands=bands, named=named_columns(headings), file=path.name)
        used = sorted({column for each in parts.values() for column in each})
        banded.update(parts)
        return {**there, **{each: each for each in used}}

    keep = None if within is None else among("CODGEO", within)
    bulk = read_bulk(path, source, choose=choose, keep=keep)
    code = bulk.raw.codes(bulk.titles["CODGEO"])
    if long:
        table = _by_age(bulk, code, source)
    else:
        _refuse_twice(bulk.raw, bulk.titles["CODGEO"], code)
        table = made(bulk.raw, banded, source.values, blank=source.blank_status)
        table = table.set_axis(pd.Index(code, dtype=object), axis=0)
    bulk.raw.raise_defects()
    table = added(table.rename_axis("code_insee"))
    checked = contracts.checked(table, contracts.POPULATION, table_name=path.name)
    return TableRead(
        path.name, checked, first_rows(code, bulk.raw.row), bulk.rows, bulk.raw.findings,
        row_codes=pd.Series(code, index=bulk.raw.row, dtype=object),
    )  # fmt: skip


def _by_age(bulk: Bulk, code: npt.NDArray[np.object_], source: PopulationSource) -> pd.DataFrame:
    """Add up the rows of single years that each figure is made of."""
    raw, titles = bulk.raw, bulk.titles
    level = raw.text(titles["NIVGEO"])
    age = raw.numbers(titles["AGED100"])
    people = raw.numbers(titles["NB"])
    _refuse_ages(raw, titles, age.value)
    _refuse_twice(raw, titles["CODGEO"], code, level, raw.text(titles["SEXE"]), age.value)
    for at in np.flatnonzero(~np.isin(level, _LEVELS)):
        raw.add("geo_level", int(at), titles["NIVGEO"], str(level[at]), known=list(_LEVELS))
    raw.raise_defects()
    single = {Band(a, LAST_AGE if a == _OLDEST else a): [str(a)] for a in range(_OLDEST + 1)}
    named = {"population": "population"}
    figures = parts_of(source.values, bands=single, named=named, file=raw.name)
    parts = []
    for figure, shares in figures.items():
        share = np.array([shares.get(f"{each:.0f}", 0.0) for each in age.value])
        if "population" in shares:
            share[:] = 1.0
        used = share > 0
        exact = all(each == 1.0 for each in shares.values())
        worth = source.values[figure].status if exact else contracts.ESTIMATED
        status = np.where(people.status == contracts.OBSERVED, worth, people.status)
        columns = {figure: source.values[figure].factor * share[used] * people.value[used],
                   f"{figure}_status": status[used]}  # fmt: skip
        keys = pd.Index(code[used], name="code_insee", dtype=object)
        parts.append(added(pd.DataFrame(columns, index=keys)))
    table = pd.concat(parts, axis=1)
    for figure in figures:  # a commune that has no row of an age has nobody of it
        absent = table[f"{figure}_status"].isna()
        table.loc[absent, figure] = 0.0
        table.loc[absent, f"{figure}_status"] = contracts.OBSERVED
    return table


def _refuse_ages(raw: RawTable, titles: Mapping[str, str], age: object) -> None:
    values = np.asarray(age, dtype=np.float64)
    wrong = ~((values >= 0) & (values <= _OLDEST) & (values == np.floor(values)))
    for at in np.flatnonzero(wrong):
        shown = str(raw.frame[titles["AGED100"]].iloc[at])
        raw.add("age_unknown", int(at), titles["AGED100"], shown)


def _refuse_twice(raw: RawTable, column: str, *key: object) -> None:
    """Refuse rows that stand twice: summed, they would count people twice."""
    keys = pd.DataFrame({str(at): pd.Series(each) for at, each in enumerate(key)})
    again = keys.duplicated().to_numpy()
    first = {each: at for at, each in reversed(list(enumerate(keys.itertuples(index=False))))}
    for at in np.flatnonzero(again):
        above = first[tuple(keys.iloc[int(at)])]  # type: ignore[index]
        facts = {"first": str(raw.row[above])}
        raw.add("code_twice", int(at), column, str(raw.frame[column].iloc[at]), **facts)
