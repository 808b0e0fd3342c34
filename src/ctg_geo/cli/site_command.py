"""The command that chooses where to open places."""

from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli import summaries
from ctg_geo.cli.app import screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.service_option import one_service
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["site"]

_OBJECTIVES = ["floor", "shortfall", "cover", "median", "center", "gini", "severity",
               "backup", "median_places", "cover_places"]  # fmt: skip
_THEN = ["floor", "shortfall", "cover", "gini", "severity", "cost", "places", "sites"]
_MOST_S = 3600


def _sizes(value: str) -> tuple[float, float]:
    """Read ``12:60``, the smallest and the largest size of a site; ``20`` for both."""
    low, _, high = value.partition(":")
    try:
        return float(low or 0), float(high or low)
    except ValueError:
        raise click.BadParameter(labels.text("cli.site_sizes", value=value)) from None


def _floor(value: str) -> tuple[str, int]:
    """Read ``nord=1``, the fewest sites of a group."""
    group, _, count = value.rpartition("=")
    if not group or not count.isdigit():
        raise click.BadParameter(labels.text("cli.site_floor", value=value))
    return group, int(count)


_POSITIVE = click.FloatRange(0)


@click.command("site", cls=Command, help=labels.text("cli.help_site"))
@one_service("cli.opt_site_service")
@click.option("--objective", type=click.Choice(_OBJECTIVES), required=True,
              help=labels.text("cli.opt_site_objective"))  # fmt: skip
@click.option("--then", type=click.Choice(_THEN), multiple=True,
              help=labels.text("cli.opt_site_then"))  # fmt: skip
@click.option("--new", type=click.IntRange(0), help=labels.text("cli.opt_site_new"))
@click.option("--exactly", is_flag=True, help=labels.text("cli.opt_site_exactly"))
@click.option(
    "--capacity", type=_sizes, metavar="MIN:MAX", help=labels.text("cli.opt_site_capacity")
)
@click.option("--total", type=_POSITIVE, help=labels.text("cli.opt_site_total"))
@click.option("--budget", type=_POSITIVE, help=labels.text("cli.opt_site_budget"))
@click.option("--cost-open", type=_POSITIVE, help=labels.text("cli.opt_site_cost_open"))
@click.option("--cost-place", type=_POSITIVE, help=labels.text("cli.opt_site_cost_place"))
@click.option("--at-least", type=_floor, metavar="GROUPE=NOMBRE", multiple=True,
              help=labels.text("cli.opt_site_at_least"))  # fmt: skip
@click.option("--force", multiple=True, metavar="CODE", help=labels.text("cli.opt_site_force"))
@click.option("--forbid", multiple=True, metavar="CODE", help=labels.text("cli.opt_site_forbid"))
@click.option("--close", multiple=True, metavar="ID", help=labels.text("cli.opt_site_close"))
@click.option("--resize", multiple=True, metavar="ID", help=labels.text("cli.opt_site_resize"))
@click.option("--prefer", multiple=True, metavar="CODE", help=labels.text("cli.opt_site_prefer"))
@click.option("--candidates", multiple=True, default=("chefs_lieux",), show_default=True,
              metavar="chefs_lieux|places:SERVICE|grid:M|roads:N|FICHIER.csv",
              help=labels.text("cli.opt_site_candidates"))  # fmt: skip
@click.option("--share", type=click.FloatRange(0, 1, min_open=True), default=1.0,
              help=labels.text("cli.opt_site_share"))  # fmt: skip
@click.option("--within", type=click.FloatRange(0, min_open=True),
              help=labels.text("cli.opt_site_within"))  # fmt: skip
@click.option("--frontier", is_flag=True, help=labels.text("cli.opt_site_frontier"))
@click.option("--step", type=_POSITIVE, help=labels.text("cli.opt_site_step"))
@click.option("--time-limit", type=click.FloatRange(1, _MOST_S), default=60.0, show_default=True,
              help=labels.text("cli.opt_site_time"))  # fmt: skip
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("out/implantation"),
              show_default=True, help=labels.text("cli.opt_out"))  # fmt: skip
@shared
def site(
    config: Path,
    *,
    service: str,
    objective: str,
    then: tuple[str, ...],
    new: int | None,
    exactly: bool,
    capacity: tuple[float, float] | None,
    total: float | None,
    budget: float | None,
    cost_open: float | None,
    cost_place: float | None,
    at_least: tuple[tuple[str, int], ...],
    force: tuple[str, ...],
    forbid: tuple[str, ...],
    close: tuple[str, ...],
    resize: tuple[str, ...],
    prefer: tuple[str, ...],
    candidates: tuple[str, ...],
    share: float,
    within: float | None,
    frontier: bool,
    step: float | None,
    time_limit: float,
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Choose sites, and write the plan, why, and what it makes."""
    from ctg_geo.study import SitesAsked, open_study, write_sites  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    smallest, largest = (0.0, float("inf")) if capacity is None else capacity
    asked = SitesAsked(
        service, objective, then, new, exactly, smallest, largest, total, budget, cost_open,
        cost_place, dict(at_least), force, forbid, close, resize, prefer, candidates, share,
        within, frontier, step, time_limit,
    )  # fmt: skip
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        report = write_sites(open_study(config), asked, out)
    for line in report.summary:
        screen.tell(line)
    screen.say(labels.text("cli.written", folder=str(out), files=", ".join(report.files)))
    screen.machine(summaries.sited(report))
