"""Graphs of networkx and osmnx: two opposite arcs of a street become one edge."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.errors import DataError, Defect, MissingCrsError
from ctg_geo.sources.mappable import check_mappable
from ctg_geo.sources.osm.nodes import node_rule
from ctg_geo.sources.osm.speeds import in_town, limit
from ctg_geo.sources.road_pairs import NO_ARC, pairs
from ctg_geo.sources.road_values import items, name_of, number, word

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["GraphRead", "read_graph"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]
Attributes = Mapping[str, Any]

_TOWN_KEYS: Final = (
    "maxspeed", "maxspeed:type", "source:maxspeed", "zone:maxspeed", "zone:traffic", "lit",
    "sidewalk",
)  # fmt: skip
_TIMES: Final = {"time_ms": 1000.0, "travel_time": 1.0}  # attribute: how many make a second


@dataclass(frozen=True, slots=True, eq=False)
class GraphRead:
    """A graph as arcs and, where its nodes have a place, as nodes and edges.

    `forward[e]` and `backward[e]` are the arcs of edge e, in the order of the graph, or -1.
    """

    tail: Ints  # by arc, position of its node in the graph
    head: Ints
    seconds: Floats | None  # by arc; None unless each arc has a time
    nodes: pd.DataFrame | None  # x, y (metres), kind; None for a graph without places
    edges: "gpd.GeoDataFrame | None"  # as `network.from_edges` takes them, and direction
    forward: Ints
    backward: Ints
    unread: Mapping[str, int]  # values of maxspeed that give no speed, and how often


@dataclass(slots=True, eq=False)
class _Arcs:
    """The arcs of a graph as they are written, and what is wrong with them."""

    file: str
    names: list[Any]
    data: list[Attributes] = field(default_factory=list)
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    undirected: bool = False
    defects: list[Defect] = field(default_factory=list)

    def defect(self, reason: str, at: int, column: str, value: object) -> None:
        arc = f"{self.names[self.tail[at]]} → {self.names[self.head[at]]}"
        said = Defect(self.file, reason, None, column, str(value)[:60], {"arc": arc})
        self.defects.append(said)

    def numbers(self, column: str, reason: str, *, least: float, absent: float) -> Floats:
        """Read a column: NaN or `absent` where it is not given; tell what is no number."""
        found = np.full(len(self.data), absent, dtype=np.float64)
        for at, data in enumerate(self.data):
            if data.get(column) is None:
                continue
            value = number(data[column])
            if math.isfinite(value) and value >= least:
                found[at] = value
            else:
                self.defect(reason, at, column, data[column])
        return found


def read_graph(graph: Any, *, crs: str, file: str) -> GraphRead:  # noqa: ANN401
    """Read a graph of networkx, with the attributes that osmnx gives or none of them.

    Parameters
    ----------
    graph : Graph, DiGraph, MultiGraph or MultiDiGraph; an undirected edge is open both ways
    crs : metric CRS of the result
    file : what errors name

    Raises
    ------
    DataError
        If some nodes only have a place, or a length, speed, time or shape cannot be.
    MissingCrsError
        If nodes have a place and the graph's `crs` is missing, unknown, or not theirs.
    """
    arcs = _arcs_of(graph, file)
    places = _places(graph, arcs)
    seconds = _seconds(arcs)
    tail, head = np.array(arcs.tail, dtype=np.int64), np.array(arcs.head, dtype=np.int64)
    if places is None:
        _refuse(arcs)
        none = np.zeros(0, dtype=np.int64)
        return GraphRead(tail, head, seconds, None, None, none, none, {})
    x, y = places
    shapes = _shapes(arcs, x, y, tail, head)
    length_m = arcs.numbers("length", "graph_length", least=0, absent=np.nan)
    speed_kmh, unread = _speeds(arcs)
    _refuse(arcs)
    moved, x, y = _moved(shapes, x, y, graph.graph.get("crs"), crs=crs, file=file)
    forward, backward = _streets(arcs, shapes, seconds)
    there = np.where(forward == NO_ARC, backward, forward)
    lines = moved[there]
    bare = shapely.is_missing(lines)
    ends = np.stack([[x[tail[there]], y[tail[there]]], [x[head[there]], y[head[there]]]])
    lines[bare] = shapely.linestrings(ends.transpose(2, 0, 1)[bare])
    edges = _edges(arcs, forward, backward, lines, length_m, speed_kmh, crs)
    edges["from_node"], edges["to_node"] = tail[there], head[there]
    kind = [node_rule({"highway": word(data.get("highway"))}).kind
            for _, data in graph.nodes(data=True)]  # fmt: skip
    nodes = pd.DataFrame({"x": x, "y": y, "kind": np.array(kind, dtype=np.int8)})
    return GraphRead(tail, head, seconds, nodes, edges, forward, backward, unread)


def _arcs_of(graph: Any, file: str) -> _Arcs:  # noqa: ANN401
    """List the arcs in the order of the graph, both ways of an undirected edge in a row."""
    found = _Arcs(file, list(graph.nodes), undirected=not graph.is_directed())
    position = {name: at for at, name in enumerate(found.names)}
    for start, end, data in graph.edges(data=True):
        for one, other in ((start, end), (end, start))[: 1 + found.undirected]:
            found.tail.append(position[one])
            found.head.append(position[other])
            found.data.append(data)
    return found


def _places(graph: Any, arcs: _Arcs) -> tuple[Floats, Floats] | None:  # noqa: ANN401
    """Return x and y of each node, None where no node has any."""
    given = [(data.get("x"), data.get("y")) for _, data in graph.nodes(data=True)]
    if all(x is None and y is None for x, y in given):
        return None
    found = np.array([[number(x), number(y)] for x, y in given], dtype=np.float64)
    for at, column in zip(*np.nonzero(~np.isfinite(found)), strict=True):
        value = given[at][column]
        facts = {"node": str(arcs.names[at])}
        said = "" if value is None else str(value)
        arcs.defects.append(Defect(arcs.file, "graph_place", None, "xy"[column], said, facts))
    return found[:, 0], found[:, 1]


def _seconds(arcs: _Arcs) -> Floats | None:
    """Return the time of each arc, by the first attribute that all of them have."""
    for column, per_second in _TIMES.items():
        if arcs.data and all(data.get(column) is not None for data in arcs.data):
            return arcs.numbers(column, "graph_time", least=0, absent=0) / per_second
    return None


def _shapes(arcs: _Arcs, x: Floats, y: Floats, tail: Ints, head: Ints) -> Objects:
    """Return the line of each arc from its tail to its head, None where it has none."""
    found = np.full(len(arcs.data), None, dtype=object)
    for at, data in enumerate(arcs.data):
        value = data.get("geometry")
        if value is None or value != value:  # noqa: PLR0124  (NaN)
            continue
        shape = shapely.from_wkt(value, on_invalid="ignore") if isinstance(value, str) else value
        if isinstance(shape, shapely.LineString) and not shape.is_empty:
            found[at] = shapely.force_2d(shape)
        else:
            arcs.defect("graph_shape", at, "geometry", value)
    drawn = np.flatnonzero(~shapely.is_missing(found))
    ends = [shapely.get_coordinates(shapely.get_point(found[drawn], at)).T for at in (0, -1)]
    nodes = [np.stack([x[node[drawn]], y[node[drawn]]]) for node in (tail, head)]
    as_told, turned = (
        sum(np.hypot(*(end - node)) for end, node in zip(ends, order, strict=True))
        for order in (nodes, nodes[::-1])
    )
    back = drawn[np.atleast_1d(as_told > turned)] if len(drawn) else drawn
    if arcs.undirected:  # the second arc of a loop goes round the other way
        back = np.concatenate([back, [at for at in drawn if at % 2 and tail[at] == head[at]]])
    back = back.astype(np.int64)
    found[back] = shapely.reverse(found[back])
    return found


def _moved(
    shapes: Objects, x: Floats, y: Floats, given: object, *, crs: str, file: str
) -> tuple[Objects, Floats, Floats]:
    """Bring shapes and places of the graph's CRS into a metric one."""
    from pyproj import CRS, Transformer  # noqa: PLC0415  (heavy)
    from pyproj.exceptions import CRSError  # noqa: PLC0415

    if given is None or given == "":
        raise MissingCrsError("graph", file=file)
    try:
        source = CRS.from_user_input(given)
    except CRSError as error:
        raise MissingCrsError("graph_unknown", file=file, value=str(given)) from error
    check_mappable(source, file)
    target = CRS.from_user_input(crs)
    if not target.is_projected or any(axis.unit_name != "metre" for axis in target.axis_info[:2]):
        raise MissingCrsError("graph_metric", crs=crs)
    if source == target:
        return shapes.copy(), x, y
    transformer = Transformer.from_crs(source, target, always_xy=True)
    east, north = transformer.transform(x, y)
    there = ~shapely.is_missing(shapes)
    moved = shapes.copy()
    moved[there] = shapely.transform(
        shapes[there], lambda ends: np.stack(transformer.transform(*ends.T), axis=1)
    )
    if not (np.isfinite(east).all() and np.isfinite(north).all()):
        raise MissingCrsError("graph_outside", file=file, value=str(given), crs=crs)
    return moved, east, north


