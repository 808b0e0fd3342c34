"""Turn restrictions become forbidden turns between edges; those that cannot are counted, by why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.parameters import Mode
from ctg_geo.sources.osm.passes import RawRoads, Restriction
from ctg_geo.sources.osm.turn_rules import (
    BOUND,
    SEVERAL_FROM,
    SEVERAL_TO,
    TurnRule,
    turn_rule,
)

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["TurnAccount", "turns"]

Ints = npt.NDArray[np.int64]
End = tuple[int, bool]  # an edge, and whether it starts here: then its forward arc leaves
Row = tuple[int, bool, int, bool, bool, bool]

_COLUMNS: Final = ("in_edge", "in_forward", "out_edge", "out_forward", *BOUND)
_ONLY: Final = "only_"


@dataclass(slots=True)
class TurnAccount:
    """Restrictions of a file: those read = those honoured, by kind + those not, by reason."""

    honoured: "Counter[str]" = field(default_factory=Counter)
    aside: "Counter[str]" = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, eq=False)
class _Junctions:
    """Where the ways of restrictions meet."""

    position: Mapping[int, int]  # of the node, by its id in the file
    ends: Mapping[int, list[End]]  # by position of the node: edges that start or end there
    way_ids: Ints  # by edge
    openings: Mapping[str, npt.NDArray[np.object_]]  # by mode and edge: both, forward...
    tips: Mapping[int, tuple[int, int]]  # by way that is used: ids of its first and last node

    def end_of(self, way: int, node: int) -> End | None:
        """Return the one edge of a way that ends at a node where the way does."""
        ends = self.ends.get(self.position.get(node, -1), [])
        found = [end for end in ends if self.way_ids[end[0]] == way]
        return found[0] if len(found) == 1 and node in self.tips[way] else None

    def leaves(self, end: End, mode: Mode) -> bool:
        """Tell whether a mode may leave the node by an edge that ends there."""
        edge, starts = end
        return self.openings[mode][edge] in ("both", "forward" if starts else "backward")


def turns(
    raw: RawRoads, nodes: pd.DataFrame, edges: "gpd.GeoDataFrame"
) -> tuple[pd.DataFrame, TurnAccount]:
    """Make the forbidden turns of `network.from_edges`, and account for every restriction.

    Parameters
    ----------
    raw : ways and restrictions as read
    nodes, edges : as `edges.tables` makes them

    Returns
    -------
    DataFrame, account
        One row per turn: in_edge, out_edge (positions in `edges`), in_forward, out_forward
        (driven from its from_node to its to_node), and whom it binds: car, bicycle (bool).

    Notes
    -----
    ``no_*`` forbids the turn out of one way into another; ``only_*`` every turn out of the way
    but one, turning round too. Where the one way that it leaves is closed to a mode, it does
    not bind this mode, which would be caught there.
    """
    there = _junctions(raw, nodes, edges)
    account, rows = TurnAccount(), list[Row]()
    for each in raw.restrictions:
        rule = turn_rule(dict(each.tags))
        reason = _unusable(each, rule, there)
        found = [] if reason else _rows(each, rule, there)
        if reason or found is None:
            account.aside[reason or "turn_closed"] += 1
            continue
        account.honoured[rule.word] += 1
        rows += found
    kinds = dict(zip(_COLUMNS, (np.int64, bool, np.int64, bool, bool, bool), strict=True))
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(kinds), account


def _junctions(raw: RawRoads, nodes: pd.DataFrame, edges: "gpd.GeoDataFrame") -> _Junctions:
    via = np.unique([ref for each in raw.restrictions for ref in each.of("n", "via")])
    node_id = nodes["node_id"].to_numpy()
    at = np.flatnonzero(np.isin(node_id, via))
    ends: dict[int, list[End]] = {}
    for column, starts in (("from_node", True), ("to_node", False)):
        node = edges[column].to_numpy()
        for edge in np.flatnonzero(np.isin(node, at)).tolist():
            ends.setdefault(int(node[edge]), []).append((edge, starts))
    return _Junctions(
        {int(node_id[position]): int(position) for position in at},
        {position: sorted(found) for position, found in ends.items()},
        edges["way_id"].to_numpy(np.int64),
        {mode: edges[mode].to_numpy(dtype=object) for mode in BOUND},
        _tips(raw, set(edges["way_id"].unique().tolist())),
    )


def _tips(raw: RawRoads, used: set[int]) -> dict[int, tuple[int, int]]:
    """Return the first and last node of each way that is used and that a restriction names."""
    named = {way for each in raw.restrictions for way in each.ways} & used
    last = np.cumsum(raw.size) - 1
    return {
        way: (raw.ref[last[at] - raw.size[at] + 1], raw.ref[last[at]])
        for at, way in enumerate(raw.way_id)
        if way in named
    }


def _unusable(restriction: Restriction, rule: TurnRule, there: _Junctions) -> str:
    """Say why a restriction cannot be honoured; empty where it can."""
    if restriction.ways and not set(restriction.ways) <= there.tips.keys():
        return "turn_elsewhere"
    if rule.aside:
        return rule.aside
    if restriction.of("w", "via"):
        return "turn_via_way"
    into, via, out = _members(restriction)
    kinds = set(rule.kinds.values())
    lone = (len(into) == 1 or kinds == {SEVERAL_FROM}) and (len(out) == 1 or kinds == {SEVERAL_TO})
    if not (lone and into and out and len(via) == 1):
        return "turn_members"
    if any(there.end_of(way, via[0]) is None for way in (*into, *out)):
        return "turn_not_at_end"
    return ""


def _members(restriction: Restriction) -> tuple[list[int], list[int], list[int]]:
    return restriction.of("w", "from"), restriction.of("n", "via"), restriction.of("w", "to")


def _rows(restriction: Restriction, rule: TurnRule, there: _Junctions) -> list[Row] | None:
    """Return the turns that are forbidden; None where nobody is bound after all."""
    into, (via,), out = _members(restriction)
    ins, outs = (
        [end for way in ways if (end := there.end_of(way, via)) is not None] for ways in (into, out)
    )
    every = there.ends[there.position[via]]
    bound: dict[tuple[End, End], set[Mode]] = {}
    anyone = False
    for mode, kind in rule.kinds.items():
        if kind.startswith(_ONLY) and not there.leaves(outs[0], mode):
            continue
        anyone = True
        shut = [end for end in every if end != outs[0]] if kind.startswith(_ONLY) else outs
        for pair in ((one, other) for one in ins for other in shut):
            bound.setdefault(pair, set()).add(mode)
    return list(_as_rows(bound)) if anyone else None


def _as_rows(bound: Mapping[tuple[End, End], set[Mode]]) -> Iterable[Row]:
    for ((one, starts), (other, leaves)), modes in bound.items():
        yield one, not starts, other, leaves, "car" in modes, "bicycle" in modes
