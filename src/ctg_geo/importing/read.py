"""A colleague's file, from its bytes to places, with the sheet and the columns found out."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from ctg_geo import labels
from ctg_geo.errors import UnreadableFileError
from ctg_geo.importing.grid import Grid
from ctg_geo.importing.guessing import Guess, guessed, obeyed
from ctg_geo.importing.header import Body, body, title_score
from ctg_geo.importing.headings import REPORT, fields_of
from ctg_geo.importing.imported import Imported
from ctg_geo.importing.mapping import ORDER, ImportMapping, PlaceField, TableRules
from ctg_geo.importing.opening import Opened, opened
from ctg_geo.importing.places import Context, places_of
from ctg_geo.quality import Finding

__all__ = ["import_places"]

_TITLES: Final = 2.0  # known titles that make a sheet a list of places
_ALSO = ("twins", "hours", "capacity", "help")  # sheets beside that of the rows to mend


def import_places(
    path: str | Path,
    *,
    mapping: ImportMapping | None = None,
    sheet: str | None = None,
    context: Context | None = None,
) -> Imported:
    """Import places from a spreadsheet or a layer of a colleague.

    Parameters
    ----------
    path : CSV, Excel (.xlsx, .xlsm, .xls), OpenDocument (.ods), GeoJSON or GeoPackage
    mapping : what a person has corrected; its columns, if any, are obeyed and nothing is guessed
    sheet : sheet or layer to read, where the file has several
    context : communes and services of the study, and who finds addresses

    Raises
    ------
    MissingFileError, UnreadableFileError, ConfigError, MissingColumnError, MissingCrsError
        If the file is not there, dangerous, damaged, or is no list; or the mapping does not fit.
    """
    rules, given = mapping or ImportMapping(), context or Context()
    file = opened(Path(path), sheet=sheet or (rules.table.sheet if _is_geo(Path(path)) else None))
    chosen = _chosen(file, sheet, rules.table.sheet)
    table = _body(chosen, file.name, rules)
    if rules.columns is None:
        guesses = guessed(table, given.known)
    else:
        guesses = obeyed(table, rules.columns, file.name)
    filled = rules.model_copy(update={"table": _table(table), "columns": _columns(guesses)})
    made = places_of(file.name, table, guesses, filled, given)
    findings = [*file.findings, *_said(table, file), *_doubts(guesses, file), *made.findings]
    return replace(made, findings=findings)


def _is_geo(path: Path) -> bool:
    return path.suffix.lower() in (".gpkg", ".geojson", ".json")


def _chosen(file: Opened, sheet: str | None, in_mapping: str | None) -> Grid:
    """Return the sheet named, else the only one that looks like a list of places."""
    if file.kind in ("text", "layer"):
        return file.grids[0]
    named = {each.sheet: each for each in file.grids}
    if sheet is not None and sheet not in named:
        raise UnreadableFileError("import_sheet", file=file.name, sheet=sheet, sheets=list(named))
    wanted = sheet or in_mapping
    if wanted in named:
        return named[str(wanted)]
    filled = [each for each in file.grids if each.filled and not each.hidden]
    if not filled:
        hidden = [each.sheet for each in file.grids if each.filled]
        reason = "import_hidden" if hidden else "no_rows"
        raise UnreadableFileError(reason, file=file.name, sheets=hidden)
    likely = [each for each in filled if title_score(each) >= _TITLES] or filled
    reports = [each for each in likely if _is_report(each)]
    if len(reports) == 1 or len(likely) == 1:
        return (reports or likely)[0]
    sheets = [each.sheet for each in likely]
    raise UnreadableFileError("import_sheets", file=file.name, sheets=sheets)


def _is_report(each: Grid) -> bool:
    first = each.rows[each.filled[0]]
    return any(field.startswith(REPORT) for title in first if title for field in fields_of(title))


def _body(grid: Grid, name: str, rules: ImportMapping) -> Body:
    """Find the table; a row of titles that a mapping names serves only where its columns are."""
    row, columns = rules.table.header_row, set((rules.columns or {}).values())
    if row is None or not columns:
        return body(grid, name, header_row=row)
    try:
        said = body(grid, name, header_row=row)
    except UnreadableFileError:
        return body(grid, name)
    return said if columns <= set(said.titles) else body(grid, name)


def _table(table: Body) -> TableRules:
    return TableRules(sheet=table.grid.sheet or None, header_row=table.header + 1)


def _columns(guesses: tuple[Guess, ...]) -> dict[PlaceField, str]:
    found = {each.field: each.column for each in guesses}
    return {field: found[field] for field in ORDER if field in found}


def _doubts(guesses: tuple[Guess, ...], file: Opened) -> list[Finding]:
    """Tell of the columns that another fits as well as."""
    return [
        Finding("warning", "import_ambiguous", file.name, facts={
            "column": each.column, "rivals": list(each.rivals),
            "field": labels.text(f"import.field.{each.field}"),
        })
        for each in guesses if each.rivals
    ]  # fmt: skip


def _said(table: Body, file: Opened) -> list[Finding]:
    """Tell of the sheets left, hidden rows, formulas and control signs."""
    chosen, findings = table.grid, list[Finding]()
    own = {labels.text(f"import.sheet.{key}") for key in _ALSO} if _is_report(chosen) else set()
    for each in file.grids:
        if each is not chosen and each.filled and each.sheet not in own:
            key = "import_sheet_hidden" if each.hidden else "import_sheet_left"
            facts = {"sheet": each.sheet, "count": len(each.filled)}
            findings.append(Finding("warning", key, file.name, facts=facts))
    unseen = [str(at + 1) for at in table.rows if at in chosen.unseen]
    if unseen:
        facts = {"count": len(unseen), "rows": unseen}
        findings.append(Finding("warning", "import_rows_unseen", file.name, facts=facts))
    if chosen.formulas:
        facts = {"count": chosen.formulas}
        findings.append(Finding("info", "import_formulas", file.name, facts=facts))
    if chosen.cleaned:
        facts = {"count": chosen.cleaned}
        findings.append(Finding("info", "import_cleaned", file.name, facts=facts))
    if any(span.left == span.right for span in chosen.spans):
        findings.append(Finding("info", "import_merged", file.name))
    return findings
