"""Places where people may live, each inside one commune: cells cut by borders, IRIS, streets."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.contracts import Band
from ctg_geo.sources.official.cells_read import CellsRead

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Pieces", "cell_pieces", "street_pieces", "with_lone_points", "zone_pieces"]

Objects = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Places where people may live, in the order of their identifiers.

    `table` by demand_id: zone, persons and one column per age band (NaN where unknown),
    area_m2, imputed, point_status and geometry (a point in the metric CRS of the study).
    A cell on a border has one piece in each zone it touches.
    """

    table: "gpd.GeoDataFrame"
    bands: tuple[Band, ...]
    kind: Literal["cells", "iris", "streets"] = "cells"
    cells: int = 0  # of the file, near the study
    outside: int = 0  # of these, in no zone
    straddling: int = 0  # of these, in several zones
    lone: tuple[str, ...] = field(default=())  # zones without any place of their own


def cell_pieces(
    cells: CellsRead,
    zones: "gpd.GeoDataFrame",
    *,
    straddling: Literal["area", "listed"],
    moves: Mapping[str, str],
) -> Pieces:
    """Cut cells at the borders of zones; each part takes people by its area.

    Parameters
    ----------
    cells : in their own CRS
    zones : by zone (IRIS or commune), with code_insee, in the metric CRS of the study
    straddling : `listed` keeps for a cell the zones of the communes that its file lists, so
        that a generalised border moves nobody; where none of them is touched, the first one
        listed in the study takes the cell
    moves : old commune code -> current one, for the codes listed

    Notes
    -----
    The part of a cell that lies in no zone takes its people away: they live elsewhere.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    shapes = gpd.GeoSeries(cells.shapes, crs=cells.crs).to_crs(zones.crs).to_numpy()
    cell, zone, area = _overlaps(shapes, zones.geometry.to_numpy())
    if straddling == "listed":
        cell, zone, area = _as_listed(cells, shapes, zones, (cell, zone, area), moves)
        whole = np.bincount(cell, area, len(shapes))[cell]
    else:
        whole = shapely.area(shapes)[cell]
    part = np.divide(area, whole, out=np.ones(len(area)), where=whole > 0)
    table = _cut(cells, cell, part)
    table["zone"] = zones.index.to_numpy()[zone]
    table["area_m2"] = area
    table["point_status"] = contracts.OBSERVED
    points = _points(shapes, zones.geometry.to_numpy(), cell, zone)
    count = np.bincount(cell, minlength=len(shapes))
    ids = cells.table.index.to_numpy()[cell]
    shared = count[cell] > 1
    table.index = pd.Index(
        [f"{one}|{each}" if both else one
         for one, each, both in zip(ids, table["zone"], shared, strict=True)],
        name="demand_id", dtype=object,
    )  # fmt: skip
    located = gpd.GeoDataFrame(table, geometry=points, crs=zones.crs).sort_index()
    facts = (len(shapes), int((count == 0).sum()), int((count > 1).sum()))
    return Pieces(located, cells.bands, "cells", *facts)


def zone_pieces(zones: "gpd.GeoDataFrame") -> Pieces:
    """Return one place for each zone: a point inside it.

    Parameters
    ----------
    zones : by code, polygons in a projected metric CRS
    """
    table = zones[[]].copy()
    table["zone"] = zones.index.to_numpy()
    table["persons"], table["imputed"] = np.nan, False
    table["area_m2"] = zones.geometry.area
    table["point_status"] = contracts.ESTIMATED
    located = table.set_geometry(zones.geometry.representative_point())
    return Pieces(located.rename_axis("demand_id").sort_index(), (), "iris")


def street_pieces(
    x: Floats, y: Floats, homes_m: Floats, all_m: Floats, zones: "gpd.GeoDataFrame"
) -> Pieces:
    """Return the junctions inside zones, weighted by the streets that meet there.

    Parameters
    ----------
    x, y : by junction, metres in the CRS of the zones
    homes_m : by junction, metres of the streets where people live
    all_m : by junction, metres of any road; counts where a zone has no street
    zones : by zone

    Notes
    -----
    A junction on a border belongs to the first zone it touches.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    used = np.flatnonzero(all_m > 0)
    tree = shapely.STRtree(zones.geometry.to_numpy())
    at, zone = tree.query(shapely.points(x[used], y[used]), predicate="intersects")
    first = np.unique(at, return_index=True)[1]
    node, zone = used[at[first]], zone[first]
    table = pd.DataFrame(
        {"zone": zones.index.to_numpy()[zone], "persons": homes_m[node], "imputed": False,
         "area_m2": all_m[node], "point_status": contracts.ESTIMATED},
        index=pd.Index([f"n{each:09d}" for each in node], name="demand_id", dtype=object),
    )  # fmt: skip
    points = shapely.points(x[node], y[node])
    located = gpd.GeoDataFrame(table, geometry=points, crs=zones.crs).sort_index()
    return Pieces(located, (), "streets", len(used), len(used) - len(node))


