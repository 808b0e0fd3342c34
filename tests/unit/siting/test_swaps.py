"""Swaps of sites, by the compiled loops and the plain ones: what they keep, when they end."""

import numpy as np
import pytest

from ctg_geo.siting.classical import loops, plain

BASE = 50.0


def land(seed):
    """Ten homes and six sites, in two groups and one that is in none; whole costs and prices."""
    draw = np.random.default_rng(seed)
    one = {
        "cost": draw.integers(0, 40, (10, 6)).astype(np.int32),
        "weight": draw.integers(1, 9, 10).astype(float),
        "group": np.array([0, 0, 0, 1, 1, -1])[draw.permutation(6)],
        "price": draw.integers(1, 6, 6).astype(float),
        "chosen": np.sort(draw.choice(6, 3, replace=False)).astype(np.int64),
        "more": float(draw.integers(0, 3)),
    }
    one["least"] = np.minimum(draw.integers(0, 2, 2), held(one, one["chosen"]))
    return one


def total(one, chosen):
    nearest = np.minimum(one["cost"][:, chosen].min(axis=1), BASE)
    return float((one["weight"] * nearest).sum())


def held(one, chosen):
    return np.array([int((one["group"][chosen] == each).sum()) for each in (0, 1)])


def swapped(module, one):
    """Swap until none helps; return sites, what each group may lose and the money left."""
    cost, chosen = one["cost"], one["chosen"].copy()
    base = np.full(len(cost), BASE)
    state = np.empty(10, np.int64), np.empty(10, np.int64), np.empty(10), np.empty(10)
    module.assign(cost, chosen, base, state)
    purse = np.array([one["more"]])
    spare = (held(one, chosen) - one["least"]).astype(np.int64)
    done = module.improve(
        cost, np.ascontiguousarray(cost.T), one["weight"], base, chosen, state,
        (one["group"].astype(np.int64), spare, one["price"], purse),
    )  # fmt: skip
    return chosen, spare, purse[0], done, state


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("module", [loops, plain], ids=["compiled", "plain"])
def test_swaps_keep_groups_and_money_and_stop_where_no_swap_helps(module, seed):
    one = land(seed)
    chosen, spare, left, done, state = swapped(module, one)
    paid = one["price"][chosen].sum() - one["price"][one["chosen"]].sum()
    assert left == one["more"] - paid >= 0
    assert spare.tolist() == (held(one, chosen) - one["least"]).tolist()
    assert min(spare) >= 0
    assert len(set(chosen)) == 3
    assert (done == 0) == (total(one, chosen) == total(one, one["chosen"]))
    for out in range(3):
        for site in set(range(6)) - set(chosen):
            other = chosen.copy()
            other[out] = site
            dear = one["price"][site] - one["price"][chosen[out]] > left
            if not dear and (held(one, other) >= one["least"]).all():
                assert total(one, other) >= total(one, chosen) - 1e-6
    assert state[2].tolist() == np.minimum(one["cost"][:, chosen].min(axis=1), BASE).tolist()


@pytest.mark.parametrize("seed", range(40))
def test_both_loops_make_the_same_swaps(seed):
    """Which of two sites as near serves a home is told nowhere, and may differ."""
    one = land(seed)
    *fast, near = swapped(loops, one)
    *slow, also = swapped(plain, one)
    for this, that in zip([*fast, *near[2:]], [*slow, *also[2:]], strict=True):
        np.testing.assert_array_equal(this, that)
