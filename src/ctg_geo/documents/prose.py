"""Texts that were published, as blocks of a document: the same sentences, the same numbers."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal

from ctg_geo import labels
from ctg_geo.documents.parts import Block, Heading, Listing, Paragraph

__all__ = ["blocks_of", "is_item", "section"]

_ITEM: Final = re.compile(r"\s*(?:[–-]\s+|(\d+)\.\s+)(.*)")


def section(lines: Iterable[str], title: str) -> tuple[str, ...]:
    """Return the lines under a title that stands alone, up to the blank line after them."""
    found: list[str] = []
    inside = False
    for line in lines:
        if inside and not line.strip():
            break
        if inside:
            found.append(line)
        inside = inside or line.strip() == labels.typeset(title)
    return tuple(found)


def is_item(line: str) -> bool:
    """Tell whether a line opens with a dash or a number."""
    return _ITEM.fullmatch(line) is not None


def blocks_of(lines: Iterable[str], level: Literal[2, 3] = 2) -> tuple[Block, ...]:
    """Make paragraphs, lists and small titles of the lines of a text.

    A line that opens with a dash or a number is an item; one without a full stop that follows
    a blank line is a small title, of that level.
    """
    return tuple(_blocks(lines, level))


def _blocks(lines: Iterable[str], level: Literal[2, 3]) -> Iterator[Block]:
    items: list[str] = []
    numbered = after_blank = False
    for line in lines:
        item = _ITEM.fullmatch(line)
        if item is None and items:
            yield Listing(tuple(items), numbered)
            items = []
        if item is not None:
            numbered = item.group(1) is not None
            items.append(item.group(2).strip())
        elif line.strip():
            alone = after_blank and not line.rstrip().endswith((".", ":", "!", "?"))
            yield Heading(level, line.strip()) if alone else Paragraph(line.strip())
        after_blank = not line.strip()
    if items:
        yield Listing(tuple(items), numbered)
