"""People by commune, from any table with a code and some figures."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.context_source import IndicatorValue
from ctg_geo.config.study_file import PopulationSource, ValueColumn
from ctg_geo.sources.door import RawTable, TableRead, without_repeats
from ctg_geo.sources.files import read_table

__all__ = ["figure_of", "read_population"]


def read_population(path: Path, source: PopulationSource) -> TableRead:
    """Read people by commune (CSV, Excel, Parquet, any separator, any column names).

    Returns
    -------
    TableRead, its table by code_insee (contract `population`)
        One column per declared value, with `<value>_status`.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged, a cell is wrong, or a commune stands
        twice (identical rows are collapsed, and said, where the source allows it).
    """
    raw = read_table(path, source)
    used = [source.code_insee]
    for value in source.values.values():
        used += [value.column, *([value.status_column] if value.status_column else [])]
    raw.require(used)
    code = raw.codes(source.code_insee)
    kept = without_repeats(raw, source.code_insee, used)
    columns: dict[str, npt.NDArray[np.object_] | npt.NDArray[np.float64]] = {}
    for name, value in source.values.items():
        columns[name], columns[f"{name}_status"] = figure_of(raw, value)
    raw.raise_defects()
    population = pd.DataFrame(columns, index=pd.Index(code, name="code_insee", dtype=object))
    population = population[kept].sort_index()
    checked = contracts.checked(population, contracts.POPULATION, table_name=path.name)
    row_of = pd.Series(raw.row[kept], index=pd.Index(code[kept], dtype=object))
    return TableRead(path.name, checked, row_of, len(raw), raw.findings)


def figure_of(
    raw: RawTable, value: ValueColumn | IndicatorValue
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
    """Return a figure and its status, row by row; wrong cells gather in `raw`."""
    numbers = raw.numbers(value.column)
    status = numbers.status.copy()
    given = status == contracts.OBSERVED
    status[given] = value.status
    if value.status_column is not None:
        said = raw.text(value.status_column)
        for at in np.flatnonzero(~np.isin(said, contracts.STATUSES)):
            known = list(contracts.STATUSES)
            raw.add("bad_status", int(at), value.status_column, str(said[at]), known=known)
        for at in np.flatnonzero(np.isin(said, ("observed", "estimated")) != given):
            raw.add("status_value", int(at), value.status_column, str(said[at]))
        downgraded = given & (said == contracts.ESTIMATED)
        status[downgraded] = contracts.ESTIMATED
        status[~given] = said[~given]
    return numbers.value * value.factor, status
