"""What a map of communes shows, in words and colours; `commune_map` draws it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Drawn", "Entry", "Lines", "Marks"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of commune: its key, its colour (`#rrggbb`) and what the legend calls it."""

    key: str
    colour: str
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """Places drawn over the communes, as discs or under another marker of matplotlib."""

    points: "gpd.GeoSeries"
    colour: str
    label: str
    shape: str = "o"


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines drawn over the communes, under the marks."""

    lines: "gpd.GeoSeries"
    colour: str
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A map of the communes of a territory, each of one kind.

    `kind` by code_insee, the key of an entry; missing where unknown, which `unknown` names.
    `named` are the codes to name, the first with priority, `bold` those in bold type.
    `group` by code_insee, the group whose limits are drawn; `grouping` what it is called.
    `band` says on a tinted band what is estimated, under `loud` in large type where it is not "".
    `notes` stand under the legend, then the sentences `told`; `foot` under the map.
    """

    title: str
    subtitle: str
    caveat: str
    legend: str
    kind: pd.Series
    entries: tuple[Entry, ...]
    unknown: str
    named: tuple[str, ...]
    foot: tuple[str, ...]
    bold: frozenset[str] = frozenset()
    marks: tuple[Marks, ...] = ()
    lines: tuple[Lines, ...] = ()
    notes: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    group: pd.Series | None = None
    grouping: str = ""
    band: str = ""
    loud: str = ""
