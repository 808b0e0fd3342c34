"""Scenarios of Petit Pays compared, against hand values and studies whose files were changed.

A crèche is reached from its own commune and its two neighbours (flat decay of 15 minutes, one
chef-lieu every 10): see `petit_pays`.
"""

import csv
import io
import json
import re
import sqlite3
import tomllib
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pytest

import pays_secret as ps
import petit_pays as pp
from ctg_geo import labels, open_study
from ctg_geo.cli import main
from ctg_geo.config.scenario_file import Scenario, load_scenario, scenario, scenario_toml
from ctg_geo.errors import ConfigError, MissingFileError, ScenarioError, SecrecyError
from ctg_geo.export.gain_classes import gain_classes
from ctg_geo.export.palettes import CHANGES, FALLS, NO_DATA
from ctg_geo.export.qml import rgb
from ctg_geo.export.scenario_changes import bare_words
from ctg_geo.parameters import Change, ScenarioFile
from ctg_geo.scenarios import apply, incremental, untold_of
from ctg_geo.study import compare, write_comparison
from ctg_geo.study.scenario_gate import pass_comparison

ROOT = Path(__file__).parents[2]
HEAD = {"name": "Essai", "motive": "voir", "source": "test"}


def told(*changes, key="essai", based_on=()) -> Scenario:
    file = ScenarioFile.model_validate({**HEAD, "changes": list(changes)})
    return scenario(file, key=key, based_on=based_on)


OPEN = {"kind": "open", "place": "c4", "service": "creche", "name": "Les Cigales",
        "commune": "01002", "capacity": 10, "cost": 350_000}  # fmt: skip
CLOSE = {"kind": "close", "place": "c2"}
RESIZE = {"kind": "resize", "place": "c1", "capacity": 40}
MOVE = {"kind": "move", "place": "c2", "commune": "2A004"}
PEOPLE = {"kind": "people", "commune": "01001", "people": {"children_0_2": 50}}
SLOW = {"kind": "speed", "factors": {"local": 0.5}}
NORM = {"kind": "norm", "service": "creche",
        "norm": {"within_min": 15, "per_100": 14, "source": "essai"}}  # fmt: skip

