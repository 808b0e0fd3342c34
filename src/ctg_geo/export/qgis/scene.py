"""One map of a project of results: what shows it, what its page says, what its legend explains."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export._page_words import Said
from ctg_geo.export.drawn import Drawn
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.qgis.items import FORMATS, Page
from ctg_geo.export.qgis.legend import Legend
from ctg_geo.export.qgis.map_page import Drawing, PageWords, map_page
from ctg_geo.export.qgis.project import Extent, Group, MapLayer, View

__all__ = ["Scene", "Tables", "drawn_words", "groups_of", "pages_of", "plain_key"]

_TOLD: Final = 7.6  # points, type of what an analysis tells
_BESIDE: Final = ("groupes", "pourtour")  # what legends explain after the map's own


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables of a GeoPackage beside the project, and how each may be drawn.

    `ways` are the styles of each table, that which it opens in first; `file` is the GeoPackage,
    relative to the project.
    """

    file: str
    tables: Mapping[str, Layer]
    ways: Mapping[str, tuple[NamedStyle, ...]]

    @classmethod
    def of(cls, file: str, layers: Sequence[Layer], styles: Sequence[NamedStyle]) -> "Tables":
        """Hold the layers of a GeoPackage and its styles."""
        ways = {each.name: tuple(one for one in styles if one.layer == each.name)
                for each in layers}  # fmt: skip
        return cls(file, {each.name: each for each in layers}, ways)

    @property
    def styles(self) -> dict[str, NamedStyle]:
        """The style that each table opens in, where it has one."""
        return {name: ways[0] for name, ways in self.ways.items() if ways}

    def layer(
        self, name: str, *, key: str = "", title: str = "", style: str = "", subset: str = ""
    ) -> MapLayer:
        """Return a table as a layer of the project, in its own style unless another is given.

        `subset` is the SQL of the rows that show, all where it is "".
        """
        table = self.tables[name]
        own = style or self.styles[name].qml
        source = f"{self.file}|layername={name}" + (f"|subset={subset}" if subset else "")
        return MapLayer(key or name, title or table.description, source, own, table.geometry,
                        table.description)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One map of the project.

    `layer` is drawn in `style`, whose classes the legend tells with how many features each has
    (`counted` is how that is said), the first `kept` though there are none. `over` are drawn
    over it, the first on top, and explained after it; `under` are drawn under it, and the first
    `keyed` of them explained too. `formats` are those of its pages.
    """

    name: str
    layer: MapLayer
    style: NamedStyle
    title: str
    said: PageWords
    over: tuple[MapLayer, ...]
    formats: tuple[str, ...]
    kept: int = 0
    under: tuple[MapLayer, ...] = ()
    keyed: int = 0
    counted: str = "qgis.class_count"

    @property
    def layers(self) -> tuple[MapLayer, ...]:
        """Its layers, from the top down."""
        return (*self.over, self.layer, *self.under)

    def view(self, ground: Mapping[str, MapLayer]) -> View:
        """Return the map theme of the scene."""
        return View(self.name, frozenset({*(each.key for each in self.layers), *ground}))

    def drawing(self, ground: Mapping[str, MapLayer], extent: Extent) -> Drawing:
        """Return what its page draws, its legend with the number of features of each class."""
        said = {
            at: labels.text(self.counted, "fr", said=each.said, count=each.count)
            for at, each in enumerate(self.style.classes)
            if each.count or at < self.kept
        }
        beside = [Legend(ground[each]) for each in _BESIDE if each in ground]
        marks = map(Legend, (*self.over, *self.under[: self.keyed]))
        entries = (Legend(self.layer, self.title, said), *marks, *beside)
        return Drawing(self.name, extent, entries)


def drawn_words(drawn: Drawn) -> PageWords:
    """Return what the page of a map says: the words of its PNG."""
    caveat = " ".join(each for each in (drawn.caveat, drawn.band) if each)
    return PageWords(
        drawn.title, drawn.subtitle, caveat, drawn.loud, (), (),
        tuple(Said(line, _TOLD) for line in (*drawn.notes, *drawn.told)), drawn.foot[:2],
    )  # fmt: skip


def plain_key(key: str) -> str:
    """Return a key of plain letters, as the names of layers in QGIS are."""
    return "".join(each if each.isascii() and each.isalnum() else "_" for each in key)


def groups_of(made: Sequence[tuple[str, Sequence[Scene]]]) -> list[Group]:
    """Return a group for each title: marks first, then maps, each once; the first is open.

    Where groups share marks, all marks stand before them in a group of their own, those that
    are shared the lowest.
    """
    own = [{each.key: each for scene in scenes for each in scene.over} for _, scenes in made]
    count = Counter(key for marks in own for key in marks)
    every = {key: each for marks in own for key, each in marks.items()}
    together = any(number > 1 for number in count.values())
    found: list[Group] = []
    if together:
        ordered = sorted(every.values(), key=lambda each: count[each.key] > 1)
        found.append(Group(labels.text("qgis.places"), tuple(ordered)))
    for (title, scenes), mine in zip(made, own, strict=True):
        marks = {} if together else mine
        maps = {each.layer.key: each.layer for each in scenes}
        maps |= {each.key: each for scene in scenes for each in scene.under}
        if scenes:
            found.append(
                Group(title, (*marks.values(), *maps.values()), expanded=len(found) == together)
            )
    return found


def pages_of(
    scenes: Sequence[Scene], ground: Mapping[str, MapLayer], extent: Extent
) -> Iterator[ET.Element]:
    """Return a page to print for each scene and format."""
    for scene in scenes:
        for name in scene.formats:
            page = Page(f"{scene.name} — {name}", FORMATS[name])
            yield map_page(page, scene.said, scene.drawing(ground, extent))
