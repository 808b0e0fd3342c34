"""Roads: a table of junctions and one of segments, or a layer of lines."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.config.road_source import LineRoads, RoadWords, TableRoads
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_layer, read_table
from ctg_geo.sources.layers import metric
from ctg_geo.sources.points import lon_lat, projected

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["read_road_lines", "read_road_tables"]

Objects = npt.NDArray[np.object_]


def read_road_tables(
    junctions_path: Path, segments_path: Path, source: TableRoads, *, crs: str
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Read junctions and segments.

    Returns
    -------
    junctions by junction_id: x, y (metres in `crs`); segments by segment_id (contracts
    `junctions`, `segments`); findings
        A length that the file does not give is the straight line; `length_factor` applies
        to both.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, a cell is wrong, or a segment names an unknown junction.
    """
    junctions, findings = _junctions(junctions_path, source, crs)
    raw = read_table(segments_path, source.segments)
    columns = source.segment_columns
    raw.require(columns.values())
    ends = [raw.text(columns["from_junction"]), raw.text(columns["to_junction"])]
    for end, column in zip(ends, (columns["from_junction"], columns["to_junction"]), strict=True):
        known = pd.Series(end).isin(junctions.index).to_numpy()
        for at in np.flatnonzero(~known):
            raw.add("unknown_junction", int(at), column, str(end[at]), file=junctions_path.name)
    raw.raise_defects()
    names = raw.text(columns["name"]) if "name" in columns else np.full(len(raw), "", dtype=object)
    table = pd.DataFrame(
        {
            "from_junction": ends[0],
            "to_junction": ends[1],
            "road_class": _classes(raw, columns.get("road_class"), source, source.class_prefix),
            "length_m": _lengths(raw, columns.get("length_m"), junctions, ends)
            * source.length_factor,
            "speed_kmh": _speeds(raw, columns.get("speed_kmh")),
            "direction": _directions(raw, columns.get("oneway"), source),
            "name": names,
        },
        index=pd.Index([str(row) for row in raw.row], name="segment_id", dtype=object),
    )
    raw.raise_defects()
    segments = contracts.checked(table, contracts.SEGMENTS, table_name=segments_path.name)
    return junctions, segments, findings + raw.findings


def _junctions(path: Path, source: TableRoads, crs: str) -> tuple[pd.DataFrame, list[Finding]]:
    raw = read_table(path, source.junctions)
    columns = source.junction_columns
    raw.require(columns.values())
    if "lon" in columns:
        x, y = lon_lat(raw, columns["lon"], columns["lat"], crs=crs)
    else:
        given = source.junctions.crs or crs
        x, y = projected(raw, columns["x"], columns["y"], given=given, crs=crs)
    column = columns.get("lon", columns.get("x", ""))
    for at in np.flatnonzero(np.isnan(x)):
        raw.add("coordinate_missing", int(at), column, "")
    name = raw.text(columns["junction_id"])
    for at in np.flatnonzero(name == ""):
        raw.add("id_missing", int(at), columns["junction_id"], "")
    for at in np.flatnonzero(pd.Series(name).duplicated() & (name != "")):
        first = str(raw.row[int(np.flatnonzero(name == name[at])[0])])
        raw.add("id_twice", int(at), columns["junction_id"], str(name[at]), first=first)
    raw.raise_defects()
    table = pd.DataFrame({"x": x, "y": y}, index=pd.Index(name, name="junction_id", dtype=object))
    return contracts.checked(table, contracts.JUNCTIONS, table_name=path.name), raw.findings


def read_road_lines(
    path: Path, source: LineRoads, *, crs: str
) -> tuple["gpd.GeoDataFrame", list[Finding], Ledger]:
    """Read a layer of road lines (GeoPackage, GeoParquet, GeoJSON, Shapefile).

    Returns
    -------
    GeoDataFrame: road_class, speed_kmh, direction, name, one LineString a row, in `crs`;
    findings; ledger of the features (those without length are set aside, and said)

    Raises
    ------
    MissingColumnError, MissingCrsError, UnreadableFileError, DataError
        If a column or the CRS is missing, a cell is wrong, or a shape is not a line.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    shapes, raw = read_layer(path, source)
    columns = source.columns
    raw.require(columns.values())
    kinds = shapes.geometry.geom_type.to_numpy()
    there = ~shapely.is_missing(shapes.geometry.to_numpy())
    wrong = there & ~np.isin(kinds, ("LineString", "MultiLineString"))
    for at in np.flatnonzero(wrong):
        raw.add("not_line", int(at), "geometry", str(kinds[at]))
    names = raw.text(columns["name"]) if "name" in columns else np.full(len(raw), "", dtype=object)
    table = {
        "road_class": _classes(raw, columns.get("road_class"), source),
        "speed_kmh": _speeds(raw, columns.get("speed_kmh")),
        "direction": _directions(raw, columns.get("oneway"), source),
        "name": names,
    }
    moved = shapely.force_2d(metric(shapes, raw, crs=crs, empty=True).to_numpy())
    lines = gpd.GeoDataFrame(table, geometry=moved, crs=crs)
    single = lines.explode(ignore_index=True)
    empty = shapely.length(lines.geometry.to_numpy()) == 0
    if empty.any():
        facts: dict[str, object] = {"count": int(empty.sum()), "rows": list(raw.row[empty])}
        raw.findings.append(Finding("warning", "road_without_length", raw.name, facts=facts))
    single = single[shapely.length(single.geometry.to_numpy()) > 0].reset_index(drop=True)
    void = int(empty.sum())
    ledger = Ledger(path.name, len(raw), len(raw) - void, {"without_length": void})
    return single, raw.findings, ledger


def _classes(
    raw: RawTable, column: str | None, source: RoadWords, prefix: int | None = None
) -> Objects:
    if column is None:
        return np.full(len(raw), "unknown", dtype=object)
    said = [value[:prefix] for value in raw.text(column)]
    return np.array([source.classes.get(value, value) or "unknown" for value in said], dtype=object)


def _lengths(
    raw: RawTable, column: str | None, junctions: pd.DataFrame, ends: list[Objects]
) -> npt.NDArray[np.float64]:
    start, end = (junctions.reindex(end) for end in ends)
    straight: npt.NDArray[np.float64] = np.hypot(
        end["x"].to_numpy(np.float64) - start["x"].to_numpy(np.float64),
        end["y"].to_numpy(np.float64) - start["y"].to_numpy(np.float64),
    )
    if column is None:
        return straight
    given = raw.numbers(column).value
    return np.asarray(np.where(np.isnan(given), straight, given))


def _speeds(raw: RawTable, column: str | None) -> npt.NDArray[np.float64]:
    if column is None:
        return np.full(len(raw), np.nan)
    speed = raw.numbers(column).value
    for at in np.flatnonzero(speed == 0):
        raw.add("speed_zero", int(at), column, raw.frame[column].iloc[at])
    return speed


def _directions(raw: RawTable, column: str | None, source: RoadWords) -> Objects:
    if column is None:
        return np.full(len(raw), "both", dtype=object)
    said = np.array([value.casefold() for value in raw.text(column)], dtype=object)
    ahead = [word.casefold() for word in source.forward]
    back = [word.casefold() for word in source.backward]
    both = [word.casefold() for word in source.both]
    for at in np.flatnonzero(~np.isin(said, [*ahead, *back, *both, ""])):
        words = [*source.both, *source.forward, *source.backward]
        raw.add("bad_direction", int(at), column, str(said[at]), known=words)
    forward, backward = np.isin(said, ahead), np.isin(said, back)
    return np.where(forward, "forward", np.where(backward, "backward", "both")).astype(object)
