"""The rules by which modes of care are shared, by hand: two homes, a crèche, a childminder."""

import numpy as np
import pandas as pd
import pytest

from ctg_geo import TravelTimes
from ctg_geo.access import Rule, Sharing, alone, rule_of, sharing_of
from ctg_geo.access.decay import flat, steps
from ctg_geo.errors import TravelError
from ctg_geo.parameters import Care, FlatRule, Norm, Service

PAIRS = pd.DataFrame(
    [("a", "x", 5.0), ("a", "y", 15.0), ("b", "y", 5.0)],
    columns=["origin", "destination", "minutes"],
)
TIMES = TravelTimes.from_frame(PAIRS, limit_min=30, origins=["a", "b"], destinations=["x", "y"])
PEOPLE = pd.Series({"a": 40.0, "b": 20.0})
OFFER = pd.Series({"x": 30.0, "y": 12.0})
HALF = steps([10, 20], [1, 0.5])
CARE = pd.Series({"y": "childminder", "x": "creche"})


def test_modes_of_care_do_not_compete_and_add_up():
    rules = {"creche": rule_of("e2sfca", flat(15)), "childminder": rule_of("m2sfca", HALF)}
    found = Sharing(rules, CARE).catchment(TIMES, PEOPLE, OFFER)
    # x: 30 / 40, for a alone. y: 12 / (0.5 × 40 + 20) = 0.3, worth 0.25 of it to a.
    assert found.parts["creche"].tolist() == [0.75, 0]
    assert found.parts["childminder"].tolist() == pytest.approx([0.075, 0.3])
    assert found.access.tolist() == pytest.approx([0.825, 0.3])
    assert found.ratio.tolist() == pytest.approx([0.75, 0.3])
    assert (found.access.name, found.ratio.name) == ("access", "ratio")


def test_a_service_of_one_mode_is_its_measure():
    found = alone(HALF).catchment(TIMES, PEOPLE, OFFER)
    assert found.access.tolist() == pytest.approx([0.75 + 0.5 * 0.3, 0.3])
    assert found.parts.empty


def test_people_go_as_far_as_the_mode_they_go_farthest_for():
    sharing = Sharing({"creche": rule_of("e2sfca", flat(15)), "other": rule_of("e2sfca", HALF)})
    assert sharing.reach_min == 20
    assert (sharing.modal, Sharing(sharing.rules, CARE).modal) == (False, True)
    assert sharing.name == f"{flat(15).name}, {HALF.name}"


def test_another_decay_keeps_the_measure():
    (rule,) = alone(HALF, "two_step").with_decay(steps([10, 25], [1, 0.1])).rules.values()
    assert rule.measure == "two_step"
    assert rule.decay([0, 25, 26]).tolist() == [1, 1, 0]  # 2SFCA keeps the reach alone


def test_the_weights_used_are_those_of_pairs_within_reach():
    used = Rule("m2sfca", HALF).used(TIMES.within(20))
    assert (used.row.tolist(), used.to.tolist()) == ([0, 0, 1], [0, 1, 1])
    assert used.come.tolist() == [1, 0.5, 1]
    assert used.use.tolist() == [1, 0.25, 1]
    near = Rule("e2sfca", flat(10)).used(TIMES)
    assert (near.to.tolist(), near.use.tolist()) == ([0, 1], [1, 1])


def test_people_who_divide_themselves_weigh_one():
    used = Rule("three_step", HALF).used(TIMES)
    assert used.come.tolist() == pytest.approx([1 / 1.5, 0.25 / 1.5, 1])
    assert used.use.tolist() == used.come.tolist()


def test_times_known_just_as_far_as_people_go_will_do_and_shorter_ones_will_not():
    assert len(Rule("e2sfca", flat(30)).used(TIMES).row) == 3
    with pytest.raises(TravelError, match="31") as caught:
        Rule("e2sfca", flat(31)).used(TIMES)
    assert caught.value.reason == "limit"


@pytest.mark.parametrize(
    ("measure", "real", "expected"),
    [
        ("e2sfca", [True, True], [1, 1]),
        ("e2sfca", [False, True], [0.5, 1]),
        ("m2sfca", [False, True], [0.25, 1]),
        ("e2sfca", [True, False], [1, 0]),
        ("three_step", [True, False], [1.25 / 1.5, 0]),  # a divides itself among both
        ("three_step", [False, True], [1.25 / 1.5, 1]),
    ],
)
def test_without_crowds_a_home_has_what_its_nearest_real_place_is_worth(measure, real, expected):
    found = Rule(measure, HALF).uncrowded(TIMES, real=np.array(real))
    assert found.tolist() == pytest.approx(expected)


def test_on_the_spot_time_counts_for_nothing_within_reach():
    near = Rule("e2sfca", HALF).on_the_spot()
    assert near.decay([0, 15, 20, 20.1]).tolist() == [1, 1, 1, 0]
    assert (near.measure, near.decay.reach_min) == ("e2sfca", 20)


def test_only_where_people_divide_themselves_does_a_new_site_change_the_others():
    linear = {each: Rule(each, HALF).linear_in_sites for each in ("e2sfca", "two_step", "m2sfca")}
    assert all(linear.values())
    assert not Rule("three_step", HALF).linear_in_sites


CRECHE = Service(
    label="Crèches", place_label="Crèche", demand="children", people_label="enfants",
    unit="places", norm=Norm(within_min=15, per_100=15, source="test"),
    decay=FlatRule(kind="flat", reach_min=15), measure="m2sfca",
)  # fmt: skip
PLACES = pd.DataFrame({"care": CARE})


