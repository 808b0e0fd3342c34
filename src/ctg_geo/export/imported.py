"""An import in words and in files: places, rows to mend, mapping, and a ready source."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.export.folder import write_whole
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import Layer
from ctg_geo.export.tables import spreadsheet
from ctg_geo.export.workbook import Sheet, workbook
from ctg_geo.importing import Guess, Imported, Refused, mapping_toml
from ctg_geo.provenance import InputFile
from ctg_geo.quality import by_severity, to_frame

__all__ = ["IMPORT_OUTPUTS", "import_summary", "write_import_folder"]

IMPORT_OUTPUTS = (
    "equipements.csv", "equipements.gpkg", "a_corriger.xlsx", "correspondance.toml",
    "source.toml", "synthese.txt", "constats.csv", "manifest.json",
)  # fmt: skip

_SHOWN: Final = (
    "equipement_id", "service", "nom", "code_insee", "address", "lon", "lat", "capacity",
    "capacity_unit", "capacity_status", "capacity_mask", "location_status", "location_method",
    "location_score",
    "location_found", "delivery", "hours_per_week", "hours_status", "hours", "source",
)  # fmt: skip
_READ: Final = (
    "equipement_id", "service", "nom", "code_insee", "lon", "lat", "capacity", "capacity_status",
    "location_status", "delivery", "hours_per_week",
)  # fmt: skip
_DECIMALS: Final = {"lon": 7, "lat": 7, "location_score": 2, "hours_per_week": 2}
_REPORT: Final = ("file", "sheet", "row", "column", "value", "why", "mend")
_WIDTHS: Final = (20, 14, 8, 22, 26, 48, 60)


def write_import_folder(
    out: Path,
    imported: Imported,
    *,
    inputs: Sequence[InputFile],
    parameters: Mapping[str, object],
    crs: str,
    study: Path | None = None,
) -> tuple[str, ...]:
    """Write every output of an import into a folder, whole or not at all.

    Parameters
    ----------
    crs : of the table's x and y
    study : folder of the study's file, which paths in it start from; None where none is known

    Raises
    ------
    OutputError
        If the folder or a file cannot be written; a former import stays as it was.
    """

    def make(staging: Path) -> None:
        lines = import_summary(imported)
        (staging / "equipements.csv").write_bytes(_places_csv(imported))
        write_geopackage(staging / "equipements.gpkg", [_layer(imported, crs)], {})
        (staging / "a_corriger.xlsx").write_bytes(_to_mend(imported))
        (staging / "correspondance.toml").write_text(_mapping(imported), encoding="utf-8")
        source = _source(imported, _path_from(study, out / "equipements.csv"))
        (staging / "source.toml").write_text(source, encoding="utf-8")
        (staging / "synthese.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        ordered = by_severity(imported.findings)
        told = to_frame(ordered, {})
        (staging / "constats.csv").write_bytes(
            spreadsheet(told, lambda name: labels.text(f"columns.{name}"), {})
        )

    return write_whole(
        out, IMPORT_OUTPUTS, make, inputs=inputs, ledgers=[imported.ledger], parameters=parameters
    )


def import_summary(imported: Imported) -> list[str]:
    """Say in a few French sentences what was read, taken, refused, and why."""
    ledger = imported.ledger
    refused = ledger.set_aside.get("refused", 0)
    aside = sum(ledger.set_aside.values()) - refused
    key = "import.rows_of_sheet" if imported.sheet else "import.rows"
    lines = [labels.text(
        key, file=imported.file, sheet=imported.sheet, read=ledger.read, used=ledger.used,
        refused=refused, aside=aside,
    )]  # fmt: skip
    other = ledger.set_aside.get("other_table", 0)
    if other:
        lines.append("  " + labels.text("import.other_table", count=other))
    lines += [
        "  " + labels.text("import.unseen", count=each.facts["count"])
        for each in imported.findings if each.key == "import_rows_unseen"
    ]  # fmt: skip
    lines += [
        "  " + labels.text(f"import.method.{method}", count=int(count))
        for method, count in imported.table["location_method"].value_counts().sort_index().items()
    ]
    reasons = pd.Series(
        [problem.reason for row in imported.refused for problem in row.problems], dtype=object
    )
    lines += [
        "  " + labels.text("import.reason_count", count=int(count),
                           why=labels.text(f"import.short.{reason}"))
        for reason, count in reasons.value_counts().sort_index().items()
    ]  # fmt: skip
    if imported.twins:
        lines.append("  " + labels.text("import.twins", count=len(imported.twins)))
    return lines


def _places_csv(imported: Imported) -> bytes:
    table = _worded(imported)
    table["capacity"] = _capacities(table)
    return spreadsheet(pd.DataFrame(table[list(_SHOWN)]), _title, _DECIMALS)


def _worded(imported: Imported) -> pd.DataFrame:
    """Write statuses and modes in the words of the titles; the reader of places knows both."""
    words = {
        **dict.fromkeys(("capacity_status", "location_status", "hours_status"), "status"),
        "delivery": "delivery", "location_method": "import.placed",
    }  # fmt: skip
    table = imported.table.reset_index()
    for column, key in words.items():
        table[column] = [labels.text(f"{key}.{word}", "fr") for word in table[column]]
    return table


def _capacities(table: pd.DataFrame) -> list[str]:
    """Write numbers as needed, nothing for the others: their status and their mask say why."""
    return [
        "" if np.isnan(value) else f"{value:.10g}".replace(".", ",") for value in table["capacity"]
    ]


def _layer(imported: Imported, crs: str) -> Layer:
    import geopandas as gpd  # noqa: PLC0415  (heavy)
    import shapely  # noqa: PLC0415

    table = _worded(imported)
    points = np.full(len(table), None, dtype=object)
    there = table["x"].notna().to_numpy()
    points[there] = shapely.points(table[["x", "y"]].to_numpy(np.float64)[there])
    columns = [name for name in _SHOWN if name not in ("lon", "lat")]
    geometry = gpd.GeoSeries(points, crs=crs)
    layer = gpd.GeoDataFrame(table[columns], geometry=geometry, crs=crs)
    titles = {name: _title(name) for name in columns}
    return Layer("equipements", layer, titles, labels.text("import.layer", file=imported.file))


def _title(name: str) -> str:
    return labels.text(f"import.field.{name}")


def _to_mend(imported: Imported) -> bytes:
    titles = [labels.text(f"import.report.{name}") for name in _REPORT]
    rows = [[*_report(each), *each.cells] for each in imported.refused]
    sheets = [
        Sheet(labels.text("import.sheet.refused"), [*titles, *imported.titles], rows, _WIDTHS),
        _twins(imported),
        *(_unclear(imported, what) for what in ("capacity", "hours")
          if any(each.what == what for each in imported.unclear)),
        Sheet(labels.text("import.sheet.help"), [labels.text("import.sheet.help")],
              [[labels.text(f"import.help.{number}")] for number in range(1, 7)], [100]),
    ]  # fmt: skip
    return workbook(sheets)


def _report(row: Refused) -> list[str | float]:
    columns = dict.fromkeys(problem.column for problem in row.problems if problem.column)
    values = dict.fromkeys(problem.value[:200] for problem in row.problems if problem.value)
    return [
        row.file, row.sheet, row.row, " ; ".join(columns), " ; ".join(values),
        "\n".join(problem.why() for problem in row.problems),
        "\n".join(problem.mend() for problem in row.problems),
    ]  # fmt: skip


def _twins(imported: Imported) -> Sheet:
    titles = [labels.text(f"import.twin.{name}") for name in ("first", "second", "why")]
    rows = []
    for each in imported.twins:
        names = [f"{imported.table['nom'][key]!s} [{key}]" for key in (each.first, each.second)]
        known = "" if np.isfinite(each.metres) else "_unknown"
        why = labels.text(f"import.twin.{each.reason}{known}", metres=each.metres)
        rows.append([*names, why])
    return Sheet(labels.text("import.sheet.twins"), titles, rows, [50, 50, 60])


def _unclear(imported: Imported, what: str) -> Sheet:
    keys = ("place", "where", f"value_{what}", "why")
    titles = [labels.text(f"import.unclear.{name}") for name in keys]
    rows: list[list[str | float]] = [
        [f"{imported.table['nom'][each.place]!s} [{each.place}]", each.row, each.value, each.why]
        for each in imported.unclear
        if each.what == what
    ]
    return Sheet(labels.text(f"import.sheet.{what}"), titles, rows, [50, 8, 30, 80])


def _mapping(imported: Imported) -> str:
    comments = [
        labels.text("import.mapping.1", file=imported.file),
        labels.text("import.mapping.2"),
    ]
    comments += [_guess_line(each) for each in imported.guesses if each.field]
    unused = [each.column for each in imported.guesses if not each.field]
    return mapping_toml(imported.mapping, comments, unused)


def _guess_line(guess: Guess) -> str:
    return f"{guess.column} -> {guess.field} ({guess.explain()})"


def _path_from(study: Path | None, table: Path) -> str:
    """Write the path of the table as the study's file would, where it is known."""
    if study is None:
        return table.name
    try:
        return Path(os.path.relpath(table.resolve(), study.resolve())).as_posix()
    except ValueError:  # on another drive
        return table.resolve().as_posix()


