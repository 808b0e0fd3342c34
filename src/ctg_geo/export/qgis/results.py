"""A project of results as maps: groups of scenes over one ground, with their views and pages."""

from collections.abc import Mapping, Sequence
from typing import Final

from ctg_geo import labels
from ctg_geo.export.classes import named_style
from ctg_geo.export.ground_layers import (
    ground_layers,
    ground_styles,
    limit_layers,
    outline_style,
    veil_style,
)
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.qgis.project import MapLayer, Project, padded_extent
from ctg_geo.export.qgis.scene import Scene, Tables, groups_of, pages_of
from ctg_geo.export.theme_setting import Setting

__all__ = ["OVER", "UNDER", "ground_in", "grounded", "results_project"]

OVER: Final = ("territoire", "groupes")
UNDER: Final = ("voile", "pourtour")
# The veil stands under the maps, so that marks moved beyond the outline are not dimmed.
_PARTS: Final = {"territoire": outline_style, "voile": veil_style}


def grounded(
    layers: Sequence[Layer], styles: Mapping[str, str] | Sequence[NamedStyle], setting: Setting
) -> tuple[list[Layer], list[NamedStyle]]:
    """Add the ground of a map to layers: the territory, limits of its groups, communes around.

    Parameters
    ----------
    styles : by layer its QML, or styles by name

    Returns
    -------
    all layers; their styles, each with the number of features of its classes
    """
    every, by_name = list(layers), {each.name: each for each in layers}
    found = [
        named_style(by_name[name], "", style) for name, style in styles.items()
    ] if isinstance(styles, Mapping) else list(styles)  # fmt: skip
    own = limit_layers(setting.territory, setting.groups, setting.grouping, setting.study)
    plain = ground_layers(setting.territory, setting.study)
    drawn = ground_styles({each.name: each.titles for each in plain})
    for layer, style in (*own, *((each, drawn[each.name]) for each in plain)):
        every.append(layer)
        found.append(named_style(layer, "", style))
    return every, found


def results_project(
    title: str, about: str, setting: Setting, held: Tables,
    made: Sequence[tuple[str, Sequence[Scene]]],
) -> Project:  # fmt: skip
    """Return a project: the first scene of the first group is what opens.

    Parameters
    ----------
    about : in a sentence, what it holds
    made : title and scenes of each group
    """
    territory = setting.territory
    extent = padded_extent(territory.communes.loc[territory.inside].total_bounds)
    ground = ground_in(held, setting.grouping)
    scenes = [scene for _, group in made for scene in group]
    return Project(
        title=title, abstract=about, crs=str(territory.crs), extent=extent,
        tree=(
            *(ground[name] for name in OVER if name in ground),
            *groups_of(made),
            *(ground[name] for name in UNDER if name in ground),
        ),
        views=tuple(scene.view(ground) for scene in scenes),
        layouts=tuple(pages_of(scenes, ground, extent)), variables={},
    )  # fmt: skip


def ground_in(held: Tables, grouping: str) -> dict[str, MapLayer]:
    """Return the layers that stand over and under all maps."""
    found = {}
    for name in (*OVER, *UNDER):
        table, part = "territoire" if name in _PARTS else name, _PARTS.get(name)
        if table in held.tables:
            said = "contour" if name == "territoire" else name
            title = labels.text(f"qgis.layer_{said}", grouping=grouping)
            style = part(held.tables[table].titles) if part else ""
            found[name] = held.layer(table, key=name, title=title, style=style)
    return found
