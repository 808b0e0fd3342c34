"""`ctg-geo tours` on Petit Pays and on the embedded default: what it writes, what it refuses."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pyogrio

import petit_pays as pp
import tour_cases as tc
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.config.scenario_file import load_scenario, scenario
from ctg_geo.parameters import ScenarioFile
from ctg_geo.scenarios import apply
from ctg_geo.study.compared_report import write_comparison
from ctg_geo.study.tour_fits import tours_that_do_not_fit

ROOT = Path(__file__).parents[2]


def table(folder, name):
    return pd.read_csv(folder / name, sep=";", decimal=",", encoding="utf-8-sig")


def test_a_proposal_is_written_beside_the_tours_of_today(tmp_path, capsys):
    config = tc.written(tmp_path / "study")
    assert main(["tours", str(config), "--design", "--out", str(tmp_path / "out")]) == 0
    out = tmp_path / "out"
    assert "Prouvé" in (out / "synthese.txt").read_text("utf-8")
    layers = {name for name, _ in pyogrio.list_layers(out / "tournees.gpkg")}
    assert {"haltes_actuelles", "trajets_proposees", "communes_proposees"} <= layers
    today = table(out, "haltes.csv").query('Tournées == "aujourd’hui"')
    assert today["Heures"].tolist() == [2.0, 3.0]
    assert (out / "carte_proposition.png").exists()
    assert "Résultats dans" in capsys.readouterr().out


def test_a_proposal_is_a_scenario_that_compare_reads(tmp_path, capsys):
    """What compare makes of it is what the table of stops says, hour by hour."""
    services = tc.SERVICES.replace(
        'unit = "lieux"\n', 'unit = "lieux"\ndeliveries = ["fixed", "mobile"]\n'
    )
    config, out = tc.written(tmp_path / "study", services=services), tmp_path / "out"
    assert main(["tours", str(config), "--design", "-q", "--out", str(out)]) == 0
    path = out / "scenario_proposition.toml"
    study, read = open_study(config), load_scenario(path)
    made = apply(read, study.territory, study.config.services, study.config.tours)
    stops = made.territory.equipements.query('delivery == "mobile" and hours_per_week > 0')
    plan = table(out, "haltes.csv").query('Tournées == "proposition"')
    said = plan.groupby("Commune")["Heures"].sum().to_dict()
    assert said
    names = stops["code_insee"].map(study.territory.communes["nom"])
    assert stops["hours_per_week"].groupby(names).sum().to_dict() == said
    compared = ["compare", str(config), str(path), "--out", str(tmp_path / "c")]
    assert main(compared) == 0
    text = " ".join(capsys.readouterr().out.replace("\u00a0", " ").split())
    assert "faire passer « Bus »" in text
    assert re.search(r"est là 5(,0)? h par semaine au moins", text)


def test_a_tour_of_a_scenario_that_its_crew_cannot_run_is_a_finding(tmp_path):
    services = tc.SERVICES.replace(
        'unit = "lieux"\n', 'unit = "lieux"\ndeliveries = ["fixed", "mobile"]\n'
    )
    study = open_study(tc.written(tmp_path / "study", services=services))
    rules = next(iter(study.config.tours.values()))
    key, tour = next(iter(rules.tours.items()))

    def told(hours, name=key, called="s"):
        stops = [{"place": tour.depot, "hours": hours}]
        days = [{"name": "lundi", "every_weeks": 1, "stops": stops}]
        change = {"kind": "tour", "tour": name, "service": rules.service, "days": days}
        file = ScenarioFile.model_validate({"name": called, "motive": "y", "source": "z",
                                            "changes": [change]})  # fmt: skip
        return scenario(file, key=called)

    setting = (tour.setting_up_min + tour.packing_up_min) / 60
    fits = min(tour.longest_day_hours, tour.crew.field_hours) - setting - 0.1
    assert tours_that_do_not_fit(study, told(fits)) == []
    found = tours_that_do_not_fit(study, told(tour.longest_day_hours - setting + 0.5))
    assert "tour_day_too_long" in [each.key for each in found]
    assert "30 min de trop" in found[0].explain("fr")
    (new,) = tours_that_do_not_fit(study, told(1.0, "autre"))
    assert (new.severity, new.key) == ("info", "tour_without_crew")
    both = [told(tour.longest_day_hours, called="long"), told(fits, called="court"),
            told(tour.longest_day_hours + 1, called="trop")]  # fmt: skip
    report = write_comparison(study, both, rules.service, tmp_path / "c")
    for name, encoding in (("constats.csv", "utf-8-sig"), ("comparaison.txt", "utf-8")):
        said = (report.folder / name).read_text(encoding).replace("\xa0", " ")
        late = re.findall("Scénario « (.*?) », la tournée ne tient pas.* h du départ", said)
        assert late == ["long", "trop"]  # each its own, of the same tour


def test_without_design_only_today_is_told(tmp_path):
    config, out = tc.written(tmp_path / "study"), tmp_path / "out"
    assert main(["tours", str(config), "--out", str(out), "-q"]) == 0
    assert not (out / "carte_proposition.png").exists()
    assert "propos" not in (out / "synthese.txt").read_text("utf-8").lower()


def test_other_means_are_not_told_as_equal_ones(tmp_path):
    config, out = tc.written(tmp_path / "study"), tmp_path / "out"
    arguments = ["tours", str(config), "--design", "--vehicles", "2", "--days", "1", "-q"]
    assert main([*arguments, "--out", str(out)]) == 0
    text = (out / "synthese.txt").read_text("utf-8")
    assert "moyens égaux" not in text
    assert "Moyens :" in text.replace("\u00a0", " ")


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    config = tc.written(tmp_path / "study")
    for name in ("one", "two"):
        arguments = ["tours", str(config), "--design", "--objective", "floor", "-q"]
        assert main([*arguments, "--out", str(tmp_path / name)]) == 0
    for made in (tmp_path / "one").iterdir():
        assert made.read_bytes() == (tmp_path / "two" / made.name).read_bytes(), made.name


def test_places_to_keep_that_no_plan_serves_are_exit_3(tmp_path, capsys):
    hours = 'least_hours = 6\nmost_hours = 6\nkeep = ["2A004"]'
    tours = tc.TOURS.replace("least_hours = 1\nmost_hours = 3", hours)
    config = tc.written(tmp_path / "study", tours)
    assert main(["tours", str(config), "--design", "--out", str(tmp_path / "out")]) == 3
    assert "Dune" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_options_of_a_design_ask_for_one(tmp_path, capsys):
    config = tc.written(tmp_path / "study")
    assert main(["tours", str(config), "--days", "2", "--out", str(tmp_path / "out")]) == 2
    assert "--design" in capsys.readouterr().err


def test_a_secret_count_is_in_no_output(tmp_path):
    """Dune has 3 or 4 children, under the rule of the Caf: nothing told may differ."""
    study = pp.STUDY.replace('path = "population.csv"', 'path = "population.csv"\nsecrecy = "caf"')
    told = []
    for count in ("3", "4"):
        people = pp.POPULATION.replace("2A004,300,30", f"2A004,300,{count}")
        config = tc.written(tmp_path / count, study=study, population=people)
        assert (
            main(["tours", str(config), "--design", "-q", "--out", str(tmp_path / f"o{count}")])
            == 0
        )
        out = tmp_path / f"o{count}"
        told.append({each.name: each.read_bytes() for each in sorted(out.iterdir())
                     if each.name != "manifest.json"})  # fmt: skip
        communes = table(out, "communes.csv").set_index("Code INSEE")
        assert communes.loc[["2A004"], "enfants à desservir"].isna().all()
    assert told[0] == told[1]


def test_the_tours_of_the_default_are_told_as_estimates(tmp_path):
    study = tmp_path / "study"
    for name in ("config", "data"):
        shutil.copytree(ROOT / name, study / name)
    config, out = study / "config" / "valence_romans.toml", tmp_path / "out"
    assert main(["tours", str(config), "--json", "-q", "--out", str(out)]) == 0
    text = (out / "synthese.txt").read_text("utf-8")
    assert "temps schématiques" in text
    assert "jours, heures, équipes et dépôts des tournées supposés" in text
    stops = table(out, "haltes.csv")
    assert len(stops) == 15
    assert (stops["Présence (% d’un lieu entier)"] < 50).all()
    assert json.loads((out / "manifest.json").read_text("utf-8"))["parameters"]["design"] is None
