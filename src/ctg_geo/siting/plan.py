"""What a model of location answers: the sites, their sizes, and how good the answer is."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

__all__ = ["Plan", "Sense", "Status", "signed"]

Status = Literal["proven", "best_found", "infeasible", "undecided"]
Sense = Literal["min", "max"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plan:
    """The answer of a model.

    `sites` are the candidates chosen, in the order of the candidates; `size` their supply
    (places) where the model sizes them. `value` is the objective reached and `bound` what no
    plan can better, in the same unit; both NaN when nothing is feasible. `assigned` names,
    by origin, the site that serves it, where the model says so.

    Sites that stand already are not among `sites`, though `assigned` may name them and `size`
    tells those that grow. `flows` (by origin and site, people) says who goes where when an
    origin may be shared out. `undecided` has no plan, and no proof that there is none. `ended`
    says what ended the search: a proof, the work allowed (the same on every machine), or the
    time limit (which is not).
    """

    model: str
    sense: Sense
    sites: pd.Index
    size: pd.Series | None
    value: float
    bound: float
    status: Status
    assigned: pd.Series | None = None
    flows: pd.Series | None = None
    ended: Literal["proof", "work", "time"] | None = None

    @property
    def gap(self) -> float:
        """How far `value` may be from the optimum, as a share of it (0 when proven)."""
        if self.status == "proven" or self.value == self.bound:
            return 0.0
        return abs(self.value - self.bound) / max(abs(self.bound), 1e-12)

    def __repr__(self) -> str:
        return f"<Plan {self.model}: {len(self.sites)} sites, {self.status}, gap {self.gap:.2%}>"


def signed(value: float, sense: Sense) -> float:
    """Return a figure as one to make least.

    Parameters
    ----------
    value : in any unit
    sense : which way is better

    Returns
    -------
    the value, its sign changed where more is better
    """
    return value if sense == "min" else -value
