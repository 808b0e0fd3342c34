"""Commands that draw where people reach a service: areas and surfaces."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import ending, screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.service_option import Decorator, one_service
from ctg_geo.cli.waiting import bars

__all__ = ["isochrones", "surface"]

_MOST_MIN = 24 * 60
_MOST_CELL_M = 10_000


def _minutes(_: click.Context, __: click.Parameter, said: str) -> list[float]:
    try:
        minutes = [float(each) for each in said.split(",")]
    except ValueError as error:
        raise click.BadParameter(labels.text("cli.bad_minutes", value=said)) from error
    if not all(0 < each <= _MOST_MIN for each in minutes):
        raise click.BadParameter(labels.text("cli.bad_minutes", value=said))
    return minutes


def _cell(_: click.Context, __: click.Parameter, cell_m: float) -> float:
    if not 0 < cell_m <= _MOST_CELL_M:
        said = labels.text("cli.bad_cell", value=f"{cell_m:g}", most=_MOST_CELL_M)
        raise click.BadParameter(said)
    return cell_m


def _to_one_file(out: str, extension: str) -> Decorator:
    """Add the options of a command that writes one file about one service."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        file = click.option(
            "--out",
            "-o",
            required=True,
            type=click.Path(path_type=Path),
            callback=ending(extension),
            help=labels.text(out),
        )
        return one_service("cli.opt_one_service")(file(command))

    return add


@click.command("isochrones", cls=Command, help=labels.text("cli.help_isochrones"))
@click.option(
    "--minutes",
    "-m",
    default="5,10,15",
    show_default=True,
    callback=_minutes,
    help=labels.text("cli.opt_minutes"),
)
@click.option("--each", is_flag=True, help=labels.text("cli.opt_each"))
@_to_one_file("cli.opt_gpkg", ".gpkg")
@shared
def isochrones(
    config: Path,
    *,
    service: str,
    minutes: list[float],
    each: bool,
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Write the areas within some minutes of the places of a service."""
    from ctg_geo.study import open_study, study_isochrones  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        study = open_study(config)
        screen.file(study_isochrones(study, service, out, minutes=minutes, each=each))


@click.command("surface", cls=Command, help=labels.text("cli.help_surface"))
@click.option(
    "--cell",
    type=float,
    default=200,
    show_default=True,
    callback=_cell,
    help=labels.text("cli.opt_cell"),
)
@_to_one_file("cli.opt_tif", ".tif")
@shared
def surface(
    config: Path, *, service: str, cell: float, out: Path, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Write the time to the nearest place of a service, cell by cell."""
    from ctg_geo.study import open_study, study_surface  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        screen.file(study_surface(open_study(config), service, out, cell_m=cell))
