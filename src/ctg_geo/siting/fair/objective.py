"""What a plan can be made for, and what can be asked of it besides."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from ctg_geo.siting.fair.frame import Aim, Frame, Outcome
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.programme import Expression

__all__ = ["Amount", "Limit", "Objective"]


class Objective(Protocol):
    """A figure of a plan to make least or greatest, exactly."""

    @property
    def name(self) -> str:
        """Key of the objective in the labels."""
        ...

    @property
    def sense(self) -> Literal["min", "max"]:
        """Which way is better."""
        ...

    @property
    def norm(self) -> float | None:
        """The supply per person it is measured against, if any."""
        ...

    @property
    def among(self) -> pd.Series | None:
        """By origin, whether it counts in this figure; all who count if None."""
        ...

    def measured(self, ground: Ground, outcome: Outcome) -> float:
        """Work out the figure of a plan."""
        ...

    def install(self, frame: Frame) -> Aim:
        """Write it into a frame."""
        ...

    def refuse(self, frame: Frame) -> None:
        """Raise where every plan has the same figure."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """A figure that a plan must reach, or not exceed: `at` in the unit of the objective."""

    objective: Objective
    at: float

    def met(self, ground: Ground, outcome: Outcome, *, slack: float) -> bool:
        """Tell whether a plan is within the limit, but for `slack` of it."""
        value = self.objective.measured(ground, outcome)
        over = value - self.at if self.objective.sense == "min" else self.at - value
        return bool(over <= slack * max(abs(self.at), slack))


@dataclass(frozen=True, slots=True, eq=False)
class Amount:
    """The least of what a plan takes: euros, places added, or sites opened."""

    of: Literal["cost", "places", "sites"]
    sense: Literal["min", "max"] = "min"
    norm: float | None = None
    among: pd.Series | None = None

    @property
    def name(self) -> str:
        """See `Objective`."""
        return self.of

    def measured(self, ground: Ground, outcome: Outcome) -> float:
        """See `Objective`. Places are all those of the plan, standing ones included."""
        del ground
        if self.of == "cost":
            return outcome.cost
        return float(outcome.size.sum() if self.of == "places" else outcome.new)

    def install(self, frame: Frame) -> Aim:
        """See `Objective`."""
        if self.of == "cost":
            return Aim(frame.cost)
        if self.of == "places":
            return Aim(frame.sums(np.ones(len(frame.size))))
        new = frame.open[~frame.choices.stands]
        return Aim(Expression(new, np.ones(len(new))))

    def refuse(self, frame: Frame) -> None:
        """See `Objective`: plans differ in what they take."""