# Accessible places per child, by hand. Communes: Alpe, Brive, Combe, Dune.
BY_HAND = {
    # c4 gives 10 places to 150 children, 1/15 each, in Alpe, Brive and Combe
    "open": (OPEN, [2 / 15 + 1 / 15, 5 / 24 + 1 / 15, 3 / 40 + 1 / 15, 31 / 200]),
    # c2 gone: 3/40 less in Brive, Combe and Dune
    "close": (CLOSE, [2 / 15, 2 / 15, 0, 2 / 25]),
    # c1 gives 40 places to 150 children
    "resize": (RESIZE, [4 / 15, 4 / 15 + 3 / 40, 3 / 40, 31 / 200]),
    # c2 in Dune: 6 / (0 + 30 + 20) = 3/25 in Combe and Dune
    "move": (MOVE, [2 / 15, 2 / 15, 3 / 25, 3 / 25 + 2 / 25]),
    # c1 gives 20 places to 200 children
    "people": (PEOPLE, [1 / 10, 1 / 10 + 3 / 40, 3 / 40, 31 / 200]),
    # 20 minutes from one chef-lieu to the next: each crèche serves its own commune alone
    "speed": (SLOW, [20 / 100, 0, 0, 0]),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return open_study(pp.write(tmp_path_factory.mktemp("pays")))


@pytest.mark.parametrize("kind", BY_HAND)
def test_access_after_each_kind_of_change_is_the_one_worked_out_by_hand(study, kind):
    change, expected = BY_HAND[kind]
    made = compare(study, [told(change)], "creche")
    own = made.communes.loc["essai"].xs("access_per_100", level="measure")
    before = [100 * pp.ACCESS[code] for code in pp.CODES[:4]]
    assert own["before"].tolist() == pytest.approx(before)
    assert own["after"].tolist() == pytest.approx([100 * each for each in expected])
    assert own["change"].tolist() == pytest.approx((own["after"] - own["before"]).tolist())


FILES = {
    "open": {"creches": pp.CRECHES + "c4,Les Cigales,01002,10\n"},
    "close": {"creches": pp.CRECHES.replace("c2,Les Coccinelles,01003,6\n", "")},
    "resize": {"creches": pp.CRECHES.replace("01001,20", "01001,40")},
    "move": {"creches": pp.CRECHES.replace("01003,6", "2A004,6")},
    "people": {"population": pp.POPULATION.replace("1000,100", "1000,150")},
    "speed": {"segments": pp.SEGMENTS.replace(",60,", ",30,")},
}


@pytest.mark.parametrize("kind", FILES)
def test_a_scenario_is_diagnosed_as_a_study_whose_files_were_changed(study, tmp_path, kind):
    made = compare(study, [told(BY_HAND[kind][0])], "creche").outcomes[0].variant.diagnosis
    other = open_study(pp.write(tmp_path, **FILES[kind])).diagnose("creche")
    for column in ("demand", "access_per_100", "missing", "concerned", "nearest_min", "certainty",
                   "places_here", "supply_here"):  # fmt: skip
        found, expected = made.communes[column], other.communes[column]
        assert np.allclose(found, expected, rtol=0, atol=1e-9, equal_nan=True), column
    assert made.communes["below"].tolist() == other.communes["below"].tolist()
    assert made.communes["cause"].tolist() == other.communes["cause"].tolist()


def test_the_incremental_access_is_that_of_the_whole_diagnosis(study):
    from ctg_geo.access import decay

    steps = [OPEN, {**RESIZE, "place": "c3"}, CLOSE]
    made = compare(study, [told(*steps)], "creche")
    full = made.outcomes[0].variant.diagnosis
    supply = made.base.equipements["capacity"].reindex(full.times.destinations)
    known = made.base.times
    state = incremental(
        known, made.base.homes["demand"], made.base.equipements["capacity"],
        decay=decay.flat(15),
    ).joined(full.times.to_destinations(supply.isna().to_numpy()), decay.flat(15))  # fmt: skip
    found = state.with_supply({"c4": 10.0, "c3": 40.0, "c2": 0.0})
    assert np.allclose(found, full.catchment.access, rtol=0, atol=1e-12)


def test_an_empty_scenario_changes_nothing_and_says_so(study, tmp_path):
    report = write_comparison(study, [told()], "creche", tmp_path / "out")
    outcome = report.comparison.outcomes[0]
    assert outcome.changes_nothing
    assert (outcome.moved == "same").all()
    assert any("ne change rien pour ce service" in line for line in report.summary)
    assert "ne change rien" in (tmp_path / "out" / "comparaison.txt").read_text("utf-8")


def test_a_change_of_another_service_shares_all_that_it_leaves_alone(study):
    desk = {"kind": "close", "place": "f1"}
    applied = apply(told(desk), study.territory, study.config.services)
    territory = study.territory
    assert applied.territory.population is territory.population
    assert applied.territory.communes is territory.communes
    made = compare(study, [told(desk)], "creche")
    assert made.outcomes[0].changes_nothing
    assert made.outcomes[0].variant.diagnosis.times is not None
    again = apply(told(), territory, study.config.services)
    assert again.territory is territory


def test_people_added_stay_where_their_commune_is_and_others_do_not_move(study):
    made = compare(study, [told(PEOPLE)], "creche")
    people = made.communes.loc["essai"].xs("people", level="measure")
    assert people["change"].to_dict() == {"01001": 50.0, "01002": 0.0, "01003": 0.0, "2A004": 0.0}


def test_gains_losses_costs_and_boundary_are_those_worked_out(study):
    outcome = compare(study, [told(OPEN, CLOSE)], "creche").outcomes[0]
    # Brive: 1/15 more, 3/40 less; Combe likewise; Dune 3/40 less
    assert outcome.moved.to_dict() == {
        "01001": "gain", "01002": "loss", "01003": "loss", "2A004": "loss"
    }  # fmt: skip
    # Dune, 30 children, falls under 10 per 100: 8; Combe has nobody: 30 fewer within the norm
    assert outcome.within_gain == pytest.approx(-30)
    assert outcome.cost_each is None
    alone = compare(study, [told(CLOSE)], "creche")
    # as it is c2 gives 3/40 to each child: 20 of Étang? none; c3 gives 30 × 2/25 to Dune
    assert alone.crossing.into == pytest.approx(30 * 2 / 25)
    assert alone.crossing.out == pytest.approx(0)
    assert alone.crossing.inside == pytest.approx(26)
    total = sum(access * people for access, people in
                zip([2 / 15, 5 / 24, 3 / 40, 31 / 200], [100, 50, 0, 30], strict=True))  # fmt: skip
    assert alone.crossing.own == pytest.approx(total)


def test_a_tie_where_the_list_of_those_who_gain_most_ends_is_told(study, tmp_path, monkeypatch):
    # c1 at 40 places: 2/15 more in Alpe (13,3 then 26,7) and in Brive (20,8 then 34,2)
    monkeypatch.setattr("ctg_geo.export.scenario_words._NAMED", 1)
    report = write_comparison(study, [told(RESIZE)], "creche", tmp_path / "o")
    (line,) = [each for each in report.summary if each.startswith("Gagnent le plus")]
    line = re.sub(r"[\u00a0\u202f]", " ", line)
    assert line.endswith(": Alpe : 13,3 puis 26,7 (+13,4) ; et 1 autre à égalité.")


def test_the_cost_of_each_child_within_the_norm_divides_by_those_who_get_there(study):
    # norm 14: Alpe, 100 children, has 2/15 = 13.3; with c1 at 40 places it has 26.7
    norm = {**NORM}
    more = {**RESIZE, "cost": 500_000, "cost_per_year": 1000}
    harder = compare(study, [told(norm, key="norme"), told(norm, more)], "creche")
    concerned = harder.groups.xs(("", "", "concerned"), level=("grouping", "group", "measure"))
    assert concerned["after"].tolist() == [100.0, 0.0]
    # before is judged on today's norm, 10 for 100, where nobody is under it but Combe's nobody
    assert concerned["before"].tolist() == [0.0, 0.0]
    study_14 = told(more, key="plus")
    assert compare(study, [study_14], "creche").outcomes[0].cost_each is None


def test_scenarios_are_ranked_without_weights_and_dominated_ones_marked(study):
    near = {**OPEN, "cost_per_year": 9000}
    dear = {**near, "cost": 900_000}
    made = compare(study, [told(near, key="a"), told(dear, key="b")], "creche")
    assert made.dominated == {"": (), "a": (), "b": ("a",)}
    assert made.rank["cost"].to_dict() == {"": 1.0, "a": 2.0, "b": 3.0}
    unknown = {key: value for key, value in near.items() if key != "cost"}
    made = compare(study, [told(near, key="a"), told(unknown, key="b")], "creche")
    assert made.dominated == {"": (), "a": (), "b": ()}


@pytest.mark.parametrize("cost", ["cost", "cost_per_year"])
def test_one_cost_declared_says_nothing_of_the_other(study, tmp_path, cost):
    """Ten places or twenty in Brive for one price: nobody lacks any, Brive has most: ten is fairer.

    Nothing tells what each costs by year, or to build.
    """
    bare = {key: value for key, value in OPEN.items() if key != "cost"}
    few, many = ({**bare, "capacity": each, cost: 700_000} for each in (10, 20))
    scenarios = [told(few, key="a"), told(many, key="b")]
    made = compare(study, scenarios, "creche")
    assert made.dominated == {"": (), "a": (), "b": ()}
    assert made.criteria.drop(columns=cost).isna().any().sum() == 1  # the other cost
    said = ranking(study, scenarios, tmp_path / "o")
    assert "domine un autre" not in said
    assert "dominé par" not in said
    other = "de fonctionnement" if cost == "cost" else "d'investissement"
    assert f"Coût {other} inconnu, faute d'être déclaré : scénario 1, scénario 2." in said
    assert said.count("faute d'être déclaré") == 1  # the other cost is declared
    whole = [told({**each, "cost": 700_000, "cost_per_year": 9000}, key=key)
             for each, key in ((few, "a"), (many, "b"))]  # fmt: skip
    assert compare(study, whole, "creche").dominated == {"": (), "a": (), "b": ("a",)}


def test_a_cost_that_no_change_can_have_is_nothing(study):
    """A place that moves is run as before: its cost of each year is known, 0."""
    moved, opened = {**MOVE, "cost": 1000}, {**OPEN, "cost_per_year": 9000}
    made = compare(study, [told(moved, key="a"), told(opened, key="b")], "creche")
    assert made.criteria["cost_per_year"].tolist() == [0.0, 0.0, 9000.0]


def test_points_are_written_as_they_are_copied():
    (step,) = told({"kind": "close_road", "at": [5.02, 45.05]}).steps
    assert "5.02, 45.05" in bare_words(step, told=None)  # of a road, nothing else is told


def test_a_cost_told_in_part_is_not_known_and_beats_nothing(study, tmp_path):
    grown = {"kind": "resize", "place": "c4", "capacity": 20}
    partly, free = told(OPEN, grown, key="redim"), told(OPEN, {**grown, "cost": 0}, key="dit")
    made = compare(study, [told(OPEN, key="a"), partly, free, told(OPEN, CLOSE, key="b")], "creche")
    costs = {each.variant.key: each.variant.cost for each in made.outcomes}
    assert costs == {"a": 350_000, "redim": None, "dit": 350_000, "b": 350_000}  # closing is free
    assert made.criteria["cost"].isna().tolist() == [False, False, True, False, False]
    assert "redim" not in {other for others in made.dominated.values() for other in others}
    alone = compare(study, [partly], "creche")  # nor is doing nothing beaten by it
    assert alone.dominated[""] == ()
    assert alone.outcomes[0].cost_each is None
    write_comparison(study, [partly], "creche", tmp_path / "o")
    (line,) = [each for each in (tmp_path / "o" / "comparaison.txt").read_text("utf-8").splitlines()
               if "non connu" in each]  # fmt: skip
    assert "Les Cigales » à 20" in line.replace("\xa0", " ")
    assert "350" not in line


def ranking(study, scenarios, folder):
    write_comparison(study, scenarios, "creche", folder)
    text = (folder / "comparaison.txt").read_text("utf-8").replace("\xa0", " ")
    return text.replace("’", "'").partition("Classement")[2]


@pytest.mark.parametrize("change", [
    {key: value for key, value in OPEN.items() if key != "cost"}, RESIZE, CLOSE, MOVE,
])  # fmt: skip
def test_a_scenario_that_declares_no_cost_neither_beats_today_nor_is_beaten(
    study, tmp_path, change
):
    made = compare(study, [told(change)], "creche")
    assert made.dominated == {"": (), "essai": ()}
    said = ranking(study, [told(change)], tmp_path / "o")
    assert "inconnu, faute d'être déclaré : scénario 1." in said
    assert "cost" not in said  # no key of a file in what a committee reads
    assert "le prix manque" in said
    assert "dominé" not in said  # nor "aucun scénario n'en domine un autre": nothing is known


def test_today_beaten_is_said_in_the_feminine(study, tmp_path):
    """One place more for 100 children, in north (150 children) and south (50): shared better."""
    north = {"kind": "resize", "place": "c1", "by": 1.5, "cost": 0, "cost_per_year": 0}
    south = {"kind": "resize", "place": "c3", "by": 0.5, "cost": 0, "cost_per_year": 0}
    said = ranking(study, [told(north, south)], tmp_path / "o")
    assert "La situation actuelle est dominée par le scénario 1" in said


def test_what_can_cost_nobody_is_judged_without_a_cost(study):
    """Fifty children more on the same places: today is better, and nothing is spent or saved."""
    assert compare(study, [told(PEOPLE)], "creche").dominated == {"": (), "essai": ("",)}


@pytest.mark.parametrize(("change", "lacks"), [
    ({**RESIZE, "capacity": 10}, (False, True)), (RESIZE, (True, True)), (MOVE, (True, False)),
    (CLOSE, (False, True)), (PEOPLE, (False, False)), (NORM, (False, False)),
    ({"kind": "resize", "place": "c1", "by": -1}, (False, True)),
    ({"kind": "link_road", "start": (5, 45), "end": (5, 46), "speed_kmh": 50}, (True, False)),
])  # fmt: skip
def test_changes_that_can_cost_are_those_whose_cost_is_lacking(study, change, lacks):
    whole = {**OPEN, "cost_per_year": 5}
    lacking = untold_of(told(whole, change).steps, study.territory.equipements["capacity"])
    assert tuple(each in lacking for each in ("cost", "cost_per_year")) == lacks
    said = told(whole, {**change, "cost": 1, "cost_per_year": -1})
    assert untold_of(said.steps, study.territory.equipements["capacity"]) == {}


def test_groups_brought_nearer_by_taking_from_the_best_served_are_said_to_be(study, tmp_path):
    """North has 23.75 / 150 = 15.8 for 100, south 15.5; c1 at 19.7 places lowers north to 15.6."""
    less = told({"kind": "resize", "place": "c1", "capacity": 19.7}, key="moins")
    more = told({"kind": "resize", "place": "c3", "by": 0.05}, key="plus")
    made = compare(study, [less, more], "creche")
    gaps = made.criteria["gap_bassin"].round(1)
    assert gaps["moins"] < gaps[""] > gaps["plus"]  # both bring the groups nearer
    write_comparison(study, [less, more], "creche", tmp_path / "out")
    text = (tmp_path / "out" / "comparaison.txt").read_text("utf-8")
    said = [line for line in text.splitlines() if line.startswith("Attention, scénario")]
    assert len(said) == 1
    assert "scénario 1" in said[0].replace("\xa0", " ")


def test_a_commune_that_reaches_no_place_any_more_is_named(study, tmp_path):
    """Without c2 Combe reaches nothing (by hand, above); with c1 at 40 places all still do."""
    write_comparison(study, [told(CLOSE, key="a"), told(RESIZE, key="b")], "creche", tmp_path / "o")
    text = (tmp_path / "o" / "comparaison.txt").read_text("utf-8")
    assert re.findall(r"1.commune n’a plus aucun lieu à portée.: (.*)\.", text) == ["Combe"]


def test_a_service_judged_on_time_is_compared_on_minutes(study):
    # f1 leaves Alpe for Dune: 0 -> 30 min in Alpe, 10 -> 20 in Brive, 20 -> 10, 30 -> 0
    move = {"kind": "move", "place": "f1", "commune": "2A004"}
    made = compare(study, [told(move)], "france_services")
    own = made.communes.loc["essai"].xs("minutes", level="measure")
    assert own["before"].tolist() == [0, 10, 20, 30]
    assert own["after"].tolist() == [30, 20, 10, 0]
    assert made.outcomes[0].moved.tolist() == ["loss", "loss", "gain", "gain"]
    # norm 25 min: 300 people of Dune get it, 1000 of Alpe lose it
    whole = made.groups.loc[("essai", "", "")]
    assert whole.loc["concerned", ["before", "after"]].tolist() == [300, 1000]


def test_a_closed_road_and_a_new_link_change_times(study):
    cut = {"kind": "close_road", "at": degrees(815_000, pp.Y0)}  # from Brive to Combe
    made = compare(study, [told(cut)], "france_services")
    own = made.communes.loc["essai"].xs("minutes", level="measure")
    assert own["after"].tolist()[:2] == [0, 10]
    assert own["after"].isna().tolist() == [False, False, True, True]
    assert made.outcomes[0].moved.tolist() == ["same", "same", "loss", "loss"]
    start, end = degrees(800_000, pp.Y0), degrees(830_000, pp.Y0)
    link = {"kind": "link_road", "start": start, "end": end, "speed_kmh": 120}
    made = compare(study, [told(link)], "france_services")
    own = made.communes.loc["essai"].xs("minutes", level="measure")
    assert own["after"].tolist() == pytest.approx([0, 10, 20, 15])


def degrees(x, y):
    point = gpd.GeoSeries.from_xy([x], [y], crs="EPSG:2154").to_crs("EPSG:4326").iloc[0]
    return [point.x, point.y]


# --- files -----------------------------------------------------------------------------------

WRITTEN = """name = "Ouvrir"
motive = "voir"
source = "test"

[[changes]]
kind = "open"
place = "c4"
service = "creche"
name = "Les Cigales"
commune = "01002"
capacity = 10
"""


def test_the_command_writes_every_file_and_they_agree(tmp_path, capsys):
    config = pp.write(tmp_path)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "ouvrir.toml").write_text(WRITTEN, "utf-8")
    based = 'name = "Et agrandir"\nmotive = "voir"\nsource = "test"\nbased_on = "ouvrir"\n'
    (folder / "plus.toml").write_text(
        based + '[[changes]]\nkind = "resize"\nplace = "c1"\nby = 20\n', "utf-8"
    )
    out = tmp_path / "out"
    assert main(["compare", str(config), "ouvrir", "plus", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Les Cigales" in said
    made = json.loads((out / "manifest.json").read_text("utf-8"))
    assert {each.name for each in out.iterdir()} == {*made["outputs"], "manifest.json"}
    roles = [each["role"] for each in made["inputs"]]
    assert roles.count("scenario") == 2
    assert made["parameters"]["scenarios"]["plus"]["changes"][1]["by"] == 20
    layer = gpd.read_file(out / "comparaison.gpkg", layer="ecart_plus")
    table = csv.DictReader(io.StringIO((out / "scenarios_communes.csv").read_text("utf-8-sig")),
                           delimiter=";")  # fmt: skip
    rows = {row["Code Insee"]: row for row in table
            if row["Scénario"] == "Et agrandir" and row["Mesure"].startswith("Offre")}  # fmt: skip
    for code, after in zip(layer["code_insee"], layer["access_per_100_after"], strict=True):
        assert float(rows[code]["Après"].replace(",", ".")) == pytest.approx(after, abs=0.005)
    # Alpe: c1 40/150 + c4 10/150
    assert layer.set_index("code_insee").at["01001", "access_per_100_after"] == pytest.approx(
        100 * 50 / 150
    )
    # again: the same bytes; fewer scenarios: the map of the other leaves
    first = {each.name: each.read_bytes() for each in out.iterdir()}
    assert main(["compare", str(config), "ouvrir", "plus", "--out", str(out), "-q"]) == 0
    assert {each.name: each.read_bytes() for each in out.iterdir()} == first
    assert main(["compare", str(config), "ouvrir", "--out", str(out), "-q"]) == 0
    assert not (out / "carte_plus.png").exists()
    assert main(["compare", str(config), "ouvrir", "-s", "france_services", "--out", str(out)]) == 1
    assert "contient déjà" in capsys.readouterr().err


def test_a_scenario_written_is_read_back_the_same(tmp_path):
    changes = [OPEN, CLOSE, RESIZE, MOVE, PEOPLE, SLOW, NORM,
               {"kind": "hours", "place": "f1", "share": 0.5, "note": 'le « mardi », dit "court"'},
               {"kind": "close_road", "at": [4.9, 44.9]},
               {"kind": "link_road", "start": [4.9, 44.9], "end": [5, 45.5], "speed_kmh": 50},
               ]  # fmt: skip
    file = ScenarioFile.model_validate({**HEAD, "based_on": ["a", "b"], "changes": changes})
    path = tmp_path / "tout.toml"
    path.write_text(scenario_toml(file), "utf-8")
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(scenario_toml(ScenarioFile(**HEAD)), "utf-8")
    read = load_scenario(path)
    assert read.changes == file.changes
    assert read.based_on == ("Essai", "Essai")


def test_two_bases_that_share_a_third_make_its_changes_once(tmp_path):
    write = lambda name, text: (tmp_path / f"{name}.toml").write_text(text, "utf-8")  # noqa: E731
    write("base", WRITTEN)
    head = 'name = "x"\nmotive = "x"\nsource = "x"\n'
    write("left", head + 'based_on = "base"\n')
    write("right", head + 'based_on = "base"\n')
    write("both", head + 'based_on = ["left", "right"]\n')
    assert len(load_scenario(tmp_path / "both.toml").steps) == 1


def test_a_scenario_based_on_itself_or_on_nothing_is_named(tmp_path):
    head = 'name = "x"\nmotive = "x"\nsource = "x"\n'
    (tmp_path / "a.toml").write_text(head + 'based_on = "b"\n', "utf-8")
    (tmp_path / "b.toml").write_text(head + 'based_on = "a"\n', "utf-8")
    with pytest.raises(ConfigError, match="based on itself"):
        load_scenario(tmp_path / "a.toml")
    with pytest.raises(MissingFileError, match="Scenarios of the folder: a, b"):
        load_scenario(tmp_path / "c.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('kind = "opn"', "changes[1].kind"),
        ('kind = "close"\nplce = "c1"', "Vouliez-vous écrire « place »"),
        ('kind = "resize"\nplace = "c1"\ncapacity = -3', "changes[1].capacity"),
        ('kind = "resize"\nplace = "c1"', "la nouvelle capacité (capacity) ou la différence"),
        ('kind = "move"\nplace = "c1"', "une commune (commune, son code Insee) ou un point"),
        ('kind = "hours"\nplace = "c1"', "des heures par semaine"),
        ('kind = "close_road"', "un nom de route"),
        ('kind = "people"\ncommune = "1001"\npeople = { a = 1 }', "changes[1].commune"),
    ],
)
def test_a_change_that_is_not_well_written_is_named_by_its_path(tmp_path, text, says):
    path = tmp_path / "x.toml"
    path.write_text(f'name = "x"\nmotive = "x"\nsource = "x"\n[[changes]]\n{text}\n', "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_scenario(path)
    assert says in caught.value.explain().replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ([{"kind": "close", "place": "abeille"}], "Les plus proches : c1 (Les Abeilles)"),
        ([{**OPEN, "place": "c1"}], "est déjà celui d’un lieu"),
        ([CLOSE, CLOSE], "déjà fermé"),
        ([CLOSE, MOVE], "plus rien à y changer"),
        ([OPEN, {"kind": "close", "place": "c4"}], "Retirer les deux"),
        ([RESIZE, {**RESIZE, "capacity": 3}], "déjà un changement de la même sorte"),
        ([{"kind": "resize", "place": "c2", "by": -7}], "a 6 places : −7 le mettrait sous zéro"),
        ([{k: v for k, v in OPEN.items() if k != "capacity"}], "L’ajouter (capacity, en places)"),
        ([{**OPEN, "delivery": "mobile"}], "ne compte pas pour ce service"),
        ([{**OPEN, "service": "creches"}], "Les plus proches : creche (Crèches)"),
        ([{**OPEN, "commune": "01999"}], "ni dans le territoire ni dans son pourtour"),
        ([{**OPEN, "lon": 0.0, "lat": 44.0}], "dans aucune commune du territoire"),
        ([{"kind": "hours", "place": "c1", "hours_per_week": 5}], "ne changerait rien"),
        ([{**PEOPLE, "people": {"children": 3}}], "Les plus proches : children_0_2"),
        ([{**PEOPLE, "people": {"children_0_2": -101}}], "passerait sous zéro"),
        ([NORM, NORM], "déjà changée"),
        ([{"kind": "norm", "service": "creche", "norm": {**NORM["norm"], "within_min": 5}}],
         "va plus loin que within_min"),
        ([{"kind": "norm", "service": "france_services", "norm": NORM["norm"]}],
         "demande une décroissance"),
        ([{"kind": "speed", "factors": {"motorway": 2}}], "Classes du réseau : local"),
        ([{"kind": "close_road", "name": "Pont"}], "aucune route ne s’appelle « Pont »"),
        ([{"kind": "close_road", "at": [0.0, 44.0]}], "Vérifier l’ordre : longitude"),
        ([{"kind": "close", "place": f"c{n}"} for n in (1, 2, 3)], "il ne reste aucun lieu"),
    ],
)  # fmt: skip
def test_a_change_that_the_study_cannot_take_is_named_with_its_mend(study, changes, says):
    with pytest.raises(ScenarioError) as caught:
        compare(study, [told(*changes)], "creche")
    said = caught.value.explain().replace("\u00a0", " ").replace("\u202f", " ")
    assert says in said
    assert said.startswith("essai.toml")
    assert str(caught.value) != said


