"""From the command line to an exit code; every failure is told in French."""

import difflib
import logging
import sys
from collections.abc import Sequence

import click
import typer

from ctg_geo import labels
from ctg_geo.cli.app import app
from ctg_geo.errors import CtgGeoError, UnknownServiceError

__all__ = ["DATA", "DONE", "MISUSE", "main"]

DONE, DATA, MISUSE = 0, 1, 2

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `ctg-geo` and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    command = typer.main.get_command(app)
    try:
        done = command.main(args=arguments, prog_name="ctg-geo", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        return _told(error.ctx.get_help(), MISUSE, plain=True)
    except click.ClickException as error:
        return _told(_misuse(error), MISUSE)
    except CtgGeoError as error:
        logger.debug("failed", exc_info=True)
        misuse = isinstance(error, UnknownServiceError) and error.reason != "no_place"
        return _told(error.explain(), MISUSE if misuse else DATA)
    except (KeyboardInterrupt, click.Abort):
        return _told(labels.text("cli.interrupted"), DATA)
    return done if isinstance(done, int) else DONE


def _told(message: str, code: int, *, plain: bool = False) -> int:
    head = "" if plain else labels.text("cli.error") + f"{labels.NBSP}: "
    joined = f"\n{' ' * 2}".join(message.split("\n"))
    lead = "\n  " if "\n" in message and not plain else ""
    sys.stderr.write(f"{head}{lead}{message if plain else joined}\n")
    return code


def _misuse(error: click.ClickException) -> str:
    """Say in French what click says in English."""
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param is not None else ""
        command = error.ctx.info_name or "" if error.ctx is not None else ""
        return labels.text("cli.missing_argument", name=name, command=command)
    if isinstance(error, click.NoSuchOption):
        known = [name for parameter in (error.ctx.command.params if error.ctx else [])
                 for name in parameter.opts]  # fmt: skip
        near = difflib.get_close_matches(error.option_name, known, n=1)
        key = "cli.no_option_near" if near else "cli.no_option"
        return labels.text(key, name=error.option_name, near=", ".join(near))
    if isinstance(error, click.BadParameter):
        name = error.param.human_readable_name if error.param is not None else ""
        return labels.text("cli.bad_option", name=name, detail=error.format_message())
    if "No such command" in error.format_message():
        known = sorted(app_commands())
        name = error.format_message().split("'")[1]
        return labels.text("cli.no_command", name=name, known=", ".join(known))
    return labels.text("cli.usage", detail=error.format_message())


def app_commands() -> list[str]:
    """Return the names of the commands."""
    return [command.name for command in app.registered_commands if command.name]
