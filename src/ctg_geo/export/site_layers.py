"""A plan of sites as layers that open styled: all candidates, and where each site's people are."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.layers import Layer
from ctg_geo.export.palettes import BEYOND, FALLS, GREY, PLACE, RULE
from ctg_geo.export.place_layers import place_layers
from ctg_geo.export.qml import categorised, fill, line, marker, qml, rgb, single, sized, symbol
from ctg_geo.export.qml_labels import NAME_CUT, NAMES_BELOW, written
from ctg_geo.export.site_words import said
from ctg_geo.export.sites_told import SitesTold
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "PLANNED",
    "STATES",
    "brought_table",
    "candidate_marks",
    "candidate_table",
    "site_layers",
    "title_of",
]

STATES: Final = ("opened", "forced", "possible", "forbidden", "idle")
PLANNED: Final = ("opened", "forced")
_SIGNS: Final = {"opened": (PLACE, 5.2, "star"), "forced": (PLACE, 5.2, "star"),
                 "possible": (GREY, 1.8, "disc"), "forbidden": (GREY, 2.6, "cross"),
                 "idle": (RULE, 2.2, "ring")}  # fmt: skip


def candidate_table(told: SitesTold) -> "gpd.GeoDataFrame":
    """Return all candidates, what became of each, and what those opened bring."""
    table = told.table.rename_axis("candidate_id").reset_index()
    table["state_label"] = [said(f"state.{each}") for each in table["state"]]
    table["kind"] = [said(f"kind.{each}") for each in table["kind"]]
    columns = ["candidate_id", "nom", "commune", "code_insee", "kind", "state", "state_label",
               "size", "cost", "people", "gained", "instead", "price"]  # fmt: skip
    made: gpd.GeoDataFrame = table[[*columns, "geometry"]]
    return made.assign(estimated=told.basis.cell)


def brought_table(told: SitesTold) -> pd.DataFrame:
    """Return one row a site and commune: people brought within the norm, places they get."""
    rows = [
        (each.key, each.nom, one.code, one.nom, one.people, one.gained)
        for each in told.sites for one in each.brought
    ]  # fmt: skip
    names = ["candidate_id", "nom", "code_insee", "commune", "people", "gained"]
    table = pd.DataFrame(rows, columns=names)
    return table.astype({"people": float, "gained": float}).assign(estimated=told.basis.cell)


def title_of(told: SitesTold, name: str) -> str:
    """Return what a column is called."""
    if not told.on_access and labels.has(f"site.columns.{name}_trips"):
        name = f"{name}_trips"
    if labels.has(f"site.columns.{name}"):
        return said(f"columns.{name}", people=told.service.people_label, unit=told.service.unit)
    return labels.text(f"columns.{name}")


def site_layers(told: SitesTold, territory: Territory) -> tuple[list[Layer], dict[str, str]]:
    """Return the layers and their styles: candidates, then lines from communes to their site."""
    table = candidate_table(told)
    titles = {str(name): title_of(told, str(name)) for name in table.columns if name != "geometry"}
    style = candidate_marks(told, [each for each in STATES if (table["state"] == each).any()],
                            titles)  # fmt: skip
    layers = [Layer("candidats", table, titles, said("layer_candidates"))]
    styles = {"candidats": style}
    label = told.service.label
    places = place_layers(territory, {told.key: label},
                          labels.text("qgis.layer_equipements", service=label))  # fmt: skip
    for layer, drawn in places:
        layers.append(layer)
        styles[layer.name] = drawn
    lines = _lines(told, territory)
    if len(lines):
        titles = {str(name): title_of(told, str(name)) for name in lines.columns
                  if name != "geometry"}  # fmt: skip
        wide = 'max(0.15, min(1.2, 0.2 * coalesce("gained", 0)))'
        one = symbol("0", "line", sized(line(rgb(FALLS[-1]), width=0.3), wide, "outlineWidth"))
        layers.append(Layer("apports", lines, titles, said("layer_brought")))
        styles["apports"] = qml(categorised("1", [("1", said("layer_brought"), one)]), titles,
                                told=("commune", "people", "gained"))  # fmt: skip
    named = table["code_insee"][table["state"].isin(PLANNED) & (table["nom"] == table["commune"])]
    layer, outline = _communes(territory, list(named))
    return [*layers, layer], {**styles, layer.name: outline}


def candidate_marks(told: SitesTold, states: Sequence[str], titles: Mapping[str, str]) -> str:
    """Return the QML of candidates: a sign for each state; those of the plan tell their size."""
    drawn = [
        (each, said(f"state.{each}"),
         symbol(str(at), "marker", marker(rgb(_SIGNS[each][0]), size=_SIGNS[each][1],
                                          shape=_SIGNS[each][2])))
        for at, each in enumerate(states)
    ]  # fmt: skip
    unit = told.service.unit.replace("'", "''")
    size = f"CASE WHEN \"size\" > 0 THEN '\\n+' || round(\"size\") || ' {unit}' ELSE '' END"
    planned = f'"state" IN ({", ".join(map(repr, PLANNED))})'
    names = written(f'"nom" || {size}', kind="point", size=7.5,
                    by={"Bold": "true", "Show": planned})  # fmt: skip
    return qml(categorised("state", drawn), titles, labeling=names,
               told=("state_label", "size", "people", "price"))  # fmt: skip


def _communes(territory: Territory, named: Sequence[str]) -> tuple[Layer, str]:
    """Return the communes of the territory, as a ground to read the others on.

    Those `named` bear the name of a site that opens: it is not written twice.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    own = territory.communes.loc[territory.inside]
    table = own[["nom"]].rename_axis("code_insee").reset_index()
    made = gpd.GeoDataFrame(table, geometry=own.geometry.to_numpy(), crs=territory.crs)
    titles = {name: labels.text(f"columns.{name}") for name in ("code_insee", "nom")}
    codes = ", ".join(f"'{each}'" for each in sorted(named)) or "''"
    names = written(NAME_CUT, kind="area", size=6.5, closer_than=NAMES_BELOW,
                    by={"Show": f'"code_insee" NOT IN ({codes})'})  # fmt: skip
    style = qml(single("fill", fill(rgb(BEYOND), rgb(RULE))), titles,
                labeling=names, told=("code_insee",))  # fmt: skip
    return Layer("communes", made, titles, said("layer_communes")), style


def _lines(told: SitesTold, territory: Territory) -> "gpd.GeoDataFrame":
    """Return a line from each commune that gains to its site."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)
    from shapely import LineString  # noqa: PLC0415  (heavy)

    table = brought_table(told)
    ways = [
        LineString([territory.points[code], told.table.geometry[key]])
        for code, key in zip(table["code_insee"], table["candidate_id"], strict=True)
    ]
    return gpd.GeoDataFrame(table, geometry=ways, crs=territory.crs)