def test_all_that_is_wrong_is_told_at_once(study):
    with pytest.raises(ScenarioError) as caught:
        compare(study, [told({"kind": "close", "place": "x"}, PEOPLE, CLOSE, CLOSE)], "creche")
    assert [each.change for each in caught.value.defects] == [1, 4]


# --- secrets ---------------------------------------------------------------------------------


def outputs(out):
    found = {each.name: each.read_bytes() for each in out.iterdir()}
    manifest = json.loads(found.pop("manifest.json"))
    return found, manifest["outputs"]


@pytest.mark.parametrize("inside", [False, True])
def test_no_output_differs_whatever_the_hidden_count_is(tmp_path, inside):
    """Opening n places changes access by n over the people: of a hidden count, it says nothing."""
    seen = []
    dune = {**OPEN, "commune": "2A004", "place": "c9"}
    scenarios = [
        told(dune, key="dune"),
        told(PEOPLE, key="gens"),
        told(CLOSE, key="moins"),
        told({**PEOPLE, "commune": "2A004", "people": {"children_0_2": 10}}, key="ici"),
    ]
    for count in (3, 4):
        study = open_study(ps.written(tmp_path / f"{count}{inside}", count,
                                      study=ps.INSIDE if inside else ps.ALL))  # fmt: skip
        out = tmp_path / f"out{count}{inside}"
        write_comparison(study, scenarios, "creche", out)
        seen.append(outputs(out))
    assert seen[0] == seen[1]
    if inside:
        assert "Habitants des QPV" in seen[0][0]["scenarios_groupes.csv"].decode("utf-8-sig")
    text = seen[0][0]["scenarios_communes.csv"].decode("utf-8-sig")
    people = [line for line in text.splitlines() if "2A004" in line and "concernée" in line]
    assert people
    assert all(line.split(";")[4:7] == ["", "", ""] for line in people)


