"""A page for each commune: what is within reach, what lacks, and what is not sure."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ctg_geo import labels
from ctg_geo.documents.cells import decimals_of, said
from ctg_geo.documents.grounds import estimates, origins
from ctg_geo.documents.parts import (
    Block,
    Document,
    Figure,
    Heading,
    Listing,
    PageBreak,
    Paragraph,
    Table,
)
from ctg_geo.documents.pictures import picture
from ctg_geo.documents.results import Results, ServiceResults
from ctg_geo.documents.services import known_in_part
from ctg_geo.parameters import Service
from ctg_geo.words import fold

__all__ = ["commune_sheets"]

_MAP_WIDTH = 0.85  # of the width of the text
_WIDTHS = (3.4, 2.4, 1.1, 1.1, 1.0, 1.0, 1.0)
_TITLES = ("service", "nearest", "minutes", "access", "missing", "verdict", "certainty")
_FIGURES = ("nearest_place", "nearest_min", "access_per_100", "missing", "below", "certainty_label")


def commune_sheets(results: Results) -> Document:
    """Bind a page a commune, in the order of their names."""
    tables = {each.key: each.communes.table.set_index("code_insee") for each in results.services}
    first = next(iter(tables.values()))
    mapped = next((each for each in results.services if each.judged), results.services[0])
    partial = frozenset(each.key for each in results.services if known_in_part(each.published))
    blocks: list[Block] = []
    for code in first.sort_values("nom", key=lambda names: names.map(fold)).index:
        blocks += [PageBreak()] if blocks else []
        blocks += _sheet(results, tables, str(code), mapped, partial)
    return Document(
        labels.text("documents.sheets_title", study=results.study),
        labels.text("documents.sheets_subtitle"), tuple(blocks), _maps(mapped), compact=True,
    )  # fmt: skip


def _maps(service: ServiceResults) -> dict[str, bytes]:
    """Draw each commune among its neighbours."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    from ctg_geo.export.situating import situating_maps  # noqa: PLC0415  (heavy)

    communes = gpd.read_file(service.published.folder / "ctg.gpkg", layer="communes")
    declared = Service.model_validate(dict(service.declared))
    with tempfile.TemporaryDirectory(prefix="ctg-") as made:
        drawn = situating_maps(communes.set_index("code_insee"), declared, Path(made))
        return {_map_of(code): picture(path) for code, path in drawn}


def _map_of(code: str) -> str:
    return f"situation_{code}.png"


def _sheet(
    results: Results, tables: Mapping[str, pd.DataFrame], code: str, mapped: ServiceResults,
    partial: frozenset[str],
) -> Iterator[Block]:  # fmt: skip
    found = _of(tables, results.services[0].key, code)
    yield Heading(1, labels.text("documents.sheet_commune", commune=found["nom"], code=code))
    yield Paragraph(_people(results, found), "lead")
    facts = {"commune": found["nom"], "service": mapped.label,
             "said": _of(tables, mapped.key, code)["class_label"]}  # fmt: skip
    yield Figure(_map_of(code), labels.text("documents.alt_situation", "fr", **facts),
                 labels.text("documents.situation", "fr", **facts), _MAP_WIDTH)  # fmt: skip
    rows = [_row(each, _of(tables, each.key, code), partial) for each in results.services]
    titles = [labels.text(f"documents.sheet_{each}") for each in _TITLES]
    caption = labels.text("documents.sheet_services", commune=found["nom"])
    yield Table(caption, titles, rows, (False, False, True, True, True, False, False), _WIDTHS)
    if partial:
        yield Paragraph(labels.text("documents.sheet_in_part"), "note")
    judged = [each for each in results.services if each.judged]
    whys = [_of(tables, each.key, code)["why"] for each in judged]
    if judged:
        yield Listing(tuple(
            labels.text("documents.sheet_why", service=each.label, why=why)
            for each, why in zip(judged, whys, strict=True)
        ))  # fmt: skip
    estimated = estimates(results)
    if estimated:
        yield Paragraph(estimated, "caution")
    yield Paragraph(labels.text("documents.sheet_sources", names=origins(results.folders)), "note")


def _of(tables: Mapping[str, pd.DataFrame], key: str, code: str) -> pd.Series:
    """Return the row of a commune."""
    return tables[key].loc[[code]].iloc[0]


def _people(results: Results, found: pd.Series) -> str:
    """Say how many live there, and in which group of communes."""
    groups: Mapping[str, Any] = results.services[0].published.study["groups"]
    name = next(iter(groups), None)
    if name is None or name not in found.index:
        return labels.text("documents.sheet_alone", population=found["population"])
    return labels.text("documents.sheet_people", population=found["population"],
                       grouping=groups[name]["label"], group=found[name])  # fmt: skip


def _row(service: ServiceResults, found: pd.Series, partial: frozenset[str]) -> tuple[str, ...]:
    """Say what is within reach; `partial` are services whose places may be in no file."""
    cells = [
        said(found.get(name), 1 if name == "access_per_100" else decimals_of(name))
        if service.judged or name in {"nearest_place", "nearest_min"} else "–"
        for name in _FIGURES
    ]  # fmt: skip
    if service.judged and found["below"] in (labels.text("words.yes"), labels.text("words.no")):
        missed = found["below"] == labels.text("words.yes")
        cells[4] = labels.text("documents.sheet_missed" if missed else "documents.sheet_met")
    if not service.on_supply:
        cells[2] = cells[3] = "–"
    if pd.isna(found.get("nearest_min")):
        cells[1] = str(found["nearest_status"])
    way = labels.text("documents.sheet_way", service=service.label, way=service.way)
    return (labels.text("documents.sheet_marked", service=way) if service.key in partial else way,
            *cells)  # fmt: skip
