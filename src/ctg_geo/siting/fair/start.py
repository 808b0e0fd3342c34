"""A plan to start from: sites added one by one, then exchanged as long as it gets better."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.fair.choices import Choices
from ctg_geo.siting.fair.frame import Outcome, outcome_of
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.fair.objective import Limit, Objective
from ctg_geo.siting.plan import signed

__all__ = ["kept", "started"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Worth = Callable[[Outcome], float]

SLACK = 1e-6
"""Share of a limit by which the rounding of the solver may miss it."""

_ROUNDS = 20
_SAME = 1e-12
_MOST_WORK = 2e8  # classes looked at, over all plans tried


def started(
    ground: Ground,
    choices: Choices,
    objective: Objective,
    limits: Sequence[Limit],
    out_of_time: Callable[[], bool],
) -> Outcome | None:
    """Return a plan that keeps all rules and limits, or None if the search meets none.

    New sites share the places evenly; what stands stays. Ties go to the first candidate.
    Exchanges end where none helps, or after an amount of work that does not depend on the
    machine; `out_of_time` ends them sooner.
    """

    def worth(outcome: Outcome) -> float:
        return signed(objective.measured(ground, outcome), objective.sense)

    search = _Search(ground, choices, worth)
    opened = choices.must | choices.stands
    opened = search.grown(opened & choices.may, out_of_time)
    for _ in range(_ROUNDS):
        if out_of_time() or search.work > _MOST_WORK:
            break
        better = search.exchanged(opened)
        if better is None:
            break
        opened = better
    found = search.outcome(opened)
    within = all(limit.met(ground, found, slack=SLACK) for limit in limits)
    return found if within and kept(choices, found) else None


def kept(choices: Choices, outcome: Outcome) -> bool:
    """Tell whether a plan keeps the rules, but for the rounding of floats."""
    rules, new = choices.rules, outcome.opened & ~choices.stands
    added = outcome.size.sum() - choices.today.sum()
    return bool(
        not (choices.must & ~outcome.opened).any()
        and not (outcome.opened & ~choices.may).any()
        and (rules.new is None or outcome.new <= rules.new)
        and (rules.new is None or not rules.exactly or outcome.new == rules.new)
        and (rules.total is None or added <= rules.total + SLACK * max(rules.total, 1.0))
        and (rules.budget is None or outcome.cost <= rules.budget + SLACK * max(rules.budget, 1.0))
        and all(
            (new & choices.opened_in(group)).sum() >= least for group, least in rules.floors.items()
        )
    )


class _Search:
    """Sets of open sites, each with places shared evenly among the new ones."""

    def __init__(self, ground: Ground, choices: Choices, worth: Worth) -> None:
        self._ground, self._choices, self._worth = ground, choices, worth
        self._addable = np.flatnonzero(choices.may & ~choices.stands)
        self.work = 0
        self._slope = ground.slope.T.toarray()  # candidates × classes: one is added at a time

    def outcome(self, opened: Bools) -> Outcome:
        """Return the plan of a set of sites."""
        return outcome_of(self._ground, self._choices, self._size(opened), opened)

    def grown(self, opened: Bools, out_of_time: Callable[[], bool]) -> Bools:
        """Add the best site again and again, while sites fit and better the plan."""
        best = self._worth(self.outcome(opened))
        while True:
            needed = self._choices.rules.exactly
            found, at = self._best(opened, np.inf if needed else best)
            if at is None or (out_of_time() and not needed):
                return opened
            best, opened = found, _with(opened, at)

    def exchanged(self, opened: Bools) -> Bools | None:
        """Return the set after the best exchange of one site for another; None if none helps."""
        best, chosen = self._worth(self.outcome(opened)), None
        for gone in np.flatnonzero(opened & ~self._choices.stands & ~self._choices.must):
            without = opened.copy()
            without[gone] = False
            found, at = self._best(without, best)
            if at is not None and at != gone:
                best, chosen = found, _with(without, at)
        return chosen

    def _best(self, opened: Bools, below: float) -> tuple[float, int | None]:
        """Find the site to add that gives the least worth under a bound, the first on a tie."""
        best, chosen = below, None
        others, access = np.empty(0), np.empty(0)
        for at in self._addable[~opened[self._addable]]:
            more = _with(opened, int(at))
            size = self._size(more)
            if not self._fits(size, more):
                continue
            rest = np.where(more & (np.arange(len(size)) != at), size, 0.0)
            if not np.array_equal(rest, others):
                others, access = rest, self._ground.access(rest)
            reached = access + size[at] * self._slope[at]
            self.work += len(reached)
            cost, new = self._choices.cost(size, more), int((more & ~self._choices.stands).sum())
            worth = self._worth(Outcome(size, more, reached, cost, new))
            if worth < best - _SAME * abs(best) or (chosen is None and best == np.inf):
                best, chosen = worth, int(at)
        return best, chosen

    def _size(self, opened: Bools) -> Floats:
        """Share places evenly among new sites, as far as the rules go."""
        choices, rules = self._choices, self._choices.rules
        new = opened & ~choices.stands
        even = np.inf
        if new.any() and rules.total is not None:
            even = np.floor(rules.total / new.sum())
        if new.any() and rules.budget is not None and (choices.cost_place[new] > 0).any():
            left = rules.budget - choices.cost_open[new].sum()
            even = min(even, np.floor(left / choices.cost_place[new].sum()))
        size = np.where(new, np.clip(even, choices.low, choices.high), 0.0)
        return np.where(opened & choices.stands, choices.today, size)

    def _fits(self, size: Floats, opened: Bools) -> bool:
        """Tell whether a set exceeds no rule (it may open too few sites yet)."""
        choices, rules = self._choices, self._choices.rules
        return not (
            (rules.new is not None and (opened & ~choices.stands).sum() > rules.new)
            or (rules.total is not None and size.sum() - choices.today.sum() > rules.total)
            or (rules.budget is not None and choices.cost(size, opened) > rules.budget)
        )


def _with(opened: Bools, at: int) -> Bools:
    more = opened.copy()
    more[at] = True
    return more
