"""Loops over origins and sites, compiled.

`cost` is by origin and site, `by_site` the same turned; `d1`, `d2` are the costs of the nearest
and second nearest of what is open, `near1`, `near2` their seats among the open sites (-1: what
stands whatever is chosen, at cost `base`). Ties go to the first site.
"""

import numpy as np
import numpy.typing as npt

from ctg_geo.siting.classical.weighting import Bounds, shift, trade
from ctg_geo.travel.hierarchy.compiled import kernel

__all__ = ["assign", "improve", "relax", "save", "served", "shift", "stock"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table = npt.NDArray[np.generic]
State = tuple[Ints, Ints, Floats, Floats]  # near1, near2, d1, d2
Mask = npt.NDArray[np.bool_]
Near = tuple[npt.NDArray[np.int32], Table]  # sites of an origin by rising cost, and the costs


@kernel
def assign(cost: Table, chosen: Ints, base: Floats, state: State) -> None:
    """Find the nearest and the second nearest of each origin."""
    near1, near2, d1, d2 = state
    for i in range(len(base)):
        first, second, to_first, to_second = -1, -1, base[i], base[i]
        for seat in range(len(chosen)):
            c = cost[i, chosen[seat]]
            if c < to_first:
                second, to_second = first, to_first
                first, to_first = seat, c
            elif c < to_second:
                second, to_second = seat, c
        near1[i], near2[i], d1[i], d2[i] = first, second, to_first, to_second


@kernel
def save(by_site: Table, site: int, weight: Floats, d1: Floats) -> float:
    """Return what opening one more site saves."""
    total = 0.0
    for i in range(len(weight)):
        c = by_site[site, i]
        if c < d1[i]:
            total += weight[i] * (d1[i] - c)
    return total


@kernel
def improve(
    cost: Table,
    by_site: Table,
    weight: Floats,
    base: Floats,
    chosen: Ints,
    state: State,
    bounds: Bounds,
) -> int:
    """Swap an open site for a closed one as soon as it pays, until none does; return how many.

    The losses of closing each site are kept (Schubert & Rousseeuw 2021); one reading of a
    closed site's costs tells what it saves with each of them closed (Whitaker 1983).
    `bounds`: group by site, how many each may lose, price by site, money left.
    """
    near1, near2, d1, d2 = state
    group, spare, price, purse = bounds
    sites, people, seats = len(by_site), len(weight), len(chosen)
    is_open = np.zeros(sites, dtype=np.bool_)
    for seat in range(seats):
        is_open[chosen[seat]] = True
    closing = np.zeros(seats)
    for i in range(people):
        if near1[i] >= 0:
            closing[near1[i]] += weight[i] * (d2[i] - d1[i])
    loss = np.empty(seats)
    done, quiet, site = 0, 0, 0
    while quiet < sites and seats > 0:
        if not is_open[site]:
            change = 0.0
            loss[:] = closing
            for i in range(people):
                c = by_site[site, i]
                if c < d2[i]:
                    seat = near1[i]
                    if c < d1[i]:
                        change += weight[i] * (c - d1[i])
                        if seat >= 0:
                            loss[seat] += weight[i] * (d1[i] - d2[i])
                    elif seat >= 0:
                        loss[seat] += weight[i] * (c - d2[i])
            best, out = 0.0, -1
            for seat in range(seats):
                old = chosen[seat]
                if change + loss[seat] < best and price[site] - price[old] <= purse[0]:
                    held = group[old]
                    if held < 0 or held == group[site] or spare[held] > 0:
                        best, out = change + loss[seat], seat
            if out >= 0 and best < -1e-9 * (1.0 + closing[out]):
                old = chosen[out]
                trade(old, site, bounds)
                is_open[old], is_open[site] = False, True
                chosen[out] = site
                closing[:] = 0.0
                for i in range(people):
                    c = by_site[site, i]
                    if near1[i] == out or near2[i] == out:
                        first, second, to_first, to_second = -1, -1, base[i], base[i]
                        for seat in range(seats):
                            other = cost[i, chosen[seat]]
                            if other < to_first:
                                second, to_second = first, to_first
                                first, to_first = seat, other
                            elif other < to_second:
                                second, to_second = seat, other
                        near1[i], near2[i], d1[i], d2[i] = first, second, to_first, to_second
                    elif c < d1[i]:
                        near2[i], d2[i] = near1[i], d1[i]
                        near1[i], d1[i] = out, c
                    elif c < d2[i]:
                        near2[i], d2[i] = out, c
                    if near1[i] >= 0:
                        closing[near1[i]] += weight[i] * (d2[i] - d1[i])
                done += 1
                quiet = 0
        quiet += 1
        site = site + 1 if site + 1 < sites else 0
    return done


@kernel
def relax(cost: Table, near: Near, weight: Floats, price: Floats, worth: Floats) -> None:
    """Write what each site is worth (at most 0) when serving an origin is paid `price`.

    `near` lists some sites of each origin by rising cost; where the price goes beyond the last
    of them, the whole row is read.
    """
    worth[:] = 0.0
    number, costs = near
    listed, sites = number.shape[1], cost.shape[1]
    for i in range(len(weight)):
        if listed < sites and weight[i] * costs[i, listed - 1] < price[i]:
            for j in range(sites):
                worth[j] += min(0.0, weight[i] * cost[i, j] - price[i])
        else:
            for k in range(listed):
                gain = weight[i] * costs[i, k] - price[i]
                if gain >= 0:
                    break
                worth[number[i, k]] += gain


@kernel
def served(
    cost: Table, near: Near, weight: Floats, price: Floats, opened: Mask, times: Ints
) -> None:
    """Write by how many of the open sites each origin is served at its price."""
    number, costs = near
    listed, sites = number.shape[1], cost.shape[1]
    for i in range(len(weight)):
        count = 0
        if listed < sites and weight[i] * costs[i, listed - 1] < price[i]:
            for j in range(sites):
                count += opened[j] and weight[i] * cost[i, j] < price[i]
        else:
            for k in range(listed):
                if weight[i] * costs[i, k] >= price[i]:
                    break
                count += opened[number[i, k]]
        times[i] = count


@kernel
def stock(
    by_site: Table,
    weight: Floats,
    price: Floats,
    room: Floats,
    sites: Ints,
    worth: Floats,
    taken: Floats,
) -> None:
    """Fill each of `sites` with the people who pay it most above their trip, while it has room.

    Write what each earns (at most 0), and add to `taken` the people of each origin it takes.
    """
    people = len(weight)
    gain, who = np.empty(people), np.empty(people, dtype=np.int64)
    for j in sites:
        count, wanted = 0, 0.0
        for i in range(people):
            if by_site[j, i] < price[i]:
                gain[count], who[count] = by_site[j, i] - price[i], i
                wanted += weight[i]
                count += 1
        order = np.arange(count)
        if wanted > room[j]:
            order = np.argsort(gain[:count], kind="mergesort")
        left, earned = room[j], 0.0
        for k in order:
            amount = min(weight[who[k]], left)
            earned += amount * gain[k]
            taken[who[k]] += amount
            left -= amount
            if left <= 0:
                break
        worth[j] = earned
