"""p-centre: the longest trip made as short as can be."""

import time
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import SitingError
from ctg_geo.siting.classical.asked import Asked, asked, no_plan, refuse_nobody
from ctg_geo.siting.classical.costs import Given
from ctg_geo.siting.classical.covering import cover_found, cover_problem, distinct, fewest
from ctg_geo.siting.classical.dual import bounded
from ctg_geo.siting.classical.programme import Ended
from ctg_geo.siting.classical.search import greedy, polished
from ctg_geo.siting.classical.sites import refuse_sizes
from ctg_geo.siting.given import seconds
from ctg_geo.siting.plan import Plan
from ctg_geo.siting.rules import SiteRules

__all__ = ["p_centre"]

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_ROUNDS = 200
_WORK = 10_000_000  # links read by a search: see `cover_found`
_HARDER = 10 * _WORK  # where prices prove nothing


def p_centre(times: Given, demand: pd.Series, rules: SiteRules, *, limit_s: float = 60.0) -> Plan:
    """Choose the sites that make the longest trip to the nearest site shortest.

    Each length of a trip is tried by covering: everyone within it, or proof that nobody can
    (Minieka 1970). Prices prove most lengths too short before any whole-number search.

    Parameters
    ----------
    times : origins × candidates, minutes (or a table of costs)
    demand : by origin, people; where nobody lives no trip starts
    rules : number, exactly, existing, forced, forbidden, floors by group, budget
    limit_s : seconds; see `p_median`

    Returns
    -------
    plan; `value` in minutes. Infeasible where the sites allowed cannot reach everyone.

    Raises
    ------
    SitingError
        If the rules contradict each other or speak of places, or nobody is there to choose for.

    References
    ----------
    Hakimi (1964), Operations Research 12(3); Minieka (1970), SIAM Review 12(1).
    """
    refuse_sizes(rules, "p_centre")
    if rules.new is None and rules.budget is None:
        raise SitingError("how_many", model="p_centre")
    seconds(limit_s)
    it = asked(times, demand, rules)
    refuse_nobody(it, "p_centre")
    lengths = np.unique(it.costs.table[it.costs.there])
    if not len(lengths):
        return no_plan("p_centre", "min")
    return _Lengths(it, lengths, time.monotonic() + limit_s).plan()


@dataclass(slots=True, eq=False)
class _Lengths:
    """Bisection over the lengths of trips: `low` are too short, `high` has a plan."""

    it: Asked
    lengths: npt.NDArray[np.generic]
    until: float
    high: int = field(init=False)
    low: int = -1
    best: Ints | None = None
    ended: Ended = "proof"

    def plan(self) -> Plan:
        """Narrow the lengths by plans found, then by prices, then by covering exactly."""
        none = no_plan("p_centre", "min")
        self.high = len(self.lengths)
        last = self._cover(len(self.lengths) - 1)
        if last is None:
            return none if self.ended == "proof" else replace(
                none, status="undecided", ended=self.ended)  # fmt: skip
        self._keep(last)
        self._search(_WORK)
        self._raise()
        self._search(_HARDER)
        while self.high - self.low > 1 and self.ended == "proof":
            if not self._in_time():
                self.ended = "time"
                break
            middle = (self.low + self.high) // 2
            found = self._cover(middle)
            if found is not None:
                self._keep(found)
            elif self.ended == "proof":
                self.low = middle
        assert self.best is not None
        unit = self.it.costs.unit
        return self.it.plan(
            "p_centre", "min", self.best, float(self.lengths[self.high]) * unit,
            float(self.lengths[self.low + 1]) * unit, self.ended,
        )  # fmt: skip

    def _rows(self, at: int) -> Mask:
        """Return which free sites reach those whom nothing open reaches within a length."""
        near: Mask = self.it.costs.table <= self.lengths[at]
        alone = ~near[:, self.it.sites.fixed].any(axis=1)
        rows: Mask = near[alone][:, self.it.sites.free]
        return rows

    def _keep(self, chosen: Ints) -> None:
        """Take a plan, and the length it really has."""
        at = np.concatenate((self.it.sites.fixed, self.it.sites.free[chosen]))
        longest = self.it.costs.table[:, at].min(axis=1).max()
        self.high = min(self.high, int(np.searchsorted(self.lengths, longest)))
        self.best = chosen

    def _cover(self, at: int) -> Ints | None:
        left = self.until - time.monotonic()
        covered = fewest(self._rows(at), self.it.sites.choice, limit_s=left)
        if covered.chosen is None:
            self.ended = covered.ended
        return covered.chosen

    def _search(self, work: int) -> None:
        """Shorten by plans found at once: no proof that there are none."""
        low = self.low
        while self.high - low > 1 and self._in_time():
            middle = (low + self.high) // 2
            rows = distinct(self._rows(middle))[0]
            found = None
            if rows.any(axis=1).all():
                found = cover_found(rows, self.it.sites.choice, work=work)
            if found is None:
                low = middle
            else:
                self._keep(found)

    def _raise(self) -> None:
        """Rule lengths out by the prices of leaving someone out."""
        high = self.high
        while high - self.low > 1 and self._in_time():
            middle = (self.low + high) // 2
            if self._too_short(middle):
                self.low = middle
            else:
                high = middle

    def _too_short(self, at: int) -> bool:
        rows = self._rows(at)
        if not rows.any(axis=1).all():
            return True
        problem = cover_problem(rows, np.ones(len(rows)), self.it.sites.choice)
        found = polished(problem, greedy(problem))
        if found.value == 0:
            return False
        return bounded(problem, found, rounds=_ROUNDS, until=self.until)[0].bound > 0

    def _in_time(self) -> bool:
        return time.monotonic() < self.until
