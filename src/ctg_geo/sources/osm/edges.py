"""Segments become edges: pieces of way between junctions, and barriers that stop a mode."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.ops import substring

from ctg_geo.sources.osm.access import MODES
from ctg_geo.sources.osm.nodes import NodeRule
from ctg_geo.sources.osm.passes import RawRoads
from ctg_geo.sources.osm.segments import Segments

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Barriers", "tables"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_GATE_M: Final = 1.0  # length of the piece of way that stands for a closed barrier
_FERRY_KMH: Final = (1.0, 80.0)
_THROUGH: Final = 2


@dataclass(frozen=True, slots=True)
class Barriers:
    """Nodes that stop a mode: those that do, and those at a junction, which are not applied."""

    applied: int
    at_junction: int


def tables(
    raw: RawRoads, parts: Segments, *, crs: str
) -> tuple[pd.DataFrame, "gpd.GeoDataFrame", Barriers]:
    """Make nodes and edges, as `network.from_edges` takes them, with their ids in the file.

    An edge ends where a way does, where another way or the same one passes, and at a node
    that slows or stops someone.

    Returns
    -------
    nodes : x, y, kind, node_id; edges : see `network.from_edges`, and way_id; barriers
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    rules = _rules(raw, parts)
    degree = np.bincount(np.concatenate([parts.tail, parts.head]), minlength=len(parts.x))
    edge = _edge_numbers(parts, degree, rules)
    first = np.flatnonzero(np.diff(edge, prepend=-1))
    last = np.append(first[1:], len(edge))[: len(first)] - 1
    way = parts.way[first]
    table = _attributes(raw, way)
    table["geometry"] = _lines(parts, edge, first)
    table["from_node"], table["to_node"] = parts.tail[first], parts.head[last]
    closing = {node: rule for node, rule in rules.items() if rule.closed}
    gated, nodes, barriers = _gates(table, parts, closing, degree)
    used, ends = np.unique(gated[["from_node", "to_node"]].to_numpy(), return_inverse=True)
    ends = ends.reshape(-1, 2)
    gated["from_node"], gated["to_node"] = ends[:, 0], ends[:, 1]
    gated["length_m"] = shapely.length(gated["geometry"].to_numpy())
    kind = np.zeros(len(nodes), dtype=np.int8)
    for node, rule in rules.items():
        kind[node] = rule.kind if degree[node] <= _THROUGH or not _is_barrier(rule) else 0
    nodes = nodes.assign(kind=kind).iloc[used].reset_index(drop=True)
    edges = gpd.GeoDataFrame(_with_ferries(gated), geometry="geometry", crs=crs)
    return nodes, edges[_COLUMNS], barriers


_COLUMNS: Final = [
    "from_node", "to_node", "road_class", "length_m", "speed_kmh", "speed_kind", "name", "urban",
    "structure", *MODES, "way_id", "geometry",
]  # fmt: skip


def _is_barrier(rule: NodeRule) -> bool:
    """Tell whether a node slows people as a barrier does: one at a junction slows nobody."""
    return rule.kind == 5  # noqa: PLR2004  (NodeKind.BARRIER)


def _rules(raw: RawRoads, parts: Segments) -> dict[int, NodeRule]:
    """Return the rules of the nodes on a used way, by position."""
    ids = np.array(sorted(raw.nodes), dtype=np.int64)
    at = np.searchsorted(parts.node_id, ids)
    there = at < len(parts.node_id)
    there[there] = parts.node_id[at[there]] == ids[there]
    used = np.zeros(len(parts.x), dtype=bool)
    used[parts.tail] = used[parts.head] = True
    return {
        int(node): raw.nodes[int(name)]
        for node, name in zip(at[there], ids[there], strict=True)
        if used[node]
    }


def _edge_numbers(parts: Segments, degree: Ints, rules: dict[int, NodeRule]) -> Ints:
    """Give each segment the number of its edge, from 0 in the order of the file."""
    through = degree == _THROUGH
    through[list(rules)] = False
    goes_on = parts.follows & through[parts.tail]
    numbers: Ints = np.cumsum(~goes_on) - 1
    return numbers


def _lines(parts: Segments, edge: Ints, first: Ints) -> npt.NDArray[np.object_]:
    """Draw each edge through its nodes."""
    node = np.insert(parts.head, first, parts.tail[first])
    of = np.insert(edge, first, edge[first])
    coordinates = np.stack([parts.x[node], parts.y[node]], axis=1)
    lines: npt.NDArray[np.object_] = shapely.linestrings(coordinates, indices=of)
    return lines


