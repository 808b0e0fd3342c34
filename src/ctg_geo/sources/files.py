"""Open files of people's own making: the right reader, and every cell as text."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import MissingFileError, UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.cells import as_text, damaged_parquet, detail
from ctg_geo.sources.delimited import read_delimited
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.guards import check_kind
from ctg_geo.sources.layers import located, open_layer
from ctg_geo.sources.workbook import read_workbook

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["LAYER_SUFFIXES", "check_present", "read_layer", "read_table"]

LAYER_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".fgb", ".geojson.gz", ".geoparquet")


def read_table(path: Path, source: TableSource) -> RawTable:
    """Read a CSV, Excel, Parquet file or the attributes of a layer, all cells as text.

    Raises
    ------
    MissingFileError, UnreadableFileError, ConfigError, DataError
        If the file is not there, is empty, is cut, or is not what its name says.
    """
    check_present(path)
    name, findings = path.name, list[Finding]()
    lower = name.lower()
    first_row = 1
    decimals: tuple[str, ...] = (".",)
    if lower.endswith((".xlsx", ".xlsm")):
        frame, first_row = _headed(read_workbook(path, source), name, 1)
        decimals = (".", source.decimal)
    elif lower.endswith(".parquet"):
        frame = _texts(_parquet(path), name)
    elif lower.endswith(LAYER_SUFFIXES):
        frame = _texts(pd.DataFrame(open_layer(path, source, geometry=False)), name)
    else:
        frame, first_row = _headed(*_delimited(path, source, name, findings))
        decimals = (source.decimal,)
    blank = (frame == "").all(axis=1).to_numpy()
    if len(frame) == 0 or blank.all():
        raise UnreadableFileError("no_rows", file=name)
    row = np.arange(len(frame), dtype=np.int64) + first_row
    return RawTable(
        name, frame[~blank].reset_index(drop=True), row[~blank], source, findings, [], decimals
    )


def _delimited(
    path: Path, source: TableSource, name: str, findings: list[Finding]
) -> tuple[pd.DataFrame, str, int]:
    frame, first = read_delimited(path, source, findings)
    return frame, name, first


def read_layer(path: Path, source: TableSource) -> tuple["gpd.GeoDataFrame", RawTable]:
    """Read a layer: its shapes with their CRS, and its attributes as text.

    Raises
    ------
    MissingCrsError
        If neither the file nor the configuration says the CRS, or it cannot be right.
    MissingFileError, UnreadableFileError, ConfigError, DataError
        If the file is not there, is cut or empty, or lacks the layer named.
    """
    check_present(path)
    findings = list[Finding]()
    layer = open_layer(path, source, geometry=True)
    if "geometry" not in layer or shapely.is_missing(layer.geometry.to_numpy()).all():
        raise UnreadableFileError("no_geometry", file=path.name)
    layer = located(layer, source, path.name, findings)
    frame = _texts(pd.DataFrame(layer.drop(columns="geometry")), path.name)
    row = np.arange(len(frame), dtype=np.int64) + 1
    return layer[["geometry"]], RawTable(path.name, frame, row, source, findings)


def check_present(path: Path) -> None:
    """Check that a source is a file with something in it, and of the kind that its name says."""
    if not path.exists():
        raise MissingFileError("source", file=str(path))
    if path.is_dir():
        raise UnreadableFileError("folder", file=path.name)
    if path.stat().st_size == 0:
        raise UnreadableFileError("empty", file=path.name)
    check_kind(path)


def _parquet(path: Path) -> pd.DataFrame:
    try:
        found = pd.read_parquet(path)
    except damaged_parquet() as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error
    named = [name for name in found.index.names if name is not None]
    return found.reset_index() if named else found


def _texts(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Write a typed table as text; Arrow finds broken text only when it is looked at."""
    from pyarrow import ArrowException  # noqa: PLC0415  (heavy)

    try:
        return as_text(frame)
    except (ArrowException, UnicodeDecodeError) as error:
        raise UnreadableFileError("cut", file=name, detail=detail(error)) from error


def _headed(raw: pd.DataFrame, name: str, first: int) -> tuple[pd.DataFrame, int]:
    """Take the first row that is not blank as the header; refuse a title that stands twice.

    Returns
    -------
    DataFrame under its titles; row in the file of its first line
    """
    above = int((raw != "").any(axis=1).to_numpy().argmax())
    header = [str(title).strip() for title in raw.iloc[above]]
    twice = sorted({title for title in header if title and header.count(title) > 1})
    if twice:
        raise UnreadableFileError("header_twice", file=name, columns=twice)
    frame = raw.iloc[above + 1 :].reset_index(drop=True)
    frame.columns = pd.Index(header)
    return frame, first + above + 1
