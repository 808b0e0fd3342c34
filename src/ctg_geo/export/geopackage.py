"""A GeoPackage that opens styled in QGIS, with French aliases, the same bytes each time."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pandas as pd

from ctg_geo.export._refused import refused_by_system
from ctg_geo.export.layer import Layer, NamedStyle

__all__ = ["write_geopackage"]

# GDAL stamps the time of writing; a fixed one keeps the same inputs to the same bytes.
_STAMP = "2000-01-01T00:00:00.000Z"
_EXTENSION = (
    "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema", "read-write",
)  # fmt: skip
_DATA_COLUMNS = """
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
  description TEXT, mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name))
"""
_LAYER_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME)
"""


def write_geopackage(
    path: Path, layers: Sequence[Layer], styles: Mapping[str, str] | Sequence[NamedStyle]
) -> None:
    """Write layers, aliases and styles.

    Parameters
    ----------
    path : file to create; its folder exists
    layers : in the order they should appear
    styles : by layer name, the QML of its default style; or styles by name, the first of a
        layer being its default

    Raises
    ------
    OSError
        If the disk is full, or cannot be written.
    """
    with refused_by_system(path):
        _write_layers(path, layers)
        with closing(sqlite3.connect(path)) as base, base:
            _alias(base, layers)
            _style(base, _named(styles))
        with closing(sqlite3.connect(path)) as base:
            base.execute("VACUUM")


def _write_layers(path: Path, layers: Sequence[Layer]) -> None:
    import pyogrio  # noqa: PLC0415  (heavy)

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STAMP})
    for number, layer in enumerate(layers):
        options = {"GEOMETRY_NAME": "geom"} if "geometry" in layer.table.columns else {}
        pyogrio.write_dataframe(
            _writable(layer.table),
            path,
            layer=layer.name,
            driver="GPKG",
            append=number > 0,
            layer_options={**options, "DESCRIPTION": layer.description, "IDENTIFIER": layer.name},
            dataset_options={"VERSION": "1.2"} if number == 0 else None,
        )


def _writable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with text columns as plain objects, None where missing."""
    found = table.copy()
    for name in found.columns:
        if name != "geometry" and found[name].dtype.kind not in "fiub":
            found[name] = found[name].astype(object).where(found[name].notna(), None)
    return found


def _alias(base: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    base.execute(_DATA_COLUMNS)
    base.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, ?)",
        [("gpkg_data_columns", *_EXTENSION), ("gpkg_data_column_constraints", *_EXTENSION)][:1],
    )
    base.executemany(
        "INSERT OR REPLACE INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, NULL, NULL)",
        [
            (layer.name, column, title, title)
            for layer in layers
            for column, title in layer.titles.items()
        ],
    )


def _named(styles: Mapping[str, str] | Sequence[NamedStyle]) -> list[tuple[str, str, str, bool]]:
    """Return layer, name and QML of each style, and whether its layer opens in it."""
    if isinstance(styles, Mapping):
        return [(layer, "default", qml, True) for layer, qml in styles.items()]
    found: list[tuple[str, str, str, bool]] = []
    for each in styles:
        first = each.layer not in {layer for layer, *_ in found}
        found.append((each.layer, "default" if first else each.title, each.qml, first))
    return found


def _style(base: sqlite3.Connection, styles: Sequence[tuple[str, str, str, bool]]) -> None:
    base.execute(_LAYER_STYLES)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        (_STAMP,),
    )
    base.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
        " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
        " ui, update_time) VALUES ('', '', ?, 'geom', ?, ?, '', ?, '', '', NULL, ?)",
        [(*each, _STAMP) for each in styles],
    )
