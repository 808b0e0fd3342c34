"""Where nobody gains by another choice: prices by hand, slopes against differences, rounds."""

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, minimize

from ctg_geo import progress
from ctg_geo.access import settling
from ctg_geo.access.settling import Agents, settled
from ctg_geo.travel.hierarchy import compiled

# 40 people next to one of two alike places, half a unit from the other: 25 and 15 of them go,
# for prices of 25/20 and 15/20 + 0.5. The second home has nobody and no pair; the last site no
# room and no pair.
TWO = Agents(
    np.array([0, 2, 2]), np.array([0, 1]), np.array([0.0, 0.5]),
    np.array([40.0, 0]), np.array([20.0, 20, 0]),
)  # fmt: skip
THERE = np.array([25.0, 15, 0])


def drawn(seed):
    """Draw homes that reach some of the sites, with their people and room."""
    rng = np.random.default_rng(seed)
    homes, sites = rng.integers(1, 6), rng.integers(1, 5)
    near = rng.random((homes, sites)) < 0.8
    near[:, 0] = True
    start = np.concatenate(([0], near.sum(axis=1).cumsum()))
    cost = np.round(rng.random(start[-1]), 2)
    people, room = rng.integers(1, 50, homes) * 1.0, rng.integers(1, 50, sites) / 8
    return Agents(start, np.nonzero(near)[1], cost, people, room), rng


def test_prices_costs_and_sums():
    assert TWO.price(THERE).tolist() == [1.25, 0.75, 0]
    assert TWO.least(TWO.price(THERE)).tolist() == [1.25, np.inf]
    assert TWO.spent(THERE, THERE[:2]) == 25 * 1.25 + 15 * 1.25
    assert TWO.total(THERE, THERE[:2]) == (25 * 1.25 + 15 * 0.75) / 2 + 15 * 0.5
    assert TWO.by_pair(np.array([7, 8])).tolist() == [7, 7]
    assert TWO.only(np.array([], dtype=int)).least(np.zeros(3)).tolist() == [np.inf] * 2


def test_some_pairs_keep_their_homes():
    every, _ = drawn(3)
    at = np.arange(1, len(every.to), 2)
    some = every.only(at)
    home = every.by_pair(np.arange(len(every.people)))
    assert some.by_pair(np.arange(len(every.people))).tolist() == home[at].tolist()
    assert some.to.tolist() == every.to[at].tolist()
    assert some.cost.tolist() == every.cost[at].tolist()


@pytest.mark.parametrize("rounds", [0, 1, 4])
def test_no_more_rounds_are_taken_than_asked_for(rounds):
    load, excess, taken = settled(TWO, -1.0, rounds)  # never settled enough
    assert load.tolist() == pytest.approx(THERE.tolist())
    assert excess == pytest.approx(0, abs=1e-12)
    assert taken == rounds


def test_what_is_settled_at_once_takes_no_round():
    load, _, taken = settled(TWO, 1e-9, 5)
    assert load.tolist() == pytest.approx(THERE.tolist())
    assert taken == 0


def test_just_as_little_as_asked_is_little_enough():
    crowded, _ = drawn(1)
    _, excess, _ = settled(crowded, -1.0, 0)
    assert excess > 0
    assert settled(crowded, excess, 5)[1:] == (excess, 0)
    assert settled(crowded, excess * 0.999, 5)[2] > 0


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("rounds", [0, 1, 2, 3, 30])
def test_the_excess_told_is_what_could_be_saved_at_the_prices_of_the_load(seed, rounds):
    agents, _ = drawn(seed)
    load, excess, taken = settled(agents, 1e-12, rounds)
    assert load.sum() == pytest.approx(agents.people.sum())
    # Those who leave each site are not told, but what they spend on trips is: the dual bounds it.
    price = load / agents.room
    best = np.minimum.reduceat(price[agents.to] + agents.cost, agents.start[:-1])
    assert 0 <= excess < 1
    if excess <= 1e-12:
        assert taken <= rounds
        assert least_sum(agents) == pytest.approx(
            agents.people @ best - agents.room @ price**2 / 2, rel=1e-6
        )
    else:
        assert taken == rounds


def least_sum(agents):
    """Return the least of the sum by another way: a programme that scipy solves."""
    pairs = len(agents.to)
    home = agents.by_pair(np.arange(len(agents.people)))
    kept = (home == np.arange(len(agents.people))[:, None]).astype(float)
    goes = (agents.to == np.arange(len(agents.room))[:, None]).astype(float)
    begin = (agents.people / kept.sum(axis=1))[home]

    def total(gone):
        return ((goes @ gone) ** 2 / agents.room).sum() / 2 + agents.cost @ gone

    found = minimize(
        total, begin, method="SLSQP", bounds=[(0, None)] * pairs,
        constraints=LinearConstraint(kept, agents.people, agents.people),
        options={"ftol": 1e-12, "maxiter": 500},
    )  # fmt: skip
    return found.fun


def test_people_who_all_crowd_one_place_could_save_three_quarters():
    gone, load = np.array([40.0, 0]), np.array([40.0, 0, 0])
    least, near = settling._looked(TWO, TWO.price(load), gone, 0.1, settling._PLAIN)
    assert (least.tolist(), near.tolist()) == ([0.5, np.inf], [True, True])
    assert settling._excess(TWO, load, gone, least) == (80 - 20) / 80