def _streets(arcs: _Arcs, shapes: Objects, seconds: Floats | None) -> tuple[Ints, Ints]:
    """Return the two arcs of each edge."""
    if arcs.undirected:
        numbers = np.arange(len(arcs.data), dtype=np.int64)
        return numbers[::2], numbers[1::2]
    streets = [str(sorted(map(str, items(data.get("osmid"))))) for data in arcs.data]
    against = [str(data.get("reversed")) == "True" for data in arcs.data]
    return pairs(
        np.array(arcs.tail, dtype=np.int64), np.array(arcs.head, dtype=np.int64), shapes, streets,
        against=np.array(against, dtype=bool), seconds=seconds,
    )  # fmt: skip


def _speeds(arcs: _Arcs) -> tuple[Floats, dict[str, int]]:
    """Return the speed that each arc states: by `maxspeed`, else by `speed_kph`."""
    found = np.full(len(arcs.data), np.nan)
    unread: dict[str, int] = {}
    for at, data in enumerate(arcs.data):
        said = ";".join(str(item) for item in items(data.get("maxspeed")))
        if said:
            found[at], worth = limit(said)
            if worth in ("odd", "implausible"):
                unread[said] = unread.get(said, 0) + 1
    least = np.nextafter(0.0, 1.0)
    other = arcs.numbers("speed_kph", "graph_speed", least=least, absent=np.nan)
    return np.where(np.isnan(found), other, found), unread


