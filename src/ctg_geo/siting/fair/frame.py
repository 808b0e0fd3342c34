"""The decisions of a plan as columns, its rules as rows, and what a point of them means."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ctg_geo.siting.fair.choices import Choices
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.programme import Expression, Programme

__all__ = ["Aim", "Frame", "Outcome", "outcome_of"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A plan and what it brings: all that an objective may look at."""

    size: Floats  # by candidate, places; 0 where closed
    opened: Bools  # by candidate, open in the plan (standing or new)
    access: Floats  # by class of the ground
    cost: float  # euros
    new: int  # sites opened


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """An objective in a programme: `value = expression / scale`, to make least.

    An objective to make greatest has a negative scale. The expression may promise too much
    until `cut` adds no more rows at a point (it tells whether it added some). With `under`
    the objective is the ratio of both expressions. `surely` is what its value (with its sign
    changed, if it is to make greatest) is never less than, known before any search.
    """

    expression: Expression
    scale: float = 1.0
    surely: float = 0.0
    under: Expression | None = None
    cut: Callable[[Floats], bool] | None = None


class Frame:
    """A programme with the decisions and the rules; objectives add their own rows."""

    def __init__(self, ground: Ground, choices: Choices) -> None:
        self.ground, self.choices = ground, choices
        self.programme = Programme()
        must, may = choices.must.astype(np.float64), choices.may.astype(np.float64)
        self.open = self.programme.columns(must, may, whole=True)
        sized = choices.places == "whole"
        self.size = np.empty(len(must), dtype=np.int32)
        for chosen, whole in ((~choices.stands, sized), (choices.stands, False)):
            self.size[chosen] = self.programme.columns(
                (must * choices.low)[chosen], (may * choices.high)[chosen], whole=whole
            )
        self._link()
        self.cost = self._costs()
        self._rules()

    def sums(self, weight: Floats, constant: float = 0.0) -> Expression:
        """Return `Σ weight × places` over candidates."""
        used = np.flatnonzero(weight)
        return Expression(self.size[used], weight[used], constant)

    def unit(self) -> float:
        """Return what access is multiplied by in rows, so that its mean is near 1."""
        most = float(self.choices.high.sum())
        if self.choices.rules.total is not None:
            most = min(most, float(self.choices.today.sum()) + self.choices.rules.total)
        return float(self.ground.people.sum() / max(most, 1.0))

    def _link(self) -> None:
        """Places are between the smallest and the largest where open, and none where closed."""
        choices, count = self.choices, len(self.open)
        both = np.r_[self.open, self.size]
        one = sparse.eye_array(count)
        none, infinite = np.zeros(count), np.full(count, np.inf)
        for bound, low, high in ((choices.high, -infinite, none), (choices.low, none, infinite)):
            matrix = sparse.csr_array(sparse.hstack([-sparse.diags_array(bound), one]))
            free = np.flatnonzero(~(choices.must & (choices.low == choices.high)))
            self.programme.rows(sparse.csr_array(matrix[free]), both, low[free], high[free])
        resized = np.flatnonzero(choices.resized)
        if choices.places == "divisible" or not len(resized):
            return
        today = choices.today[resized]
        low, high = choices.low[resized] - today, choices.high[resized] - today
        change = self.programme.columns(low, high, whole=True)  # none is among them
        each = sparse.eye_array(len(resized))
        matrix = sparse.csr_array(sparse.hstack([each, -sparse.diags_array(today), -each]))
        columns = np.r_[self.size[resized], self.open[resized], change]
        self.programme.rows(matrix, columns, np.zeros(len(resized)), np.zeros(len(resized)))

    def _costs(self) -> Expression:
        """Euros: sites opened, and places added (those taken away pay nothing back)."""
        choices = self.choices
        new = ~choices.stands
        grown = np.flatnonzero(choices.resized & (choices.cost_place > 0))
        room = np.maximum(choices.high - choices.today, 0.0)[grown]
        added = self.programme.columns(np.zeros(len(grown)), room)
        one = sparse.eye_array(len(grown))
        self.programme.rows(
            sparse.csr_array(sparse.hstack([one, -one])), np.r_[added, self.size[grown]],
            -choices.today[grown], np.full(len(grown), np.inf),
        )  # fmt: skip
        return Expression(
            np.r_[self.open[new], self.size[new], added].astype(np.int32),
            np.r_[choices.cost_open[new], choices.cost_place[new], choices.cost_place[grown]],
        )

    def _rules(self) -> None:
        choices, rules = self.choices, self.choices.rules
        new = ~choices.stands
        ones = np.ones(int(new.sum()))
        if rules.new is not None:
            least = rules.new if rules.exactly else -np.inf
            self.programme.row(Expression(self.open[new], ones), least, rules.new)
        if rules.total is not None:
            most = float(choices.today.sum()) + rules.total
            every = Expression(self.size, np.ones(len(self.size)))
            self.programme.row(every, -np.inf, most)
        if rules.budget is not None:
            self.programme.row(self.cost, -np.inf, rules.budget)
        for group, least in sorted(rules.floors.items()):
            inside = choices.opened_in(group)
            row = Expression(self.open[inside], np.ones(int(inside.sum())))
            self.programme.row(row, least, np.inf)

    def outcome(self, point: Floats) -> Outcome:
        """Read a point of the programme as a plan, whole numbers made whole."""
        choices = self.choices
        opened = point[self.open] > 0.5  # noqa: PLR2004
        size = point[self.size]
        if choices.places == "whole":
            size = np.where(
                choices.stands, choices.today + np.rint(size - choices.today), np.rint(size)
            )
        size = np.where(opened, np.clip(size, choices.low, choices.high), 0.0)
        return outcome_of(self.ground, choices, size, opened)


def outcome_of(ground: Ground, choices: Choices, size: Floats, opened: Bools) -> Outcome:
    """Work out what a plan brings."""
    new = int((opened & ~choices.stands).sum())
    return Outcome(size, opened, ground.access(size), choices.cost(size, opened), new)
