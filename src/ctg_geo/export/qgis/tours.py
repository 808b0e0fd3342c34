"""The project of the tours of a service: each round, whom it reaches and by which roads."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ctg_geo import labels
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.qgis.project import Project
from ctg_geo.export.qgis.results import results_project
from ctg_geo.export.qgis.scene import Scene, Tables, drawn_words
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.tour_layers import drawn_round, round_name
from ctg_geo.export.tour_words import Round, ToursTold, said
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["tours_project"]

_FILE: Final = "./tournees.gpkg"
_OVER: Final = ("haltes", "depots", "trajets")


def tours_project(
    told: ToursTold, territory: Territory, sites: "gpd.GeoDataFrame", setting: Setting,
    layers: Sequence[Layer], styles: Sequence[NamedStyle],
) -> Project:  # fmt: skip
    """Return the project that stands beside `tournees.gpkg`; a proposal comes first.

    Parameters
    ----------
    sites : by place, with a point
    layers, styles : of the GeoPackage
    """
    held = Tables.of(_FILE, layers, styles)
    groups = [
        (said(f"head_{each.key}"), [_scene(told, each, territory, sites, held)])
        for each in reversed(told.rounds)
    ]
    return results_project(told.title, labels.text("qgis.about_tours"), setting, held, groups)


def _scene(
    told: ToursTold, each: Round, territory: Territory, sites: "gpd.GeoDataFrame", held: Tables
) -> Scene:
    drawn, name = drawn_round(told, each, territory, sites), round_name(each)
    over = tuple(held.layer(f"{kind}_{name}") for kind in _OVER)
    communes = f"communes_{name}"
    return Scene(
        labels.text(f"qgis.view_round_{each.key}"), held.layer(communes), held.styles[communes],
        drawn.legend, drawn_words(drawn), over, ("A4", "A3"),
    )  # fmt: skip
