"""Hand-written axes of schematic roads, and the bridges that cross barriers."""

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.contracts import COMMUNE_CODE
from ctg_geo.parameters import AXIS_CLASSES
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_table
from ctg_geo.sources.points import lon_lat
from ctg_geo.sources.said import meant, nearest, yes_no

__all__ = ["NO_BRIDGES", "read_axes", "read_bridges"]

NO_BRIDGES = pd.DataFrame(columns=["barrier", "junction_id", "name", "x", "y"], dtype=object)

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]


def read_axes(path: Path, source: TableSource, *, crs: str) -> pd.DataFrame:
    """Read the axes: motorways and dual carriageways with their exits.

    Returns
    -------
    DataFrame: axis, order, junction_id, name (what the file calls it, "" if nothing), x, y
        (metres in `crs`), is_exit, road_class

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing or a cell is wrong; a word that is no class of road, no yes and
        no no; a junction in two places; a number of order that serves twice on an axis.
    """
    raw = read_table(path, source)
    raw.require(("axis", "order", "junction_id", "lon", "lat", "is_exit", "road_class"))
    axis, order = _filled(raw, "axis"), raw.numbers("order").value
    for at in np.flatnonzero(np.isnan(order)):
        raw.add("not_a_number", int(at), "order", "")
    exits, classes = _exits(raw), _classes(raw)
    junction = _junctions(raw)
    x, y = _positions(raw, crs)
    _refuse_moved(raw, junction, x, y, {})
    _refuse_repeats(raw, "order", list(zip(axis, order, strict=True)), "axis_order_twice")
    raw.raise_defects()
    table = {"axis": axis, "order": order, "junction_id": junction, "name": _names(raw)}
    return pd.DataFrame({**table, "x": x, "y": y, "is_exit": exits, "road_class": classes})


def read_bridges(
    path: Path, source: TableSource, *, crs: str, axes: pd.DataFrame, barriers: pd.DataFrame
) -> pd.DataFrame:
    """Read the bridges: barrier, junction_id, name, x, y (metres in `crs`).

    Parameters
    ----------
    axes : of `read_axes`: a junction of both is in one place
    barriers : of `read_barriers`, which alone can be crossed

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing or a cell is wrong, a barrier is not declared, or a bridge stands
        twice.
    """
    raw = read_table(path, source)
    raw.require(("barrier", "junction_id", "lon", "lat"))
    barrier, junction = _filled(raw, "barrier"), _junctions(raw)
    known = list(dict.fromkeys(barriers["barrier"]))
    for at, name in enumerate(barrier):
        if name and name not in known:
            _refuse_barrier(raw, at, name, known)
    x, y = _positions(raw, crs)
    places = zip(axes["junction_id"], axes["x"], axes["y"], strict=True)
    _refuse_moved(raw, junction, x, y, {name: (at_x, at_y) for name, at_x, at_y in places})
    _refuse_repeats(raw, "junction_id", list(junction), "bridge_twice")
    _refuse_repeats(raw, "lon", list(zip(barrier, x, y, strict=True)), "bridge_same_place")
    raw.raise_defects()
    return pd.DataFrame(
        {"barrier": barrier, "junction_id": junction, "name": _names(raw), "x": x, "y": y}
    )


def _filled(raw: RawTable, column: str) -> Objects:
    """Return a column of text, every empty cell noted."""
    values = raw.text(column)
    for at in np.flatnonzero(values == ""):
        raw.add("cell_void", int(at), column, "")
    return values


def _junctions(raw: RawTable) -> Objects:
    """Return the names of junctions; that of a commune's chef-lieu is its code, and is taken."""
    values = _filled(raw, "junction_id")
    for at, value in enumerate(values):
        if re.fullmatch(COMMUNE_CODE, value):
            raw.add("junction_is_commune", at, "junction_id", value)
    return values


def _names(raw: RawTable) -> Objects:
    there = "name" in raw.frame.columns
    return raw.text("name") if there else np.full(len(raw), "", dtype=object)


def _exits(raw: RawTable) -> npt.NDArray[np.bool_]:
    said = raw.text("is_exit")
    for at, value in enumerate(said):
        if yes_no(value) is None:
            raw.add("yes_no", at, "is_exit", value)
    return np.array([bool(yes_no(value)) for value in said], dtype=bool)


def _classes(raw: RawTable) -> Objects:
    said = raw.text("road_class")
    found = np.array([meant("road_class", value) for value in said], dtype=object)
    for at in np.flatnonzero(~np.isin(found, AXIS_CLASSES)):
        near, known = nearest(str(said[at]), AXIS_CLASSES), list(AXIS_CLASSES)
        reason = "axis_class_near" if near else "axis_class"
        raw.add(reason, int(at), "road_class", str(said[at]), known=known, near=near)
    return found


def _refuse_barrier(raw: RawTable, at: int, name: str, known: list[str]) -> None:
    near = nearest(name, known)
    reason = "bridge_barrier_near" if near else "bridge_barrier" if known else "bridge_no_barriers"
    raw.add(reason, at, "barrier", name, near=near, known=known)


def _positions(raw: RawTable, crs: str) -> tuple[Floats, Floats]:
    x, y = lon_lat(raw, "lon", "lat", crs=crs)
    for at in np.flatnonzero(np.isnan(x)):
        raw.add("coordinate_missing", int(at), "lon", "")
    raw.raise_defects()
    return x, y


def _refuse_moved(
    raw: RawTable, junction: Objects, x: Floats, y: Floats, seen: dict[str, tuple[float, float]]
) -> None:
    """Note a junction that stands above, or in the axes (`seen`), at other coordinates."""
    first: dict[str, str] = {}
    for at, (name, at_x, at_y) in enumerate(zip(junction, x, y, strict=True)):
        place = seen.setdefault(name, (at_x, at_y))
        if place != (at_x, at_y):
            km = float(np.hypot(place[0] - at_x, place[1] - at_y)) / 1000
            reason = "junction_moved" if name in first else "junction_of_axis_moved"
            raw.add(reason, at, "junction_id", name, first=first.get(name, ""), km=km)
        first.setdefault(name, str(raw.row[at]))


def _refuse_repeats(raw: RawTable, column: str, keys: list[object], reason: str) -> None:
    first: dict[object, str] = {}
    for at, key in enumerate(keys):
        if key in first:
            raw.add(reason, at, column, str(raw.text(column)[at]), first=first[key])
        first.setdefault(key, str(raw.row[at]))
