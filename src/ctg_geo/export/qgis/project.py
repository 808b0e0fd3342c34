"""A QGIS project as data: layers in groups, the views one may choose, the pages to print."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree as ET

from ctg_geo.export.layer import Shape

__all__ = ["Extent", "Geometry", "Group", "MapLayer", "Project", "View", "identifier",
           "layers_in", "padded_extent"]  # fmt: skip

Geometry = Shape | Literal["Raster"]
Extent = tuple[float, float, float, float]  # west, south, east, north

_PAD: Final = 0.04  # of the larger side, left around the territory
_NAMESPACE: Final = uuid.UUID("6a0d1d59-61f3-4b4e-8f0f-4c7f7a5f2c11")


def identifier(*parts: str) -> str:
    """Return a name that is the same in every run, as a UUID.

    Examples
    --------
    >>> identifier("page", "map") == identifier("page", "map")
    True
    """
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts)))


@dataclass(frozen=True, slots=True, eq=False)
class MapLayer:
    """A layer of the project: a table of a file beside it, and how it looks.

    `key` tells it from the others of the project. `source` is relative to the project.
    `style` is QML, as in the GeoPackage; of a raster, its pipe. Several layers may show one
    table in several ways.
    """

    key: str
    title: str
    source: str
    style: str
    geometry: Geometry
    abstract: str = ""

    @property
    def id(self) -> str:
        """What QGIS knows it by: longer than ten characters, else QGIS gives it another."""
        return f"{self.key}_{identifier(self.key).replace('-', '_')}"


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Layers and groups under one title, the first drawn over the others."""

    title: str
    held: tuple["MapLayer | Group", ...]
    expanded: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A map theme: which layers show, by key."""

    name: str
    shown: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """All that a project file holds.

    `views` are the map themes, the first being what opens. `layouts` are print layouts as QGIS
    writes them. `variables` are those of the project, for expressions.
    """

    title: str
    abstract: str
    crs: str
    extent: Extent
    tree: tuple["MapLayer | Group", ...]
    views: tuple[View, ...]
    layouts: tuple[ET.Element, ...]
    variables: Mapping[str, str]

    @property
    def layers(self) -> list[MapLayer]:
        """Every layer, in the order of the tree."""
        return list(layers_in(self.tree))


def layers_in(held: tuple["MapLayer | Group", ...]) -> Iterator[MapLayer]:
    """Go through layers in groups, the first drawn over the others."""
    for each in held:
        if isinstance(each, Group):
            yield from layers_in(each.held)
        else:
            yield each


def padded_extent(bounds: Sequence[float]) -> Extent:
    """Return bounds with some room around them."""
    west, south, east, north = (float(each) for each in bounds)
    room = _PAD * max(east - west, north - south)
    return west - room, south - room, east + room, north + room