def test_a_service_judged_on_time_shares_nothing():
    desk = CRECHE.model_copy(update={"norm": Norm(within_min=5, source="test"), "decay": None})
    assert sharing_of(desk, PLACES) is None


def test_a_service_of_one_mode_is_shared_as_it_declares():
    found = sharing_of(CRECHE, PLACES)
    assert not found.modal
    ((key, rule),) = found.rules.items()
    assert (key, rule.measure, rule.decay.reach_min) == ("", "m2sfca", 15)


def test_a_mode_without_a_measure_takes_that_of_the_service():
    own = Care(label="Assistantes maternelles", decay=FlatRule(kind="flat", reach_min=10),
               measure="two_step")  # fmt: skip
    other = Care(label="Crèches", decay=FlatRule(kind="flat", reach_min=20))
    both = CRECHE.model_copy(update={"care": {"childminder": own, "creche": other}})
    found = sharing_of(both, PLACES)
    assert found.care.to_dict() == {"y": "childminder", "x": "creche"}
    told = {key: (rule.measure, rule.decay.reach_min) for key, rule in found.rules.items()}
    assert told == {"childminder": ("two_step", 10), "creche": ("m2sfca", 20)}


def test_whoever_reaches_a_place_may_be_next_to_it():
    rule = Rule("e2sfca", HALF).on_the_spot()
    assert rule.measure == "e2sfca"
    assert rule.decay(np.array([0, 10, 15, 20, 21])).tolist() == [1, 1, 1, 1, 0]


def test_a_ratio_of_one_is_had_at_the_nearest_place_that_has_supply():
    real = np.array([False, True])  # x has none
    assert Rule("e2sfca", HALF).uncrowded(TIMES, real=real).tolist() == [0.5, 1]
    assert Rule("m2sfca", HALF).uncrowded(TIMES, real=real).tolist() == [0.25, 1]
    # a divides itself: 2/3 to x, 1/3 to y; x's ratio is its own to miss, so both count.
    three = Rule("three_step", HALF).uncrowded(TIMES, real=real)
    assert three.tolist() == pytest.approx([1 * 2 / 3 + 0.5 * 1 / 3, 1])
    nothing = Rule("three_step", HALF).uncrowded(TIMES, real=np.array([False, False]))
    assert nothing.tolist() == [0, 0]


def test_times_must_be_known_as_far_as_people_go():
    assert len(Rule("e2sfca", flat(30)).used(TIMES).row) == 3
    with pytest.raises(TravelError) as caught:
        Rule("e2sfca", flat(31)).used(TIMES)
    assert (caught.value.facts["asked"], caught.value.facts["known"]) == (31, 30)


def test_people_who_come_are_counted_by_mode():
    rules = {"creche": rule_of("e2sfca", HALF), "childminder": rule_of("three_step", HALF)}
    found = Sharing(rules, CARE).among(TIMES, PEOPLE)
    # x: 40 of a, near. y alone for childminders: a sends itself whole, at half; b whole.
    assert found.to_dict() == pytest.approx({"x": 40.0, "y": 0.5 * 40 + 20})


def test_the_people_told_for_all_modes_are_used_by_each():
    rules = {"creche": rule_of("e2sfca", HALF), "childminder": rule_of("three_step", HALF)}
    among = pd.Series({"x": 60.0, "y": 40.0})
    found = Sharing(rules, CARE).catchment(TIMES, PEOPLE, OFFER, among)
    # x: 30 / 60 for a; y: 12 / 40, at a half for a.
    assert found.parts["creche"].tolist() == pytest.approx([0.5, 0])
    assert found.parts["childminder"].tolist() == pytest.approx([0.15, 0.3])
    assert alone(HALF).catchment(TIMES, PEOPLE, OFFER, among).ratio.tolist() == [0.5, 0.3]


def test_each_measure_is_shared_among_those_who_come():
    assert Rule("m2sfca", HALF).among(TIMES, PEOPLE).tolist() == [40, 0.5 * 40 + 20]
    # a divides itself: 2/3 of 40 to x, 1/3 to y at a half
    three = Rule("three_step", HALF).among(TIMES, PEOPLE)
    assert three.tolist() == pytest.approx([40 * 2 / 3, 40 / 6 + 20])


def test_places_of_a_mode_that_has_no_rule_have_no_ratio():
    found = Sharing({"creche": rule_of("e2sfca", HALF)}, CARE).catchment(TIMES, PEOPLE, OFFER)
    assert found.ratio.tolist() == pytest.approx([0.75, np.nan], nan_ok=True)
    assert found.access.tolist() == [0.75, 0]
    among = Sharing({"creche": rule_of("e2sfca", HALF)}, CARE).among(TIMES, PEOPLE)
    assert among.tolist() == [40, 0]


def test_a_time_within_reach_that_weighs_nothing_weighs_nothing_on_the_spot():
    near = Rule("e2sfca", steps([10, 15, 20], [1, 0.5, 0])).on_the_spot()
    assert near.decay([0, 10, 15, 16, 20]).tolist() == [1, 1, 1, 0, 0]


def test_all_places_are_of_the_one_mode_and_each_of_its_own_of_several():
    ((key, rule, own),) = alone(HALF).by_care(TIMES)
    assert (key, rule.decay, own.tolist()) == ("", HALF, [True, True])
    rules = {"creche": rule_of("e2sfca", HALF), "childminder": rule_of("m2sfca", HALF)}
    told = {key: (rule, own.tolist()) for key, rule, own in Sharing(rules, CARE).by_care(TIMES)}
    assert told == {
        "creche": (rules["creche"], [True, False]),
        "childminder": (rules["childminder"], [False, True]),
    }
    assert alone(HALF).among(TIMES, PEOPLE).tolist() == [40, 0.5 * 40 + 20]
