"""The counter: commands that talk to people; they compute nothing."""

import json
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from ctg_geo import labels, progress
from ctg_geo.cli.screen import Screen, bars

__all__ = ["app"]

app = typer.Typer(
    help=labels.text("cli.help"),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Config = Annotated[Path, typer.Argument(help=labels.text("cli.arg_config"), metavar="CONFIG")]
Json = Annotated[bool, typer.Option("--json", help=labels.text("cli.opt_json"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=labels.text("cli.opt_quiet"))]
Verbose = Annotated[
    int, typer.Option("--verbose", "-v", count=True, help=labels.text("cli.opt_verbose"))
]


def _version(asked: bool) -> None:  # noqa: FBT001  (typer calls it so)
    if asked:
        from ctg_geo import __version__  # noqa: PLC0415  (circular at import)

        typer.echo(f"ctg-geo {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # noqa: FBT002  (typer reads it)
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help=labels.text("cli.opt_version")
        ),
    ] = False,
) -> None:
    """Hold the options that stand before a command."""


@app.command("check", help=labels.text("cli.help_check"))
def check(
    config: Config, *, as_json: Json = False, quiet: Quiet = False, verbose: Verbose = 0
) -> None:
    """Read, join and check a study; list the findings."""
    from ctg_geo.study import open_study  # noqa: PLC0415  (heavy)

    screen = _screen(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        study = open_study(config)
        territory, roads = study.territory, study.topology
    screen.study(territory, roads, study.ledgers)
    screen.findings(study.findings)
    screen.machine(screen.checked(study))


@app.command("diagnose", help=labels.text("cli.help_diagnose"))
def diagnose(
    config: Config,
    *,
    service: Annotated[
        list[str] | None, typer.Option("--service", "-s", help=labels.text("cli.opt_service"))
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help=labels.text("cli.opt_out"))] = Path(
        "out"
    ),
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = 0,
) -> None:
    """Diagnose services and write their folders."""
    from ctg_geo.study import open_study  # noqa: PLC0415  (heavy)

    screen = _screen(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        study = open_study(config)
        keys = list(dict.fromkeys(service or study.services_present))
        reports = []
        for key in keys:
            folder = out / key if len(keys) > 1 else out
            report = study.report(key, folder)
            screen.diagnosis(report)
            reports.append(screen.reported(report))
    screen.machine({"diagnoses": reports})


def _screen(*, as_json: bool, quiet: bool, verbose: int) -> Screen:
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    logging.basicConfig(level=level, stream=sys.stderr, format="%(name)s: %(message)s")
    logging.getLogger("ctg_geo").setLevel(level)
    return Screen(talks=not quiet and not as_json, as_json=as_json, verbose=verbose)


def dumps(content: object) -> str:
    """Write a machine summary."""
    return json.dumps(content, ensure_ascii=False, indent=2)