# --- hours, documents, examples --------------------------------------------------------------


@pytest.mark.parametrize("presence", [False, True])
def test_a_share_of_the_week_scales_what_a_place_offers(tmp_path, presence):
    """c1 there for 0.4 of the week: 8 places for the 150 children who reach it."""
    rule = 'presence = { reference_hours = 25, source = "test" }\n'
    services = pp.SERVICES.replace('unit = "places"\n', 'unit = "places"\n' + rule * presence)
    study = open_study(pp.write(tmp_path, services=services))
    made = compare(study, [told({"kind": "hours", "place": "c1", "share": 0.4})], "creche")
    after = made.by_commune("essai", "access_per_100")["after"]
    assert after["01001"] == pytest.approx(100 * 8 / 150)
    if presence:
        made = compare(study, [told({"kind": "hours", "place": "c1", "hours_per_week": 10})],
                       "creche")  # fmt: skip
        assert made.by_commune("essai", "access_per_100")["after"]["01001"] == pytest.approx(
            100 * 8 / 150
        )


def test_the_file_shown_in_the_documents_is_read_with_every_kind_of_change():
    text = (ROOT / "docs" / "scenarios.md").read_text("utf-8")
    block = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    file = ScenarioFile.model_validate(tomllib.loads(block.group(1)))
    models = get_args(get_args(Change)[0])
    kinds = {get_args(each.model_fields["kind"].annotation)[0] for each in models}
    assert {each.kind for each in file.changes} == kinds


