"""Draws against the plain measures, an exact law, and themselves."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm as normal

from ctg_geo.access import Sharing, rule_of
from ctg_geo.access.decay import flat, gaussian
from ctg_geo.errors import DataError, TravelError, UnknownCodeError
from ctg_geo.parameters import Uncertainty
from ctg_geo.uncertainty import draws, sureness
from ctg_geo.uncertainty.sharing import Pairs, compiled_sharer, plain_sharer, weight_table
from ctg_geo.uncertainty.throwing import dice_of
from dice_cases import DECAYS, STEPS, every_die, inputs_of, slow_diagnosis, town

ERRORS = {"people_error": 0.2, "inside_error": 0.3, "supply_error": 0.25}


def told(found):
    names = ("value", "people", "below", "gap", "concerned", "score")
    return b"".join(getattr(found, name).tobytes() for name in names)


MODES = pd.Series({f"c{k}": "far" if k % 3 else "near" for k in range(7)})
TWO_CARES = Sharing(
    {"near": rule_of("e2sfca", flat(8)), "far": rule_of("m2sfca", gaussian(15))}, MODES
)
SHARED = [
    {"norm": None}, {"norm": 0.1}, {"sharings": (TWO_CARES,)},
    *({"measure": each} for each in ("two_step", "m2sfca", "three_step")),
]  # fmt: skip


@pytest.mark.parametrize("given", SHARED)
def test_every_draw_is_the_diagnosis_of_what_was_thrown(given):
    inputs = town(decays=DECAYS, **given, **ERRORS)
    settings = every_die(decays=[{"kind": "flat", "reach_min": 15}])
    found = draws(inputs, settings).found
    arrays = inputs.arrays()
    dice = dice_of(inputs, arrays, settings)
    for draw in range(settings.draws):
        throw = dice.throw(draw, settings.seed)
        value, gap, below, score = slow_diagnosis(inputs, throw, arrays.codes)
        assert found.value[draw] == pytest.approx(value.to_numpy(), rel=1e-12, nan_ok=True)
        assert found.gap[draw] == pytest.approx(gap.to_numpy(), rel=1e-12)
        assert (found.below[draw] == below.to_numpy()).all()
        assert found.score[draw] == pytest.approx(score.to_numpy(), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("norm", [0.1, None])
def test_without_error_every_draw_is_the_plain_diagnosis_to_the_bit(norm):
    inputs = town(norm=norm)
    found = draws(inputs, Uncertainty(draws=10)).found
    arrays = inputs.arrays()
    throw = dice_of(inputs, arrays, Uncertainty()).throw(0, 1)
    assert (throw.people == inputs.people.to_numpy()).all()
    value, gap, below, _ = slow_diagnosis(inputs, throw, arrays.codes)
    for draw in range(10):
        assert found.value[draw].tobytes() == value.to_numpy().tobytes()
        assert found.gap[draw].tobytes() == gap.to_numpy().tobytes()
        assert (found.below[draw] == below.to_numpy()).all()


@pytest.mark.parametrize("norm", [0.1, None])
def test_neither_threads_nor_batches_change_a_byte(monkeypatch, norm):
    inputs, settings = town(norm=norm, decays=DECAYS, **ERRORS), every_die()
    once = told(draws(inputs, settings, workers=1).found)
    monkeypatch.setattr("ctg_geo.uncertainty.throwing._ROOM", 60 * 7)
    assert told(draws(inputs, settings, workers=3).found) == once
    more = draws(inputs, settings.model_copy(update={"draws": 55})).found
    assert more.gap[:40].tobytes() == draws(inputs, settings).found.gap.tobytes()
    other = draws(inputs, settings.model_copy(update={"seed": 12})).found
    assert other.gap.tobytes() != draws(inputs, settings).found.gap.tobytes()


def test_compiled_and_plain_share_out_the_same_bytes(monkeypatch):
    inputs = town(decays=DECAYS, **ERRORS)
    plain = told(draws(inputs, every_die()).found)
    monkeypatch.setattr("ctg_geo.uncertainty.sharing._SMALL", 0)
    assert told(draws(inputs, every_die(), workers=2).found) == plain
    pairs = Pairs.of(inputs.times, reach_min=15, fastest=1.0)
    slower, people = np.linspace(0.7, 1.4, 60), inputs.people.to_numpy()
    for decay in DECAYS:
        given = (slower, people, inputs.supply.to_numpy(), weight_table(decay))
        assert compiled_sharer(pairs)(*given).tobytes() == plain_sharer(pairs, 7)(*given).tobytes()


def test_one_commune_and_one_place_follow_the_law():
    """The share below is exact: ln(supply / people) is normal.

    50 places for 400 children are 0.125 each, against a norm of 0.12. With relative errors of
    0.1 and 0.2, ln access is normal of variance ln(1.01) + ln(1.04) and mean ln 0.125 +
    (ln(1.04) − ln(1.01)) / 2.
    """
    inputs = inputs_of(
        [("h", "c", 3)], {"h": 400}, {"h": "26001"}, {"c": 50}, norm=0.12, people_error=0.2,
        supply_error=0.1,
    )  # fmt: skip
    count = 20_000
    found = sureness(draws(inputs, Uncertainty(draws=count))).communes.loc["26001"]
    spread = np.sqrt(np.log(1.01) + np.log(1.04))
    middle = np.log(0.125) + (np.log(1.04) - np.log(1.01)) / 2
    expected = normal.cdf((np.log(0.12) - middle) / spread)
    assert found["below_share"] == pytest.approx(expected, abs=1 / np.sqrt(count))
    ends = 100 * np.exp(middle + spread * normal.ppf([0.05, 0.95]))
    assert [found["value_low"], found["value_high"]] == pytest.approx(ends, rel=0.01)


def test_a_published_total_is_kept_and_what_is_observed_is_not_moved():
    inputs = town(people_error=0.3, inside_error=0.2)
    codes = pd.Index(sorted(set(inputs.commune)))
    sure = inputs.people_error.copy()
    sure[codes[:2]] = 0.0
    inputs = replace(
        inputs, people_error=sure, inside_error=inputs.inside_error * 0 + 0.2,
        control=pd.Series(["nord"] * 5 + ["sud"] * 4 + [""] * 3, codes),
    )  # fmt: skip
    arrays = inputs.arrays()
    dice = dice_of(inputs, arrays, Uncertainty())
    before = inputs.people.groupby(inputs.commune).sum()
    for draw in range(20):
        people = pd.Series(dice.throw(draw, 1).people, inputs.people.index)
        after = people.groupby(inputs.commune).sum()
        assert after[:5].sum() == pytest.approx(before[:5].sum())
        assert after[5:9].sum() == pytest.approx(before[5:9].sum())
        assert after[9:].sum() != pytest.approx(before[9:].sum())
        assert after[:2].tolist() == pytest.approx(before[:2].tolist())
        share = pd.Series(dice.throw(draw, 1).share, inputs.people.index)
        assert share.groupby(inputs.commune).sum().to_numpy() == pytest.approx(np.ones(12))


def test_the_order_of_rows_does_not_change_whose_die_is_thrown():
    inputs = town(**ERRORS)
    turned = replace(
        inputs, people=inputs.people[::-1], commune=inputs.commune[::-1],
        times=type(inputs.times).from_frame(
            inputs.times.to_frame(), limit_min=60, origins=inputs.times.origins[::-1],
            destinations=inputs.times.destinations[::-1],
        ),
    )  # fmt: skip
    one, other = (draws(each, every_die()).found for each in (inputs, turned))
    assert other.gap == pytest.approx(one.gap, rel=1e-9)
    assert (other.below == one.below).all()


def test_no_place_within_reach_nobody_to_serve_and_no_places_at_all():
    far = inputs_of([("h", "c", 50)], {"h": 10}, {"h": "a"}, {"c": 5}, people_error=0.2)
    found = sureness(draws(far, every_die())).communes.loc["a"]
    assert (found["below_share"], found["value_mean"], found["worst_share"]) == (1, 0, 1)
    empty = inputs_of([("h", "c", 1)], {"h": 0}, {"h": "a"}, {"c": 5}, people_error=0.2)
    found = sureness(draws(empty, every_die())).communes.loc["a"]
    assert (found["gap_mean"], found["gap_high"], found["worst_share"]) == (0, 0, 0)
    none = inputs_of([], {"h": 10}, {"h": "a"}, {}, norm=None)
    result = sureness(draws(none, every_die()))
    assert result.communes.loc["a", "below_share"] == 1
    assert np.isnan(result.communes.loc["a", "value_mean"])
    assert result.communes.loc["a", "gap_mean"] == 10
    assert (result.communes["close_group"] == 0).all()


def test_times_are_asked_no_farther_than_they_are_known():
    inputs = inputs_of([("h", "c", 15)], {"h": 9}, {"h": "a"}, {"c": 5}, limit_min=16)
    thrown = draws(inputs, every_die(times={"relative": 0.5, "source": "test"}, draws=100))
    assert 0 < thrown.cut < 100
    short = inputs_of([("h", "c", 9)], {"h": 9}, {"h": "a"}, {"c": 5}, limit_min=10)
    with pytest.raises(TravelError, match="10"):
        draws(short, every_die())
    time = inputs_of([("h", "c", 9)], {"h": 9}, {"h": "a"}, {"c": 5}, limit_min=16, norm=None)
    with pytest.raises(TravelError, match="16"):
        draws(time, every_die())


def test_a_table_that_lacks_a_code_is_refused():
    inputs = town()
    with pytest.raises(UnknownCodeError, match="h000"):
        draws(replace(inputs, commune=inputs.commune.drop("h000")), Uncertainty())
    with pytest.raises(UnknownCodeError, match="99999"):
        draws(replace(inputs, judged=pd.Index(["99999"])), Uncertainty())
    with pytest.raises(DataError):
        draws(replace(inputs, people_error=inputs.people_error - 1), Uncertainty())


def test_the_least_weight_is_that_of_what_is_farther():
    table = weight_table(STEPS)
    assert (table[300_000], table[300_001], table[900_000], table[900_001]) == (1, 0.68, 0.22, 0)
