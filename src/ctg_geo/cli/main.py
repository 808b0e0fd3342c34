"""From the command line to an exit code; every failure is told in French."""

import difflib
import logging
import sys
from collections.abc import Sequence

import click

from ctg_geo import labels
from ctg_geo.cli.app import app
from ctg_geo.cli.area_commands import isochrones, surface
from ctg_geo.cli.committee_command import comite
from ctg_geo.cli.compare_command import compare
from ctg_geo.cli.completion_command import completion
from ctg_geo.cli.export_command import export
from ctg_geo.cli.fetch_command import fetch
from ctg_geo.cli.fleet_command import fleet
from ctg_geo.cli.help_pages import french
from ctg_geo.cli.import_command import import_
from ctg_geo.cli.init_command import init
from ctg_geo.cli.measures_command import measures
from ctg_geo.cli.people_commands import population
from ctg_geo.cli.portrait_command import portrait
from ctg_geo.cli.qgis_command import qgis_plugin
from ctg_geo.cli.road_commands import calibrate, roads
from ctg_geo.cli.screen import plain
from ctg_geo.cli.site_command import site
from ctg_geo.cli.time_commands import evolution, projection
from ctg_geo.cli.tours_command import tours
from ctg_geo.errors import (
    CtgGeoError,
    NoPlanError,
    SitingError,
    TourError,
    UnknownServiceError,
)
from ctg_geo.staging import why

__all__ = ["DATA", "DONE", "INFEASIBLE", "MISUSE", "main"]

DONE, DATA, MISUSE, INFEASIBLE = 0, 1, 2, 3
_NO_PLAN = ("infeasible", "keep_too_far", "no_candidate")  # no plan keeps the rules asked for
_NO_SITES = ("budget", "budget_no_site", "floor_beyond_reach", "total_too_small")
_NO_PLACE = ("no_place", "none_counted", "care_missing")  # the data's fault, not the command's

logger = logging.getLogger(__name__)

for _command in (isochrones, surface, roads, population, portrait, fetch, calibrate, import_):
    app.add_command(_command)

for _command in (evolution, projection):
    app.add_command(_command)

for _command in (
    measures, compare, site, tours, export, comite, init, completion, qgis_plugin, fleet
):  # fmt: skip
    app.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `ctg-geo` and return its exit code.

    Returns
    -------
    int
        0 done, 1 data or interrupted, 2 misused, 3 no plan keeps the rules.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        done = app.main(args=arguments, prog_name="ctg-geo", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(error.format_message() + "\n")
        return MISUSE
    except click.ClickException as error:
        return _told(_misuse(error), MISUSE)
    except CtgGeoError as error:
        logger.debug("failed", exc_info=True)
        return _told(error.explain(), _code(error))
    except (OSError, MemoryError) as error:
        logger.debug("failed", exc_info=True)
        return _told(_refused(error), DATA)
    except (KeyboardInterrupt, click.Abort):
        return _told(labels.text("cli.interrupted"), DATA)
    return done if isinstance(done, int) else DONE


def _code(error: CtgGeoError) -> int:
    """Return the exit code of a failure: no plan keeps the rules, the command, or the data."""
    if isinstance(error, NoPlanError):
        return INFEASIBLE
    if isinstance(error, TourError):
        return INFEASIBLE if error.reason in _NO_PLAN else DATA
    if isinstance(error, SitingError):
        if error.reason in _NO_SITES:
            return INFEASIBLE
        return DATA if error.reason == "mismatch" else MISUSE
    misuse = isinstance(error, UnknownServiceError) and error.reason not in _NO_PLACE
    return MISUSE if misuse else DATA


def _told(message: str, code: int) -> int:
    lines = plain(message).split("\n")
    lead = "\n  " if len(lines) > 1 else " "
    head = labels.text("cli.error") + f"{labels.NBSP}:"
    sys.stderr.write(f"{head}{lead}" + "\n  ".join(lines) + "\n")
    return code


def _refused(error: OSError | MemoryError) -> str:
    """Say what the system refused: a disk that is full, rights that lack, too little memory."""
    if isinstance(error, MemoryError):
        return labels.text("cli.memory")
    file = error.filename2 or error.filename
    key = "cli.system" if file else "cli.system_somewhere"
    return labels.text(key, file=str(file), detail=why(error))


def _misuse(error: click.ClickException) -> str:
    """Say in French what click says in English."""
    context = getattr(error, "ctx", None)
    if isinstance(error, click.MissingParameter):
        name = _missing(error.param)
        command = "" if context is None else context.info_name
        return labels.text("cli.missing_argument", name=name, command=command)
    if isinstance(error, click.NoSuchOption):
        parameters = [] if context is None else context.command.params
        known = [name for parameter in parameters for name in parameter.opts]
        near = difflib.get_close_matches(error.option_name, known, n=1)
        key = "cli.no_option_near" if near else "cli.no_option"
        return labels.text(key, name=error.option_name, near=", ".join(near))
    if isinstance(error, click.BadOptionUsage):
        return labels.text("cli.needs_value", name=error.option_name)
    if isinstance(error, click.BadParameter):
        name = "" if error.param is None else error.param.human_readable_name
        if isinstance(error.param, click.Option):
            name = error.param.opts[0]
        return labels.text("cli.bad_option", name=name, detail=_bad_value(error))
    return _misused(error.format_message())


def _missing(parameter: click.Parameter | None) -> str:
    """Name what is missing as it is typed: an option by its dashes, an argument in capitals."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return "" if parameter is None else french(parameter.human_readable_name.upper())


def _misused(said: str) -> str:
    """Say in French what click says of a whole line."""
    if said.startswith("No such command"):
        name = said.split("'")[1]
        near = difflib.get_close_matches(name, app.commands, n=1)
        key = "cli.no_command_near" if near else "cli.no_command"
        return labels.text(key, name=name, near=", ".join(near), known=", ".join(app.commands))
    if said.startswith("Got unexpected extra argument"):
        return labels.text("cli.too_many", names=said.partition("(")[2].rpartition(")")[0])
    return labels.text("cli.usage", detail=said)


def _quoted(value: str) -> str:
    """Put words that click quotes between French quotes; a number stays as it is."""
    words = value.strip("'\"")
    return value if words == value else labels.spaced(f"« {words} »")


def _bad_value(error: click.BadParameter) -> str:
    """Say what is wrong with a value: not one of a list, out of bounds, no number."""
    kind, said = None if error.param is None else error.param.type, error.message
    if isinstance(kind, click.Choice) and " is not " in said:
        value = said.partition(" is not ")[0].strip("'\"")
        known = [str(each) for each in kind.choices]
        near = difflib.get_close_matches(value, known, n=1)
        key = "cli.no_choice_near" if near else "cli.no_choice"
        return labels.text(key, value=value, near=", ".join(near), known=", ".join(known))
    if isinstance(kind, click.IntRange | click.FloatRange) and "range" in said:
        key = "cli.at_least" if kind.max is None else "cli.between"
        return labels.text(key, value=_quoted(said.partition(" is not ")[0]), low=f"{kind.min:g}",
                           high="" if kind.max is None else f"{kind.max:g}")  # fmt: skip
    if isinstance(kind, click.types.FloatParamType) and "valid float" in said:
        return labels.text("cli.number")
    return labels.text("cli.whole_number") if isinstance(kind, click.types.IntParamType) else said
