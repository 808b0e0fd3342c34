"""Rows of a table of a feed: what is wrong in one is noted, and the row set aside."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import Defect, MissingColumnError, UnreadableFileError
from ctg_geo.quality import Finding
from ctg_geo.sources.delimited import read_delimited

__all__ = ["Rows", "no_rows", "opened"]

Texts = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

NO_TIME: Final = -1
_TIME = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_NOTED: Final = 50  # defects told in words, of each table
_SHOWN: Final = 3


@dataclass(slots=True, eq=False)
class Rows:
    """A table of a feed as text; `bad` are the rows that something is wrong in."""

    file: str  # feed and table, for people: citea.zip/stops.txt
    frame: pd.DataFrame
    row: Longs
    bad: Bools
    findings: list[Finding] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.frame)

    def require(self, *columns: str) -> None:
        """Check that the columns exist.

        Raises
        ------
        MissingColumnError
            Naming the missing ones and those the file has.
        """
        missing = [column for column in columns if column not in self.frame.columns]
        if missing:
            found = [str(column) for column in self.frame.columns]
            raise MissingColumnError("columns", file=self.file, missing=missing, found=found)

    def text(self, column: str) -> Texts:
        """Return a column without surrounding blanks; empty where the table has none such."""
        if column not in self.frame.columns:
            return np.full(len(self), "", dtype=object)
        return self.frame[column].astype(str).str.strip().to_numpy(dtype=object)

    def refuse(self, wrong: Bools, column: str, reason: str, **facts: object) -> None:
        """Set rows aside, and say why of the first of them."""
        fresh = np.flatnonzero(wrong & ~self.bad)
        self.bad |= wrong
        values = self.text(column)
        for at in fresh[: max(_NOTED - len(self.defects), 0)]:
            value = str(values[at])
            self.defects.append(Defect(self.file, reason, int(self.row[at]), column, value, facts))

    def identifiers(self, column: str) -> Texts:
        """Return a column of identifiers; a row whose own is void or taken is set aside."""
        found = self.text(column)
        self.refuse(found == "", column, "gtfs_void")
        twice = pd.Series(found).duplicated().to_numpy() & (found != "")
        self.refuse(twice, column, "gtfs_twice")
        return found

    def known(self, column: str, known: pd.Index, *, table: str) -> Longs:
        """Return the number of each row in another table; one that is not there is set aside."""
        found = self.text(column)
        number = known.get_indexer(pd.Index(found))
        self.refuse(number < 0, column, "gtfs_stranger", table=table)
        return number.astype(np.int64)

    def numbers(self, column: str) -> Floats:
        """Return a column of numbers, NaN where void; what is no number is set aside."""
        codes, unique = pd.factorize(self.text(column))
        values = np.array([float(each) if _NUMBER.fullmatch(each) else np.nan for each in unique])
        wrong = np.array([bool(each) and not _NUMBER.fullmatch(each) for each in unique])
        if not len(unique):
            return np.zeros(0)
        self.refuse(wrong[codes], column, "gtfs_number")
        return np.asarray(values[codes], dtype=np.float64)

    def choice(self, column: str, known: tuple[str, ...]) -> Longs:
        """Return which of some words each row holds, the first where void."""
        found = self.text(column)
        number = pd.Index(known).get_indexer(pd.Index(np.where(found == "", known[0], found)))
        self.refuse(number < 0, column, "gtfs_choice", known=", ".join(known))
        return np.maximum(number, 0).astype(np.int64)

    def seconds(self, column: str) -> Longs:
        """Return times as seconds of the day, beyond 24:00 too; NO_TIME where void."""
        codes, unique = pd.factorize(self.text(column))
        if not len(unique):
            return np.zeros(0, np.int64)
        found = [_TIME.fullmatch(each) for each in unique]
        values = np.array([NO_TIME if each is None else _seconds(each) for each in found])
        wrong = np.array([bool(said) and each is None
                          for said, each in zip(unique, found, strict=True)])  # fmt: skip
        self.refuse(wrong[codes], column, "gtfs_time")
        return np.asarray(values[codes], dtype=np.int64)

    def told(self) -> list[Finding]:
        """Return what is to be said of the rows set aside, and of the file."""
        if not self.bad.any():
            return self.findings
        shown = " ; ".join(each.explain().rstrip(".") for each in self.defects[:_SHOWN])
        facts: dict[str, object] = {"file": self.file, "count": int(self.bad.sum()),
                                    "read": len(self), "shown": shown}  # fmt: skip
        return [*self.findings, Finding("warning", "gtfs_rows", self.file, facts=facts)]


def opened(path: Path, feed: str) -> Rows:
    """Open a table of a feed, all cells as text.

    Raises
    ------
    UnreadableFileError
        If it is no text, is empty, or its rows cannot be told apart.
    """
    file, said = f"{feed}/{path.name}", list[Finding]()
    plain = TableSource(path=path.name, provider=feed, licence=feed, vintage=feed, separator=",")
    try:
        raw, first = read_delimited(path, plain, said)
    except UnreadableFileError as error:
        if error.reason == "empty":
            return no_rows(file)
        raise UnreadableFileError("gtfs_table", file=file, why=error.explain()) from error
    titles = [str(title).strip().strip('"') for title in raw.iloc[0]]
    frame = raw.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index(titles)
    frame = frame.loc[:, ~frame.columns.duplicated()]
    row = np.arange(len(frame), dtype=np.int64) + first + 1
    void = (frame == "").all(axis=1).to_numpy()
    frame, row = frame[~void].reset_index(drop=True), row[~void]
    return Rows(file, frame, row, np.zeros(len(frame), dtype=bool), said)


def no_rows(file: str) -> Rows:
    """Return a table without rows or columns."""
    return Rows(file, pd.DataFrame(), np.zeros(0, np.int64), np.zeros(0, dtype=bool))


def _seconds(found: "re.Match[str]") -> int:
    hours, minutes, seconds = (int(part) for part in found.groups())
    return (hours * 60 + minutes) * 60 + seconds
