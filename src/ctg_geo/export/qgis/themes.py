"""The project of a run over all themes: a group for each, with its services, pages and sheets."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.chapters import Chapter
from ctg_geo.export.kinds import Kinds
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.palettes import AROUND, RULE
from ctg_geo.export.place_layers import PLACES
from ctg_geo.export.qgis.items import Page
from ctg_geo.export.qgis.legend import Legend
from ctg_geo.export.qgis.project import (
    Extent,
    Group,
    MapLayer,
    Project,
    View,
    padded_extent,
)
from ctg_geo.export.qgis.results import OVER, UNDER, ground_in
from ctg_geo.export.qgis.rows import Column
from ctg_geo.export.qgis.scene import Tables, groups_of, pages_of
from ctg_geo.export.qgis.scenes import (
    KINDS,
    THEMES_FILE,
    chapter_scenes,
    kinds_scene,
    theme_scenes,
)
from ctg_geo.export.qgis.service import ServiceKit
from ctg_geo.export.qgis.sheet_page import SheetWords, sheet_page
from ctg_geo.export.qgis.spotlight import here_style, places_style, spotlight_style
from ctg_geo.export.qml import fill, qml, rgb, single
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels
from ctg_geo.export.theme_places import places_of
from ctg_geo.export.theme_setting import Setting
from ctg_geo.export.theme_words import ThemeState

__all__ = ["all_sheets", "themes_project"]

_LINES: Final = {"theme_head": 40.0, "service": 52.0, "minutes": 21.0, "access": 20.0,
                 "norm": 22.0, "missing": 17.0}  # fmt: skip
_HEADINGS: Final = {"norm": "sheets.norm_column", "theme_head": "sheets.theme"}
_RIGHT: Final = ("minutes", "access", "missing")


def all_sheets(kits: Sequence[ServiceKit], states: Sequence[ThemeState], study: str) -> Layer:
    """Return the sheets of communes over all services: by commune, a line for each service."""
    themes = {each.key: state.theme.label for state in reversed(states) for each in state.services}
    columns = ["code_insee", "line", "theme", *_LINES]
    parts, said = list[pd.DataFrame](), set[str]()
    for line, kit in enumerate(kits):
        theme = themes[kit.key]
        head = "" if theme in said else theme  # once on a sheet
        said.add(theme)
        parts.append(kit.lines.assign(line=line, theme=theme, theme_head=head, service=kit.label))
    every = pd.concat(parts).rename_axis("code_insee").reset_index() if parts else pd.DataFrame(
        {each: pd.Series(dtype=object) for each in columns}
    )  # fmt: skip
    table = every.sort_values(["code_insee", "line"], kind="stable")[columns]
    titles = {each: _heading(each) for each in columns} | {
        "theme_head": labels.text("sheets.theme_head")
    }
    about = labels.text("layers.fiches", study=study)
    return Layer("fiches", table.reset_index(drop=True), titles, about)


def _heading(column: str) -> str:
    return labels.text(_HEADINGS.get(column, f"sheets.{column}"))


def themes_project(
    states: Sequence[ThemeState],
    setting: Setting,
    *,
    layers: Sequence[Layer],
    styles: Sequence[NamedStyle],
    kits: Sequence[ServiceKit],
    chapters: Sequence[Chapter],
    kinds: Kinds,
) -> Project:
    """Return the project that stands beside `themes.gpkg`.

    Parameters
    ----------
    layers, styles : of the GeoPackage
    kits : of the services that were diagnosed
    chapters, kinds : the analyses of the study, and kinds of communes
    """
    held = Tables.of(THEMES_FILE, layers, styles)
    inside = setting.territory.communes.loc[setting.territory.inside]
    extent = padded_extent(inside.total_bounds)
    ground = ground_in(held, setting.grouping)
    by_key = {each.key: each for each in kits}
    made = [(state.theme.label, theme_scenes(state, setting, held, by_key)) for state in states]
    analyses = [*chapter_scenes(chapters, held), kinds_scene(kinds, setting, held, kits)]
    made.append((labels.text("qgis.analyses"), analyses))
    own = _sheet_layers(held)
    scenes = [scene for _, group in made for scene in group]
    tree: tuple[MapLayer | Group, ...] = (
        Group(labels.text("qgis.sheets"), tuple(own.values()), expanded=False),
        *(ground[name] for name in OVER if name in ground),
        *groups_of(made),
        *(ground[name] for name in UNDER if name in ground),
    )
    services = list(dict.fromkeys(each.key for state in states for each in state.services))
    atlas = _atlas(setting, own, ground, extent, kits, services)
    return Project(
        title=labels.text("qgis.title_themes", study=setting.study),
        abstract=labels.text("qgis.about_themes"), crs=str(setting.territory.crs),
        extent=extent, tree=tree,
        views=(*(scene.view(ground) for scene in scenes), *_sheet_views(own, ground)),
        layouts=(*pages_of(scenes, ground, extent), atlas), variables={},
    )  # fmt: skip


def _sheet_layers(held: Tables) -> dict[str, MapLayer]:
    """Return what only sheets draw: all places, the veil, the commune, plain communes, lines."""
    titles = held.tables[KINDS].titles
    plain = qml(single("fill", fill(rgb(AROUND), rgb(RULE), width=0.25)), titles,
                labeling=place_labels(closer_than=NAMES_BELOW))  # fmt: skip
    ways = {"fiche_voile": spotlight_style(titles), "fiche_repere": here_style(titles),
            "fiche_communes": plain}  # fmt: skip
    found = {}
    if PLACES in held.tables:
        services = [each.said for each in held.styles[PLACES].classes]
        style = places_style(services, held.tables[PLACES].titles)
        found[PLACES] = held.layer(PLACES, title=labels.text("qgis.all_places"), style=style)
    found |= {
        key: held.layer(KINDS, key=key, title=labels.text(f"qgis.{key}"), style=style)
        for key, style in ways.items()
    }
    lines = held.tables["fiches"]
    style = qml(ET.Element("renderer-v2", type="nullSymbol"), lines.titles)
    found["fiches"] = held.layer("fiches", title=labels.text("qgis.layer_fiches"), style=style)
    return found


def _sheet_views(own: Mapping[str, MapLayer], ground: Mapping[str, MapLayer]) -> tuple[View, View]:
    sheet = {PLACES, "fiche_voile", "fiche_communes"} & own.keys()
    beside = {"groupes", "pourtour"} & ground.keys()
    return (
        View(labels.text("qgis.view_sheet"), frozenset(sheet | beside)),
        View(labels.text("qgis.view_where"), frozenset({"fiche_repere", *ground})),
    )


def _atlas(
    setting: Setting, own: Mapping[str, MapLayer], ground: Mapping[str, MapLayer], extent: Extent,
    kits: Sequence[ServiceKit], services: Sequence[str],
) -> ET.Element:  # fmt: skip
    """Return the sheets of communes over all services."""
    drawn = places_of(setting.territory, services)["source"].astype(str)
    sources = dict.fromkeys((*setting.sources, *drawn))
    key = [*(Legend(own[each]) for each in (PLACES,) if each in own),
           *(Legend(ground[each], said={0: labels.text("qgis.around_short")})
             for each in ("pourtour",) if each in ground)]  # fmt: skip
    words = SheetWords(
        service=labels.text("sheets.all_services"), place=setting.study, verdict="", why="",
        norm="", figures=labels.text("sheets.services"),
        columns=[Column(each, _heading(each), wide, right=each in _RIGHT)
                 for each, wide in _LINES.items()],
        caveat=labels.text("sheets.caveat") if any(each.said.caveat for each in kits) else "",
        loud=next((each.said.loud for each in kits if each.said.loud), ""),
        foot=(labels.text("sheets.reading"),
              labels.text("map.sources", sources=" ; ".join(sources))),
    )  # fmt: skip
    return sheet_page(
        Page(labels.text("qgis.layout_sheets")), words, communes=own["fiche_communes"],
        rows=own["fiches"], extent=extent, key=key, lines=len(kits),
        own_key=True,
        views=(labels.text("qgis.view_sheet"), labels.text("qgis.view_where")),
    )  # fmt: skip
