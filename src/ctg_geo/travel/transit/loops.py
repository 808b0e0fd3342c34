"""The loops of the search: plain Python, compiled where a compiler is there.

All times are milliseconds. The timetable is scanned once for each place, from the last hop to
the first (Dibbelt, Pajor, Strasser & Wagner 2018, profile connection scan): at each stop there
gathers a list of what one may board, the last to leave first, each earlier one arriving
earlier at the place. So the lists are in order both ways, and nothing in them is of no use.
"""

import numpy as np
import numpy.typing as npt

__all__ = ["FAR", "NEVER", "scan", "sum_up", "way_back"]

FAR = 2**60  # no way
NEVER = -(2**60)

Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Walks = tuple[Longs, Longs, Longs]  # by point + 1: first; by walk: to, milliseconds
Rides = tuple[Longs, Longs, Longs, Longs, Longs, Bools, Bools]
Lists = tuple[Longs, Longs, Longs, Longs]  # by stop: first, count; by ride: departure, arrival


def scan(
    rides: Rides, walks: Walks, egress_ms: Longs, limit_ms: int, on_board: Longs, lists: Lists
) -> None:
    """Fill the lists of what one may board at each stop to get to one place.

    Parameters
    ----------
    rides : tail, head, departure, arrival, vehicle, boards, alights, in the order of `Hops`
    walks : by stop, to the stops where one may board after getting off there
    egress_ms : by stop, the walk from it to the place; FAR where it is too far
    limit_ms : a ride from which one arrives later than that is of no use
    on_board : by vehicle, FAR; when one arrives who is on it
    lists : filled, by stop
    """
    tail, head, departure, arrival, vehicle, boards, alights = rides
    first_walk, walk_to, walk_ms = walks
    first, count, leaves, arrives = lists
    for hop in range(len(tail)):
        best = on_board[vehicle[hop]]
        if alights[hop]:
            here, stop = arrival[hop], head[hop]
            if egress_ms[stop] < FAR and here + egress_ms[stop] < best:
                best = here + egress_ms[stop]
            for walk in range(first_walk[stop], first_walk[stop + 1]):
                other, ready = walk_to[walk], here + walk_ms[walk]
                at = first[other] + count[other] - 1
                while at >= first[other] and leaves[at] < ready:
                    at -= 1
                if at >= first[other] and arrives[at] < best:
                    best = arrives[at]
            on_board[vehicle[hop]] = best
        if boards[hop] and best - departure[hop] <= limit_ms:
            stop = tail[hop]
            last = first[stop] + count[stop] - 1
            if count[stop] == 0 or best < arrives[last]:
                if count[stop] == 0 or leaves[last] > departure[hop]:
                    count[stop] += 1
                    last += 1
                leaves[last], arrives[last] = departure[hop], best


def sum_up(
    access: Walks,
    lists: Lists,
    direct_ms: Longs,
    departures_ms: Longs,
    limit_ms: int,
    rank: int,
    back_ms: Longs,
    out: Longs,
) -> None:
    """Write, by home, the time of the departure of a rank among all, from fast to slow.

    Parameters
    ----------
    access : by home, the walks to stops
    lists : what one may board at each stop to get to the place
    direct_ms : by home, the walk to the place; FAR where it is too long
    departures_ms : when one leaves, increasing
    limit_ms : a departure that takes longer has no time
    rank : 0 for the fastest departure
    back_ms : by home, when one must be ready to leave the place again
    out : by home, FAR where that departure has no time
    """
    first_walk, walk_to, walk_ms = access
    first, count, leaves, arrives = lists
    times = np.empty(len(departures_ms), np.int64)
    for home in range(len(out)):
        times[:] = direct_ms[home]
        for walk in range(first_walk[home], first_walk[home + 1]):
            stop = walk_to[walk]
            at = first[stop] + count[stop] - 1
            for number in range(len(departures_ms)):
                ready = departures_ms[number] + walk_ms[walk]
                while at >= first[stop] and leaves[at] < ready:
                    at -= 1
                if at < first[stop]:
                    break
                taken = arrives[at] - departures_ms[number]
                times[number] = min(times[number], taken)
        for number in range(len(departures_ms)):
            late = departures_ms[number] + times[number] > back_ms[home]
            if late or times[number] > limit_ms:
                times[number] = FAR
        out[home] = times.min() if rank == 0 else np.sort(times)[rank]


def way_back(
    egress: Walks, lists: Lists, direct_ms: Longs, home_by_ms: int, limit_ms: int, out: Longs
) -> None:
    """Write, by home, the last time at which one may leave the place and be home in time.

    Parameters
    ----------
    egress : by home, the walks from stops
    lists : of the rides with time running backwards, from homes to the place
    direct_ms : by home, the walk from the place; FAR where it is too long
    home_by_ms : when one must be home
    limit_ms : how long the way back may take
    out : by home, NEVER where there is no way back
    """
    first_walk, walk_to, walk_ms = egress
    first, count, leaves, arrives = lists
    for home in range(len(out)):
        best = home_by_ms - direct_ms[home] if direct_ms[home] <= limit_ms else NEVER
        for walk in range(first_walk[home], first_walk[home + 1]):
            stop = walk_to[walk]
            for at in range(first[stop], first[stop] + count[stop]):
                at_home, left = walk_ms[walk] - leaves[at], -arrives[at]
                if at_home > home_by_ms:
                    break
                if at_home - left <= limit_ms and left > best:
                    best = left
        out[home] = best
