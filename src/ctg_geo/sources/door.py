"""Cells that come in: text until checked, and every wrong one told with its place and mend."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import DataError, Defect, MissingColumnError
from ctg_geo.quality import Finding
from ctg_geo.sources.inert import original

__all__ = ["Numbers", "RawTable", "TableRead", "without_repeats"]

_CODE = re.compile(contracts.COMMUNE_CODE)
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_COMMA_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+")
_POINT_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+")
_LARGEST = 1e9  # people, places, metres: no figure of a study is larger
_SPACED = re.compile(r"[+-]?[0-9]{1,3}([\s\u00a0\u202f][0-9]{3})+([.,][0-9]+)?")


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column of numbers: NaN where there is none, and why in `status`."""

    value: npt.NDArray[np.float64]
    status: npt.NDArray[np.object_]  # observed, not_available, secret, not_applicable


@dataclass(frozen=True, slots=True, eq=False)
class TableRead:
    """A checked table, and what is needed to account for each row of its file."""

    name: str  # of the file
    table: pd.DataFrame
    row_of: pd.Series  # by the table's index: row in the file
    rows: int  # in the file
    findings: list[Finding]
    row_codes: pd.Series | None = None  # of several rows each: code_insee by row of the file
    row_aside: pd.Series | None = None  # of counts: why a row gives no place, "" if it counts
    aside: Mapping[str, int] = field(default_factory=dict)  # rows that gave nothing, by reason
    partial: pd.DataFrame | None = None  # counts known in part: service, code_insee, status, row
    parts: pd.DataFrame | None = None  # by code_iris: code_insee and the figures, where known


@dataclass(slots=True, eq=False)
class RawTable:
    """A table as text, with the row number of each line in its file.

    Reading a column never stops at its first wrong cell: defects gather, and
    `raise_defects` tells them all.
    """

    name: str
    frame: pd.DataFrame  # text only
    row: npt.NDArray[np.int64]
    source: TableSource
    findings: list[Finding] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    decimals: tuple[str, ...] = (".",)

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.frame)

    def only(self, kept: npt.NDArray[np.bool_]) -> "RawTable":
        """Return the rows kept; findings and defects go on gathering in one place."""
        frame = self.frame[kept].reset_index(drop=True)
        return RawTable(
            self.name, frame, self.row[kept], self.source, self.findings, self.defects,
            self.decimals,
        )  # fmt: skip

    def require(self, columns: Iterable[str]) -> None:
        """Check that the columns exist.

        Raises
        ------
        MissingColumnError
            Naming the missing ones and those the file has.
        """
        missing = [each for each in dict.fromkeys(columns) if each not in self.frame.columns]
        if missing:
            found = [str(column) for column in self.frame.columns if str(column)]
            raise MissingColumnError("columns", file=self.name, missing=missing, found=found)

    def add(self, reason: str, at: int, column: str, value: str, **facts: object) -> None:
        """Note a defect of the cell at position `at`."""
        self.defects.append(Defect(self.name, reason, int(self.row[at]), column, value, facts))

    def raise_defects(self) -> None:
        """Tell all defects noted so far.

        Raises
        ------
        DataError
            If there are any.
        """
        if self.defects:
            once = {repr(each): each for each in self.defects}  # of a column read for two figures
            raise DataError(sorted(once.values(), key=lambda d: (d.row or 0, d.column or "")))

    def text(self, column: str) -> npt.NDArray[np.object_]:
        """Return a column of text without surrounding blanks, nor the mark of our own exports."""
        said = self.frame[column].astype(str).str.strip().to_numpy(dtype=object)
        for at in np.flatnonzero([value.startswith("'") for value in said]):
            said[at] = original(said[at])
        return said

    def codes(self, column: str, *, optional: bool = False) -> npt.NDArray[np.object_]:
        """Return a column of Insee codes; empty where `optional` allows it."""
        values = self.text(column)
        for at, value in enumerate(values):
            if _CODE.fullmatch(value) or (optional and not value):
                continue
            self.code_defect(at, column, value)
        return values

    def code_defect(self, at: int, column: str, value: str) -> None:
        """Note what is wrong with a cell that is no Insee code, and the mend where it is clear."""
        if not value:
            self.add("code_missing", at, column, value)
        elif re.fullmatch(r"[0-9]{4}", value):
            self.add("code_leading_zero", at, column, value, mend=f"0{value}")
        elif re.fullmatch(r"[0-9]{4,5}[.,]0+", value):
            mend = re.split(r"[.,]", value)[0].zfill(5)
            self.add("code_as_number", at, column, value, mend=mend)
        elif re.fullmatch(r"2[ab][0-9]{3}", value):
            self.add("code_case", at, column, value, mend=value.upper())
        elif _CODE.fullmatch(packed := re.sub(r"[\s'\"]", "", value)):
            self.add("code_signs", at, column, value, mend=packed)
        else:
            self.add("code_format", at, column, value)

    def numbers(self, column: str, *, minimum: float | None = 0.0) -> Numbers:
        """Return a column of numbers; empty cells and masked ones have none, and say why."""
        values = self.text(column)
        number = np.full(len(values), np.nan)
        status = np.full(len(values), "observed", dtype=object)
        signs = self.source.signs
        for at, value in enumerate(values):
            if not value:
                status[at] = self.source.blank_status
            elif value.casefold() in signs:
                status[at] = signs[value.casefold()]
            else:
                number[at] = self._number(at, column, value, minimum)
        return Numbers(number, status)

    def _number(self, at: int, column: str, value: str, minimum: float | None) -> float:
        plain = value.replace(",", ".") if "," in self.decimals and "." not in value else value
        try:
            number = float(plain) if re.fullmatch(r"[-+0-9.eE]+", plain) else np.nan
        except ValueError:
            number = np.nan
        if "." not in self.decimals and _POINT_THOUSANDS.fullmatch(value):
            self.add("point_ambiguous", at, column, value)
        elif not np.isfinite(number):
            self.add(_why_not(value), at, column, value)
        elif abs(number) > _LARGEST:
            self.add("too_large", at, column, value)
        elif minimum is not None and number < minimum:
            self.add("negative", at, column, value)
        return float(number)


