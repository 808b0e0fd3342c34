"""The command of the social portrait: who lives in each commune."""

from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["portrait"]


@click.command("portrait", cls=Command, help=labels.text("cli.help_portrait"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out/portrait"),
    show_default=True,
    help=labels.text("cli.opt_out"),
)
@shared
def portrait(config: Path, *, out: Path, as_json: bool, quiet: bool, verbose: int) -> None:
    """Read the people and indicators of a study, and write its social portrait."""
    from ctg_geo.study import open_study, write_portrait  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        study = open_study(config)
        report = write_portrait(study, out)
    facts = {"communes": report.communes, "figures": len(report.figures)}
    screen.say(labels.text("portrait.said", "fr", **facts))
    screen.findings(report.findings, study.territory.names)
    screen.say(labels.text("cli.written", folder=str(out), files=", ".join(report.files)))
    screen.machine({
        "folder": str(out), "files": list(report.files), "communes": report.communes,
        "figures": list(report.figures),
        "rows": [{"table": each.table, "read": each.read, "used": each.used,
                  "set_aside": dict(each.set_aside)} for each in report.ledgers],
        "findings": [each.explain() for each in report.findings],
    })  # fmt: skip
