"""Open files of people's own making: separators, encodings, sheets, layers, archives."""

import gzip
import io
import struct
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd

from ctg_geo.config.study_file import TableSource
from ctg_geo.errors import ConfigError, MissingCrsError, MissingFileError, UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["LAYER_SUFFIXES", "read_layer", "read_table"]

LAYER_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".fgb", ".geojson.gz", ".geoparquet")
_SEPARATORS = (";", "\t", "|", ",")
_DAMAGED = (  # what openpyxl, zipfile and pyarrow raise on a damaged file
    OSError, ValueError, KeyError, EOFError, IndexError, TypeError, struct.error,
    zipfile.BadZipFile, zlib.error, ParseError,
)  # fmt: skip


def read_table(path: Path, source: TableSource) -> RawTable:
    """Read a CSV, Excel, Parquet file or the attributes of a layer, all cells as text.

    Raises
    ------
    MissingFileError, UnreadableFileError
        If the file is not there, is empty, is cut, or is not what its name says.
    """
    _present(path)
    name, findings = path.name, list[Finding]()
    lower = name.lower()
    first_row = 2
    decimals: tuple[str, ...] = (".",)
    if lower.endswith((".xlsx", ".xlsm")):
        frame = _headed(_excel(path, source), name)
        decimals = (".", source.decimal)
    elif lower.endswith(".parquet"):
        frame, first_row = _as_text(_parquet(path)), 1
    elif lower.endswith(LAYER_SUFFIXES):
        frame, first_row = _as_text(pd.DataFrame(_layer(path, source, geometry=False))), 1
    else:
        frame = _headed(_csv(path, source, findings), name)
        decimals = (source.decimal,)
    blank = (frame == "").all(axis=1).to_numpy()
    if len(frame) == 0 or blank.all():
        raise UnreadableFileError("no_rows", file=name)
    row = np.arange(len(frame), dtype=np.int64) + first_row
    return RawTable(
        name, frame[~blank].reset_index(drop=True), row[~blank], source, findings, [], decimals
    )


def read_layer(path: Path, source: TableSource) -> tuple["gpd.GeoDataFrame", RawTable]:
    """Read a layer: its shapes with their CRS, and its attributes as text.

    Raises
    ------
    MissingCrsError
        If neither the file nor the configuration says the CRS.
    MissingFileError, UnreadableFileError, ConfigError
        If the file is not there, is cut or empty, or lacks the layer named.
    """
    _present(path)
    layer = _layer(path, source, geometry=True)
    if "geometry" not in layer or layer.geometry.isna().all():
        raise UnreadableFileError("no_geometry", file=path.name)
    if layer.crs is None:
        if source.crs is None:
            raise MissingCrsError("layer", file=path.name)
        layer = layer.set_crs(source.crs)
    frame = _as_text(pd.DataFrame(layer.drop(columns="geometry")))
    row = np.arange(len(frame), dtype=np.int64) + 1
    return layer[["geometry"]], RawTable(path.name, frame, row, source)


def _present(path: Path) -> None:
    if not path.exists():
        raise MissingFileError("source", file=str(path))
    if path.is_dir():
        raise UnreadableFileError("folder", file=path.name)
    if path.stat().st_size == 0:
        raise UnreadableFileError("empty", file=path.name)


def _bytes(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix.lower() == ".gz":
        try:
            return gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableFileError("cut", file=path.name, detail=str(error)) from error
    return content


def _decoded(content: bytes, source: TableSource, name: str, findings: list[Finding]) -> str:
    if source.encoding is not None:
        try:
            return content.decode(source.encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise UnreadableFileError("encoding", file=name, encoding=source.encoding) from error
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableFileError("not_text", file=name) from error
    if "\x00" in text:
        raise UnreadableFileError("not_text", file=name)
    findings.append(Finding("info", "encoding", name, facts={"file": name, "encoding": "cp1252"}))
    return text


def _csv(path: Path, source: TableSource, findings: list[Finding]) -> pd.DataFrame:
    text = _decoded(_bytes(path), source, path.name, findings)
    if not text.strip():
        raise UnreadableFileError("empty", file=path.name)
    if "\x00" in text:
        raise UnreadableFileError("not_text", file=path.name)
    head = text.lstrip().split("\n", 1)[0]
    separator = source.separator or max(_SEPARATORS, key=head.count)
    try:
        return pd.read_csv(
            io.StringIO(text),
            sep=separator,
            header=None,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,
        )
    except pd.errors.ParserError as error:
        raise UnreadableFileError("ragged", file=path.name, detail=str(error).strip()) from error


def _excel(path: Path, source: TableSource) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions openpyxl does not know
            sheets = pd.read_excel(
                path,
                sheet_name=None,
                header=None,
                dtype=str,
                keep_default_na=False,
                na_filter=False,
            )
    except _DAMAGED as error:
        raise UnreadableFileError("cut", file=path.name, detail=str(error)) from error
    if source.sheet is None:
        return next(iter(sheets.values()))
    if source.sheet not in sheets:
        raise UnreadableFileError(
            "no_sheet", file=path.name, sheet=source.sheet, sheets=list(sheets)
        )
    return sheets[source.sheet]


def _parquet(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except _DAMAGED as error:
        raise UnreadableFileError("cut", file=path.name, detail=str(error)) from error


def _layer(path: Path, source: TableSource, *, geometry: bool) -> Any:  # noqa: ANN401
    import geopandas as gpd  # noqa: PLC0415  (heavy)
    import pyogrio  # noqa: PLC0415

    if path.suffix.lower() in (".geoparquet", ".parquet"):
        return _geoparquet(path)
    where = f"/vsigzip/{path}" if path.suffix.lower() == ".gz" else str(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL says here what the checks below say better
            names = [str(name) for name, _ in pyogrio.list_layers(where)]
            layer = source.layer or names[0]
            if layer not in names:
                raise ConfigError("no_layer", file=path.name, layer=layer, known=names)
            found = gpd.read_file(where, layer=layer, ignore_geometry=not geometry)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, IndexError) as error:
        raise UnreadableFileError("cut", file=path.name, detail=str(error)) from error
    except (pyogrio.errors.FeatureError, RuntimeError, UnicodeDecodeError) as error:
        raise UnreadableFileError("cut", file=path.name, detail=str(error)) from error
    if len(found) == 0:
        raise UnreadableFileError("no_rows", file=path.name)
    return found


def _geoparquet(path: Path) -> Any:  # noqa: ANN401
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    try:
        return gpd.read_parquet(path)
    except _DAMAGED as error:
        raise UnreadableFileError("cut", file=path.name, detail=str(error)) from error


def _headed(raw: pd.DataFrame, name: str) -> pd.DataFrame:
    """Take the first row as the header; a name that stands twice is refused."""
    header = [str(title).strip() for title in raw.iloc[0]]
    twice = sorted({title for title in header if title and header.count(title) > 1})
    if twice:
        raise UnreadableFileError("header_twice", file=name, columns=twice)
    frame = raw.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index(header)
    return frame.fillna("")


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Write typed columns as text, whole numbers without decimals and nothing for missing."""
    columns = {}
    for name in frame.columns:
        column = frame[name]
        said = column.astype(object).map(_cell)
        columns[str(name)] = said.astype(str)
    return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def _cell(value: object) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return ""
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)
