"""What a road file of IGN held, in findings: used, not understood, decided."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from ctg_geo.quality import Finding
from ctg_geo.sources.ign.words import RoadRule

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Account", "findings"]

_EMPTY: Final = "∅"
_NOTES: Final = (
    "private", "restricted", "barred", "toll", "seasonal", "unknown", "fictive", "low",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Account:
    """Counts of one reading."""

    product: str
    file: str
    read: int
    rule: list[RoadRule]  # each different row
    of: npt.NDArray[np.int64]  # by road: its rule
    aside: npt.NDArray[np.object_]  # by road: why it is left out, or empty
    row: tuple[str, ...]  # by road
    fast: int  # speeds that cannot be
    unlikely: int  # lengths that cannot be
    uneven: int  # nodes whose ends lie at different heights
    absent: tuple[str, ...]  # columns

    def where(self, reason: str) -> list[str]:
        """List the rows left out for a reason."""
        return [self.row[at] for at in np.flatnonzero(self.aside == reason)]


def findings(found: Account, edges: "gpd.GeoDataFrame", *, states_speed: bool) -> list[Finding]:
    """Say what a reader of the results should know of the roads."""
    said = [_used(found, edges, states_speed=states_speed), *_not_understood(found)]
    for reason, key in (("without_length", "road_without_length"), ("repeated", "ign_repeated")):
        if rows := found.where(reason):
            facts: dict[str, object] = {"count": len(rows), "rows": rows}
            said.append(_told("warning", key, found, facts))
    if found.fast:
        said.append(Finding("warning", "ign_fast", found.file, facts={"count": found.fast}))
    if found.unlikely:
        said.append(Finding("warning", "ign_length", found.file, facts={"count": found.unlikely}))
    return said + _remarks(found, edges, states_speed=states_speed)


def _told(
    severity: Literal["warning", "info"], key: str, found: Account, facts: dict[str, object]
) -> Finding:
    return Finding(severity, key, found.file, facts=facts)


def _used(found: Account, edges: "gpd.GeoDataFrame", *, states_speed: bool) -> Finding:
    length_km = edges["length_m"].to_numpy(np.float64) / 1000
    car = (edges["car"] != "no").to_numpy()
    facts: dict[str, object] = {
        "product": found.product, "read": found.read, "used": int((found.aside == "").sum()),
        "edges": len(edges), "km": float(length_km.sum()), "car_km": float(length_km[car].sum()),
    }  # fmt: skip
    if not states_speed:
        return Finding("info", "ign_used_no_speed", found.file, facts=facts)
    stated = car & edges["speed_kmh"].notna().to_numpy()
    share = float(length_km[stated].sum() / length_km[car].sum()) if car.any() else 0.0
    return Finding("info", "ign_used", found.file, facts={**facts, "stated": share})


def _not_understood(found: Account) -> list[Finding]:
    """Tell each value that is not understood once, with its count of roads."""
    uses = np.bincount(found.of, minlength=len(found.rule))
    tally = Counter[tuple[str, str, str]]()
    for rule, count in zip(found.rule, uses, strict=True):
        for column, value in rule.odd:
            tally[rule.aside, column, value or _EMPTY] += int(count)
    said = []
    for (aside, column, value), count in sorted(tally.items()):
        facts: dict[str, object] = {"count": count, "column": column, "value": value}
        left = aside in ("unknown_nature", "not_in_service")
        said.append(_told("warning", "ign_left" if left else "ign_odd", found, facts))
    return said


def _remarks(found: Account, edges: "gpd.GeoDataFrame", *, states_speed: bool) -> list[Finding]:
    """Return what was decided, and how often."""
    file, said = found.file, list[Finding]()
    uses = np.bincount(found.of, minlength=len(found.rule))
    notes = Counter[str]()
    for rule, count in zip(found.rule, uses, strict=True):
        notes.update(dict.fromkeys(rule.notes, int(count)))
    if notes:
        facts: dict[str, object] = {name: notes[name] for name in _NOTES}
        said.append(Finding("info", "ign_access", file, facts=facts))
    left = Counter(found.aside.tolist())
    if left["not_in_service"] or left["closed_to_all"]:
        facts = {"works": left["not_in_service"], "closed": left["closed_to_all"]}
        said.append(Finding("info", "ign_left_out", file, facts=facts))
    slow = ((edges["car"] != "no") & edges["speed_kmh"].isna()).to_numpy()
    if states_speed and slow.any():
        km = float(edges["length_m"].to_numpy(np.float64)[slow].sum()) / 1000
        said.append(
            Finding("info", "ign_no_speed", file, facts={"count": int(slow.sum()), "km": km})
        )
    if found.uneven:
        said.append(Finding("info", "ign_uneven", file, facts={"count": found.uneven}))
    if found.absent:
        facts = {"columns": list(found.absent), "product": found.product}
        said.append(Finding("info", "ign_absent", file, facts=facts))
    return said