def test_the_examples_of_the_embedded_study_are_ones_it_can_take():
    study = open_study(ROOT / "config" / "valence_romans.toml")
    files = sorted((ROOT / "config" / "scenarios").glob("*.toml"))
    assert len(files) >= 2
    for path in files:
        read = load_scenario(path)
        assert read.source == "exemple"
        applied = apply(read, study.territory, study.config.services)
        assert applied.territory is not study.territory


def test_a_service_for_all_ages_is_told_by_the_ages_that_are_known(tmp_path):
    """f1 moves from Alpe to Dune: of the 180 children, 30 then 100 are beyond 25 minutes."""
    study = pp.STUDY.replace('column = "under_3"', 'column = "under_3"\nages = "0-2"')
    move = {"kind": "move", "place": "f1", "commune": "2A004"}
    report = write_comparison(
        open_study(pp.write(tmp_path, study=study)), [told(move)], "france_services",
        tmp_path / "out",
    )  # fmt: skip
    own = report.comparison.by_group("essai", "ages")["children_0_2"]
    assert own.loc["people", ["before", "after"]].tolist() == [180, 180]
    assert own.loc["concerned", ["before", "after"]].tolist() == [30, 100]
    # as it is: Alpe 0, Brive 10, Dune 30 minutes; then 30, 20 and 0
    assert own.loc["minutes", "before"] == pytest.approx((50 * 10 + 30 * 30) / 180)
    assert own.loc["minutes", "after"] == pytest.approx((100 * 30 + 50 * 20) / 180)
    assert any("Par âge" in line for line in report.summary)
    assert not any(name.startswith("gap_ages") for name in report.comparison.criteria)


