"""The maps of a run over all themes: people of each theme, each service, each analysis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ctg_geo import labels
from ctg_geo.export import _theme_page_words
from ctg_geo.export._page_words import Said
from ctg_geo.export.chapters import Chapter
from ctg_geo.export.kinds import Kinds
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.qgis.legend import Legend
from ctg_geo.export.qgis.map_page import Drawing, PageWords
from ctg_geo.export.qgis.project import Extent, MapLayer, View
from ctg_geo.export.qgis.service import ServiceKit
from ctg_geo.export.theme_layers import place_marks
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState

__all__ = ["KINDS", "Scene", "Tables", "chapter_scenes", "kinds_scene", "theme_scenes"]

KINDS: Final = "typologie"  # a table of all communes, which is always there
THEMES_FILE: Final = "./themes.gpkg"
_TOLD: Final = 7.6  # points, type of what an analysis tells
_BESIDE: Final = ("groupes", "pourtour")  # what legends explain after the map's own


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The tables of the GeoPackage of all themes, and how each opens."""

    tables: Mapping[str, Layer]
    styles: Mapping[str, NamedStyle]

    def layer(self, name: str, *, key: str = "", title: str = "", style: str = "") -> MapLayer:
        """Return a table as a layer of the project, in its own style unless another is given."""
        table = self.tables[name]
        own = style or self.styles[name].qml
        source = f"{THEMES_FILE}|layername={name}"
        return MapLayer(key or name, title or table.description, source, own, table.geometry,
                        table.description)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One map of the project: what shows it, what its page says and its legend explains.

    The first `kept` classes of the legend stand there though no commune is in them.
    """

    name: str
    layer: MapLayer
    style: NamedStyle
    title: str
    said: PageWords
    places: MapLayer | None
    formats: tuple[str, ...]
    kept: int = 0

    def view(self, ground: Mapping[str, MapLayer]) -> View:
        """Return the map theme of the scene."""
        marks = set() if self.places is None else {self.places.key}
        return View(self.name, frozenset({self.layer.key, *marks, *ground}))

    def drawing(self, ground: Mapping[str, MapLayer], extent: Extent) -> Drawing:
        """Return what its page draws, its legend with the number of communes of each class."""
        said = {
            at: labels.text("qgis.class_count", said=each.said, count=each.count)
            for at, each in enumerate(self.style.classes)
            if each.count or at < self.kept
        }
        beside = [Legend(ground[each]) for each in _BESIDE if each in ground]
        places = [] if self.places is None else [Legend(self.places)]
        marks = 0 if self.places is None else self.places.style.count("<category ")
        entries = (Legend(self.layer, self.title, said), *places, *beside)
        return Drawing(self.name, extent, entries, len(said) + 1 + marks + len(beside))


def theme_scenes(
    state: ThemeState, setting: Setting, held: Tables, kits: Mapping[str, ServiceKit]
) -> list[Scene]:
    """Return the maps of a theme: its people, then each of its services that was diagnosed."""
    theme, found = state.theme, []
    places = _places(state, held)
    if f"theme_{state.key}" in held.tables:
        name = f"theme_{state.key}"
        title = labels.text("qgis.people", people=theme.people_label)
        found.append(Scene(
            labels.text("qgis.theme_view", theme=theme.label, what=theme.people_label),
            held.layer(name, title=title), held.styles[name], title,
            _theme_words(state, setting), places, ("A4", "A3"),
        ))  # fmt: skip
    found += [
        _service_scene(state, kits[each.key], held)
        for each in state.services if each.key in kits
    ]  # fmt: skip
    return found


def _service_scene(state: ThemeState, kit: ServiceKit, held: Tables) -> Scene:
    title = labels.text("qgis.title_view", service=kit.label, view=kit.style.title)
    layer = MapLayer(
        f"{state.key}_{kit.key}", title,
        f"./{kit.key}/ctg.gpkg|layername=communes", kit.style.qml, "Polygon", kit.said.title,
    )  # fmt: skip
    name = labels.text("qgis.theme_view", theme=state.theme.label, what=kit.label)
    marks = _places(state, held, only=kit.label)
    return Scene(name, layer, kit.style, kit.style.title, kit.said, marks, ("A4",), kit.classes)


def _places(state: ThemeState, held: Tables, *, only: str = "") -> MapLayer | None:
    """Return the places of a theme, or of one of its services; None where there are none."""
    if "lieux" not in held.tables:
        return None
    there = list(dict.fromkeys(held.tables["lieux"].table["service_label"]))
    own = {each.service.label for each in state.services}
    every = [each.said for each in held.styles["lieux"].classes]
    shown = [each for each in every if each in own and each in there and (not only or each == only)]
    if not shown:
        return None
    style = place_marks(every, held.tables["lieux"].titles, shown)
    key = f"lieux_{state.key}" if not only else f"lieux_{state.key}_{shown[0]}"
    title = labels.text("qgis.layer_equipements", service=only or state.theme.label)
    names = ",".join("'" + each.replace("'", "''") + "'" for each in shown)
    layer = held.layer("lieux", key=_plain(key), title=title, style=style)
    source = f'{layer.source}|subset="service_label" IN ({names})'
    return MapLayer(layer.key, title, source, style, "Point", layer.abstract)


def _plain(key: str) -> str:
    """Return a key of plain letters, as the names of layers in QGIS are."""
    return "".join(each if each.isascii() and each.isalnum() else "_" for each in key)


def _theme_words(state: ThemeState, setting: Setting) -> PageWords:
    note = state.theme.note
    return PageWords(
        _theme_page_words.title(state), _theme_page_words.subtitle(state, setting),
        _theme_page_words.caveat(state, setting), "", _theme_page_words.headline(state), (),
        (Said(note, 7.4),) if note else (), _theme_page_words.foot(state, setting),
    )  # fmt: skip


def kinds_scene(kinds: Kinds, setting: Setting, held: Tables) -> Scene:
    """Return the map of the kinds of communes over all services."""
    title = labels.text("kinds.title")
    said = PageWords(
        title, setting.study, "", "", (), (),
        tuple(Said(line.strip(), _TOLD) for line in kinds.lines if line != title),
        (labels.text("map.sources", sources=" ; ".join(setting.sources)),),
    )  # fmt: skip
    layer = held.layer(KINDS, title=title)
    return Scene(title, layer, held.styles[KINDS], labels.text("kinds.columns.class_label"), said,
                 None, ("A4",))  # fmt: skip


def chapter_scenes(chapters: Sequence[Chapter], held: Tables) -> list[Scene]:
    """Return the maps of the analyses."""
    found = []
    for each in chapters:
        name = f"chapitre_{each.key}"
        if each.drawn is None or name not in held.tables:
            continue
        drawn = each.drawn
        said = PageWords(
            drawn.title, drawn.subtitle, drawn.band or drawn.caveat, drawn.loud, (), (),
            tuple(Said(line, _TOLD) for line in (*drawn.notes, *drawn.told)), drawn.foot[:2],
        )  # fmt: skip
        layer = held.layer(name, title=each.label)
        found.append(Scene(each.label, layer, held.styles[name], drawn.legend, said, None,
                           ("A4",), len(drawn.entries)))  # fmt: skip
    return found
