"""Sentences written as a text file, in French print whatever they were made of."""

from collections.abc import Iterable
from pathlib import Path

from ctg_geo import labels

__all__ = ["write_text"]


def write_text(path: Path, lines: Iterable[str]) -> None:
    """Write lines as UTF-8, with the spaces and the one apostrophe of French print.

    Names of a study and of its data are written with either apostrophe; people read one.
    """
    path.write_text(labels.typeset("\n".join(lines) + "\n"), encoding="utf-8")
