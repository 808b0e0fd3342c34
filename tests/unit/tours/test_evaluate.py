"""Tours in Petit Pays, every figure worked out by hand (see `tour_cases`)."""

import importlib
from dataclasses import replace

import numpy as np
import pytest
import shapely.affinity

import petit_pays as pp
import tour_cases as tc
from ctg_geo import open_study
from ctg_geo.errors import ConfigError, TourError
from ctg_geo.parameters import HourWorth
from ctg_geo.study.tour_ground import candidates_of, ground_of, itinerant_of, sites_of
from ctg_geo.territory.presence import present
from ctg_geo.tours import arranged, design, evaluate, same_means, stops_as_places, worth_of
from ctg_geo.tours.ground import driving_minutes

STEPS = (HourWorth(up_to_hours=2, worth=1), HourWorth(up_to_hours=6, worth=0.5))


def run(folder, tours=tc.TOURS):
    study = open_study(tc.written(folder, tours))
    _, rules = itinerant_of(study, None)
    ground = ground_of(study, rules)
    made = {key: arranged(tour, ground) for key, tour in rules.tours.items()}
    found = evaluate(made, ground, rules, reference_hours=10)
    return study, rules, ground, made, found


@pytest.fixture(scope="module")
def bus(tmp_path_factory):
    return run(tmp_path_factory.mktemp("bus"))


def test_a_day_is_road_setting_up_and_presence(bus):
    day = bus[4].days.loc[("bus", 1)]
    assert day["road_min"] == pytest.approx(40)  # 10 + 10 + 20 back from Combe
    assert day["km"] == pytest.approx(40)
    assert day["setting_min"] == 30
    assert day["present_min"] == 300
    assert day["total_min"] == pytest.approx(370)


def test_hours_within_reach_are_summed_over_stops(bus):
    hours = bus[4].homes["hours"]
    assert hours.to_dict() == {"01001": 2.0, "01002": 5.0, "01003": 5.0, "2A004": 3.0}
    total = bus[4].totals.loc[""]
    assert total["person_hours"] == pytest.approx(100 * 2 + 50 * 5 + 0 + 30 * 3)
    assert total["per_km"] == pytest.approx(540 / 40)
    assert total["reached"] == total["people"] == 180
    assert total["staff_hours"] == pytest.approx(2 * 370 / 60)


def test_who_has_only_one_stop_is_told_apart(bus):
    stops = bus[4].stops.set_index("place")
    assert stops["reached"].to_dict() == {"01002": 150.0, "01003": 80.0}
    assert stops["alone"].to_dict() == {"01002": 100.0, "01003": 30.0}


def test_a_stop_is_never_a_full_place(bus):
    assert bus[4].stops.set_index("place")["presence"].to_dict() == {"01002": 0.2, "01003": 0.3}
    assert bus[4].totals.at["", "full_places"] == pytest.approx(0.5)


def test_further_hours_are_worth_less(bus):
    worth = bus[4].homes["worth"]
    assert worth.to_dict() == {"01001": 2.0, "01002": 3.5, "01003": 3.5, "2A004": 2.5}
    assert bus[4].worth == pytest.approx(200 + 175 + 75)
    assert bus[4].groups.to_dict() == pytest.approx({"ouest": (200 + 175) / 150, "est": 2.5})


def test_every_other_week_counts_half(tmp_path):
    tours = tc.TOURS.replace('name = "mardi"', 'name = "mardi"\nevery_weeks = 2')
    found = run(tmp_path, tours)[4]
    assert found.homes["hours"].to_dict() == {
        "01001": 1.0, "01002": 2.5, "01003": 2.5, "2A004": 1.5}  # fmt: skip
    assert found.totals.at["", "km"] == pytest.approx(20)
    assert found.totals.at["", "days"] == 0.5


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("longest_day_hours = 7", "longest_day_hours = 6", "day_too_long"),
        ("hours_per_week = 16", "hours_per_week = 8", "week_too_long"),
    ],
)
def test_a_tour_that_does_not_fit_says_why(tmp_path, old, new, reason):
    found = run(tmp_path, tc.TOURS.replace(old, new))[4]
    assert [each.reason for each in found.problems] == [reason]


def test_a_tour_that_fits_has_no_problem(bus):
    assert bus[4].problems == ()


def test_unknown_days_are_the_fewest_with_the_least_driving(tmp_path):
    start, end = tc.TOURS.index("[[tours.bus.days]]"), tc.TOURS.index("[design]")
    told = 'stops = ["2A004", "01002", "01003"]\nhours_each = { value = 2, source = "test" }\n\n'
    tours = tc.TOURS[:start] + told + tc.TOURS[end:]
    made, found = run(tmp_path, tours)[3:]
    # three stops are 60 + 45 + 360 min: too long for one day of 420; Dune alone drives 60 min,
    # and with a neighbour no more, so Brive, on the way, is left for the day of its own (20)
    days = {frozenset(stop.place for stop in day.stops) for day in made["bus"].days}
    assert days == {frozenset({"01002"}), frozenset({"01003", "2A004"})}
    assert found.totals.at["", "road_hours"] == pytest.approx(80 / 60)


def test_fixed_places_and_towns_are_not_to_serve(tmp_path):
    tours = tc.TOURS.replace(
        'grouping = "bassin"',
        'grouping = "bassin"\nbeside = ["creche"]\nvillages_under = 400\nvillages_source = "test"',
    )
    study, _, ground, _, found = run(tmp_path, tours)
    # crèches of Alpe and Combe are reached from everywhere but nobody is beyond: Dune is 10 min
    # from Combe
    assert not ground.to_serve.any()
    assert found.totals.at["", "people"] == 0
    assert candidates_of(study, itinerant_of(study, None)[1]) == ["01003", "2A004"]


