"""`resultats.xlsx`: a sheet a theme, cells that are numbers, and a legend of every column."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import pandas as pd

from ctg_geo import labels
from ctg_geo.documents.cells import decimals_of
from ctg_geo.documents.columns import holds_numbers, meaning_of, status_of, unit_of
from ctg_geo.documents.published import Layer, read_layer
from ctg_geo.documents.results import Results
from ctg_geo.documents.theme_sheets import ThemeTable, theme_tables
from ctg_geo.export.workbook import Sheet, workbook

__all__ = ["results_workbook"]

_LONGEST: Final = 31  # signs in the name of a sheet
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_WIDE: Final = 40
_JOINED: Final = ("code_insee", "identifier", "key")
_LAYERS: Final = ("groupes", "zones", "equipements", "constats")


def results_workbook(results: Results) -> bytes:
    """Return the workbook; a run of one service has its groups, areas, places and findings too."""
    tables = list(theme_tables(results))
    names = _names([each.name for each in tables])
    sheets = [_sheet(name, each.layer, pinned=each.pinned)
              for each, name in zip(tables, names, strict=True)]  # fmt: skip
    sheets += _of_one_service(results)
    return workbook([_read_me(results, tables), *sheets, _legend(tables)])


def _of_one_service(results: Results) -> Iterator[Sheet]:
    if len(results.services) != 1:
        return
    geopackage = results.services[0].published.folder / "ctg.gpkg"
    for name in _LAYERS:
        layer = read_layer(geopackage, name)
        if layer is not None and len(layer.table):
            yield _sheet(name.capitalize(), layer)


def _sheet(name: str, layer: Layer, *, pinned: int = 2) -> Sheet:
    columns = list(layer.table.columns)
    rows = [
        [_cell(value, name) for name, value in zip(columns, row, strict=True)]
        for row in layer.table.itertuples(index=False, name=None)
    ]
    widths = [_width(layer.table[each], layer.titles[each]) for each in columns]
    formats = [_format(layer.table[each], each) for each in columns]
    titles = [layer.titles[each] for each in columns]
    return Sheet(name, titles, rows, widths, formats, pinned=pinned, filtered=True)


def _cell(value: Any, name: str) -> str | float:  # noqa: ANN401
    """Return a value as it is read: text in French print, but what tables are joined by."""
    if pd.isna(value):
        return ""
    if isinstance(value, str) and not (name in _JOINED or name.endswith("_id")):
        return labels.typeset(value)
    return cast("str | float", value)


def _width(column: pd.Series, title: str) -> int:
    longest = max((len(str(value)) for value in column.dropna()), default=0)
    if holds_numbers(column):
        return max(10, min(_WIDE, len(title) // 3))
    return max(10, min(_WIDE, longest + 2))


def _format(column: pd.Series, name: str) -> str:
    """Return the format of numbers of a column; the program writes the marks of its language."""
    if not holds_numbers(column):
        return ""
    decimals = _decimals(name)
    return "#,##0" if decimals == 0 else "#,##0." + "0" * decimals


def _names(said: list[str]) -> list[str]:
    """Make names that a workbook takes: short, without signs that it forbids, each once."""
    made: list[str] = []
    for each in said:
        short = _short(_FORBIDDEN.sub(" ", each))
        number = 2
        while short in made:
            short = f"{short[: _LONGEST - 4].strip()} ({number})"
            number += 1
        made.append(short)
    return made


def _short(said: str) -> str:
    """Cut a name at the end of a word, where it has to be cut."""
    if len(said) <= _LONGEST:
        return said.strip()
    whole = said[: _LONGEST + 1].rsplit(" ", 1)[0].strip()
    return whole if len(whole) > _LONGEST // 2 else said[:_LONGEST].strip()


def _read_me(results: Results, tables: Sequence[ThemeTable]) -> Sheet:
    lines: list[list[str | float]] = []
    for service in results.services:
        lines += [[service.label, line.strip()] for line in service.published.lines("synthese.txt")]
    there = {each.name for each in tables}
    themes = {} if results.whole is None else results.whole.themes
    lines += [[str(each["label"]), labels.text("legend.nothing")]
              for each in themes.values() if each["label"] not in there]  # fmt: skip
    title = labels.text("legend.intro", study=results.study)
    return Sheet(labels.text("legend.read_me"), [labels.text("documents.sheet_service"), title],
                 lines, [30, 130])  # fmt: skip


def _legend(tables: Sequence[ThemeTable]) -> Sheet:
    rows: dict[tuple[str | float, ...], None] = {}
    for each in tables:
        for name in each.layer.table.columns:
            rows[tuple(_told(each.layer, name))] = None
    titles = [labels.text(f"legend.columns_{each}")
              for each in ("title", "name", "unit", "status", "decimals", "meaning")]  # fmt: skip
    return Sheet(labels.text("legend.title"), titles, [list(row) for row in rows],
                 [50, 24, 24, 34, 12, 110], filtered=True)  # fmt: skip


def _told(layer: Layer, name: str) -> list[str | float]:
    """Say what a column is; a text has neither unit, nor status, nor decimals."""
    title, numbers = layer.titles[name], holds_numbers(layer.table[name])
    said = meaning_of(name, numbers=numbers)
    if not numbers:
        return [title, name, "", "", "", said]
    status = status_of(name, layer.titles)
    return [title, name, unit_of(name, title), layer.titles.get(status, ""), _decimals(name), said]


def _decimals(name: str) -> int:
    return decimals_of(name.removeprefix("theme_"))
