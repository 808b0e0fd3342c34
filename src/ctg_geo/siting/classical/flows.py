"""Sites that fill up: prices of people, plans met on the way, and what is left solved exactly."""

import time
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.crowding import Climb
from ctg_geo.siting.classical.dual import Dual
from ctg_geo.siting.classical.graded import left
from ctg_geo.siting.classical.halving import CLOSE, halved
from ctg_geo.siting.classical.programme import Effort, End
from ctg_geo.siting.classical.sending import Sending, Sent, sent

if TYPE_CHECKING:
    from ctg_geo.siting.classical.exchange import Exchange

__all__ = ["solve_sending"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_ROUNDS = 300
_PATIENCE = 12
_PLANS = 6
_PAIRS = 400_000  # beyond which what is left is not solved exactly


def solve_sending(ask: Sending, effort: Effort) -> tuple[Sent | None, float, End]:
    """Return the best plan, what nothing can better, and how the search ended."""
    until = time.monotonic() + effort.seconds
    by_site = np.ascontiguousarray(ask.cost.T)
    dual, best = _First(ask).run(by_site)
    bound, judge = dual.bound, exchanges(ask)
    end: End = "nodes"
    if best is not None and judge is not None:
        soon = Effort(seconds=until - time.monotonic())
        best, bound, end = halved(judge, by_site, dual, best, soon)
    if end != "nodes":
        return best, bound, end
    may = np.ones(len(ask.choice.price), dtype=bool)
    must = ~may
    if best is not None:
        rest = left(ask.choice, dual, best.value, CLOSE * abs(best.value))
        if rest.room <= 0:
            return best, bound, "optimal"
        may, must = rest.may, rest.must
    if np.isfinite(ask.cost[:, ask.fixed :][:, may]).sum() > _PAIRS:
        return best, bound, end
    found, answer = sent(ask, may, must, replace(effort, seconds=until - time.monotonic()), best)
    if found is not None and (best is None or found.value <= best.value):
        best = found
    if answer.end == "infeasible":
        return best, np.inf if best is None else best.value, "optimal"
    bound = max(bound, answer.bound)
    return best, min(bound, np.inf if best is None else best.value), answer.end


def exchanges(ask: Sending) -> "Exchange | None":
    """Return swaps, where sites alone say who goes where and numba is there to try them."""
    if ask.sizes.together or find_spec("numba") is None:
        return None
    from ctg_geo.siting.classical.exchange import Exchange  # noqa: PLC0415

    return Exchange(ask)


@dataclass(slots=True, eq=False)
class _First:
    """The first prices, and the plans met while they rise."""

    ask: Sending
    best: Sent | None = None

    def run(self, by_site: Floats) -> tuple[Dual, Sent | None]:
        """Return the best bound, and the best of some plans met."""
        every = np.ones(len(self.ask.choice.price), dtype=bool)
        climb = Climb(self.ask, by_site, every, ~every, self._first_prices(), _PATIENCE)
        tried = set[bytes]()
        for at in range(_ROUNDS):
            now = climb.now
            if at % 20 == 0 and len(tried) < _PLANS and now.opened.tobytes() not in tried:
                tried.add(now.opened.tobytes())
                self._try(now)
            goal = 1.05 * abs(now.bound) + 1e-9 if self.best is None else self.best.value
            if goal - climb.top.bound <= CLOSE * abs(goal) or not climb.raised(goal):
                break
        self._try(climb.top)
        judge = exchanges(self.ask)
        if self.best is not None and judge is not None:
            self.best = judge.shaken(self.best)
        return climb.top, self.best

    def _try(self, dual: Dual) -> None:
        """Send people to the sites opened at these prices, and to more where more may open."""
        choice = self.ask.choice
        closed = np.argsort(np.where(dual.opened, np.inf, dual.worth), kind="stable")
        more = closed[: min(choice.most, len(closed)) - int(dual.opened.sum())]
        chosen = np.concatenate((np.flatnonzero(dual.opened), more))
        if not choice.allows(chosen):
            chosen = np.flatnonzero(dual.opened)
        if not choice.allows(chosen):
            return
        judge = exchanges(self.ask)
        if judge is not None:
            found = judge.polished(chosen)
        else:
            some = np.isin(np.arange(len(choice.price)), chosen)
            found = sent(self.ask, some, some, Effort())[0]
        if found and (self.best is None or found.value < self.best.value):
            self.best = found

    def _first_prices(self) -> Floats:
        """Return the cost of the sites that an origin might be sent to, some way down its list."""
        ask = self.ask
        seats = max(1, ask.fixed + min(ask.choice.most, len(ask.choice.price)))
        if not ask.cost.shape[1]:
            return np.zeros(len(ask.weight))
        rank = min(ask.cost.shape[1] - 1, ask.cost.shape[1] // seats)
        first = np.sort(ask.cost, axis=1)[:, rank]
        return np.minimum(np.where(np.isfinite(first), first, 0.0), ask.beyond)
