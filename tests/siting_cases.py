"""Small random questions of siting, and their answers by trying every set of sites."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import strategies as st

from ctg_geo.siting import SiteRules

INF = float("inf")


@st.composite
def tables(draw, *, most_sites=6, holes=True):
    """Draw costs and demand: equal ones, pairs absent, origins (not all) without demand."""
    origins, sites = draw(st.integers(1, 6)), draw(st.integers(2, most_sites))
    one = st.integers(0, 9).map(float)
    cell = st.one_of(one, one, one, st.just(INF)) if holes else one
    row = st.lists(cell, min_size=sites, max_size=sites)
    cost = draw(st.lists(row, min_size=origins, max_size=origins))
    people = draw(st.lists(st.integers(0, 6), min_size=origins, max_size=origins).filter(any))
    table = pd.DataFrame(
        cost, index=[f"o{i}" for i in range(origins)], columns=[f"s{j}" for j in range(sites)]
    )
    for name in table.columns:  # a candidate that reaches nobody is refused: not what is tried here
        if not np.isfinite(table[name]).any():
            table.loc[table.index[0], name] = 5.0
    return table, pd.Series(people, index=table.index, dtype=float)


@st.composite
def rules_for(draw, table):
    """Draw rules that do not contradict each other, a few or many."""
    names = list(table.columns)
    roles = dict.fromkeys(names, "free")
    for name in names[1:]:
        roles[name] = draw(st.sampled_from(["free"] * 5 + ["existing", "forced", "forbidden"]))
    of = {role: [name for name in names if roles[name] == role] for role in set(roles.values())}
    forced, free = of.get("forced", []), of["free"]
    new = draw(st.integers(len(forced), len(forced) + min(3, len(free))))
    rules = SiteRules(
        new=new,
        exactly=draw(st.booleans()),
        existing=pd.Series(3.0, index=of.get("existing", []), dtype=float),
        forced=frozenset(forced),
        forbidden=frozenset(of.get("forbidden", [])),
    )
    if draw(st.booleans()):
        group = pd.Series([draw(st.sampled_from(["north", "south"])) for _ in names], index=names)
        there = (group[free + forced] == "north").sum()
        floor = min(there, new - len([f for f in forced if group[f] != "north"]))
        rules = replace(rules, group=group, floors={"north": draw(st.integers(0, max(0, floor)))})
    if draw(st.booleans()):
        price = pd.Series([float(draw(st.integers(1, 9))) for _ in names], index=names)
        least = min((price[list(chosen)].sum() for chosen in _sets(table, rules)), default=None)
        if least is not None:
            rules = replace(rules, cost_open=price, budget=least + draw(st.integers(0, 12)))
    return rules


def allowed(table: pd.DataFrame, rules: SiteRules) -> list[tuple[str, ...]]:
    """Return every set of opened sites that keeps the rules on sites."""
    sets = list(_sets(table, rules))
    if rules.budget is None or rules.cost_open is None:
        return sets
    return [one for one in sets if rules.cost_open[list(one)].sum() <= rules.budget]


def _sets(table: pd.DataFrame, rules: SiteRules) -> Iterator[tuple[str, ...]]:
    taken = set(rules.existing.index) | rules.forbidden
    names = [name for name in table.columns if name not in taken]
    least = rules.new if rules.exactly else 0
    for count in range(least, rules.new + 1):
        for chosen in combinations(names, count):
            held = {
                name: sum(rules.group[each] == name for each in chosen) for name in rules.floors
            }
            if rules.forced <= set(chosen) and all(
                held[name] >= floor for name, floor in rules.floors.items()
            ):
                yield chosen


def open_sites(chosen: tuple[str, ...], rules: SiteRules) -> list[str]:
    """Return what is open: chosen and standing."""
    return [*chosen, *rules.existing.index]


def nearest(table: pd.DataFrame, sites: list[str]) -> pd.Series:
    """Return the cost of each origin to its nearest open site."""
    return table[sites].min(axis=1) if sites else pd.Series(INF, index=table.index)


def sent(table, demand, room, *, unserved):
    """Return the least cost of sending whole people to sites with room (networkx); INF: cannot."""
    graph = nx.DiGraph()
    people = int(demand.sum())
    graph.add_node("out", demand=people)
    graph.add_node("in", demand=-people)
    for origin in table.index:
        graph.add_edge("in", ("o", origin), capacity=int(demand[origin]), weight=0)
        if unserved < INF:
            graph.add_edge(("o", origin), "out", capacity=people, weight=int(unserved))
        for site in room:
            if table.loc[origin, site] < INF:
                cost = int(table.loc[origin, site])
                graph.add_edge(("o", origin), ("s", site), capacity=people, weight=cost)
    for site, places in room.items():
        graph.add_edge(("s", site), "out", capacity=int(places), weight=0)
    try:
        return nx.min_cost_flow_cost(graph)
    except nx.NetworkXUnfeasible:
        return INF