def test_stops_become_places_for_part_of_the_week(bus):
    study, rules, ground, made, _ = bus
    places = stops_as_places(made, sites_of(study, made["bus"].places), "france_services")
    assert places["hours_per_week"].to_dict() == {"01002": 2.0, "01003": 3.0}
    assert set(study.territory.equipements.columns) == set(places.columns)
    counted, _ = present(places, study.config.service("creche").model_copy(
        update={"presence": study.config.service("france_services").presence}))  # fmt: skip
    assert counted["presence"].to_dict() == {"01002": 0.2, "01003": 0.3}
    assert rules.service == "france_services"
    assert ground.sites.index.is_unique


def test_a_better_tour_is_never_worse_than_its_means_allow(bus):
    study, rules, ground, made, found = bus
    plan = design(
        made, ground, rules, candidates=candidates_of(study, rules),
        means=same_means(found, made), objective="cover", reference_hours=10, time_limit_s=30,
    )  # fmt: skip
    assert plan.proven
    assert plan.value == pytest.approx(plan.evaluation.worth)
    assert plan.value >= found.worth - 1e-9
    assert plan.evaluation.totals.at["", "duty_hours"] <= found.totals.at["", "duty_hours"] + 1e-6
    assert plan.evaluation.totals.at["", "days"] <= 1


def test_a_floor_that_no_plan_lifts_is_told(bus):
    _, rules, ground, made, found = bus
    plan = design(
        made, ground, rules, candidates=["01001"], means=same_means(found, made),
        objective="floor", reference_hours=10, time_limit_s=30,
    )  # fmt: skip
    assert not plan.told_apart  # Dune is out of reach of Alpe: the east has nothing
    assert plan.value == pytest.approx(plan.evaluation.worth)
    assert plan.proven


def test_a_plan_that_does_not_come_to_what_is_said_is_an_error(bus, monkeypatch):
    study, rules, ground, made, found = bus

    def less(*given, **asked):
        run = evaluate(*given, **asked)
        return replace(run, totals=run.totals.assign(worth=run.totals["worth"] - 1))

    monkeypatch.setattr(importlib.import_module("ctg_geo.tours.design"), "evaluate", less)
    with pytest.raises(TourError, match="nothing is written"):
        design(made, ground, rules, candidates=candidates_of(study, rules),
               means=same_means(found, made), objective="cover", reference_hours=10,
               time_limit_s=30)  # fmt: skip


def test_a_kept_stop_is_kept(bus):
    study, rules, ground, made, found = bus
    kept = rules.model_copy(update={"design": rules.design.model_copy(update={"keep": ("2A004",)})})
    plan = design(
        made, ground, kept, candidates=candidates_of(study, rules),
        means=same_means(found, made), objective="cover", reference_hours=10, time_limit_s=30,
    )  # fmt: skip
    assert "2A004" in {stop.place for day in plan.tours["bus"].days for stop in day.stops}


def test_a_kept_stop_out_of_reach_is_named(bus):
    study, rules, ground, made, found = bus
    asked = rules.design.model_copy(update={"keep": ("2A004",), "least_hours": 6, "most_hours": 6})
    with pytest.raises(TourError, match="Dune"):
        design(made, ground, rules.model_copy(update={"design": asked}),
               candidates=candidates_of(study, rules), means=same_means(found, made),
               objective="cover", reference_hours=10, time_limit_s=30)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('place = "01002"', 'place = "26999"', r"26999"),
        ("hours = 2 }", "hours = -2 }", r"days\[1\]\.stops\[1\]\.hours.*-2"),
        ('place = "01003"', 'place = "01002"', r"mardi.*01002"),
        ("desk_hours = 2", "desk_hours = 20", r"desk_hours"),
        ("worth = 0.5", "worth = 1.5", r"worth"),
        ("most_hours = 3", "most_hours = 0.5", r"most_hours"),
        ('demand = "children_0_2"', 'demand = "children"', r"children"),
        ('service = "france_services"', 'service = "creche"', r"presence\.reference_hours"),
        ('label = "Bus"', 'label = "Bus"\nhours_each = { value = 2, source = "x" }', r"hours_each"),
    ],
)
def test_bad_settings_are_named_with_the_mend(tmp_path, old, new, said):
    assert old in tc.TOURS
    with pytest.raises((ConfigError, TourError), match=said):
        run(tmp_path, tc.TOURS.replace(old, new, 1))


def test_a_stop_off_the_network_is_named(bus):
    _, rules, ground, made, _ = bus
    sites = ground.sites.copy()
    sites.loc["01003", "geometry"] = shapely.affinity.translate(sites.geometry["01003"], 0, 5000)
    moved = replace(ground, sites=sites)
    with pytest.raises(TourError, match=r"1\.0 km.*Combe"):
        evaluate(made, moved, rules, reference_hours=10)
    with pytest.raises(TourError, match=r"1\.0 km.*Combe"):
        driving_minutes(moved, "car", ["01001", "01003"])


def test_a_study_without_tours_says_how_to_declare_them(tmp_path):
    with pytest.raises(ConfigError, match=r"\[tours\]"):
        itinerant_of(open_study(pp.write(tmp_path)), None)


def test_worth_is_concave_and_bounded():
    values = worth_of(np.array([0.0, 1.0, 2.0, 4.0, 6.0, 50.0]), STEPS)
    assert values.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 4.0]
