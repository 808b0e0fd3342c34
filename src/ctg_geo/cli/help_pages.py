"""Pages of help in French: what a command does, an example to copy, its options."""

import re
from typing import Final

import click

from ctg_geo import labels

__all__ = ["Command", "french"]

_KINDS: Final = re.compile(  # as click names them, and the arguments
    r"\b(TEXT|PATH|DIRECTORY|INTEGER|FLOAT|FOLDER|FILE|BEFORE|AFTER|RESULTS)\b(?: RANGE)?"
)
_DEFAULT: Final = "[default: "
_REQUIRED: Final = "[required]"


class Command(click.Command):
    """A command whose help is French, and ends with an example."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        words = french(" ".join(self.collect_usage_pieces(ctx)))
        formatter.write_usage(ctx.command_path, words, f"{labels.text('cli.help_usage')} ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example, then each option with the kind of its value."""
        key = f"cli.example.{ctx.info_name}"
        if labels.has(key):
            with formatter.section(labels.text("cli.help_example")):
                formatter.write(f"{'':>{formatter.current_indent}}{labels.text(key)}\n")
        records = (each.get_help_record(ctx) for each in self.get_params(ctx))
        rows = [(french(name), french(said)) for name, said in filter(None, records)]
        with formatter.section(labels.text("cli.help_options")):
            formatter.write_dl(rows)


def french(said: str) -> str:
    """Put the words that click writes itself into French."""
    said = _KINDS.sub(lambda kind: labels.text(f"cli.help_kind.{kind[1]}"), said)
    said = said.replace(_DEFAULT, f"[{labels.text('cli.help_default')} ")
    return said.replace(_REQUIRED, f"[{labels.text('cli.help_required')}]")