def with_lone_points(pieces: Pieces, points: "gpd.GeoSeries", status: pd.Series) -> Pieces:
    """Add the point of each zone that has no place of its own: its people must be somewhere.

    Parameters
    ----------
    points, status : by zone, where its people are taken to be and what that is worth
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    lone = points.index.difference(pieces.table["zone"]).sort_values()
    if not len(lone):
        return pieces
    more = pd.DataFrame(
        {"zone": lone, "persons": np.nan, "area_m2": 0.0, "imputed": False,
         "point_status": status[lone].to_numpy()},
        index=pd.Index(lone, name="demand_id", dtype=object),
    )  # fmt: skip
    for band in pieces.bands:
        more[str(band)] = np.nan
    added = gpd.GeoDataFrame(more, geometry=points[lone].to_numpy(), crs=pieces.table.crs)
    table = pd.concat([pieces.table, added[pieces.table.columns]]).sort_index()
    table.index.name = "demand_id"
    return replace(pieces, table=table, lone=tuple(lone))


def _overlaps(
    shapes: Objects, zones: Objects
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Return the pairs of a cell and a zone that share ground, and how much (m²)."""
    tree = shapely.STRtree(zones)
    cell, zone = tree.query(shapes, predicate="intersects")
    inside = set(zip(*tree.query(shapes, predicate="within"), strict=True))
    area = shapely.area(shapes)[cell]
    cut = np.array([pair not in inside for pair in zip(cell, zone, strict=True)], dtype=np.bool_)
    area[cut] = shapely.area(shapely.intersection(shapes[cell[cut]], zones[zone[cut]]))
    order = np.lexsort((zone, cell))
    order = order[area[order] > 0]
    return cell[order], zone[order], area[order]


def _as_listed(
    cells: CellsRead,
    shapes: Objects,
    zones: "gpd.GeoDataFrame",
    found: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats],
    moves: Mapping[str, str],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Keep the zones of the communes that each cell lists; cells that list none keep theirs."""
    cell, zone, area = found
    owner = zones["code_insee"].to_numpy()
    listed = [_codes(str(each), moves) for each in cells.table["listed"]]
    keep = np.array(
        [not listed[c] or owner[z] in listed[c] for c, z in zip(cell, zone, strict=True)],
        dtype=np.bool_,
    )
    first = {code: at for at, code in reversed(list(enumerate(owner)))}
    lost = set(range(len(shapes))) - set(cell[keep])
    chosen = {at: [each for each in listed[at] if each in first] for at in sorted(lost)}
    more = [(at, first[codes[0]]) for at, codes in chosen.items() if codes]
    added = np.array(more, dtype=np.int64).reshape(-1, 2)
    cell = np.concatenate([cell[keep], added[:, 0]])
    zone = np.concatenate([zone[keep], added[:, 1]])
    area = np.concatenate([area[keep], shapely.area(shapes)[added[:, 0]]])
    order = np.lexsort((zone, cell))
    return cell[order], zone[order], area[order]


def _codes(listed: str, moves: Mapping[str, str]) -> list[str]:
    """Part codes written one after the other, and replace the old ones.

    A first zero that a number has lost is put back; what makes no codes lists none.
    """
    listed = f"0{listed}" if len(listed) % 5 == 4 else listed  # noqa: PLR2004
    if len(listed) % 5:
        return []
    parts = [listed[at : at + 5] for at in range(0, len(listed), 5)]
    return [moves.get(each, each) for each in parts]


def _cut(cells: CellsRead, cell: npt.NDArray[np.int64], part: Floats) -> pd.DataFrame:
    names = ["persons", *(str(band) for band in cells.bands)]
    table = pd.DataFrame({name: cells.table[name].to_numpy()[cell] * part for name in names})
    table["imputed"] = cells.table["imputed"].to_numpy()[cell]
    return table


def _points(
    shapes: Objects,
    zones: Objects,
    cell: npt.NDArray[np.int64],
    zone: npt.NDArray[np.int64],
) -> Objects:
    """Return the centre of each part: that of its cell if it lies there, else a point inside."""
    centre = shapely.centroid(shapes)[cell]
    out = ~shapely.intersects(zones[zone], centre)
    shared = shapely.intersection(shapes[cell[out]], zones[zone[out]])
    inside = shapely.point_on_surface(shared)
    centre[out] = np.where(shapely.is_empty(inside), centre[out], inside)
    return np.asarray(centre, dtype=object)
