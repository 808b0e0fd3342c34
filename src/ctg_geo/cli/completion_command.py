"""The command that lets a shell complete commands, options and files."""

import click
from click.shell_completion import get_completion_class

from ctg_geo import labels
from ctg_geo.cli.app import app
from ctg_geo.cli.help_pages import Command

__all__ = ["completion"]


@click.command("completion", cls=Command, help=labels.text("cli.help_completion"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.help_option("--help", "-h", help=labels.text("cli.opt_help"))
def completion(shell: str) -> None:
    """Print what a shell reads to complete `ctg-geo`."""
    kind = get_completion_class(shell)
    assert kind is not None, "click completes for these shells"
    click.echo(kind(app, {}, "ctg-geo", "_CTG_GEO_COMPLETE").source())
