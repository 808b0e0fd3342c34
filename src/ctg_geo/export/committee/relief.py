"""The relief of a territory as a picture that the page lays over its colours, under its roads."""

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from ctg_geo.export.committee.shading import shade, shade_png
from ctg_geo.sources import GROUND_CRS, GroundHeights

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["COLOURED", "LONGEST", "PLAIN", "PageRelief", "page_relief", "relief_bounds"]

LONGEST: Final = 600  # cells along the longer side of the picture
# How opaque full shade is: over a class, so little that its colour is nearer its own in the legend
# than any other (tests); around the territory, where colours say nothing, more.
COLOURED: Final = 0.07
PLAIN: Final = 0.3
_EXAGGERATED: Final = 2.0  # heights, as maps of this scale do
_EARTH_M: Final = 6_378_137.0  # radius of the sphere of `GROUND_CRS`


@dataclass(frozen=True, slots=True)
class PageRelief:
    """A picture to lay over the map, where it stands, and whose heights they are."""

    png: bytes
    corners: tuple[tuple[float, float], ...]  # longitude, latitude; from the north-west, eastwards
    source: str
    known: float  # share of the territory with a height, in [0, 1]

    def to_json(self) -> dict[str, Any]:
        """Return what the page draws."""
        link = f"data:image/png;base64,{base64.b64encode(self.png).decode('ascii')}"
        return {"image": link, "corners": [list(each) for each in self.corners]}


def relief_bounds(communes: "gpd.GeoDataFrame") -> tuple[float, float, float, float]:
    """Return the rectangle that the picture covers: the communes, in `GROUND_CRS`."""
    west, south, east, north = communes.to_crs(GROUND_CRS).total_bounds
    return float(west), float(south), float(east), float(north)


def page_relief(ground: GroundHeights, communes: "gpd.GeoDataFrame", source: str) -> PageRelief:
    """Return the relief of a territory and what is around it.

    Parameters
    ----------
    ground : read over `relief_bounds`
    communes : by code_insee, with `inside`, in any CRS
    source : provider and vintage
    """
    high = len(ground.height_m)
    rows = ground.north - ground.cell * (np.arange(high) + 0.5)
    cell_m = ground.cell / np.cosh(rows / _EARTH_M)  # times the cosine of the latitude
    lit = shade(_EXAGGERATED * ground.height_m, cell_m)
    inside = _covered(ground, communes.geometry[communes["inside"]])
    around = _covered(ground, communes.geometry)
    strength = np.select([inside, around], [COLOURED, PLAIN], 0.0)
    known = np.isfinite(ground.height_m[inside])
    return PageRelief(
        shade_png(lit, strength[1:-1, 1:-1]), _corners(ground), source,
        float(known.mean()) if len(known) else 0.0,
    )  # fmt: skip


def _corners(ground: GroundHeights) -> tuple[tuple[float, float], ...]:
    """Return the corners of the picture: that of the grid without its outer cells."""
    west, south, east, north = ground.bounds
    west, south, east, north = (
        west + ground.cell, south + ground.cell, east - ground.cell, north - ground.cell
    )  # fmt: skip
    to_degrees = Transformer.from_crs(GROUND_CRS, "EPSG:4326", always_xy=True)
    around = ((west, north), (east, north), (east, south), (west, south))
    return tuple(
        (round(lon, 6), round(lat, 6)) for lon, lat in (to_degrees.transform(*at) for at in around)
    )


def _covered(ground: GroundHeights, shapes: "gpd.GeoSeries") -> npt.NDArray[np.bool_]:
    """Tell which cells have their middle in one of some shapes."""
    from rasterio.features import geometry_mask  # noqa: PLC0415  (heavy)
    from rasterio.transform import from_origin  # noqa: PLC0415

    return np.asarray(geometry_mask(
        shapes.to_crs(GROUND_CRS).to_numpy(), ground.height_m.shape,
        from_origin(ground.west, ground.north, ground.cell, ground.cell), invert=True,
    ))  # fmt: skip
