"""Ranks, intervals and groups worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctg_geo.errors import UnknownCodeError
from ctg_geo.parameters import Uncertainty
from ctg_geo.uncertainty import Draws, Found, draws, sensitivity, sureness, weighed
from ctg_geo.uncertainty.laws import log_normal, normals, relative_error, uniform
from ctg_geo.uncertainty.ranking import levels, ranks, too_close
from dice_cases import every_die, town


def found_of(gap, *, score=None, below=None, kind="supply"):
    gap = np.asarray(gap, dtype=float)
    below = gap > 0 if below is None else np.asarray(below)
    score = np.zeros_like(gap) if score is None else np.asarray(score, dtype=float)
    codes = pd.Index([f"{26000 + k}" for k in range(gap.shape[1])])
    return Found(codes, kind, np.full_like(gap, 0.1), np.full_like(gap, 10.0), below, gap, gap,
                 score)  # fmt: skip


def result_of(found, *, hidden=(), **given):
    inputs = town(hidden=hidden)
    return sureness(Draws(inputs, Uncertainty(**given), found, 0))


def test_ranks_are_those_of_the_diagnosis_and_hidden_communes_come_last():
    found = found_of([[1, 5, 5, 9]], score=[[0, 10, 20, 0]])
    nothing = np.zeros(4, dtype=bool)
    assert ranks(found, nothing).tolist() == [[4, 3, 2, 1]]
    assert ranks(found, np.array([False, False, False, True])).tolist() == [[3, 2, 1, 4]]
    same = found_of([[2, 2, 0, 2]])
    assert ranks(same, nothing).tolist() == [[1, 2, 4, 3]]
    assert levels(same, nothing).tolist() == [[0, 0, 3, 0]]


def test_probabilities_and_intervals_are_shares_and_values_of_the_draws():
    gap = [[3, 2, 0]] * 15 + [[1, 2, 0]] * 5
    result = result_of(found_of(gap), worst=1)
    table = result.communes
    assert table["below_share"].tolist() == [1, 1, 0]
    assert table["worst_share"].tolist() == [0.75, 0.25, 0]
    assert table["rank_low"].tolist() == [1, 1, 3]
    assert table["rank_high"].tolist() == [2, 2, 3]
    assert table.loc["26000", ["gap_mean", "gap_low", "gap_high"]].tolist() == [2.5, 1, 3]
    assert result.error == pytest.approx(1 / np.sqrt(20))
    assert result.too_close() == [["26000", "26001"]]
    assert result.groups[""].loc["", ["gap_mean", "communes"]].tolist() == [4.5, 3]


def test_what_is_hidden_is_told_nowhere():
    gap = np.array([[7.0, 2, 1]] * 20)
    result = result_of(found_of(gap), hidden=["26000"])
    table = result.communes.loc["26000"]
    untold = ["worst_share", "rank_low", "rank_high", "gap_mean", "gap_low", "gap_high"]
    assert table[untold].isna().all()
    assert result.groups[""].loc["", "gap_mean"] == 3
    other = result_of(found_of(gap * np.array([100.0, 1, 1])), hidden=["26000"])
    pd.testing.assert_frame_equal(result.communes, other.communes)
    pd.testing.assert_frame_equal(result.groups[""], other.groups[""])


def test_communes_that_miss_nothing_are_equal_and_not_close():
    result = result_of(found_of([[0, 0, 4]] * 10))
    assert result.too_close() == []
    assert result.communes["unsettled"].tolist() == [0, 0, 0]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(2, 9))
def test_groups_do_not_depend_on_the_order_and_hold_every_unsettled_pair(seed, count):
    rng = np.random.default_rng(seed)
    level = np.argsort(np.argsort(rng.normal(np.arange(count) * 0.8, 1, (30, count)), axis=1))
    ranked = rng.random(count) < 0.9
    group, unsettled = too_close(level, ranked, confidence=0.95)
    turn = rng.permutation(count)
    again, _ = too_close(level[:, turn], ranked[turn], confidence=0.95)
    assert (again == group[turn]).all()
    for one in range(count):
        worse = [(level[:, one] < level[:, k]).mean() for k in range(count)]
        rivals = [k for k in range(count) if k != one and ranked[one] and ranked[k]
                  and 0.05 < worse[k] < 0.95]  # fmt: skip
        assert unsettled[one] == len(rivals)
        assert all(group[k] == group[one] > 0 for k in rivals)
        assert (group[one] > 0) == bool(rivals)


def test_without_error_ranks_and_verdicts_are_certain():
    inputs = town()
    result = sureness(draws(inputs, Uncertainty(draws=20)))
    assert set(result.communes["below_share"]) <= {0.0, 1.0}
    assert (result.communes["rank_low"] == result.communes["rank_high"]).all()
    assert sorted(result.communes["rank_low"]) == list(range(1, 13))


def test_factors_have_a_mean_of_one_and_the_error_asked_for():
    drawn = log_normal(np.full(200_000, 0.3), normals(5, "capacity", 0, 200_000))
    assert drawn.mean() == pytest.approx(1, abs=0.005)
    assert drawn.std() == pytest.approx(0.3, rel=0.02)
    assert (log_normal(np.zeros(3), np.array([-9.0, 0, 9])) == 1).all()
    assert relative_error(np.array([25.0]), 0.0, 1.0) == pytest.approx(0.2)


def test_sources_and_draws_throw_different_dice():
    one = uniform(1, "norm", 0, 1000)
    assert ((one > 0) & (one < 1)).all()
    for other in (uniform(1, "reach", 0, 1000), uniform(1, "norm", 1, 1000),
                  uniform(2, "norm", 0, 1000)):  # fmt: skip
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.1
    # the words of Philox4x64-10 for a key and a counter of 0, as published with the algorithm
    words = np.random.Philox(key=0, counter=[2**64 - 1] * 4).random_raw(1)
    assert words[0] == 0x16554D9ECA36314C


def test_the_choice_that_moves_the_ranking_most_comes_first():
    inputs = town(people_error=0.1)
    table = sensitivity(inputs, every_die(draws=30))
    assert table["tau"].is_monotonic_increasing
    assert set(table["choice"]) == {"norm", "reach", "times", "population", "local_times"}
    assert (table["tau"] <= 1).all()
    still = sensitivity(town(), Uncertainty(norm={"low": 1, "high": 1, "source": "test"}))
    assert still[["tau", "changed", "entered"]].to_numpy() == pytest.approx(
        np.array([[1, 0, 0]] * 2)
    )


def test_slower_times_and_a_shorter_reach_are_the_same_choice():
    slow = every_die(times=None, local_times=None, norm=None,
                     reach={"low": 0.8, "high": 1.25, "source": "test"})  # fmt: skip
    table = sensitivity(town(), slow).set_index("variant")
    assert list(table["choice"].unique()) == ["reach"]
    assert set(table.index) == {"0.8", "1.25"}


def test_weights_that_are_ranges_follow_their_law():
    """Two weights u and v between 0 and 1: the first commune scores 100 u / (u + v).

    P(u < r v) = r / 2 for r ≤ 1: u / (u + v) is under 0.1 / 1.1 with a chance of 0.05.
    """
    parts = pd.DataFrame({"near": [100.0, 0.0, 0.0], "rich": [0.0, 100.0, 0.0]}, list("abc"))
    found = weighed(parts, {"near": (0, 1), "rich": (0, 1)}, draws=4000, seed=2)
    assert found["score_mean"].tolist() == pytest.approx([50, 50, 0], abs=1.5)
    assert found["rank_low"].tolist() == [1, 1, 3]
    assert found["rank_high"].tolist() == [2, 2, 3]
    assert found["score_low"]["a"] == pytest.approx(100 * 0.1 / 1.1, abs=1)
    fixed = weighed(parts, {"near": (3, 3), "rich": (1, 1)}, draws=10, seed=2)
    assert fixed["score_low"].tolist() == fixed["score_high"].tolist() == [75, 25, 0]
    with pytest.raises(UnknownCodeError, match="poor"):
        weighed(parts, {"poor": (0, 1)}, draws=10, seed=2)
