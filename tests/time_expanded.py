"""Times by timetable the slow way: every ride of a time-expanded graph, at every departure.

A job is a dict: vehicles (of each, its calls: stop, arrival, departure, may one board, may one
alight), changes (least time by pair of stops), access (homes × stops), egress (places × stops)
and direct (places × homes) as lists with None where there is no walk; access_back (places ×
stops), egress_back (homes × stops) and direct_back alike; departures, limit, percentile,
home_by (or None) and stay.
"""

import networkx as nx
import numpy as np

from ctg_geo.travel.transit.loops import FAR

__all__ = ["expected"]


def events(job):
    """Return the graph of events: from each call one rides on, stays, or changes."""
    graph = nx.DiGraph()
    for v, calls in enumerate(job["vehicles"]):
        for i, (_, arrival, departure, *_) in enumerate(calls):
            graph.add_node(("arr", v, i), at=arrival)
            graph.add_node(("dep", v, i), at=departure)
            graph.add_edge(("arr", v, i), ("dep", v, i))
            if i:
                graph.add_edge(("dep", v, i - 1), ("arr", v, i))
    for v, calls in enumerate(job["vehicles"]):
        for i, (stop, arrival, _, _, alights) in enumerate(calls):
            for w, others in enumerate(job["vehicles"]):
                for j, (other, _, departure, boards, _) in enumerate(others):
                    least = job["changes"].get((stop, other))
                    last = j == len(others) - 1
                    if not (i and alights and boards) or last or least is None:
                        continue
                    if arrival + least <= departure:
                        graph.add_edge(("arr", v, i), ("dep", w, j))
    return graph


def rides(job, graph):
    """Return all rides that are possible, as boarding stop, time, alighting stop, time."""
    found = []
    for v, calls in enumerate(job["vehicles"]):
        for i, (stop, _, departure, boards, _) in enumerate(calls[:-1]):
            if not boards:
                continue
            for kind, w, j in nx.descendants(graph, ("dep", v, i)):
                end, arrival, _, _, alights = job["vehicles"][w][j]
                if kind == "arr" and alights:
                    found.append((stop, departure, end, arrival))
    return found


def last_back(job, every, home, place):
    """Return when one must leave the place at the latest, by trying each ride."""
    found = []
    walked = job["direct_back"][place][home]
    if walked is not None and walked <= job["limit"]:
        found.append(job["home_by"] - walked)
    for stop, departure, end, arrival in every:
        to, off = job["access_back"][place][stop], job["egress_back"][home][end]
        if to is None or off is None or arrival + off > job["home_by"]:
            continue
        if arrival + off - (departure - to) <= job["limit"]:
            found.append(departure - to)
    return max(found, default=-np.inf)


def expected(job):
    """Return times, places × homes, by trying each ride at each departure."""
    graph = events(job)
    every = rides(job, graph)
    table = np.full((len(job["egress"]), len(job["access"])), FAR)
    for place in range(len(job["egress"])):
        for home in range(len(job["access"])):
            until = np.inf if job["home_by"] is None else last_back(job, every, home, place)
            times = []
            for leave in job["departures"]:
                arrivals = [leave + walked for walked in [job["direct"][place][home]]
                            if walked is not None]  # fmt: skip
                for stop, departure, end, arrival in every:
                    to, off = job["access"][home][stop], job["egress"][place][end]
                    if to is not None and off is not None and leave + to <= departure:
                        arrivals.append(arrival + off)
                best = min(arrivals, default=FAR)
                late = best - leave > job["limit"] or best + job["stay"] > until
                times.append(FAR if late else best - leave)
            rank = max(int(np.ceil(job["percentile"] / 100 * len(times))), 1) - 1
            table[place, home] = sorted(times)[rank]
    return table
