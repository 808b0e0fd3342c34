"""How long from here to there: points on the nearest road, then all the shortest ways."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, inf
from typing import Any

__all__ = ["Network", "Snap", "network_of", "profile_of", "times"]

Point = tuple[float, float]
FORWARD, BACKWARD = {"yes", "true", "1", "forward"}, {"-1", "reverse", "backward"}


@dataclass(frozen=True)
class Edge:
    """A straight piece of road; ms of each direction, None where it is closed."""

    start: str
    end: str
    road_class: str
    length_m: float
    ahead_ms: int | None
    back_ms: int | None
    lost_at_end: int
    lost_at_start: int


@dataclass(frozen=True)
class Snap:
    """A point on the road: at a node, or on an edge some share of it from its start."""

    point: Point
    away_m: float
    edge: int
    share: float
    node: str | None


@dataclass
class Network:
    """Edges timed for a profile, and the shortest ways between all junctions."""

    junctions: Mapping[str, Point]
    edges: list[Edge]
    rules: Mapping[str, Any]  # of snapping
    ways: dict[tuple[str, str], int]

    def between(self, start: str, end: str) -> float:
        """Milliseconds between two junctions; infinite without a route."""
        return 0 if start == end else self.ways.get((start, end), inf)


def profile_of(profiles: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a profile at one of its periods (`car.peak`)."""
    name, _, period = key.partition(".")
    profile = dict(profiles[name])
    profile["now"] = profile.get("periods", {}).get(period or profile.get("period", ""), {})
    return profile


def network_of(
    junctions: Mapping[str, Point], segments: Sequence[Mapping[str, str]],
    profile: Mapping[str, Any],
) -> Network:  # fmt: skip
    """Time the segments for a profile, and find all shortest ways."""
    foot = profile.get("mode", "car") == "foot"
    side = profile.get("side_classes", ("service", "track"))
    ends = Counter(row[end] for row in segments for end in ("from", "to")
                   if row["class"] not in side)  # fmt: skip
    edges = [_edge(row, junctions, profile, ends, foot=foot) for row in segments]
    arcs: dict[tuple[str, str], int] = {}
    for each in edges:
        both = ((each.start, each.end, each.ahead_ms, each.lost_at_end),
                (each.end, each.start, each.back_ms, each.lost_at_start))  # fmt: skip
        for start, end, run, lost in both:
            if run is not None:
                arcs[start, end] = min(run + lost, arcs.get((start, end), run + lost))
    return Network(junctions, edges, profile.get("snapping", {}), _floyd_warshall(junctions, arcs))


def _floyd_warshall(
    junctions: Mapping[str, Point], arcs: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], int]:
    """Return the shortest way between all pairs: by every junction in turn."""
    ways: dict[str, dict[str, int]] = {name: {} for name in junctions}
    for (start, end), spent in arcs.items():
        ways[start][end] = spent
    for via in junctions:
        onward = list(ways[via].items())
        for start in junctions:
            first = ways[start].get(via)
            if first is None or start == via:
                continue
            reached = ways[start]
            for end, then in onward:
                if first + then < reached.get(end, inf):
                    reached[end] = first + then
    return {(start, end): spent for start, each in ways.items() for end, spent in each.items()}


def _edge(
    row: Mapping[str, str], junctions: Mapping[str, Point], profile: Mapping[str, Any],
    ends: Mapping[str, int], *, foot: bool,
) -> Edge:  # fmt: skip
    (x0, y0), (x1, y1) = junctions[row["from"]], junctions[row["to"]]
    length = float(row["length"]) if row["length"] else hypot(x1 - x0, y1 - y0)
    stated = float(row["speed"]) if row["speed"] and profile.get("use_stated", True) else None
    kmh = stated or profile.get("speed_kmh", {}).get(row["class"]) or profile["default_kmh"]
    factor = profile["now"].get("time_factor", {}).get("rural", 1)
    run = max(1, round(length / kmh * 3600 * factor))
    one_way = "" if foot else row["oneway"]
    penalties = profile["now"].get("rural", {}).get("junction", {})
    seconds = penalties.get(row["class"], penalties.get("default", 0))
    lost = {end: round(1000 * seconds) if ends[row[end]] >= 3 else 0 for end in ("from", "to")}
    shut = row["class"] in profile.get("closed_classes", ())
    return Edge(
        row["from"], row["to"], row["class"], length,
        None if shut or one_way in BACKWARD else run,
        None if shut or one_way in FORWARD else run, lost["to"], lost["from"],
    )  # fmt: skip


