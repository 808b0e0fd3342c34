"""Places that serve: points with coordinates, places known to the commune, or mere counts."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.quality import Finding
from ctg_geo.sources.admission import admission
from ctg_geo.sources.door import RawTable, TableRead, without_repeats
from ctg_geo.sources.files import LAYER_SUFFIXES, read_layer, read_table
from ctg_geo.sources.layers import metric
from ctg_geo.sources.place_cells import (
    capacities,
    deliveries,
    hours_per_week,
    names,
    services,
    statuses,
)
from ctg_geo.sources.points import lon_lat, projected

__all__ = ["read_equipements"]

_MOST_PLACES = 10_000  # of one service in one commune

Objects = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]


def read_equipements(path: Path, source: EquipementsSource, *, crs: str) -> TableRead:
    """Read places from a table or a layer.

    Returns
    -------
    TableRead, its table by equipement_id (contract `equipements`)
        x, y are metres in `crs`, NaN where the place is known to its commune only. A row
        of counts gives as many places as it says, all estimated.

    Raises
    ------
    MissingColumnError, MissingCrsError, UnreadableFileError, DataError
        If a column is missing, the file is damaged, or a cell is wrong.
    """
    raw, x, y = _located(path, source, crs)
    code = (
        raw.codes(source.columns["code_insee"], optional="count" not in source.columns)
        if "code_insee" in source.columns
        else np.full(len(raw), "", dtype=object)
    )
    for at in np.flatnonzero(np.isnan(x) & (code == "")):
        raw.add("nowhere", int(at), source.columns.get("code_insee", "code_insee"), "")
    table, used = _counted(raw, source, code) if "count" in source.columns else _listed(raw, source)
    admits = {name: values[used] for name, values in admission(raw, source).items()}
    raw.raise_defects()
    table = table.assign(code_insee=code[used], x=x[used], y=y[used], **admits)
    _locate(table, source, raw, used)
    table["source"] = f"{source.provider} {source.vintage}"
    table.index = _identifiers(raw, source, used)
    raw.raise_defects()
    checked = contracts.checked(table, contracts.EQUIPEMENTS, table_name=path.name)
    row_of = pd.Series(raw.row[used], index=checked.index)
    if "count" not in source.columns:
        _say_twins(checked, row_of, raw)
        return TableRead(path.name, checked, row_of, len(raw), raw.findings)
    row_codes = pd.Series(code, index=raw.row)
    aside = pd.Series(_aside(raw, source), index=raw.row)
    return TableRead(path.name, checked, row_of, len(raw), raw.findings, row_codes, aside,
                     partial=_partial(raw, source, code))  # fmt: skip


def _aside(raw: RawTable, source: EquipementsSource) -> Objects:
    """Tell why rows of counts give no place; "" where they count, be it zero."""
    value = raw.numbers(source.columns["count"]).value
    columns = list(dict.fromkeys(source.columns.values()))
    repeated = raw.frame[columns].duplicated().to_numpy()
    reason = np.where(np.isnan(value), "count_unknown", "")
    return np.where(repeated, "repeats", reason).astype(object)


def _partial(raw: RawTable, source: EquipementsSource, code: Objects) -> pd.DataFrame:
    """Return the rows whose count is unknown, or said to be an estimate."""
    status = raw.numbers(source.columns["count"]).status.copy()
    if "count_status" in source.columns:
        said = statuses(raw, source.columns["count_status"])
        status[(said == contracts.ESTIMATED) & (status == contracts.OBSERVED)] = contracts.ESTIMATED
    table = {"service": services(raw, source), "code_insee": code, "status": status,
             "row": raw.row}  # fmt: skip
    return pd.DataFrame(pd.DataFrame(table)[status != contracts.OBSERVED])


def _say_twins(table: pd.DataFrame, row_of: pd.Series, raw: RawTable) -> None:
    """Report places that look like one place entered twice; both still count."""
    same = ["service", "nom", "code_insee", "x", "y"]
    for at in table.index[table.duplicated(same, keep="first")]:
        facts = {"nom": table.at[at, "nom"], "row": str(row_of[at])}
        raw.findings.append(Finding("warning", "place_twice", raw.name, str(at), facts))


def _located(path: Path, source: EquipementsSource, crs: str) -> tuple[RawTable, Floats, Floats]:
    columns = source.columns
    if not _is_layer(path, source):
        raw = read_table(path, source)
        raw.require(columns.values())
        if "lon" in columns:
            return raw, *lon_lat(raw, columns["lon"], columns["lat"], crs=crs)
        if "x" in columns:
            given = source.crs or crs
            return raw, *projected(raw, columns["x"], columns["y"], given=given, crs=crs)
        return raw, np.full(len(raw), np.nan), np.full(len(raw), np.nan)
    shapes, raw = read_layer(path, source)
    raw.require(columns.values())
    kinds = shapes.geometry.geom_type.to_numpy()
    for at in np.flatnonzero(~shapely.is_missing(shapes.geometry.to_numpy()) & (kinds != "Point")):
        raw.add("not_point", int(at), "geometry", str(kinds[at]))
    points = metric(shapes, raw, crs=crs)
    return raw, points.x.to_numpy(), points.y.to_numpy()


def _is_layer(path: Path, source: EquipementsSource) -> bool:
    """Tell whether places are the shapes of the file, and not cells of a table."""
    if "lon" in source.columns or "x" in source.columns:
        return False
    name = path.name.lower()
    return name.endswith(LAYER_SUFFIXES) or (
        name.endswith(".parquet") and "code_insee" not in source.columns
    )


def _listed(raw: RawTable, source: EquipementsSource) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """One place a row."""
    every = np.arange(len(raw), dtype=np.int64)
    capacity, status = capacities(raw, source)
    hours, hours_status = hours_per_week(raw, source)
    table = pd.DataFrame(
        {
            "service": services(raw, source),
            "nom": names(raw, source),
            "capacity": capacity,
            "capacity_status": status,
            "location_status": contracts.OBSERVED,
            "delivery": deliveries(raw, source),
            "hours_per_week": hours,
            "hours_status": hours_status,
        }
    )
    return table.astype({"location_status": object}), every


def _counted(
    raw: RawTable, source: EquipementsSource, code: Objects
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Expand a count per commune into places of estimated capacity and position."""
    counts, kept = _counts(raw, source)
    used = np.repeat(np.arange(len(raw)), np.where(kept, counts, 0))
    nth = _nth(used)
    each = source.capacity_each.value if source.capacity_each is not None else np.nan
    status = contracts.NOT_AVAILABLE if source.capacity_each is None else contracts.ESTIMATED
    hours, hours_status = (values[used] for values in hours_per_week(raw, source))
    table = pd.DataFrame(
        {
            "service": services(raw, source)[used],
            "nom": [f"{code[at]}-{n}" for at, n in zip(used, nth, strict=True)],
            "capacity": np.full(len(used), each),
            "capacity_status": np.full(len(used), status, dtype=object),
            "location_status": np.full(len(used), contracts.ESTIMATED, dtype=object),
            "delivery": np.full(len(used), "fixed", dtype=object),
            "hours_per_week": hours,
            "hours_status": hours_status,
        }
    )
    return table.astype({"nom": object}), used


