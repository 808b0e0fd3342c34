"""A fair plan: sites and places, the access they give, and how good each stage is."""

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from ctg_geo.siting.plan import Plan, Status

__all__ = ["FairPlan", "Remark", "Stage"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Stage:
    """What one objective of several, in their order, came to."""

    objective: str
    sense: Literal["min", "max"]
    value: float
    bound: float
    status: Status

    @property
    def gap(self) -> float:
        """How far the value may be from the optimum, as a share of the bound (0 when proven)."""
        if self.status == "proven":
            return 0.0
        return abs(self.value - self.bound) / max(abs(self.bound), _ROUNDING)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader must know of a plan: a key of the labels (`siting.remark`) and its facts."""

    key: str
    facts: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FairPlan:
    """A plan made on access itself.

    `plan.sites` are the sites that open, `plan.size` their places and those of standing sites
    whose places change; `plan.value` is the first objective. Where there is no plan, `size`
    and `access` are empty.
    """

    plan: Plan
    stages: tuple[Stage, ...]
    today: pd.Series  # by site that stands, places
    open_sites: pd.Index  # all sites open in the plan, those that stay included
    size: pd.Series  # by candidate, places of the plan; 0 where closed
    access: pd.Series  # by origin, supply per person, measured again without the solver
    cost: float  # euros
    remarks: tuple[Remark, ...] = ()

    def __repr__(self) -> str:
        return f"<FairPlan {self.plan!r}: {len(self.opened)} opened, {len(self.closed)} closed>"

    @property
    def found(self) -> bool:
        """Whether there is a plan."""
        return len(self.size) > 0

    @property
    def proven(self) -> bool:
        """Whether every stage is the best there is, under those before."""
        return all(stage.status == "proven" for stage in self.stages)

    @property
    def opened(self) -> pd.Index:
        """Candidates where something opens."""
        return self.plan.sites

    @property
    def closed(self) -> pd.Index:
        """Places that stand today and close."""
        standing = self.today.index
        return standing[~standing.isin(self.open_sites)] if self.found else standing[:0]

    @property
    def resized(self) -> pd.Series:
        """Places gained or lost by sites that stand and stay."""
        stay = self.today.index[self.today.index.isin(self.open_sites)]
        change = self.size.reindex(stay) - self.today.reindex(stay)
        return change[change.abs() > _ROUNDING]
