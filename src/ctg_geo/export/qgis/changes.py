"""The project of changes by commune, from one date to another or in the years ahead."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ctg_geo import labels
from ctg_geo.export.drawn import Drawn
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.qgis.project import Project
from ctg_geo.export.qgis.results import results_project
from ctg_geo.export.qgis.scene import Scene, Tables, drawn_words, plain_key
from ctg_geo.export.theme_setting import Setting

__all__ = ["changes_project"]

_FORMATS: Final = ("A4", "A3")


def changes_project(
    file: str, drawn: Drawn, setting: Setting, layers: Sequence[Layer],
    styles: Sequence[NamedStyle],
) -> Project:  # fmt: skip
    """Return the project that stands beside a GeoPackage of changes.

    Parameters
    ----------
    file : name of the GeoPackage
    drawn : what the map of the change as a whole says
    layers, styles : of the GeoPackage; the first layer has the changes, a map for each of its
        styles
    """
    held, table = Tables.of(f"./{file}", layers, styles), layers[0].name
    said, scenes = drawn_words(drawn), list[Scene]()
    for at, style in enumerate(held.ways[table]):
        layer = held.layer(table, key=plain_key(f"{table}_{style.key}"), title=style.title,
                           style=style.qml)  # fmt: skip
        view = style.title[:1].lower() + style.title[1:]
        title = labels.text("qgis.title_part", title=drawn.title, view=view)
        scenes.append(Scene(
            style.title, layer, style, drawn.legend, replace(said, title=title), (),
            _FORMATS[: 1 if at else 2], len(drawn.entries),
        ))  # fmt: skip
    return results_project(drawn.title, drawn.subtitle, setting, held, [(drawn.title, scenes)])
