"""Columns under the names that a provider publishes, whatever their case or their version."""

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.door import RawTable

__all__ = ["by_heading", "chosen", "either", "first_of", "latest", "named", "text_or_empty"]


def by_heading(headings: Iterable[object]) -> dict[str, str]:
    """Return each heading by its name, case folded, without outer blanks; the first wins."""
    said = [str(each) for each in headings]
    return {each.strip().casefold(): each for each in reversed(said)}


def first_of(file: str, headings: Sequence[str], names: Sequence[str]) -> str:
    """Return the heading that is the first of some names, whatever its case.

    Raises
    ------
    MissingColumnError
        If none is.
    """
    there = by_heading(headings)
    for name in names:
        if name.casefold() in there:
            return there[name.casefold()]
    found = [each for each in headings if each]
    raise MissingColumnError("columns", file=file, missing=[" / ".join(names)], found=found)


def named(raw: RawTable, needed: Iterable[str]) -> dict[str, str]:
    """Return the column of the file for each published name.

    Raises
    ------
    MissingColumnError
        Naming the missing ones and those the file has.
    """
    return either(raw, {name: (name,) for name in needed})


def either(
    raw: RawTable, names: Mapping[str, tuple[str, ...]], *, optional: Iterable[str] = ()
) -> dict[str, str]:
    """Return the column of the file for each wanted thing, under the first name it has.

    Parameters
    ----------
    raw : the table
    names : the names that versions of the product give to each wanted thing
    optional : wanted things that may be absent, and then are not returned

    Raises
    ------
    MissingColumnError
        Naming the missing ones and those the file has.
    """
    listed = [str(column) for column in raw.frame.columns]
    return chosen(raw.name, listed, names, optional=optional)


def chosen(
    file: str,
    headings: Sequence[str],
    names: Mapping[str, tuple[str, ...]],
    *,
    optional: Iterable[str] = (),
) -> dict[str, str]:
    """Return the heading of each wanted thing, as `either` does, of a file not read yet."""
    there = by_heading(headings)
    found = {
        wanted: next(there[name.casefold()] for name in known if name.casefold() in there)
        for wanted, known in names.items()
        if any(name.casefold() in there for name in known)
    }
    missing = [" / ".join(names[name]) for name in names if name not in {*found, *optional}]
    if missing:
        listed = [each for each in headings if each]
        raise MissingColumnError("columns", file=file, missing=missing, found=listed)
    return found


def latest(headings: Iterable[object], pattern: str) -> str | None:
    r"""Return the heading of the latest year that fits a pattern, None if none does.

    Of a year, the first in the order of the alphabet: of the census, that of the complementary
    questionnaire (C) before the main one (P).

    Parameters
    ----------
    pattern : of the heading in capitals; its group holds the two digits of the year

    Examples
    --------
    >>> latest(["C15_FAM", "P21_FAM", "C21_FAM"], r"[PC](\d\d)_FAM")
    'C21_FAM'
    """
    said = [str(each) for each in headings]
    found = {each: match for each in said if (match := re.fullmatch(pattern, each.upper()))}
    return min(found, key=lambda each: (-int(found[each][1]), each.upper()), default=None)


def text_or_empty(raw: RawTable, column: Mapping[str, str], name: str) -> npt.NDArray[np.object_]:
    """Return a column as text; nothing in each row where the file has no such column."""
    return raw.text(column[name]) if name in column else np.full(len(raw), "", dtype=object)
