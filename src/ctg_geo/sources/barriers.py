"""Hand-written barriers of schematic roads: which communes are on which side of a river."""

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.config.table_source import TableSource
from ctg_geo.contracts import COMMUNE_CODE
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_table
from ctg_geo.sources.said import nearest
from ctg_geo.words import fold

__all__ = ["NO_BARRIERS", "read_barriers"]

_COLUMNS: Final = ("barrier", "side", "code_insee")
NO_BARRIERS = pd.DataFrame(columns=list(_COLUMNS), dtype=object)

_START: Final = re.compile(r"(?:[0-9]{1,4}|2[AB][0-9]{0,2})\*")  # of codes


def read_barriers(path: Path, source: TableSource) -> pd.DataFrame:
    """Read the barriers: barrier, side, code_insee (a code, or the start of codes and "*").

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing or the file is damaged; if a cell is empty or is no code; if a
        barrier has not two sides, has a commune on both, or a name that differs from another's
        by accents or case only.
    """
    raw = read_table(path, source)
    raw.require(_COLUMNS)
    table = pd.DataFrame({name: raw.text(name) for name in _COLUMNS})
    for column in _COLUMNS[:2]:
        for at in np.flatnonzero(table[column] == ""):
            raw.add("cell_void", int(at), column, "")
    for number, code in enumerate(table["code_insee"]):
        _check_code(raw, number, str(code))
    raw.raise_defects()
    _refuse_alike(raw, table)
    for name, rows in table.groupby("barrier", sort=False):
        _refuse_sides(raw, str(name), rows, list(dict.fromkeys(table["barrier"])))
        _refuse_both(raw, rows)
    raw.raise_defects()
    return table


def _check_code(raw: RawTable, at: int, value: str) -> None:
    if re.fullmatch(COMMUNE_CODE, value) or _START.fullmatch(value):
        return
    if "*" not in value:
        raw.code_defect(at, "code_insee", value)
        return
    mend = re.sub(r"[\s*]", "", value).upper() + "*"
    known = _START.fullmatch(mend) is not None
    raw.add("code_start_near" if known else "code_start", at, "code_insee", value, mend=mend)


def _refuse_alike(raw: RawTable, table: pd.DataFrame) -> None:
    """Note each name that is a more frequent one, but for accents, case or signs."""
    counts = table["barrier"].value_counts(sort=True)  # of those as frequent, the first
    usual: dict[str, str] = {}
    for name in counts.index:
        usual.setdefault(fold(name), name)
    for at, name in enumerate(table["barrier"]):
        near = usual[fold(name)]
        if near != name:
            row = str(raw.row[int((table["barrier"] == near).to_numpy().argmax())])
            raw.add("barrier_alike", at, "barrier", name, near=near, first=row)
    raw.raise_defects()


def _refuse_sides(raw: RawTable, name: str, rows: pd.DataFrame, names: list[str]) -> None:
    """Note a barrier that has not two sides, with the name it may have been meant to have."""
    sides, near = list(dict.fromkeys(rows["side"])), nearest(name, names)
    if len(sides) == 1:
        reason = "barrier_one_side_near" if near else "barrier_one_side"
        raw.add(reason, int(rows.index[0]), "side", sides[0], barrier=name, near=near)
    for side in sides[2:]:
        at = int(rows.index[rows["side"] == side][0])
        raw.add("barrier_three_sides", at, "side", side, barrier=name, known=sides[:2])


def _refuse_both(raw: RawTable, rows: pd.DataFrame) -> None:
    """Note each row that stands twice, and each that puts communes of another on another side."""
    for one, two in _overlapping(rows):
        side, code = (str(rows.at[two, column]) for column in ("side", "code_insee"))
        first = str(raw.row[one])
        if side != rows.at[one, "side"]:
            raw.add("barrier_both_sides", two, "code_insee", code, first=first,
                    other=rows.at[one, "side"], side=side)  # fmt: skip
        elif code == rows.at[one, "code_insee"]:
            raw.add("barrier_row_twice", two, "code_insee", code, first=first)


def _overlapping(rows: pd.DataFrame) -> Iterator[tuple[int, int]]:
    """Yield the pairs of rows, the first above, that hold a commune in common."""
    at_code: dict[str, list[int]] = {}
    for at, code in zip(rows.index, rows["code_insee"], strict=True):
        at_code.setdefault(code, []).append(int(at))
    for code, same in at_code.items():
        yield from combinations(same, 2)
        stem = code.rstrip("*")
        for start in (f"{stem[:length]}*" for length in range(1, len(stem) + 1)):
            if start != code:
                for other in at_code.get(start, ()):
                    yield from ((min(at, other), max(at, other)) for at in same)