def _why_not(value: str) -> str:
    if _COMMA_THOUSANDS.fullmatch(value):
        return "comma_ambiguous"
    if _DECIMAL_COMMA.fullmatch(value):
        return "decimal_comma"
    if _SPACED.fullmatch(value):
        return "spaced_number"
    return "not_a_number"


def without_repeats(
    raw: RawTable, column: str, used: list[str], *, within: str | None = None
) -> npt.NDArray[np.bool_]:
    """Refuse communes that stand twice, or keep the first of identical rows if the source allows.

    Parameters
    ----------
    raw : the table
    column : of the commune codes
    used : the columns that must be identical
    within : a column that parts the table: a commune may stand once for each of its values

    Returns
    -------
    mask of the rows to keep; collapsed ones are reported in the findings

    Raises
    ------
    DataError
        If a commune stands twice with other values, or identical rows are not allowed.
    """
    code = raw.text(column)
    part = np.full(len(raw), "", dtype=object) if within is None else raw.text(within)
    key = list(zip(code, part, strict=True))
    repeated = pd.Series(key).duplicated().to_numpy() & (code != "")
    if not repeated.any():
        return np.asarray(~repeated)
    identical = raw.frame[used].duplicated().to_numpy()
    first = {value: at for at, value in reversed(list(enumerate(key)))}
    for at in np.flatnonzero(repeated):
        if raw.source.duplicates == "keep_identical" and identical[at]:
            continue
        reason = "commune_twice_same" if identical[at] else "commune_twice"
        above = str(raw.row[first[key[at]]])
        raw.add(reason, int(at), column, str(code[at]), first=above)
    raw.raise_defects()
    facts = {"count": int(repeated.sum()), "codes": sorted(set(code[repeated]))}
    raw.findings.append(Finding("warning", "repeats_collapsed", raw.name, facts=facts))
    return np.asarray(~repeated)
