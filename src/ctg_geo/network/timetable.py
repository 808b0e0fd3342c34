"""One day of public transport: vehicles that go from stop to stop, in order of time."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Hops", "Timetable", "no_changes", "ordered"]

Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Hops:
    """Rides from one stop to the next of the same vehicle, the last to leave first.

    Times are milliseconds since the midnight that begins the day. A vehicle is a number: who
    is on it stays on it. Of hops that leave at once, the one that arrives last is first, then
    the one that is further on its way: whoever arrives can then be told what goes on.
    """

    tail: Longs  # number of the stop it leaves
    head: Longs
    departure_ms: Longs
    arrival_ms: Longs
    vehicle: Longs
    boards: Bools  # one may get on where it leaves
    alights: Bools  # one may get off where it arrives
    position: Longs  # on the way of the vehicle

    def __len__(self) -> int:
        """Count the hops."""
        return len(self.tail)

    def only(self, kept: Bools) -> "Hops":
        """Return some of the hops, in the same order."""
        return Hops(
            self.tail[kept], self.head[kept], self.departure_ms[kept], self.arrival_ms[kept],
            self.vehicle[kept], self.boards[kept], self.alights[kept], self.position[kept],
        )  # fmt: skip

    def mirrored(self) -> "Hops":
        """Return the same rides with time running backwards, from the last stop to the first."""
        return ordered(
            self.head, self.tail, -self.arrival_ms, -self.departure_ms, self.vehicle,
            self.alights, self.boards, -self.position,
        )  # fmt: skip


def ordered(
    tail: Longs,
    head: Longs,
    departure_ms: Longs,
    arrival_ms: Longs,
    vehicle: Longs,
    boards: Bools,
    alights: Bools,
    position: Longs,
) -> Hops:
    """Put hops in their order; see `Hops`.

    Parameters
    ----------
    tail, head : by hop, positions of the stops
    departure_ms, arrival_ms : by hop, milliseconds from the midnight the day begins with
    vehicle : by hop, the run it is part of
    boards, alights : by hop, whether one may get on at its tail, off at its head
    position : by hop, its rank in the run
    """
    order = np.lexsort((-position, -arrival_ms, -departure_ms))
    return Hops(
        tail[order], head[order], departure_ms[order], arrival_ms[order], vehicle[order],
        boards[order], alights[order], position[order],
    )  # fmt: skip


def no_changes() -> pd.DataFrame:
    """Return a table of changes without rows."""
    return pd.DataFrame({"from_stop": np.zeros(0, np.int64), "to_stop": np.zeros(0, np.int64),
                         "least_ms": np.zeros(0, np.int64)})  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """The stops of a territory, and what runs there on one day.

    `changes` are what feeds say of changing from one stop to another: `least_ms` is the time
    it takes at least, 0 where the vehicle waits, -1 where it cannot be done.
    """

    stops: pd.DataFrame  # by stop_id: name, x, y (metres), station ("" where it has none)
    crs: str
    hops: Hops
    changes: pd.DataFrame = field(default_factory=no_changes)  # numbers of stops

    def __post_init__(self) -> None:
        assert self.hops.tail.max(initial=-1) < len(self.stops), "a hop leaves no stop"
        assert self.hops.head.max(initial=-1) < len(self.stops), "a hop goes to no stop"

    def __repr__(self) -> str:
        runs = len(np.unique(self.hops.vehicle))
        return f"<Timetable {len(self.stops)} stops, {runs} vehicles, {len(self.hops)} hops>"
