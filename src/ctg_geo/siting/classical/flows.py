"""Sites that fill up: prices of people, plans met on the way, and what is left solved exactly."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.dual import Dual, cheapest_set
from ctg_geo.siting.classical.graded import left
from ctg_geo.siting.classical.problem import loops
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
_INERTIA = 0.5
_PLANS = 6
_PAIRS = 400_000  # beyond which what is left is not solved exactly
_CLOSE = 1e-7  # relative: a proof, to the solver's tolerance
_EPSILON = 2.0**-52


def solve_sending(ask: Sending, effort: Effort) -> tuple[Sent | None, float, End]:
    """Return the best plan, what nothing can better, and how the search ended."""
    dual, best = _Climb(ask, np.ascontiguousarray(ask.cost.T)).run()
    may = np.ones(len(ask.choice.price), dtype=bool)
    must = ~may
    if best is not None:
        rest = left(ask.choice, dual, best.value, _CLOSE * abs(best.value))
        if rest.room <= 0:
            return best, dual.bound, "optimal"
        may, must = rest.may, rest.must
    if np.isfinite(ask.cost[:, ask.fixed :][:, may]).sum() > _PAIRS:
        return best, dual.bound, "nodes"
    found, answer = sent(ask, may, must, effort, best)
    if found is not None and (best is None or found.value <= best.value):
        best = found
    if answer.end == "infeasible":
        return best, np.inf if best is None else best.value, "optimal"
    bound = min(answer.bound, np.inf if best is None else best.value)
    return best, max(bound, dual.bound), answer.end


@dataclass(slots=True, eq=False)
class _Climb:
    """Prices of people raised by the subgradient method; rules on places are left aside."""

    ask: Sending
    by_site: Floats
    best: Sent | None = None

    def run(self) -> tuple[Dual, Sent | None]:
        """Return the best bound, and the best of some plans met."""
        ask, price = self.ask, self._first_prices()
        top = now, taken = self._dual(price)
        step, quiet, tried = 1.0, 0, set[bytes]()
        way = np.zeros(len(price))
        for at in range(_ROUNDS):
            if at % 20 == 0 and len(tried) < _PLANS and now.opened.tobytes() not in tried:
                tried.add(now.opened.tobytes())
                self._try(now)
            goal = 1.05 * abs(now.bound) + 1e-9 if self.best is None else self.best.value
            if goal - top[0].bound <= _CLOSE * abs(goal):
                break
            wrong = ask.weight - taken
            wrong[(wrong > 0) & (price >= ask.beyond)] = 0.0
            way = wrong / ask.weight + _INERTIA * way
            length = float((ask.weight * way * way).sum())
            if length == 0:
                break
            stride = step * max(goal - now.bound, 0.0) / length
            price = np.clip(price + stride * way, 0.0, ask.beyond)
            now, taken = self._dual(price)
            quiet = 0 if now.bound > top[0].bound else quiet + 1
            top = (now, taken) if quiet == 0 else top
            if quiet >= _PATIENCE:
                step, quiet = step / 2, 0
                (now, taken), price, way = top, top[0].price.copy(), np.zeros(len(way))
        self._try(top[0])
        if self.best is not None and self._judge is not None:
            self.best = self._judge.shaken(self.best)
        return top[0], self.best

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
        if self._judge is not None:
            found = self._judge.polished(chosen)
        else:
            some = np.isin(np.arange(len(choice.price)), chosen)
            found = sent(self.ask, some, some, Effort())[0]
        if found and (self.best is None or found.value < self.best.value):
            self.best = found

    @property
    def _judge(self) -> "Exchange | None":
        """Return swaps, where sites alone say who goes where and numba is there to try them."""
        if self.ask.sizes.together or find_spec("numba") is None:
            return None
        from ctg_geo.siting.classical.exchange import Exchange  # noqa: PLC0415

        return Exchange(self.ask)

    def _first_prices(self) -> Floats:
        """Return the cost of the sites that an origin might be sent to, some way down its list."""
        ask = self.ask
        seats = max(1, ask.fixed + min(ask.choice.most, len(ask.choice.price)))
        if not ask.cost.shape[1]:
            return np.zeros(len(ask.weight))
        rank = min(ask.cost.shape[1] - 1, ask.cost.shape[1] // seats)
        first = np.sort(ask.cost, axis=1)[:, rank]
        return np.minimum(np.where(np.isfinite(first), first, 0.0), ask.beyond)

    def _dual(self, price: Floats) -> tuple[Dual, Floats]:
        """Return the bound at these prices, and the people of each origin taken."""
        ask, fixed = self.ask, self.ask.fixed
        worth, taken = np.zeros(len(ask.sizes.at)), np.zeros(len(price))
        every, room = np.arange(len(worth)), ask.sizes.most
        loops().stock(self.by_site, ask.weight, price, room, every, worth, taken)
        opened = cheapest_set(worth[fixed:], ask.choice)
        paid = float((ask.weight * price).sum())
        total = paid + float(worth[:fixed].sum()) + float(worth[fixed:][opened].sum())
        inside = np.concatenate((every[:fixed], fixed + np.flatnonzero(opened)))
        taken[:] = 0.0
        size = paid + float(np.abs(worth).sum())
        loops().stock(self.by_site, ask.weight, price, room, inside, worth, taken)
        slack = 2 * _EPSILON * (len(price) + len(worth)) * size
        return Dual(total - slack, price, worth[fixed:], opened), taken
