"""The loops of `loops` in numpy, for where numba is missing: the same answers, slower."""

import numpy as np
import numpy.typing as npt

__all__ = ["assign", "improve", "relax", "save", "served", "shift", "stock"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Table = npt.NDArray[np.generic]
Mask = npt.NDArray[np.bool_]
Near = tuple[npt.NDArray[np.int32], Table]
State = tuple[Ints, Ints, Floats, Floats]
Bounds = tuple[Ints, Ints, Floats, Floats]
Links = tuple[Ints, Ints]


def assign(cost: Table, chosen: Ints, base: Floats, state: State) -> None:
    """Find the nearest and the second nearest of each origin."""
    near1, near2, d1, d2 = state
    near1[:], near2[:], d1[:], d2[:] = -1, -1, base, base
    for seat, site in enumerate(chosen):
        c = cost[:, site].astype(np.float64)
        first, second = c < d1, (c < d2) & ~(c < d1)
        near2[first], d2[first] = near1[first], d1[first]
        near1[first], d1[first] = seat, c[first]
        near2[second], d2[second] = seat, c[second]


def save(by_site: Table, site: int, weight: Floats, d1: Floats) -> float:
    """Return what opening one more site saves."""
    gain = d1 - by_site[site].astype(np.float64)
    return float((weight * np.maximum(gain, 0.0)).sum())


def improve(
    cost: Table,
    by_site: Table,
    weight: Floats,
    base: Floats,
    chosen: Ints,
    state: State,
    bounds: Bounds,
) -> int:
    """Swap an open site for a closed one as soon as it pays, until none does; return how many."""
    done, quiet, site = 0, 0, 0
    while quiet < len(by_site) and len(chosen):
        if not (chosen == site).any():
            out = _who_leaves(by_site[site], weight, chosen, state, bounds, site)
            if out >= 0:
                _exchange(chosen, out, site, bounds)
                assign(cost, chosen, base, state)
                done += 1
                quiet = 0
        quiet += 1
        site = (site + 1) % len(by_site)
    return done


def _who_leaves(
    costs: Table,
    weight: Floats,
    chosen: Ints,
    state: State,
    bounds: Bounds,
    site: int,
) -> int:
    near1, _, d1, d2 = state
    group, spare, price, purse = bounds
    c = costs.astype(np.float64)
    ours = near1 >= 0
    seats = len(chosen)
    closing = np.bincount(near1[ours], (weight * (d2 - d1))[ours], minlength=seats)
    nearer = weight * np.minimum(c - d1, 0.0)
    instead = weight * (np.minimum(np.maximum(c, d1), d2) - d2)
    change = nearer.sum() + closing + np.bincount(near1[ours], instead[ours], minlength=seats)
    free = price[site] - price[chosen] <= purse[0]
    held = group[chosen]
    may = (held < 0) | (held == group[site])
    may[held >= 0] |= spare[held[held >= 0]] > 0
    change[~(free & may)] = np.inf
    out = int(np.argmin(change))
    return out if change[out] < -1e-9 * (1.0 + closing[out]) else -1


def _exchange(chosen: Ints, out: int, site: int, bounds: Bounds) -> None:
    group, spare, price, purse = bounds
    old = chosen[out]
    if group[old] >= 0:
        spare[group[old]] -= 1
    if group[site] >= 0:
        spare[group[site]] += 1
    purse[0] -= price[site] - price[old]
    chosen[out] = site


def relax(cost: Table, near: Near, weight: Floats, price: Floats, worth: Floats) -> None:
    """Write what each site is worth (at most 0) when serving an origin is paid `price`."""
    del near
    worth[:] = 0.0
    for some in _slices(cost):
        gain = weight[some, None] * cost[some].astype(np.float64) - price[some, None]
        worth += np.minimum(gain, 0.0).sum(axis=0)


def served(
    cost: Table, near: Near, weight: Floats, price: Floats, opened: Mask, times: Ints
) -> None:
    """Write by how many of the open sites each origin is served at its price."""
    del near
    gain = weight[:, None] * cost[:, opened].astype(np.float64)
    times[:] = (gain < price[:, None]).sum(axis=1)


def _slices(cost: Table) -> list[slice]:
    step = max(1, 2_000_000 // max(1, cost.shape[1]))
    return [slice(at, at + step) for at in range(0, len(cost), step)]


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
    for j in sites:
        gain = by_site[j].astype(np.float64) - price
        who = np.flatnonzero(gain < 0)
        order = who[np.argsort(gain[who], kind="stable")]
        before = np.cumsum(weight[order]) - weight[order]
        amount = np.clip(room[j] - before, 0.0, weight[order])
        taken[order] += amount
        worth[j] = (amount * gain[order]).sum()


def shift(of_site: Links, of_row: Links, chosen: Ints, bounds: Bounds, work: int) -> int:
    """Exchange sites until all rows are covered or the work is done; return how many are not."""
    near = np.zeros((len(of_row[0]) - 1, len(of_site[0]) - 1), dtype=np.int64)
    each = np.diff(of_row[0])
    near[np.repeat(np.arange(len(near)), each), of_row[1]] = 1
    weight, since = np.ones(len(near), dtype=np.int64), np.zeros(near.shape[1], dtype=np.int64)
    times = near[:, chosen].sum(axis=1)
    banned, draw, step = -1, 1, 0
    while (times == 0).any() and len(chosen) and work > 0:
        step += 1
        draw = (draw * 1103515245 + 12345) % 2147483648
        left = np.flatnonzero(times == 0)
        sites = np.flatnonzero(near[left[(draw >> 8) % len(left)]])
        sites = sites[sites != banned] if len(sites) > 1 else sites
        gain = (weight * (times == 0)) @ near
        come = int(sites[np.lexsort((sites, since[sites], -gain[sites]))[0]])
        work -= len(near) + int(each[(near[:, come] > 0) & (times <= 1)].sum())
        times += near[:, come]
        seat = _seat_left(come, chosen, bounds, (weight * (times == 1)) @ near, since)
        leave = come if seat < 0 else int(chosen[seat])
        times -= near[:, leave]
        work -= int(each[(near[:, leave] > 0) & (times <= 1)].sum() + each[times == 0].sum())
        if seat >= 0:
            _exchange(chosen, seat, come, bounds)
        banned, since[come], since[leave] = leave, step, step
        weight[times == 0] += 1
    return int((times == 0).sum())


def _seat_left(come: int, chosen: Ints, bounds: Bounds, alone: Ints, since: Ints) -> int:
    group, spare, price, purse = bounds
    held = group[chosen]
    may = (held < 0) | (held == group[come])
    may[held >= 0] |= spare[held[held >= 0]] > 0
    seats = np.flatnonzero(may & (price[come] - price[chosen] <= purse[0]))
    if not len(seats):
        return -1
    old = chosen[seats]
    return int(seats[np.lexsort((seats, since[old], alone[old]))[0]])
