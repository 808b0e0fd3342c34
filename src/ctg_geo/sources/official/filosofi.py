"""Cells of Filosofi (Insee): people by age in squares of 200 m or 1 km."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.people_source import CellsSource
from ctg_geo.contracts import Band
from ctg_geo.contracts.ages import LAST_AGE
from ctg_geo.errors import MissingColumnError
from ctg_geo.quality import Finding
from ctg_geo.sources.cells import as_text
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import check_present
from ctg_geo.sources.layers import chosen_layer, said_in_words
from ctg_geo.sources.official.bulk import Bulk, Keep, read_bulk
from ctg_geo.sources.official.cells_read import CellsRead, squares
from ctg_geo.sources.official.headings import by_heading

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["read_filosofi"]

Bounds = tuple[float, float, float, float]

_CELL: Final = re.compile(r"CRS(\d{4,5})RES(\d+)mN(\d+)E(\d+)")
# The names of 2015, of 2017, and of 2019 and later; 1 km files have no 200 m cell.
_ID: Final = {
    200: ("idcar_200m", "idinspire", "id_car_200m", "id_carr200m"),
    1000: ("idcar_1km", "id_carr1km", "id_car_1km", "idinspire"),
}
_IMPUTED: Final = {200: ("i_est_200", "i_est_cr"), 1000: ("i_est_1km",)}
_LISTED: Final = ("lcog_geo", "depcom")
_AGED: Final = re.compile(r"ind_(\d+)_(\d+)|ind_(\d+)p")


def read_filosofi(path: Path, source: CellsSource, *, bounds: Bounds, crs: str) -> CellsRead:
    """Read the cells that touch bounds, from a CSV (.gz, .zip), a Parquet file or a GeoPackage.

    Position comes from the identifier of the cell (`CRS3035RES200mN...E...`, its lower left
    corner), so that every format gives the same; headings of 2015, 2017 and 2019 and later
    are known, whatever their case.

    Parameters
    ----------
    bounds : west, south, east, north of the study, metres in `crs`
    crs : metric CRS of the study

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged, or a cell is wrong or stands twice.

    Notes
    -----
    Cells of fewer than 11 households are imputed by Insee (`i_est_200 = 1`): never read one
    alone; here they only tell where in a commune its people are.
    """
    read: Bulk | None = None
    if path.suffix.lower() == ".gpkg":
        read = _read_geopackage(path, source, bounds, crs)
    else:
        read = read_bulk(path, source, choose=_columns(path.name), keep=_near(bounds, crs))
    raw, titles = read.raw, read.titles
    x, y, size, code = _corners(raw, titles["id"])
    _refuse_twice(raw, titles["id"])
    bands = _bands(titles)
    table = pd.DataFrame(index=pd.Index(raw.text(titles["id"]), name="cell_id", dtype=object))
    masked = 0
    for name, column in {
        "persons": titles["persons"],
        **{str(b): c for b, c in bands.items()},
    }.items():
        numbers = raw.numbers(column)
        masked += int((numbers.status != contracts.OBSERVED).sum())
        table[name] = numbers.value
    table["imputed"] = _flag(raw, titles)
    table["listed"] = raw.text(titles["listed"]) if "listed" in titles else ""
    raw.raise_defects()
    findings = [*raw.findings]
    if masked:
        findings.append(Finding("warning", "cells_masked", raw.name, facts={"count": masked}))
    return CellsRead(
        raw.name, table, squares(x, y, size), code, tuple(sorted(bands)), read.rows,
        {"beyond_buffer": read.left}, findings,
    )  # fmt: skip


def _columns(file: str) -> Any:  # noqa: ANN401
    def choose(headings: list[str]) -> Mapping[str, str]:
        there = by_heading(headings)
        found: dict[str, str] = {}
        size = 200 if any(name in there for name in _ID[200]) else 1000
        wanted = {
            "id": _ID[size], "persons": ("ind",), "imputed": _IMPUTED[size], "listed": _LISTED,
        }  # fmt: skip
        for key, names in wanted.items():
            known = [there[name] for name in names if name in there]
            if known:
                found[key] = known[0]
        missing = [" / ".join(wanted[key]) for key in ("id", "persons") if key not in found]
        if missing:
            raise MissingColumnError("columns", file=file, missing=missing, found=headings)
        found |= {name: each for name, each in there.items() if _AGED.fullmatch(name)}
        return found

    return choose


def _bands(titles: Mapping[str, str]) -> dict[Band, str]:
    """Return the column of each age band, leaving out those that overlap."""
    found = {}
    for name, heading in titles.items():
        aged = _AGED.fullmatch(name)
        if aged is not None:
            low = int(aged.group(1) or aged.group(3))
            found[Band(low, int(aged.group(2)) if aged.group(2) else LAST_AGE)] = heading
    return found


def _near(bounds: Bounds, crs: str) -> Keep:
    """Keep the cells whose square touches the bounds, from their identifiers."""

    def keep(block: "pa.Table") -> npt.NDArray[np.bool_]:
        code, size, north, east = _parsed(block["id"])
        mask = np.zeros(len(north), dtype=np.bool_)
        for each in np.unique(code[code > 0]):
            west, south, right, top = _moved(bounds, crs, f"EPSG:{each}")
            near = (
                (east <= right) & (east + size >= west) & (north <= top) & (north + size >= south)
            )
            mask |= near & (code == each)
        return np.asarray(mask | (code == 0))  # a broken identifier is refused after, by its row

    return keep


def _parsed(ids: Any) -> tuple[npt.NDArray[np.int64], ...]:  # noqa: ANN401
    """Return CRS, size, north and east of identifiers; CRS 0 where one is no identifier."""
    from pyarrow import compute  # noqa: PLC0415  (heavy)

    pattern = r"^\s*CRS(?P<crs>[0-9]{4,5})RES(?P<size>[0-9]+)mN(?P<n>[0-9]+)E(?P<e>[0-9]+)\s*$"
    found = compute.extract_regex(ids, pattern).combine_chunks()
    parts = []
    for name in ("crs", "size", "n", "e"):
        part = compute.fill_null(compute.struct_field(found, name), "0")
        parts.append(compute.cast(part, "int64").to_numpy(zero_copy_only=False))
    return tuple(parts)


def _moved(bounds: Bounds, crs: str, to: str) -> Bounds:
    from pyproj import Transformer  # noqa: PLC0415  (heavy)

    mover = Transformer.from_crs(crs, to, always_xy=True)
    west, south, east, north = mover.transform_bounds(*bounds, densify_pts=50)
    return float(west), float(south), float(east), float(north)


def _read_geopackage(path: Path, source: CellsSource, bounds: Bounds, crs: str) -> Bulk:
    """Read the cells of a layer that touch the bounds, through its spatial index."""
    import pyarrow as pa  # noqa: PLC0415  (heavy)
    import pyogrio  # noqa: PLC0415

    check_present(path)
    with said_in_words(path.name):
        layer = chosen_layer(pyogrio.list_layers(path), source, path.name, geometry=True)
        told = pyogrio.read_info(path, layer=layer)
        titles = dict(_columns(path.name)([str(each) for each in told["fields"]]))
        box = bounds if told["crs"] is None else _moved(bounds, crs, str(told["crs"]))
        _, table = pyogrio.read_arrow(
            path, layer=layer, columns=list(titles.values()), read_geometry=False,
            bbox=_wider(box), return_fids=True,
        )  # fmt: skip
    fid = table.column(0).to_numpy()
    table = table.select(list(titles.values())).rename_columns(list(titles))
    mask = _near(bounds, crs)(table)
    frame = table.filter(pa.array(mask)).to_pandas()
    frame.columns = pd.Index(list(titles.values()))
    raw = RawTable(path.name, as_text(frame), fid[mask], source, [], [], (".", source.decimal))
    return Bulk(raw, int(told["features"]), titles)


def _wider(box: Bounds) -> Bounds:
    """Widen by a cell, so that a corner on the edge is not lost to rounding."""
    return box[0] - 1000, box[1] - 1000, box[2] + 1000, box[3] + 1000


def _corners(
    raw: RawTable, column: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64], str]:
    values = raw.text(column)
    found = [_CELL.fullmatch(str(each)) for each in values]
    for number in [at for at, each in enumerate(found) if each is None]:
        raw.add("cell_code", number, column, str(values[number]))
    raw.raise_defects()
    parts = np.array([[float(part) for part in each.groups()] for each in found if each],
                     dtype=np.float64).reshape(-1, 4)  # fmt: skip
    codes = sorted(set(parts[:, 0]))
    if len(codes) > 1:
        for at in np.flatnonzero(parts[:, 0] != codes[0]):
            raw.add("cell_crs", int(at), column, str(values[at]), first=f"{codes[0]:.0f}")
        raw.raise_defects()
    crs = f"EPSG:{codes[0]:.0f}" if codes else "EPSG:3035"
    return parts[:, 3], parts[:, 2], parts[:, 1], crs


def _refuse_twice(raw: RawTable, column: str) -> None:
    first: dict[str, str] = {}
    for at, each in enumerate(raw.text(column)):
        if each in first:
            raw.add("id_twice", at, column, str(each), first=first[each])
        first.setdefault(each, str(raw.row[at]))
    raw.raise_defects()


def _flag(raw: RawTable, titles: Mapping[str, str]) -> npt.NDArray[np.bool_]:
    """Tell which cells are imputed; without the column, none is known to be."""
    if "imputed" not in titles:
        raw.findings.append(Finding("warning", "cells_no_flag", raw.name))
        return np.zeros(len(raw), dtype=np.bool_)
    given = raw.text(titles["imputed"])
    for at in np.flatnonzero(~np.isin(given, ("0", "1"))):
        raw.add("flag", int(at), titles["imputed"], str(given[at]))
    return np.asarray(given == "1")
