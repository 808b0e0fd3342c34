"""Loops of the rational agent model: plain Python, which `settling` compiles for large cases."""

import numpy as np
import numpy.typing as npt

__all__ = ["chosen", "looked", "sweep"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]
Pairs = tuple[Ints, Ints, Floats]  # start, to, cost of the trip


def chosen(
    pairs: Pairs,
    people: Floats,
    price: Floats,
    before: Floats,
    softness: float,
    share: Floats,
    load: Floats,
) -> float:
    """Let the people of every origin choose at given prices, reluctant to leave where they were.

    The people of an origin pour into sites as into vessels as wide as `1 / softness`, whose
    floor is the cost less what they were used to; the shares are their depths, and sum to 1.

    Parameters
    ----------
    pairs : start by origin + 1; destination and cost of the trip by pair
    people : by origin; over 0 where it has pairs
    price : by site
    before : by pair, the shares that people were used to
    softness : in the unit of costs; the smaller, the more only the cheapest site is chosen
    share, load : by pair, by site: written

    Returns
    -------
    What all people spend, and `softness` times half the square of each change beside.
    """
    start, to, cost = pairs
    load[:] = 0.0
    spent = 0.0
    for i in range(len(people)):
        low, high = start[i], start[i + 1]
        level = np.inf
        for k in range(low, high):
            share[k] = price[to[k]] + cost[k] - softness * before[k]
            level = min(level, share[k] + softness)
        higher = np.inf
        while level < higher:  # down to where the sites below it hold just these people
            higher = level
            held, sites = softness, 0
            for k in range(low, high):
                if share[k] < level:
                    held += share[k]
                    sites += 1
            level = min(level, held / sites)
        for k in range(low, high):
            share[k] = max(level - share[k], 0.0) / softness
            load[to[k]] += people[i] * share[k]
            change = share[k] - before[k]
            trip = price[to[k]] + cost[k]
            spent += people[i] * (share[k] * trip + softness / 2 * change * change)
    return spent


def sweep(
    pairs: Pairs, people: Floats, room: Floats, load: Floats, chosen: Floats, work: Floats
) -> None:
    """Let every origin choose again, in order, the others staying where they are.

    Sites are filled like vessels: the people of an origin pour into those that cost least,
    until all they use cost the same.

    Parameters
    ----------
    pairs : start by origin + 1; destination and cost of the trip by pair
    people : by origin; over 0 where it has pairs
    room : by site, people for a congestion of 1; over 0 at all sites of `pairs`
    load, chosen : by site, by pair: people; changed in place
    work : as long as the longest row
    """
    start, to, cost = pairs
    for i in range(len(people)):
        low, high = start[i], start[i + 1]
        level = np.inf
        for k in range(low, high):
            work[k - low] = (load[to[k]] - chosen[k]) / room[to[k]] + cost[k]
            level = min(level, work[k - low] + people[i] / room[to[k]])
        higher = np.inf
        while level < higher:  # down to where the sites below it hold just these people
            higher = level
            held, weight = people[i], 0.0
            for k in range(low, high):
                if work[k - low] < level:
                    held += room[to[k]] * work[k - low]
                    weight += room[to[k]]
            level = min(level, held / weight) if weight > 0 else level
        for k in range(low, high):
            here = max(level - work[k - low], 0.0) * room[to[k]]
            load[to[k]] += here - chosen[k]
            chosen[k] = here


def looked(
    pairs: Pairs,
    price: Floats,
    gone: Floats,
    slack: float,
    least: Floats,
    near: npt.NDArray[np.bool_],
) -> None:
    """Find the least cost of every origin, and the pairs that cost little more or are used.

    Parameters
    ----------
    pairs : start by origin + 1; destination and cost of the trip by pair
    price : by site
    gone : by pair, the people who use it
    slack : the most that a pair may cost over the least
    least, near : by origin, infinite where it has no pair; by pair: written
    """
    start, to, cost = pairs
    for i in range(len(least)):
        best = np.inf
        for k in range(start[i], start[i + 1]):
            best = min(best, price[to[k]] + cost[k])
        for k in range(start[i], start[i + 1]):
            near[k] = gone[k] > 0 or price[to[k]] + cost[k] <= best + slack
        least[i] = best
