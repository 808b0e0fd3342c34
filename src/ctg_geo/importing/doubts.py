"""Capacities that are read, and that may mean something else."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ctg_geo.importing.rows import Rows
from ctg_geo.importing.values import PLACES
from ctg_geo.quality import Finding

__all__ = ["doubtful_capacities"]

_MOST_PLACES: Final = 500.0  # of one place; the largest crèches have under 200
_YEARS: Final = (1900, 2100)
_POSTCODES: Final = (1_000, 98_999)  # a spreadsheet loses their first zero


def doubtful_capacities(
    rows: Rows, kept: Sequence[int], table: pd.DataFrame, in_places: frozenset[str] | None
) -> list[Finding]:
    """Tell of capacities in another unit than the service, too large, or like a code or a year.

    Parameters
    ----------
    kept : positions of the rows that are places, in the order of `table`
    table : service, capacity, capacity_unit
    in_places : services counted in places; None where no study tells, and all are taken for such
    """
    each = list(zip(kept, table["service"], table["capacity"], table["capacity_unit"], strict=True))
    known = [one for one in each if one[2] == one[2]]
    counted = [one for one in known if in_places is None or one[1] in in_places]
    findings = []
    other = [one for one in counted if in_places is not None and one[3] not in ("", PLACES)]
    if other:
        facts = {"units": sorted({one[3] for one in other})}
        findings.append(_told("import_unit_other", rows, [one[0] for one in other], **facts))
    coded = [one[0] for one in known if _is_code(one[2])]
    if coded:
        findings.append(_told("import_capacity_code", rows, coded))
    large = [one[0] for one in counted if one[2] > _MOST_PLACES and one[0] not in coded]
    if large:
        findings.append(_told("import_capacity_large", rows, large, most=_MOST_PLACES))
    return findings


def _is_code(value: float) -> bool:
    """Tell whether a number may be a year, or a postcode with or without its first zero."""
    low, high = _POSTCODES
    postcode = low <= value <= high and (value >= 10 * low or value % 10 == 0)
    return value == int(value) and (postcode or _YEARS[0] <= value <= _YEARS[1])


def _told(key: str, rows: Rows, which: Sequence[int], **more: object) -> Finding:
    facts: dict[str, object] = {
        "count": len(which), "rows": [str(rows.number(at)) for at in which],
        "column": rows.title("capacity"), **more,
    }  # fmt: skip
    return Finding("warning", key, rows.file, facts=facts)
