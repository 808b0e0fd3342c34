"""The projects open in real QGIS, draw what the report says, and print whole pages."""

import csv
import io
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest

import petit_pays as pp
from ctg_geo import labels
from ctg_geo.cli import main
from qgis_seen import FRAGILE, SHEETS, classes_of, sound

pytestmark = pytest.mark.qgis

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "config" / "valence_romans.toml"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    assert main(["diagnose", str(DEFAULT), "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture(scope="module")
def seen(run, judge):
    return {each: judge(run / each / "projet.qgz") for each in ("creche", "france_services")}


def report(folder):
    """Count the communes of each class in the table people read."""
    text = (folder / "resultats.csv").read_text(encoding="utf-8-sig")
    return Counter(row["Classe"] for row in csv.DictReader(io.StringIO(text), delimiter=";"))


def fragile(folder):
    """Name the communes whose verdict the table of people says to be fragile."""
    text = (folder / "resultats.csv").read_text(encoding="utf-8-sig")
    return {row["Commune"] for row in csv.DictReader(io.StringIO(text), delimiter=";")
            if labels.text("certainty.fragile") in row.values()}  # fmt: skip


@pytest.mark.parametrize("service", ["creche", "france_services"])
def test_a_project_opens_whole_in_qgis(seen, service):
    sound(seen[service])


@pytest.mark.parametrize("service", ["creche", "france_services"])
def test_classes_drawn_are_those_of_the_report(run, seen, service):
    drawn = next(each for each in seen[service]["layers"] if "fiche" not in each["id"]
                 and each["id"].startswith("communes_resultat"))  # fmt: skip
    counts = {said.split(" (")[0]: count for said, count in classes_of(drawn).items() if count}
    assert counts == report(run / service)
    assert sum(counts.values()) == drawn["features"] == 54


def test_legends_tell_the_same_counts_as_the_report(run, seen):
    page = next(each for each in seen["creche"]["layouts"] if each["name"] == "Résultat — A4")
    said = " ".join(page["sheets"][0]["legend"])
    for label, count in report(run / "creche").items():
        assert f"{label} (" in said
        assert labels.text("qgis.class_count", said="", count=count) in said


def test_fragile_verdicts_of_the_report_are_hatched_and_told_on_pages_and_sheets(run, seen):
    named = fragile(run / "creche")
    assert "Portes-lès-Valence" in named
    drawn = next(each for each in seen["creche"]["layers"]
                 if each["id"].startswith("communes_resultat"))  # fmt: skip
    assert drawn["classes"][FRAGILE] == len(named)
    pages = {each["name"]: each["sheets"] for each in seen["creche"]["layouts"]}
    (page,) = pages["Résultat — A4"]
    assert labels.text("qgis.class_count", said=FRAGILE, count=len(named)) in page["legend"]
    listed = [said.replace("\u00a0", " ") for said in page["text"]
              if re.match(r"[1-5]\.\s", said)]  # fmt: skip
    assert len(listed) == 5
    for said in listed:
        name = said.partition(". ")[2].partition(" : ")[0]
        assert said.endswith("(verdict fragile)") == (name in named), said
    alixan, barbieres = pages[SHEETS]  # of the two, Alixan alone is fragile
    assert {"Alixan", "Barbières"} & named == {"Alixan"}
    assert "Norme non atteinte (verdict fragile)" in alixan["text"]
    assert "Norme non atteinte" in barbieres["text"]
    assert labels.text("qgis.fragile_short") in alixan["legend"]


def test_there_is_a_sheet_for_each_of_the_54_communes(run, seen):
    atlas = next(each for each in seen["creche"]["layouts"] if each["name"] == SHEETS)
    assert atlas["atlas"] == 54
    alixan, barbieres = atlas["sheets"]
    assert "Alixan" in alixan["text"]
    assert "Barbières" in barbieres["text"]
    text = (run / "creche" / "resultats.csv").read_text(encoding="utf-8-sig")
    rows = {row["Commune"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    (table,) = barbieres["tables"]
    lines = {line[0]: line[1] for line in table}
    missing = next(name for name in lines if name.startswith("Manque pour"))
    assert lines[missing] == f"{float(rows['Barbières'][missing].replace(',', '.')):.0f}"
    assert table != alixan["tables"][0]


def test_map_tips_tell_what_is_known_and_nothing_else(seen):
    layers = {each["id"].split("_")[0]: each for each in seen["creche"]["layers"]}
    places = [tip.replace("\u00a0", " ") for tip in layers["equipements"]["tips"]]
    assert len(places) == 78
    assert not any("Heures par semaine" in tip for tip in places)  # no file tells them
    assert all("Capacité" in tip and "<b>" in tip for tip in places)
    alixan = next(tip for tip in layers["communes"]["tips"] if "<b>Alixan</b>" in tip)
    assert "Classe" in alixan
    assert any("<b>Valence</b>" in tip for tip in layers["points"]["tips"])
    assert all(tip and "<b>" not in tip.split("<br/>")[-2] for tip in layers["constats"]["tips"])


def test_a_project_moved_to_a_folder_with_spaces_and_accents_opens_the_same(
    run, judge, seen, tmp_path
):
    moved = tmp_path / "clé USB, réunion d'été"
    shutil.copytree(run / "creche", moved)
    told = judge(moved / "projet.qgz", "--pages", SHEETS, "--sheets", "1")
    sound(told)
    assert [each["classes"] for each in told["layers"] if "classes" in each] == [
        each["classes"] for each in seen["creche"]["layers"] if "classes" in each
    ]  # fmt: skip
    with zipfile.ZipFile(moved / "projet.qgz") as archive:
        text = archive.read("projet.qgs").decode()
    assert str(run) not in text
    assert "http:" not in text.split("<maplayer", 1)[1].replace("http://mrcc.com", "")


def test_layers_open_styled_from_the_geopackage_alone(run, judge):
    told = judge(run / "creche" / "ctg.gpkg", "--tables", "communes", "equipements", "routes")
    communes, places, roads = told["layers"]
    assert communes["labels"]
    counts = {said.split(" (")[0]: count for said, count in classes_of(communes).items() if count}
    assert counts == report(run / "creche")
    assert communes["classes"][FRAGILE] == len(fragile(run / "creche"))
    assert places["renderer"] == "RuleRenderer"
    assert sorted(roads["classes"].values()) == [310, 761]
    assert all(each["faults"] == [] and not each["undrawn"] for each in told["layers"])


def test_what_is_not_known_has_signs_of_its_own(tmp_path, judge):
    masked = pp.POPULATION.replace("2A004,300,30", "2A004,300,s")
    config = pp.write(tmp_path / "pays", population=masked)
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    told = judge(out / "projet.qgz", "--pages", SHEETS, "--sheets", "1")
    sound(told)
    drawn = next(each for each in told["layers"] if each["id"].startswith("communes_resultat"))
    secret = [count for said, count in drawn["classes"].items()
              if said.endswith(labels.text("map.people_secret"))]  # fmt: skip
    assert sum(secret) == 1


def test_a_surface_of_times_is_joined_and_drawn_in_classes(tmp_path, judge):
    config, out = pp.write(tmp_path / "pays"), tmp_path / "out"
    surface = ["surface", str(config), "-s", "creche", "--cell", "500", "-q"]
    assert main([*surface, "-o", str(out / "temps.tif")]) == 0
    assert (out / "temps.qml").is_file(), "QGIS finds the style of a raster beside it"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    told = judge(out / "projet.qgz", "--pages", SHEETS, "--sheets", "1")
    sound(told)
    drawn = next(each for each in told["layers"] if each["source"].endswith("temps.tif"))
    assert drawn["bounds"][:2] == [5, 10]
    assert labels.text("qgis.view_times") in told["themes"]