def snap(network: Network, point: Point) -> Snap:
    """Join a point to the nearest road that may be joined; of several the first of the file."""
    closed = network.rules.get("closed_classes", ("motorway", "ferry"))
    best: tuple[float, int, float, float] | None = None
    for number, edge in enumerate(network.edges):
        if edge.road_class in closed or (edge.ahead_ms is None and edge.back_ms is None):
            continue
        share, away, length = _along(network.junctions[edge.start], network.junctions[edge.end],
                                     point)  # fmt: skip
        if best is None or away < best[0]:
            best = (away, number, share, length)
    assert best is not None, "some road may be joined"
    away, number, share, length = best
    edge, node = network.edges[number], None
    if share * length <= 0.001:
        node = edge.start
    elif (1 - share) * length <= 0.001:
        node = edge.end
    return Snap(point, away, number, share, node)


def _along(start: Point, end: Point, point: Point) -> tuple[float, float, float]:
    """Return where on a segment a point is nearest (0 to 1), how far it is, and the length."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / (dx * dx + dy * dy)
    share = min(1.0, max(0.0, share))
    if share in (0.0, 1.0):
        foot = start if share == 0.0 else end
        return share, hypot(point[0] - foot[0], point[1] - foot[1]), hypot(dx, dy)
    across = abs((point[0] - start[0]) * dy - (point[1] - start[1]) * dx)
    return share, across / hypot(dx, dy), hypot(dx, dy)


def times(
    network: Network, origins: Mapping[str, Point], ends: Mapping[str, Point], *, limit_min: float
) -> dict[tuple[str, str], int]:
    """Return milliseconds by pair, of those within a limit (bound included)."""
    starts = {key: snap(network, point) for key, point in origins.items()}
    goals = {key: snap(network, point) for key, point in ends.items()}
    found = {}
    for origin, start in starts.items():
        for destination, goal in goals.items():
            spent = _time(network, start, goal)
            if spent <= limit_min * 60_000:
                found[origin, destination] = int(spent)
    return found


def _time(network: Network, start: Snap, goal: Snap) -> float:
    rules = network.rules
    access = rules.get("access_kmh", 30)
    spent = sum(round(each.away_m / access * 3600) for each in (start, goal))
    spent += round(60_000 * rules.get("start_min", 0)) + round(60_000 * rules.get("end_min", 0))
    ways = [
        spent + first + network.between(one, other) + last
        for one, first in _out(network, start) for other, last in _into(network, goal)
    ]  # fmt: skip
    if start.node is None and goal.node is None and start.edge == goal.edge:
        edge, ahead = network.edges[start.edge], goal.share - start.share
        for run, part in ((edge.ahead_ms, ahead), (edge.back_ms, -ahead)):
            if run is not None and part >= 0:
                ways.append(spent + round(part * run))
    apart = hypot(start.point[0] - goal.point[0], start.point[1] - goal.point[1])
    if apart <= max(start.away_m + goal.away_m, 1.0):
        ways.append(round((apart if apart >= 1.0 else 0) / access * 3600))
    return min(ways, default=inf)


def _out(network: Network, at: Snap) -> list[tuple[str, int]]:
    """Junctions that a point drives to first, with what is lost there."""
    if at.node is not None:
        return [(at.node, 0)]
    edge, found = network.edges[at.edge], []
    if edge.ahead_ms is not None:
        found.append((edge.end, round((1 - at.share) * edge.ahead_ms + edge.lost_at_end)))
    if edge.back_ms is not None:
        found.append((edge.start, round(at.share * edge.back_ms + edge.lost_at_start)))
    return found


def _into(network: Network, at: Snap) -> list[tuple[str, int]]:
    """Junctions that a point is driven to from last."""
    if at.node is not None:
        return [(at.node, 0)]
    edge, found = network.edges[at.edge], []
    if edge.ahead_ms is not None:
        found.append((edge.start, round(at.share * edge.ahead_ms)))
    if edge.back_ms is not None:
        found.append((edge.end, round((1 - at.share) * edge.back_ms)))
    return found