def _attributes(raw: RawRoads, way: Ints) -> pd.DataFrame:
    """Return what the way of each edge says."""
    rules = [raw.rule[at] for at in way]
    table = pd.DataFrame(
        {
            "road_class": pd.Series([rule.road_class for rule in rules], dtype=object),
            "speed_kmh": np.array([rule.speed_kmh for rule in rules], dtype=np.float64),
            "name": pd.Series([raw.name[at] for at in way], dtype=object),
            "speed_kind": pd.Series(
                ["timetable" if rule.road_class == "ferry" else "limit" for rule in rules],
                dtype=object,
            ),
            "urban": np.array([rule.urban for rule in rules], dtype=bool),
            "structure": pd.Series([rule.structure for rule in rules], dtype=object),
            "way_id": np.array([raw.way_id[at] for at in way], dtype=np.int64),
            "ferry_min": np.array([rule.ferry_min for rule in rules], dtype=np.float64),
        }
    )
    for mode in MODES:
        table[mode] = pd.Series([getattr(rule, mode) for rule in rules], dtype=object)
    return table


def _with_ferries(edges: pd.DataFrame) -> pd.DataFrame:
    """Give ferries the speed that their duration and the length of the whole way make."""
    timed = edges["ferry_min"].notna()
    if timed.any():
        length_km = edges[timed].groupby("way_id")["length_m"].transform("sum") / 1000
        speed = length_km / (edges.loc[timed, "ferry_min"] / 60)
        slowest, fastest = _FERRY_KMH
        edges.loc[timed, "speed_kmh"] = speed.where(speed.between(slowest, fastest))
    return edges


def _gates(
    edges: pd.DataFrame, parts: Segments, closing: dict[int, NodeRule], degree: Ints
) -> tuple[pd.DataFrame, pd.DataFrame, Barriers]:
    """Put a short piece of way, closed to those it stops, on one side of each barrier.

    A barrier stands for itself where just two edges meet. At a junction it is not known
    which way it closes: it is left out, and counted.
    """
    nodes = pd.DataFrame({"x": parts.x, "y": parts.y, "node_id": parts.node_id})
    at_junction = sum(bool(degree[node] > _THROUGH) for node in closing)
    ends = _ends_at(edges, [node for node in sorted(closing) if degree[node] == _THROUGH])
    added = list[dict[Hashable, Any]]()
    spots = list[tuple[float, float]]()
    rows = edges.to_dict("index") if ends else {}
    for node, pair in ends.items():
        shut = _stopped(closing[node], [rows[edge] for edge, _ in pair])
        if shut:
            spot = len(nodes) + len(spots)
            added.append(_gate(rows[pair[0][0]], pair[0][1], spot, shut))
            spots.append(added[-1].pop("spot"))
    if not added:
        return edges, nodes, Barriers(0, at_junction)
    cut = pd.DataFrame.from_dict(rows, orient="index").astype(edges.dtypes.to_dict())
    gates = pd.DataFrame(added).astype(edges.dtypes.to_dict())
    new = pd.DataFrame(spots, columns=["x", "y"]).assign(node_id=0)
    return (
        pd.concat([cut, gates], ignore_index=True),
        pd.concat([nodes, new], ignore_index=True),
        Barriers(len(added), at_junction),
    )


def _ends_at(edges: pd.DataFrame, nodes: list[int]) -> dict[int, list[tuple[int, str]]]:
    """Return the edges that end at each node, and which of their ends does."""
    found: dict[int, list[tuple[int, str]]] = {node: [] for node in nodes}
    for end in ("from_node", "to_node"):
        column = edges[end].to_numpy()
        for edge in np.flatnonzero(np.isin(column, nodes)):
            found[int(column[edge])].append((int(edge), end))
    return {node: sorted(pair) for node, pair in found.items()}


def _stopped(rule: NodeRule, around: list[dict[Hashable, Any]]) -> list[str]:
    """Return the modes that a barrier keeps from going on."""
    return [mode for mode in MODES if mode in rule.closed
            and all(edge[mode] != "no" for edge in around)]  # fmt: skip


def _gate(edge: dict[Hashable, Any], end: str, spot: int, shut: list[str]) -> dict[Hashable, Any]:
    """Cut the last metre off an edge (in place), and return it as an edge closed to `shut`."""
    line = edge["geometry"]
    length_m = shapely.length(line)
    cut = min(_GATE_M, length_m / 2)
    closed: dict[Hashable, Any] = dict.fromkeys(shut, "no")
    gate = {**edge, **closed}
    if end == "from_node":
        gate["geometry"], edge["geometry"] = substring(line, 0, cut), substring(line, cut, length_m)
        gate["to_node"] = edge["from_node"] = spot
        return {**gate, "spot": edge["geometry"].coords[0]}
    at = length_m - cut
    edge["geometry"], gate["geometry"] = substring(line, 0, at), substring(line, at, length_m)
    gate["from_node"] = edge["to_node"] = spot
    return {**gate, "spot": gate["geometry"].coords[0]}
