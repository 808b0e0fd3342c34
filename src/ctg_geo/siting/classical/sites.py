"""The rules of a plan, checked and made ready: which sites may open, how many, at what price."""

from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.errors import SitingError
from ctg_geo.siting.classical.costs import Costs
from ctg_geo.siting.rules import SiteRules

__all__ = ["AS_DEAR", "Choice", "Sites", "refuse_sizes", "sites"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

AS_DEAR = 1e-9  # relative: prices summed in another order


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """How many of the free sites may open, and which sets of them may."""

    most: int
    exactly: bool
    group: Ints  # by free site; -1: no floor is asked of its group
    least: Ints  # by group: how many must open
    price: Floats  # by free site
    budget: float

    def allows(self, chosen: Ints) -> bool:
        """Tell whether a set of free sites keeps the rules."""
        if len(chosen) > self.most or (self.exactly and len(chosen) < self.most):
            return False
        held = np.bincount(self.group[chosen] + 1, minlength=len(self.least) + 1)[1:]
        spent = float(self.price[chosen].sum())
        return bool((held >= self.least).all()) and spent <= self.budget * (1 + AS_DEAR)

    def cheapest(self) -> Ints:
        """Return the set that costs least among those that keep floors and number."""
        order = np.argsort(self.price, kind="stable")
        left, taken = self.least.copy(), np.zeros(len(order), dtype=bool)
        for site in order:
            at = self.group[site]
            if at >= 0 and left[at] > 0:
                left[at] -= 1
                taken[site] = True
        if self.exactly:
            taken[order[~taken[order]][: self.most - int(taken.sum())]] = True
        return np.flatnonzero(taken)


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """The candidates by what becomes of them, as numbers in the order of the candidates."""

    standing: Ints  # existing today
    opened: Ints  # forced
    free: Ints
    choice: Choice

    @property
    def fixed(self) -> Ints:
        """Those open in every plan."""
        return np.sort(np.concatenate((self.standing, self.opened)))


def sites(costs: Costs, rules: SiteRules) -> Sites:
    """Check the rules against the candidates, and sort these into fixed and free.

    Raises
    ------
    SitingError
        If a name is no candidate or a group has none; if a site is forced and forbidden; if
        more sites are asked than there are candidates; if floors or forced sites exceed the
        number to open, or the budget; if a candidate reaches nobody.
    """
    names = costs.candidates
    _known(names, rules)
    standing = names.get_indexer(pd.Index(rules.existing.index))
    both = sorted(str(code) for code in rules.forced & rules.forbidden)
    if both:
        raise SitingError("forced_forbidden", codes=both)
    state = np.zeros(len(names), dtype=np.int8)
    state[_numbers(names, rules.forbidden)] = 1
    state[_numbers(names, rules.forced)] = 2
    state[standing] = 3
    opened, free = np.flatnonzero(state == 2), np.flatnonzero(state == 0)  # noqa: PLR2004
    _reach(costs, np.concatenate((opened, free)))
    return Sites(np.sort(standing), opened, free, _choice(names, rules, opened, free))


def refuse_sizes(rules: SiteRules, model: str) -> None:
    """Refuse the rules about places, which a model without capacities cannot keep.

    Raises
    ------
    SitingError
        If one is given.
    """
    given = {
        "smallest": rules.smallest > 0,
        "largest": np.isfinite(rules.largest),
        "total": rules.total is not None,
        "cost_place": rules.cost_place is not None,
        "resizable": bool(rules.resizable),
    }
    wrong = [name for name, there in given.items() if there]
    if wrong:
        raise SitingError("no_sizes", model=model, rules=wrong)


def _known(names: pd.Index, rules: SiteRules) -> None:
    lists = {
        "existing": frozenset(rules.existing.index), "forced": rules.forced, "forbidden": rules.forbidden,  # noqa: E501
        "closable": rules.closable, "resizable": rules.resizable,
    }  # fmt: skip
    for rule, codes in lists.items():
        for code in sorted(str(code) for code in pd.Index(list(codes)).difference(names)):
            near = get_close_matches(code, [str(name) for name in names], n=3, cutoff=0.5)
            known = near or [str(name) for name in names[:3]]
            raise SitingError("unknown_site", rule=rule, code=code, known=known)
    for rule, changed in (("closable", rules.closable), ("resizable", rules.resizable)):
        absent = sorted(str(code) for code in changed - set(rules.existing.index))
        if absent:
            raise SitingError("not_existing", rule=rule, codes=absent)


def _numbers(names: pd.Index, codes: frozenset[str]) -> Ints:
    return np.sort(names.get_indexer(pd.Index(list(codes), dtype=names.dtype)))


def _reach(costs: Costs, ours: Ints) -> None:
    alone = ours[~costs.there[:, ours].any(axis=0)]
    if len(alone) and len(costs.origins):
        raise SitingError("off_network", codes=[str(costs.candidates[int(j)]) for j in alone])


def _choice(names: pd.Index, rules: SiteRules, opened: Ints, free: Ints) -> Choice:
    count = len(opened) + len(free)
    new = count if rules.new is None else rules.new
    if rules.exactly and rules.new is None:
        raise SitingError("exactly_what")
    if new < 0:
        raise SitingError("not_positive", name="new", value=new)
    if new > count:
        raise SitingError("too_many_new", asked=new, candidates=count)
    if len(opened) > new:
        raise SitingError("too_many_forced", forced=len(opened), asked=new)
    group, least = _floors(names, rules, opened, free, new - len(opened))
    price, budget = _prices(names, rules, opened, free)
    choice = Choice(new - len(opened), rules.exactly, group, least, price, budget)
    cheapest = float(price[choice.cheapest()].sum())
    if cheapest > budget * (1 + AS_DEAR):
        spent = (rules.budget or 0.0) - budget
        raise SitingError("budget", budget=rules.budget, least=spent + cheapest)
    return choice


def _floors(
    names: pd.Index, rules: SiteRules, opened: Ints, free: Ints, left: int
) -> tuple[Ints, Ints]:
    asked = {name: count for name, count in rules.floors.items() if count > 0}
    if not asked:
        return np.full(len(free), -1), np.zeros(0, dtype=np.int64)
    if rules.group is None:
        raise SitingError("no_groups")
    groups = rules.group.reindex(names)
    known = sorted(str(name) for name in groups.dropna().unique())
    for name in rules.floors:
        if str(name) not in known:
            raise SitingError("unknown_group", group=str(name), known=known)
    number = pd.Index(list(asked)).get_indexer(pd.Index(groups))
    held = np.bincount(number[opened] + 1, minlength=len(asked) + 1)[1:]
    there = np.bincount(number[free] + 1, minlength=len(asked) + 1)[1:]
    least = np.maximum(np.array(list(asked.values())) - held, 0)
    for at, name in enumerate(asked):
        if least[at] > there[at]:
            raise SitingError("floor_too_high", group=str(name), asked=asked[name],
                              candidates=int(there[at] + held[at]))  # fmt: skip
    if least.sum() > left:
        raise SitingError("floors_over_new", floors=int(least.sum()), left=left)
    return number[free].astype(np.int64), least.astype(np.int64)


def _prices(names: pd.Index, rules: SiteRules, opened: Ints, free: Ints) -> tuple[Floats, float]:
    if rules.budget is None:
        return np.zeros(len(free)), np.inf
    if rules.cost_open is None and rules.cost_place is None:
        raise SitingError("no_cost", budget=rules.budget)
    if rules.cost_open is None:
        return np.zeros(len(free)), rules.budget
    price = aligned(rules.cost_open, names[np.concatenate((opened, free))], table="cost_open")
    left = rules.budget - float(price[: len(opened)].sum())
    all_spent = abs(left) <= AS_DEAR * rules.budget
    return price[len(opened) :], 0.0 if all_spent else left
