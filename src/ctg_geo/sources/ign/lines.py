"""What road layers of IGN have in common: features of an area, their words, their account."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.config.road_source import IgnRoads
from ctg_geo.errors import MissingColumnError, NoRoadError
from ctg_geo.parameters import MODES
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_area
from ctg_geo.sources.layers import metric

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Features", "LinesRead", "finished", "opened"]

Objects = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class LinesRead:
    """Road lines, one LineString a row, in a metric CRS, and their account.

    `lines` has road_class, speed_kmh (NaN: not stated), speed_kind, name, urban where known,
    structure, and one column per mode of both, forward, backward or no.
    """

    lines: "gpd.GeoDataFrame"
    findings: list[Finding]
    ledger: Ledger


@dataclass(slots=True, eq=False)
class Features:
    """The features of an area, their columns found under any of their names."""

    raw: RawTable
    shapes: "gpd.GeoDataFrame"
    outside: int  # features of the file left unread
    names: Mapping[str, str]  # what we call a column -> what the file calls it
    aside: dict[str, Bools] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the features."""
        return len(self.raw)

    def has(self, column: str) -> bool:
        """Tell whether the file has a column."""
        return column in self.names

    def words(self, column: str) -> Objects:
        """Return the cells of a column; empty where the file has none."""
        if column not in self.names:
            return np.full(len(self), "", dtype=object)
        said = self.raw.text(self.names[column])
        nothing = np.isin(said, ("None", "nan", "NULL", "<NA>"))
        return np.where(nothing, "", said).astype(object)

    def meaning(self, column: str, known: Mapping[str, str], *, otherwise: str) -> Objects:
        """Translate the words of a column; those that are not known are told, once each."""
        said = self.words(column)
        table = {word.casefold(): value for word, value in known.items()}
        found = np.array([table.get(word.casefold(), "?") for word in said], dtype=object)
        odd = Counter(said[found == "?"])
        if odd:
            facts = {"column": self.names.get(column, column), "count": sum(odd.values()),
                     "words": [f"{word} ({count})" for word, count in sorted(odd.items())],
                     "taken": otherwise}  # fmt: skip
            self.raw.findings.append(
                Finding("warning", "ign_unknown_word", self.raw.name, facts=facts)
            )
        return np.where(found == "?", otherwise, found).astype(object)

    def yes(self, column: str) -> Bools:
        """Tell where a column says yes (``Oui``, true, 1)."""
        said = [word.casefold() for word in self.words(column)]
        return np.isin(said, ("oui", "vrai", "true", "1", "t"))

    def count(self, key: str, which: Bools) -> None:
        """Tell how many features something holds for, if any."""
        if which.any():
            facts: dict[str, object] = {"count": int(which.sum())}
            self.raw.findings.append(Finding("info", key, self.raw.name, facts=facts))


def opened(
    path: Path,
    source: IgnRoads,
    *,
    layer: str,
    area: Any,  # noqa: ANN401  (shapely)
    names: Mapping[str, Sequence[str]],
    needed: Sequence[str],
) -> Features:
    """Open the layer of roads and read the features whose bounds touch an area.

    Parameters
    ----------
    layer : its usual name, found in any case; the only layer of the file will do
    area : shape in longitude and latitude
    names : what we call a column -> the names it may have, in any case
    needed : those that must be there

    Raises
    ------
    MissingFileError, UnreadableFileError, ConfigError, MissingCrsError, MissingColumnError
        If the file cannot be read, or lacks the layer, the CRS or a column.
    NoRoadError
        If no feature is in the area.
    """
    shapes, raw, total = read_area(path, source, layer=layer, area=area)
    there = {str(column).casefold(): str(column) for column in raw.frame.columns}
    found = {
        name: next(there[each.casefold()] for each in known if each.casefold() in there)
        for name, known in names.items()
        if any(each.casefold() in there for each in known)
    }
    missing = ["/".join(names[name]) for name in needed if name not in found]
    if missing:
        raise MissingColumnError(
            "columns", file=path.name, missing=missing, found=sorted(there.values())
        )
    if not len(shapes):
        raise NoRoadError("layer_extent", file=path.name, features=total)
    absent = [known[0] for name, known in names.items() if name not in found]
    if absent:
        raw.findings.append(Finding("info", "ign_absent", path.name, facts={"columns": absent}))
    return Features(raw, shapes, total - len(shapes), found)


def finished(features: Features, table: Mapping[str, Any], *, crs: str) -> LinesRead:
    """Turn features into lines, and account for each of them.

    Features of `features.aside` are set aside by the first of its reasons, then those
    without shape or length, those of no mode. A shape of several lines becomes several.

    Raises
    ------
    DataError, NoRoadError
        If a shape is not a line or cannot be moved to `crs`; if nothing is left.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    raw = features.raw
    shapes = features.shapes.geometry.to_numpy()
    kinds = features.shapes.geometry.geom_type.to_numpy()
    bare = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    for at in np.flatnonzero(~bare & ~np.isin(kinds, ("LineString", "MultiLineString"))):
        raw.add("not_line", int(at), "geometry", str(kinds[at]))
    raw.raise_defects()
    whole = features.shapes.copy()
    whole.loc[bare, "geometry"] = shapely.LineString()
    moved = shapely.force_2d(metric(whole, raw, crs=crs, empty=True).to_numpy())
    frame = pd.DataFrame(dict(table))
    nobody = (frame[list(MODES)] == "no").all(axis=1).to_numpy()
    reasons = {**features.aside, "without_length": shapely.length(moved) == 0,
               "closed_to_all": nobody}  # fmt: skip
    left = np.ones(len(features), dtype=bool)
    account: dict[str, int] = {"outside": features.outside}
    for reason, which in reasons.items():
        account[reason] = int((which & left).sum())
        left &= ~which
    aside = {reason: count for reason, count in sorted(account.items()) if count}
    total = len(features) + features.outside
    ledger = Ledger(raw.name, total, int(left.sum()), aside)
    if not left.any():
        raise NoRoadError("unusable", file=raw.name, ways=len(features))
    lines = gpd.GeoDataFrame(frame[left], geometry=moved[left], crs=crs)
    single = lines.explode(ignore_index=True)
    single = single[shapely.length(single.geometry.to_numpy()) > 0].reset_index(drop=True)
    facts: dict[str, object] = {
        "features": total, "used": ledger.used, "aside": sum(aside.values()),
        "km": float(shapely.length(single.geometry.to_numpy()).sum()) / 1000,
        "timed": float(frame.loc[left, "speed_kmh"].notna().mean()),
    }  # fmt: skip
    said = [Finding("info", "ign_used", raw.name, facts=facts), *raw.findings]
    return LinesRead(single, said, ledger)
