"""What a document is made of, whatever file it becomes: blocks in order, text only."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Literal

from ctg_geo import labels
from ctg_geo.words import legible

__all__ = ["Block", "Document", "Figure", "Heading", "Listing", "PageBreak", "Paragraph", "Table",
           "texts_of"]  # fmt: skip

_WORD: Final = re.compile(r"[\s\u00a0\u202f/-]")  # where a line may end
_LEAST: Final = 6.0  # signs: the narrowest column
_MOST: Final = {True: 13.0, False: 27.0}  # signs of a column of numbers, of words
_LONG: Final = 16  # signs of a word that stands whole
_LINE: Final = 20.0  # signs of a line of a long title
_LINES: Final = 5  # of a long title
_COLUMNS: Final = 7  # of a table set in the size of the others
_ROOM: Final = {False: 98.0, True: 118.0}  # signs on a line of a table, of one of more columns


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 opens a chapter."""

    level: Literal[1, 2, 3]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: plain, the `lead` of a page, a `note` below something, or a `caution`."""

    text: str
    kind: Literal["plain", "lead", "note", "caution"] = "plain"


@dataclass(frozen=True, slots=True)
class Listing:
    """Items, numbered or not."""

    items: Sequence[str]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is read: cells are text already; `numeric` columns stand to the right.

    `widths` are those of the columns beside each other; none where they go by what they hold.
    """

    caption: str
    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]
    widths: Sequence[float] = ()

    @property
    def shares(self) -> tuple[float, ...]:
        """Return the widths of the columns: those given, else by what they hold, within reason.

        Where all cannot have what they would take, none is narrower than its longest word as
        long as there is room for that.
        """
        if self.widths:
            return tuple(self.widths)
        least = [self._least(column) for column in range(len(self.titles))]
        wanted = [self._wanted(column, some) for column, some in enumerate(least)]
        spare = sum(wanted) - sum(least)
        room = _ROOM[len(least) > _COLUMNS] - sum(least)
        part = min(1.0, max(0.0, room) / spare) if spare else 1.0
        return tuple(some + part * (all_ - some) for some, all_ in zip(least, wanted, strict=True))

    def _least(self, column: int) -> float:
        """Return the width of the longest word of a column, in signs."""
        title = max(map(len, _WORD.split(self.titles[column])), default=0)
        cells = (len(each) for row in self.rows for each in _WORD.split(row[column]))
        return 2.5 + 1.2 * min(_LONG, max([title, *cells]))

    def _wanted(self, column: int, least: float) -> float:
        """Return the width that a column would take: its longest cell, lines of its title."""
        cells = max((len(row[column]) for row in self.rows), default=0)
        lines = min(_LINE, len(self.titles[column]) / _LINES)
        return max(_LEAST, least, lines, min(_MOST[bool(self.numeric[column])], 2.5 + cells))


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: the name of a file of the document, what it shows, its caption.

    `width` is its share of the width of the text.
    """

    file: str
    alt: str
    caption: str
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The next block opens a page."""


Block = Heading | Paragraph | Listing | Table | Figure | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document in French. `pictures` are PNG by the name that figures give them.

    A `compact` one is of sheets: what stands between two page breaks is set on one page.
    """

    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    pictures: dict[str, bytes]
    compact: bool = False

    def content(self) -> dict[str, object]:
        """Return title and blocks as plain data: what templates are filled with."""
        blocks = [{"is": type(each).__name__, **asdict(each)} for each in self.blocks]
        for block, each in zip(blocks, self.blocks, strict=True):
            if isinstance(each, Table):
                block["widths"] = each.shares
        return {"title": self.title, "subtitle": self.subtitle, "blocks": blocks,
                "compact": self.compact}  # fmt: skip

    def legible(self) -> "Document":
        """Return the document as it is printed, wherever its words came from.

        Without the signs that no page holds; with the spaces and the apostrophe of French, no
        figure parted from its unit.
        """
        blocks = tuple(
            replace(each, **{one.name: _legible(getattr(each, one.name)) for one in fields(each)})
            for each in self.blocks
        )
        return replace(self, title=_legible(self.title), subtitle=_legible(self.subtitle),
                       blocks=blocks)  # fmt: skip


def texts_of(block: Block) -> Iterator[str]:
    """Return every text of a block."""
    for each in fields(block):
        yield from _texts(getattr(block, each.name))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401  (a text, texts, or what holds none)
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _legible(value: Any) -> Any:  # noqa: ANN401  (a text, texts, or what holds none)
    if isinstance(value, str):
        return labels.held(labels.typeset(legible(value)))
    return [*map(_legible, value)] if isinstance(value, list | tuple) else value
