"""The command that begins a study: it asks what it was not told."""

import re
import sys
from pathlib import Path
from typing import Final

import click

from ctg_geo import labels
from ctg_geo.cli.app import screen_for, spoken
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.screen import typed

__all__ = ["init"]

_EPCI: Final = re.compile(r"\d{9}")
_COMMUNE: Final = re.compile(r"(?:\d{2}|2[AB])\d{3}")


@click.command("init", cls=Command, help=labels.text("starting.help"))
@click.argument("folder", type=click.Path(path_type=Path), default=Path("mon_etude"))
@click.option("--epci", help=labels.text("starting.opt_epci"))
@click.option("--name", help=labels.text("starting.opt_name"))
@click.option("--service", "-s", multiple=True, help=labels.text("starting.opt_service"))
@click.option("--pole", multiple=True, help=labels.text("starting.opt_pole"))
@spoken
def init(
    folder: Path, *, epci: str | None, name: str | None, service: tuple[str, ...],
    pole: tuple[str, ...], as_json: bool, quiet: bool, verbose: int,
) -> None:  # fmt: skip
    """Write a study to begin with."""
    from ctg_geo.starting import NewStudy, start  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    asks = _there()
    code = _epci(epci, asks=asks)
    if name is None and asks:
        name = click.prompt(labels.text("starting.ask_name"), default=f"EPCI {code}")
    services = service or _services(asks=asks)
    files = start(NewStudy(name or f"EPCI {code}", code, services, _poles(pole)), folder)
    screen.say(labels.text("starting.written", file=typed(files[0])))
    screen.machine({"files": [str(each) for each in files]})


def _there() -> bool:
    """Tell whether somebody can answer."""
    return sys.stdin.isatty()


def _epci(given: str | None, *, asks: bool) -> str:
    if given is None and asks:
        given = click.prompt(labels.text("starting.ask_epci"))
    if given is None or _EPCI.fullmatch(given.strip()) is None:
        raise click.UsageError(labels.text("starting.bad_epci", value=given or ""))
    return given.strip()


def _services(*, asks: bool) -> tuple[str, ...]:
    default = "creche france_services"
    said = click.prompt(labels.text("starting.ask_services"), default=default) if asks else default
    return tuple(dict.fromkeys(re.split(r"[\s,;]+", said.strip())))


def _poles(given: tuple[str, ...]) -> dict[str, str]:
    poles: dict[str, str] = {}
    for each in given:
        name, _, code = each.partition("=")
        if not name.strip() or _COMMUNE.fullmatch(code.strip()) is None:
            raise click.UsageError(labels.text("starting.bad_pole", value=each))
        poles[name.strip()] = code.strip()
    return poles
