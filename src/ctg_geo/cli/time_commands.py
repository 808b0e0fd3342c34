"""Commands about time: two dates compared, and the years ahead."""

from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import screen_for, shared, spoken
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.service_option import one_service
from ctg_geo.cli.waiting import bars, heralded

__all__ = ["evolution", "projection"]

_FIRST, _LAST = 1950, 2150


def _year(_: click.Context, __: click.Parameter, said: str) -> int:
    if not said.isdecimal() or not _FIRST <= int(said) <= _LAST:
        raise click.BadParameter(
            labels.text("cli.bad_year", value=said, first=str(_FIRST), last=str(_LAST))
        )
    return int(said)


@click.command("evolution", cls=Command, help=labels.text("cli.help_evolution"))
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@one_service()
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out/evolution"),
    show_default=True,
    help=labels.text("cli.opt_out"),
)
@click.option("--force", is_flag=True, help=labels.text("cli.opt_force"))
@spoken
def evolution(
    before: Path,
    after: Path,
    *,
    service: str,
    out: Path,
    force: bool,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Compare a service at two dates and write what changed, and why."""
    from ctg_geo.study import open_study, write_evolution  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        report = write_evolution(open_study(before), open_study(after), service, out, force=force)
    for line in report.summary:
        screen.tell(line)
    screen.say(labels.text("cli.written", folder=str(out), files=", ".join(report.files)))
    screen.machine({
        "service": service, "folder": str(out), "files": list(report.files),
        "forced": report.forced, "summary": list(report.summary),
        "findings": [each.explain() for each in report.findings],
    })  # fmt: skip


@click.command("projection", cls=Command, help=labels.text("cli.help_projection"))
@one_service()
@click.option("--to", required=True, callback=_year, help=labels.text("cli.opt_to"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out/projection"),
    show_default=True,
    help=labels.text("cli.opt_out"),
)
@shared
def projection(
    config: Path, *, service: str, to: int, out: Path, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Project a service to a year and write it, commune by commune."""
    from ctg_geo.study import open_study, write_projection  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks), heralded(shown=screen.talks)):
        report = write_projection(open_study(config), service, out, to=to)
    for line in report.summary:
        screen.tell(line)
    screen.say(labels.text("cli.written", folder=str(out), files=", ".join(report.files)))
    screen.machine({
        "service": service, "folder": str(out), "files": list(report.files), "status": "projected",
        "summary": list(report.summary),
        "findings": [each.explain() for each in report.findings],
    })  # fmt: skip
