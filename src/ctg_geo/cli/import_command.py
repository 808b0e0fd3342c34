"""The command that takes in a colleague's spreadsheet."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import screen_for, spoken
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.screen import Screen
from ctg_geo.cli.service_option import one_service
from ctg_geo.cli.waiting import bars

if TYPE_CHECKING:
    from ctg_geo.importing import Guess, Imported
    from ctg_geo.study import ImportReport

__all__ = ["import_"]

_SERVICE: Final = "https://data.geopf.fr/geocodage/search/csv"  # importing.SERVICE, unloaded
_NONE_USED: Final = 1
_KINDS: Final = ("equipements",)


def _kind(_: click.Context, __: click.Parameter, said: str) -> str:
    if said not in _KINDS:
        raise click.BadParameter(labels.text("cli.bad_kind", value=said, known=", ".join(_KINDS)))
    return said


@click.command("import", cls=Command, help=labels.text("cli.help_import"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "kind",
    default="equipements",
    show_default=True,
    callback=_kind,
    help=labels.text("cli.opt_as"),
)
@click.option(
    "--config", "-c", type=click.Path(path_type=Path), help=labels.text("cli.opt_import_config")
)
@one_service("cli.opt_import_service", required=False)
@click.option(
    "--mapping", "-m", type=click.Path(path_type=Path), help=labels.text("cli.opt_mapping")
)
@click.option("--sheet", help=labels.text("cli.opt_sheet"))
@click.option("--geocode", is_flag=True, help=labels.text("cli.opt_geocode"))
@click.option("--geocoder", default=_SERVICE, help=labels.text("cli.opt_geocoder"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out/import"),
    show_default=True,
    help=labels.text("cli.opt_out"),
)
@spoken
def import_(
    file: Path,
    *,
    kind: str,  # noqa: ARG001  (one kind today)
    config: Path | None,
    service: str | None,
    mapping: Path | None,
    sheet: str | None,
    geocode: bool,
    geocoder: str,
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """Import places from a spreadsheet and write the folder of the import."""
    from ctg_geo.study import import_file  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        report = import_file(
            file, out, config=config, mapping=mapping, service=service, sheet=sheet,
            geocode=geocode, geocoder=geocoder,
        )  # fmt: skip
    _tell(screen, report)
    screen.machine(_summary(report))
    return 0 if len(report.imported.table) else _NONE_USED


def _tell(screen: Screen, report: "ImportReport") -> None:
    imported = report.imported
    screen.say(labels.text("import.guess_title", file=imported.file))
    for each in imported.guesses:
        screen.say(f"  {_guess(each)}")
    screen.say()
    for line in report.summary:
        screen.tell(line)
    screen.findings(imported.findings, {})
    screen.say(labels.text("cli.written", folder=str(report.folder), files=", ".join(report.files)))
    if not len(imported.table):
        screen.say(labels.text("import.none_used"))
    elif imported.refused:
        screen.say(labels.text("import.next"))
    unknown = int(imported.table["capacity"].isna().sum())
    if unknown:
        screen.say(labels.text("import.next_capacity", count=unknown))


def _guess(each: "Guess") -> str:
    if not each.field:
        return labels.text("import.guess_unused", column=each.column, reason=each.explain())
    key = "import.guess_used" if each.example else "import.guess_empty"
    return labels.text(
        key, column=each.column, reason=each.explain(),
        field=labels.text(f"import.field.{each.field}"), example=each.example,
    )  # fmt: skip


def _summary(report: "ImportReport") -> dict[str, object]:
    imported: Imported = report.imported
    ledger = imported.ledger
    return {
        "file": imported.file,
        "sheet": imported.sheet,
        "rows": {"read": ledger.read, "used": ledger.used, "set_aside": dict(ledger.set_aside)},
        "columns": {each.column: each.field for each in imported.guesses},
        "refused": [
            {"row": each.row, "problems": [
                {"reason": one.reason, "column": one.column, "message": one.why()}
                for one in each.problems
            ]}
            for each in imported.refused
        ],
        "duplicates": len(imported.twins),
        "folder": report.folder.as_posix(),
        "files": list(report.files),
    }  # fmt: skip
