"""Kinds of communes and the declared score of a run over all themes, on Petit Pays."""

import csv
import io

import geopandas as gpd
import pytest

import petit_pays as pp
from ctg_geo.cli import main

THEMES = """
[themes.tout]
label = "Tout"
demand = "children_0_2"
people_label = "enfants"
classes = [0, 30, 100]
source = "convention de test"
services = ["creche", "france_services"]
"""

SCORE = """
[score]
normalisation = "bounds"
source = "poids de test"

[score.parts."creche.access_per_100"]
weight = 0.5
good = 20
bad = 0

[score.parts."france_services.nearest_min"]
weight = 0.5
good = 0
bad = 30
"""

WEIGHTS = """
[uncertainty]
draws = 20
weights."creche.access_per_100" = { low = 0.2, high = 0.8, source = "test" }
"""


def rows(path):
    text = path.read_bytes().decode("utf-8-sig").replace("\u00a0", " ").replace("\u202f", " ")
    return {row["Code Insee"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}


def run(folder, study):
    config = pp.write(folder / "pays", study=study, services=pp.SERVICES + THEMES)
    return main(["diagnose", str(config), "--all", "-o", str(folder / "out"), "-q"])


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    assert run(folder, pp.STUDY + SCORE + WEIGHTS) == 0
    return folder / "out"


def test_the_score_is_that_worked_out_by_hand_beside_its_quantities(out):
    """Alpe: access 40/3 of 20, on the spot; Dune: 15.5 of 20, 30 minutes of 30.

    Combe, 62.5 and 66.7 on the two parts, is above Dune, 22.5 and 100, where access weighs more
    than 5/11; the ranges let it weigh 2/7 to 8/13.
    """
    table = rows(out / "score.csv")
    assert table["01001"]["Score composite (0 à 100)"] == "16,7"
    dune_score = table["2A004"]["Score composite (0 à 100)"].replace(",", ".")
    assert float(dune_score) == pytest.approx(61.25, abs=0.06)
    dune = table["2A004"]
    assert dune["France services – Temps au lieu le plus proche (min)"] == "30,0"
    points = "France services – Temps au lieu le plus proche (min) – points (poids 0,50)"
    assert dune[points] == "50,0"
    assert next(iter(table)) == "01003", "the worst first"
    assert dune["Rang, P5 (poids tirés)"] == "1"
    assert dune["Rang, P95 (poids tirés)"] == "2"


def test_communes_are_of_kinds_named_by_what_sets_them_apart(out):
    table = rows(out / "typologie.csv")
    assert len({row["Classe (numéro)"] for row in table.values()}) >= 2
    said = (out / "synthese.txt").read_text(encoding="utf-8")
    assert "silhouette" in said
    assert "poids de test" in said
    layer = gpd.read_file(out / "themes.gpkg", layer="typologie")
    assert dict(zip(layer["code_insee"], layer["class_label"], strict=True)) == {
        code: row["Classe"] for code, row in table.items()
    }


def test_without_a_recipe_there_is_no_score_and_the_former_one_leaves(tmp_path):
    assert run(tmp_path, pp.STUDY + SCORE) == 0
    assert (tmp_path / "out" / "score.csv").exists()
    assert run(tmp_path, pp.STUDY) == 0
    assert not (tmp_path / "out" / "score.csv").exists()


def test_a_score_of_a_figure_that_is_none_is_refused_by_name(tmp_path, capsys):
    wrong = SCORE.replace("creche.access_per_100", "creche.temps")
    assert run(tmp_path, pp.STUDY + wrong) == 1
    said = capsys.readouterr().err
    assert "creche.temps" in said
    assert "creche.nearest_min" in said
    assert not (tmp_path / "out").exists()


SOCIAL = """
[sources.indicators.social]
format = "plain"
path = "social.csv"
provider = "test"
licence = "test"
vintage = "2026"

[sources.indicators.social.values.alone_share]
column = "alone"
of = "people"
label = "Part des personnes seules, 2026 (% des habitants)"
"""
PEOPLE = "code_insee,alone,people\n01001,1,4\n01002,1,10\n01003,3,8\n2A004,1,3\n26005,1,5\n"
DESK = pp.SERVICES[pp.SERVICES.index("[services.france_services]") :]
DESKS = pp.STUDY[pp.STUDY.rindex("[[sources.equipements]]") : pp.STUDY.index("[roads.line]")]


def again(text, key, label):
    """Declare the desks once more, as another service of a file of its own."""
    text = text.replace("france_services", key).replace("France services", label)
    return text.replace("desks.csv", f"{key}.csv")


def test_a_thing_counts_once_in_percent_and_a_ceiling_is_marked(tmp_path):
    """The desk is 0, 10, 20 and 30 minutes away: 15 is a ceiling for Combe and Dune.

    The twin service has the same times; that of the incomplete list is left out.
    """
    listed = again(DESKS, "entraide", "").replace('"test"', '"liste"') + "complete = false\n"
    themes = THEMES.replace('"france_services"]', '"france_services", "poste", "entraide"]')
    services = pp.SERVICES + again(DESK, "poste", "Poste") + again(DESK, "entraide", "Entraide")
    services = services.replace("within_min = 25", "within_min = 10").replace("45", "15")
    study = pp.STUDY + SOCIAL + again(DESKS, "poste", "") + listed
    config = pp.write(tmp_path / "pays", study=study, services=services + themes)
    (config.parent / "social.csv").write_text(PEOPLE, encoding="utf-8")
    for key in ("poste", "entraide"):
        own = pp.DESKS.replace("f1,", f"{key}1,").replace("f2,", f"{key}2,")
        (config.parent / f"{key}.csv").write_text(own, encoding="utf-8")
    assert main(["diagnose", str(config), "--all", "-o", str(tmp_path / "out"), "-q"]) == 0
    table = rows(tmp_path / "out" / "typologie.csv")
    assert table["01001"]["Part des personnes seules (%)"] == "25,0"
    assert table["2A004"]["Temps France services"] == "15,0"
    held = {code: row["Temps au plafond (aucun lieu à portée)"] for code, row in table.items()}
    assert held["01001"] == held["01002"] == ""
    assert held["2A004"].startswith("Temps France services")
    assert not {"Temps Poste", "Temps Entraide"} & set(table["01001"])
    said = (tmp_path / "out" / "synthese.txt").read_text(encoding="utf-8")
    assert "comptés une seule fois : Temps France services, Temps Poste" in plain(said)
    assert "connus qu'en partie : Entraide." in plain(said)
    assert "lieux connus en partie seulement" in said


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
