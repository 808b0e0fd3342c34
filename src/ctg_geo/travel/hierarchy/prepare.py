"""The engine of a network: remembered, read from disk, or made now, and only what must be.

The graph is `RoadNetwork.routing`. What depends on its nodes and arcs alone (order and shape) is
shared by all networks that differ in times: another speed or a closed road only customises, and
only the links it touches where they are few (`bases`). A network with new roads keeps the order of
the one it extends, since any order gives exact times.
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
from ctg_geo.travel.hierarchy import bases
from ctg_geo.travel.hierarchy.compiled import FAR
from ctg_geo.travel.hierarchy.engine import Engine, longest_route_ms
from ctg_geo.travel.hierarchy.metric import Half, Metric, all_times, customised, metric_of
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
_topologies: "WeakKeyDictionary[RoadNetwork, str]" = WeakKeyDictionary()


def ready(network: RoadNetwork) -> bool:
    """Tell whether the hierarchy of this network is in memory or on disk."""
    if network in _engines:
        return True
    if network.nodes < _WORTH_KEEPING:
        return False
    topology = _topology(network)
    if topology in _shapes:
        return True
    times = kept(_name(topology, _times(network))) or bases.kept_base(topology)
    return kept(f"shape-{topology}") and times


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
    _topologies.clear()
    bases.forget()


def _ends(network: RoadNetwork) -> tuple[Ints, Ints]:
    roads = network.routing
    return roads.tail.astype(np.int32), roads.head.astype(np.int32)


def _times(network: RoadNetwork) -> Ints:
    return np.minimum(network.routing.time_ms, FAR).astype(np.int32)


def _topology(network: RoadNetwork) -> str:
    """Return the name of nodes and arcs; networks that differ in times share these arrays."""
    if network not in _topologies:
        for other, known in list(_topologies.items()):
            alike = other.tail is network.tail and other.head is network.head
            if alike and other.turns is network.turns and other.nodes == network.nodes:
                _topologies[network] = known
                return known
        _topologies[network] = content_key(np.array([network.routing.nodes]), *_ends(network))
    return _topologies[network]


def _name(topology: str, times: Ints) -> str:
    return f"metric-{topology}-{content_key(times)}"


def _made(network: RoadNetwork) -> tuple[Engine, str]:
    topology, times = _topology(network), _times(network)
    shape, how = _shape(network, topology)
    if network.nodes < _WORTH_KEEPING:
        return _engine(customised(shape, times), network, times), f"{how}, times customised"
    name = _name(topology, times)
    engine = _read(name, shape)
    if engine is not None:
        return engine, f"{how}, times read"
    part = bases.changed(topology, shape, times)
    if part is None:
        engine = _whole(network, topology, shape, times, before=how == "kept")
        _write(name, engine)
        return engine, f"{how}, times customised"
    metric, longest_ms, rows = part
    sure = longest_ms < FAR // 4
    engine = Engine(metric, longest_ms) if sure else _engine(metric, network, times)
    if kept(name):  # and refused; else not written, since it is as quickly made again
        _write(name, engine)
    return engine, f"{how}, times customised in part: {rows} rows of {network.nodes}"


def _whole(
    network: RoadNetwork, topology: str, shape: Shape, times: Ints, *, before: bool
) -> Engine:
    """Time all links; keep them for a change to start from."""
    state = all_times(shape, times)
    engine = _engine(metric_of(shape, state), network, times)
    bases.hold(topology, shape, state, engine.longest_ms, before=before)
    return engine


def _engine(metric: Metric, network: RoadNetwork, times: Ints) -> Engine:
    return Engine(metric, longest_route_ms(metric, _ends(network)[1], times))


def _read(name: str, shape: Shape) -> Engine | None:
    parts = load(name, _METRIC_FILE)
    if parts is None:
        return None
    if not np.array_equal(parts["order"], bases.order_of(shape)):
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
    save(name, told | {"longest": longest, "order": bases.order_of(metric.shape)})


def _shape(network: RoadNetwork, topology: str) -> tuple[Shape, str]:
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
            shape = shaped(network.routing.nodes, *_ends(network), rank)
            if worth:
                save(name, {part: getattr(shape, part) for part in _SHAPE_PARTS})
        else:
            shape = Shape(**parts)  # type: ignore[arg-type]
        _shapes[topology] = shape
        while len(_shapes) > _SHAPES_KEPT:
            bases.forget(_shapes.popitem(last=False)[0])
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
