"""Travel time everywhere: a regular grid, each cell timed as a point at its centre."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Snapping
from ctg_geo.progress import track
from ctg_geo.travel.between import check_choice, check_limit
from ctg_geo.travel.legs import legs_in, legs_out
from ctg_geo.travel.query import beside, snapped, spending
from ctg_geo.travel.reach import Direction, to_nearest
from ctg_geo.travel.snap import Snaps, snap
from ctg_geo.travel.times import MS_PER_MIN, bound_ms

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Surface", "surface"]

logger = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float, float, float]  # west, south, east, north

_BLOCK_CELLS = 500_000  # snapped at once
_MOST_CELLS = 200_000_000


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Surface:
    """Minutes on a grid, row by row from the north, each row from the west.

    A cell is NaN where its centre is beyond the limit, has no route, or is further from any
    road than points may be. `west` and `north` are the corner of the first cell, metres in
    `crs`, and multiples of `cell_m`: two surfaces of one cell size lie on one grid.
    """

    minutes: npt.NDArray[np.float32]  # rows × columns
    west: float
    north: float
    cell_m: float
    crs: str
    limit_min: float | None
    schematic: bool

    def __repr__(self) -> str:
        rows, columns = self.minutes.shape
        return f"<Surface {rows} × {columns} cells of {self.cell_m:g} m, {self.crs}>"


def surface(
    network: RoadNetwork,
    places: "gpd.GeoSeries | pd.Series | npt.NDArray[np.integer] | list[int]",
    *,
    cell_m: float,
    limit_min: float | None,
    bounds: Bounds | None = None,
    direction: Literal["to", "from"] = "to",
    snapping: Snapping | None = None,
) -> Surface:
    """Time between the centre of every cell and the nearest place.

    Parameters
    ----------
    network : roads with a time per arc, in a metric CRS
    places : points (any CRS, snapped to the nearest edge), or node numbers
    cell_m : side of a cell, metres
    limit_min : minutes; cells beyond are NaN. None for no limit.
    bounds : west, south, east, north, metres in the CRS of the network, enlarged to whole
        cells; by default those of the roads, and a cell more
    direction : "to": from the cell to the place; "from": from the place to the cell
    snapping : how points join the road; `Snapping()` by default. A cell whose centre is
        further than `limit_m` from a road is NaN.

    Returns
    -------
    Surface
        Each time is that of `travel_times` for a point at the centre, to the millisecond
        before it is rounded to 32 bits.

    Raises
    ------
    TravelError
        As `travel_times`; and if the cell is not a positive size, the bounds are turned round,
        or there are more than 200 million cells.
    """
    check_limit(limit_min)
    check_choice("direction", direction, tuple(Direction))
    if network.arcs and not len(network.edges):
        raise TravelError("no_roads")
    rules, way = snapping or Snapping(), Direction(direction)
    snaps = spending(snapped(network, places, rules, name="place"), rules, way.of_places)
    west, north, rows, columns = _grid(network, bounds, cell_m)
    node_ms = to_nearest(network, snaps, bound_ms(limit_min), way)
    minutes = np.full(rows * columns, np.nan, dtype=np.float32)
    for cells in track(list(_blocks(rows * columns)), "surface"):
        x = west + (cells % columns + 0.5) * cell_m
        y = north - (cells // columns + 0.5) * cell_m
        found = _minutes(network, node_ms, (x, y), snaps, (rules, limit_min, way))
        minutes[cells] = found
    logger.info("surface, %d × %d cells to %d places", rows, columns, len(snaps))
    return Surface(
        minutes.reshape(rows, columns), west, north, float(cell_m), network.crs, limit_min,
        network.schematic,
    )  # fmt: skip


def _grid(
    network: RoadNetwork, bounds: Bounds | None, cell_m: float
) -> tuple[float, float, int, int]:
    """Return west, north, rows and columns of whole cells."""
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise TravelError("bad_cell", value=cell_m)
    if bounds is None:
        x, y = network.x, network.y
        bounds = (x.min() - cell_m, y.min() - cell_m, x.max() + cell_m, y.max() + cell_m)
    west, south, east, north = (float(each) for each in bounds)
    if not (np.isfinite(bounds).all() and west < east and south < north):
        raise TravelError("bad_bounds", value=[west, south, east, north])
    first, last = np.floor(west / cell_m), np.ceil(east / cell_m)
    low, high = np.floor(south / cell_m), np.ceil(north / cell_m)
    count = (last - first) * (high - low)
    if count > _MOST_CELLS:
        raise TravelError("too_many_cells", count=int(count), most=_MOST_CELLS)
    return float(first * cell_m), float(high * cell_m), int(high - low), int(last - first)


def _blocks(count: int) -> Iterator[npt.NDArray[np.int64]]:
    return (np.arange(at, min(at + _BLOCK_CELLS, count)) for at in range(0, count, _BLOCK_CELLS))


def _minutes(
    network: RoadNetwork,
    node_ms: Floats,
    centres: tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]],
    places: Snaps,
    asked: tuple[Snapping, float | None, Direction],
) -> Floats:
    """Return the minutes of some cells, NaN where there are none."""
    rules, limit_min, direction = asked
    x, y = (each.astype(np.float64) for each in centres)
    every = snap(network, x, y, pd.RangeIndex(len(x)), rules=rules)
    every = spending(every, rules, direction.of_ground)
    near = np.flatnonzero((every.table["status"] != "far").to_numpy())
    cells = every.at(near)
    legs = (legs_out if direction is Direction.TO else legs_in)(network, cells)
    best = np.full(len(cells), np.inf)
    np.minimum.at(best, legs.point, node_ms[legs.node] + legs.time_ms)
    if direction is Direction.TO:
        pairs = beside(network, cells, places, rules)
        np.minimum.at(best, pairs.origin, pairs.time_ms)
    else:
        pairs = beside(network, places, cells, rules)
        np.minimum.at(best, pairs.destination, pairs.time_ms)
    best[best > bound_ms(limit_min)] = np.nan
    best[np.isinf(best)] = np.nan
    minutes = np.full(len(x), np.nan)
    minutes[near] = best / MS_PER_MIN
    return minutes
