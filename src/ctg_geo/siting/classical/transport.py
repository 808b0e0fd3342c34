"""People sent to sites with room at the least cost, exactly: overfull sites give way, path by path.

Everyone first goes to the nearest site; while one is overfull, people move along the shortest
chain of sites to one with room (successive shortest paths, Ford & Fulkerson 1962; Busacker &
Gowen 1960). Costs stay the least for the loads at every step.
"""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel

__all__ = ["send"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_TINY = 1e-9


@kernel
def _edges(site: int, cost: Floats, flow: Floats, least: Floats, mover: Ints) -> None:
    """Write what moving one person from a site to each other costs, and of which origin."""
    least[site, :] = np.inf
    for i in range(len(cost)):
        if flow[i, site] > _TINY:
            for other in range(cost.shape[1]):
                more = cost[i, other] - cost[i, site]
                if other != site and more < least[site, other]:
                    least[site, other] = more
                    mover[site, other] = i


@kernel
def _path(from_: int, least: Floats, spare: Floats, far: Floats, before: Ints) -> int:
    """Find the cheapest chain from an overfull site to one with room; return its end, or -1."""
    count = len(spare)
    far[:] = np.inf
    far[from_] = 0.0
    for _ in range(count):
        changed = False
        for one in range(count):
            if far[one] < np.inf:
                for other in range(count):
                    if far[one] + least[one, other] < far[other] - _TINY and other != from_:
                        far[other] = far[one] + least[one, other]
                        before[other] = one
                        changed = True
        if not changed:
            break
    end = -1
    for one in range(count):
        if spare[one] > _TINY and far[one] < np.inf and (end < 0 or far[one] < far[end]):
            end = one
    return end


@kernel
def send(cost: Floats, weight: Floats, room: Floats, flow: Floats) -> float:
    """Write the people of each origin sent to each site; return the cost, infinite if it cannot.

    `cost` is by origin and open site, infinite where one cannot go.
    """
    people, count = cost.shape
    flow[:] = 0.0
    load = np.zeros(count)
    for i in range(people):
        best = 0
        for site in range(1, count):
            if cost[i, site] < cost[i, best]:
                best = site
        if count == 0 or cost[i, best] == np.inf:
            return np.inf
        flow[i, best] = weight[i]
        load[best] += weight[i]
    spare = room - load
    least, mover = np.empty((count, count)), np.empty((count, count), dtype=np.int64)
    for site in range(count):
        _edges(site, cost, flow, least, mover)
    far, before = np.empty(count), np.empty(count, dtype=np.int64)
    for site in range(count):
        while spare[site] < -_TINY:
            end = _path(site, least, spare, far, before)
            if end < 0:
                return np.inf
            amount, at = min(-spare[site], spare[end]), end
            while at != site:
                amount = min(amount, flow[mover[before[at], at], before[at]])
                at = before[at]
            at = end
            while at != site:
                one = before[at]
                who = mover[one, at]
                flow[who, one] -= amount
                flow[who, at] += amount
                at = one
            spare[site] += amount
            spare[end] -= amount
            at = end
            while at != site:
                _edges(at, cost, flow, least, mover)
                at = before[at]
            _edges(site, cost, flow, least, mover)
    total = 0.0
    for i in range(people):
        for site in range(count):
            if flow[i, site] > 0:
                total += flow[i, site] * cost[i, site]
    return total
