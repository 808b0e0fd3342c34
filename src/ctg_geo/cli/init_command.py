"""The command that begins a study: it asks what it was not told."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import click

from ctg_geo import labels
from ctg_geo.cli.app import screen_for, spoken
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.screen import plain, typed
from ctg_geo.contracts.codes import is_siren
from ctg_geo.errors import UnknownServiceError

__all__ = ["init"]

_EPCI: Final = re.compile(r"\d{9}")
_Read = TypeVar("_Read")
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
    from ctg_geo.starting import NewStudy, check_vacant, start  # noqa: PLC0415  (heavy)

    check_vacant(folder)
    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    asks = _there()
    code = _epci(epci, asks=asks)
    if name is None and asks:
        name = _answer("starting.ask_name", str, default=f"EPCI {code}")
    services = service or _services(asks=asks)
    files = start(NewStudy(name or f"EPCI {code}", code, services, _poles(pole)), folder)
    screen.say(labels.text("starting.written", file=typed(files[0])))
    screen.machine({"files": [str(each) for each in files]})


def _there() -> bool:
    """Tell whether somebody can answer."""
    return sys.stdin.isatty()


def _epci(given: str | None, *, asks: bool) -> str:
    if given is None and asks:
        return _answer("starting.ask_epci", _checked_epci)
    return _checked_epci(given or "")


def _checked_epci(said: str) -> str:
    code = said.strip()
    if not is_siren(code):
        key = "bad_siren" if _EPCI.fullmatch(code) else "bad_epci"
        raise click.UsageError(labels.text(f"starting.{key}", value=said))
    return code


def _answer(key: str, read: Callable[[str], _Read], default: str | None = None) -> _Read:
    """Ask until the answer can be read, saying each time why it cannot."""
    while True:
        said = click.prompt(labels.text(key), default=default, prompt_suffix=f"{labels.NBSP}: ")
        try:
            return read(said)
        except click.UsageError as error:
            click.echo(plain(error.message), err=True)
        except UnknownServiceError as error:
            click.echo(plain(error.explain()), err=True)


def _services(*, asks: bool) -> tuple[str, ...]:
    default = "creche france_services"
    return (
        _answer("starting.ask_services", _read_services, default)
        if asks
        else tuple(default.split())
    )


def _read_services(said: str) -> tuple[str, ...]:
    from ctg_geo.starting import check_services  # noqa: PLC0415  (heavy)

    services = tuple(dict.fromkeys(re.findall(r"[^\s,;]+", said)))
    check_services(services)
    return services


def _poles(given: tuple[str, ...]) -> dict[str, str]:
    poles: dict[str, str] = {}
    for each in given:
        name, _, code = each.partition("=")
        if not name.strip() or _COMMUNE.fullmatch(code.strip()) is None:
            raise click.UsageError(labels.text("starting.bad_pole", value=each))
        poles[name.strip()] = code.strip()
    return poles
