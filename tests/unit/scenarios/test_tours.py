"""Tours changed by a scenario, on Petit Pays: stops by hand, and what cannot be taken.

A full desk is open 10 hours a week; the bus stops in Brive for 2 h and in Combe for 3 h.
"""

import pandas as pd
import pytest

import petit_pays as pp
import tour_cases as tc
from ctg_geo import open_study
from ctg_geo.config.scenario_file import load_scenario, scenario, scenario_toml
from ctg_geo.errors import ConfigError, ScenarioError
from ctg_geo.parameters import ScenarioFile, Tour
from ctg_geo.scenarios import apply
from ctg_geo.study import compare
from ctg_geo.study.proposals import plans_of
from ctg_geo.study.tour_ground import sites_of
from ctg_geo.tours import stops_as_places

MOBILE = 'deliveries = ["fixed", "mobile"]\n'
CRECHE = pp.SERVICES.replace('unit = "places"\n', f'unit = "places"\n{MOBILE}presence = {{ '
                             'reference_hours = 10, source = "test" }\n')  # fmt: skip
DESKS = """
[services.france_services.presence]
reference_hours = 10
source = "test"
"""
SERVICES = CRECHE.replace('unit = "lieux"\n', f'unit = "lieux"\n{MOBILE}') + DESKS
HEAD = {"name": "Essai", "motive": "voir", "source": "test"}


def days(*stops, every_weeks=1, name="lundi"):
    return {"name": name, "every_weeks": every_weeks,
            "stops": [{"place": place, "hours": hours} for place, hours in stops]}  # fmt: skip


def tour(*told, key="bus", service="france_services", **more):
    return {"kind": "tour", "tour": key, "service": service, "days": list(told), **more}


def told(*changes):
    return scenario(ScenarioFile.model_validate({**HEAD, "changes": changes}), key="essai")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return open_study(tc.written(tmp_path_factory.mktemp("pays"), services=SERVICES))


def applied(study, *changes):
    config = study.config
    return apply(told(*changes), study.territory, config.services, config.tours)


def places(study, *changes):
    return applied(study, *changes).territory.equipements


def hours(table):
    return table["hours_per_week"].dropna().to_dict()


def test_a_stop_is_a_place_for_its_weekly_hours(study):
    made = places(study, tour(days(("01003", 4), ("2A004", 3), every_weeks=2)))
    assert hours(made) == {"halte-france_services-01003": 2, "halte-france_services-2A004": 1.5}
    own = made.loc["halte-france_services-2A004"]
    assert own[["service", "delivery", "code_insee", "nom"]].tolist() == [
        "france_services", "mobile", "2A004", "Bus, Dune",
    ]  # fmt: skip
    assert own["geometry"] == study.territory.points["2A004"]
    before = study.territory.equipements
    assert made.columns.tolist() == before.columns.tolist()
    assert made.dtypes.astype(str).to_dict() == before.dtypes.astype(str).to_dict()


def test_stops_are_those_that_the_room_of_tours_makes(study):
    change = tour(days(("f2", 4), ("01003", 2)), days(("f2", 1), name="mardi", every_weeks=4))
    made = places(study, change)
    declared = Tour.model_validate({
        **study.config.tours["familles"].tours["bus"].model_dump(), "days": change["days"],
    })  # fmt: skip
    other = stops_as_places({"bus": declared}, sites_of(study, declared.places), "france_services")
    ours = made.loc[["halte-france_services-01003", "f2"]]
    assert ours["hours_per_week"].tolist() == other["hours_per_week"].tolist() == [2.0, 4.25]
    assert ours["geometry"].tolist() == other["geometry"].tolist()
    assert ours["nom"].tolist() == other["nom"].tolist()
    assert len(made) == len(study.territory.equipements) + 1  # the stop f2 kept its identifier


def test_a_stop_beside_a_place_that_stays_leaves_it_there(study):
    made = places(study, tour(days(("c1", 5))))
    pd.testing.assert_series_equal(
        pd.Series(made.loc["c1"]), pd.Series(study.territory.equipements.loc["c1"])
    )
    assert made.at["halte-france_services-c1", "geometry"] == made.at["c1", "geometry"]


def test_half_a_day_a_week_is_no_place_and_half_the_hours_are_one(study):
    """Alpe has a desk. A stop in Dune, 30 minutes away, counts from 5 of the 10 hours on."""
    seldom, often = told(tour(days(("2A004", 4.9)))), told(tour(days(("2A004", 5))))
    for each, minutes in ((seldom, [0, 10, 20, 30]), (often, [0, 10, 10, 0])):
        made = compare(study, [each], "france_services")
        own = made.communes.loc["essai"].xs("minutes", level="measure")
        assert own["after"].tolist() == minutes
        assert made.outcomes[0].changes_nothing == (minutes[3] == 30)


def test_two_tours_at_one_stop_are_there_for_the_hours_of_both(study):
    """3 h and 2 h make the 5 h from which on a stop is a place."""
    change = (tour(days(("2A004", 3))), tour(days(("2A004", 2)), key="autre", label="Autre"))
    assert hours(places(study, *change)) == {"halte-france_services-2A004": 5}
    made = compare(study, [told(*change)], "france_services")
    assert made.communes.loc["essai"].xs("minutes", level="measure")["after"].iloc[3] == 0


