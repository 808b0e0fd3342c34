"""The command that makes documents of results: report, annex, sheets, tables."""

from pathlib import Path

import click

from ctg_geo import labels
from ctg_geo.cli.app import screen_for, spoken
from ctg_geo.cli.help_pages import Command

__all__ = ["export"]

_KINDS = ("rapport", "annexe", "fiches", "tableur", "parquet", "csv")


@click.command("export", cls=Command, help=labels.text("cli.help_export"))
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--to", "kinds", multiple=True, type=click.Choice(_KINDS), help=labels.text("cli.opt_document")
)
@click.option("--out", "-o", type=click.Path(path_type=Path), help=labels.text("cli.opt_documents"))
@click.option(
    "--comparison", multiple=True, type=click.Path(path_type=Path),
    help=labels.text("cli.opt_comparison"),
)  # fmt: skip
@click.option(
    "--tours", multiple=True, type=click.Path(path_type=Path), help=labels.text("cli.opt_tours")
)
@spoken
def export(
    results: Path, *, kinds: tuple[str, ...], out: Path | None, comparison: tuple[Path, ...],
    tours: tuple[Path, ...], as_json: bool, quiet: bool, verbose: int,
) -> None:  # fmt: skip
    """Make documents of a folder of results."""
    from ctg_geo.documents import KINDS, write_documents  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    asked = [each for each in KINDS if each in kinds]
    written = write_documents(results, asked, out, comparison, tours)
    files = [each for each in written.files if not each.startswith("manifest_")]
    screen.say(labels.text("cli.written", folder=str(written.folder), files=", ".join(files)))
    screen.machine({"study": written.study, "folder": str(written.folder),
                    "files": list(written.files)})  # fmt: skip