@pytest.mark.parametrize("leak", ["people", "group", "missing"])
def test_the_gate_refuses_outputs_that_would_tell_a_hidden_count(tmp_path, leak):
    """Dune's 3 children shown, or in the sum of its group, or told by what they miss."""
    study = open_study(ps.written(tmp_path, 3))
    made = compare(study, [told(CLOSE)], "creche")
    groups = {name: each.of.reindex(made.base.communes.index).fillna("")
              for name, each in study.groupings.items()}  # fmt: skip
    assert pass_comparison(made, study, groups).tried == 1
    communes, sums = made.communes.copy(), made.groups.copy()
    after = communes["after"].xs("access_per_100", level="measure")["essai", "2A004"]
    if leak == "people":
        communes.loc[("essai", "2A004", "people"), "after"] = 3.0
    elif leak == "missing":
        communes.loc[("essai", "2A004", "missing"), "after"] = 3 * (10 - after) / 100
    else:
        sums.loc[("essai", "bassin", "est", "people"), "after"] = 3.0
    with pytest.raises(SecrecyError):
        pass_comparison(replace(made, communes=communes, groups=sums), study, groups)


def test_a_file_as_the_committee_page_saves_it_is_a_scenario(study, tmp_path):
    """A place moved, then closed; one resized; one opened, with what it costs."""
    saved = """name = "Gestes du comité"
motive = "essai en séance"
source = "page du comité"

[[changes]]
kind = "move"
place = "c2"
commune = "2A004"

[[changes]]
kind = "close"
place = "c2"

[[changes]]
kind = "resize"
place = "c1"
capacity = 40.0

[[changes]]
kind = "open"
place = "nouveau-1"
service = "creche"
name = "Crèche (Brive)"
commune = "01002"
capacity = 12.5
cost = 12500.0
"""
    path = tmp_path / "scenario_comite.toml"
    path.write_text(saved, "utf-8")
    made = compare(study, [path], "creche")
    # c2 gone; 40 and 12.5 places for the 150 children of Alpe and Brive, the latter for Combe too
    after = made.by_commune("scenario_comite", "access_per_100")["after"].tolist()
    both = 100 * 52.5 / 150
    assert after == pytest.approx([both, both, 100 * 12.5 / 150, 8])


