"""The command that writes the committee file of a service."""

from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import ending, screen_for, shared
from ctg_geo.cli.completing import scenario_names
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.service_option import one_service
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["comite"]


@click.command("comite", cls=Command, help=labels.text("committee.help"))
@one_service()
@click.option(
    "--scenario", shell_complete=scenario_names, multiple=True, help=labels.text("cli.opt_plan")
)
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out/comite.html"),
    show_default=True,
    callback=ending(".html"),
    help=labels.text("cli.opt_page"),
)
@shared
def comite(
    config: Path, *, service: str, scenario: tuple[str, ...], out: Path, as_json: bool,
    quiet: bool, verbose: int,
) -> None:  # fmt: skip
    """Write the page on which a committee tries a scenario."""
    from ctg_geo.study import open_study, write_committee  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        screen.file(write_committee(open_study(config), service, out, scenario))
