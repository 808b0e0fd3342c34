"""What a model of location answers: the sites, their sizes, and how good the answer is."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

__all__ = ["Plan", "Status"]

Status = Literal["proven", "best_found", "infeasible"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plan:
    """The answer of a model.

    `sites` are the candidates chosen, in the order of the candidates; `size` their supply
    (places) where the model sizes them. `value` is the objective reached and `bound` what no
    plan can better, in the same unit; both NaN when nothing is feasible. `assigned` names,
    by origin, the site that serves it, where the model says so.
    """

    model: str
    sense: Literal["min", "max"]
    sites: pd.Index
    size: pd.Series | None
    value: float
    bound: float
    status: Status
    assigned: pd.Series | None = None

    @property
    def gap(self) -> float:
        """How far `value` may be from the optimum, as a share of it (0 when proven)."""
        if self.status == "proven" or self.value == self.bound:
            return 0.0
        return abs(self.value - self.bound) / max(abs(self.bound), 1e-12)

    def __repr__(self) -> str:
        return f"<Plan {self.model}: {len(self.sites)} sites, {self.status}, gap {self.gap:.2%}>"
