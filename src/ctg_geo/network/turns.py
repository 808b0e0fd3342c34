"""Forbidden turns, and the graph of which every way takes none of them.

A shortest path over nodes forgets by which arc it came. Here a node where a turn is forbidden
is drawn out into several, so that any search, which knows nothing of turns, honours them; all
other nodes and all arcs stay as they are. The nodes added for such a node v:

- an end of its own for each arc that some turn out of is forbidden;
- a start of its own for each arc that some turn into is forbidden, and one for all the others;
- a sink, where trips that end at v end, whichever way they came.

v itself stays the end of the arcs that may turn anywhere, and where trips from it begin. Arcs
of no time join these, all but those of a forbidden turn.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from ctg_geo.errors import TravelError
from ctg_geo.network.arcs import Ints, fastest, whole

__all__ = ["RoutingGraph", "Turns", "checked_turns", "routing_graph"]

_NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Turns that nobody may take: out of one arc, at its head, into another."""

    arc_in: Ints  # by turn, arc number
    arc_out: Ints

    def __post_init__(self) -> None:
        assert len(self.arc_in) == len(self.arc_out), "turns differ in length"


@dataclass(frozen=True, slots=False, eq=False, repr=False)
class RoutingGraph:
    """Nodes and arcs that searches run on: those of the network first, then those added.

    Arc i of the network is arc i here, though one or both of its ends may be another node;
    what comes after the arcs of the network are turns, of no time. Node v of the network is
    node v here, where trips from it begin. Without forbidden turns these are the arrays of the
    network themselves.
    """

    nodes: int
    tail: Ints  # by arc
    head: Ints
    time_ms: Ints
    sinks: Ints | None  # by node of the network, where trips to it end; None: at itself

    def arrive(self, nodes: Ints) -> Ints:
        """Return where trips to these nodes of the network end."""
        return nodes if self.sinks is None else self.sinks[nodes]

    @cached_property
    def graph(self) -> csr_array:
        """The arcs as a matrix of milliseconds, see `RoadNetwork.graph`."""
        return fastest(self.nodes, self.tail, self.head, self.time_ms)


def checked_turns(
    tail: Ints, head: Ints, arc_in: npt.ArrayLike, arc_out: npt.ArrayLike
) -> Turns | None:
    """Return turns once each, in order; None where there are none.

    Raises
    ------
    TravelError
        If the lists differ in length, a number is not an arc, or two arcs do not meet.
    """
    into, out = whole(arc_in, "arc_in"), whole(arc_out, "arc_out")
    if len(into) != len(out):
        raise TravelError("turn_lengths", arc_in=len(into), arc_out=len(out))
    for arcs in (into, out):
        wrong = np.flatnonzero((arcs < 0) | (arcs >= len(tail)))
        if len(wrong):
            raise TravelError("no_arc", arc=int(arcs[wrong[0]]), arcs=len(tail))
    apart = np.flatnonzero(head[into] != tail[out])
    if len(apart):
        raise TravelError("no_turn", arc_in=int(into[apart[0]]), arc_out=int(out[apart[0]]))
    if not len(into):
        return None
    into, out = np.unique(np.stack([into, out]), axis=1)
    return Turns(into, out)


def routing_graph(
    nodes: int, tail: Ints, head: Ints, time_ms: Ints, turns: Turns | None
) -> RoutingGraph:
    """Draw out the nodes of forbidden turns; without any, the arrays stay what they are."""
    if turns is None or not len(turns.arc_in):
        return RoutingGraph(nodes, tail, head, time_ms, None)
    into, out = np.unique(turns.arc_in), np.unique(turns.arc_out)
    at = np.unique(tail[out])
    cuts = np.cumsum([nodes, len(into), len(out), len(at), len(at)])
    end, start, others, sink = (np.arange(low, high) for low, high in pairwise(cuts))
    seat = np.full(nodes, _NOWHERE)
    seat[at] = np.arange(len(at))
    new_tail, new_head = tail.copy(), head.copy()
    drawn = np.flatnonzero(seat[tail] != _NOWHERE)
    new_tail[drawn] = others[seat[tail[drawn]]]
    new_tail[out], new_head[into] = start, end
    here, there = seat[head[into]], seat[tail[out]]
    one, other = _allowed(turns, into, out, here, there)
    turn_tail = (at, at, at[there], end, end, end[one])
    turn_head = (others, sink, start, others[here], sink[here], start[other])
    sinks = np.arange(nodes)
    sinks[at] = sink
    return RoutingGraph(
        nodes=int(cuts[-1]),
        tail=np.concatenate([new_tail, *turn_tail]),
        head=np.concatenate([new_head, *turn_head]),
        time_ms=np.concatenate([time_ms, np.zeros(sum(map(len, turn_tail)), dtype=np.int64)]),
        sinks=sinks,
    )


def _allowed(turns: Turns, into: Ints, out: Ints, here: Ints, there: Ints) -> tuple[Ints, Ints]:
    """Pair arcs of `into` and `out` (numbers in these) that meet, but for forbidden turns.

    Parameters
    ----------
    here, there : by arc of `into` and of `out`, number of the node where it ends or starts
    """
    order = np.argsort(there, kind="stable")
    low = np.searchsorted(there[order], here)
    count = np.searchsorted(there[order], here, side="right") - low
    one = np.repeat(np.arange(len(into)), count)
    other = order[np.arange(len(one)) + np.repeat(low - np.cumsum(count) + count, count)]
    shut = np.searchsorted(into, turns.arc_in) * len(out) + np.searchsorted(out, turns.arc_out)
    kept = ~np.isin(one * len(out) + other, shut)
    return one[kept], other[kept]
