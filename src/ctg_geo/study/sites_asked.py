"""What is asked of a plan of sites, as a planner writes it, and what is refused at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ctg_geo.errors import SitingError
from ctg_geo.export.sites_told import PLACED
from ctg_geo.parameters import Service

__all__ = ["ON_ACCESS", "ON_TIME", "ON_TRIPS", "SitesAsked", "check_objectives"]

ON_ACCESS: Final = ("floor", "shortfall", "severity", "cover", "gini", "cost", "places", "sites")
ON_TIME: Final = ("cover", "median", "center", "floor", "backup")
ON_TRIPS: Final = ("median", "center", *PLACED)  # of a service judged on its supply
_LINEAR: Final = ("e2sfca", "two_step")


@dataclass(frozen=True, slots=True)
class SitesAsked:
    """The questions and rules of a plan.

    Codes are candidates, communes (their only candidate, or all of them to forbid) or, for
    `closable` and `resizable`, places that stand. `candidates` are kinds: see
    `study.site_candidates`. Costs are euros for all candidates alike; those of a list of
    candidates come first.
    """

    service: str
    objective: str
    then: tuple[str, ...] = ()
    new: int | None = None
    exactly: bool = False
    smallest: float = 0.0
    largest: float = float("inf")
    total: float | None = None
    budget: float | None = None
    cost_open: float | None = None
    cost_place: float | None = None
    at_least: Mapping[str, int] = field(default_factory=dict)
    forced: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    closable: tuple[str, ...] = ()
    resizable: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ("chefs_lieux",)
    share: float = 1.0  # of people, for the floor; near one site, for backup
    within_min: float | None = None  # of cover and backup on trips
    frontier: bool = False
    step: float | None = None  # euros, of the frontier
    time_limit_s: float = 60.0

    @property
    def objectives(self) -> tuple[str, ...]:
        """The objectives in their order; a floor alone is followed by the shortfall."""
        if self.objective == "floor" and not self.then:
            return ("floor", "shortfall")
        return (self.objective, *self.then)


def check_objectives(asked: SitesAsked, service: Service) -> bool:
    """Tell whether a plan is made on access (else on trips), once what cannot be is refused.

    Raises
    ------
    SitingError
        If the service counts hours per week, which no plan decides; if the objective, or one
        after it, does not suit the way the service is judged; if
        sizes contradict each other, or places are counted where there are none.
    """
    _check_sizes(asked)
    on_access = service.judged_on_supply and asked.objective not in ON_TRIPS
    label = service.label
    if service.counts_hours:
        raise SitingError("hours_supply", service=label)
    if on_access:
        if service.care or service.measure not in _LINEAR:
            measure = "care" if service.care else service.measure
            raise SitingError("not_linear", service=label, measure=measure, known=list(_LINEAR))
        wrong = [each for each in asked.objectives if each not in ON_ACCESS]
        if wrong:
            raise SitingError("objective_unfit", said=wrong[0], service=label, known=ON_ACCESS)
        return True
    known = ON_TRIPS if service.judged_on_supply else ON_TIME
    if asked.objective not in known:
        raise SitingError("objective_unfit", said=asked.objective, service=label, known=known)
    _check_trips(asked, service)
    return False


def _check_sizes(asked: SitesAsked) -> None:
    if not 0 <= asked.smallest <= asked.largest:
        raise SitingError("smallest_over_largest", smallest=asked.smallest, largest=asked.largest)
    if asked.budget is not None and asked.cost_open is None and asked.cost_place is None \
            and not any(each.endswith(".csv") for each in asked.candidates):  # fmt: skip
        raise SitingError("no_cost", budget=asked.budget)


def _check_trips(asked: SitesAsked, service: Service) -> None:
    """Refuse what plans on trips know nothing of."""
    if asked.then:
        raise SitingError("then_on_time", said=asked.then[0], service=service.label)
    if asked.closable:
        raise SitingError("close_on_time", names=list(asked.closable))
    given = {"resize": bool(asked.resizable), "total": asked.total is not None,
             "cost_place": asked.cost_place is not None}  # fmt: skip
    wrong = [name for name, there in given.items() if there]
    if wrong and asked.objective not in PLACED:
        raise SitingError("no_sizes", model=asked.objective, rules=wrong)
    if asked.frontier:
        raise SitingError("frontier_on_time", service=service.label)
    if service.judged_on_supply and asked.smallest < 1 and asked.objective not in PLACED:
        raise SitingError("size_unknown", objective=asked.objective, unit=service.unit)
    near = asked.objective in ("cover", "backup")
    if near and not service.judged and asked.within_min is None:
        raise SitingError("within_missing", service=service.label)
