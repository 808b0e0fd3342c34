"""Single parents and unemployment by commune, from the census (Insee, base-cc-*)."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.official.by_commune import Status, ratio, read_rows, told
from ctg_geo.sources.official.headings import latest

__all__ = ["read_census_rates"]

# By format: part and whole as Insee names them after the year, and the rate they make.
_RATES: Final[dict[str, tuple[tuple[str, str], tuple[str, str], str]]] = {
    "families": (("single_parents", "FAMMONO"), ("families", "FAM"), "single_parent_share"),
    "employment": (("unemployed", "CHOM1564"), ("active", "ACT1564"), "unemployment_share"),
}


def read_census_rates(
    path: Path, source: IndicatorSource, *, within: Collection[str] | None
) -> TableRead:
    """Read a count, what it is part of, and its share (0-1), by commune.

    `families`: single-parent families among families (`C21_FAMMONO`, `C21_FAM`).
    `employment`: unemployed among the active of 15 to 64 (`P21_CHOM1564`, `P21_ACT1564`), in
    the sense of the census: not the rate of the International Labour Organization.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        If a column is missing, the file is damaged or a cell is wrong.
    """
    part, whole, rate = _RATES[source.format]
    read = read_rows(path, source, within=within)
    raw = read.raw
    headings = {name: source.columns.get(name) or _dated(raw, stem) for name, stem in (part, whole)}
    columns: dict[str, Status] = {}
    for name, heading in headings.items():
        numbers = raw.numbers(heading)
        columns[name] = (numbers.value, numbers.status)
    columns[rate] = ratio(columns[part[0]], columns[whole[0]])
    return told(read, columns, used=list(headings.values()))


def _dated(raw: RawTable, stem: str) -> str:
    """Find the column of the latest year whose name ends so; the file may hold three years."""
    found = latest(raw.frame.columns, rf"[PC](\d\d)_{stem}")
    if found is None:
        known = [str(each) for each in raw.frame.columns if str(each)]
        raise MissingColumnError("columns", file=raw.name, missing=[f"C.._{stem}"], found=known)
    return found
