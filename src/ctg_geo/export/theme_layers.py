"""The layers of all themes, that open styled: people of each, places, limits of groups."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._unshown import people_signs
from ctg_geo.export._words import status_word
from ctg_geo.export.classes import named_style
from ctg_geo.export.ground_layers import ground_layers, ground_styles
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.palettes import BOUNDARY, NO_DATA, OUTLINE, people_colours
from ctg_geo.export.qml import categorised, fill, marker, qml, rgb, single, symbol
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels, written
from ctg_geo.export.theme_places import SYMBOLS, places_of
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    import geopandas as gpd

__all__ = ["place_marks", "theme_layers"]

_PLACES_BELOW: Final = 80_000  # scale under which places are named

# Shapes of matplotlib as QGIS draws them; those that it has not are discs.
_MARKERS: Final = {"o": "disc", "s": "square", "^": "triangle", "v": "down", "D": "diamond",
                   "P": "plus", "X": "cross", "*": "star", "p": "pentagon", "h": "hexagon",
                   "<": "left", ">": "right"}  # fmt: skip


def theme_layers(
    states: Sequence[ThemeState], setting: Setting
) -> tuple[list[Layer], list[NamedStyle]]:
    """Return a layer for each theme whose people are known, the places and groups, the ground.

    With them come their styles.
    """
    layers, styles = list[Layer](), list[NamedStyle]()
    for layer, style in (*_places(states, setting), *_groups(setting), *_themes(states, setting)):
        layers.append(layer)
        styles.append(named_style(layer, "", style))
    ground = ground_layers(setting.territory, setting.study)
    drawn = ground_styles({each.name: each.titles for each in ground})
    return [*layers, *ground], [
        *styles, *(named_style(each, "", drawn[each.name]) for each in ground)
    ]  # fmt: skip


def _themes(states: Sequence[ThemeState], setting: Setting) -> list[tuple[Layer, str]]:
    found = []
    for each in states:
        if each.people is None:
            continue
        table = _table(each, setting.territory)
        titles = {str(name): _title(each, str(name)) for name in table.columns}
        titles.pop("geometry")
        said = labels.text("themes.layer", theme=each.theme.label, study=setting.study,
                           people=each.theme.people_label)  # fmt: skip
        found.append((Layer(f"theme_{each.key}", table, titles, said), _style(each, titles)))
    return found


def _table(state: ThemeState, territory: Territory) -> "gpd.GeoDataFrame":
    """People of each commune with their status and class, and the indicators of context."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    assert state.status is not None, "the theme has people"
    communes, shown = territory.communes.loc[territory.inside], state.shown()
    table = pd.DataFrame({
        "nom": communes["nom"], "number": shown,
        "status": state.status.map(lambda key: labels.text(f"status.{key}")),
    })  # fmt: skip
    table["class"] = state.numbers().astype("float64")
    table["drawn"] = _drawn(state)
    table["class_label"] = state.numbers().map(state.classes())
    for name in state.context.titles:
        table[name] = state.context.shown(name)
        words = state.context.figures[f"{name}_status"].map(status_word)
        table[f"{name}_status"] = words
    frame = gpd.GeoDataFrame(
        table.rename_axis("code_insee"), geometry=communes.geometry, crs=territory.crs
    )
    return frame.reset_index()


def _drawn(state: ThemeState) -> pd.Series:
    """Return how each commune is drawn: the number of its class, or why it has none."""
    assert state.status is not None, "the theme has people"
    numbers, shown = state.numbers(), state.shown()
    return numbers.astype("string").fillna(state.status.where(shown.isna(), "")).astype(object)


def _title(state: ThemeState, name: str) -> str:
    titles = state.context.titles
    if name in titles:
        return titles[name]
    if name.removesuffix("_status") in titles:
        return labels.text("portrait.status", figure=titles[name.removesuffix("_status")])
    if name == "number":
        said = state.theme.people_label
        return said[:1].upper() + said[1:]
    key = f"themes.columns.{name}"
    return labels.text(key) if labels.has(key) else name


