"""One pass over a file of OpenStreetMap: its roads, tagged nodes and turn restrictions.

Only what is near the study stays in memory. The positions of all nodes are held by the
reader while it runs: 16 bytes each, in memory, or in a temporary file for a large extract.
"""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from ctg_geo.errors import MissingFileError, NoRoadError, UnreadableFileError
from ctg_geo.sources.files import check_present
from ctg_geo.sources.osm.nodes import NODE_KEYS, NodeRule, node_rule
from ctg_geo.sources.osm.tags import WayRule, is_kept_key, way_rule

if TYPE_CHECKING:
    from shapely import Geometry

__all__ = [
    "NO_POSITION",
    "OSM_SUFFIXES",
    "PER_DEGREE",
    "Bounds",
    "RawRoads",
    "Restriction",
    "leave_outside",
    "read_roads",
]

OSM_SUFFIXES: Final = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
_LARGE_BYTES: Final = 150_000_000
NO_POSITION: Final = 2**31 - 1
PER_DEGREE: Final = 1e7

Ints = npt.NDArray[np.int64]
Bounds = tuple[float, float, float, float]  # west, south, east, north; degrees
Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn restriction as the file has it: its tags, and its members."""

    tags: Tags
    members: tuple[tuple[str, int, str], ...]  # "n", "w" or "r"; id; role

    @property
    def ways(self) -> tuple[int, ...]:
        """Ids of the ways it ties."""
        return tuple(ref for kind, ref, _ in self.members if kind == "w")

    def of(self, kind: str, role: str) -> list[int]:
        """Return the ids of the members of a kind that have a role, once each, in order."""
        return list(dict.fromkeys(
            ref for each, ref, said in self.members if (each, said) == (kind, role)
        ))  # fmt: skip


@dataclass(slots=True, eq=False)
class RawRoads:
    """The ways that touch the area, node by node, and what their tags say."""

    way_id: list[int] = field(default_factory=list)
    rule: list[WayRule] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    size: list[int] = field(default_factory=list)  # nodes of each way
    ref: "array[int]" = field(default_factory=lambda: array("q"))  # node ids, way after way
    x: "array[int]" = field(default_factory=lambda: array("i"))  # longitudes, 1e-7 degrees
    y: "array[int]" = field(default_factory=lambda: array("i"))  # latitudes
    nodes: dict[int, NodeRule] = field(default_factory=dict)  # that slow or stop someone
    restrictions: list[Restriction] = field(default_factory=list)
    ways_read: int = 0
    ways_outside: int = 0
    extent: Bounds = (np.inf, np.inf, -np.inf, -np.inf)  # of all roads read

    def add(self, way: Any, rule: WayRule, name: str, nodes: "_Nodes") -> None:  # noqa: ANN401
        """Keep a way."""
        self.way_id.append(way.id)
        self.rule.append(rule)
        self.name.append(name)
        self.size.append(len(nodes.ref))
        self.ref.extend(nodes.ref)
        self.x.extend(nodes.x)
        self.y.extend(nodes.y)


@dataclass(frozen=True, slots=True, eq=False)
class _Nodes:
    """The nodes of one way: ids, longitudes and latitudes (1e-7 degrees)."""

    ref: list[int]
    x: list[int]
    y: list[int]

    @property
    def bounds(self) -> Bounds | None:
        x = [each for each in self.x if each != NO_POSITION]
        y = [each for each in self.y if each != NO_POSITION]
        if not x:
            return None
        ends = (min(x), min(y), max(x), max(y))
        west, south, east, north = (each / PER_DEGREE for each in ends)
        return west, south, east, north


def read_roads(
    path: Path, *, area: "Geometry | None" = None, classes: Mapping[str, str] | None = None
) -> RawRoads:
    """Read the roads of a file that touch the bounds of an area.

    Parameters
    ----------
    path : .osm.pbf, .osm, .osm.gz or .osm.bz2
    area : shape in longitude and latitude; None for the whole file
    classes : see `way_rule`

    Raises
    ------
    MissingFileError, UnreadableFileError
        If the file is not there, is cut, is not what its name says, or holds no road.
    NoRoadError
        If no road of the file touches the bounds of the area.
    """
    _check_name(path)
    found = RawRoads()
    bounds = None if area is None else _bounds(area)
    rules: dict[Tags, WayRule] = {}
    for each in _objects(path):
        if each.is_way():
            _read_way(each, found, bounds, rules, classes or {})
        elif each.is_node():
            _read_node(each, found)
        else:
            _read_restriction(each, found)
    _check_found(found, path, bounds)
    return found


def leave_outside(raw: RawRoads, area: "Geometry") -> None:
    """Set aside (in place) the ways whose bounds do not touch the area itself."""
    sizes = np.array(raw.size, dtype=np.int64)
    some = np.flatnonzero(sizes)
    start = (np.cumsum(sizes) - sizes)[some]
    x, y = np.array(raw.x, dtype=np.float64), np.array(raw.y, dtype=np.float64)
    there = x != NO_POSITION
    low, high = (
        [reduce.reduceat(np.where(there, each, void), start) / PER_DEGREE for each in (x, y)]
        for reduce, void in ((np.minimum, np.inf), (np.maximum, -np.inf))
    )
    known = np.isfinite(low[0])
    boxes = shapely.box(low[0][known], low[1][known], high[0][known], high[1][known])
    shapely.prepare(area)
    for at in some[known][~shapely.intersects(area, boxes)]:
        raw.rule[at] = WayRule("outside", raw.rule[at].road_class)


def _bounds(area: "Geometry") -> Bounds:
    west, south, east, north = (float(each) for each in area.bounds)
    return west, south, east, north


def _check_name(path: Path) -> None:
    if not path.exists():
        raise MissingFileError("osm", file=str(path))
    check_present(path)
    if not path.name.lower().endswith(OSM_SUFFIXES):
        raise UnreadableFileError("osm_name", file=path.name, known=list(OSM_SUFFIXES))


def _objects(path: Path) -> Iterator[Any]:
    """Yield the nodes, ways and relations that matter; tell a damaged file in our words."""
    import osmium  # noqa: PLC0415  (heavy)

    wanted = (
        (osmium.osm.NODE, osmium.filter.KeyFilter("highway", "barrier")),
        (osmium.osm.WAY, osmium.filter.KeyFilter("highway", "route")),
        (osmium.osm.RELATION, osmium.filter.TagFilter(("type", "restriction"))),
    )
    large = path.stat().st_size > _LARGE_BYTES
    try:
        reader = osmium.FileProcessor(str(path))
        reader.with_locations("sparse_file_array" if large else "flex_mem")
        for kind, chosen in wanted:
            chosen.enable_for(kind)
            reader.with_filter(chosen)
        yield from reader
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise UnreadableFileError("osm_cut", file=path.name, detail=str(error)) from error


def _read_way(
    way: Any,  # noqa: ANN401  (osmium has no types)
    found: RawRoads,
    bounds: Bounds | None,
    rules: dict[Tags, WayRule],
    classes: Mapping[str, str],
) -> None:
    tags = way.tags
    if "highway" not in tags and tags.get("route") != "ferry":
        return
    found.ways_read += 1
    given = list(way.nodes)
    nodes = _Nodes(
        [node.ref for node in given], [node.x for node in given], [node.y for node in given]
    )
    extent = nodes.bounds
    if extent is not None:
        found.extent = _wider(found.extent, extent)
        if bounds is not None and not _touch(extent, bounds):
            found.ways_outside += 1
            return
    kept = tuple((tag.k, tag.v) for tag in tags if is_kept_key(tag.k))
    if kept not in rules:
        rules[kept] = way_rule(dict(kept), classes)
    found.add(way, rules[kept], tags.get("name") or tags.get("ref") or "", nodes)


def _wider(one: Bounds, two: Bounds) -> Bounds:
    west, south = min(one[0], two[0]), min(one[1], two[1])
    return west, south, max(one[2], two[2]), max(one[3], two[3])


def _touch(one: Bounds, two: Bounds) -> bool:
    return one[0] <= two[2] and two[0] <= one[2] and one[1] <= two[3] and two[1] <= one[3]


def _read_node(node: Any, found: RawRoads) -> None:  # noqa: ANN401
    rule = node_rule({tag.k: tag.v for tag in node.tags if tag.k in NODE_KEYS})
    if rule.kind or rule.closed:
        found.nodes[node.id] = rule


def _read_restriction(relation: Any, found: RawRoads) -> None:  # noqa: ANN401
    tags = tuple((tag.k, tag.v) for tag in relation.tags)
    members = tuple((each.type, each.ref, each.role) for each in relation.members)
    found.restrictions.append(Restriction(tags, members))


def _check_found(found: RawRoads, path: Path, bounds: Bounds | None) -> None:
    if not found.ways_read:
        raise UnreadableFileError("osm_no_road", file=path.name)
    if not np.isfinite(found.extent).all():
        raise UnreadableFileError("osm_no_nodes", file=path.name, ways=found.ways_read)
    west, south, east, north = found.extent
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:  # noqa: PLR2004
        raise UnreadableFileError("osm_degrees", file=path.name, **_impossible(found))
    if bounds is not None and not found.way_id:
        facts = {"extent": _shown(found.extent), "area": _shown(bounds)}
        raise NoRoadError("extent", file=path.name, **facts)


def _impossible(found: RawRoads) -> dict[str, object]:
    """Name the first node whose position is no longitude and latitude."""
    x, y = np.array(found.x, dtype=np.int64), np.array(found.y, dtype=np.int64)
    wrong = (np.abs(x) > 180 * PER_DEGREE) | (np.abs(y) > 90 * PER_DEGREE)
    at = int(np.flatnonzero(wrong & (x != NO_POSITION))[0])
    return {"node": str(found.ref[at]), "lon": x[at] / PER_DEGREE, "lat": y[at] / PER_DEGREE}


def _shown(bounds: Bounds) -> list[str]:
    return [f"{each:.2f}" for each in bounds]