def _counts(
    raw: RawTable, source: EquipementsSource
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return how many places each row stands for, and which rows are no repeats."""
    column = source.columns["count"]
    used_columns = list(dict.fromkeys(source.columns.values()))
    within = source.columns.get("service")
    kept = without_repeats(raw, source.columns["code_insee"], used_columns, within=within)
    numbers = raw.numbers(column)
    for at in np.flatnonzero(numbers.value > _MOST_PLACES):
        raw.add("too_many", int(at), column, raw.frame[column].iloc[at], most=_MOST_PLACES)
    for at in np.flatnonzero(numbers.value % 1 > 0):
        raw.add("not_whole", int(at), column, raw.frame[column].iloc[at])
    if "count_status" in source.columns:
        statuses(raw, source.columns["count_status"])  # a word that is no status is noted
    raw.raise_defects()
    return np.nan_to_num(numbers.value).astype(np.int64), kept


def _nth(used: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.arange(len(used)) - np.searchsorted(used, used) + 1


def _locate(
    table: pd.DataFrame, source: EquipementsSource, raw: RawTable, used: npt.NDArray[np.int64]
) -> None:
    """Say which positions are estimated: no coordinates, or the file says so."""
    table.loc[table["x"].isna(), "location_status"] = contracts.ESTIMATED
    if "location_status" in source.columns:
        said = statuses(raw, source.columns["location_status"])[used]
        table.loc[said == contracts.ESTIMATED, "location_status"] = contracts.ESTIMATED


def _identifiers(raw: RawTable, source: EquipementsSource, used: npt.NDArray[np.int64]) -> pd.Index:
    """Return the file's identifiers, or ones made of file and row; a repeated one is noted."""
    column = source.columns.get("equipement_id")
    stem = raw.name.split(".")[0]
    if column is None:
        many = "count" in source.columns
        nth = _nth(used)
        made = [
            f"{stem}-{raw.row[at]}-{n}" if many else f"{stem}-{raw.row[at]}"
            for at, n in zip(used, nth, strict=True)
        ]
        return pd.Index(made, name="equipement_id", dtype=object)
    given = raw.text(column)
    seen: dict[str, int] = {}
    for at, value in enumerate(given):
        if not value:
            raw.add("id_missing", at, column, value)
        elif value in seen:
            raw.add("id_twice", at, column, value, first=str(raw.row[seen[value]]))
        seen.setdefault(value, at)
    return pd.Index(given[used], name="equipement_id", dtype=object)
