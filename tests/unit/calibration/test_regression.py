"""The reweighted regression against scipy's own robust least squares."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from ctg_geo.calibration.regression import Problem, fitted, loss, spread


def problem(seed, *, trips=60, unknowns=3, ridge=0.5, bound=0.6):
    draw = np.random.default_rng(seed)
    design = draw.uniform(0, 5, (trips, unknowns))
    target = design @ draw.uniform(-0.8, 0.8, unknowns) + draw.normal(0, 0.5, trips)
    target[:3] += 40
    return Problem(
        design,
        target,
        np.full(unknowns, ridge),
        np.full(unknowns, -bound),
        np.full(unknowns, bound),
    )


def cost(given, change):
    return loss(given.design @ change - given.target).sum() + (given.ridge * change**2).sum()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_it_is_the_optimum_that_scipy_finds(seed):
    given = problem(seed, ridge=0.0)
    oracle = least_squares(
        lambda change: given.design @ change - given.target, np.zeros(3), loss="soft_l1",
        bounds=(given.low, given.high), xtol=1e-12, ftol=1e-12, gtol=1e-12,
    )  # fmt: skip
    found = fitted(given)
    assert (found >= given.low - 1e-12).all()
    assert (found <= given.high + 1e-12).all()
    assert cost(given, found) <= cost(given, oracle.x) * (1 + 1e-6)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), step=st.floats(-0.1, 0.1))
def test_no_step_within_the_bounds_is_better(seed, step):
    given = problem(seed)
    found = fitted(given)
    for at in range(3):
        other = found.copy()
        other[at] = np.clip(other[at] + step, given.low[at], given.high[at])
        assert cost(given, found) <= cost(given, other) + 1e-6


def test_an_unknown_that_no_trip_meets_keeps_its_default():
    given = problem(1)
    given.design[:, 2] = 0
    assert fitted(given)[2] == 0


def test_one_gross_error_in_twenty_moves_it_little():
    clean = problem(5)
    clean.target[:3] -= 40
    wrong = Problem(clean.design, clean.target.copy(), clean.ridge, clean.low, clean.high)
    wrong.target[:3] += 1000
    assert fitted(wrong) == pytest.approx(fitted(clean), abs=0.08)
    plain = np.linalg.lstsq(wrong.design, wrong.target, rcond=None)[0]
    assert np.abs(plain - fitted(clean)).max() > 1  # what least squares would make of it


def test_the_range_shrinks_with_four_times_the_origins_and_holds_the_truth():
    truth = np.array([0.2, -0.3])
    wide = []
    for origins in (20, 80):
        draw = np.random.default_rng(2)
        design = draw.uniform(0, 5, (origins * 4, 2))
        target = design @ truth + draw.normal(0, 0.5, len(design))
        given = Problem(design, target, np.zeros(2), np.full(2, -1.0), np.full(2, 1.0))
        low, high = spread(given, np.repeat(np.arange(origins), 4), draws=200, seed=0)
        assert (low < truth).all()
        assert (truth < high).all()
        wide.append((high - low).mean())
    assert wide[1] == pytest.approx(wide[0] / 2, rel=0.35)
