"""A plan measured again by code that shares nothing with the solver."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ctg_geo.access import e2sfca
from ctg_geo.access.decay import Decay
from ctg_geo.errors import FairSitingError
from ctg_geo.gap import gini, missing_supply, poverty
from ctg_geo.gap.undefined import value_of
from ctg_geo.siting.rules import SiteRules
from ctg_geo.travel import TravelTimes

__all__ = ["Claim", "remeasured", "rules_kept"]

_ROUNDING = 1e-6
_ALMOST = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What a solver says that a plan comes to."""

    objective: str  # floor, shortfall, severity, cover, gini, cost, places, sites
    value: float
    norm: float | None = None
    share: float = 1.0  # of a floor
    among: pd.Series | None = None  # by origin


def remeasured(
    times: TravelTimes,
    demand: pd.Series,
    supply: pd.Series,
    *,
    decay: Decay,
    counted: pd.Series,
    claims: Sequence[Claim],
) -> pd.Series:
    """Measure access on full arrays, and compare each claim with what it gives.

    Parameters
    ----------
    times : origins × candidates
    demand : by origin, people
    supply : by candidate, places of the plan (0 where closed)
    counted : by origin, whether its people count

    Returns
    -------
    Series by origin: supply per person, of `ctg_geo.access.e2sfca`

    Raises
    ------
    FairSitingError
        If a claim differs from the measure: both numbers are named.
    """
    access = e2sfca(times, demand, supply, decay=decay).access
    people = demand.reindex(times.origins)
    for claim in claims:
        here = counted.reindex(times.origins).astype(bool)
        if claim.among is not None:
            here &= claim.among.reindex(times.origins).astype(bool)
        found = _measured(claim, access[here], people[here])
        if found is not None:
            _same(claim.objective, claim.value, found)
    return access


def rules_kept(rules: SiteRules, supply: pd.Series, opened: pd.Index, *, cost: float) -> None:
    """Make sure that a plan keeps its rules, counted anew from its sites and places.

    Raises
    ------
    FairSitingError
        If one is broken, or the cost differs: what was told and what is found.
    """
    old = pd.Series(0.0, index=supply.index)
    old.update(rules.existing.astype(float))
    new = [site for site in opened if site not in rules.existing.index]
    added = (supply - old).clip(lower=0)
    paid = 0.0
    if rules.cost_open is not None:
        paid += float(rules.cost_open.reindex(new).sum())
    if rules.cost_place is not None:
        paid += float((rules.cost_place.reindex(supply.index) * added).sum())
    _same("cost", cost, paid)
    net = float(supply.sum() - rules.existing.sum())
    _at_most("new", float(len(new)), rules.new)
    _at_most("total", net, rules.total)
    _at_most("budget", paid, rules.budget)
    if rules.exactly and rules.new is not None:
        _same("new", float(rules.new), float(len(new)))
    for site in new:
        _at_most("largest", float(supply[site]), rules.largest)
        _at_most("smallest", rules.smallest, float(supply[site]))
    for group, least in rules.floors.items():
        inside = [site for site in new if rules.group is not None and rules.group[site] == group]
        _at_most("floors", float(least), float(len(inside)))
    still = [str(site) for site in rules.existing.index
             if str(site) not in rules.closable | rules.resizable]  # fmt: skip
    for site in still:
        _same("existing", float(rules.existing[site]), float(supply[site]))
    for site in sorted(rules.forced):
        _at_most("forced", 1.0, float(site in opened))
    for site in sorted(rules.forbidden):
        _at_most("forbidden", float(site in opened), 0.0)


def _measured(claim: Claim, access: pd.Series, people: pd.Series) -> float | None:
    norm = claim.norm or 0.0
    match claim.objective:
        case "floor":
            return _floor(access[people > 0], people[people > 0], claim.share)
        case "shortfall":
            return float(missing_supply(access, people, norm=norm).sum())
        case "severity":
            return value_of(poverty(access, people, norm=norm, power=2))
        case "cover":
            return float(people[access >= norm * (1 - _ALMOST)].sum())
        case "gini":
            return value_of(gini(access, people))
        case _:
            return None


def _floor(access: pd.Series, people: pd.Series, share: float) -> float:
    """Return the highest level that enough people have."""
    if share >= 1:
        return float(access.min())
    by_level = people.groupby(access).sum().sort_index(ascending=False)
    enough = by_level.cumsum() >= share * people.sum() * (1 - _ALMOST / 100)
    return float(by_level.index[enough].max())


def _same(what: str, told: float, found: float) -> None:
    if not abs(told - found) <= _ROUNDING * max(abs(told), abs(found), _ROUNDING):
        raise FairSitingError("mismatch", what=what, told=told, found=found)


def _at_most(what: str, low: float, high: float | None) -> None:
    if high is not None and low > high + _ROUNDING * max(abs(high), _ROUNDING):
        raise FairSitingError("mismatch", what=what, told=high, found=low)