def test_a_stop_offers_its_share_of_the_week(study):
    """20 places in Dune, 5 of 10 hours: 10 for the 0 + 30 + 20 children of Combe, Dune, Étang."""
    change = tour(days(("2A004", 5)), service="creche", key="roulotte", capacity=20)
    made = compare(study, [told(change)], "creche")
    after = made.by_commune("essai", "access_per_100")["after"]
    more = {"01003": 10 / 50, "2A004": 10 / 50}
    assert (after / 100).to_dict() == pytest.approx(
        {code: pp.ACCESS[code] + more.get(code, 0) for code in after.index}
    )


def test_a_tour_that_is_run_no_more_takes_its_own_stops_only(tmp_path):
    tours = tc.TOURS.replace('place = "01002"', 'place = "f2"')
    second = tours[tours.index("[tours.bus]") : tours.index("[design]")].replace(
        "tours.bus", "tours.car").replace('place = "01003"', 'place = "01001"')  # fmt: skip
    tours = tours.replace("[design]", second + "\n[design]")
    study = open_study(tc.written(tmp_path, tours, services=SERVICES))
    both = {"kind": "tour", "service": "france_services"}
    one = places(study, {**both, "tour": "bus"})
    assert one.at["f2", "hours_per_week"] == 2  # of the other tour
    none = places(study, {**both, "tour": "bus"}, {**both, "tour": "car"})
    assert "f2" not in none.index
    back = {**both, "tour": "bus", "days": [days(("f2", 3))]}
    assert places(study, {**both, "tour": "car"}, back).at["f2", "hours_per_week"] == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (tour(days(("dune", 2))), "Les plus proches : 2A004 (Dune)"),
        ({"kind": "tour", "tour": "bs", "service": "france_services"}, "Les plus proches : bus"),
        (tour(days(("01002", 2)), service="creche", key="n"), "(capacity, en places)"),
        (tour(days(("01002", 2)), service="crech"), "creche (Crèches)"),
    ],
)
def test_a_tour_that_the_study_cannot_take_is_named_with_the_mend(study, change, says):
    with pytest.raises(ScenarioError) as caught:
        applied(study, change)
    assert says in str(caught.value.explain("fr")).replace("\u00a0", " ")


def test_a_tour_changed_twice_is_refused(study):
    with pytest.raises(ScenarioError, match="changed already"):
        applied(study, tour(days(("01002", 2))), tour(days(("01003", 2))))


def test_a_stop_that_left_cannot_be_changed_after(tmp_path):
    tours = tc.TOURS.replace('place = "01002"', 'place = "f2"')
    study = open_study(tc.written(tmp_path, tours, services=SERVICES))
    gone = {"kind": "tour", "tour": "bus", "service": "france_services"}
    with pytest.raises(ScenarioError, match="closed by"):
        applied(study, gone, {"kind": "hours", "place": "f2", "hours_per_week": 8})


def test_a_service_that_counts_stops_whole_takes_no_tour(tmp_path):
    services = pp.SERVICES.replace('unit = "lieux"\n', f'unit = "lieux"\n{MOBILE}')
    study = open_study(pp.write(tmp_path, services=services))
    with pytest.raises(ScenarioError) as caught:
        applied(study, tour(days(("01002", 2))))
    assert "presence.reference_hours" in caught.value.explain("fr")


def test_days_of_one_name_are_refused(tmp_path):
    path = tmp_path / "x.toml"
    file = ScenarioFile.model_validate({**HEAD, "changes": [tour(days(("a", 1)))]})
    text = scenario_toml(file)
    path.write_text(text, "utf-8")
    assert load_scenario(path).changes == file.changes
    line = next(each for each in text.splitlines() if each.startswith("    {"))
    path.write_text(text.replace(line, f"{line}\n{line}"), "utf-8")
    with pytest.raises(ConfigError, match="lundi"):
        load_scenario(path)


def test_the_page_of_the_committee_names_a_plan_of_tours_and_does_not_show_it(study, tmp_path):
    change = tour(days(("2A004", 5)), service="creche", key="roulotte", capacity=20)
    path = tmp_path / "roulotte.toml"
    file = ScenarioFile.model_validate({**HEAD, "changes": [change]})
    path.write_text(scenario_toml(file), "utf-8")
    plans = plans_of(study, study.diagnose("creche"), [path])
    assert not plans.shown
    assert [each.reasons for each in plans.unshown] == [("tours",)]
    desk = tour(days(("2A004", 5)))
    path.write_text(
        scenario_toml(
            ScenarioFile.model_validate(
                {**HEAD, "changes": [desk, {"kind": "resize", "place": "c1", "by": 1}]}
            )
        ),
        "utf-8",
    )
    shown = plans_of(study, study.diagnose("creche"), [path]).shown
    assert [dict(each.capacity) for each in shown] == [{"c1": 21.0}]
