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


@dataclass(frozen=True, slots=True)
class Remark:
    """What a reader must know of a plan: a key of the labels (`siting.remark`) and its facts."""

    key: str
    facts: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FairPlan:
    """A plan made on access itself.

    `plan.sites` are all sites open in it, those that stay included; `plan.value` is the first
    objective. Where nothing is feasible, `size` and `access` are empty.
    """

    plan: Plan
    stages: tuple[Stage, ...]
    today: pd.Series  # by site that stands, places
    size: pd.Series  # by candidate, places of the plan
    access: pd.Series  # by origin, supply per person, measured again without the solver
    cost: float  # euros
    remarks: tuple[Remark, ...] = ()

    def __repr__(self) -> str:
        return f"<FairPlan {self.plan!r}: {len(self.opened)} opened, {len(self.closed)} closed>"

    @property
    def opened(self) -> pd.Index:
        """Candidates where something opens."""
        return self.plan.sites[~self.plan.sites.isin(self.today.index)]

    @property
    def closed(self) -> pd.Index:
        """Places that stand today and close."""
        standing = self.today.index
        return standing[~standing.isin(self.plan.sites)] if len(self.size) else standing[:0]

    @property
    def resized(self) -> pd.Series:
        """Places gained or lost by sites that stand and stay."""
        stay = self.today.index[self.today.index.isin(self.plan.sites)]
        change = self.size.reindex(stay) - self.today.reindex(stay)
        return change[change.abs() > _ROUNDING]
