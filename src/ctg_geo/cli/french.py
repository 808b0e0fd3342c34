"""The help of commands in French: what click writes of its own accord."""

import re
from collections.abc import Iterable
from functools import cache

import click

from ctg_geo import labels

__all__ = ["FrenchContext", "FrenchHelp", "argument_word"]


class FrenchHelp(click.HelpFormatter):
    """Help whose headings, kinds of values and remarks are French."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        told = re.sub(r"[A-Z]+", lambda found: argument_word(found[0]), args)
        super().write_usage(prog, told, prefix or labels.text("cli.usage_prefix") + " ")

    def write_heading(self, heading: str) -> None:
        """Write the title of a part, with the space that French puts before a colon."""
        self.write(f"{'':>{self.current_indent}}{heading}{labels.NBSP}:\n")

    def write_text(self, text: str) -> None:
        """Write what a command is for, and its example on a line of its own, to be copied."""
        word = labels.text("cli.example")
        said, there, example = text.partition(word)
        super().write_text(said.rstrip())
        if there:
            lead, _, line = example.partition(f"{labels.NBSP}: ")
            self.write_paragraph()
            super().write_text(f"\b\n{word}{lead}{labels.NBSP}:\n{line}")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write options and what they are for."""
        told = [(_translated(name), _translated(said)) for name, said in rows]
        super().write_dl(told, col_max, col_spacing)


class FrenchContext(click.Context):
    """The context of a command whose help is French."""

    formatter_class = FrenchHelp


def argument_word(name: str) -> str:
    """Return what an argument is called in French, as its help calls it."""
    return labels.section("cli.arguments").get(name, name)


def _translated(text: str) -> str:
    """Put the kind of a value at the end of an option, or its remark in brackets, in French."""
    words = labels.section("cli.click")
    return _click_words().sub(lambda found: words[found[0]], text)


@cache
def _click_words() -> re.Pattern[str]:
    """Return the words of click: a kind that ends the text, or what opens a bracket."""
    words = sorted(labels.section("cli.click"), key=len, reverse=True)
    kinds = "|".join(each for each in words if each.isupper())
    remarks = "|".join(each for each in words if not each.isupper())
    kind, opening = rf"(?<= )(?:{kinds})$", rf"(?<=\[)(?:{remarks})(?=[\]:;])"
    return re.compile(rf"{kind}|{opening}|(?<=; )(?:{remarks})(?=\])")
