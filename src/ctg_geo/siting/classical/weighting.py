"""Rows covered by a fixed number of sites: exchanges led by rows that are often left out, compiled.

Gao, Yao, Weise & Li (2015), EJOR 246(3). Links are between rows and the sites that cover them.
"""

import numpy as np
import numpy.typing as npt

from ctg_geo.travel.hierarchy.compiled import kernel

__all__ = ["Bounds", "Links", "shift", "trade"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Bounds = tuple[Ints, Ints, Floats, Floats]
"""Group by site, how many each may lose, price by site, money left."""
Links = tuple[Ints, Ints]
"""Where those of each start (and of the last end), and the links."""
State = tuple[Ints, Ints, Mask]
"""By row, how many open sites cover it; by site, the weight of the rows it alone covers (open) or
would cover (closed); which are open."""


@kernel
def trade(old: int, site: int, bounds: Bounds) -> None:
    """Count what floors and money have left once one site stands in for another."""
    group, spare, price, purse = bounds
    if group[old] >= 0:
        spare[group[old]] -= 1
    if group[site] >= 0:
        spare[group[site]] += 1
    purse[0] -= price[site] - price[old]


@kernel
def _turn(
    site: int,
    sign: int,
    of_site: Links,
    of_row: Links,
    weight: Ints,
    state: tuple[Ints, Ints, Mask],
) -> int:
    """Open (1) or close (-1) a site; return how many links were read to tell the others."""
    times, worth, is_open = state
    read = 0
    for at in range(of_site[0][site], of_site[0][site + 1]):
        row = of_site[1][at]
        others = times[row] if sign > 0 else times[row] - 1
        if others <= 1:
            for k in range(of_row[0][row], of_row[0][row + 1]):
                other = of_row[1][k]
                if other != site and (others == 0 or is_open[other]):
                    worth[other] -= sign * weight[row]
            read += of_row[0][row + 1] - of_row[0][row]
        times[row] += sign
    is_open[site] = sign > 0
    return read


@kernel
def _comes(row: int, banned: int, of_row: Links, worth: Ints, since: Ints) -> int:
    """Return the site of a row that covers most, the longest closed of equals; not `banned`."""
    come = -1
    for at in range(of_row[0][row], of_row[0][row + 1]):
        site = of_row[1][at]
        if come < 0 or come == banned:
            come = site
        elif site != banned:
            more = worth[site] - worth[come]
            if more > 0 or (more == 0 and since[site] < since[come]):
                come = site
    return come


@kernel
def _leaves(come: int, chosen: Ints, bounds: Bounds, worth: Ints, since: Ints) -> int:
    """Return the seat whose site may go for another and covers least alone; -1 if none may."""
    group, spare, price, purse = bounds
    out = -1
    for seat in range(len(chosen)):
        old = chosen[seat]
        held = group[old]
        may = held < 0 or held == group[come] or spare[held] > 0
        if may and price[come] - price[old] <= purse[0]:
            less = 1 if out < 0 else worth[chosen[out]] - worth[old]
            if less > 0 or (less == 0 and since[old] < since[chosen[out]]):
                out = seat
    return out


@kernel
def shift(of_site: Links, of_row: Links, chosen: Ints, bounds: Bounds, work: int) -> int:
    """Exchange sites until all rows are covered or the work is done; return how many are not.

    One of the rows left out brings in the site that covers most, and the site that covers least
    alone goes; a row weighs one more each time it is left out. Every row has a site.
    `work` counts links read.
    """
    rows, sites = len(of_row[0]) - 1, len(of_site[0]) - 1
    weight, since = np.ones(rows, dtype=np.int64), np.zeros(sites, dtype=np.int64)
    worth = of_site[0][1:] - of_site[0][:-1]
    times = np.zeros(rows, dtype=np.int64)
    state = (times, worth, np.zeros(sites, dtype=np.bool_))
    for site in chosen:
        _turn(site, 1, of_site, of_row, weight, state)
    left = np.flatnonzero(times == 0)
    banned, draw, step = -1, 1, 0
    while len(left) > 0 and len(chosen) > 0 and work > 0:
        step += 1
        draw = (draw * 1103515245 + 12345) % 2147483648
        come = _comes(left[(draw >> 8) % len(left)], banned, of_row, worth, since)
        work -= rows + _turn(come, 1, of_site, of_row, weight, state)
        seat = _leaves(come, chosen, bounds, worth, since)
        leave = come if seat < 0 else chosen[seat]
        work -= _turn(leave, -1, of_site, of_row, weight, state)
        if seat >= 0:
            trade(leave, come, bounds)
            chosen[seat] = come
        banned, since[come], since[leave] = leave, step, step
        left = np.flatnonzero(times == 0)
        for row in left:
            weight[row] += 1
            for at in range(of_row[0][row], of_row[0][row + 1]):
                worth[of_row[1][at]] += 1
            work -= of_row[0][row + 1] - of_row[0][row]
    return len(left)
