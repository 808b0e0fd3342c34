"""Better sites with room: each open site tried against closed ones that could replace it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.sending import Sending, Sent
from ctg_geo.siting.classical.transport import send

__all__ = ["Exchange"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_NEAREST = 12
_ROUNDS = 30
_ABOVE = 1e-9
_SHAKES, _WORK = 16, 12_000  # at most; origins of all of them together
_SEED = 1962


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """Swaps of free sites, each judged by the exact cost of sending everyone."""

    ask: Sending

    def polished(self, chosen: Ints) -> Sent | None:
        """Swap while it pays; None where these sites cannot take everyone."""
        best = np.sort(chosen)
        value = self.cost(best)
        for _ in range(_ROUNDS):
            found = self._swapped(best, value)
            if found is None:
                break
            best, value = found
        return self.sent(best)

    def shaken(self, best: Sent) -> Sent:
        """Return the best of some plans near this one: some sites moved, then swaps again."""
        turn = np.random.default_rng(_SEED)
        shakes = min(_SHAKES, max(2, _WORK // max(1, len(self.ask.weight))))
        for at in range(shakes if len(best.chosen) else 0):
            start = self._moved(best.chosen, 2 + at % 3, turn)
            if self.ask.choice.allows(start):
                found = self.polished(start)
                if found is not None and found.value <= best.value:
                    best = found
        return best

    def _moved(self, chosen: Ints, count: int, turn: np.random.Generator) -> Ints:
        moved = chosen.copy()
        for seat in turn.integers(len(moved), size=count):
            near = np.setdiff1d(self._stand_ins(int(moved[seat])), moved)
            if len(near):
                moved[seat] = near[turn.integers(len(near))]
        return np.sort(moved)

    def _swapped(self, chosen: Ints, value: float) -> tuple[Ints, float] | None:
        """Return the first better set by one swap: out in order, in by nearness."""
        for at, site in enumerate(chosen):
            for other in self._stand_ins(int(site)):
                if other in chosen:
                    continue
                tried = np.sort(np.append(np.delete(chosen, at), other))
                if self.ask.choice.allows(tried):
                    cost = self.cost(tried)
                    if cost < value * (1 - _ABOVE) or (value == np.inf and cost < np.inf):
                        return tried, cost
        return None

    def _stand_ins(self, site: int) -> Ints:
        """Return the free sites that the people nearest to this one would go to next."""
        cost = self.ask.cost[:, self.ask.fixed :]
        if not len(cost):
            return np.zeros(0, dtype=np.int64)
        near = cost[:, site] <= np.sort(cost[:, site])[len(cost) // 20]
        instead = np.where(np.isfinite(cost[near]), cost[near], 1e12)
        order = np.argsort((instead * self.ask.weight[near, None]).sum(axis=0), kind="stable")
        others: Ints = order[order != site][:_NEAREST]
        return others

    def _open(self, chosen: Ints) -> tuple[Floats, Floats]:
        """Return costs and room of the sites open, with a last one for those left out."""
        ask = self.ask
        at = np.concatenate((np.arange(ask.fixed), ask.fixed + chosen))
        cost, room = ask.cost[:, at], ask.sizes.most[at]
        if np.isfinite(ask.beyond):
            out = np.full((len(cost), 1), ask.beyond)
            cost, room = np.hstack((cost, out)), np.append(room, ask.weight.sum())
        return np.ascontiguousarray(cost), room

    def cost(self, chosen: Ints) -> float:
        """Return the cost of sending everyone to these sites; infinite where it cannot be."""
        cost, room = self._open(chosen)
        if not cost.shape[1]:
            return np.inf
        return float(send(cost, self.ask.weight, room, np.empty_like(cost)))

    def sent(self, chosen: Ints) -> Sent | None:
        """Return the plan that opens these sites; None where they cannot take everyone."""
        ask = self.ask
        cost, room = self._open(chosen)
        flow = np.empty_like(cost)
        if not cost.shape[1]:
            return None
        value = float(send(cost, ask.weight, room, flow))
        if value == np.inf:
            return None
        seats = np.concatenate((np.arange(ask.fixed), ask.fixed + chosen))
        origin, at = np.nonzero(flow[:, : len(seats)] > 0)
        return Sent(chosen, origin, seats[at], flow[origin, at], value)
