"""Speeds that made the observed times must be found again, and honestly judged."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctg_geo.calibration import Trips, calibrate, exposure, terms_of
from ctg_geo.calibration.calibrate import folds
from ctg_geo.errors import CalibrationError
from ctg_geo.network import edge_speeds
from ctg_geo.parameters import CalibrationRules
from roads_of_grid import grid, observed, profile, trips_between

RULES = CalibrationRules(draws=40, folds=3)
TRUTH = {"primary": 48.0, "residential": 37.0, "town_primary": 27.0, "town_residential": 24.0}


@pytest.fixture(scope="module")
def roads():
    return grid()


@pytest.fixture(scope="module")
def truth():
    return profile(**TRUTH, signals=12)


@pytest.fixture(scope="module")
def made(roads, truth):
    return calibrate(roads, profile(), observed(roads, truth, origins=80, each=15), rules=RULES)


def speeds(profile_, key):
    return profile_.speed_kmh[key], profile_.urban_kmh[key]


def test_without_noise_the_true_speeds_are_found_to_half_a_percent(roads, truth):
    trips = observed(roads, truth, origins=60, each=10, noise=0, outliers=0)
    found = calibrate(roads, profile(), trips, rules=RULES)
    for key in ("primary", "residential"):
        assert found.profile.speed_kmh[key] == pytest.approx(truth.speed_kmh[key], rel=0.005)
        assert found.profile.urban_kmh[key] == pytest.approx(truth.urban_kmh[key], rel=0.03)
    assert found.error("after", "mape") < 0.002
    assert found.settled


def test_noise_of_5_percent_and_outliers_leave_3_percent_on_well_travelled_classes(made):
    assert made.profile.speed_kmh["primary"] == pytest.approx(48, rel=0.03)
    assert made.profile.speed_kmh["residential"] == pytest.approx(37, rel=0.03)
    assert made.improves
    assert made.error("unseen", "mae_min") < made.error("before", "mae_min")


def test_the_true_speeds_change_which_way_is_fastest(roads, truth):
    """Else the tests above would hold for a regression on the first ways alone."""
    trips = observed(roads, truth, origins=60, each=10, noise=0, outliers=0)
    terms = terms_of(roads, profile(), RULES)
    first = exposure(roads, terms, terms.profile, trips)
    last = exposure(roads, terms, terms_of(roads, truth, RULES).profile, trips)
    assert (np.abs(first.km - last.km).max(axis=1) > 0.4).mean() > 0.2
    once = calibrate(roads, profile(), trips, rules=RULES.model_copy(update={"rounds": 1}))
    often = calibrate(roads, profile(), trips, rules=RULES)
    assert often.error("after", "mae_min") < once.error("after", "mae_min") / 2


def test_a_class_that_nobody_takes_keeps_its_default_and_is_said(roads):
    start, end = np.arange(12), np.arange(2, 14)  # along the first row: primary only
    trips = trips_between(roads, start, end, np.full(12, 1.5))
    found = calibrate(roads, profile(), trips, rules=RULES)
    told = found.speeds.set_index(["kind", "key", "urban"])["status"]
    assert told["pace", "primary", False] in {"fitted", "loose", "bound"}
    assert told["pace", "residential", False] == told["pace", "trunk", True] == "kept"
    assert speeds(found.profile, "residential") == speeds(profile(), "residential")
    assert found.profile.speed_kmh["motorway"] == 90
    assert any(each.key == "calibration_kept" for each in found.findings)


def test_a_town_speed_that_is_kept_does_not_follow_the_country_speed(roads):
    """urban_kmh is spelled out, for else a class would take its new speed in towns too."""
    given = profile().model_copy(update={"urban_kmh": {}})
    start, end = np.arange(12), np.arange(2, 14)
    trips = trips_between(roads, start, end, np.full(12, 1.5))
    found = calibrate(roads, given, trips, rules=RULES)
    assert found.profile.speed_kmh["primary"] < 55
    assert found.profile.urban_kmh["primary"] == 60


def test_by_class_is_judged_against_the_stated_speeds_it_replaces(roads, truth):
    """Not against defaults that nobody used: what is stated here is right, so nothing is won."""
    right = edge_speeds(roads, truth)
    stated = replace(roads, edges=roads.edges.assign(speed_kmh=right, speed_kind="mean"))
    trips = observed(stated, truth, origins=40, each=10, noise=0.05, outliers=0)
    rules = RULES.model_copy(update={"use_stated": False})
    found = calibrate(stated, truth.model_copy(update={"speed_kmh": {"primary": 20.0}}), trips,
                      rules=rules)  # fmt: skip
    assert found.error("before", "mape") == pytest.approx(0.05 * np.sqrt(2 / np.pi), rel=0.1)
    assert not found.improves


def test_speeds_stay_within_their_bounds_and_say_so(roads, truth):
    trips = observed(roads, truth, origins=40, each=10, outliers=0)
    rules = RULES.model_copy(update={"bounds": {"primary": (55.0, 70.0)}})
    found = calibrate(roads, profile(), trips, rules=rules)
    told = found.speeds.set_index(["kind", "key", "urban"])
    assert found.profile.speed_kmh["primary"] == 55
    assert told.at[("pace", "primary", False), "status"] == "bound"


def test_times_of_the_defaults_are_not_improved_and_it_says_so(roads):
    trips = observed(roads, profile(), origins=40, each=10, noise=0.15, outliers=0)
    found = calibrate(roads, profile(), trips, rules=RULES)
    assert not found.improves
    assert found.gain < RULES.least_gain


def test_folds_never_share_an_origin(roads, truth):
    trips = observed(roads, truth, origins=30, each=7)
    fold = folds(trips.group, RULES)
    assert set(fold) == {0, 1, 2}
    for each in range(3):
        test = set(zip(trips.x[fold == each], trips.y[fold == each], strict=True))
        train = set(zip(trips.x[fold != each], trips.y[fold != each], strict=True))
        assert test
        assert not test & train


def test_two_names_of_one_place_are_one_origin():
    far = np.array([0.0, 0.3, 900.0])
    trips = Trips(
        far, np.zeros(3), far + 5000, np.zeros(3), np.full(3, "", dtype=object), np.ones(3),
        "EPSG:2154",
    )  # fmt: skip
    assert trips.group.tolist() == [0, 0, 1]


def test_an_origin_is_computed_without_its_own_times(roads, truth):
    """Changing the times of one origin may change what others are told, never its own."""
    trips = observed(roads, truth, origins=12, each=10, noise=0, outliers=0)
    rules = RULES.model_copy(update={"folds": 12})
    mine = trips.group == 3
    wrong = Trips(trips.x, trips.y, trips.to_x, trips.to_y, trips.service,
                  np.where(mine, 3 * trips.minutes, trips.minutes), trips.crs)  # fmt: skip
    right, other = (calibrate(roads, profile(), each, rules=rules).trips for each in (trips, wrong))
    assert other.loc[mine, "unseen"].tolist() == pytest.approx(
        right.loc[mine, "unseen"], nan_ok=True
    )
    assert not np.allclose(other.loc[~mine, "unseen"], right.loc[~mine, "unseen"], equal_nan=True)


def test_the_same_trips_give_the_same_speeds_and_another_seed_other_folds(roads, truth, made):
    trips = observed(roads, truth, origins=80, each=15)
    again = calibrate(roads, profile(), trips, rules=RULES)
    assert again.profile == made.profile
    pd.testing.assert_frame_equal(again.speeds, made.speeds)
    pd.testing.assert_frame_equal(again.trips, made.trips)
    other = folds(trips.group, RULES.model_copy(update={"seed": 7}))
    assert (other != folds(trips.group, RULES)).any()


def test_a_period_is_fitted_alone(roads, truth):
    trips = observed(roads, truth, origins=30, each=10)
    found = calibrate(roads, profile().at("night"), trips, rules=RULES)
    assert set(found.profile.periods) == {"night"}
    assert set(found.speeds["kind"]) == {"pace"}  # nothing is lost at junctions by night


def test_the_time_before_one_sets_out_is_found(roads, truth):
    trips = observed(roads, truth, origins=60, each=10, noise=0, outliers=0)
    late = Trips(trips.x, trips.y, trips.to_x, trips.to_y, trips.service, trips.minutes + 3,
                 trips.crs)  # fmt: skip
    moved = late.minutes > 3  # not those that stay where they are
    found = calibrate(
        roads, profile(), late.at(moved), rules=RULES.model_copy(update={"fit_start": True})
    )
    assert found.profile.snapping.start_min == pytest.approx(3, abs=0.1)


def test_every_trip_is_used_or_told_why_not(roads):
    start = np.repeat(np.arange(12), 2)
    trips = trips_between(roads, start, start + 2, np.full(24, 2.0))
    trips.minutes[0] = 0
    trips.x[1], trips.y[1] = 700_000, 6_300_000
    trips.to_x[2], trips.to_y[2] = trips.x[2], trips.y[2]
    found = calibrate(roads, profile(), trips, rules=RULES)
    assert found.trips["status"].tolist()[:3] == ["zero", "far", "off_road"]
    assert found.trips["status"].value_counts()["used"] == 21
    keys = {each.key for each in found.findings}
    assert {"trips_zero", "trips_far", "trips_off_road"} <= keys
    assert all(each.explain() for each in found.findings)


def test_one_origin_cannot_be_judged_and_it_says_so(roads):
    trips = trips_between(roads, np.zeros(12, int), np.arange(1, 13), np.arange(1, 13.0))
    found = calibrate(roads, profile(), trips, rules=RULES)
    assert np.isnan(found.gain)
    assert not found.improves
    assert any(each.key == "calibration_unjudged" for each in found.findings)


def test_too_few_trips_are_refused_in_words(roads):
    with pytest.raises(CalibrationError, match="at least 10") as caught:
        calibrate(roads, profile(), trips_between(roads, [0], [5], [4.0]), rules=RULES)
    assert "au moins 10" in caught.value.explain()
    assert "1 à 0 min" not in caught.value.explain()


def test_minutes_that_are_no_numbers_are_refused(roads):
    with pytest.raises(CalibrationError, match="negative"):
        trips_between(roads, [0], [5], [-1.0])


def test_degrees_are_refused():
    one = np.ones(1)
    with pytest.raises(CalibrationError, match="EPSG:4326"):
        Trips(one, one, one, one, np.array([""], dtype=object), one, "EPSG:4326")
