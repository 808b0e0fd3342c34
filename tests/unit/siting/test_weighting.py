"""Covers by exchanges: each step against its definition, and the whole against the plain loops."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.siting.classical import loops, plain
from ctg_geo.siting.classical.covering import links
from ctg_geo.siting.classical.weighting import _comes, _leaves, _turn, shift, trade

some = settings(max_examples=60)


@st.composite
def tables(draw):
    """Draw which sites cover each row: one at least; weights, and sites that are open."""
    homes, sites = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    rows = np.array([draw(st.booleans()) for _ in range(homes * sites)]).reshape(homes, sites)
    rows[~rows.any(axis=1), draw(st.integers(0, sites - 1))] = True
    chosen = np.array(
        draw(st.lists(st.integers(0, sites - 1), unique=True, min_size=1)), dtype=np.int64
    )
    weight = np.array([draw(st.integers(1, 4)) for _ in range(homes)], dtype=np.int64)
    return SimpleNamespace(rows=rows, chosen=chosen, weight=weight, of_row=links(rows),
                           of_site=links(rows.T))  # fmt: skip


def worth_of(rows, weight, is_open):
    """Weigh the rows that each open site alone covers, or each closed one would cover."""
    times = rows[:, is_open].sum(axis=1)
    return [int(weight[rows[:, site] & (times == int(is_open[site]))].sum())
            for site in range(rows.shape[1])]  # fmt: skip


@some
@given(tables(), st.data())
def test_opening_and_closing_keeps_the_account_of_each_site(table, data):
    count = table.rows.shape[1]
    worth = table.weight @ table.rows
    times, is_open = np.zeros(len(table.rows), dtype=np.int64), np.zeros(count, dtype=np.bool_)
    state = times, worth, is_open
    for site in data.draw(st.lists(st.integers(0, count - 1), max_size=8)):
        sign = -1 if is_open[site] else 1
        others = times[table.rows[:, site]] - (sign < 0)
        read = _turn(site, sign, table.of_site, table.of_row, table.weight, state)
        assert times.tolist() == table.rows[:, is_open].sum(axis=1).tolist()
        assert worth.tolist() == worth_of(table.rows, table.weight, is_open)
        links_of = table.rows[table.rows[:, site]].sum(axis=1)
        assert read == links_of[others <= 1].sum()


@some
@given(tables(), st.data())
def test_who_comes_covers_most_and_was_closed_longest(table, data):
    count = table.rows.shape[1]
    worth = np.array([data.draw(st.integers(0, 3)) for _ in range(count)])
    since = np.array([data.draw(st.integers(0, 3)) for _ in range(count)])
    row, banned = (
        data.draw(st.integers(0, len(table.rows) - 1)),
        data.draw(st.integers(-1, count - 1)),
    )
    sites = [int(site) for site in np.flatnonzero(table.rows[row])]
    others = [site for site in sites if site != banned] or sites
    expected = min(others, key=lambda site: (-worth[site], since[site], site))
    assert _comes(row, banned, table.of_row, worth, since) == expected


@st.composite
def bounds(draw, count):
    group = np.array([draw(st.integers(-1, 1)) for _ in range(count)], dtype=np.int64)
    spare = np.array([draw(st.integers(0, 1)) for _ in range(2)], dtype=np.int64)
    price = np.array([float(draw(st.integers(1, 3))) for _ in range(count)])
    return group, spare, price, np.array([float(draw(st.integers(0, 2)))])


def may_leave(old, come, rules):
    group, spare, price, purse = rules
    alike = group[old] < 0 or group[old] == group[come] or spare[group[old]] > 0
    return alike and price[come] - price[old] <= purse[0]


@some
@given(tables(), st.data())
def test_who_leaves_may_and_covers_least_alone_and_was_open_longest(table, data):
    count = table.rows.shape[1]
    rules = data.draw(bounds(count))
    worth = np.array([data.draw(st.integers(0, 3)) for _ in range(count)])
    since = np.array([data.draw(st.integers(0, 3)) for _ in range(count)])
    come = data.draw(st.integers(0, count - 1))
    seats = [seat for seat, old in enumerate(table.chosen) if may_leave(old, come, rules)]
    told = _leaves(come, table.chosen, rules, worth, since)
    by = {seat: (worth[table.chosen[seat]], since[table.chosen[seat]], seat) for seat in seats}
    assert told == (min(seats, key=by.get) if seats else -1)


@some
@given(st.data())
def test_a_trade_is_counted_in_floors_and_in_money(data):
    rules = data.draw(bounds(4))
    group, spare, price, purse = rules
    old, new = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))
    before, money = spare.copy(), float(purse[0])
    trade(old, new, rules)
    for at in range(2):
        assert spare[at] == before[at] - (group[old] == at) + (group[new] == at)
    assert purse[0] == money - price[new] + price[old]


@given(tables(), st.data())
def test_exchanges_are_the_same_compiled_and_plain_and_keep_the_rules(table, data):
    rules = data.draw(bounds(table.rows.shape[1]))
    work = data.draw(st.one_of(st.sampled_from([0, 1, 9, 40, 200, 1000]), st.integers(0, 150)))
    ends = []
    for way in (loops.shift, plain.shift, shift):
        chosen = table.chosen.copy()
        group, spare, price, purse = (each.copy() for each in rules)
        left = way(table.of_site, table.of_row, chosen, (group, spare, price, purse), work)
        ends.append((left, chosen.tolist(), spare.tolist(), purse.tolist()))
        assert left == (~table.rows[:, chosen].any(axis=1)).sum()
        assert len(set(chosen)) == len(table.chosen)
        assert min(spare) >= 0
        assert purse[0] >= 0
        paid = price[chosen].sum() - price[table.chosen].sum()
        assert purse[0] == rules[3][0] - paid
    assert ends[0] == ends[1] == ends[2]


def test_exchanges_find_a_cover_that_is_hidden():
    """Three sites cover all nine rows between them; the others look as good at first."""
    for seed in range(20):
        turn = np.random.default_rng(seed)
        rows = turn.random((9, 8)) < 0.3
        rows[:, :3] = np.arange(9)[:, None] % 3 == np.arange(3)
        for way in (loops.shift, plain.shift):
            chosen = np.array([5, 6, 7], dtype=np.int64)
            rules = (np.full(8, -1), np.zeros(0, dtype=np.int64), np.zeros(8), np.array([np.inf]))
            assert way(links(rows.T), links(rows), chosen, rules, 100_000) == 0
            assert rows[:, chosen].any(axis=1).all()


def test_exchanges_go_the_same_way_as_long_as_work_is_left():
    """No two sites cover all: the search goes on, and what each row weighs decides every step."""
    for seed in range(2):
        turn = np.random.default_rng(seed)
        rows = turn.random((9, 8)) < 0.2
        rows[np.arange(9), np.arange(9) % 8] = True
        group, price = turn.integers(-1, 2, 8), turn.integers(1, 3, 8).astype(float)
        for work in (150, 300, 331, 348, 601, 907):
            ends = []
            for way in (loops.shift, plain.shift):
                chosen = np.array([0, 1], dtype=np.int64)
                rules = (group, np.ones(2, dtype=np.int64), price, np.array([2.0]))
                left = way(links(rows.T), links(rows), chosen, rules, work)
                ends.append((left, chosen.tolist(), rules[1].tolist(), rules[3].tolist()))
            assert ends[0] == ends[1]
            assert ends[0][0] > 0


def test_no_work_is_done_where_none_is_allowed_or_nothing_is_open():
    rows = np.eye(3, dtype=bool)
    rules = (np.full(3, -1), np.zeros(0, dtype=np.int64), np.zeros(3), np.array([np.inf]))
    for way in (loops.shift, plain.shift):
        chosen = np.array([0], dtype=np.int64)
        assert way(links(rows.T), links(rows), chosen, rules, 0) == 2
        assert chosen.tolist() == [0]
        assert way(links(rows.T), links(rows), chosen[:0], rules, 99) == 3
