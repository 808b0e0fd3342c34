"""What a scenario costs: known only where every change that can cost says so."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Literal

import pandas as pd

from ctg_geo.config.scenario_file import Step
from ctg_geo.parameters import (
    Change,
    ChangeHours,
    ChangeTour,
    ClosePlace,
    LinkRoad,
    MovePlace,
    OpenPlace,
    ResizePlace,
)

__all__ = ["COSTS", "Cost", "cost_of", "lacks", "ranked_costs", "spent", "untold_of"]

Cost = Literal["cost", "cost_per_year"]
COSTS: Final[tuple[Cost, ...]] = ("cost", "cost_per_year")


def cost_of(steps: Sequence[Step], cost: Cost, capacity: pd.Series) -> float | None:
    """Add what changes declare of a cost; None where none does, or where one lacks that can cost.

    Parameters
    ----------
    cost : `cost`, an investment in euros, or `cost_per_year`, euros a year
    capacity : by place, before the changes; missing where it is not known

    Returns
    -------
    euros; None: not known, never 0

    Notes
    -----
    A sum over a part of the changes would make a scenario seem cheaper than it is, and beat others.
    A change that costs nothing says so: ``cost = 0``.
    """
    told = [each for step in steps if (each := _said(step.change, cost)) is not None]
    return None if not told or lacks(steps, cost, capacity) else float(sum(told))


def untold_of(steps: Sequence[Step], capacity: pd.Series) -> Mapping[Cost, tuple[Step, ...]]:
    """Return the changes whose cost lacks, by cost.

    Parameters
    ----------
    capacity : see `cost_of`

    Returns
    -------
    by cost, the changes that lack it, in their order; a cost that no change lacks is not there.
    To declare an investment says nothing of the cost of each year: one is not known by the other.

    Notes
    -----
    An investment: places that open, move or grow, tours that run, roads that are built. A cost
    of each year: places that open, close or change size or hours, tours that change. People,
    speeds, closed roads and norms cost nobody who builds or runs a service.
    """
    found = {cost: tuple(_lacking(steps, cost, capacity)) for cost in COSTS}
    return {cost: lacking for cost, lacking in found.items() if lacking}


def ranked_costs(
    costs: Sequence[Mapping[Cost, float | None]], untold: Sequence[Collection[Cost]]
) -> list[Cost]:
    """Return the costs that scenarios are ranked on, in their order.

    Those that one declares, and those that a change of one lacks: a scenario of unknown cost
    would else beat others, or be beaten, on the criteria that are left.

    Parameters
    ----------
    costs : by scenario, each cost, None where it is not known
    untold : by scenario, the costs that a change lacks, see `untold_of`
    """
    return [
        name for name in COSTS
        if any(each[name] is not None for each in costs) or any(name in each for each in untold)
    ]  # fmt: skip


def spent(cost: float | None, *, lacking: bool) -> float:
    """Return a cost to rank on: NaN where a change lacks it, 0 where no change can have it."""
    if lacking:
        return float("nan")
    return 0.0 if cost is None else cost


def lacks(steps: Sequence[Step], cost: Cost, capacity: pd.Series) -> bool:
    """Tell whether a change that can cost does not say what.

    Parameters
    ----------
    cost, capacity : see `cost_of`
    """
    return any(_lacking(steps, cost, capacity))


def _said(change: Change, cost: Cost) -> float | None:
    return change.cost if cost == "cost" else change.cost_per_year


def _lacking(steps: Sequence[Step], cost: Cost, capacity: pd.Series) -> Iterator[Step]:
    size = {str(place): float(each) for place, each in capacity.items()}
    for step in steps:
        change = step.change
        can = _invests(change, size) if cost == "cost" else _runs(change)
        if can and _said(change, cost) is None:
            yield step
        if isinstance(change, OpenPlace) and change.capacity is not None:
            size[change.place] = change.capacity


def _invests(change: Change, size: Mapping[str, float]) -> bool:
    match change:
        case ResizePlace():
            return _grows(change, size)
        case ChangeTour():
            return bool(change.days)
        case _:
            return isinstance(change, OpenPlace | MovePlace | LinkRoad)


def _grows(change: ResizePlace, size: Mapping[str, float]) -> bool:
    """Tell whether a place grows; one of unknown size may."""
    if change.by is not None:
        return change.by > 0
    assert change.capacity is not None, "a new size is said in one way"
    return not change.capacity <= size.get(change.place, float("nan"))


def _runs(change: Change) -> bool:
    return isinstance(change, OpenPlace | ClosePlace | ResizePlace | ChangeHours | ChangeTour)
