"""The maps of a run over all themes: people of each theme, each service, each analysis."""

from collections.abc import Mapping, Sequence
from typing import Final

from ctg_geo import labels
from ctg_geo.export import _theme_page_words
from ctg_geo.export._page_words import Said
from ctg_geo.export.chapters import Chapter
from ctg_geo.export.kinds import Kinds
from ctg_geo.export.layer import NamedStyle
from ctg_geo.export.place_layers import PLACES, place_marks
from ctg_geo.export.portrait_style import known_words
from ctg_geo.export.qgis.map_page import PageWords
from ctg_geo.export.qgis.project import MapLayer
from ctg_geo.export.qgis.scene import Scene, Tables, drawn_words, plain_key
from ctg_geo.export.qgis.service import ServiceKit
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState

__all__ = ["KINDS", "THEMES_FILE", "chapter_scenes", "kinds_scene", "theme_scenes"]

KINDS: Final = "typologie"  # a table of all communes, which is always there
THEMES_FILE: Final = "./themes.gpkg"
_TOLD: Final = 7.6  # points, type of what an analysis tells


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
        found += [_indicator_scene(state, setting, held, each) for each in held.ways[name][1:]]
    found += [
        _service_scene(state, kits[each.key], held)
        for each in state.services if each.key in kits
    ]  # fmt: skip
    return found


def _indicator_scene(state: ThemeState, setting: Setting, held: Tables, style: NamedStyle) -> Scene:
    """Return the map of an indicator of a theme of context."""
    context, name = state.context, style.key
    layer = held.layer(style.layer, key=plain_key(f"{style.layer}_{name}"), title=style.title,
                       style=style.qml)  # fmt: skip
    reasons = labels.text("themes.portrait_estimated", names=style.title)
    caveat = labels.text("map.estimated", reasons=reasons) if context.guessed(name) else ""
    reading = (labels.text("themes.portrait_neutral"), labels.text("qgis.bounds"))
    sources = (context.origins.get(name, ""), *setting.sources)
    said = PageWords(
        style.title, labels.text("themes.portrait_subtitle", study=setting.study), caveat, "",
        (Said(known_words(context, name), 11, bold=True),), (),
        tuple(Said(each, _TOLD) for each in reading),
        (labels.text("map.sources", sources=" ; ".join(each for each in sources if each)),),
    )  # fmt: skip
    view = labels.text("qgis.theme_view", theme=state.theme.label, what=style.title)
    return Scene(view, layer, style, style.title, said, (), ("A4",))


def _service_scene(state: ThemeState, kit: ServiceKit, held: Tables) -> Scene:
    title = labels.text("qgis.title_view", service=kit.label, view=kit.style.title)
    layer = MapLayer(
        f"{state.key}_{kit.key}", title,
        f"./{kit.key}/ctg.gpkg|layername=communes", kit.style.qml, "Polygon", kit.said.title,
    )  # fmt: skip
    name = labels.text("qgis.theme_view", theme=state.theme.label, what=kit.label)
    marks = _places(state, held, only=kit.label)
    return Scene(name, layer, kit.style, kit.style.title, kit.said, marks, ("A4",), kit.classes)


def _places(state: ThemeState, held: Tables, *, only: str = "") -> tuple[MapLayer, ...]:
    """Return the places of a theme, or of one of its services, if there are any."""
    if PLACES not in held.tables:
        return ()
    there = list(dict.fromkeys(held.tables[PLACES].table["service_label"]))
    own = {each.service.label for each in state.services}
    every = [each.said for each in held.styles[PLACES].classes]
    shown = [each for each in every if each in own and each in there and (not only or each == only)]
    if not shown:
        return ()
    style = place_marks(every, held.tables[PLACES].titles, shown)
    key = f"lieux_{state.key}" if not only else f"lieux_{state.key}_{shown[0]}"
    title = labels.text("qgis.layer_equipements", service=only or state.theme.label)
    names = ",".join("'" + each.replace("'", "''") + "'" for each in shown)
    subset = f'"service_label" IN ({names})'
    return (held.layer(PLACES, key=plain_key(key), title=title, style=style, subset=subset),)


def _theme_words(state: ThemeState, setting: Setting) -> PageWords:
    note = state.theme.note
    return PageWords(
        _theme_page_words.title(state), _theme_page_words.subtitle(state, setting),
        _theme_page_words.caveat(state, setting), "", _theme_page_words.headline(state), (),
        (Said(note, 7.4),) if note else (), _theme_page_words.foot(state, setting),
    )  # fmt: skip


def kinds_scene(kinds: Kinds, setting: Setting, held: Tables, kits: Sequence[ServiceKit]) -> Scene:
    """Return the map of the kinds of communes over all services."""
    title, sources = labels.text("kinds.title"), dict.fromkeys((*setting.sources, *kinds.sources))
    loud = next((each.said.loud for each in kits if each.said.loud), "")
    said = PageWords(
        title, setting.study, kinds.caveat, loud, (), (),
        tuple(Said(line.strip(), _TOLD) for line in kinds.lines if line != title),
        (labels.text("map.sources", sources=" ; ".join(sources)),),
    )  # fmt: skip
    layer = held.layer(KINDS, title=title)
    return Scene(title, layer, held.styles[KINDS], labels.text("kinds.columns.class_label"), said,
                 (), ("A4",))  # fmt: skip


def chapter_scenes(chapters: Sequence[Chapter], held: Tables) -> list[Scene]:
    """Return the maps of the analyses."""
    found = []
    for each in chapters:
        name = f"chapitre_{each.key}"
        if each.drawn is None or name not in held.tables:
            continue
        drawn = each.drawn
        layer = held.layer(name, title=each.label)
        found.append(Scene(each.label, layer, held.styles[name], drawn.legend, drawn_words(drawn),
                           (), ("A4",), len(drawn.entries)))  # fmt: skip
    return found
