"""Columns under the names that a provider publishes, whatever their case or their version."""

from collections.abc import Iterable, Mapping

from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.door import RawTable

__all__ = ["either", "named"]


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
    there = {str(column).casefold(): str(column) for column in reversed(raw.frame.columns)}
    found = {
        wanted: next(there[name.casefold()] for name in known if name.casefold() in there)
        for wanted, known in names.items()
        if any(name.casefold() in there for name in known)
    }
    missing = [" / ".join(names[name]) for name in names if name not in {*found, *optional}]
    if missing:
        listed = [str(column) for column in raw.frame.columns if str(column)]
        raise MissingColumnError("columns", file=raw.name, missing=missing, found=listed)
    return found
