"""The command that fetches what a study names and does not have."""

from dataclasses import asdict
from pathlib import Path

import click

from ctg_geo import labels, progress
from ctg_geo.cli.app import screen_for, shared
from ctg_geo.cli.help_pages import Command
from ctg_geo.cli.waiting import bars
from ctg_geo.errors import DatasetsError

__all__ = ["fetch"]


@click.command("fetch", cls=Command, help=labels.text("cli.help_fetch"))
@click.option(
    "--out", "-o", type=click.Path(path_type=Path, file_okay=False),
    help=labels.text("cli.opt_out_fetch"),
)  # fmt: skip
@shared
def fetch(config: Path, *, out: Path | None, as_json: bool, quiet: bool, verbose: int) -> None:
    """Fetch the datasets and the roads that a study names and does not have."""
    from ctg_geo.config import load_datasets, load_study  # noqa: PLC0415  (heavy)
    from ctg_geo.study import Fetching, fetch_datasets, fetch_roads  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    with progress.listen(bars(shown=screen.talks)):
        study = load_datasets(config)
        try:
            datasets = fetch_datasets(study, out=out)
        except DatasetsError as error:
            roads_too = [str(file) for file in study.osm_files if not file.exists()]
            raise DatasetsError(error.missing, error.there, roads_too) from None
        screen.datasets(datasets)
        if out is not None and out.resolve() not in study.folders and datasets.fetched:
            screen.say(labels.text("cli.fetch_elsewhere", folder=str(out)))
        roads = fetch_roads(load_study(config)) if study.has_osm else Fetching({}, {})
    screen.fetching(roads, nothing=not study.datasets)
    fetched = {name: asdict(each) for name, each in roads.fetched.items()}
    screen.machine({"kept": roads.kept, "fetched": fetched, "datasets": asdict(datasets)})
