"""One loop of the rational agent model: plain Python, which `rational` compiles for large cases."""

import numpy as np
import numpy.typing as npt

__all__ = ["sweep"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer]
Pairs = tuple[Ints, Ints, Floats]  # start, to, cost of the trip


def sweep(
    pairs: Pairs, people: Floats, room: Floats, load: Floats, chosen: Floats, work: Floats
) -> None:
    """Let every origin choose again, in order, the others staying where they are.

    Sites are filled like vessels: the people of an origin pour into those that cost least,
    until all they use cost the same.

    Parameters
    ----------
    pairs : start by origin + 1; destination and cost of the trip by pair
    people : by origin
    room : by site, people for a congestion of 1; over 0 at all sites of `pairs`
    load, chosen : by site, by pair: people; changed in place
    work : as long as the longest row
    """
    start, to, cost = pairs
    for i in range(len(people)):
        low, high = start[i], start[i + 1]
        if people[i] == 0 or low == high:
            continue
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
