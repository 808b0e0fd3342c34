"""The project of a diagnosis: what its GeoPackage holds, in views, pages and sheets."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo import labels
from ctg_geo.export import _page_words
from ctg_geo.export.layer import Layer, NamedStyle
from ctg_geo.export.publish import Publication
from ctg_geo.export.qgis.items import FORMATS, Page
from ctg_geo.export.qgis.legend import Legend
from ctg_geo.export.qgis.map_page import Drawing, map_page
from ctg_geo.export.qgis.project import (
    Extent,
    Group,
    MapLayer,
    Project,
    View,
    padded_extent,
)
from ctg_geo.export.qgis.rows import Column
from ctg_geo.export.qgis.service import diagnosis_words
from ctg_geo.export.qgis.sheet_page import SheetWords, sheet_page
from ctg_geo.export.qgis.spotlight import here_style, spotlight_style
from ctg_geo.export.qml import qml
from ctg_geo.export.sheets import sheet_columns, sheet_lines
from ctg_geo.export.surface_style import surface_bounds, surface_style

__all__ = ["SURFACE", "diagnosis_project"]

SURFACE: Final = "temps.tif"
_FILE: Final = "./ctg.gpkg"
_GROUND: Final = ("territoire", "pourtour")
_MARKS: Final = ("equipements", "zones", "qpv")
_LIMITS: Final = ("groupes",)
_DATA: Final = ("points_demande", "routes", "fiches", "constats")
_TIMES: Final = "temps_partout"
_ALWAYS: Final = frozenset({"equipements", "groupes", *_GROUND})


def diagnosis_project(
    publication: Publication,
    layers: Sequence[Layer],
    styles: Sequence[NamedStyle],
    *,
    surface: bool = False,
) -> Project:
    """Return the project that stands beside `ctg.gpkg`.

    Parameters
    ----------
    layers, styles : of the GeoPackage
    surface : whether a surface of times stands beside it
    """
    service = publication.diagnosis.service
    drawn = _map_layers(publication, layers, styles)
    if surface:
        drawn[_TIMES] = _times(publication)
    views = _views(drawn, styles)
    extent = padded_extent(publication.diagnosis.territory.communes.loc[
        publication.diagnosis.territory.inside].total_bounds)  # fmt: skip
    results = [drawn[f"communes_{each.key}"] for each in styles if each.layer == "communes"]
    here = [drawn["fiche_voile"], drawn["fiche_repere"]]
    tree: tuple[MapLayer | Group, ...] = (
        _group("places", [drawn[each] for each in _MARKS if each in drawn]),
        Group(labels.text("qgis.sheets"), tuple(here), expanded=False),
        drawn["territoire"],
        *(drawn[each] for each in _LIMITS if each in drawn),
        Group(service.label, (*results, *(drawn[each] for each in (_TIMES,) if each in drawn))),
        _group("data", [drawn[each] for each in _DATA], expanded=False),
        *(drawn[each] for each in _GROUND[1:] if each in drawn),
    )
    pages = [
        map_page(Page(f"{view.name} — {name}", scale), diagnosis_words(publication, style),
                 _drawing(publication, drawn, style, view.name, extent))
        for style, view in zip(_of_communes(styles), views, strict=False)
        for name, scale in FORMATS.items()
    ]  # fmt: skip
    sheets = _sheets(publication, drawn, styles, extent)
    return Project(
        title=_page_words.title(publication), abstract=_page_words.subtitle(publication),
        crs=str(publication.communes.crs.to_string()), extent=extent,
        tree=tuple(each for each in tree if isinstance(each, MapLayer) or each.held),
        views=views, layouts=(*pages, sheets), variables={},
    )  # fmt: skip


def _group(key: str, held: Sequence[MapLayer], *, expanded: bool = True) -> Group:
    return Group(labels.text(f"qgis.{key}"), tuple(held), expanded=expanded)


def _of_communes(styles: Sequence[NamedStyle]) -> list[NamedStyle]:
    return [each for each in styles if each.layer == "communes"]


def _map_layers(
    publication: Publication, layers: Sequence[Layer], styles: Sequence[NamedStyle]
) -> dict[str, MapLayer]:
    """Return the layers of the project by key: a table in each of its styles."""
    tables = {each.name: each for each in layers}
    found: dict[str, MapLayer] = {}
    styled = {each.layer for each in styles}
    for each in styles:
        layer = tables[each.layer]
        key = f"communes_{each.key}" if each.layer == "communes" else each.layer
        title = each.title or _title(publication, each.layer)
        found[key] = _map_layer(layer, key, title, each.qml)
    for name in set(_DATA) - styled:
        layer = tables[name]
        found[name] = _map_layer(layer, name, _title(publication, name), _plain(layer))
    communes = tables["communes"]
    for key, style in (("fiche_voile", spotlight_style), ("fiche_repere", here_style)):
        title = labels.text(f"qgis.{key}")
        found[key] = _map_layer(communes, key, title, style(communes.titles))
    return found


def _map_layer(layer: Layer, key: str, title: str, style: str) -> MapLayer:
    source = f"{_FILE}|layername={layer.name}"
    return MapLayer(key, title, source, style, layer.geometry, layer.description)


def _times(publication: Publication) -> MapLayer:
    """Return the surface of times, in the classes of the service."""
    service = publication.diagnosis.service
    style = surface_style(surface_bounds(service.time_classes_min, service.max_min))
    return MapLayer(_TIMES, labels.text("qgis.layer_times"), f"./{SURFACE}", style, "Raster")


def _plain(layer: Layer) -> str:
    """Return the style of a table that is read, not drawn."""
    renderer = ET.Element("renderer-v2", type="nullSymbol")
    return qml(renderer, layer.titles, told=("severity", "message"))


def _title(publication: Publication, name: str) -> str:
    service = publication.diagnosis.service
    grouping = publication.grouping
    group = publication.group_labels[grouping] if grouping else ""
    roads = publication.diagnosis.network.schematic and name == "routes"
    return labels.text(
        f"qgis.layer_{name}{'_schematic' if roads else ''}",
        service=service.label, grouping=group, people=service.people_label,
    )  # fmt: skip


def _views(drawn: Mapping[str, MapLayer], styles: Sequence[NamedStyle]) -> tuple[View, ...]:
    """Return a view for each style of the communes, then for areas, for data, and for sheets."""
    always = _ALWAYS & drawn.keys()
    own = _of_communes(styles)
    first = f"communes_{own[0].key}"
    found = [
        View(labels.text(f"qgis.view_{each.key}"), always | {f"communes_{each.key}"})
        for each in own
    ]
    for key, more in (("zones", {"zones"}), ("qpv", {"qpv"})):
        if more <= drawn.keys():
            found.append(View(labels.text(f"qgis.view_{key}"), always | {first} | more))
    if _TIMES in drawn:
        found.append(View(labels.text("qgis.view_times"), always | {_TIMES}))
    found.append(View(labels.text("qgis.view_data"), always | {"routes", "points_demande"}))
    sheet = always - {"territoire"} | {first, "fiche_voile"}
    found.append(View(labels.text("qgis.view_sheet"), frozenset(sheet)))
    where = {"territoire", "pourtour", "groupes", "fiche_repere"} & drawn.keys()
    found.append(View(labels.text("qgis.view_where"), frozenset(where)))
    return tuple(found)


def _drawing(
    publication: Publication, drawn: Mapping[str, MapLayer], style: NamedStyle, view: str,
    extent: Extent,
) -> Drawing:  # fmt: skip
    """Return what a page shows, its legend with the number of communes of each class."""
    said = {
        at: labels.text("qgis.class_count", said=each.said, count=each.count)
        for at, each in enumerate(style.classes)
        if each.count or at < len(publication.classes)
    }
    entries = [
        Legend(drawn[f"communes_{style.key}"], style.title, said),
        *(Legend(drawn[each]) for each in _MARKS[:1]),
        *(Legend(drawn[each]) for each in ("groupes", "pourtour") if each in drawn),
    ]
    return Drawing(view, extent, tuple(entries))


def _sheets(
    publication: Publication, drawn: Mapping[str, MapLayer], styles: Sequence[NamedStyle],
    extent: Extent,
) -> ET.Element:  # fmt: skip
    """Return the sheets of communes."""
    first = _of_communes(styles)[0]
    results = drawn[f"communes_{first.key}"]
    short = {
        at: each.short for at, each in enumerate(first.classes)
        if each.count or at < len(publication.classes)
    }  # fmt: skip
    key = [Legend(results, first.title, short), Legend(drawn["equipements"]),
           *(Legend(drawn[each], said={0: labels.text("qgis.around_short")})
             for each in ("pourtour",) if each in drawn)]  # fmt: skip
    return sheet_page(
        Page(labels.text("qgis.layout_sheets")), _sheet_words(publication), communes=results,
        rows=drawn["fiches"], extent=extent, key=key,
        views=(labels.text("qgis.view_sheet"), labels.text("qgis.view_where")),
        lines=sheet_lines(publication),
    )  # fmt: skip


def _sheet_words(publication: Publication) -> SheetWords:
    """Return what all sheets say, and where each says what is of its own."""
    service, grouping = publication.diagnosis.service, publication.grouping
    titles = sheet_columns(publication)
    place, columns = [publication.study], [("here", 45.0)]
    if grouping is not None:
        group = publication.group_labels[grouping]
        place.append(labels.text("sheets.group", group=group, name=f'[% "{grouping}" %]'))
        columns.append(("in_group", 28.0))
    columns.append(("in_whole", 28.0))
    said, loud = _page_words.caveat(publication)
    key = "sheets.verdict" if service.judged else "sheets.no_verdict"
    return SheetWords(
        service=_page_words.title(publication), place=" — ".join(place),
        verdict=labels.text(key, below=_verdict()),
        why='[% upper(left("why", 1)) || substr("why", 2) %]',
        norm=labels.text("sheets.norm", norm=publication.norm),
        figures=labels.text("sheets.figures"),
        columns=[Column("figure", titles["figure"], 76),
                 *(Column(each, titles[each], wide, right=True) for each, wide in columns)],
        caveat=said, loud=loud, foot=_page_words.foot(publication),
    )  # fmt: skip


def _verdict() -> str:
    """Return what tells, on each sheet, whether the norm is met, and whether that is fragile."""
    met, missed, fragile = (labels.text(f"sheets.{key}") for key in ("met", "missed", "fragile"))
    norm = f"if(\"below\" = '{labels.text('words.yes')}', '{missed}', '{met}')"
    sure = f"if(\"certainty_label\" = '{labels.text('certainty.fragile')}', ' {fragile}', '')"
    return f"[% concat({norm}, {sure}) %]"
