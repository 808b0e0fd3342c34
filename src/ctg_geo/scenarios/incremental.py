"""Access under changes, exactly and in milliseconds: only what a change touches is computed.

In E2SFCA access is linear in places: `A = W (S / d)` with `d = Wᵀ P`. Another capacity at place
j moves every access by `w_j (S'_j - S_j) / d_j`: one column. A closing is a capacity of 0, an
opening one that was 0, a move both. People moving in change `d` at the places they reach, and
these alone change ratio. Each answer starts from the first state, so that rounding never builds
up however many changes are tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import aligned, known
from ctg_geo.access.decay import Decay
from ctg_geo.errors import TravelError
from ctg_geo.travel import TravelTimes

__all__ = ["Incremental", "incremental"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=False, eq=False, repr=False)
class Incremental:
    """A state of people and places, and the weights between them, ready to be changed.

    `start`, `row` and `weight` hold the weights by place: those of place j are at
    `start[j]:start[j + 1]`, in the order of homes.
    """

    homes: pd.Index
    places: pd.Index
    start: Ints  # by place + 1
    row: Ints  # by pair, number of the home
    weight: Floats  # by pair, over 0
    people: Floats  # by home
    supply: Floats  # by place
    reached: Floats  # by place: weighted people who reach it

    def __repr__(self) -> str:
        return f"<Incremental {len(self.homes)} homes × {len(self.places)} places>"

    @cached_property
    def access(self) -> pd.Series:
        """Supply per person at each home, nothing changed."""
        each = np.repeat(_ratio(self.supply, self.reached), np.diff(self.start))
        found = np.bincount(self.row, self.weight * each, len(self.homes))
        return pd.Series(found, index=self.homes, name="access", dtype=np.float64)

    def with_supply(self, supply: Mapping[str, float]) -> pd.Series:
        """Return the access of each home if some places had another supply.

        Parameters
        ----------
        supply : by place, in its own unit, 0 or more; 0 is closed

        Returns
        -------
        Series by home, supply per person

        Raises
        ------
        UnknownCodeError
            If a place is not among those the times are known to.
        DataError
            If a supply is missing or negative.

        Examples
        --------
        Ten places for the 20 and 40 children of two communes, then twenty:

        >>> from ctg_geo.access import decay
        >>> pairs = pd.DataFrame({"origin": ["a", "b"], "destination": "x", "minutes": 5.0})
        >>> times = TravelTimes.from_frame(pairs, limit_min=15)
        >>> people = pd.Series({"a": 20.0, "b": 40.0})
        >>> base = incremental(times, people, pd.Series({"x": 10.0}), decay=decay.flat(15))
        >>> base.with_supply({"x": 30.0}).tolist()
        [0.5, 0.5]
        """
        at, offer = self._supplied(supply)
        return self._moved(at, offer, self.reached)

    def with_people(
        self, people: Mapping[str, float], supply: Mapping[str, float] | None = None
    ) -> pd.Series:
        """Return the access of each home if some had other people, and some places other supply.

        Parameters
        ----------
        people : by home, 0 or more
        supply : by place; see `with_supply`

        Raises
        ------
        UnknownCodeError, DataError
            See `with_supply`.
        """
        at, offer = self._supplied({} if supply is None else supply)
        touched, _, reached = self._reached(people)
        return self._moved(np.union1d(at, touched), offer, reached)

    def peopled(self, people: Mapping[str, float]) -> "Incremental":
        """Return the same places with other people at some homes (see `with_people`)."""
        _, changed, reached = self._reached(people)
        return replace(self, people=changed, reached=reached)

    def joined(self, times: TravelTimes, decay: Decay) -> "Incremental":
        """Return the same state with more places, that offer nothing yet (candidates).

        Parameters
        ----------
        times : from the same homes, in the same order
        decay : that of the service

        Raises
        ------
        TravelError
            If the homes differ, or times are known to a shorter limit than the decay reaches.
        """
        if not times.origins.equals(self.homes):
            raise TravelError("other_homes")
        nothing = pd.Series(0.0, index=times.destinations)
        people = pd.Series(self.people, index=self.homes)
        more = incremental(times, people, nothing, decay=decay)
        return replace(
            self, places=self.places.append(more.places),
            start=np.concatenate([self.start, self.start[-1] + more.start[1:]]),
            row=np.concatenate([self.row, more.row]),
            weight=np.concatenate([self.weight, more.weight]),
            supply=np.concatenate([self.supply, more.supply]),
            reached=np.concatenate([self.reached, more.reached]),
        )  # fmt: skip

    def _supplied(self, supply: Mapping[str, float]) -> tuple[Ints, Floats]:
        """Return the places whose supply is another, and the supply of all."""
        wanted = pd.Series(supply, dtype=np.float64)
        known(wanted.index, self.places, table="supply")
        at = self.places.get_indexer(wanted.index)
        offer = self.supply.copy()
        offer[at] = aligned(wanted, wanted.index, table="supply")
        return at, offer

    def _reached(self, people: Mapping[str, float]) -> tuple[Ints, Floats, Floats]:
        """Return the places that the people reach, all people, and those who reach each place."""
        wanted = pd.Series(people, dtype=np.float64)
        known(wanted.index, self.homes, table="people")
        at = self.homes.get_indexer(wanted.index)
        changed, reached = self.people.copy(), self.reached.copy()
        changed[at] = aligned(wanted, wanted.index, table="people")
        start, place = self._by_home
        mine = [place[start[home] : start[home + 1]] for home in at.tolist()]
        touched = np.unique(np.concatenate(mine)) if mine else np.zeros(0, dtype=np.int64)
        for each in touched.tolist():
            pairs = slice(self.start[each], self.start[each + 1])
            reached[each] = (self.weight[pairs] * changed[self.row[pairs]]).sum()
        return touched, changed, reached

    @cached_property
    def _by_home(self) -> tuple[Ints, Ints]:
        """The places that each home reaches, as compressed rows; made once, for people."""
        place = np.repeat(np.arange(len(self.places)), np.diff(self.start))
        count = np.bincount(self.row, minlength=len(self.homes))
        start = np.concatenate(([0], np.cumsum(count)))
        return start, place[np.argsort(self.row, kind="stable")]

    def _moved(self, places: Ints, offer: Floats, reached: Floats) -> pd.Series:
        """Move the access of those who reach some places by what their ratio moves."""
        ratio = _ratio(offer[places], reached[places])
        ratio -= _ratio(self.supply[places], self.reached[places])
        found = self.access.to_numpy().copy()
        for place, change in zip(places.tolist(), ratio.tolist(), strict=True):
            pairs = slice(self.start[place], self.start[place + 1])
            found[self.row[pairs]] += change * self.weight[pairs]
        return pd.Series(np.maximum(found, 0.0), index=self.homes, name="access")


def incremental(
    times: TravelTimes, people: pd.Series, supply: pd.Series, *, decay: Decay
) -> Incremental:
    """Prepare a state of people and places for changes.

    Parameters
    ----------
    times : homes × places, candidates included; known at least up to `decay.reach_min`
    people : by home
    supply : by place; 0 at one that is not open
    decay : minutes -> weight in [0, 1]

    Raises
    ------
    UnknownCodeError, DataError, TravelError
        As `ctg_geo.access.e2sfca`.

    Notes
    -----
    `access` is that of `e2sfca`, and so is what every change gives, to the rounding of sums.
    """
    if times.limit_min is not None and decay.reach_min > times.limit_min:
        raise TravelError("limit", asked=decay.reach_min, known=times.limit_min)
    amount = aligned(people, times.origins, table="demand")
    offer = aligned(supply, times.destinations, table="supply")
    weight = decay.at_ms(times.time_ms)
    pairs = np.flatnonzero(weight > 0)
    order = pairs[np.argsort(times.to[pairs], kind="stable")]
    to, row, weight = times.to[order], times.rows[order], weight[order]
    start = np.concatenate(([0], np.cumsum(np.bincount(to, minlength=len(offer)))))
    reached = np.bincount(to, weight * amount[row], len(offer)).astype(np.float64)
    return Incremental(
        times.origins, times.destinations, start.astype(np.int64), row, weight, amount, offer,
        reached,
    )  # fmt: skip


def _ratio(supply: Floats, reached: Floats) -> Floats:
    """Supply per weighted person of each place; 0 where nobody reaches it."""
    return np.divide(supply, reached, out=np.zeros_like(supply), where=reached > 0)
