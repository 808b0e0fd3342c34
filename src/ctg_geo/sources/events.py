"""What became of communes: mergers, splits, new codes and names, from any kind of table."""

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable

__all__ = ["COLUMNS", "NO_EVENTS", "PLAIN", "Events", "dates", "events_table"]

COLUMNS = ("date", "mod", "type_before", "before", "type_after", "after", "name_after")
PLAIN = ""  # the kind of an event of a table that tells none
_ISO = re.compile(r"([0-9]{4})(-[0-9]{2}-[0-9]{2})?")
_FRENCH = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Events on communes, oldest first.

    `table` has one row per commune before and after an event: date (2019-01-01, or "" where
    unknown), mod (the kind of event as the COG codes it, "" unknown), type_before and
    type_after (COM, COMA, COMD, ARM), before and after (codes), name_after. `former` are codes
    and names that communes had before.
    """

    name: str
    table: pd.DataFrame
    ledger: Ledger
    findings: tuple[Finding, ...] = field(default=())
    former: tuple[tuple[str, str], ...] = ()

    @property
    def dated(self) -> bool:
        """Whether an event has a date, so that vintages can be told apart."""
        return bool((self.table["date"] != "").any())


def events_table(rows: dict[str, npt.NDArray[np.object_]]) -> pd.DataFrame:
    """Return the table of `Events` from its columns, each row once and oldest first."""
    table = pd.DataFrame({name: rows[name] for name in COLUMNS}, dtype=object)
    table = table.drop_duplicates().sort_values(list(COLUMNS), kind="stable")
    return table.reset_index(drop=True)


_NONE: npt.NDArray[np.object_] = np.array([], dtype=object)
NO_EVENTS = Events("", events_table(dict.fromkeys(COLUMNS, _NONE)), Ledger("", 0, 0, {}))


def dates(raw: RawTable, column: str) -> npt.NDArray[np.object_]:
    """Return a column of dates as 2019-01-01; a year alone is its first of January."""
    values = raw.text(column)
    for at, value in enumerate(values):
        if iso := _ISO.fullmatch(value):
            values[at] = iso[1] + (iso[2] or "-01-01")
        elif french := _FRENCH.fullmatch(value):
            values[at] = f"{french[3]}-{french[2]}-{french[1]}"
        if not _is_date(values[at]):
            raw.add("bad_date", at, column, value)
    return values


def _is_date(value: str) -> bool:
    try:
        return bool(np.datetime64(value, "D"))
    except ValueError:
        return False
