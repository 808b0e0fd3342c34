"""Observed travel times: two ends, or one and a service, and minutes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Transformer

from ctg_geo.config.trip_source import ENDS, End, TripColumn, TripSource
from ctg_geo.errors import CalibrationError
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_table
from ctg_geo.sources.points import lon_lat, projected

__all__ = ["ObservedRead", "read_observed"]

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

_CELL = re.compile(r"(?:CRS3035)?(?:RES)?(\d+)mN(\d+)E(\d+)")
_DAY_MIN: Final = 1440.0
_USUAL: Final[Mapping[TripColumn, tuple[str, ...]]] = {
    "origin_code": ("origin_code", "code_origine", "origine", "depart", "code_insee_origine"),
    "origin_cell": ("origin_cell", "idcar_200m", "idinspire", "id_carr_200m", "carreau"),
    "origin_lon": ("origin_lon", "lon_origine", "lon_depart"),
    "origin_lat": ("origin_lat", "lat_origine", "lat_depart"),
    "origin_x": ("origin_x", "x_origine", "x_depart"),
    "origin_y": ("origin_y", "y_origine", "y_depart"),
    "destination_code": ("destination_code", "code_destination", "destination", "arrivee"),
    "destination_lon": ("destination_lon", "lon_destination", "lon_arrivee"),
    "destination_lat": ("destination_lat", "lat_destination", "lat_arrivee"),
    "destination_x": ("destination_x", "x_destination", "x_arrivee"),
    "destination_y": ("destination_y", "y_destination", "y_arrivee"),
    "service": ("service", "typeeq_id", "typequ"),
    "minutes": ("minutes", "duree", "duree_min", "temps_min", "temps"),
}


@dataclass(frozen=True, slots=True, eq=False)
class ObservedRead:
    """Observed trips, one row each, and what was said of the others.

    `table` has row (in the file), x, y, to_x, to_y (metres; NaN where a code or a service
    tells), code, to_code, word (of the service; empty without) and minutes.
    """

    name: str
    table: pd.DataFrame
    rows: int
    aside: Mapping[str, int]
    findings: list[Finding] = field(default_factory=list)


def read_observed(path: Path, source: TripSource, *, crs: str) -> ObservedRead:
    """Read observed trips from a CSV, an Excel or a Parquet file.

    A trip that stands twice with the same ends and the same time counts once; with another
    time, it was observed twice.

    Raises
    ------
    CalibrationError, ConfigError
        If columns are not told and cannot be recognised, or contradict each other.
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged, or a cell is wrong: a time that is
        missing, masked or beyond a day, a place that is not told.
    """
    raw = read_table(path, source)
    raw.decimals = (".", ",")  # a time of minutes has no thousands
    source = source if source.columns else _recognised(raw, source)
    raw.require(source.columns.values())
    table = pd.DataFrame({"row": raw.row})
    for end in ENDS:
        prefix = "" if end == "origin" else "to_"
        table[f"{prefix}x"], table[f"{prefix}y"], table[f"{prefix}code"] = _end(
            raw, source, end, crs
        )
    table["word"] = _words(raw, source)
    table["minutes"] = _minutes(raw, source)
    raw.raise_defects()
    again = table.drop(columns="row").duplicated()
    if again.any():
        rows = [str(row) for row in table.loc[again, "row"]]
        facts = {"count": len(rows), "rows": rows}
        raw.findings.append(Finding("warning", "trips_repeated", raw.name, facts=facts))
    kept = table[~again].reset_index(drop=True)
    aside = {"repeated": int(again.sum())} if again.any() else {}
    return ObservedRead(raw.name, kept, len(raw), aside, raw.findings)


def _recognised(raw: RawTable, source: TripSource) -> TripSource:
    """Find the columns by their usual names."""
    found = {str(name).strip().casefold(): str(name) for name in raw.frame.columns}
    columns: dict[TripColumn, str] = {}
    for role, names in _USUAL.items():
        known = [found[name] for name in names if name in found]
        if known:
            columns[role] = known[0]
    arrivals = [name for key, name in columns.items() if key.startswith("destination")]
    if source.service is not None and arrivals:
        raise CalibrationError("two_destinations", file=raw.name, columns=arrivals)
    if source.service is not None or arrivals:
        columns.pop("service", None)
    for what in ("origin", "minutes"):
        if not any(key.startswith(what) for key in columns):
            facts = {"what": what, "found": ", ".join(map(str, raw.frame.columns))}
            raise CalibrationError("no_profile_columns", file=raw.name, **facts)
    if source.service is None and not any(
        key == "service" or key.startswith("destination") for key in columns
    ):
        raise CalibrationError("no_service", file=raw.name)
    content = source.model_dump() | {"columns": _one_way(columns)}
    if {"origin_x", "destination_x"} & set(content["columns"]) and source.crs is None:
        content["crs"] = "EPSG:2154"
    return TripSource.model_validate(content)


def _one_way(columns: dict[TripColumn, str]) -> dict[TripColumn, str]:
    """Keep one way of telling each end: coordinates before cells before codes."""
    kept = dict(columns)
    for end in ENDS:
        there = [
            way
            for way in (("lon", "lat"), ("x", "y"), ("cell",), ("code",))
            if all(f"{end}_{part}" in columns for part in way)
        ]
        keep = {f"{end}_{part}" for part in there[0]} if there else set()
        kept = {key: name for key, name in kept.items() if not key.startswith(end) or key in keep}
    return kept


def _end(raw: RawTable, source: TripSource, end: End, crs: str) -> tuple[Floats, Floats, Objects]:
    """Read one end of all trips: metres, or the code of a commune."""
    nowhere = np.full(len(raw), np.nan)
    no_code = np.full(len(raw), "", dtype=object)
    ways = source.ways(end)
    if not ways:
        return nowhere, nowhere, no_code
    way = ways[0]
    names: dict[str, str] = {part: source.columns[f"{end}_{part}"] for part in way}  # type: ignore[index]
    if way == ("code",):
        return nowhere, nowhere, raw.codes(names["code"])
    if way == ("cell",):
        x, y = _cells(raw, names["cell"], crs)
        return x, y, no_code
    if way == ("lon", "lat"):
        x, y = lon_lat(raw, names["lon"], names["lat"], crs=crs)
    else:
        x, y = projected(raw, names["x"], names["y"], given=source.crs or crs, crs=crs)
    for at in np.flatnonzero((raw.text(names[way[0]]) == "") & (raw.text(names[way[1]]) == "")):
        raw.add("end_missing", int(at), names[way[0]], "")
    return x, y, no_code


def _cells(raw: RawTable, column: str, crs: str) -> tuple[Floats, Floats]:
    """Return the centres of cells named by their lower left corner (EPSG:3035)."""
    x, y = np.full(len(raw), np.nan), np.full(len(raw), np.nan)
    for at, value in enumerate(raw.text(column)):
        found = _CELL.fullmatch(value)
        if found is None:
            raw.add("cell_code" if value else "end_missing", at, column, value)
            continue
        size, north, east = (float(part) for part in found.groups())
        x[at], y[at] = east + size / 2, north + size / 2
    moved = Transformer.from_crs("EPSG:3035", crs, always_xy=True).transform(x, y)
    return np.asarray(moved[0], dtype=np.float64), np.asarray(moved[1], dtype=np.float64)


def _words(raw: RawTable, source: TripSource) -> Objects:
    """Return the service each trip goes to, translated; empty where it goes to a point."""
    if "service" not in source.columns:
        return np.full(len(raw), source.service or "", dtype=object)
    words = raw.text(source.columns["service"])
    for at in np.flatnonzero(words == ""):
        raw.add("service_missing", int(at), source.columns["service"], "")
    return np.array([source.services.get(word, word) for word in words], dtype=object)


def _minutes(raw: RawTable, source: TripSource) -> Floats:
    column = source.columns["minutes"]
    read = raw.numbers(column)
    for at in np.flatnonzero(read.status != "observed"):
        reason = "minutes_masked" if read.status[at] == "secret" else "minutes_missing"
        raw.add(reason, int(at), column, raw.frame[column].iloc[at])
    minutes = read.value / (60 if source.unit == "seconds" else 1)
    for at in np.flatnonzero(minutes > _DAY_MIN):
        raw.add("minutes_long", int(at), column, raw.frame[column].iloc[at])
    return np.asarray(minutes, dtype=np.float64)
