"""What a run over all themes shows of one diagnosis: its map, its page, a line of each sheet."""

from dataclasses import dataclass

import pandas as pd

from ctg_geo import labels
from ctg_geo.export import _page_words
from ctg_geo.export._longest import Longest
from ctg_geo.export._page_words import Said
from ctg_geo.export.layer import NamedStyle
from ctg_geo.export.layers import commune_columns
from ctg_geo.export.publish import Publication
from ctg_geo.export.qgis.map_page import PageWords
from ctg_geo.export.qgis_style import RESULT, result_style
from ctg_geo.export.sheets import counted

__all__ = ["ServiceKit", "diagnosis_words", "service_kit"]

_MOST_BESIDE = 4  # groups and the whole, beyond which a page has no room for them


@dataclass(frozen=True, slots=True, eq=False)
class ServiceKit:
    """A diagnosis as a project of all themes shows it.

    `style` is that of the communes of its own GeoPackage, in the folder `key`; the first
    `classes` of it are those of the norm. `lines` is by code_insee, in words: minutes, access,
    norm, missing.
    """

    key: str
    label: str
    style: NamedStyle
    classes: int
    said: PageWords
    lines: pd.DataFrame


def service_kit(publication: Publication) -> ServiceKit:
    """Put a diagnosis into what a project of all themes shows of it."""
    service = publication.diagnosis.service
    titles = {each: publication.title(each) for each in commune_columns(publication)}
    return ServiceKit(
        publication.diagnosis.key, service.label, result_style(publication, titles),
        len(publication.classes), diagnosis_words(publication), _lines(publication),
    )  # fmt: skip


def diagnosis_words(publication: Publication, style: NamedStyle | None = None) -> PageWords:
    """Return the words of the page of a map: those of `carte.png`, under the title of a view."""
    title = _page_words.title(publication)
    if style is not None and style.key != RESULT:
        view = style.title[:1].lower() + style.title[1:]
        service = publication.diagnosis.service.label
        title = labels.text("qgis.title_view", service=service, view=view)
    said, loud = _page_words.caveat(publication)
    measures, rows = _page_words.compared(publication)
    beside = () if not rows else (("", *rows), *zip(measures, *rows.values(), strict=True))
    return PageWords(
        title, _page_words.subtitle(publication), said, loud,
        tuple(_page_words.headline(publication)),
        beside if len(rows) <= _MOST_BESIDE else (), tuple(_listed(publication)),
        _page_words.foot(publication),
    )  # fmt: skip


def _listed(publication: Publication) -> list[Said]:
    """List the worst communes with what they lack, why, and whether the verdict is fragile.

    Where no commune lacks anything, the longest times.
    """
    table, times = _page_words.worst(publication), _page_words.longest_times(publication)
    if times is not None:
        return _longest(times)
    fragile = labels.text("certainty.fragile")
    lines = [] if table.empty else [Said(labels.text("map.worst"), 8.5, bold=True)]
    for at, row in enumerate(table.to_dict("records"), start=1):
        lack = _page_words.lack(publication, row["missing"], row["nearest_min"])
        key = "qgis.listed_fragile" if row["certainty_label"] == fragile else "qgis.listed"
        said = labels.text(key, rank=at, nom=row["nom"], lack=lack)
        lines += [Said(said, 7.4, bold=True), Said(str(row["why"]), 6.4)]
    return lines


def _longest(times: Longest) -> list[Said]:
    """Count the communes beyond the limit, then list the longest times that are known."""
    lines = [Said(times.count, 8.5, bold=True)] if times.count else []
    if not times.known.empty:
        lines.append(Said(times.title, 8.5, bold=True))
    for nom, minutes in times.known[["nom", "nearest_min"]].to_numpy():
        said = labels.text("qgis.listed_time", nom=nom, minutes=minutes)
        lines.append(Said(said, 7.4, bold=times.ranked))
    return lines


def _lines(publication: Publication) -> pd.DataFrame:
    """Return what a sheet says of the service, by commune."""
    table, service = publication.communes, publication.diagnosis.service
    minutes = _written(table["nearest_min"], table["nearest_status"])
    verdicts = {labels.text("words.yes"): labels.text("sheets.not_met_short"),
                labels.text("words.no"): labels.text("sheets.met_short")}  # fmt: skip
    lines = pd.DataFrame({"minutes": minutes, "access": "", "missing": ""}, index=table.index)
    if service.judged_on_supply:
        lines["access"] = _written(table["access_per_100"], table["nearest_status"])
        lines["missing"] = _written(table["missing"], table["missing_status"], 0)
    lines["norm"] = table["below"].map(verdicts).fillna(table["below"])
    return lines[["minutes", "access", "norm", "missing"]].sort_index()


def _written(values: pd.Series, status: pd.Series, decimals: int = 1) -> pd.Series:
    """Write numbers, or why there are none."""
    said = pd.Series([counted(each, decimals) for each in values.astype(float)], index=values.index)
    return said.where(values.notna(), status)
