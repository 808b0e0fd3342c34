"""What a change starts from: for each topology, all its links at the last times made whole.

The first are written beside the hierarchies and mapped, so that they take no memory before a
first change. From the second times of a topology on they are held in memory: only then is it known
that its times change, and a file would cost more than the times.
"""

import logging
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.metric import Metric, State
from ctg_geo.travel.hierarchy.partial import (
    Lower,
    compacted,
    longest_again,
    lower_links,
    timed_again,
    worth_it,
)
from ctg_geo.travel.hierarchy.shape import Shape
from ctg_geo.travel.hierarchy.store import content_key, just_saved, kept, load, save

__all__ = ["changed", "forget", "hold", "kept_base", "order_of"]

logger = logging.getLogger(__name__)

Ints = npt.NDArray[np.int32]

_STATE = ("time_ms", "low_up", "low_down", "best_up", "best_down")
_FILE = (*_STATE, "longest", "order")


@dataclass(slots=True, eq=False, repr=False)
class _Base:
    shape: Shape
    state: State
    longest_ms: int  # what `longest_route_ms` says of it
    lower: Lower | None = None  # looked at on the first change


_bases: dict[str, _Base] = {}


def changed(topology: str, shape: Shape, time_ms: Ints) -> tuple[Metric, int, int] | None:
    """Time again what must be, from the base of a topology.

    Returns
    -------
    tuple
        The metric; a bound of its longest route, `FAR` where none is easily told; and how many
        rows were made again. None where there is no base, or where so much differs from it
        that all links are as quickly timed.
    """
    base = _base(topology, shape)
    if base is None or not worth_it(shape, base.state, time_ms):
        return None
    base.lower = base.lower or lower_links(shape)
    state, rows = timed_again(shape, base.lower, base.state, time_ms)
    longest_ms = longest_again(shape, base.state, state, base.longest_ms)
    return compacted(shape, state), longest_ms, rows


def hold(
    topology: str, shape: Shape, state: State, longest_ms: int, *, before: bool
) -> None:  # fmt: skip
    """Make this state the base of a topology; `before`: it had other times in this process."""
    last = _bases.pop(topology, None)
    held: State | None = state if before else _written(topology, shape, state, longest_ms)
    if held is None:
        return
    lower = last.lower if last is not None and last.shape is shape else None
    _bases[topology] = _Base(shape, held, longest_ms, lower)


def _written(topology: str, shape: Shape, state: State, longest_ms: int) -> State | None:
    """Write a state, and return it as the file has it; None where nothing is kept on disk."""
    arrays: dict[str, npt.NDArray[np.integer]] = {part: getattr(state, part) for part in _STATE}
    arrays |= {"longest": np.array([longest_ms]), "order": order_of(shape)}
    name = _name(topology)
    if not save(name, arrays):
        return None
    parts = just_saved(name, _FILE)
    return state if parts is None else _state(parts)


def kept_base(topology: str) -> bool:
    """Tell whether there is a file of the base of a topology."""
    return kept(_name(topology))


def forget(topology: str | None = None) -> None:
    """Drop the base of a topology from memory, or all of them; files stay."""
    if topology is None:
        _bases.clear()
    else:
        _bases.pop(topology, None)


def order_of(shape: Shape) -> Ints:
    """Return a mark of the order: links of one order mean nothing in another."""
    return np.frombuffer(bytes.fromhex(content_key(shape.position)), np.int32)


def _base(topology: str, shape: Shape) -> _Base | None:
    held = _bases.get(topology)
    if held is not None and held.shape is shape:
        return held
    name = _name(topology)
    parts = load(name, _FILE)
    if parts is None:
        return None
    if not np.array_equal(parts["order"], order_of(shape)):
        logger.info("times of another order set aside: %s", name)
        return None
    _bases[topology] = _Base(shape, _state(parts), int(parts["longest"][0]))
    return _bases[topology]


def _state(parts: dict[str, Ints]) -> State:
    return State(*(parts[part] for part in _STATE))


def _name(topology: str) -> str:
    return f"base-{topology}"
