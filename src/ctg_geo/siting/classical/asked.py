"""What every model starts from, and how its answer becomes a plan."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.errors import SitingError
from ctg_geo.siting.classical.costs import Costs, Given
from ctg_geo.siting.classical.programme import Ended
from ctg_geo.siting.classical.sites import Sites, sites
from ctg_geo.siting.given import refuse_untold
from ctg_geo.siting.plan import Plan, Sense
from ctg_geo.siting.rules import SiteRules

__all__ = ["Asked", "asked", "no_plan", "positive", "refuse_nobody"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """Costs of the origins where someone is, their demand, and the sites by what they may do."""

    costs: Costs
    weight: Floats  # by origin of `costs`, above 0
    sites: Sites
    everyone: pd.Index  # the origins asked for, those without demand too

    def names(self, numbers: Ints) -> pd.Index:
        """Return the names of candidates."""
        return self.costs.candidates[np.sort(numbers)]

    def opened(self, chosen: Ints) -> Ints:
        """Return the numbers of the candidates opened, given the free sites chosen."""
        return np.sort(np.concatenate((self.sites.opened, self.sites.free[chosen])))

    def plan(
        self, model: str, sense: Sense, chosen: Ints, value: float, bound: float, ended: Ended
    ) -> Plan:
        """Return the plan that opens the free sites chosen; each origin goes to the nearest."""
        opened = self.opened(chosen)
        return Plan(
            model=model,
            sense=sense,
            sites=self.names(opened),
            size=None,
            value=value,
            bound=bound,
            status="proven" if ended == "proof" else "best_found",
            assigned=self._nearest(np.sort(np.concatenate((opened, self.sites.standing)))),
            ended=ended,
        )

    def _nearest(self, at: Ints) -> pd.Series:
        """Name the site of least cost of each origin, the first of equals; missing: none."""
        if not len(at):
            named = pd.Series(pd.NA, index=self.costs.origins, dtype=object)
        else:
            table = self.costs.table[:, at]
            best = np.argmin(table, axis=1)
            reached = self.costs.there[np.arange(len(table)), at[best]]
            names = self.costs.candidates[at[best]]
            named = pd.Series(names, index=self.costs.origins, dtype=object).where(reached, pd.NA)
        return named.reindex(self.everyone).rename("site")


def asked(given: Given, demand: pd.Series, rules: SiteRules) -> Asked:
    """Read the costs, align the demand, check the rules; origins without demand are left out.

    Raises
    ------
    SitingError, UnknownCodeError, DataError
        If demand is no Series; see `ctg_geo.siting.classical.sites.sites`, `Costs.of` and
        `ctg_geo.access.aligned.aligned`.
    """
    costs = Costs.of(given)
    refuse_untold(demand, pd.Series, "demand")
    weight = aligned(demand, costs.origins, table="demand")
    made = sites(costs, rules)
    lived = weight > 0
    some = Costs(costs.origins[lived], costs.candidates, costs.table[lived], costs.unit)
    return Asked(some, weight[lived], made, costs.origins)


def no_plan(model: str, sense: Sense) -> Plan:
    """Return the plan of a model that no choice satisfies."""
    nan = float("nan")
    return Plan(model, sense, pd.Index([], dtype=object), None, nan, nan, "infeasible",
                ended="proof")  # fmt: skip


def positive(value: float, name: str) -> None:
    """Refuse what is not a number above 0.

    Raises
    ------
    SitingError
        If it is not.
    """
    if not (value > 0):
        raise SitingError("not_positive", name=name, value=value)


def refuse_nobody(it: Asked, model: str) -> None:
    """Refuse a question that all plans answer alike, for want of anybody to serve.

    Raises
    ------
    SitingError
        If no origin has any demand.
    """
    if not len(it.weight):
        raise SitingError("nobody", model=model)
