"""Times between two lists of points over the roads, by the way that suits the job."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.errors import TravelError
from ctg_geo.network import RoadNetwork
from ctg_geo.travel.dijkstra import many_to_many, searched
from ctg_geo.travel.legs import Legs, Pairs
from ctg_geo.travel.method import Method, chosen
from ctg_geo.travel.times import NO_ROUTE_MS

if TYPE_CHECKING:
    from ctg_geo.travel.hierarchy import Engine

__all__ = [
    "Rows", "between", "check_choice", "check_limit", "dense", "no_pairs", "rows_of",
]  # fmt: skip

Ints = npt.NDArray[np.integer]
Rows = tuple[Ints, Ints, Ints]  # by origin + 1: first pair; by pair: destination, milliseconds

_BLOCK_CELLS = 1 << 27  # of a dense result kept at once: 512 MB
_MOST_MS = NO_ROUTE_MS - 1
_MS_PER_DAY = 86_400_000


def between(
    network: RoadNetwork,
    first: Legs,
    last: Legs,
    limit_ms: float,
    beside: Pairs,
    method: Method | None = None,
) -> tuple[Rows, Method]:
    """Fastest times from all of `first` to all of `last`, rows of pairs that exist.

    Parameters
    ----------
    network : roads with times
    first, last : legs from the origins, and to the destinations
    limit_ms : pairs beyond it are left out; `inf` for no limit
    beside : times of some pairs by other ways than the network; the fastest counts
    method : by default the one that suits the job

    Returns
    -------
    rows; the way taken
    """
    way = method or chosen(network, first, last, limit_ms)
    if way == "bounded":
        found = _bounded(network, first, last, limit_ms)
        if found is not None:
            return _merged((found, beside), first.points, limit_ms), way
        way = "hierarchy"
    if way == "hierarchy":
        rows = _by_hierarchy(network, first, last, limit_ms, beside)
        if rows is not None:
            return rows, way
    found = many_to_many(network, first, last, limit_ms)
    return _merged((found, beside), first.points, limit_ms), "plain"


def dense(
    network: RoadNetwork,
    first: Legs,
    last: Legs,
    limit_ms: float,
    beside: Pairs,
    method: Method | None = None,
) -> tuple[npt.NDArray[np.int32], Method]:
    """Fastest times as a table, `NO_ROUTE_MS` where there is none within the limit.

    Parameters
    ----------
    network, first, last, limit_ms, beside, method : see `between`

    Returns
    -------
    origins × destinations; the way taken

    Raises
    ------
    TravelError
        If a time does not fit in 32 bits (24 days).
    """
    way = method or chosen(network, first, last, limit_ms)
    matrix = _dense_bounded(network, first, last, limit_ms) if way == "bounded" else None
    if matrix is None and way != "plain":
        matrix, way = _dense_by_hierarchy(network, first, last, limit_ms), "hierarchy"
    if matrix is None:
        matrix, way = _dense_plain(network, first, last, limit_ms), "plain"
    _shorten(matrix, beside, limit_ms)
    return matrix, way


def _dense_by_hierarchy(
    network: RoadNetwork, first: Legs, last: Legs, limit_ms: float
) -> npt.NDArray[np.int32] | None:
    from ctg_geo.travel.hierarchy import engine_of  # noqa: PLC0415  (heavy)

    engine = engine_of(network)
    if not engine.fits(first, last):
        return None
    if last.points == 1 and len(last.node):
        return _limited(engine.column(first, last), limit_ms)[:, None]
    if first.points == 1 and len(first.node):
        return _limited(engine.row(first, last), limit_ms)[None]
    return engine.matrix(first, last, limit_ms)


def _limited(time_ms: npt.NDArray[np.int32], limit_ms: float) -> npt.NDArray[np.int32]:
    time_ms[time_ms > limit_ms] = NO_ROUTE_MS
    return time_ms


def _dense_bounded(
    network: RoadNetwork, first: Legs, last: Legs, limit_ms: float
) -> npt.NDArray[np.int32] | None:
    found = _bounded(network, first, last, limit_ms)
    if found is None:
        return None
    matrix = np.full((first.points, last.points), NO_ROUTE_MS, dtype=np.int32)
    _shorten(matrix, found, limit_ms)
    return matrix


def _dense_plain(
    network: RoadNetwork, first: Legs, last: Legs, limit_ms: float
) -> npt.NDArray[np.int32]:
    matrix = np.empty((first.points, last.points), dtype=np.int32)
    rows = matrix.T if last.points < first.points else matrix
    for chunk, best in searched(network, first, last, limit_ms):
        longest = best[np.isfinite(best)].max(initial=0)
        if longest > _MOST_MS:
            raise TravelError("route_too_long", days=_MOST_MS / _MS_PER_DAY)
        rows[chunk] = np.where(np.isfinite(best), best, NO_ROUTE_MS)
    return matrix


def no_pairs() -> Pairs:
    """Return no pairs."""
    none = np.zeros(0, dtype=np.int64)
    return Pairs(none, none, none)


def _shorten(matrix: npt.NDArray[np.int32], beside: Pairs, limit_ms: float) -> None:
    near = beside.time_ms <= min(limit_ms, _MOST_MS)
    at = beside.origin[near], beside.destination[near]
    np.minimum.at(matrix, at, beside.time_ms[near].astype(np.int32))


def _by_hierarchy(
    network: RoadNetwork, first: Legs, last: Legs, limit_ms: float, beside: Pairs
) -> Rows | None:
    from ctg_geo.travel.hierarchy import engine_of  # noqa: PLC0415  (heavy)

    engine = engine_of(network)
    if not engine.fits(first, last):
        return None
    return rows_of(engine, first, last, limit_ms, beside)


def rows_of(
    engine: "Engine",
    first: Legs,
    last: Legs,
    limit_ms: float,
    beside: Pairs,
    *,
    most_cells: int = _BLOCK_CELLS,
) -> Rows:
    """Fastest times that a hierarchy knows, as rows; `most_cells` of a table at once.

    Parameters
    ----------
    engine : that `fits` these legs
    first, last, limit_ms, beside : see `between`
    """
    from ctg_geo.travel.hierarchy.rows import compressed  # noqa: PLC0415  (heavy)

    step = max(1, most_cells // max(1, last.points))
    if first.points <= step:
        matrix = engine.matrix(first, last, limit_ms)
        _shorten(matrix, beside, limit_ms)
        return compressed(matrix, gaps=limit_ms < _MOST_MS)
    blocks = (
        _block(lambda some: engine.matrix(some, last, limit_ms), first, at, step, beside, limit_ms)
        for at in range(0, first.points, step)
    )
    rows = [compressed(each, gaps=limit_ms < _MOST_MS) for each in blocks]  # one at a time
    shift = np.cumsum([0, *(row[0][-1] for row in rows)])
    start = [row[0][:-1] + before for row, before in zip(rows, shift[:-1], strict=True)]
    return (
        np.concatenate([*start, shift[-1:]]),
        np.concatenate([row[1] for row in rows]),
        np.concatenate([row[2] for row in rows]),
    )


def _block(
    matrix: Callable[[Legs], npt.NDArray[np.int32]],
    first: Legs,
    at: int,
    step: int,
    beside: Pairs,
    limit_ms: float,
) -> npt.NDArray[np.int32]:
    end = min(at + step, first.points)
    some = (first.point >= at) & (first.point < end)
    legs = Legs(end - at, first.point[some] - at, first.node[some], first.time_ms[some])
    table = matrix(legs)
    mine = (beside.origin >= at) & (beside.origin < end)
    pairs = Pairs(beside.origin[mine] - at, beside.destination[mine], beside.time_ms[mine])
    _shorten(table, pairs, limit_ms)
    return table


def _bounded(network: RoadNetwork, first: Legs, last: Legs, limit_ms: float) -> Pairs | None:
    """Search round each point of the shorter side; None where a search grew too large."""
    from ctg_geo.travel.bounded import bounded  # noqa: PLC0415  (heavy)

    reverse = last.points < first.points
    near, far = (last, first) if reverse else (first, last)
    most = network.routing.nodes // 20
    order = np.argsort(far.node, kind="stable")
    nodes = far.node[order]
    parts = []
    for point in range(near.points):
        mine = near.point == point
        source = Legs(1, near.point[mine], near.node[mine], near.time_ms[mine])
        found = bounded(network, source, limit_ms, reverse=reverse, most=most)
        if found is None:
            return None
        node, time_ms = found
        lo, hi = np.searchsorted(nodes, node), np.searchsorted(nodes, node, side="right")
        count = hi - lo
        leg = order[np.repeat(lo - np.cumsum(count) + count, count) + np.arange(count.sum())]
        total = np.repeat(time_ms, count) + far.time_ms[leg]
        here = np.full(len(leg), point)
        parts.append((far.point[leg], here, total) if reverse else (here, far.point[leg], total))
    return Pairs(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _merged(parts: tuple[Pairs, ...], origins: int, limit_ms: float) -> Rows:
    """Keep the fastest of what joins the same two points, row by row."""
    origin = np.concatenate([part.origin for part in parts])
    destination = np.concatenate([part.destination for part in parts])
    time_ms = np.concatenate([part.time_ms for part in parts])
    order = np.lexsort((time_ms, destination, origin))
    order = order[time_ms[order] <= limit_ms]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(origin[order]) != 0) | (np.diff(destination[order]) != 0)
    kept = order[first]
    count = np.bincount(origin[kept], minlength=origins)
    start = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    times = time_ms[kept]
    if times.max(initial=0) <= _MOST_MS:
        times = times.astype(np.int32)
    return start, destination[kept].astype(np.int32), times


def check_choice(name: str, value: object, known: tuple[str | None, ...]) -> None:
    """Check that an option is one of those there are.

    Raises
    ------
    TravelError
        If it is not.
    """
    if value not in known:
        raise TravelError(
            "bad_choice", name=name, value=str(value), known=[each for each in known if each]
        )


def check_limit(limit_min: float | None) -> None:
    """Check that a limit is a positive number of minutes, or None.

    Raises
    ------
    TravelError
        If it is not.
    """
    if limit_min is not None and not limit_min > 0:
        raise TravelError("bad_limit", value=limit_min)
