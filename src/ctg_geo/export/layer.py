"""A table of a GeoPackage, and a style that it may be drawn in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["ClassWords", "Layer", "NamedStyle", "Shape"]

Shape = Literal["Point", "Line", "Polygon", ""]
_SHAPES: Final[Mapping[str, Shape]] = {
    "Point": "Point", "LineString": "Line", "LinearRing": "Line", "Polygon": "Polygon",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A table of the GeoPackage, with the French title of each column."""

    name: str
    table: "gpd.GeoDataFrame | pd.DataFrame"
    titles: Mapping[str, str]
    description: str

    @property
    def geometry(self) -> Shape:
        """Kind of geometry as QGIS says it, "" for a plain table."""
        if "geometry" not in self.table.columns:
            return ""
        found = self.table["geometry"].dropna()
        kind = "Polygon" if found.empty else str(found.iloc[0].geom_type)
        return _SHAPES[kind.removeprefix("Multi")]


@dataclass(frozen=True, slots=True)
class ClassWords:
    """What a class is called, in full and in short, and how many features it draws."""

    said: str
    short: str
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class NamedStyle:
    """One way to draw a table: `key` names it for the machine, `title` for readers.

    `classes` are in the order of the style.
    """

    layer: str
    key: str
    title: str
    qml: str
    classes: tuple[ClassWords, ...] = ()
