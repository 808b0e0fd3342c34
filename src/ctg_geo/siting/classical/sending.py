"""The programme of people sent to sites that fill up: its columns, its rows, its answer."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.graded import choice_rows
from ctg_geo.siting.classical.programme import Answer, Effort, Programme
from ctg_geo.siting.classical.sites import Choice
from ctg_geo.siting.classical.sizes import Sizes

__all__ = ["Sending", "Sent", "sent"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_NOBODY = 1e-7  # relative to the people of an origin: rounding of the solver


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """Who goes where: pairs (origin, seat of a site in use) and people; and what it costs."""

    chosen: Ints  # free sites
    origin: Ints
    seat: Ints
    people: Floats
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Sending:
    """Send everyone to a site with room at the least cost, or leave them out at `beyond`.

    Costs are by origin and site in use, infinite where they cannot go; the last sites, as many
    as `choice` knows, are free to stay closed. `beyond` infinite: nobody may be left out.
    """

    cost: Floats
    weight: Floats
    sizes: Sizes
    choice: Choice
    beyond: float

    @property
    def fixed(self) -> int:
        """How many sites are open whatever is chosen: they come first."""
        return len(self.sizes.at) - len(self.choice.price)


def sent(
    ask: Sending, may: Mask, must: Mask, effort: Effort, start: Sent | None = None
) -> tuple[Sent | None, Answer]:
    """Solve with the free sites that may open, some of which must, from a plan known."""
    kept = np.concatenate((np.arange(ask.fixed), ask.fixed + np.flatnonzero(may)))
    rows = _Rows(ask, kept, must[may])
    answer = rows.made.solve(effort, start=rows.values_of(start))
    return (None if answer.values is None else rows.read(answer.values)), answer


class _Rows:
    """Columns: free sites kept, places added to each site kept, people by pair, left out."""

    def __init__(self, ask: Sending, kept: Ints, must: Mask) -> None:
        self.ask, self.kept = ask, kept
        self.origin, self.site = np.nonzero(np.isfinite(ask.cost[:, kept]))
        sizes, weight = ask.sizes, ask.weight
        self.free = len(kept) - ask.fixed
        self.first_pair = self.free + len(kept)
        out = len(weight) if np.isfinite(ask.beyond) else 0
        forced = (np.arange(len(kept)) >= sizes.standing) & (np.arange(len(kept)) < ask.fixed)
        cost = ask.cost[:, kept][self.origin, self.site]
        nothing = np.zeros(len(cost) + out)
        self.made = Programme(
            np.concatenate((np.zeros(self.first_pair), cost, np.full(out, ask.beyond))),
            np.concatenate((must.astype(np.float64), forced * sizes.smallest, nothing)),
            np.concatenate((np.ones(self.free), (sizes.most - sizes.held)[kept],
                            weight[self.origin], weight[:out])),
            np.arange(self.first_pair + len(nothing))
            < (self.first_pair if sizes.together else self.free),
        )  # fmt: skip
        self._people(out)
        self._places()
        self._together()
        self._strong()
        choice = replace(ask.choice, budget=np.inf)  # of which places are a part: see _together
        choice_rows(self.made, choice, kept[ask.fixed :] - ask.fixed)

    def read(self, values: Floats) -> Sent:
        """Return who goes where, and its cost counted again from the people."""
        ask, pairs = self.ask, len(self.origin)
        people = np.maximum(values[self.first_pair : self.first_pair + pairs], 0.0)
        people[people <= _NOBODY * ask.weight[self.origin]] = 0.0
        people = _whole(people, ask.weight)
        some = np.flatnonzero(people)
        seat = self.kept[self.site[some]]
        origin, people = self.origin[some], people[some]
        served = np.bincount(origin, people, minlength=len(ask.weight))
        value = float((ask.cost[origin, seat] * people).sum())
        if np.isfinite(ask.beyond):
            value += ask.beyond * float(np.maximum(ask.weight - served, 0.0).sum())
        chosen = self.kept[ask.fixed :][values[: self.free] > 0.5] - ask.fixed  # noqa: PLR2004
        return Sent(chosen, origin, seat, people, value)

    def values_of(self, plan: Sent | None) -> Floats | None:
        """Return the columns of a plan, for the solver to start from."""
        if plan is None:
            return None
        ask = self.ask
        values = np.zeros(len(self.made.cost))
        place = np.full(len(ask.sizes.at), -1)
        place[self.kept] = np.arange(len(self.kept))
        number = np.full((len(ask.weight), len(self.kept)), -1)
        number[self.origin, self.site] = self.first_pair + np.arange(len(self.origin))
        values[number[plan.origin, place[plan.seat]]] = plan.people
        load = np.bincount(place[plan.seat], plan.people, minlength=len(self.kept))
        added = np.ceil(np.maximum(load - ask.sizes.held[self.kept], 0.0) - _NOBODY)
        added = np.minimum(added, (ask.sizes.most - ask.sizes.held)[self.kept])
        at = place[ask.fixed + plan.chosen]
        values[at - ask.fixed] = 1.0
        inside = np.concatenate((np.arange(ask.sizes.standing, ask.fixed), at))
        added[inside] = np.maximum(added[inside], ask.sizes.smallest)
        values[self.free : self.first_pair] = added
        if np.isfinite(ask.beyond):
            served = np.bincount(plan.origin, plan.people, minlength=len(ask.weight))
            values[-len(ask.weight) :] = np.maximum(ask.weight - served, 0.0)
        return values

    def _people(self, out: int) -> None:
        """Everyone goes somewhere, or is left out."""
        weight, pair = self.ask.weight, self.first_pair + np.arange(len(self.origin))
        ends = np.searchsorted(self.origin, np.arange(len(weight) + 1))
        left_out = self.first_pair + len(self.origin) + np.arange(out)
        for i in range(len(weight)):
            columns = np.concatenate((pair[ends[i] : ends[i + 1]], left_out[i : i + 1]))
            self.made.row(columns, 1.0, float(weight[i]), float(weight[i]))

    def _places(self) -> None:
        """No more people than places; places within the smallest and largest of an open site."""
        sizes, fixed = self.ask.sizes, self.ask.fixed
        order = np.argsort(self.site, kind="stable")
        ends = np.searchsorted(self.site[order], np.arange(len(self.kept) + 1))
        for k, site in enumerate(self.kept):
            inside = self.first_pair + order[ends[k] : ends[k + 1]]
            factors = np.append(np.ones(len(inside)), -1.0)
            size = self.free + k
            self.made.row(np.append(inside, size), factors, -np.inf, float(sizes.held[site]))
            if k >= fixed:
                both = [size, k - fixed]
                self.made.row(both, np.array([1.0, -sizes.smallest]), 0.0, np.inf)
                self.made.row(both, np.array([1.0, -float(sizes.most[site])]), -np.inf, 0.0)

    def _together(self) -> None:
        """Keep the places added over all sites, and the money, within their bounds."""
        sizes, fixed = self.ask.sizes, self.ask.fixed
        size = self.free + np.arange(len(self.kept))
        if np.isfinite(sizes.total):
            self.made.row(size, 1.0, -np.inf, sizes.total)
        if np.isfinite(sizes.budget):
            spent = float(sizes.opening[:fixed].sum())
            columns = np.concatenate((np.arange(self.free), size))
            prices = np.concatenate((sizes.opening[self.kept[fixed:]], sizes.price[self.kept]))
            self.made.row(columns, prices, -np.inf, sizes.budget - spent)

    def _strong(self) -> None:
        """Nobody goes to a closed site: said pair by pair, which makes the bound strong."""
        fixed, weight = self.ask.fixed, self.ask.weight
        at = np.flatnonzero(self.site >= fixed)
        columns = np.column_stack((self.first_pair + at, self.site[at] - fixed)).ravel()
        factors = np.column_stack((np.ones(len(at)), -weight[self.origin[at]])).ravel()
        self.made.add(2 * np.arange(len(at) + 1), columns, factors, -np.inf, 0.0)


def _whole(people: Floats, weight: Floats) -> Floats:
    """Round people to whole numbers where those of every origin are, and all nearly are."""
    near = np.rint(people)
    if (weight == np.rint(weight)).all() and (np.abs(people - near) < 1e-5).all():  # noqa: PLR2004
        return near
    return people
