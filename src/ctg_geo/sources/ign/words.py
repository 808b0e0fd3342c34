"""Columns and words of IGN: a column under each of its names, a value whatever its accents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

import pandas as pd

from ctg_geo.errors import MissingColumnError
from ctg_geo.sources.cells import cell
from ctg_geo.words import plain

__all__ = [
    "YES_NO",
    "Column",
    "Opening",
    "RoadRule",
    "Said",
    "chosen",
    "texts",
    "vocabulary",
]

Value = TypeVar("Value")
Opening = Literal["both", "forward", "backward", "no"]

_DBF_NAME: Final = 10  # letters of a column name in a Shapefile


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in a GeoPackage and in a Shapefile.

    Roads need it, or it is missed where absent, or only some editions have it (`dated`).
    """

    name: str
    short: str
    needed: bool = False
    dated: bool = False

    def __str__(self) -> str:
        return self.short if self.name == self.short.lower() else f"{self.name} ({self.short})"


@dataclass(frozen=True, slots=True)
class RoadRule:
    """A row as a road.

    `aside` says why it is none, and is empty if it is one. `notes` are facts to count;
    `odd` are the (column, value) not understood, which count as absent.
    """

    aside: str = ""
    road_class: str = ""
    car: Opening = "no"
    bicycle: Opening = "no"
    foot: Opening = "no"
    urban: bool = False
    structure: Literal["", "bridge", "tunnel"] = ""
    notes: tuple[str, ...] = ()
    odd: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Said:
    """The values of one row, read word by word; those not understood gather in `odd`."""

    values: Mapping[str, str]  # by name of the column
    odd: list[tuple[str, str]] = field(default_factory=list)

    def get(self, column: str) -> str:
        """Return a value as it is written; empty where there is none, or no such column."""
        return self.values.get(column, "")

    def read(self, column: str, known: Mapping[str, Value]) -> Value | None:
        """Return what a value means; None where it says nothing, or nothing known."""
        value = self.get(column)
        if not value:
            return None
        found = known.get(plain(value))
        if found is None:
            self.odd.append((column, value))
        return found

    def need(self, column: str, known: Mapping[str, Value]) -> Value | None:
        """Return what a value means, where each row should have one: none is not understood."""
        if not self.get(column):
            self.odd.append((column, ""))
        return self.read(column, known)


def vocabulary(known: Mapping[str, Value]) -> dict[str, Value]:
    """Key what words mean by their plain form."""
    return {plain(word): meaning for word, meaning in known.items()}


YES_NO: Final = vocabulary({
    "true": True, "vrai": True, "oui": True, "1": True, "t": True, "o": True,
    "false": False, "faux": False, "non": False, "0": False, "f": False, "n": False,
})  # fmt: skip


def chosen(
    found: Iterable[str], columns: Iterable[Column], *, file: str, product: str
) -> dict[str, str]:
    """Find the columns of a file: under their name, that of a Shapefile, or the name cut short.

    Case does not matter. A name cut to 10 letters, as a conversion to Shapefile does, serves
    where it means one column only.

    Returns
    -------
    dict
        By name of the column, its name in the file; those absent are left out.

    Raises
    ------
    MissingColumnError
        Naming all the columns that are needed and absent.
    """
    columns = tuple(columns)
    there = {name.casefold(): name for name in found}
    cut = [column.name[:_DBF_NAME] for column in columns]
    names, missing = dict[str, str](), list[str]()
    for column, short in zip(columns, cut, strict=True):
        forms = [column.name, column.short.lower()]
        forms += [short] if cut.count(short) == 1 else []
        held = [there[form] for form in forms if form in there]
        if held:
            names[column.name] = held[0]
        elif column.needed:
            missing.append(str(column))
    if missing:
        raise MissingColumnError(
            "product", file=file, missing=missing, found=sorted(there.values()), product=product
        )
    return names


def texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Write typed columns as text, each different value once: roads repeat theirs."""
    written = {}
    for name in frame.columns:
        code, value = pd.factorize(frame[name], use_na_sentinel=False)
        said = pd.Series([cell(each).strip() for each in value], dtype=object)
        written[str(name)] = said.to_numpy()[code]
    return pd.DataFrame(written, dtype=object)
