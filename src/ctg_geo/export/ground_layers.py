"""The ground of a map: the territory as one polygon, limits of groups, the communes around."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from ctg_geo import labels
from ctg_geo.export.layer import Layer
from ctg_geo.export.palettes import AROUND, BEYOND, BOUNDARY, GREY, INK, RULE
from ctg_geo.export.qml import clear, fill, inverted, qml, rgb, single
from ctg_geo.export.qml_labels import NAME_CUT, written
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["ground_layers", "ground_styles", "limit_layers", "outline_style", "veil_style"]

_NAMES_BELOW = 160_000  # scale under which the names of communes around are written
_VEIL = 0.72  # opacity of what covers roads and names around the territory


def ground_layers(territory: Territory, study: str) -> list[Layer]:
    """Return the outline of the territory, and the communes around it if there are any."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    every = territory.communes
    inside = every.loc[territory.inside].geometry.to_numpy()
    whole = gpd.GeoDataFrame(
        {"nom": [study], "communes": [len(inside)]},
        geometry=[shapely.union_all(inside)], crs=territory.crs,
    )  # fmt: skip
    around = every.loc[~every.index.isin(territory.inside), ["nom", "geometry"]]
    layers = [_layer("territoire", whole, study)]
    if len(around):
        table = around.rename_axis("code_insee").sort_index().reset_index()
        layers.append(_layer("pourtour", table, study))
    return layers


def _layer(name: str, table: "gpd.GeoDataFrame", study: str) -> Layer:
    titles = {str(each): labels.text(f"columns.{each}")
              for each in table.columns if each != "geometry"}  # fmt: skip
    return Layer(name, table, titles, labels.text(f"layers.{name}", study=study))


def ground_styles(titles: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return the QML of the layers of the ground that there are.

    The territory is drawn by a veil over what lies outside it, so that roads and places around
    are seen and do not draw the eye.
    """
    around = single("fill", fill(rgb(AROUND), rgb(RULE), width=0.12))
    names = written(NAME_CUT, kind="area", size=6, colour=GREY, closer_than=_NAMES_BELOW)
    found: dict[str, str] = {}
    if "territoire" in titles:
        found["territoire"] = veil_style(titles["territoire"], outline=rgb(INK))
    if "pourtour" in titles:
        found["pourtour"] = qml(around, titles["pourtour"], labeling=names, told=("code_insee",))
    return found


def veil_style(titles: Mapping[str, str], *, outline: str = "0,0,0,0") -> str:
    """Return the QML of a veil over what lies outside the territory, with its outline if given."""
    veil = inverted(single("fill", fill(clear(BEYOND, _VEIL), outline, width=0.5)))
    return qml(veil, titles, told=("communes",))


def outline_style(titles: Mapping[str, str]) -> str:
    """Return the QML of the outline of the territory alone."""
    drawn = fill("0,0,0,0", rgb(INK), width=0.5)
    return qml(single("fill", drawn), titles, told=("communes",))


def limit_layers(
    territory: Territory, groups: pd.Series | None, grouping: str, study: str
) -> list[tuple[Layer, str]]:
    """Return the outline of each group of communes, and its style; none without groups.

    Parameters
    ----------
    groups : by code_insee, the name of the group; a commune without one is in no outline
    grouping : what a group is called
    """
    if groups is None:
        return []
    communes = territory.communes.loc[territory.inside, ["geometry"]]
    own = communes.assign(group=groups).dropna(subset="group").astype({"group": str})
    shapes = own[own["group"] != ""].dissolve(by="group").reset_index()
    titles = {"group": grouping.capitalize()}
    style = qml(single("fill", fill("0,0,0,0", rgb(BOUNDARY), width=0.6)), titles,
                headline="group", told=())  # fmt: skip
    said = labels.text("themes.layer_groups", study=study, grouping=grouping)
    return [(Layer("groupes", shapes, titles, said), style)] if len(shapes) else []
