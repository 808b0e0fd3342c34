"""Local Moran's I by hand, and its p-values against all possible neighbours."""

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from ctg_geo.errors import DataError
from ctg_geo.patterns import local_moran
from ctg_geo.patterns.moran import KINDS

CODES = [f"c{k}" for k in range(8)]
VALUES = pd.Series([9.0, 8.0, 7.5, 2.0, 3.0, 1.0, 0.5, 5.0], CODES)
LINE = csr_array(np.eye(8, k=1, dtype=bool) | np.eye(8, k=-1, dtype=bool))
GRID = 12


def grid():
    """Squares of a grid and those they share a side with."""
    line = np.eye(GRID, k=1) + np.eye(GRID, k=-1)
    one = np.eye(GRID)
    return csr_array((np.kron(line, one) + np.kron(one, line)) > 0)


def test_the_statistic_is_that_of_its_definition():
    found = local_moran(VALUES, LINE, permutations=99, seed=1, level=0.05)
    z = (VALUES - VALUES.mean()).to_numpy()
    lag = [z[1], *((z[k - 1] + z[k + 1]) / 2 for k in range(1, 7)), z[6]]
    assert found["moran"].tolist() == pytest.approx(z * lag / (z**2).mean())


def test_with_all_linked_alike_the_mean_is_the_global_index():
    found = local_moran(VALUES, LINE, permutations=9, seed=1, level=0.05)
    z = (VALUES - VALUES.mean()).to_numpy()
    weights = LINE.toarray() / LINE.toarray().sum(axis=1, keepdims=True)
    whole = (weights * np.outer(z, z)).sum() / (z**2).sum()  # n / Σ w = 1
    assert found["moran"].mean() == pytest.approx(whole)


def test_p_is_the_share_of_all_possible_neighbours_at_least_as_far_out():
    found = local_moran(VALUES, LINE, permutations=20_000, seed=3, level=0.05)
    z = VALUES - VALUES.mean()
    for at, code in enumerate(CODES):
        near = np.flatnonzero(LINE.toarray()[at])
        others = z.drop(code).to_numpy()
        means = np.array([np.mean(some) for some in combinations(others, len(near))])
        own = z.to_numpy()[near].mean()
        above, below = (means >= own - 1e-12).mean(), (means <= own + 1e-12).mean()
        exact = min(1.0, 2 * min(above, below))
        assert found.at[code, "p"] == pytest.approx(exact, abs=0.015)


def test_a_hot_block_is_found_and_noise_is_not():
    random = np.random.default_rng(5)
    noise = random.normal(size=(GRID, GRID))
    block = noise.copy()
    block[2:7, 2:7] += 6
    index = [f"s{k:03d}" for k in range(GRID**2)]
    hot, cold = (
        local_moran(pd.Series(each.ravel(), index), grid(), permutations=1999, seed=1, level=0.05)
        for each in (block, noise)
    )
    inner = [f"s{row * GRID + column:03d}" for row in range(3, 6) for column in range(3, 6)]
    assert (hot.loc[inner, "kind"] == "high_high").all()
    assert (cold["kind"] != "not_significant").sum() <= 2
    assert set(hot["kind"]) <= set(KINDS)


def test_adjusted_p_follow_benjamini_and_hochberg():
    found = local_moran(VALUES, LINE, permutations=999, seed=1, level=0.05)
    ranked = found["p"].sort_values()
    steps = ranked * len(ranked) / np.arange(1, len(ranked) + 1)
    expected = steps[::-1].cummin().clip(upper=1)
    assert found["p_adjusted"][expected.index].tolist() == pytest.approx(expected.tolist())


def test_the_order_of_rows_changes_nothing():
    first = local_moran(VALUES, LINE, permutations=199, seed=1, level=0.3)
    order = np.random.default_rng(0).permutation(8)
    turned = LINE.tocsr()[order][:, order]
    second = local_moran(VALUES.iloc[order], turned, permutations=199, seed=1, level=0.3)
    pd.testing.assert_frame_equal(second.loc[CODES], first)


def test_what_has_no_index_says_why():
    alone = LINE.toarray()
    alone[7], alone[:, 7] = False, False
    found = local_moran(VALUES, csr_array(alone), permutations=99, seed=1, level=0.05)
    assert found["undefined"].tolist() == [""] * 7 + ["no_neighbour"]
    assert found.loc["c7", "kind"] == "undefined"
    assert found["p"].isna().tolist() == [False] * 7 + [True]
    alike = local_moran(VALUES * 0 + 0.1, LINE, permutations=9, seed=1, level=0.05)
    assert set(alike["undefined"]) == {"all_alike"}
    nobody = local_moran(VALUES, csr_array((8, 8), dtype=bool), permutations=9, seed=1, level=0.1)
    assert set(nobody["undefined"]) == {"no_neighbour"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        none = local_moran(VALUES[:0], LINE[:0, :0], permutations=9, seed=1, level=0.1)
        one = local_moran(VALUES[:1], LINE[:1, :1], permutations=9, seed=1, level=0.1)
    assert (len(none), one["undefined"].tolist()) == (0, ["all_alike"])
    with pytest.raises(DataError, match="c3 has no value"):
        local_moran(VALUES.where(VALUES.index != "c3"), LINE, permutations=9, seed=1, level=0.1)
