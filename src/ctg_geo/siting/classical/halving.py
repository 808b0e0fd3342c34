"""Sites that fill up, decided one after the other: open in one half of the plans, not in the other.

Branch and bound (Land & Doig 1960) on bounds of prices: a half costs some rounds from the prices
of the whole, a hundredth of what a linear programme over all pairs does.
"""

import heapq
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.crowding import Climb
from ctg_geo.siting.classical.dual import Dual
from ctg_geo.siting.classical.graded import left
from ctg_geo.siting.classical.programme import Effort, End
from ctg_geo.siting.classical.sending import Sent

if TYPE_CHECKING:
    from ctg_geo.siting.classical.exchange import Exchange

__all__ = ["CLOSE", "halved"]

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CLOSE = 1e-7  # relative: as good as a proof
_ROUNDS = 60
_PATIENCE = 8
_SHORTEST = 0.02
_WORK = 4_000_000_000  # costs read in all
_TRIED = 4  # halves from one plan tried to the next


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some of the plans: those that open `must`, and none but `may`."""

    bound: float
    may: Mask
    must: Mask
    price: Floats
    often: Floats


def halved(
    judge: "Exchange", by_site: Floats, dual: Dual, best: Sent, effort: Effort
) -> tuple[Sent, float, End]:
    """Look for a better plan than `best` from the prices of a first bound.

    `judge` tells what a set of sites costs, by_site is its costs turned. Return the best plan,
    what nothing can better, and what ended the search.
    """
    bound = max(dual.bound, 0.0)  # nothing costs less than nothing
    search = _Halving(judge, by_site, best, bound, time.monotonic() + effort.seconds)
    free = np.ones(len(judge.ask.choice.price), dtype=bool)
    search.keep(_Part(bound, free, ~free, dual.price, dual.opened.astype(np.float64)), dual)
    end = search.run()
    return search.best, search.bound, end


@dataclass(slots=True, eq=False)
class _Halving:
    judge: "Exchange"
    by_site: Floats
    best: Sent
    bound: float
    until: float
    work: int = _WORK
    number: int = 0
    waiting: list[tuple[float, int, _Part]] = field(default_factory=list)
    tried: set[bytes] = field(default_factory=set)

    def run(self) -> End:
        """Halve the part of least bound, until none is left or the work is done."""
        while self.waiting:
            self.bound = min(max(self.bound, self.waiting[0][0]), self.best.value)
            if self._enough <= self.bound:
                break
            if self.work <= 0 or time.monotonic() > self.until:
                return "nodes" if self.work <= 0 else "time"
            part = heapq.heappop(self.waiting)[2]
            open_to = part.may & ~part.must
            site = int(np.argmin(np.where(open_to, np.abs(part.often - 0.5), np.inf)))
            for opens in (True, False):
                self._look(part, site, opens=opens)
        self.bound = self.best.value
        return "optimal"

    def keep(self, part: _Part, dual: Dual) -> None:
        """Rule sites out of a part, or in; solve it if nothing is left to decide, else keep it."""
        choice = self.judge.ask.choice
        rest = left(choice, dual, self.best.value, CLOSE * abs(self.best.value))
        may, must = part.may & rest.may, part.must | rest.must
        money = choice.budget - float(choice.price[must].sum())
        may &= must | (choice.price <= money + 1e-9 * abs(choice.budget))
        if rest.room <= 0 or (must & ~may).any() or int(must.sum()) > choice.most:
            return
        may = must.copy() if int(must.sum()) == choice.most else may
        if choice.allows(np.flatnonzero(may)):  # the more sites, the less it costs
            self._try(may)
        elif (may & ~must).any():
            self.number += 1
            part = _Part(part.bound, may, must, part.price, part.often)
            heapq.heappush(self.waiting, (part.bound, self.number, part))

    @property
    def _enough(self) -> float:
        return self.best.value - CLOSE * abs(self.best.value)

    def _look(self, part: _Part, site: int, *, opens: bool) -> None:
        """Bound the plans of a part that open a site, or those that do not."""
        may, must = part.may.copy(), part.must.copy()
        (must if opens else may)[site] = opens
        climb = Climb(self.judge.ask, self.by_site, may, must, part.price, _PATIENCE)
        for _ in range(_ROUNDS):
            self.work -= int(may.sum()) * len(part.price)
            if self._enough <= climb.top.bound or climb.step < _SHORTEST:
                break
            if not climb.raised(self.best.value):
                break
        top = climb.top
        bound = max(part.bound, top.bound)
        if bound < self._enough:
            if self.number % _TRIED == 0:
                self._try(top.opened)
            self.keep(_Part(bound, may, must, top.price, climb.often), top)

    def _try(self, opened: Mask) -> None:
        """Take the plan that opens these sites, with swaps, where it betters the best."""
        chosen = np.flatnonzero(opened)
        mark = opened.tobytes()
        if mark in self.tried or not self.judge.ask.choice.allows(chosen):
            return
        self.tried.add(mark)
        if self.judge.cost(chosen) < self.best.value:
            found = self.judge.polished(chosen)
            if found is not None and found.value < self.best.value:
                self.best = found
