"""How willingness to travel falls: bounds belong to the nearer zone."""

import numpy as np
import pytest

from ctg_geo.access import decay
from ctg_geo.parameters import (
    ExponentialRule,
    FlatRule,
    GaussianRule,
    LogisticRule,
    PowerRule,
    StepsRule,
)

MS = 1 / 60_000


def test_a_step_holds_up_to_its_bound_included():
    shape = decay.steps([10, 20, 30], [1, 0.68, 0.22])
    times = [0, 10, 10 + MS, 20, 20 + MS, 30, 30 + MS]
    assert shape(times).tolist() == [1, 1, 0.68, 0.68, 0.22, 0.22, 0]
    assert shape.reach_min == 30


def test_a_flat_weight_holds_up_to_its_reach_included():
    assert decay.flat(15)([0, 15, 15 + MS]).tolist() == [1, 1, 0]


def test_a_gaussian_is_1_on_the_spot_and_as_said_at_its_reach():
    shape = decay.gaussian(20, at_reach=0.25)
    # exp(-(t/s)²) is 1/4 at 20 min, so 4^-(1/4) = 0.7071 half way, and 0 beyond
    assert shape([0, 10, 20, 20 + MS]) == pytest.approx(np.array([1, 0.5**0.5, 0.25, 0]))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (FlatRule(kind="flat", reach_min=12), [1, 1, 0]),
        (StepsRule(kind="steps", bounds_min=(6, 12), weights=(1, 0.5)), [1, 0.5, 0]),
        (GaussianRule(kind="gaussian", reach_min=12, at_reach=0.5), [1, 0.5, 0]),
        (ExponentialRule(kind="exponential", reach_min=12, per_min=0.25), [1, np.exp(-3), 0]),
        (PowerRule(kind="power", reach_min=12, exponent=2, from_min=4), [1, 1 / 9, 0]),
        (
            LogisticRule(kind="logistic", reach_min=12, half_min=6, spread_min=np.pi / 3**0.5),
            [1, (1 + np.exp(-6)) / (1 + np.exp(6)), 0],  # of scale 1
        ),
    ],
)
def test_a_setting_becomes_its_decay(rule, expected):
    shape = decay.from_rule(rule)
    assert shape([0, 12, 12 + MS]) == pytest.approx(np.array(expected))
    assert shape.reach_min == 12


def test_without_an_end_all_that_is_within_reach_weighs_one():
    assert decay.flat(np.inf).zones == ()
    assert decay.flat(np.inf).at_ms(np.array([0, 10**12])).tolist() == [1, 1]
    assert decay.flat(15).zones == ((15.0, 1.0),)


def test_a_gaussian_is_a_hundredth_at_its_reach_unless_said_otherwise():
    assert decay.gaussian(20)([0, 20]) == pytest.approx(np.array([1, 0.01]))


def test_a_power_is_1_up_to_where_it_begins_by_itself_a_minute():
    assert decay.power(60, exponent=2, from_min=4)([0, 3, 4, 8]).tolist() == [1, 1, 1, 0.25]
    assert decay.power(60, exponent=2)([0.5, 1, 2]).tolist() == [1, 1, 0.25]


def test_a_logistic_weight_far_beyond_its_half_is_as_good_as_none_and_overflows_nothing():
    found = decay.logistic(9e5, half_min=1, spread_min=1)([1e5, 9e5])
    assert ((found >= 0) & (found < 1e-300)).all()


@pytest.mark.parametrize("shape", [decay.gaussian(20, at_reach=0.25), decay.flat(20)])
def test_the_last_millisecond_within_reach_still_weighs(shape):
    found = shape.at_ms(np.array([0, 1_200_000, 1_200_001]))
    assert found == pytest.approx(shape([0, 20, 20 + MS]))
    assert (found > 0).tolist() == [True, True, False]


def test_a_logistic_weight_is_the_share_of_longer_trips_over_that_on_the_spot():
    # of standard deviation 2, so of scale 2 √3 / π; on the spot some are shorter than no time
    shape = decay.logistic(15, half_min=3, spread_min=2)
    scale = 2 * np.sqrt(3) / np.pi
    longer = [1 / (1 + np.exp((minutes - 3) / scale)) for minutes in (0, 3, 15)]
    assert shape([0, 3, 15]) == pytest.approx(np.array(longer) / longer[0])
    assert longer[1] / longer[0] > 0.53  # so far from a half that the scale is felt
