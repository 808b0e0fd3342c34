"""Commands about roads alone: account for them, fit their speeds."""

from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli import summaries
from ctg_geo.cli.app import ending, screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.service_option import one_service
from ctg_geo.cli.waiting import bars

__all__ = ["calibrate", "roads"]


@click.command("roads", cls=Command, help=labels.text("cli.help_roads"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("routes.gpkg"),
    show_default=True,
    callback=ending(".gpkg"),
    help=labels.text("cli.opt_out_roads"),
)
@click.option(
    "--profile", "-p", default="car", show_default=True, help=labels.text("cli.opt_profile")
)
@shared
def roads(
    config: Path, *, out: Path, profile: str, as_json: bool, quiet: bool, verbose: int
) -> None:
    """Read the roads of a study, account for them, and write them as a GeoPackage."""
    from ctg_geo.config import load_study  # noqa: PLC0415  (heavy)
    from ctg_geo.study import write_road_report  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        study = load_study(config)
        if profile not in study.profiles:
            known = sorted(study.profiles)
            raise click.UsageError(labels.text("cli.no_profile", name=profile, known=known))
        report = write_road_report(study, profile, out)
    screen.roads(report)
    screen.findings(report.findings, {})
    screen.say(labels.text("cli.written_roads", file=str(out)))
    screen.machine(summaries.accounted(report))


@click.command("calibrate", cls=Command, help=labels.text("cli.help_calibrate"))
@click.option("--profile", "-p", help=labels.text("cli.opt_fit_profile"))
@click.option("--times", "-t", type=click.Path(path_type=Path), help=labels.text("cli.opt_times"))
@one_service("cli.opt_nearest", required=False)
@click.option("--by-class", is_flag=True, help=labels.text("cli.opt_by_class"))
@click.option("--seed", type=click.IntRange(min=0), help=labels.text("cli.opt_seed"))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    default=Path("out/calibration"),
    show_default=True,
    help=labels.text("cli.opt_out"),
)
@shared
def calibrate(
    config: Path,
    *,
    profile: str | None,
    times: Path | None,
    service: str | None,
    by_class: bool,
    seed: int | None,
    out: Path,
    as_json: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Fit a profile to observed times and write its folder."""
    from ctg_geo.study import open_study, write_calibration  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        study = open_study(config)
        report = write_calibration(
            study, out, profile=profile, times=times, service=service, by_class=by_class, seed=seed
        )
    screen.calibration(report)
    screen.machine(summaries.calibrated(report))
