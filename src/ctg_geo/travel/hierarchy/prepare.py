"""The engine of a network: remembered, read from disk, or made now, and only what must be.

The graph is `RoadNetwork.routing`. What depends on its nodes and arcs alone (order and shape) is
shared by all networks that differ in times: another speed or a closed road only customises. A
network with new roads keeps the order of the one it extends, since any order gives exact times.
"""

import contextlib
import ctypes
import logging
import time
from collections import OrderedDict
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from ctg_geo import progress
from ctg_geo.network import CLOSED_MS, RoadNetwork
from ctg_geo.travel.hierarchy.compiled import FAR
from ctg_geo.travel.hierarchy.engine import Engine, longest_route_ms
from ctg_geo.travel.hierarchy.metric import Half, Metric, customised
from ctg_geo.travel.hierarchy.shape import Shape, shaped
from ctg_geo.travel.hierarchy.store import content_key, kept, load, save

__all__ = ["engine_of", "forget", "ready"]

logger = logging.getLogger(__name__)

Ints = npt.NDArray[np.int32]

_SHAPES_KEPT = 4
_WORTH_KEEPING = 20_000  # nodes from which a hierarchy is worth a file
_SHAPE_PARTS = ("position", "first", "above", "parent", "slot")
_METRIC_PARTS = ("up_first", "up_above", "up_time", "down_first", "down_above", "down_time")
_METRIC_FILE = (*_METRIC_PARTS, "longest", "order")

_shapes: "OrderedDict[str, Shape]" = OrderedDict()
_engines: "WeakKeyDictionary[RoadNetwork, Engine]" = WeakKeyDictionary()


def ready(network: RoadNetwork) -> bool:
    """Tell whether the hierarchy of this network is in memory or on disk."""
    if network in _engines:
        return True
    if network.nodes < _WORTH_KEEPING:
        return False
    topology, metric = _keys(network)
    return topology in _shapes or (kept(f"shape-{topology}") and kept(f"metric-{metric}"))


def engine_of(network: RoadNetwork) -> Engine:
    """Return the engine of a network: from memory, from disk, or made now.

    What is made is told as it starts (`progress.notice`), for it may last: the first time on
    a machine, kernels are compiled too.
    """
    if network not in _engines:
        start = time.perf_counter()
        engine, how = _made(network)
        if ((network.time_ms >= FAR) & (network.time_ms < CLOSED_MS)).any():
            engine.longest_ms = FAR  # not closed: too long for the hierarchy, for which it is
        if network.nodes >= _WORTH_KEEPING:
            _give_back()
        _engines[network] = engine
        seconds = time.perf_counter() - start
        logger.info("hierarchy of %d nodes %s: %.3f s", network.nodes, how, seconds)
    return _engines[network]


def forget() -> None:
    """Drop the hierarchies in memory; files stay."""
    _engines.clear()
    _shapes.clear()


def _arcs(network: RoadNetwork) -> tuple[Ints, Ints, Ints]:
    roads = network.routing
    times = np.minimum(roads.time_ms, FAR).astype(np.int32)
    return roads.tail.astype(np.int32), roads.head.astype(np.int32), times


def _keys(network: RoadNetwork) -> tuple[str, str]:
    tail, head, times = _arcs(network)
    topology = content_key(np.array([network.routing.nodes]), tail, head)
    return topology, f"{topology}-{content_key(times)}"


def _made(network: RoadNetwork) -> tuple[Engine, str]:
    tail, head, times = _arcs(network)
    topology, name = _keys(network)
    shape, shape_how = _shape(network, tail, head, topology)
    worth = network.nodes >= _WORTH_KEEPING
    engine = _read(f"metric-{name}", shape) if worth else None
    if engine is not None:
        return engine, f"{shape_how}, times read"
    metric = customised(shape, times)
    engine = Engine(metric, longest_route_ms(metric, head, times))
    if worth:
        _write(f"metric-{name}", engine)
    return engine, f"{shape_how}, times customised"


def _order_of(shape: Shape) -> Ints:
    """Return a mark of the order: links of one order mean nothing in another."""
    return np.frombuffer(bytes.fromhex(content_key(shape.position)), np.int32)


def _read(name: str, shape: Shape) -> Engine | None:
    parts = load(name, _METRIC_FILE)
    if parts is None:
        return None
    if not np.array_equal(parts["order"], _order_of(shape)):
        logger.info("times of another order set aside: %s", name)
        return None
    arrays = tuple(parts[part] for part in _METRIC_PARTS)
    metric = Metric(shape, Half(*arrays[:3]), Half(*arrays[3:]))  # type: ignore[arg-type]
    return Engine(metric, int(parts["longest"][0]))


def _write(name: str, engine: Engine) -> None:
    metric = engine.metric
    halves = (*metric.up.parts, *metric.down.parts)
    told: dict[str, npt.NDArray[np.integer]] = dict(zip(_METRIC_PARTS, halves, strict=True))
    longest = np.array([engine.longest_ms])
    save(name, told | {"longest": longest, "order": _order_of(metric.shape)})


def _shape(network: RoadNetwork, tail: Ints, head: Ints, topology: str) -> tuple[Shape, str]:
    how = "kept"
    if topology not in _shapes:
        name = f"shape-{topology}"
        worth = network.nodes >= _WORTH_KEEPING
        parts = load(name, _SHAPE_PARTS) if worth else None
        how = "read"
        if parts is None:
            rank = _inherited(network)
            how = "ordered" if rank is None else "order inherited"
            if worth and rank is None:
                logger.info("hierarchy of %d nodes: being ordered, once", network.nodes)
                progress.notice("roads_prepared")
            shape = shaped(network.routing.nodes, tail, head, rank)
            if worth:
                save(name, {part: getattr(shape, part) for part in _SHAPE_PARTS})
        else:
            shape = Shape(**parts)  # type: ignore[arg-type]
        _shapes[topology] = shape
        while len(_shapes) > _SHAPES_KEPT:
            _shapes.popitem(last=False)
    _shapes.move_to_end(topology)
    return _shapes[topology], how


def _give_back() -> None:
    """Give the memory freed on the way back to the system, where that can be asked (glibc)."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _inherited(network: RoadNetwork) -> Ints | None:
    """Return the ranks of a network that this one extends by roads between its nodes.

    The forbidden turns must draw out the same nodes: any order of the same nodes is exact.
    """
    mine = network.routing
    for other, engine in list(_engines.items()):
        arcs, theirs = other.arcs, other.routing
        if theirs.nodes != mine.nodes or not 0 < arcs < network.arcs:
            continue
        same = all(
            np.array_equal(one[:arcs], two[:arcs])
            for one, two in ((mine.tail, theirs.tail), (mine.head, theirs.head))
        )
        if same and network.arcs - arcs <= arcs // 1000 + 8:
            return np.asarray(mine.nodes - 1 - engine.metric.shape.position, dtype=np.int32)
    return None
