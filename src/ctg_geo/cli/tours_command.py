"""The command that evaluates the tours of a service, and looks for better ones."""

from pathlib import Path
from typing import Literal

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["tours"]

_MOST_VEHICLES, _DAYS, _MOST_S = 10, 7, 3600


@click.command("tours", cls=Command, help=labels.text("cli.help_tours"))
@click.option("--name", "-n", help=labels.text("cli.opt_tours_name"))
@click.option("--design", "better", is_flag=True, help=labels.text("cli.opt_tours_design"))
@click.option("--objective", type=click.Choice(["cover", "floor"]), default="cover",
              show_default=True, help=labels.text("cli.opt_tours_objective"))  # fmt: skip
@click.option("--vehicles", type=click.IntRange(1, _MOST_VEHICLES),
              help=labels.text("cli.opt_tours_vehicles"))  # fmt: skip
@click.option("--days", type=click.IntRange(1, _DAYS), help=labels.text("cli.opt_tours_days"))
@click.option("--time-limit", type=click.FloatRange(1, _MOST_S),
              help=labels.text("cli.opt_tours_time"))  # fmt: skip
@click.option("--out", "-o", type=click.Path(path_type=Path), default=Path("out/tours"),
              show_default=True, help=labels.text("cli.opt_out"))  # fmt: skip
@shared
def tours(
    config: Path,
    *,
    name: str | None,
    better: bool,
    objective: Literal["cover", "floor"],
    vehicles: int | None,
    days: int | None,
    time_limit: float | None,
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Evaluate tours, design better ones if asked, and write their folder."""
    from ctg_geo.study import Asked, open_study, write_tours  # noqa: PLC0415  (heavy)

    if not better and (vehicles, days, time_limit) != (None, None, None):
        raise click.UsageError(labels.text("cli.tours_without_design"))
    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    asked = Asked(objective, vehicles, days, time_limit) if better else None
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        report = write_tours(open_study(config), out, name=name, asked=asked)
    for line in report.summary:
        screen.tell(line)
    screen.say(labels.text("cli.written", folder=str(out), files=", ".join(report.files)))
    former = screen.former(config, out)
    screen.machine({
        "service": report.told.rules.service, "folder": str(out), "files": list(report.files),
        "rounds": {
            each.key: {
                "totals": each.run.totals.loc[""].to_dict() if report.told.counts else None,
                "problems": [problem.reason for problem in each.run.problems],
                "value": None if each.design is None else each.design.value,
                "bound": None if each.design is None else each.design.bound,
                "proven": None if each.design is None else each.design.proven,
            }
            for each in report.told.rounds
        },
        "estimated": list(report.told.basis.reasons), "summary": list(report.summary),
        "findings": [each.explain() for each in report.findings], **former,
    })  # fmt: skip
