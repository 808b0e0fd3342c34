"""What a scenario writes into the tables, and what it leaves as it was."""

from dataclasses import replace

import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo import contracts, open_study
from ctg_geo.config.scenario_file import composed, scenario
from ctg_geo.parameters import ScenarioFile
from ctg_geo.scenarios import apply


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return open_study(pp.write(tmp_path_factory.mktemp("pays")))


def told(*changes, key="essai"):
    head = {"name": key, "motive": "voir", "source": "test", "changes": changes}
    return scenario(ScenarioFile.model_validate(head), key=key)


def places(study, *changes):
    return apply(told(*changes), study.territory, study.config.services).territory.equipements


def test_more_places_than_an_estimate_are_an_estimate_and_a_new_number_is_not(study):
    guessed = study.territory.equipements.copy()
    guessed.loc["c1", "capacity_status"] = contracts.ESTIMATED
    territory = replace(study.territory, equipements=guessed)
    for change, status in (
        ({"by": 3}, contracts.ESTIMATED),
        ({"capacity": 23}, contracts.OBSERVED),
    ):
        made = apply(told({"kind": "resize", "place": "c1", **change}), territory,
                     study.config.services).territory.equipements  # fmt: skip
        assert made.loc["c1", ["capacity", "capacity_status"]].tolist() == [23.0, status]


def test_a_table_keeps_its_columns_and_their_kinds(study):
    before = study.territory.equipements
    opened = {"kind": "open", "place": "n", "service": "creche", "name": "N", "capacity": 3,
              "commune": "01002"}  # fmt: skip
    made = places(study, opened, {"kind": "close", "place": "c1"})
    assert made.columns.tolist() == before.columns.tolist()
    assert made.dtypes.astype(str).to_dict() == before.dtypes.astype(str).to_dict()
    assert made.crs == before.crs
    assert [*made.index] == [*before.index.drop("c1"), "n"]
    rest = before.index.drop("c1")
    pd.testing.assert_frame_equal(pd.DataFrame(made.loc[rest]), pd.DataFrame(before.loc[rest]))
    assert before.loc["c1", "capacity"] == 20


def test_a_place_at_its_chef_lieu_is_an_estimated_position_and_one_at_a_point_is_not(study):
    home = study.territory.points.to_crs("EPSG:4326")["01002"]
    here = {"lon": home.x, "lat": home.y}
    for where, status in (({"commune": "01002"}, contracts.ESTIMATED), (here, contracts.OBSERVED)):
        made = places(study, {"kind": "move", "place": "c1", **where})
        assert made.at["c1", "location_status"] == status
        assert made.at["c1", "code_insee"] == "01002"
        assert made.at["c1", "geometry"].distance(study.territory.points["01002"]) < 0.01


def test_a_place_moved_out_of_the_territory_is_outside(study):
    made = places(study, {"kind": "move", "place": "c1", "commune": "26005"})
    assert not made.at["c1", "inside"]


def test_people_are_added_to_the_figures_named_and_become_estimates(study):
    change = {"kind": "people", "commune": "01001",
              "people": {"children_0_2": 5, "population": -10}}  # fmt: skip
    made = apply(told(change, change), study.territory, study.config.services)
    before, after = study.territory.population, made.territory.population
    moved = (after[["children_0_2", "population"]] - before[["children_0_2", "population"]]).loc[
        "01001"
    ]
    assert moved.tolist() == [10, -20]
    assert after.at["01001", "children_0_2_status"] == contracts.ESTIMATED
    assert after.at["01002", "children_0_2_status"] == before.at["01002", "children_0_2_status"]
    assert made.added["population"].sum() == -20


def test_scenarios_put_together_make_their_changes_in_order(study):
    first = told({"kind": "resize", "place": "c1", "by": 5}, key="a")
    second = told({"kind": "move", "place": "c1", "commune": "01002"}, key="b")
    both = composed([first, second, first], key="c", name="les deux", motive="voir")
    assert len(both.steps) == 2
    made = apply(both, study.territory, study.config.services).territory.equipements
    assert made.loc["c1", ["capacity", "code_insee"]].tolist() == [25.0, "01002"]
    assert both.based_on == ("a", "b", "a")
