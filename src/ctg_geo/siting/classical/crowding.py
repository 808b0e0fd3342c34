"""What no plan of sites that fill up can better: each person pays a price for a place.

Lagrangian relaxation of "everyone goes somewhere" by the subgradient method, in float64; what
rounding could add is taken off. Places added over all sites, and money, are left aside.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.dual import Dual, cheapest_set
from ctg_geo.siting.classical.problem import loops
from ctg_geo.siting.classical.sending import Sending

__all__ = ["Climb"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_INERTIA = 0.5
_MEMORY = 0.92  # of how often a site opened, from a round to the next
_EPSILON = 2.0**-52


@dataclass(slots=True, eq=False)
class Climb:
    """Prices raised round by round, for plans that open the sites of `must` and none but `may`.

    `top` is the best bound met. The worth of a site is minus infinity where it must open,
    infinite where it may not; a bound is infinite where no plan is left.
    """

    ask: Sending
    by_site: Floats  # the costs of `ask`, turned
    may: Mask  # by free site
    must: Mask
    price: Floats  # by origin
    patience: int  # rounds without a better bound before the step is halved
    often: Floats = field(init=False)  # by free site: how often it opened of late, 0 to 1
    top: Dual = field(init=False)
    now: Dual = field(init=False)
    step: float = 1.0
    quiet: int = 0
    taken: Floats = field(init=False)
    way: Floats = field(init=False)
    best_taken: Floats = field(init=False)

    def __post_init__(self) -> None:
        """Look at the first prices."""
        self.way = np.zeros(len(self.price))
        self.now, self.taken = self._dual()
        self.top, self.best_taken = self.now, self.taken
        self.often = self.now.opened.astype(np.float64)

    def raised(self, goal: float) -> bool:
        """Move the prices once towards a bound of `goal`; False where they have nowhere to go."""
        weight = self.ask.weight
        wrong = weight - self.taken
        wrong = np.where(self.price >= self.ask.beyond, np.minimum(wrong, 0.0), wrong)
        self.way = wrong / weight + _INERTIA * self.way
        length = float((weight * self.way * self.way).sum())
        if length == 0 or not np.isfinite(self.now.bound):
            return False
        stride = self.step * max(goal - self.now.bound, 0.0) / length
        self.price = np.clip(self.price + stride * self.way, 0.0, self.ask.beyond)
        self.now, self.taken = self._dual()
        self.often = _MEMORY * self.often + (1 - _MEMORY) * self.now.opened
        if self.now.bound > self.top.bound:
            self.top, self.best_taken, self.quiet = self.now, self.taken, 0
        else:
            self.quiet += 1
        if self.quiet >= self.patience:
            self.step, self.quiet = self.step / 2, 0
            self.now, self.taken = self.top, self.best_taken
            self.price, self.way = self.top.price.copy(), np.zeros(len(weight))
        return True

    def _dual(self) -> tuple[Dual, Floats]:
        """Return the bound at these prices, and the people of each origin taken."""
        ask, fixed, price = self.ask, self.ask.fixed, self.price
        worth, taken = np.zeros(len(ask.sizes.at)), np.zeros(len(price))
        used = np.concatenate((np.arange(fixed), fixed + np.flatnonzero(self.may)))
        loops().stock(self.by_site, ask.weight, price, ask.sizes.most, used, worth, taken)
        key = np.where(self.must, -np.inf, np.where(self.may, worth[fixed:], np.inf))
        opened = cheapest_set(key, ask.choice)
        if (opened & ~self.may).any() or (self.must & ~opened).any():
            return Dual(np.inf, price, key, opened), taken
        paid = float((ask.weight * price).sum())
        total = paid + float(worth[:fixed].sum()) + float(worth[fixed:][opened].sum())
        slack = 2 * _EPSILON * (len(price) + len(worth)) * (paid + float(np.abs(worth).sum()))
        inside = np.concatenate((np.arange(fixed), fixed + np.flatnonzero(opened)))
        taken[:] = 0.0
        loops().stock(self.by_site, ask.weight, price, ask.sizes.most, inside, worth, taken)
        return Dual(total - slack, price, key, opened), taken
