"""The layers of all themes, that open styled: people and indicators, places, limits of groups."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export._unshown import people_signs
from ctg_geo.export._words import status_word
from ctg_geo.export.classes import named_style
from ctg_geo.export.ground_layers import ground_layers, ground_styles, limit_layers
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.palettes import NO_DATA, OUTLINE, people_colours
from ctg_geo.export.place_layers import place_layers
from ctg_geo.export.portrait_style import drawn_classes, portrait_style
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    import geopandas as gpd

__all__ = ["theme_layers"]

_OF_FIGURE: Final = {"_status": "status", "_class": "class_key", "_class_label": "class_label"}


def theme_layers(
    states: Sequence[ThemeState], setting: Setting
) -> tuple[list[Layer], list[NamedStyle]]:
    """Return a layer for each theme whose people are known, the places and groups, the ground.

    With them come their styles.
    """
    layers, styles = list[Layer](), list[NamedStyle]()
    services = {each.key: each.service.label for state in states for each in state.services}
    said = labels.text("themes.layer_places", study=setting.study)
    limits = limit_layers(setting.territory, setting.groups, setting.grouping, setting.study)
    for layer, style in (*place_layers(setting.territory, services, said), *limits):
        layers.append(layer)
        styles.append(named_style(layer, "", style))
    for layer, drawn in _themes(states, setting):
        layers.append(layer)
        styles += drawn
    ground = ground_layers(setting.territory, setting.study)
    plain = ground_styles({each.name: each.titles for each in ground})
    return [*layers, *ground], [
        *styles, *(named_style(each, "", plain[each.name]) for each in ground)
    ]  # fmt: skip


def _themes(states: Sequence[ThemeState], setting: Setting) -> list[tuple[Layer, list[NamedStyle]]]:
    """Return the people of each theme, and its indicators: each is a style of the layer."""
    found = []
    for each in states:
        if each.people is None:
            continue
        table = _table(each, setting.territory)
        titles = {str(name): _title(each, str(name)) for name in table.columns}
        titles.pop("geometry")
        said = labels.text("themes.layer", theme=each.theme.label, study=setting.study,
                           people=each.theme.people_label)  # fmt: skip
        layer = Layer(f"theme_{each.key}", table, titles, said)
        people = named_style(layer, "", _style(each, titles))
        found.append((layer, [people, *_indicators(each, layer)]))
    return found


def _indicators(state: ThemeState, layer: Layer) -> list[NamedStyle]:
    """Return a style for each indicator that may be drawn in classes."""
    titles = layer.titles
    return [
        named_style(
            layer, titles[name],
            portrait_style(f"{name}_class", drawn_classes(state.context, name)[0], titles,
                           told=(name, f"{name}_status")),
            key=name,
        )
        for name in state.context.drawn
    ]  # fmt: skip


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
        if name in state.context.drawn:
            found, keys = drawn_classes(state.context, name)
            table[f"{name}_class"] = keys.reindex(table.index)
            table[f"{name}_class_label"] = keys.map(found.names).reindex(table.index)
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
    for end, key in _OF_FIGURE.items():
        if name.endswith(end) and name.removesuffix(end) in titles:
            return labels.text(f"portrait.{key}", figure=titles[name.removesuffix(end)])
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
    written_names = place_labels(closer_than=NAMES_BELOW, first="number")
    return qml(categorised("drawn", entries), titles, labeling=written_names,
               told=("number", "status", "class_label"))  # fmt: skip
