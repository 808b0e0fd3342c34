"""The command that puts all measures of a service side by side."""

from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import ending, screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.service_option import one_service
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["measures"]


@click.command("measures", cls=Command, help=labels.text("cli.help_measures"))
@one_service()
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    callback=ending(".csv"),
    help=labels.text("cli.opt_csv_measures"),
)
@shared
def measures(
    config: Path, *, service: str, out: Path, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Write every measure of access to a service, commune by commune."""
    from ctg_geo.study import open_study, study_measures  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        screen.file(study_measures(open_study(config), service, out))