def _edges(
    arcs: _Arcs, forward: Ints, backward: Ints, lines: Objects, length_m: Floats,
    speed_kmh: Floats, crs: str,
) -> "gpd.GeoDataFrame":  # fmt: skip
    """Describe each edge: by its arc along the line, its speed by both."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    there = np.where(forward == NO_ARC, backward, forward)
    back = np.where(backward == NO_ARC, there, backward)
    told = [arcs.data[at] for at in there]
    own = length_m[there]
    speed = _either(speed_kmh[there], speed_kmh[back])
    classes = [word(data.get("highway")) or "unknown" for data in told]
    table = {
        "road_class": np.array(classes, dtype=object),
        "length_m": np.where(np.isnan(own), shapely.length(lines), own),
        "speed_kmh": speed,
        "name": np.array([name_of(data) for data in told], dtype=object),
        "urban": _towns(told, classes, speed),
        "direction": np.where(backward == NO_ARC, "forward", "both").astype(object),
    }
    return gpd.GeoDataFrame(table, geometry=lines, crs=crs)


def _either(one: Floats, other: Floats) -> Floats:
    """Return the mean of two speeds, or the one that is stated."""
    known = np.where(np.isnan(other), one, other)
    found: Floats = (np.where(np.isnan(one), known, one) + known) / 2
    return found


def _towns(told: Sequence[Attributes], classes: Sequence[str], speed: Floats) -> npt.NDArray[Any]:
    """Tell which edges run through a built-up area: as the graph says, else as its tags do."""
    found = np.zeros(len(told), dtype=bool)
    for at, data in enumerate(told):
        if data.get("urban") is not None:
            found[at] = str(data["urban"]) == "True"
        else:
            tags = {key: word(data[key]) for key in _TOWN_KEYS if key in data}
            found[at] = in_town(tags, classes[at], float(speed[at]))
    return found


def _refuse(arcs: _Arcs) -> None:
    if arcs.defects:
        raise DataError(arcs.defects)
