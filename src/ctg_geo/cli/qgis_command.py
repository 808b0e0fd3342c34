"""The command that packs the plugin of QGIS."""

from pathlib import Path

import click

from ctg_geo import labels
from ctg_geo.cli.app import ending, screen_for, spoken
from ctg_geo.cli.help_pages import Command

__all__ = ["qgis_plugin"]


@click.command("qgis-plugin", cls=Command, help=labels.text("cli.help_qgis-plugin"))
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    callback=ending(".zip"),
    help=labels.text("cli.opt_zip"),
)
@spoken
def qgis_plugin(out: Path, *, as_json: bool, quiet: bool, verbose: int) -> None:
    """Write the plugin as a zip that QGIS installs."""
    from ctg_geo.export.qgis.pack import write_plugin  # noqa: PLC0415  (heavy)

    screen = screen_for(as_json=as_json, quiet=quiet, verbose=verbose)
    write_plugin(out)
    screen.say(labels.text("qgis_plugin.written", file=str(out)))
    screen.machine({"file": str(out)})
