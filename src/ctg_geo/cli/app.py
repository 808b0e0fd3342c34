"""The counter: commands that talk to people; they compute nothing."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ctg_geo import labels, progress
from ctg_geo.cli import summaries
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.screen import Screen
from ctg_geo.cli.service_option import some_services
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["app", "check", "diagnose", "ending", "screen_for", "shared", "spoken"]


class _Group(Command, click.Group):
    """A group whose list of commands has a French heading, and so have its commands."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  (click's signature)
        formatter: click.HelpFormatter,
    ) -> None:
        rows = [(name, labels.text(f"cli.short_{name}")) for name in self.commands]
        with formatter.section(labels.text("cli.help_commands")):
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


def shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what all commands share."""
    return click.argument("config", type=click.Path(path_type=Path))(spoken(command))


def spoken(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add how a command speaks, and its help."""
    parts = (
        click.option("--json", "as_json", is_flag=True, help=labels.text("cli.opt_json")),
        click.option("--quiet", "-q", is_flag=True, help=labels.text("cli.opt_quiet")),
        click.option("--verbose", "-v", count=True, help=labels.text("cli.opt_verbose")),
        _french_help,
    )
    for part in reversed(parts):
        command = part(command)
    return command


@app.command("check", help=labels.text("cli.help_check"))
@shared
def check(config: Path, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Read, join and check a study; list the findings."""
    from ctg_geo.study import open_study  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        study = open_study(config)
        territory, roads = study.territory, study.topology
        _ = study.groups  # poles and overrides are checked too
        indicators = study.indicators
        for key in study.services_present:
            study.network(study.config.service(key).profile)  # and the roads of each mode
        study.transit.check()
    screen.study(territory, roads, (*study.ledgers, *indicators.ledgers))
    found = [*study.findings, *study.checks, *indicators.findings]
    screen.findings(found, territory.names)
    screen.machine(summaries.checked(study))


@app.command("diagnose", help=labels.text("cli.help_diagnose"))
@some_services()
@click.option("--all", "every", is_flag=True, help=labels.text("cli.opt_all"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out"),
    show_default=True,
    help=labels.text("cli.opt_out"),
)
@shared
def diagnose(
    config: Path,
    *,
    service: tuple[str, ...],
    every: bool,
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> int:
    """Diagnose services and write their folders."""
    from ctg_geo.study import open_study, write_report, write_themes  # noqa: PLC0415  (heavy)

    if every and service:
        raise click.UsageError(labels.text("cli.all_or_some"))
    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        study = open_study(config)
        if every:
            themes = write_themes(study, out)
            screen.themes(themes)
            former = screen.former(config, out)
            screen.machine(summaries.themes_told(themes) | former)
            return 1 if themes.refused else 0
        keys = list(dict.fromkeys(service or study.services_asked))
        reports = []
        for key in keys:
            study.config.service(key)
        for key in progress.track(keys, "services"):
            report = write_report(study, key, out / key if len(keys) > 1 else out)
            screen.diagnosis(report)
            reports.append(summaries.reported(report))
    told: dict[str, object] = {"diagnoses": reports, **screen.former(config, out)}
    screen.machine(told)
    return 0


def ending(extension: str) -> Callable[[click.Context, click.Parameter, Path], Path]:
    """Return a check that the name of a file ends as it must."""

    def checked(_: click.Context, __: click.Parameter, file: Path) -> Path:
        if file.suffix.lower() != extension:
            said = labels.text("cli.bad_extension", file=str(file), extension=extension)
            raise click.BadParameter(said)
        return file

    return checked


def screen_for(*, as_json: bool, quiet: bool, verbose: int) -> Screen:
    """Return what talks to people for one command, and set how much the log says.

    One that is told to be quiet is, however verbose it is told to be.
    """
    verbose = 0 if quiet else verbose
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    logging.getLogger("ctg_geo").setLevel(level)
    return Screen(talks=not quiet and not as_json, as_json=as_json, verbose=verbose)
