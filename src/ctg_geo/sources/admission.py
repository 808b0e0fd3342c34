"""Whom places take, as their file says it: ages in whole years, communes of residence."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.contracts import COMMUNE_CODE
from ctg_geo.contracts.ages import LAST_AGE
from ctg_geo.sources.door import RawTable

__all__ = ["admission"]

_BETWEEN: Final = re.compile(r"[\s,;|]+")
_COMMUNE: Final = re.compile(COMMUNE_CODE)
_EPCI: Final = re.compile(r"[0-9]{9}")
_LONG: Final = re.compile(r"[0-9]{6,}")  # longer than the code of a commune


def admission(raw: RawTable, source: EquipementsSource) -> dict[str, npt.NDArray[np.generic]]:
    """Read the columns that say whom places take; those that the source does not name are left out.

    Returns
    -------
    by column, one value a row
        `age_from`, `age_to` in whole years, both included, NaN where every age is taken;
        `residents`, codes of communes and of EPCI parted by blanks, "" where everybody is.
        Wrong cells are noted as defects.
    """
    read: dict[str, npt.NDArray[np.generic]] = {}
    if "age_from" in source.columns:
        read["age_from"], read["age_to"] = _ages(raw, source)
    if "residents" in source.columns:
        read["residents"] = _residents(raw, source.columns["residents"])
    return read


def _ages(
    raw: RawTable, source: EquipementsSource
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    first, last = source.columns["age_from"], source.columns["age_to"]
    young, old = _years(raw, first), _years(raw, last)
    given = [raw.text(column) != "" for column in (first, last)]
    for at in np.flatnonzero(given[0] != given[1]):
        raw.add("age_half", int(at), first if given[1][at] else last, "")
    for at in np.flatnonzero(old < young):
        raw.add("age_backward", int(at), last, f"{old[at]:g}", first=f"{young[at]:g}")
    return young, old


def _years(raw: RawTable, column: str) -> npt.NDArray[np.float64]:
    years = np.full(len(raw), np.nan)
    for at, value in enumerate(raw.text(column)):
        if re.fullmatch(r"[0-9]{1,3}", value) and int(value) <= LAST_AGE:
            years[at] = int(value)
        elif value:
            raw.add("age_years", at, column, value, most=LAST_AGE)
    return years


def _residents(raw: RawTable, column: str) -> npt.NDArray[np.object_]:
    said = [[one for one in _BETWEEN.split(value) if one] for value in raw.text(column)]
    for at, (codes, value) in enumerate(zip(said, raw.text(column), strict=True)):
        if value and not codes:
            raw.add("resident_code", at, column, value)
        for code in codes:
            if _LONG.fullmatch(code) and not _EPCI.fullmatch(code):
                raw.add("resident_code", at, column, code)
            elif not _COMMUNE.fullmatch(code) and not _EPCI.fullmatch(code):
                raw.code_defect(at, column, code)
    return np.array([" ".join(dict.fromkeys(codes)) for codes in said], dtype=object)
