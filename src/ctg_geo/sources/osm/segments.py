"""Ways become segments between successive nodes: holes cut out, repeats kept once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ctg_geo.sources.osm.access import CLASSES, MODES
from ctg_geo.sources.osm.passes import NO_POSITION, PER_DEGREE, RawRoads
from ctg_geo.sources.osm.tags import WayRule

__all__ = ["BACKWARD", "FORWARD", "Segments", "segments"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FORWARD, BACKWARD = 1, 2
_BITS: Final[Mapping[str, int]] = {"both": 3, "forward": 1, "backward": 2, "no": 0}
_RANK: Final = {name: rank for rank, name in enumerate(CLASSES)}


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Pieces of way between two successive nodes, in the order of the file.

    `tail` and `head` are positions in the nodes; `follows` says that a segment goes on
    from the one before it, on the same way and from its head.
    """

    way: Ints  # by segment, position in the raw ways
    tail: Ints
    head: Ints
    follows: Bools
    node_id: Ints  # by node
    x: Floats  # by node, metres in the CRS asked for
    y: Floats
    missing_nodes: int
    cut_ways: int
    lost_ways: npt.NDArray[np.bool_]  # by way: none of its segments has both ends
    repeated: int  # segments left out, drawn twice
    repeated_ways: npt.NDArray[np.bool_]  # by way: all of its segments were
    shared: int  # segments drawn twice and kept, being open to others


def segments(raw: RawRoads, used: Bools, *, crs: str) -> Segments:
    """Make the segments of the ways that are used.

    Parameters
    ----------
    raw : ways, node by node
    used : by way
    crs : metric CRS of the positions

    Notes
    -----
    Nodes at one spot that a way joins are one node, the first of them. A node without
    position (cut extract) ends the way there. Of two segments between the same two nodes
    the one of the better class is kept, unless the other is open to someone more.
    """
    way, ref, x, y, there = _flat(raw, used)
    holed = np.bincount(way[~there], minlength=len(used)) > 0
    node_id, first, node = np.unique(ref[there], return_index=True, return_inverse=True)
    number = np.full(len(ref), -1, dtype=np.int64)
    number[there] = node
    lon, lat = x[there][first] / PER_DEGREE, y[there][first] / PER_DEGREE
    number = _merged(way, number, lon, lat)
    keep = _not_again(way, number)
    way, number = way[keep], number[keep]
    pair = (way[1:] == way[:-1]) & (number[1:] >= 0) & (number[:-1] >= 0)
    at = np.flatnonzero(pair)
    tail, head, of = number[at], number[at + 1], way[at]
    alone = _best(tail, head, of, raw.rule)
    follows = np.zeros(len(at), dtype=bool)
    follows[1:] = (np.diff(at) == 1) & (of[1:] == of[:-1]) & alone[1:] & alone[:-1]
    lost = used & (np.bincount(of, minlength=len(used)) == 0)
    gone = used & ~lost & (np.bincount(of[alone], minlength=len(used)) == 0)
    east, north = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    return Segments(
        of[alone], tail[alone], head[alone], follows[alone], node_id, east, north,
        int((~there).sum()), int((holed & ~lost).sum()), lost,
        int((~alone).sum()), gone, _drawn_twice(tail[alone], head[alone]),
    )  # fmt: skip


def _flat(raw: RawRoads, used: Bools) -> tuple[Ints, Ints, Ints, Ints, Bools]:
    """Return way, node id, x, y and whether there is a position, node by node of used ways."""
    way = np.repeat(np.arange(len(raw.size)), raw.size)
    some = used[way]
    ref = np.array(raw.ref, dtype=np.int64)[some]
    x, y = (np.array(each, dtype=np.int64)[some] for each in (raw.x, raw.y))
    return way[some], ref, x, y, x != NO_POSITION


def _merged(way: Ints, number: Ints, lon: Floats, lat: Floats) -> Ints:
    """Give one number to nodes at one spot that a way joins."""
    one, two = number[:-1], number[1:]
    at = np.flatnonzero((way[1:] == way[:-1]) & (one >= 0) & (two >= 0) & (one != two))
    one, two = one[at], two[at]
    same = (lon[one] == lon[two]) & (lat[one] == lat[two])
    if not same.any():
        return number
    links = coo_array(
        (np.ones(int(same.sum()), dtype=np.int8), (one[same], two[same])), shape=(len(lon),) * 2
    )
    _, label = connected_components(links, directed=False)
    _, representative = np.unique(label, return_index=True)
    joined = representative[label].astype(np.int64)
    return np.where(number >= 0, joined[number], -1)


def _not_again(way: Ints, number: Ints) -> Bools:
    """Tell which entries are not the same node as the one before, on the same way."""
    keep = np.ones(len(way), dtype=bool)
    keep[1:] = (way[1:] != way[:-1]) | (number[1:] != number[:-1]) | (number[1:] < 0)
    return keep


def _best(tail: Ints, head: Ints, way: Ints, rules: list[WayRule]) -> Bools:
    """Tell which segments to keep: all but those that a better one covers for every mode."""
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    rank = np.array([_RANK.get(rule.road_class, len(_RANK)) for rule in rules], dtype=np.int64)
    order = np.lexsort((np.arange(len(tail)), rank[way], high, low))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (low[order][1:] != low[order][:-1]) | (high[order][1:] != high[order][:-1])
    leader = order[np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))]
    opened = _openings(tail < head, way, rules)
    covered = (opened[order] & ~opened[leader]) == 0
    keep = np.ones(len(tail), dtype=bool)
    keep[order] = fresh | ~covered
    return keep


def _openings(upward: Bools, way: Ints, rules: list[WayRule]) -> Ints:
    """Two bits per mode: open from the lower node to the higher, and back."""
    found = np.zeros(len(way), dtype=np.int64)
    for shift, mode in enumerate(MODES):
        bits = np.array([_BITS[getattr(rule, mode)] for rule in rules], dtype=np.int64)[way]
        turned = ((bits & FORWARD) << 1) | ((bits & BACKWARD) >> 1)
        found |= np.where(upward, bits, turned) << (2 * shift)
    return found


def _drawn_twice(tail: Ints, head: Ints) -> int:
    """Count the segments beyond the first between the same two nodes."""
    pairs = np.stack([np.minimum(tail, head), np.maximum(tail, head)])
    return len(tail) - len(np.unique(pairs, axis=1).T)