def test_a_service_without_a_norm_is_compared_without_a_verdict(tmp_path):
    services = pp.SERVICES.replace(
        'norm = { within_min = 25, source = "norme de test" }', 'no_norm = "aucune"'
    )
    move = {"kind": "move", "place": "f1", "commune": "2A004"}
    study = open_study(pp.write(tmp_path, services=services))
    report = write_comparison(study, [told(move)], "france_services", tmp_path / "out")
    assert report.comparison.measures == ("people", "minutes")
    assert any("sans verdict" in line for line in report.summary)
    assert np.isnan(report.comparison.outcomes[0].within_gain)
    # 1000 × 0 + 500 × 10 + 40 × 20 + 300 × 30, over 1840 people; then 30, 20, 10 and 0
    whole = report.comparison.whole("essai").loc["minutes"]
    assert whole["before"] == pytest.approx((5000 + 800 + 9000) / 1840)
    assert whole["after"] == pytest.approx((30_000 + 10_000 + 400) / 1840)


def test_a_place_that_reaches_homes_at_last_is_a_gain(study):
    """With f1 in Alpe and 45 minutes at most, all reach it; with f1 in Étang, Alpe at 40."""
    far = {"kind": "speed", "factors": {"local": 0.25}}  # 40 minutes from one to the next
    near = {"kind": "open", "place": "f3", "service": "france_services", "name": "Combe",
            "commune": "01003"}  # fmt: skip
    made = compare(study, [told(far, key="a"), told(far, near, key="b")], "france_services")
    first, then = made.outcomes
    assert first.moved.tolist() == ["same", "loss", "loss", "loss"]
    assert then.moved.tolist() == ["same", "loss", "gain", "loss"]
    assert made.criteria["longest"].tolist() == [30, np.inf, 40]


