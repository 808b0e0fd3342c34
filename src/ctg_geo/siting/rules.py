"""What a plan must respect, whatever its objective."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

__all__ = ["SiteRules"]


@dataclass(frozen=True, slots=True, eq=False)
class SiteRules:
    """Bounds on a plan. All indices are candidates (destinations of the travel times).

    Candidates that stand today are in `existing` with their supply; they stay as they are
    unless `closable` or `resizable`. `new` counts sites opened among the others. `cost_open`
    is paid for each site opened, `cost_place` for each place added; `budget` bounds their sum.
    `floors` are the fewest sites to open by group, groups being `group` by candidate.
    """

    new: int | None = None  # at most this many sites opened
    exactly: bool = False  # or this many, no fewer
    smallest: float = 0.0  # places of a site opened
    largest: float = float("inf")
    total: float | None = None  # places to add over all sites, at most
    existing: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))
    closable: frozenset[str] = frozenset()
    resizable: frozenset[str] = frozenset()
    forced: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    cost_open: pd.Series | None = None  # by candidate, euros
    cost_place: pd.Series | None = None  # by candidate, euros
    budget: float | None = None
    group: pd.Series | None = None  # by candidate
    floors: Mapping[str, int] = field(default_factory=dict)
