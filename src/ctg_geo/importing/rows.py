"""The rows of a sheet by field, and what is found wrong in each."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import PurePath
from typing import Final

from ctg_geo.importing.guessing import Guess
from ctg_geo.importing.header import Body
from ctg_geo.importing.headings import REPORT
from ctg_geo.importing.imported import Problem, Refused
from ctg_geo.importing.mapping import DAYS
from ctg_geo.importing.values import is_error
from ctg_geo.words import fold

__all__ = ["Rows"]

_LONGEST: Final = 1_000  # signs in a cell that is used
_OF_PLACE: Final = (
    "nom", "address", "postcode", "commune", "code_insee", "lon", "lat", "x", "y", "position",
)  # fmt: skip
_MARK: Final = 6  # signs: one chance in 16 million that two rows are taken for one
_AMOUNTS: Final = ("capacity", "hours_per_week", "hours", *DAYS)
_RARE: Final = 0.5  # of the rows: cells to the right of the titles in fewer are shifted ones


class Rows:
    """Cells by field and by row (from 0), with the problems noted on the way.

    Parameters
    ----------
    file : its name
    body : the sheet as a table
    guesses : what each column is taken for
    """

    def __init__(self, file: str, body: Body, guesses: Sequence[Guess]) -> None:
        self.file, self.body = file, body
        self.cells = [body.cells(at) for at in body.rows]
        self.column = {each.field: at for at, each in enumerate(guesses) if each.field}
        self.problems: list[list[Problem]] = [[] for _ in body.rows]
        self.shared: dict[str, list[int]] = {}  # rows emptied of a merged amount, by field
        self._unshare_amounts()
        self._refuse_cells()
        self._refuse_shifted()

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.cells)

    def has(self, field: str) -> bool:
        """Tell whether a column holds the field."""
        return field in self.column

    def text(self, field: str) -> list[str]:
        """Return the cells of a field, empty ones where no column holds it."""
        if field not in self.column:
            return [""] * len(self)
        at = self.column[field]
        return [row[at] for row in self.cells]

    def title(self, field: str) -> str:
        """Return the title of the column that holds a field."""
        return self.body.titles[self.column[field]] if field in self.column else ""

    def note(self, at: int, reason: str, field: str, value: str = "", **facts: object) -> None:
        """Note a problem of a row."""
        self.problems[at].append(Problem(reason, self.title(field), value, facts))

    def number(self, at: int) -> int:
        """Return the row as the colleague's program counts."""
        return self.body.rows[at] + 1

    def origin(self, at: int) -> tuple[str, str, int]:
        """Return file, sheet and row: those of the first import where this file is its report."""
        file, sheet, row = (
            self.cells[at][self.column[key]] if (key := f"{REPORT}{part}") in self.column else ""
            for part in ("file", "sheet", "row")
        )
        if file and row.isdigit():
            return file, sheet, int(row)
        return self.file, self.body.grid.sheet, self.number(at)

    def made_id(self, at: int) -> str:
        """Make an identifier of file, sheet and row, and of what the row says of the place.

        The last tells apart the rows of two files of one name; two that say the same there
        are one place, and clash.
        """
        file, sheet, row = self.origin(at)
        place = "\x1f".join(self.text(field)[at] for field in _OF_PLACE)
        mark = sha256(place.encode()).hexdigest()[:_MARK]
        parts = [fold(PurePath(file).stem)[:60], fold(sheet)[:40], str(row), mark]
        return "-".join(part.replace(" ", "-") for part in parts if part)

    def refused(self) -> Iterator[Refused]:
        """Return each row with a problem, its cells as they came."""
        own = self.own_columns
        for at, problems in enumerate(self.problems):
            if problems:
                cells = tuple(self.cells[at][column] for column in own)
                yield Refused(*self.origin(at), tuple(problems), cells)

    @property
    def own_columns(self) -> list[int]:
        """Positions of the colleague's own columns: not those that a report has added."""
        added = {at for field, at in self.column.items() if field.startswith(REPORT)}
        return [at for at in range(len(self.body.titles)) if at not in added]

    def _unshare_amounts(self) -> None:
        """Leave an amount merged over several rows to the first: repeated, it would be doubled."""
        for field in _AMOUNTS:
            if field not in self.column:
                continue
            column = self.column[field]
            place = self.body.columns[column]
            which = [
                at for at, row in enumerate(self.body.rows)
                if (row, place) in self.body.grid.repeated
            ]  # fmt: skip
            for at in which:
                self.cells[at][column] = ""
            if which:
                self.shared[field] = which

    def _refuse_cells(self) -> None:
        """Refuse formulas without result, failed ones, and cells too long, where they are used."""
        for field, column in self.column.items():
            if field.startswith(REPORT):
                continue
            place = self.body.columns[column]
            for at, row in enumerate(self.cells):
                if (self.body.rows[at], place) in self.body.grid.uncomputed:
                    self.note(at, "formula", field, row[column])
                elif is_error(row[column]):
                    self.note(at, "formula_failed", field, row[column])
                elif len(row[column]) > _LONGEST:
                    facts = {"count": len(row[column]), "most": _LONGEST}
                    self.note(at, "too_long", field, row[column], **facts)

    def _refuse_shifted(self) -> None:
        """Refuse rows with cells to the right of the last title: a separator too many."""
        right = [at for at, place in enumerate(self.body.columns) if place > self.body.last]
        shifted = [at for at, row in enumerate(self.cells) if any(row[each] for each in right)]
        if len(shifted) > _RARE * len(self):
            return
        for at in shifted:
            value = next(self.cells[at][each] for each in right if self.cells[at][each])
            title = self.body.titles[right[0]]
            self.problems[at].append(Problem("shifted", title, value))
