"""`resultats.xlsx`: a sheet a service, cells that are numbers, and a legend of every column."""

import re
from collections.abc import Iterator
from typing import Final

import pandas as pd

from ctg_geo import labels
from ctg_geo.documents.cells import decimals_of
from ctg_geo.documents.published import Layer, read_layer
from ctg_geo.documents.results import Results, ServiceResults
from ctg_geo.export.workbook import Sheet, workbook

__all__ = ["results_workbook"]

_LONGEST: Final = 31  # signs in the name of a sheet
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_WIDE: Final = 40
_LAYERS: Final = ("groupes", "zones", "equipements", "constats")


def results_workbook(results: Results) -> bytes:
    """Return the workbook; a run of one service has its groups, areas, places and findings too."""
    sheets = list(_sheets(results))
    return workbook([_read_me(results), *sheets, _legend(results)])


def _sheets(results: Results) -> Iterator[Sheet]:
    names = _names([each.label for each in results.services])
    for service, name in zip(results.services, names, strict=True):
        yield _sheet(name, service.communes)
    if len(results.services) == 1:
        geopackage = results.services[0].published.folder / "ctg.gpkg"
        for name in _LAYERS:
            layer = read_layer(geopackage, name)
            if layer is not None and len(layer.table):
                yield _sheet(name.capitalize(), layer)


def _sheet(name: str, layer: Layer) -> Sheet:
    columns = list(layer.table.columns)
    rows = [
        ["" if pd.isna(value) else value for value in row]
        for row in layer.table.itertuples(index=False, name=None)
    ]
    widths = [_width(layer.table[each], layer.titles[each]) for each in columns]
    formats = [_format(layer.table[each], each) for each in columns]
    return Sheet(name, [layer.titles[each] for each in columns], rows, widths, formats, pinned=2)


def _width(column: pd.Series, title: str) -> int:
    longest = max((len(str(value)) for value in column.dropna()), default=0)
    if column.dtype.kind in "fiu":
        return max(10, min(_WIDE, len(title) // 3))
    return max(10, min(_WIDE, longest + 2))


def _format(column: pd.Series, name: str) -> str:
    """Return the format of numbers of a column; the program writes the marks of its language."""
    if column.dtype.kind not in "fiu":
        return ""
    decimals = decimals_of(name)
    return "#,##0" if decimals == 0 else "#,##0." + "0" * decimals


def _names(said: list[str]) -> list[str]:
    """Make names that a workbook takes: short, without signs that it forbids, each once."""
    made: list[str] = []
    for each in said:
        short = _FORBIDDEN.sub(" ", each)[:_LONGEST].strip()
        number = 2
        while short in made:
            short = f"{short[: _LONGEST - 4].strip()} ({number})"
            number += 1
        made.append(short)
    return made


def _read_me(results: Results) -> Sheet:
    lines: list[list[str | float]] = []
    for service in results.services:
        lines += [[service.label, line.strip()] for line in service.published.lines("synthese.txt")]
    title = labels.text("legend.intro", study=results.study)
    return Sheet(labels.text("legend.read_me"), [labels.text("documents.sheet_service"), title],
                 lines, [30, 130])  # fmt: skip


def _legend(results: Results) -> Sheet:
    rows: dict[tuple[str | float, ...], None] = {}
    for service in results.services:
        for column, title in service.communes.titles.items():
            rows[(title, column, _decimals(service, column), _meaning(column))] = None
    titles = [labels.text(f"legend.columns_{each}")
              for each in ("title", "name", "decimals", "meaning")]  # fmt: skip
    return Sheet(
        labels.text("legend.title"), titles, [list(row) for row in rows], [50, 24, 12, 110]
    )


def _decimals(service: ServiceResults, column: str) -> str | float:
    return decimals_of(column) if service.communes.table[column].dtype.kind in "fiu" else ""


def _meaning(column: str) -> str:
    """Say what a column means; what is not in the legend tells a group or another mode."""
    mode = re.sub(r"^(nearest_min|nearest_status)_.*", r"\1_mode", column)
    care = re.sub(r"^(gap_distance|gap_saturation|places_to_add)_.*", r"\1_care", column)
    access = re.sub(r"^access_.+_per_100$", "access_care", column)
    for name in (column, mode, care, access):
        if labels.has(f"legend.meaning.{name}"):
            return labels.text(f"legend.meaning.{name}")
    return labels.text("legend.meaning.group")
