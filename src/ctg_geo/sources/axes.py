"""The small hand-written tables that schematic roads need: axes, barriers, bridges."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_table
from ctg_geo.sources.points import lon_lat

__all__ = ["NO_BARRIERS", "NO_BRIDGES", "read_axes", "read_barriers", "read_bridges"]

NO_BARRIERS = pd.DataFrame(columns=["barrier", "side", "code_insee"], dtype=object)
NO_BRIDGES = pd.DataFrame(columns=["barrier", "junction_id", "x", "y"], dtype=object)

Floats = npt.NDArray[np.float64]

_YES = ("yes", "true", "1", "oui")


def read_axes(path: Path, source: TableSource, *, crs: str) -> pd.DataFrame:
    """Read the axes: motorways and dual carriageways with their exits.

    Returns
    -------
    DataFrame: axis, order, junction_id, x, y (metres in `crs`), is_exit, road_class

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing or a cell is wrong.
    """
    raw = read_table(path, source)
    raw.require(("axis", "order", "junction_id", "lon", "lat", "is_exit", "road_class"))
    order = raw.numbers("order").value
    for at in np.flatnonzero(np.isnan(order)):
        raw.add("not_a_number", int(at), "order", "")
    x, y = _positions(raw, crs)
    exits = [value.casefold() in _YES for value in raw.text("is_exit")]
    table = {name: raw.text(name) for name in ("axis", "junction_id", "road_class")}
    return pd.DataFrame({**table, "order": order, "x": x, "y": y, "is_exit": exits})


def read_bridges(path: Path, source: TableSource, *, crs: str) -> pd.DataFrame:
    """Read the bridges: barrier, junction_id, x, y (metres in `crs`).

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing or a cell is wrong.
    """
    raw = read_table(path, source)
    raw.require(("barrier", "junction_id", "lon", "lat"))
    x, y = _positions(raw, crs)
    table = {name: raw.text(name) for name in ("barrier", "junction_id")}
    return pd.DataFrame({**table, "x": x, "y": y})


def read_barriers(path: Path, source: TableSource) -> pd.DataFrame:
    """Read the barriers: barrier, side, code_insee (a code, or the start of codes and "*").

    Raises
    ------
    MissingColumnError, UnreadableFileError
        If a column is missing or the file is damaged.
    """
    raw = read_table(path, source)
    raw.require(("barrier", "side", "code_insee"))
    return pd.DataFrame({name: raw.text(name) for name in ("barrier", "side", "code_insee")})


def _positions(raw: RawTable, crs: str) -> tuple[Floats, Floats]:
    x, y = lon_lat(raw, "lon", "lat", crs=crs)
    for at in np.flatnonzero(np.isnan(x)):
        raw.add("coordinate_missing", int(at), "lon", "")
    raw.raise_defects()
    return x, y
