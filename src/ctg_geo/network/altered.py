"""The same roads, some closed, at another speed, or one more; see the methods of `RoadNetwork`."""

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from ctg_geo.errors import TravelError
from ctg_geo.network.arcs import CLOSED_MS, NO_ARC, Ints, milliseconds, whole
from ctg_geo.network.road_arrays import RoadArrays

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["closing", "with_road", "with_speed"]

Roads = TypeVar("Roads", bound=RoadArrays)


def closing(network: Roads, edges: npt.ArrayLike) -> Roads:
    """Close some edges (numbers) both ways.

    Raises
    ------
    TravelError
        If a number is not an edge.
    """
    times = network.time_ms.copy()
    chosen = _edge_numbers(network, edges)
    for arcs in (network.forward[chosen], network.backward[chosen]):
        times[arcs[arcs != NO_ARC]] = CLOSED_MS
    return replace(network, time_ms=times)


def with_speed(network: Roads, edges: npt.ArrayLike, speed_kmh: float) -> Roads:
    """Run some edges (numbers) at another speed, both ways.

    Raises
    ------
    TravelError
        If a number is not an edge, or the speed is not positive.
    """
    if not (np.isfinite(speed_kmh) and speed_kmh > 0):
        raise TravelError("bad_speed", value=speed_kmh)
    chosen = _edge_numbers(network, edges)
    length_m = network.edges["length_m"].to_numpy(np.float64)[chosen]
    edge_ms = milliseconds(length_m / speed_kmh * 3.6)
    times = network.time_ms.copy()
    for arcs in (network.forward[chosen], network.backward[chosen]):
        open_ = network.is_open(arcs)
        times[arcs[open_]] = edge_ms[open_]
        if network.arrival_ms is not None:
            times[arcs[open_]] += network.arrival_ms[arcs[open_]]
    said = network.edges["speed_kmh"].to_numpy(np.float64).copy()
    said[chosen] = speed_kmh
    table = network.edges.assign(speed_kmh=said)
    if "speed_kind" in table.columns:
        table.loc[chosen, "speed_kind"] = "mean"
    return replace(network, time_ms=times, edges=table)


def with_road(
    network: Roads,
    from_node: int,
    to_node: int,
    seconds: float,
    *,
    one_way: bool,
    road_class: str,
    name: str,
) -> Roads:
    """Add an edge, straight between two nodes.

    Raises
    ------
    TravelError
        If a number is not a node, or the time is negative, missing or beyond 24 days.
    """
    import pandas as pd  # noqa: PLC0415  (heavy)

    for node in (from_node, to_node):
        if not 0 <= node < network.nodes:
            raise TravelError("no_node", node=node, nodes=network.nodes)
    time_ms = milliseconds(np.array([seconds]))
    ends = np.array([from_node, to_node])
    line = shapely.linestrings(np.stack([network.x[ends], network.y[ends]], axis=-1))
    new = _row(network, float(shapely.length(line)), int(time_ms[0]), road_class, name)
    way = slice(None, 1) if one_way else slice(None)
    lost, grades = network.arrival_ms, network.grades
    return replace(
        network,
        tail=np.concatenate([network.tail, ends[way]]),
        head=np.concatenate([network.head, ends[::-1][way]]),
        time_ms=np.concatenate([network.time_ms, np.repeat(time_ms, 2)[way]]),
        edge_from=np.append(network.edge_from, from_node),
        edge_to=np.append(network.edge_to, to_node),
        forward=np.append(network.forward, network.arcs),
        backward=np.append(network.backward, NO_ARC if one_way else network.arcs + 1),
        edges=pd.concat([network.edges, new], ignore_index=True),
        edge_lines=np.append(network.edge_lines, line),
        arrival_ms=None if lost is None else np.append(lost, np.zeros(2, dtype=np.int64)[way]),
        grades=None if grades is None
        else replace(grades, start=np.append(grades.start, grades.start[-1])),
    )  # fmt: skip


def _row(
    network: RoadArrays, length_m: float, time_ms: int, road_class: str, name: str
) -> "pd.DataFrame":
    """Return the row of a new edge, with the columns that the others have."""
    import pandas as pd  # noqa: PLC0415  (heavy)

    row: dict[str, object] = {"road_class": road_class, "length_m": length_m, "name": name}
    row["speed_kmh"] = length_m * 3600 / max(time_ms, 1)
    known = {"urban": False, "speed_kind": "mean", "structure": ""}
    row |= {key: value for key, value in known.items() if key in network.edges.columns}
    return pd.DataFrame([row]).astype(network.edges.dtypes[list(row)].to_dict())


def _edge_numbers(network: RoadArrays, edges: npt.ArrayLike) -> Ints:
    chosen = whole(edges, "edges")
    wrong = np.flatnonzero((chosen < 0) | (chosen >= len(network.edges)))
    if len(wrong):
        raise TravelError("no_edge", edge=int(chosen[wrong[0]]), edges=len(network.edges))
    return chosen