def test_one_sweep_is_one_round_of_choices():
    gone = np.array([40.0, 0])
    assert settling._swept(TWO, gone, 0, settling._PLAIN).tolist() == [40, 0, 0]
    assert settling._swept(TWO, gone, 1, settling._PLAIN).tolist() == THERE.tolist()
    assert gone.tolist() == [25, 15]


def summed(seed):
    """Draw the sum of a round, some prices, and both as a function."""
    agents, rng = drawn(seed)
    before = rng.random(len(agents.to))
    before /= agents.by_pair(np.add.reduceat(before, agents.start[:-1]))
    total = settling._Sum(agents, before, 0.5, settling.chosen)
    return total, rng.random(len(agents.room))


def differences(function, at, width=1e-6):
    """Return the slopes of a function in each direction, one column for each."""
    ways = np.eye(len(at)) * width
    return np.stack([(function(at + way) - function(at - way)) / (2 * width) for way in ways], -1)


@pytest.mark.parametrize("seed", range(12))
def test_the_surplus_is_the_slope_of_the_sum_and_a_step_is_one_of_newton(seed):
    total, price = summed(seed)
    here = total.at(price)
    slope = differences(lambda each: np.asarray(total.at(each).value), price)
    assert here.surplus == pytest.approx(slope, rel=1e-5, abs=1e-5)
    bend = differences(lambda each: total.at(each).surplus, price)
    assert -bend @ total.step(here) == pytest.approx(here.surplus, rel=1e-5, abs=1e-5)


def test_a_site_without_room_has_no_step():
    total = settling._Sum(TWO, np.array([0.5, 0.5]), 0.5, settling.chosen)
    assert total.step(total.at(np.array([1.0, 0, 0]))).tolist()[2] == 0


@pytest.mark.parametrize("seed", range(12))
def test_a_climb_ends_where_the_sum_is_largest(seed):
    total, price = summed(seed)
    top, steps = settling._climbed(total, price, 1e-9)
    assert 0 < steps <= settling._STEPS
    assert top.surplus == pytest.approx(np.zeros(len(price)), abs=1e-3)
    for way in np.random.default_rng(seed).normal(size=(20, len(price))) / 10:
        assert total.at(top.price + way).value <= top.value
    assert settling._climbed(total, top.price, 1e-6)[1] == 0


def test_a_climb_that_begins_near_enough_takes_no_step():
    total, price = summed(1)
    here = total.at(price)
    left = total.agents.price(np.abs(here.surplus)) @ here.load
    assert left > 0
    assert settling._climbed(total, price, left)[1] == 0
    assert settling._climbed(total, price, left * 0.999)[1] > 0


def test_a_climb_whose_steps_run_out_tells_how_far_it_came(monkeypatch):
    total, price = summed(1)
    monkeypatch.setattr(settling, "_STEPS", 1)
    top, steps = settling._climbed(total, price + 5, 0.0)
    assert steps == 1
    assert top.value > total.at(price + 5).value


def test_a_leap_that_leads_down_is_made_and_the_next_is_bolder():
    gone, load = np.array([40.0, 0]), np.array([40.0, 0, 0])
    one = TWO.only(np.arange(2))
    landed, found, soft = settling._leapt(one, gone, load, 0.5, 1e-9, settling._PLAIN)
    assert one.total(found, landed) < one.total(load, gone)
    assert landed.sum() == pytest.approx(40)
    assert found.tolist() == pytest.approx([*landed, 0])
    assert soft < 0.5


def test_a_leap_that_leads_nowhere_is_not_made_and_the_next_is_more_reluctant():
    gone = THERE[:2].copy()
    landed, found, soft = settling._leapt(TWO, gone, THERE, 0.5, 1e-9, settling._PLAIN)
    assert landed is gone
    assert found is THERE
    assert soft > 0.5


@pytest.mark.parametrize(
    ("many", "numba", "quick"), [(1, True, True), (2, True, False), (1, False, False)]
)
def test_loops_over_many_pairs_are_compiled_where_that_can_be(monkeypatch, many, numba, quick):
    asked = []

    def made():
        asked.append(True)
        return settling._PLAIN

    monkeypatch.setattr(settling, "_MANY", many)
    monkeypatch.setattr(settling, "find_spec", lambda _: "there" if numba else None)
    monkeypatch.setattr(settling, "_compiled", made)
    settled(TWO, 1e-9, 5)
    assert asked == [True] * quick


def test_loops_are_compiled_once_and_that_is_announced(monkeypatch):
    said = []
    monkeypatch.setattr(compiled, "kernel", lambda loop: ("compiled", loop))
    settling.announced.cache_clear()
    with progress.listen(lambda *_, **__: None, said.append):
        loops = settling._compiled.__wrapped__()
    settling.announced.cache_clear()
    plain = settling._PLAIN
    told = [getattr(loops, each) for each in ("sweep", "choose", "look")]
    assert told == [("compiled", getattr(plain, each)) for each in ("sweep", "choose", "look")]
    assert said == ["measures_compile"]