def _style(state: ThemeState, titles: Mapping[str, str]) -> str:
    """Draw each class of people; those that are not shown in grey, under the sign of why."""
    assert state.status is not None, "the theme has people"
    names = state.classes()
    colours = people_colours(list(names))
    entries: list[tuple[str, str, ET.Element]] = [
        (str(number), said, symbol("", "fill", fill(rgb(colours[number]), rgb(OUTLINE))))
        for number, said in names.items()
    ]
    hidden = state.shown().isna()
    signs = people_signs(state.status[hidden])
    for sign in signs:
        drawn = symbol("", "fill", fill(rgb(NO_DATA), rgb(OUTLINE)),
                       fill("34,38,43,150", rgb(OUTLINE), brush=sign.brush))  # fmt: skip
        entries.append((sign.status, labels.text(sign.legend), drawn))
    none = symbol("", "fill", fill(rgb(NO_DATA), rgb(OUTLINE)))
    entries.append(("", labels.text("map.unknown"), none))
    for at, (_, _, drawn) in enumerate(entries):
        drawn.set("name", str(at))
    written_names = place_labels(closer_than=NAMES_BELOW)
    return qml(categorised("drawn", entries), titles, labeling=written_names,
               told=("number", "status", "class_label"))  # fmt: skip


def _places(states: Sequence[ThemeState], setting: Setting) -> list[tuple[Layer, str]]:
    """Return the places of all themes, a mark for each service; none without places."""
    services = {each.key: each.service.label for state in states for each in state.services}
    places = places_of(setting.territory, list(services)).rename(columns={"nom": "place_nom"})
    if places.empty:
        return []
    places["service_label"] = places["service"].map(services)
    places["location_status"] = places["location_status"].map(status_word)
    places["delivery"] = places["delivery"].map(lambda key: labels.text(f"delivery.{key}"))
    columns = ["equipement_id", "place_nom", "service_label", "code_insee", "delivery",
               "location_status", "source"]  # fmt: skip
    titles = {name: _place_title(name) for name in columns}
    here = [name for key, name in services.items() if (places["service"] == key).any()]
    table = places.reset_index()[[*columns, "geometry"]]
    said = labels.text("themes.layer_places", study=setting.study)
    return [(Layer("lieux", table, titles, said), place_marks(here, titles))]


def place_marks(
    services: Sequence[str], titles: Mapping[str, str], shown: Sequence[str] = ()
) -> str:
    """Return the QML of places: a mark for each service, the same whatever the theme.

    Parameters
    ----------
    services : labels of all, in order
    titles : by column of the layer
    shown : labels of those drawn, all if there are none
    """
    entries: list[tuple[str, str, ET.Element]] = []
    for at, label in enumerate(services):
        if label in shown or not shown:
            shape, tone = SYMBOLS[at % len(SYMBOLS)]
            drawn = marker(rgb(tone), size=3.0, shape=_MARKERS.get(shape, "disc"))
            entries.append((label, label, symbol(str(len(entries)), "marker", drawn)))
    names = written('"place_nom"', kind="point", size=7, closer_than=_PLACES_BELOW, italic=True)
    told = ("service_label", "delivery", "location_status")
    return qml(categorised("service_label", entries), titles, labeling=names,
               headline="place_nom", told=told)  # fmt: skip


def _place_title(name: str) -> str:
    return labels.text("themes.columns.service" if name == "service_label" else f"columns.{name}")


def _groups(setting: Setting) -> list[tuple[Layer, str]]:
    """Return the outline of each group of communes; none without groups."""
    if setting.groups is None:
        return []
    communes = setting.territory.communes.loc[setting.territory.inside, ["geometry"]]
    shapes = communes.assign(group=setting.groups.astype(str)).dissolve(by="group").reset_index()
    titles = {"group": setting.grouping.capitalize()}
    style = qml(single("fill", fill("0,0,0,0", rgb(BOUNDARY), width=0.6)), titles,
                headline="group", told=())  # fmt: skip
    said = labels.text("themes.layer_groups", study=setting.study, grouping=setting.grouping)
    return [(Layer("groupes", shapes, titles, said), style)]
