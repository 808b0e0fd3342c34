"""What a document is made of, whatever file it becomes: blocks in order, text only."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from ctg_geo import labels
from ctg_geo.words import legible

__all__ = ["Block", "Document", "Figure", "Heading", "Listing", "PageBreak", "Paragraph", "Table"]


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


def _legible(value: Any) -> Any:  # noqa: ANN401  (a text, texts, or what holds none)
    if isinstance(value, str):
        return labels.held(labels.typeset(legible(value)))
    return [*map(_legible, value)] if isinstance(value, list | tuple) else value
