"""Where the titles of a sheet are, what stands above them, and which rows are no places."""

import re
from dataclasses import dataclass
from typing import Final

from ctg_geo.errors import UnreadableFileError
from ctg_geo.importing.grid import Grid
from ctg_geo.importing.headings import field_of, fields_of, known_title
from ctg_geo.importing.titles import LONGEST, NUMBER, candidates, columns_beside, joined, unique
from ctg_geo.words import fold

__all__ = ["Body", "body", "title_score"]

_FEWEST = 2  # titles of a table
_MOSTLY: Final = 0.6  # of the cells of a row of titles are known
_WHERE: Final = frozenset((
    "commune", "address", "code_insee", "postcode", "capacity", "position", "lon", "lat", "x", "y",
))  # fmt: skip
_TOTAL: Final = re.compile(
    r"(sous )?(total|totaux|totals)( .*)?|somme|ensemble|moyenne|grand total|total general"
)
_TOTAL_OF: Final = re.compile(  # a name that starts as a total, and is no brand nor school
    r"((sous )?(total|totaux|totals)(?! energies?\b)|grand total|cumul"
    r"|ensemble(?! (scolaire|sportif|paroissial|immobilier|musical|vocal|educatif|culturel|socio)))"
    r"( .*)?"
)
_NOTE: Final = re.compile(
    r"(source|sources|nb|note|notes|nota|champ|lecture|legende|maj|mise a jour|remarque|remarques"
    r"|attention|sous reserve)( .*)?"
)
_CALL: Final = re.compile(r"\s*(?:[*†‡¹²³]|\([0-9a-z*]\)).*", re.DOTALL)  # of a note, at its start


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A sheet understood as a table; positions count from 0 in its grid."""

    grid: Grid
    titles: tuple[str, ...]  # unique, one per kept column
    columns: tuple[int, ...]  # position in the grid of each
    header: int  # position of the (last) row of titles
    rows: tuple[int, ...]  # positions of the rows that should be places
    last: int  # position in the grid of the last column that has a title, -1 if none has
    aside: dict[str, tuple[int, ...]]  # positions of rows that are none, by reason
    renamed: tuple[str, ...]  # titles that stood twice, or were missing
    again: tuple[str, ...] = ()  # of these, those that stood twice
    other: tuple[int, ...] = ()  # positions of the titles of other tables, in the same sheet
    beside: frozenset[str] = frozenset()  # titles of other tables to the right, or to the left

    def cells(self, at: int) -> list[str]:
        """Return the cells of a row under the titles."""
        return [self.grid.rows[at][column] for column in self.columns]

    @property
    def filled(self) -> int:
        """How many rows hold something, titles apart."""
        return len(self.rows) + sum(len(each) for each in self.aside.values())


def title_score(grid: Grid) -> float:
    """Return how many known titles the likeliest row of titles holds."""
    return max((score for _, _, score in candidates(grid)), default=0.0)


def body(grid: Grid, name: str, *, header_row: int | None = None) -> Body:
    """Find the titles of a sheet and the rows under them.

    Parameters
    ----------
    name : of the file, for the errors
    header_row : the row of titles as a spreadsheet counts, where a person says it

    Raises
    ------
    UnreadableFileError
        If nothing looks like titles, or there is no row under them.
    """
    first, last = _header(grid, name, header_row)
    said = joined(grid, first, last)
    kept = [at for at, title in enumerate(said) if title or _below(grid, last, at)]
    titles, renamed = unique([said[at] for at in kept], kept)
    plain = [said[at] for at in kept]
    other = _other_titles(grid, first, last, kept, plain)
    rows, aside = _parted(grid, first, last, kept, plain, other)
    if not rows:
        raise UnreadableFileError("no_rows", file=name)
    again = tuple(each for each in renamed if each.rpartition(" (")[0] in plain)
    beside = frozenset(titles[at] for at in columns_beside(plain, kept))
    end = max((at for at, title in enumerate(said) if title), default=-1)
    return Body(grid, titles, tuple(kept), last, rows, end, aside, renamed, again, other, beside)


def _header(grid: Grid, name: str, header_row: int | None) -> tuple[int, int]:
    """Return the first and the last row of the titles."""
    if header_row is not None:
        if not 0 < header_row <= len(grid.rows) or not any(grid.rows[header_row - 1]):
            raise UnreadableFileError("import_header_row", file=name, row=str(header_row))
        return header_row - 1, header_row - 1
    found = candidates(grid)
    if found:
        first, last, score = max(found, key=lambda each: (each[2], each[0] - each[1], -each[0]))
        if score >= 1:
            return first, last
    filled = grid.filled
    if not filled:
        raise UnreadableFileError("no_rows", file=name)
    cells = [cell for cell in grid.rows[filled[0]] if cell]
    words = all(not NUMBER.fullmatch(cell) and len(cell) <= LONGEST for cell in cells)
    if len(filled) > 1 and words and len(set(cells)) == len(cells) > 1:
        return filled[0], filled[0]
    first_row = ", ".join(cells[:6])[:200]
    raise UnreadableFileError(
        "import_no_header", file=name, row=str(filled[0] + 1), cells=first_row
    )


def _below(grid: Grid, header: int, column: int) -> bool:
    return any(row[column] for row in grid.rows[header + 1 :])


def _other_titles(
    grid: Grid, first: int, last: int, columns: list[int], titles: list[str]
) -> tuple[int, ...]:
    """Find rows that are titles too, of other columns: those of another table above or below."""
    own = [field_of(title) for title in titles]
    found = []
    for at in grid.filled:
        cells = [grid.rows[at][column] for column in columns]
        if first <= at <= last or not _are_titles(grid.rows[at]):
            continue
        if [field_of(cell) or mine for cell, mine in zip(cells, own, strict=True)] != own:
            found.append(at)
    return tuple(found)


def _are_titles(cells: list[str]) -> bool:
    """Tell whether a row is nothing but titles of a table of places."""
    there = [cell for cell in cells if cell]
    if len(there) < _FEWEST or any(NUMBER.fullmatch(cell) for cell in there):
        return False
    known = sum(map(known_title, there))
    if not known:  # most rows: what follows is slow
        return False
    fields = {field_of(cell) for cell in there if len(cell) <= LONGEST} - {""}
    mostly = len(fields) > _FEWEST and len(fields) >= _MOSTLY * len(there)
    return bool(fields & _WHERE and (mostly or known == len(there) == len(fields)))


def _parted(
    grid: Grid,
    first: int,
    last: int,
    columns: list[int],
    titles: list[str],
    other: tuple[int, ...],
) -> tuple[tuple[int, ...], dict[str, tuple[int, ...]]]:
    """Part the rows that should be places from titles, totals and notes."""
    rows, aside = list[int](), dict[str, list[int]]()
    folded = [fold(title) for title in titles]
    names = [at for at, title in enumerate(titles) if "nom" in fields_of(title)]
    filled = [at for at in grid.filled if not first <= at <= last]
    for at in filled:
        cells = [grid.rows[at][column] for column in columns]
        begun = max((each for each in other if each <= at), default=-1)
        if begun >= 0 and (at < first or begun > last):
            reason = "other_table"
        else:
            reason = "above" if at < first else _no_place(cells, folded, names)
        if reason:
            aside.setdefault(reason, []).append(at)
        else:
            rows.append(at)
    return tuple(rows), {reason: tuple(each) for reason, each in aside.items()}


def _no_place(cells: list[str], titles: list[str], names: list[int]) -> str:
    """Tell why a row under the titles is no place: titles again, a total, a note.

    `names` are the columns that may hold the name: there, the first word of a total is enough.
    """
    there = [cell for cell in cells if cell]
    if not there:
        return ""
    same = [fold(cell) for cell in cells] == titles and any(titles)
    if same or _are_titles(cells):  # in other words; titles of other columns came before
        return "header_again"
    numbers = all(NUMBER.fullmatch(cell) for cell in there[1:])
    named = any(_TOTAL_OF.fullmatch(fold(cells[at])) for at in names)
    if named or (numbers and _TOTAL.fullmatch(fold(there[0]))):
        return "total"
    alone = len(there) == 1 and len(cells) > 1
    note = alone and (_NOTE.fullmatch(fold(there[0])) or _CALL.fullmatch(there[0]))
    return "note" if note else ""