def drawn_in(folder, key):
    """Return the classes of the map of a scenario, with their colours in QGIS."""
    with closing(sqlite3.connect(folder / "comparaison.gpkg")) as base:
        ((style,),) = base.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = ?", (f"ecart_{key}",)
        )
    root = ET.fromstring(style)  # noqa: S314  (written by this package)
    colours = {each.get("name"): each.find(".//Option[@name='color']").get("value")
               for each in root.iter("symbol")}  # fmt: skip
    return {each.get("label").replace("\xa0", " "): colours[each.get("symbol")]
            for each in root.iter("category")}  # fmt: skip


def test_a_colour_means_the_same_gain_on_the_map_of_each_scenario(study, tmp_path):
    """c1 at 40 or 23 places, of 150 children: 20/150 or 3/150 more in Alpe and in Brive.

    Per 100 children 13.3, 13.3, 2 and 2: their thirds are 2 and 13.3, in round sizes 2, under
    which nothing is, and 10.
    """
    large, small = (told({**RESIZE, "capacity": size}, key=f"c{size}") for size in (40, 23))
    write_comparison(study, [large, small], "creche", tmp_path / "o")
    same, dark, middle = (rgb(each) for each in (CHANGES["same"], *FALLS[:0:-1]))
    unknown = {labels.text("map.unknown"): rgb(NO_DATA)}
    assert drawn_in(tmp_path / "o", "c40") == {
        "gain : 10 et plus": dark, "sans changement": same, **unknown,
    }  # fmt: skip
    assert drawn_in(tmp_path / "o", "c23") == {
        "gain : moins de 10": middle, "sans changement": same, **unknown,
    }  # fmt: skip
    for key, said in (("c40", "10 et plus"), ("c23", "moins de 10")):
        table = gpd.read_file(tmp_path / "o" / "comparaison.gpkg", layer=f"ecart_{key}")
        told_of = table.set_index("code_insee")["size_label"].str.replace("\xa0", " ")
        assert told_of.tolist() == [f"gain : {said}"] * 2 + ["sans changement"] * 2


def test_a_place_out_of_reach_is_as_large_a_loss_as_the_largest_of_all_scenarios(study):
    """Combe and Dune cut off know no minutes; f1 in Dune costs Alpe 30 minutes, Brive 10."""
    cut = told({"kind": "close_road", "at": degrees(815_000, pp.Y0)}, key="cut")
    away = told({"kind": "move", "place": "f1", "commune": "2A004"}, key="away")
    made = compare(study, [cut, away], "france_services")
    lost, moved = (gain_classes(made, each)[0] for each in made.outcomes)
    assert lost.tolist() == ["same", "same", "more_2", "more_2"]
    assert moved.tolist() == ["more_2", "more_1", "less_1", "less_2"]


def test_the_summary_for_machines_is_json_whatever_is_beyond_reach(tmp_path, capsys):
    config = pp.write(tmp_path)
    path = tmp_path / "lent.toml"
    head = 'name = "Lent"\nmotive = "voir"\nsource = "test"\n'
    path.write_text(head + '[[changes]]\nkind = "speed"\nfactors = { local = 0.1 }\n', "utf-8")
    arguments = ["compare", str(config), str(path), "-s", "france_services", "--json"]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 0
    strict = {"parse_constant": lambda name: pytest.fail(f"{name} is not JSON")}
    made = json.loads(capsys.readouterr().out, **strict)["comparisons"][0]
    assert made["criteria"]["lent"]["longest"] is None
    assert made["criteria"][""]["longest"] == 30
    assert made["changes_nothing"] == []