def _source(imported: Imported, path: str) -> str:
    """Write the section that makes the table of places a source of a study."""
    services = sorted(set(imported.table["service"]))
    columns = {name: _title(name) for name in _READ if name != "service" or len(services) != 1}
    said = ", ".join(f"{name} = {_quoted(title)}" for name, title in columns.items())
    unsaid = _quoted(labels.text("import.to_say"))
    lines = [
        f"# {labels.text('import.source' if '/' in path else 'import.source_path')}",
        "[[sources.equipements]]",
        *([f"service = {_quoted(services[0])}"] if len(services) == 1 else []),
        f"path = {_quoted(path)}",
        f"columns = {{ {said} }}",
        *_capacity_each(imported, services),
        'separator = ";"',
        'decimal = ","',
        f"note = {_quoted(labels.text('import.note', file=imported.file))}",
        *(f"{key} = {unsaid}" for key in ("provider", "licence", "vintage")),
    ]
    return "\n".join(lines) + "\n"


def _capacity_each(imported: Imported, services: Sequence[str]) -> list[str]:
    """Propose, as a comment, the capacity to assume where none is known; a person decides."""
    capacity = imported.table["capacity"]
    void = imported.table["capacity_status"] == contracts.NOT_APPLICABLE
    unknown = int((capacity.isna() & ~void).sum())
    if not unknown:
        return []
    known = capacity.dropna()
    units = set(imported.table["capacity_unit"][known.index]) - {""}
    alike = known.sum() > 0 and len(services) == 1 and len(units) <= 1
    value = f"{known.mean():.1f}" if alike else "…"
    why = labels.text("import.to_say")
    if alike:
        why = labels.text("import.capacity_mean", count=len(known), file=imported.file)
    lines = [labels.text(f"import.capacity_each.{nth}", count=unknown) for nth in (1, 2, 3)]
    return [
        *(f"# {line}" for line in lines),
        f"# capacity_each = {{ value = {value}, source = {_quoted(why)} }}",
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
