"""What the searches say no plan can better, none betters: each alone, against all sets of sites."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.siting import SiteRules, p_centre
from ctg_geo.siting.classical import covering
from ctg_geo.siting.classical.asked import asked
from ctg_geo.siting.classical.centre import _Lengths
from ctg_geo.siting.classical.covering import _cover_found, fewest
from ctg_geo.siting.classical.dual import _Climb, _nearest, _scale, bounded
from ctg_geo.siting.classical.exact import solve
from ctg_geo.siting.classical.graded import left, solve_left
from ctg_geo.siting.classical.problem import Problem
from ctg_geo.siting.classical.programme import Answer, Effort, Programme, ended_by
from ctg_geo.siting.classical.search import Found, greedy, polished, search
from ctg_geo.siting.classical.sites import Choice
from siting_sets import INF, choices, problems, sets, value

some = settings(max_examples=60)


@st.composite
def begun(draw, *, unseen=False):
    """Draw a problem, all its plans with their values, and one of them to begin with."""
    problem = draw(problems(unseen=unseen))
    plans = [(one, value(problem, one)) for one in sets(problem.choice)]
    return problem, plans, Found(*draw(st.sampled_from(plans)))


@some
@given(begun(), st.data())
def test_a_bound_is_under_every_plan_of_the_sites_it_may_open(question, data):
    problem, plans, best = question
    allowed = np.array([data.draw(st.booleans()) for _ in problem.choice.price])
    rounds = data.draw(st.integers(0, 40))
    dual, better = bounded(problem, best, rounds=rounds, allowed=allowed)
    assert better.value <= best.value
    assert sorted(better.chosen) in [list(one) for one, _ in plans]
    assert better.value == pytest.approx(value(problem, better.chosen))
    for one, worth in plans:
        if allowed[one].all():
            assert dual.bound <= worth + 1e-12


def priced(problem, best, data):
    """Draw any prices; some sites that no better plan opens are left out."""
    ceiling = problem.weight * problem.base
    price = np.array([data.draw(st.integers(0, 8)) / 8 for _ in ceiling]) * ceiling
    of_better = [one for one in sets(problem.choice) if value(problem, one) < best.value - 1e-9]
    allowed = np.ones(len(problem.choice.price), dtype=bool)
    if data.draw(st.booleans()):
        allowed[:] = False
        allowed[[site for one in of_better for site in one]] = True
    climb = _Climb(problem, _nearest(problem), _scale(problem, best), allowed, price)
    if np.isfinite(problem.choice.budget):
        climb.euro = data.draw(st.sampled_from([0.0, 0.3, 1.0, 2.0]))
    return climb.dual()


@some
@given(begun(), st.data())
def test_what_any_prices_leave_holds_the_best_plan_and_it_is_found(question, data):
    problem, plans, best = question
    dual = priced(problem, best, data)
    gain = problem.least_gain(best.value)
    rest = left(problem.choice, dual, best.value, gain)
    for one, worth in plans:
        if worth <= best.value - gain:
            assert rest.may[one].all()
            assert set(np.flatnonzero(rest.must)) <= set(one)
    found, bound, end = solve_left(problem, dual, best, Effort(), most=1000)
    least = min(worth for _, worth in plans)
    assert end == "optimal"
    assert list(found.chosen) in [list(one) for one, _ in plans]
    assert found.value == pytest.approx(value(problem, found.chosen))
    assert (found.value, bound) == (pytest.approx(least), pytest.approx(least))


@settings(max_examples=300)
@given(begun(unseen=True))
def test_a_set_that_costs_a_little_too_much_proves_nothing(question):
    """Prices apart by less than a solver sees: what it takes for the best may be no plan."""
    problem, plans, _ = question
    best = Found(*max(plans, key=lambda each: each[1]))
    nothing = np.zeros(len(problem.weight))
    every = np.ones(len(problem.choice.price), dtype=bool)
    dual = _Climb(problem, _nearest(problem), 0.0, every, nothing).dual()
    found, bound, end = solve_left(problem, dual, best, Effort(), most=1000)
    least = min(worth for _, worth in plans)
    assert list(found.chosen) in [list(one) for one, _ in plans]
    assert end == "optimal"
    assert (found.value, bound) == (pytest.approx(least), pytest.approx(least))


@some
@given(begun())
def test_a_problem_is_solved_from_first_plan_to_proof(question):
    problem, plans, _ = question
    solved = solve(problem, limit_s=60)
    least = min(worth for _, worth in plans)
    assert solved.ended == "proof"
    assert (solved.found.value, solved.bound) == (pytest.approx(least), pytest.approx(least))


@given(begun())
def test_every_start_and_every_swap_keeps_the_rules(question):
    problem, plans, best = question
    allowed = [list(one) for one, _ in plans]
    first = greedy(problem)
    assert list(first) in allowed
    for found in (polished(problem, first), polished(problem, best.chosen), search(problem)):
        assert list(found.chosen) in allowed
        assert found.value == pytest.approx(value(problem, found.chosen))
    assert polished(problem, best.chosen).value <= best.value + 1e-9
    assert search(problem).value <= polished(problem, first).value + 1e-9


@given(begun())
def test_where_swaps_end_no_swap_and_no_site_more_betters_a_plan_without_rules(question):
    problem, _, best = question
    count = len(problem.by_site)
    free = Problem.of(problem.cost, problem.weight, problem.base, Choice(
        problem.choice.most, False, np.full(count, -1), np.zeros(0, dtype=np.int64),
        np.zeros(count), INF,
    ))  # fmt: skip
    found = polished(free, best.chosen)
    closed = set(range(count)) - set(found.chosen)
    near = [np.setdiff1d(np.append(found.chosen, new), old) for new in closed
            for old in found.chosen]  # fmt: skip
    if len(found.chosen) < free.choice.most:
        near += [np.append(found.chosen, new) for new in closed]
    for other in near:
        assert value(free, other) >= found.value - 1e-6


@pytest.mark.parametrize("known", ["found", "none", "any"])
@given(st.data(), st.booleans())
def test_the_fewest_sites_that_cover_all_under_rules(known, data, unseen):
    """Whatever cover is known beforehand: the one found at once, none, or any that there is."""
    sites, homes = data.draw(st.integers(1, 6)), data.draw(st.integers(0, 7))
    rows = np.array([data.draw(st.integers(0, 2)) == 0 for _ in range(homes * sites)], dtype=bool)
    rows = rows.reshape(homes, sites)
    choice = data.draw(choices(sites, unseen=unseen))
    covers = [list(one) for one in sets(choice) if rows[:, one].any(axis=1).all()]
    with pytest.MonkeyPatch.context() as patch:
        if known != "found":
            begin = data.draw(st.sampled_from(covers)) if covers and known == "any" else None
            start = None if begin is None else np.array(begin, dtype=np.int64)
            patch.setattr(covering, "_cover_found", lambda *_: start)
        found = fewest(rows, choice, limit_s=60)
    assert found.ended == "proof"
    if covers:
        assert list(found.chosen) in covers
        assert len(found.chosen) == found.bound == min(map(len, covers))
    else:
        assert found.chosen is None
        assert found.bound == INF


@some
@given(st.data())
def test_a_length_ruled_out_by_prices_covers_nobody_in_full(data):
    homes, sites = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 5))
    cells = [float(data.draw(st.integers(0, 6))) for _ in range(homes * sites)]
    table = pd.DataFrame(np.reshape(cells, (homes, sites)))
    rules = SiteRules(new=data.draw(st.integers(1, sites)))
    it = asked(table, pd.Series(1.0, index=table.index), rules)
    values = np.unique(it.costs.table)
    lengths = _Lengths(it, values, INF)
    shortest = min(
        table.to_numpy()[:, one].min(axis=1).max() for one in sets(it.sites.choice) if len(one)
    )
    for at, length in enumerate(values):
        if length >= shortest:
            assert not lengths._too_short(at)
        elif (table.min(axis=1) > length).any():
            assert lengths._too_short(at)
    lengths.high = len(values) - 1
    lengths._raise()
    assert lengths.low < np.searchsorted(values, shortest)
    plan = p_centre(table, pd.Series(1.0, index=table.index), rules)
    assert (plan.value, plan.bound) == (shortest, shortest)


def test_a_cover_cut_short_has_the_bound_of_its_search(monkeypatch):
    rows = np.eye(4, 6, dtype=bool)
    choice = Choice(5, False, np.full(6, -1), np.zeros(0, dtype=np.int64), np.zeros(6), INF)
    for end, ended in (("time", "time"), ("nodes", "work")):
        for known, values in ((None, None), (np.arange(5), None), (None, np.arange(6) < 5)):
            monkeypatch.setattr(covering, "_cover_found", lambda *_, known=known: known)
            told = Answer(end, values, 3.2)
            monkeypatch.setattr(Programme, "solve", lambda *_, told=told, **__: told)
            found = fewest(rows, choice, limit_s=60)
            assert (found.bound, found.ended) == (4, ended)
            assert (found.chosen is None) == (known is None and values is None)
    monkeypatch.setattr(Programme, "solve", lambda *_, **__: Answer("time", None, -INF))
    assert fewest(rows, choice, limit_s=60).bound == 0


def test_a_cover_is_proven_from_the_one_that_is_known(monkeypatch):
    rows = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 1]], dtype=bool)
    choice = Choice(3, False, np.full(4, -1), np.zeros(0, dtype=np.int64), np.zeros(4), INF)
    begun = []

    def none(_programme, _choice, sites, effort, *, start, **__):
        assert sites.tolist() == [0, 1, 2, 3]
        assert 50 < effort.seconds <= 60
        begun.append(start)
        return Answer("infeasible", None, INF), None

    monkeypatch.setattr(covering, "solve_choice", none)
    for known in (np.array([0, 3]), None):
        monkeypatch.setattr(covering, "_cover_found", lambda *_, known=known: known)
        found = fewest(rows, choice, limit_s=60)
        assert (found.chosen is None) == (known is None)
    assert begun[0].tolist() == [1, 0, 0, 1]
    assert begun[1] is None


def test_a_search_begins_with_the_plan_that_is_known(monkeypatch):
    import highspy

    seen = []
    monkeypatch.setattr(highspy.Highs, "setSolution", lambda _, told: seen.append(told.col_value))
    made = Programme(np.array([1.0, 2]), np.zeros(2), np.ones(2), np.ones(2, dtype=bool))
    made.row([0, 1], 1.0, 1.0, INF)
    assert made.solve(Effort()).bound == 1
    assert made.solve(Effort(), start=np.array([0.0, 1])).bound == 1
    assert [list(each) for each in seen] == [[0, 1]]


def test_prices_that_prove_nothing_end_by_their_steps(monkeypatch):
    """Two lines of three of seven villages each cover five; in parts of lines, six."""
    lines = [(0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5)]
    near = np.array([[home in line for line in lines] for home in range(7)])
    choice = Choice(2, False, np.full(7, -1), np.zeros(0, dtype=np.int64), np.zeros(7), INF)
    problem = covering.cover_problem(near, np.ones(7), choice)
    best = search(problem)
    moves = []
    moved = _Climb.moved
    monkeypatch.setattr(_Climb, "moved", lambda *told: (moves.append(1), moved(*told))[1])
    dual, same = bounded(problem, best, rounds=5000)
    assert best.value == same.value == 2
    assert 0.9 < dual.bound <= 1
    assert 50 < len(moves) < 2000


def test_a_cover_known_at_once_has_no_more_sites_than_a_floor_asks():
    """Both cover all, the second is the one of the floor."""
    choice = Choice(2, False, np.array([-1, 0]), np.array([1]), np.zeros(2), INF)
    assert _cover_found(np.ones((1, 2), dtype=bool), choice).tolist() == [1]


def test_nobody_is_covered_by_no_site():
    choice = Choice(3, False, np.full(4, -1), np.zeros(0, dtype=np.int64), np.zeros(4), INF)
    found = fewest(np.zeros((0, 4), dtype=bool), choice, limit_s=60)
    assert (found.chosen.tolist(), found.bound, found.ended) == ([], 0, "proof")


def test_a_solver_says_nothing_of_its_own(capfd):
    made = Programme(np.array([1.0, 2]), np.zeros(2), np.ones(2), np.ones(2, dtype=bool))
    made.row([0, 1], 1.0, 1.0, INF)
    assert made.solve(Effort()).bound == 1
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")


def test_a_search_that_has_nothing_to_decide_reads_its_rows():
    def none():
        return Programme(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=bool))

    assert none().solve(Effort()).end == "optimal"
    for low, high, end in ((0, 0, "optimal"), (1, 2, "infeasible"), (-2, -1, "infeasible")):
        made = none()
        made.row([], 1.0, low, high)
        answer = made.solve(Effort())
        assert answer.end == end
        assert answer.bound == (0 if end == "optimal" else INF)


def test_a_programme_by_hand():
    """Two whole columns and a part: 3x + 2y + z least, x + y + z >= 2.5, z <= 0.4, x + y <= 2."""
    made = Programme(np.array([3.0, 2, 1]), np.zeros(3), np.array([9, 1, 0.4]),
                     np.array([True, True, False]))  # fmt: skip
    made.row([0, 1, 2], 1.0, 2.5, INF)
    answer = made.solve(Effort())
    assert answer.end == "optimal"
    np.testing.assert_allclose(answer.values, [2, 1, 0], atol=1e-6)
    assert answer.bound == pytest.approx(8)
    made.row([0, 1], 1.0, -INF, 2.0)
    made.row([2], np.array([2.0]), -INF, 0.8)
    assert made.solve(Effort()).end == "infeasible"
    assert made.solve(Effort()).bound == INF


def test_a_linear_programme_tells_its_value_as_its_bound():
    made = Programme(np.array([1.0, 1e6]), np.zeros(2), np.array([1.0, 9]), np.zeros(2, bool))
    made.row([0, 1], 1.0, 1.5, 4.0)
    answer = made.solve(Effort())
    assert answer.bound == pytest.approx(1 + 0.5e6)
    np.testing.assert_allclose(answer.values, [1, 0.5])


def test_what_ended_a_search_is_told_in_three_words():
    said = [ended_by(end) for end in ("optimal", "infeasible", "time", "nodes")]
    assert said == ["proof", "proof", "time", "work"]
