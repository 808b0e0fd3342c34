"""From metres to points on the page, and the size of the places' circles."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from ctg_geo.export._placing import Box
from ctg_geo.export.publish import Publication

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "SCALE_ROOM",
    "View",
    "circles",
    "corners",
    "frame_size",
    "nice",
    "padded",
    "radius_per_root",
    "references",
]

_PAD = 0.035  # of the territory's larger side, left around it
_TALLEST, _WIDEST, _NARROWEST, _LOWEST = 640.0, 780.0, 400.0, 430.0  # points
SCALE_ROOM: Final = (96.0, 50.0)  # width and height of the arrow and the scale, points
_LARGEST, _TYPICAL, _PLAIN, _SMALLEST = 14.0, 4.5, 4.0, 1.5  # radii of circles, points


def frame_size(communes: "gpd.GeoDataFrame") -> tuple[float, float]:
    """Width and height of the map's frame, in points, to suit the shape of the communes."""
    x0, y0, x1, y1 = padded(communes)
    aspect = (x1 - x0) / (y1 - y0)
    width = min(max(_TALLEST * aspect, _NARROWEST), _WIDEST)
    height = min(max(width / aspect, _LOWEST), _TALLEST)
    if _corners_taken(communes, (0.0, 0.0, width, height)):
        height += 2 * SCALE_ROOM[1]  # the territory stands in the middle
    return width, height


def corners(frame: Box) -> list[Box]:
    """Where the scale may stand in a frame, the preferred corner first."""
    (left, top, right, bottom), (width, height) = frame, SCALE_ROOM
    return [
        (x, y, x + width, y + height) for y in (bottom - height, top) for x in (right - width, left)
    ]


def _corners_taken(communes: "gpd.GeoDataFrame", frame: Box) -> bool:
    polygons = View.over(communes, frame).on_page(communes.geometry.to_numpy())
    return all(shapely.intersects(polygons, shapely.box(*box)).any() for box in corners(frame))


def padded(communes: "gpd.GeoDataFrame") -> tuple[float, float, float, float]:
    """Bounds of the communes with some room around, in their CRS."""
    x0, y0, x1, y1 = (float(each) for each in communes.total_bounds)
    pad = _PAD * max(x1 - x0, y1 - y0)
    return x0 - pad, y0 - pad, x1 + pad, y1 + pad


@dataclass(frozen=True, slots=True)
class View:
    """The territory in the middle of a frame, at the largest scale that holds it."""

    frame: Box
    x_m: float  # projected coordinates at the top left of the frame
    y_m: float
    points_per_m: float

    @classmethod
    def of(cls, publication: Publication, frame: Box) -> "View":
        """Fit the territory in a frame."""
        return cls.over(publication.communes, frame)

    @classmethod
    def over(cls, communes: "gpd.GeoDataFrame", frame: Box) -> "View":
        """Fit communes in a frame."""
        x0, y0, x1, y1 = padded(communes)
        left, top, right, bottom = frame
        scale = min((right - left) / (x1 - x0), (bottom - top) / (y1 - y0))
        x_m = (x0 + x1) / 2 - (right - left) / 2 / scale
        y_m = (y0 + y1) / 2 + (bottom - top) / 2 / scale
        return cls(frame, x_m, y_m, scale)

    def on_page(self, geometries: Any) -> Any:  # noqa: ANN401
        """Move geometries from metres to the page."""
        left, top, _, _ = self.frame

        def moved(xy: Any) -> Any:  # noqa: ANN401
            x = left + (xy[:, 0] - self.x_m) * self.points_per_m
            return np.column_stack([x, top + (self.y_m - xy[:, 1]) * self.points_per_m])

        return shapely.transform(geometries, moved)


def circles(publication: Publication, view: View) -> pd.DataFrame:
    """One circle per position (x, y, radius in points), the largest first.

    Where the service is judged on supply its area grows with the supply there. Those that
    the frame would cut are left out.
    """
    sums = _by_position(publication)
    spots = np.array(list(sums.index), dtype=np.float64)
    page = shapely.get_coordinates(view.on_page(shapely.points(spots)))
    radius = np.full(len(sums), _PLAIN)
    if publication.diagnosis.service.judged_on_supply:
        radius = np.maximum(radius_per_root(publication) * np.sqrt(sums.to_numpy()), _SMALLEST)
    table = pd.DataFrame({"x": page[:, 0], "y": page[:, 1], "radius": radius})
    left, top, right, bottom = view.frame
    room = table["radius"] + 1
    whole = (table["x"] - room >= left) & (table["x"] + room <= right)
    whole &= (table["y"] - room >= top) & (table["y"] + room <= bottom)
    order = ["radius", "x", "y"]
    return pd.DataFrame(table[whole].sort_values(order, ascending=[False, True, True]))


def _by_position(publication: Publication) -> pd.Series:
    places = publication.diagnosis.equipements
    x, y = places.geometry.x.round(0).to_numpy(), places.geometry.y.round(0).to_numpy()
    return pd.Series(places["capacity"].astype(float).fillna(0.0).groupby([x, y]).sum())


def radius_per_root(publication: Publication) -> float:
    """Radius in points of a circle that stands for a supply of 1."""
    sums = _by_position(publication)
    sums = sums[sums > 0]
    if sums.empty:
        return 0.0
    return min(_LARGEST / math.sqrt(sums.max()), _TYPICAL / math.sqrt(sums.median()))


def references(publication: Publication) -> list[float]:
    """Up to three round supplies for the legend of the circles, the smallest first."""
    sums = _by_position(publication)
    sums = sums[sums > 0]
    if sums.empty:
        return []
    top = nice(float(sums.max()))
    chosen = {top, nice(top / 3.3), nice(float(sums.min()))}
    return sorted(each for each in chosen if each >= 0.6 * sums.min() and each >= 1)


def nice(value: float) -> float:
    """Return the largest of 1, 2, 3, 5 × 10ⁿ that is at most `value`.

    Examples
    --------
    >>> nice(620), nice(34.0), nice(0.7)
    (500.0, 30.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(value))
    step = max(step for step in (1, 2, 3, 5) if step * power <= value * (1 + 1e-9))
    return round(step * power, 12)
