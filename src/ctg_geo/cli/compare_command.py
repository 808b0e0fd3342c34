"""The command that compares scenarios with the situation as it is."""

from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli import summaries
from ctg_geo.cli.app import screen_for, shared
from ctg_geo.cli.completing import scenario_names
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.service_option import some_services
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["compare"]


@click.command("compare", cls=Command, help=labels.text("cli.help_compare"))
@some_services("cli.opt_compared_service")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out/comparaison"),
    show_default=True,
    help=labels.text("cli.opt_out"),
)
@shared
@click.argument("scenario", nargs=-1, required=True, shell_complete=scenario_names)
def compare(
    config: Path,
    *,
    scenario: tuple[str, ...],
    service: tuple[str, ...],
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Compare scenarios and write who gains, who loses, and at what price."""
    from ctg_geo.study import (  # noqa: PLC0415  (heavy)
        open_study,
        scenario_of,
        services_of,
        write_comparison,
    )

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        study = open_study(config)
        read = [scenario_of(study, each) for each in scenario]
        keys = tuple(dict.fromkeys(service)) or services_of(study, read)
        for key in keys:
            study.config.service(key)
        reports = [
            write_comparison(study, read, key, out / key if len(keys) > 1 else out)
            for key in progress.track(keys, "services")
        ]
    for report in reports:
        for line in report.summary:
            screen.tell(line)
        screen.say(
            labels.text("cli.written", folder=str(report.folder), files=", ".join(report.files))
        )
    told: dict[str, object] = {"comparisons": [summaries.compared(report) for report in reports]}
    screen.machine(told | screen.former(config, out))
