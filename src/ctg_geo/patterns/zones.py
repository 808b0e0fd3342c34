"""Under-served areas: places below the norm that touch, drawn as polygons."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.access.aligned import aligned, known
from ctg_geo.patterns.basins import Basins, basins
from ctg_geo.patterns.cells import in_metres, neighbours
from ctg_geo.patterns.numbering import renumbered

if TYPE_CHECKING:
    import geopandas as gpd
    from scipy.sparse import csr_array

__all__ = ["Zones", "zones"]

_M2_PER_KM2 = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """Areas of places below the norm.

    `table` by zone (1 has the most people): places, people, area_km2, piece (number of the area
    of one piece that it is part of, 1 having the most people), prominence (how much deeper it is
    than the pass to the zone it would join), joins (number of that zone, 0 for none), geometry.
    `member` by place: its zone, 0 for places that meet the norm.
    """

    table: "gpd.GeoDataFrame"
    member: pd.Series


def zones(
    cells: "gpd.GeoSeries",
    points: "gpd.GeoSeries",
    below: pd.Series,
    people: pd.Series,
    *,
    link_m: float,
    depth: pd.Series | None = None,
    prominence: float = 0.0,
    least_share: float = 0.0,
) -> Zones:
    """Join the places below the norm into areas of one piece, and cut these by their hollows.

    Two places are of one area where both are below the norm, their cells share a border and
    their points are at most `link_m` apart, or where a chain of such places links them. It is
    DBSCAN with a least number of 1, on the distances between neighbours: no place is noise, so
    none is lost, and no order of places decides. Where `depth` is given each piece is then
    cut into its hollows (`ctg_geo.patterns.basins`); without it a piece is a zone.

    Parameters
    ----------
    cells : by place, polygons inside the territory in a projected metric CRS (see `cells_of`;
        or squares, or communes)
    points : by place, in the same CRS; places at one point are together
    below : by place, whether it is below the norm
    people : by place, those concerned by the service
    link_m : metres; farther apart, two neighbours are two areas
    depth : by place, how far below the norm it is, as a share of it (0 to 1)
    prominence : how much deeper than its pass a hollow must be to be a zone of its own
    least_share : the least share (0-1) of all people below that a hollow must have, unless it is a
        piece by itself

    Returns
    -------
    Zones
        The people of the zones sum to those of the places below the norm.

    Raises
    ------
    MissingCrsError
        If the CRS is not in metres.
    UnknownCodeError, DataError
        If a table lacks a place; if people are missing or negative.

    Notes
    -----
    A zone is a count of a part of a commune: before it is published, secrecy applies to it as
    to any small area.

    References
    ----------
    Ester, Kriegel, Sander & Xu (1996), KDD-96, 226-231; Chazal, Guibas, Oudot & Skraba (2013),
    Journal of the ACM 60(6), doi:10.1145/2535927.
    """
    in_metres(cells)
    for table, name in ((points, "points"), (below, "below")):
        known(cells.index, table.index, table=name)
    weight = pd.Series(aligned(people, cells.index, table="people"), index=cells.index)
    chosen = below.reindex(cells.index).to_numpy(bool)
    low = cells[chosen].sort_index()
    spots = points.reindex(low.index)
    heavy = weight[low.index].to_numpy(np.float64)
    apart = _distances(low, spots) if len(low) else None
    label = np.zeros(0, dtype=np.int64) if apart is None else _labels(apart, link_m)
    piece = renumbered(label, heavy)
    if depth is None or apart is None:
        cut = None
        number = piece
    else:
        near = _touching(apart, link_m)
        cut = basins(
            depth.reindex(low.index).to_numpy(np.float64), near, prominence=prominence,
            weight=heavy, least=least_share * float(heavy.sum()),
        )  # fmt: skip
        number = renumbered(np.unique(cut.bottom, return_inverse=True)[1], heavy)
    member = pd.Series(0, index=cells.index, name="zone")
    member[low.index] = number
    return Zones(_areas(low, weight, number, piece, cut), member)


def _areas(
    low: "gpd.GeoSeries",
    weight: pd.Series,
    number: npt.NDArray[np.int64],
    piece: npt.NDArray[np.int64],
    cut: Basins | None,
) -> "gpd.GeoDataFrame":
    """Return one row a zone, from the number and the piece of each place below the norm."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    rows = []
    for each in range(1, number.max(initial=0) + 1):
        own = number == each
        rows.append((*_zone(low[own], weight), int(piece[own][0]), *_apart(cut, own, number)))
    columns = ["places", "people", "area_km2", "geometry", "piece", "prominence", "joins"]
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns, index=pd.RangeIndex(1, len(rows) + 1, name="zone")),
        geometry="geometry", crs=low.crs,
    )  # fmt: skip


def _touching(apart: "csr_array", link_m: float) -> "csr_array":
    """Return the neighbours that are near enough."""
    near = apart.tocoo()
    linked = (near.data <= link_m) & (near.coords[0] != near.coords[1])
    one, two = (each[linked] for each in near.coords)
    return type(apart)((np.ones(len(one)), (one, two)), shape=apart.shape)


def _apart(
    cut: Basins | None, own: npt.NDArray[np.bool_], number: npt.NDArray[np.int64]
) -> tuple[float, int]:
    """Return how firmly a zone stands apart, and the number of the one it would join."""
    if cut is None:
        return float("nan"), 0
    bottom = int(cut.bottom[own][0])
    other = cut.joins[bottom]
    return cut.prominence[bottom], 0 if other < 0 else int(number[other])


def _labels(apart: "csr_array", link_m: float) -> npt.NDArray[np.int64]:
    from sklearn.cluster import DBSCAN  # noqa: PLC0415  (heavy)

    found = DBSCAN(eps=link_m, min_samples=1, metric="precomputed").fit(apart)
    return np.asarray(found.labels_, dtype=np.int64)


def _distances(cells: "gpd.GeoSeries", points: "gpd.GeoSeries") -> "csr_array":
    """Return metres between places whose cells touch; rows from near to far."""
    from scipy.sparse import csr_array  # noqa: PLC0415  (heavy)
    from sklearn.neighbors import sort_graph_by_row_values  # noqa: PLC0415

    touching = neighbours(cells).tocoo()
    own = np.arange(len(cells))  # 0 m from itself: without any pair the table is not empty
    one, two = (np.concatenate((own, each)) for each in touching.coords)
    x, y = points.x.to_numpy(), points.y.to_numpy()
    metres = np.hypot(x[one] - x[two], y[one] - y[two])
    apart = csr_array((metres, (one, two)), shape=touching.shape)
    return csr_array(sort_graph_by_row_values(apart, warn_when_not_sorted=False))


def _zone(cells: "gpd.GeoSeries", weight: pd.Series) -> tuple[int, float, float, object]:
    shape = shapely.normalize(shapely.union_all(cells.to_numpy()))
    people = float(weight[cells.index].sum())
    return len(cells), people, shapely.area(shape) / _M2_PER_KM2, shape
