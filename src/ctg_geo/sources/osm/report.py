"""What a file of OpenStreetMap held, what was used and why the rest was not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ctg_geo import labels
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.osm.access import MODES
from ctg_geo.sources.osm.edges import Barriers
from ctg_geo.sources.osm.passes import RawRoads
from ctg_geo.sources.osm.segments import Segments
from ctg_geo.sources.osm.turns import TurnAccount

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["OsmReport", "findings", "ledger", "report", "turn_ledger"]

Bools = npt.NDArray[np.bool_]

_ELSEWHERE: Final = "turn_elsewhere"
_ARCS: Final = {"both": 2, "forward": 1, "backward": 1, "no": 0}


@dataclass(frozen=True, slots=True)
class OsmReport:
    """Counts of one reading: ways in the file = `used` + sum of `aside`.

    Lengths are in kilometres; `stated_share` is the share of the length open to cars whose
    speed limit the file states.
    """

    file: str
    ways: int
    used: int
    aside: Mapping[str, int]  # ways by reason
    words: Mapping[str, int]  # ways that are no road, by highway=...
    nodes: int
    edges: int
    arcs: Mapping[str, int]  # by mode
    length_km: float
    car_km: float
    stated_share: float
    cut_ways: int
    missing_nodes: int
    repeated: int  # segments drawn twice, kept once
    shared: int  # segments drawn twice and kept, being open to others
    barriers: Barriers
    restrictions: Mapping[str, int]  # honoured, by kind
    restrictions_aside: Mapping[str, int]  # not honoured, by reason; with the former: all read
    notes: Mapping[str, int]  # ways by note: destination, private, reversible, conditional
    odd: Mapping[str, int]  # tags not understood, by key=value
    implausible: Mapping[str, int]  # limits not used, by key=value
    untimed_ferries: int


def ledger(file: str, raw: RawRoads, parts: Segments) -> Ledger:
    """Account for every way of the file."""
    aside = _aside(raw, parts)
    return Ledger(file, raw.ways_read, raw.ways_read - sum(aside.values()), aside)


def turn_ledger(found: OsmReport) -> Ledger:
    """Account for every turn restriction of the file: those honoured, the others by reason."""
    used, aside = sum(found.restrictions.values()), found.restrictions_aside
    return Ledger(f"{found.file} (restrictions)", used + sum(aside.values()), used, aside)


def _aside(raw: RawRoads, parts: Segments) -> dict[str, int]:
    tally = Counter({"outside": raw.ways_outside})
    tally.update(rule.aside for rule in raw.rule if rule.aside)
    tally["missing_nodes"] = int(parts.lost_ways.sum())
    tally["repeated"] = int(parts.repeated_ways.sum())
    return {reason: count for reason, count in sorted(tally.items()) if count}


def report(
    file: str,
    raw: RawRoads,
    parts: Segments,
    nodes: "pd.DataFrame",
    edges: "gpd.GeoDataFrame",
    barriers: Barriers,
    turns: TurnAccount,
) -> OsmReport:
    """Count what was read."""
    aside = _aside(raw, parts)
    used = np.bincount(parts.way, minlength=len(raw.rule)) > 0
    rules = [rule for rule, there in zip(raw.rule, used, strict=True) if there]
    car = edges["car"] != "no"
    car_km = float(edges.loc[car, "length_m"].sum()) / 1000
    stated_km = float(edges.loc[car & edges["speed_kmh"].notna(), "length_m"].sum()) / 1000
    ferries = edges["road_class"] == "ferry"
    return OsmReport(
        file=file,
        ways=raw.ways_read,
        used=raw.ways_read - sum(aside.values()),
        aside=aside,
        words=_tally(
            f"highway={rule.road_class}" for rule in raw.rule
            if rule.aside in ("not_in_use", "not_a_road", "unknown_class")
        ),
        nodes=len(nodes),
        edges=len(edges),
        arcs={mode: int(edges[mode].map(_ARCS).sum()) for mode in MODES},
        length_km=float(edges["length_m"].sum()) / 1000,
        car_km=car_km,
        stated_share=stated_km / car_km if car_km else 0.0,
        cut_ways=parts.cut_ways,
        missing_nodes=parts.missing_nodes,
        repeated=parts.repeated,
        shared=parts.shared,
        barriers=barriers,
        restrictions=_tally(turns.honoured.elements()),
        restrictions_aside=_tally(turns.aside.elements()),
        notes=_tally(note for rule in rules for note in rule.notes),
        odd=_tally(tag for rule in rules for tag in rule.odd),
        implausible=_implausible(raw, used),
        untimed_ferries=int(edges.loc[ferries & edges["speed_kmh"].isna(), "way_id"].nunique()),
    )  # fmt: skip


def _tally(values: Iterable[str]) -> dict[str, int]:
    """Count values, the most frequent first, then by name."""
    return dict(sorted(Counter(values).items(), key=lambda each: (-each[1], each[0])))


def _implausible(raw: RawRoads, used: Bools) -> dict[str, int]:
    told = [raw.rule[at].implausible for at in np.flatnonzero(used)]
    return _tally(tag for tag in told if tag)


def findings(found: OsmReport) -> list[Finding]:
    """Say what a reader of the results should know of the roads."""
    said = [_used(found)]
    aside, file = found.aside, found.file
    if found.cut_ways or "missing_nodes" in aside:
        ways = found.cut_ways + aside.get("missing_nodes", 0)
        facts: dict[str, object] = {"ways": ways, "nodes": found.missing_nodes}
        said.append(Finding("warning", "osm_cut_ways", file, facts=facts))
    if "unknown_class" in aside:
        facts = {"count": aside["unknown_class"], "words": _shown(found.words)}
        said.append(Finding("warning", "osm_unknown_class", file, facts=facts))
    if found.implausible:
        facts = {"count": sum(found.implausible.values()), "tags": _shown(found.implausible)}
        said.append(Finding("warning", "osm_implausible", file, facts=facts))
    if found.odd:
        facts = {"count": sum(found.odd.values()), "tags": _shown(found.odd)}
        said.append(Finding("info", "osm_odd_tags", file, facts=facts))
    return said + _remarks(found)


def _used(found: OsmReport) -> Finding:
    facts: dict[str, object] = {
        "ways": found.ways, "used": found.used, "edges": found.edges, "km": found.length_km,
        "car_km": found.car_km, "stated": found.stated_share,
    }  # fmt: skip
    return Finding("info", "osm_used", found.file, facts=facts)


def _remarks(found: OsmReport) -> list[Finding]:
    """Return what was decided, and how often."""
    file = found.file
    said = list[Finding]()
    if found.repeated or found.shared:
        facts: dict[str, object] = {"count": found.repeated, "shared": found.shared}
        said.append(Finding("info", "osm_repeated", file, facts=facts))
    said += _turns(found)
    if found.barriers.applied or found.barriers.at_junction:
        facts = {"count": found.barriers.applied, "left": found.barriers.at_junction}
        said.append(Finding("info", "osm_barriers", file, facts=facts))
    if found.notes:
        facts = {name: found.notes.get(name, 0)
                 for name in ("destination", "private", "conditional", "reversible")}  # fmt: skip
        said.append(Finding("info", "osm_access", file, facts=facts))
    if found.untimed_ferries:
        facts = {"count": found.untimed_ferries}
        said.append(Finding("info", "osm_ferries", file, facts=facts))
    return said


def _turns(found: OsmReport) -> list[Finding]:
    """Say which turn restrictions count, and which on the roads used do not."""
    said = list[Finding]()
    if found.restrictions:
        facts: dict[str, object] = {
            "count": sum(found.restrictions.values()), "kinds": _shown(found.restrictions)
        }  # fmt: skip
        said.append(Finding("info", "osm_restrictions", found.file, facts=facts))
    aside = {why: count for why, count in found.restrictions_aside.items() if why != _ELSEWHERE}
    if aside:
        reasons = [labels.text(f"aside.{why}", count=count) for why, count in aside.items()]
        facts = {"count": sum(aside.values()), "reasons": reasons}
        said.append(Finding("info", "osm_restrictions_left", found.file, facts=facts))
    return said


def _shown(tally: Mapping[str, int]) -> list[str]:
    return [f"{name} ({count})" for name, count in tally.items()]
