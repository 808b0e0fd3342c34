"""Commands about people: where they are, commune by commune."""

from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["population"]


@click.command("population", cls=Command, help=labels.text("cli.help_population"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out/population"),
    show_default=True,
    help=labels.text("cli.opt_out"),
)
@shared
def population(config: Path, *, out: Path, as_json: bool, quiet: bool, verbose: int) -> None:
    """Read the people of a study, spread them, and write their account by commune."""
    from ctg_geo.study import open_study, write_people_report  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        report = write_people_report(open_study(config), out)
    homes, territory = report.territory.homes, report.territory
    facts = {"places": len(homes.places), "communes": len(territory.communes)}
    key = "people.said_spread" if homes.spread else "people.said_points"
    screen.say(labels.text(key, "fr", **facts))
    screen.findings(report.findings, territory.names)
    screen.say(labels.text("cli.written", folder=str(out), files=", ".join(report.files)))
    screen.machine({
        "folder": str(out), "files": list(report.files), "spread": homes.spread, **facts,
        "rows": [{"table": each.table, "read": each.read, "used": each.used,
                  "set_aside": dict(each.set_aside)} for each in report.ledgers],
        "findings": [each.explain() for each in report.findings],
    })  # fmt: skip
