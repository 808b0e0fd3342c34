"""Services that travel: what `ctg-geo tours` published, as a chapter or a report of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from ctg_geo import labels
from ctg_geo.documents.cells import table_of_sheet
from ctg_geo.documents.findings import findings_in
from ctg_geo.documents.grounds import changed_since, sources
from ctg_geo.documents.parts import Block, Document, Figure, Heading, Table
from ctg_geo.documents.pictures import picture
from ctg_geo.documents.prose import blocks_of, is_item
from ctg_geo.documents.published import Published, Sheet, read_published, read_sheet
from ctg_geo.errors import UnreadableFileError

__all__ = ["TourResults", "is_tours", "read_tours", "tour_chapter", "tour_report"]

_MARK: Final = "tournees.gpkg"
_TEXT: Final = "synthese.txt"
_MAPS: Final = ("carte.png", "carte_proposition.png")  # of the tours of today, of a proposal
_SENTENCES: Final = 2  # with each map
_LEFT_OUT: Final = ("round", "code_insee", "order", "every_weeks", "hours", "presence")


@dataclass(frozen=True, slots=True, eq=False)
class TourResults:
    """What was published of the tours of a service: its text, cut where a line is blank."""

    published: Published
    parts: tuple[tuple[str, ...], ...]  # title, who is to be served, then parts with a title each
    stops: Sheet

    @property
    def study(self) -> str:
        """Name of the study."""
        return str(self.published.study["study"]["name"])

    @property
    def title(self) -> str:
        """What the tours are, without the study."""
        return self.parts[0][0].removesuffix(f" — {labels.typeset(self.study)}")


def is_tours(folder: Path) -> bool:
    """Tell whether a folder is one of tours."""
    return (folder / _MARK).exists()


def read_tours(folder: Path) -> tuple[TourResults, ...]:
    """Read the tours of a folder: its own, and those in the folders inside.

    Raises
    ------
    UnreadableFileError
        If some cannot be read.
    """
    places = [each for each in (folder, *sorted(folder.glob("*/"))) if is_tours(each)]
    return tuple(map(_read, places))


def _read(folder: Path) -> TourResults:
    published = read_published(folder)
    lines = published.lines(_TEXT)
    parts = tuple(tuple(some) for blank, some in groupby(lines, lambda line: not line.strip())
                  if not blank)  # fmt: skip
    if len(parts) < 3:  # noqa: PLR2004  (a title, who is served, the tours of today)
        raise UnreadableFileError("results_damaged", file=str(folder), detail=_TEXT)
    return TourResults(published, parts, read_sheet(folder / "haltes.csv"))


def tour_report(read: Sequence[TourResults]) -> Document:
    """Bind tours of one study into one document."""
    pictures: dict[str, bytes] = {}
    folders = [each.published for each in read]
    blocks = (
        *tour_chapter(read, pictures),
        *changed_since(folders),
        Heading(1, labels.text("documents.sources")),
        sources(folders),
        Heading(1, labels.text("documents.quality")),
        *findings_in([(each.title if len(read) > 1 else "", "", each.published) for each in read]),
    )
    names = [each.title for each in read]
    return Document(
        labels.text("documents.tours_title", study=read[0].study),
        labels.text("documents.tours_subtitle", names=names), blocks, pictures,
    )  # fmt: skip


def tour_chapter(read: Sequence[TourResults], pictures: dict[str, bytes]) -> Iterator[Block]:
    """Tell tours as chapters, one a service: each round with its map and its stops."""
    for number, each in enumerate(read, start=1):
        yield Heading(1, labels.text("documents.tours", name=each.title))
        yield from blocks_of(each.parts[1])
        maps = [name for name in _MAPS if each.published.has(name)]
        rounds = each.parts[2 : 2 + len(maps)]
        for (title, *lines), name in zip(rounds, maps, strict=False):
            yield Heading(2, title)
            first = [line for line in lines[:_SENTENCES] if not is_item(line)]
            yield from blocks_of(first, 3)
            file = f"tournees_{number}_{name}"
            pictures[file] = picture(each.published.folder / name)
            said = f"{each.title}, {title[:1].lower()}{title[1:]}"
            yield Figure(file, labels.text("documents.alt_map", label=said),
                         labels.text("documents.map", label=said))  # fmt: skip
            yield _stops(each, maps.index(name), title)
            yield from blocks_of(lines[len(first) :], 3)
        for title, *lines in each.parts[2 + len(maps) :]:
            yield Heading(2, title)
            yield from blocks_of(lines, 3)


def _stops(tours: TourResults, place: int, title: str) -> Table:
    """Return the stops of a round, without what all its rows repeat."""
    titles, rows = tours.stops.titles, tours.stops.rows
    column = titles.index(labels.text("tours.columns.round"))
    names = list(dict.fromkeys(row[column] for row in rows))
    own = [row for row in rows if row[column] == names[place]] if place < len(names) else []
    left = {labels.text(f"tours.columns.{each}") for each in _LEFT_OUT}
    left.add(labels.text("columns.estimated"))
    kept = [at for at, each in enumerate(titles) if each not in left]
    shown = Sheet(tuple(titles[at] for at in kept), tuple(tuple(row[at] for at in kept)
                                                          for row in own))  # fmt: skip
    return table_of_sheet(shown, labels.text("documents.tours_stops", title=title))
