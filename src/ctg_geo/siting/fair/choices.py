"""The rules of a plan, as bounds on what may be decided at each candidate."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.errors import FairSitingError
from ctg_geo.siting.fair.ground import Ground
from ctg_geo.siting.rules import SiteRules

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["Choices", "Places", "choices_of"]

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Places = Literal["whole", "divisible"]

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Choices:
    """What may be decided, by candidate.

    A site that is open has from `low` to `high` places. One that stands is not opened, and
    may be closed where `must` is false.
    """

    names: pd.Index  # of the candidates
    rules: SiteRules
    places: Places
    stands: Bools
    today: Floats  # places; 0 where nothing stands
    low: Floats
    high: Floats
    must: Bools  # open in every plan
    may: Bools  # open in some plan
    resized: Bools  # stands, and may have more or fewer places
    cost_open: Floats
    cost_place: Floats

    @property
    def least(self) -> Floats:
        """Places that are there whatever is decided."""
        return np.where(self.must, self.low, 0.0)

    def opened_in(self, group: str) -> Bools:
        """Tell which candidates where nothing stands are in a group."""
        assert self.rules.group is not None, "a group of a floor was not checked"
        inside = self.rules.group.reindex(self.names) == group
        return np.asarray(inside.to_numpy(dtype=bool) & ~self.stands)

    def cost(self, size: Floats, opened: Bools) -> float:
        """Euros of a plan: sites opened, and places added at each site."""
        added = np.maximum(size - self.today, 0.0)
        return float(self.cost_open[opened & ~self.stands].sum() + added @ self.cost_place)


def choices_of(ground: Ground, rules: SiteRules, *, places: Places) -> Choices:
    """Read the rules on the candidates of a ground.

    Raises
    ------
    FairSitingError
        If a rule names what is no candidate, contradicts another one, or leaves the number
        of places without limit.
    UnknownCodeError, DataError
        If a cost is missing or negative.
    """
    names = ground.candidates
    _known(names, rules)
    if places == "whole" and rules.new != 0 and rules.largest < max(1.0, np.ceil(rules.smallest)):
        raise FairSitingError("no_whole_size", smallest=rules.smallest, largest=rules.largest)
    stands = names.isin(rules.existing.index)
    today = rules.existing.reindex(names).fillna(0.0).to_numpy(np.float64)
    closable, resizable, forced, forbidden = (
        names.isin(list(chosen))
        for chosen in (rules.closable, rules.resizable, rules.forced, rules.forbidden)
    )
    resized = stands & resizable
    must = forced | (stands & ~closable)
    _contradictions(names, rules, must & forbidden, forced & ~stands & (ground.reached <= 0))
    cost_open = _costs(rules.cost_open, names, "cost_open")
    cost_place = _costs(rules.cost_place, names, "cost_place")
    opening = np.where(stands, 0.0, cost_open)
    most = np.minimum(rules.largest, _room(rules, ~stands | resized, opening, cost_place))
    low = np.where(resized, np.minimum(rules.smallest, today), rules.smallest)
    high = np.where(resized, np.maximum(today, np.minimum(rules.largest, today + most)), most)
    low, high = _whole(low, high, resized) if places == "whole" else (low, high)
    low, high = (np.where(stands & ~resizable, today, bound) for bound in (low, high))
    may = ~forbidden & (ground.reached > 0) & (low <= high + _ROUNDING)
    if (must & ~may & ~stands).any():
        raise FairSitingError("forced_too_small", names=_listed(names[must & ~may & ~stands]))
    return Choices(
        names,
        rules, places, stands, today, low, np.maximum(low, high), must, may | must, resized,
        cost_open, cost_place,
    )  # fmt: skip


def _known(names: pd.Index, rules: SiteRules) -> None:
    """Make sure that rules speak of candidates, and of bounds that can be."""
    said: dict[str, Collection[object]] = {
        "existing": list(rules.existing.index), "closable": rules.closable,
        "resizable": rules.resizable, "forced": rules.forced, "forbidden": rules.forbidden,
    }  # fmt: skip
    for rule, codes in said.items():
        strange = sorted(str(code) for code in codes if code not in names)
        if strange:
            raise FairSitingError("no_candidate", rule=rule, names=strange)
    for rule in ("closable", "resizable"):
        absent = sorted(str(code) for code in said[rule] if code not in rules.existing.index)
        if absent:
            raise FairSitingError("nothing_stands", rule=rule, names=absent)
    if not 0 <= rules.smallest <= rules.largest:
        raise FairSitingError("sizes", smallest=rules.smallest, largest=rules.largest)
    groups = set() if rules.group is None else set(rules.group.reindex(names).dropna())
    if strangers := sorted(set(rules.floors) - {str(group) for group in groups}):
        known = sorted(str(group) for group in groups)
        raise FairSitingError("no_group", names=strangers, known=known)


def _contradictions(names: pd.Index, rules: SiteRules, both: Bools, lonely: Bools) -> None:
    if both.any():
        raise FairSitingError("forced_and_forbidden", names=_listed(names[both]))
    if lonely.any():
        raise FairSitingError("nobody_reaches", names=_listed(names[lonely]))
    open_to = ~names.isin(rules.existing.index) & ~names.isin(list(rules.forbidden))
    opened = int((names.isin(list(rules.forced)) & open_to).sum())
    if rules.new is None:
        return
    if opened > rules.new:
        raise FairSitingError("forced_too_many", forced=opened, new=rules.new)
    if rules.exactly and rules.new > int(open_to.sum()):
        raise FairSitingError("too_many_sites", new=rules.new, candidates=int(open_to.sum()))
    floors = sum(rules.floors.values())
    if floors > rules.new:
        raise FairSitingError("floors_too_many", floors=floors, new=rules.new)


def _room(rules: SiteRules, sized: Bools, opening: Floats, cost_place: Floats) -> Floats:
    """Bound the places that a site may gain, by the total, the budget and what may be closed."""
    room = np.full(len(opening), np.inf)
    if rules.total is not None:
        freed = float(rules.existing.reindex(sorted(rules.closable | rules.resizable)).sum())
        room = np.minimum(room, rules.total + freed)
    if rules.budget is not None:
        left = rules.budget - opening
        paid = np.divide(left, cost_place, out=np.full(len(left), np.inf), where=cost_place > 0)
        room = np.minimum(room, np.where(left < 0, -1.0, paid + _ROUNDING))
    if np.isinf(np.minimum(room, rules.largest)[sized]).any():
        raise FairSitingError("no_limit")
    return np.where(sized, room, 0.0)


def _whole(low: Floats, high: Floats, resized: Bools) -> tuple[Floats, Floats]:
    """Round to whole places; a site opened has at least one."""
    up, down = np.ceil(low - _ROUNDING), np.floor(high + _ROUNDING)
    return np.where(resized, low, np.maximum(up, 1.0)), np.where(resized, high, down)


def _costs(costs: pd.Series | None, names: pd.Index, table: str) -> Floats:
    if costs is None:
        return np.zeros(len(names))
    return aligned(costs, names, table=table)


def _listed(names: pd.Index) -> list[str]:
    return [str(name) for name in names]
