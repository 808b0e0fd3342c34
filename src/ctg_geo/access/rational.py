"""Rational agents: people choose where to go, weighing the trip against the crowd (RAAM)."""

import logging
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.access.catchment import parted
from ctg_geo.access.settling import Agents, settled
from ctg_geo.errors import TravelError
from ctg_geo.travel import MS_PER_MIN, TravelTimes

__all__ = ["Rational", "raam"]

logger = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Rational:
    """What going costs where everybody chose best, and where the people go."""

    cost: pd.Series  # by origin, 1 is the mean congestion or `tau_min`; NaN: nothing in reach
    load: pd.Series  # by destination, people who go there
    excess: float  # share (0-1) of what all people spend that they could still save
    rounds: int


def raam(
    times: TravelTimes,
    demand: pd.Series,
    supply: pd.Series,
    *,
    tau_min: float = 60.0,
    people_per_unit: float | None = None,
    tolerance: float = 1e-6,
    rounds: int = 200,
) -> Rational:
    """Cost of access where everybody chooses the place that costs least, the crowd included.

    The cost of going from i to j is ``(D_j / S_j) / r + t_ij / τ``, D_j being the people who
    choose j. People choose until nobody gains by another choice. **A higher value is a
    worse access**, unlike in the other measures.

    Parameters
    ----------
    times : origins × destinations; pairs beyond its limit do not exist
    demand : by origin, people; those who reach no supply take no part
    supply : by destination; a site with none is chosen by nobody
    tau_min : τ, minutes that cost as much as the mean congestion
    people_per_unit : r, people for a unit of supply at a congestion of 1; by default all
        people over all supply. Give it to compare scenarios: else it moves with them.
    tolerance : the most that people may still save, as a share of what they spend
    rounds : the most rounds of choosing

    Returns
    -------
    Rational

    Raises
    ------
    UnknownCodeError, DataError
        If demand or supply lacks a value, or one is negative.
    TravelError
        If people have not settled after `rounds`: nothing unsettled is returned.

    Notes
    -----
    The costs and loads of the settled state are unique (they solve a strictly convex
    problem), so that ties play no part in them: people whom two sites cost the same may go
    to either, and how many go follows from the loads. `excess` is the gap between that problem
    and its dual: it bounds how far the loads can be from the exact ones. All people who reach
    supply go somewhere (``load.sum()``); splitting an origin changes nothing; doubling supply
    changes nothing under the default r. Under a given r, more people lower no cost, and more
    supply or a new site raises none. **A shorter time may raise the costs of others**: those
    whom it brings crowd the site for them.

    References
    ----------
    Saxon & Snow (2020), Annals of the American Association of Geographers 110(1),
    doi:10.1080/24694452.2019.1629870.

    Examples
    --------
    Two alike places, one next door and one 30 min away: the crowd sends 15 of 40 there.

    >>> pairs = pd.DataFrame({"origin": "a", "destination": ["x", "y"], "minutes": [0.0, 30.0]})
    >>> times = TravelTimes.from_frame(pairs, limit_min=60)
    >>> found = raam(times, pd.Series({"a": 40.0}), pd.Series({"x": 10.0, "y": 10.0}))
    >>> found.load.round(3).tolist(), found.cost.round(3).tolist()
    ([25.0, 15.0], [1.25])
    """
    people = aligned(demand, times.origins, table="demand")
    offer = aligned(supply, times.destinations, table="supply")
    if people_per_unit is None:
        people_per_unit = float(parted(people.sum(), offer.sum()))
    some = times if offer.all() else times.only(offer[times.to] > 0)
    cost = some.time_ms / (tau_min * MS_PER_MIN)
    agents = Agents(some.start, some.to, cost, people, offer * people_per_unit)
    goers = agents
    if not people.all():
        goers = agents.only(np.flatnonzero(agents.by_pair(people > 0)))
    if len(goers.to):
        load, excess, used = settled(goers, tolerance, rounds)
    else:
        load, excess, used = np.zeros(len(offer)), 0.0, 0
    if excess > tolerance:
        raise TravelError(
            "not_settled", sweeps=used, excess=f"{excess:.2g}", tolerance=f"{tolerance:.2g}"
        )
    logger.info("raam: settled to %.2g after %d rounds", excess, used)
    least = agents.least(agents.price(load))
    return Rational(
        pd.Series(np.where(np.isfinite(least), least, np.nan), index=times.origins, name="cost"),
        pd.Series(load, index=times.destinations, name="load"),
        excess, used,
    )  # fmt: skip
