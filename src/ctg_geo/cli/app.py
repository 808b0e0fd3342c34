"""The counter: commands that talk to people; they compute nothing."""

import logging
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ctg_geo import labels, progress
from ctg_geo.cli.screen import Screen, bars, heralded

__all__ = ["app"]


class _Group(click.Group):
    """A group whose list of commands has a French heading."""

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  (click's signature)
        formatter: click.HelpFormatter,
    ) -> None:
        rows = [(name, labels.text(f"cli.short_{name}")) for name in self.commands]
        with formatter.section(labels.text("cli.commands")):
            formatter.write_dl(rows)


def _french_help(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.help_option("--help", "-h", help=labels.text("cli.opt_help"))(command)


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:  # noqa: FBT001
    if asked:
        from ctg_geo import __version__  # noqa: PLC0415  (circular at import)

        click.echo(f"ctg-geo {__version__}")
        context.exit()


@click.group(
    cls=_Group, help=labels.text("cli.help"), subcommand_metavar=labels.text("cli.metavar")
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help=labels.text("cli.opt_version"),
)
@_french_help
def app() -> None:
    """Hold the commands."""


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what all commands share."""
    parts = (
        click.argument("config", type=click.Path(path_type=Path)),
        click.option("--json", "as_json", is_flag=True, help=labels.text("cli.opt_json")),
        click.option("--quiet", "-q", is_flag=True, help=labels.text("cli.opt_quiet")),
        click.option("--verbose", "-v", count=True, help=labels.text("cli.opt_verbose")),
        _french_help,
    )
    for part in reversed(parts):
        command = part(command)
    return command


@app.command("check", help=labels.text("cli.help_check"))
@_shared
def check(config: Path, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Read, join and check a study; list the findings."""
    from ctg_geo.study import open_study  # noqa: PLC0415  (heavy)

    screen = _screen(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        study = open_study(config)
        territory, roads = study.territory, study.topology
        _ = study.groups  # poles and overrides are checked too
        for key in study.services_present:
            study.network(study.config.service(key).profile)  # and the roads of each mode
    screen.study(territory, roads, study.ledgers)
    screen.findings(study.findings, territory.names)
    screen.machine(screen.checked(study))


@app.command("diagnose", help=labels.text("cli.help_diagnose"))
@click.option("--service", "-s", multiple=True, help=labels.text("cli.opt_service"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out"),
    help=labels.text("cli.opt_out"),
)
@_shared
def diagnose(
    config: Path, *, service: tuple[str, ...], out: Path, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Diagnose services and write their folders."""
    from ctg_geo.study import open_study, write_report  # noqa: PLC0415  (heavy)

    screen = _screen(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        study = open_study(config)
        keys = list(dict.fromkeys(service or study.services_present))
        reports = []
        for key in keys:
            study.config.service(key)
        for key in progress.track(keys, "services"):
            report = write_report(study, key, out / key if len(keys) > 1 else out)
            screen.diagnosis(report)
            reports.append(screen.reported(report))
    screen.machine({"diagnoses": reports})


@app.command("roads", help=labels.text("cli.help_roads"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("routes.gpkg"),
    help=labels.text("cli.opt_out_roads"),
)
@click.option("--profile", "-p", default="car", help=labels.text("cli.opt_profile"))
@_shared
def roads(
    config: Path, *, out: Path, profile: str, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Read the roads of a study, account for them, and write them as a GeoPackage."""
    from ctg_geo.config import load_study  # noqa: PLC0415  (heavy)
    from ctg_geo.study import write_road_report  # noqa: PLC0415  (heavy)

    screen = _screen(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        study = load_study(config)
        if profile not in study.profiles:
            known = sorted(study.profiles)
            raise click.UsageError(labels.text("cli.no_profile", name=profile, known=known))
        report = write_road_report(study, profile, out)
    screen.roads(report)
    screen.findings(report.findings, {})
    screen.say(labels.text("cli.written_roads", file=str(out)))
    screen.machine(screen.accounted(report))


@app.command("fetch", help=labels.text("cli.help_fetch"))
@_shared
def fetch(config: Path, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Fetch the roads that a study names and does not have."""
    from ctg_geo.config import load_study  # noqa: PLC0415  (heavy)
    from ctg_geo.study import fetch_roads  # noqa: PLC0415  (heavy)

    screen = _screen(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        done = fetch_roads(load_study(config))
    screen.fetching(done)
    fetched = {name: asdict(each) for name, each in done.fetched.items()}
    screen.machine({"kept": done.kept, "fetched": fetched})


def _minutes(_: click.Context, __: click.Parameter, said: str) -> list[float]:
    try:
        return [float(each) for each in said.split(",")]
    except ValueError as error:
        raise click.BadParameter(labels.text("cli.bad_minutes", value=said)) from error


def _ending(extension: str) -> Callable[[click.Context, click.Parameter, Path], Path]:
    def checked(_: click.Context, __: click.Parameter, file: Path) -> Path:
        if file.suffix.lower() != extension:
            said = labels.text("cli.bad_extension", file=str(file), extension=extension)
            raise click.BadParameter(said)
        return file

    return checked


def _one_service(out: str, extension: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options of a command that writes one file about one service."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        file = click.option(
            "--out",
            "-o",
            required=True,
            type=click.Path(path_type=Path),
            callback=_ending(extension),
            help=labels.text(out),
        )
        service = click.option(
            "--service", "-s", required=True, help=labels.text("cli.opt_one_service")
        )
        return service(file(command))

    return add


@app.command("isochrones", help=labels.text("cli.help_isochrones"))
@click.option(
    "--minutes",
    "-m",
    default="5,10,15",
    show_default=True,
    callback=_minutes,
    help=labels.text("cli.opt_minutes"),
)
@_one_service("cli.opt_gpkg", ".gpkg")
@_shared
def isochrones(
    config: Path,
    *,
    service: str,
    minutes: list[float],
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Write the areas within some minutes of the places of a service."""
    from ctg_geo.study import open_study, study_isochrones  # noqa: PLC0415  (heavy)

    screen = _screen(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        screen.file(study_isochrones(open_study(config), service, out, minutes=minutes))


@app.command("surface", help=labels.text("cli.help_surface"))
@click.option(
    "--cell", type=float, default=200, show_default=True, help=labels.text("cli.opt_cell")
)
@_one_service("cli.opt_tif", ".tif")
@_shared
def surface(
    config: Path, *, service: str, cell: float, out: Path, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Write the time to the nearest place of a service, cell by cell."""
    from ctg_geo.study import open_study, study_surface  # noqa: PLC0415  (heavy)

    screen = _screen(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        screen.file(study_surface(open_study(config), service, out, cell_m=cell))


def _screen(*, as_json: bool, quiet: bool, verbose: int) -> Screen:
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    logging.getLogger("ctg_geo").setLevel(level)
    return Screen(talks=not quiet and not as_json, as_json=as_json, verbose=verbose)
