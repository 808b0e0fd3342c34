"""The project of a plan of sites: what it opens and for whom, and every place it might have."""

from collections.abc import Sequence
from typing import Final

from ctg_geo import labels
from ctg_geo.export._page_words import Said
from ctg_geo.export.layer import ClassWords, Layer, NamedStyle
from ctg_geo.export.place_layers import PLACES
from ctg_geo.export.qgis.map_page import PageWords
from ctg_geo.export.qgis.project import Project
from ctg_geo.export.qgis.results import results_project
from ctg_geo.export.qgis.scene import Scene, Tables
from ctg_geo.export.scenario_words import norm_words
from ctg_geo.export.site_layers import PLANNED, candidate_marks
from ctg_geo.export.site_words import aim_words, plan_words, rule_words, said, stage_words
from ctg_geo.export.sites_told import SitesTold
from ctg_geo.export.theme_setting import Setting

__all__ = ["sites_project"]

_FILE: Final = "./implantation.gpkg"
_CANDIDATES: Final = "candidats"
_TOLD: Final = 7.6


def sites_project(
    told: SitesTold, setting: Setting, layers: Sequence[Layer], styles: Sequence[NamedStyle]
) -> Project:
    """Return the project that stands beside `implantation.gpkg`.

    Parameters
    ----------
    layers, styles : of the GeoPackage
    """
    held = Tables.of(_FILE, layers, styles)
    table = held.tables[_CANDIDATES]
    here = {str(each) for each in table.table["state"]}
    style = held.styles[_CANDIDATES]
    scenes = []
    if planned := [each for each in PLANNED if each in here]:
        own = ", ".join(f"'{each}'" for each in planned)
        marks = candidate_marks(told, planned, table.titles)
        counts = [int((table.table["state"] == each).sum()) for each in planned]
        words = [said(f"state.{each}") for each in planned]
        only = NamedStyle(_CANDIDATES, "plan", "", marks, tuple(
            ClassWords(name, name, count) for name, count in zip(words, counts, strict=True)
        ))  # fmt: skip
        scenes.append(_scene(told, held, "plan", only, subset=f'"state" IN ({own})'))
    scenes.append(_scene(told, held, "candidates", style))
    title = said("title", title=told.title)
    return results_project(title, labels.text("qgis.about_sites"), setting, held,
                           [(told.service.label, scenes)])  # fmt: skip


def _scene(
    told: SitesTold, held: Tables, view: str, style: NamedStyle, *, subset: str = ""
) -> Scene:
    """Return a map of candidates: with the plan, whom its sites serve too."""
    name = labels.text(f"qgis.view_site_{view}")
    label = told.service.label
    under = [held.layer(PLACES, title=labels.text("qgis.layer_equipements", service=label))
             ] if PLACES in held.tables else []  # fmt: skip
    if subset and "apports" in held.tables:
        under.append(held.layer("apports"))
    layer = held.layer(_CANDIDATES, key=f"{_CANDIDATES}_{view}", title=name, style=style.qml,
                       subset=subset)  # fmt: skip
    return Scene(
        name, layer, style, labels.text("qgis.sites_legend"), _words(told, name), (),
        ("A4", "A3") if subset else ("A4",), under=(*under, held.layer("communes")),
        keyed=len(under), counted="qgis.site_count",
    )  # fmt: skip


def _words(told: SitesTold, view: str) -> PageWords:
    first, *rest = plan_words(told)
    norm = labels.text("scenarios.norm", norm=norm_words(told.service),
                       source=told.service.norm_source)  # fmt: skip
    title = labels.text("qgis.title_view", service=told.service.label,
                        view=view[:1].lower() + view[1:])  # fmt: skip
    listed = (*rest, *stage_words(told), aim_words(told), rule_words(told))
    return PageWords(
        title, told.study, told.basis.band, told.basis.loud, (Said(first, 11, bold=True),), (),
        tuple(Said(line, _TOLD) for line in listed),
        (norm, told.basis.foot),
    )  # fmt: skip
