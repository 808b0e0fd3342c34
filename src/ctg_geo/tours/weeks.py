"""The days of a week for stops that are chosen: the fewest days, or the least driving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ctg_geo.tours.order import Runs

__all__ = ["Roads", "Visit", "Week", "best_week", "fewest_days", "partitions", "roads_of"]

Roads = Mapping[tuple[int, ...], float]
Split = tuple[float, tuple[int, ...]]


_ROUNDING = 1e-6  # minutes; an evaluation allows for more


@dataclass(frozen=True, slots=True, order=True)
class Visit:
    """A stop (from 1) that is made so often (1 each week), for so many hours."""

    stop: int
    often: float
    hours: float


@dataclass(frozen=True, slots=True)
class Week:
    """Days, each so often with its visits, and the minutes of road of an average week."""

    days: tuple[tuple[float, tuple[Visit, ...]], ...]
    road: float


def roads_of(runs: Runs) -> Roads:
    """Return the minutes of road of each set of stops, by its stops in order."""
    return {
        tuple(map(int, row)): float(road)
        for stops, minutes in runs for row, road in zip(stops, minutes, strict=True)
    }  # fmt: skip


def partitions(runs: Mapping[int, float], stops: int, most_days: int) -> dict[int, Split]:
    """Return, for each number of days, the least driving that holds each stop once.

    Parameters
    ----------
    runs : minutes of road of each set of stops that a day holds; bit 0 is the first stop
    stops : how many there are
    most_days : beyond which nobody asks

    Returns
    -------
    by number of days, the minutes and the sets; absent where so many days cannot hold them.
    Of equal ones, the first in order of their sets.
    """
    by_first: dict[int, list[tuple[int, float]]] = {}
    for mask, road in sorted(runs.items()):
        by_first.setdefault(mask & -mask, []).append((mask, road))
    every = (1 << stops) - 1
    best: list[dict[int, Split]] = [{} for _ in range(every + 1)]
    best[0] = {0: (0.0, ())}
    for done in range(every):
        for days, (minutes, chosen) in best[done].items():
            if days == most_days:
                continue
            for mask, road in by_first.get(~done & (done + 1), ()):
                if mask & done:
                    continue
                made = (round(minutes + road, 6), (*chosen, mask))
                known = best[done | mask].get(days + 1)
                if known is None or made < known:
                    best[done | mask][days + 1] = made
    return best[every]


def best_week(
    roads: Roads, visits: Sequence[Visit], *, days: int, stop_min: float, longest_min: float
) -> Week | None:
    """Return the week that drives least, exactly; None if the days cannot hold the visits.

    Visits of one day are all made equally often. Days of every other week share a day of the
    week two by two.

    Parameters
    ----------
    roads : minutes of road of every set of stops that a day may hold
    stop_min : spent at a stop beside the hours it is open
    longest_min : of a day
    """
    parts: list[tuple[float, dict[int, Split], list[Visit]]] = []
    for often in sorted({each.often for each in visits}):
        own = sorted(each for each in visits if each.often == often)
        found = partitions(_runs(roads, own, stop_min, longest_min), len(own), round(days / often))
        if not found:
            return None
        parts.append((often, found, own))
    choices: list[tuple[float, float, tuple[Split, ...]]] = [(0.0, 0.0, ())]
    for often, found, _ in parts:
        choices = [
            (used + often * count, road + often * split[0], (*chosen, split))
            for used, road, chosen in choices for count, split in found.items()
            if used + often * count <= days + 1e-9
        ]  # fmt: skip
    best = min(((round(road, 6), chosen) for _, road, chosen in choices), default=None)
    if best is None:
        return None
    made = [
        (often, tuple(own[at] for at in range(len(own)) if mask >> at & 1))
        for (often, _, own), (_, masks) in zip(parts, best[1], strict=True)
        for mask in masks
    ]
    return Week(tuple(made), best[0])


def fewest_days(
    roads: Roads, visits: Sequence[Visit], *, stop_min: float, longest_min: float
) -> Week:
    """Return the week of fewest days for visits made each week; of those, the least driving.

    Each visit alone must fit a day.
    """
    runs = _runs(roads, visits, stop_min, longest_min)
    found = partitions(runs, len(visits), len(visits))
    road, masks = found[min(found)]
    days = tuple((1.0, tuple(each for at, each in enumerate(visits) if mask >> at & 1))
                 for mask in masks)  # fmt: skip
    return Week(days, road)


def _runs(
    roads: Roads, visits: Sequence[Visit], stop_min: float, longest_min: float
) -> dict[int, float]:
    """Return the sets of visits that fit one day, with their minutes of road."""
    found: dict[int, float] = {}
    grown: list[tuple[int, tuple[int, ...], float]] = [(0, (), 0.0)]
    while grown:
        wider = []
        for mask, stops, there in grown:
            for at in range(mask.bit_length(), len(visits)):
                each = visits[at]
                some, longer = (*stops, each.stop), there + stop_min + 60 * each.hours
                road = roads.get(tuple(sorted(some)))
                if longer > longest_min or road is None:
                    continue
                wider.append((mask | 1 << at, some, longer))
                if road + longer <= longest_min + _ROUNDING:
                    found[mask | 1 << at] = road
        grown = wider
    return found
