"""The report of compared scenarios tells the published numbers, and nothing else."""

import csv
import io
import json
import shutil
from decimal import Decimal

import docx
import pytest

import petit_pays as pp
from ctg_geo import labels
from ctg_geo.cli import main
from read_pages import normal, numbers, page

HOSTILE = "<script>alert(\"x\")</script> =cmd|' /C calc'!A0"
SCENARIOS = {
    "ouvrir": f"""
name = '''Ouvrir {HOSTILE}'''
motive = '''Une ligne

et une autre :
  – qui n'est pas un changement'''
source = "test"

[[changes]]
kind = "open"
place = "c4"
service = "creche"
name = '''Les Cigales {HOSTILE}'''
commune = "01002"
capacity = 10
cost = 350000
cost_per_year = 0
""",
    # as many places for more money: dominated
    "plus cher": """
name = "Ouvrir, plus cher"
motive = "essai"
source = "test"

[[changes]]
kind = "open"
place = "c4"
service = "creche"
name = "Les Cigales"
commune = "01002"
capacity = 10
cost = 450000
cost_per_year = 0
""",
    "fermer": """
name = "Fermer les Coccinelles"
motive = "essai"
source = "test"

[[changes]]
kind = "close"
place = "c2"
cost = 1000
cost_per_year = 0
""",
    "rien": """
name = "Ne rien faire"
motive = "essai"
source = "test"
""",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    config = pp.write(folder / "pays")
    files = []
    for key, content in SCENARIOS.items():
        files.append(folder / f"{key}.toml")
        files[-1].write_text(content, encoding="utf-8")
    paths = [str(each) for each in files]
    assert main(["compare", str(config), *paths, "-o", str(folder / "compared"), "-q"]) == 0
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(folder / "now"), "-q"]) == 0
    assert main(["export", str(folder / "compared"), "-q"]) == 0
    return folder


def test_a_comparison_has_a_report_in_three_files(run):
    held = {each.name for each in (run / "compared" / "documents").iterdir()}
    assert held == {"rapport.html", "rapport.pdf", "rapport.docx", "manifest_rapport.json"}
    assert (run / "compared" / "documents" / "rapport.pdf").read_bytes().startswith(b"%PDF-")


def test_every_number_of_the_report_was_published(run):
    folder = run / "compared"
    told = set()
    for path in [*folder.glob("*.txt"), *folder.glob("*.csv")]:
        told |= numbers(path.read_text(encoding="utf-8-sig"))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    told |= numbers(" ".join(map(str, manifest["inputs"])))
    told |= numbers(" ".join(labels._table("fr")["documents"].values()))
    told |= {str(each) for each in range(1, 1 + len(SCENARIOS))}  # places in a list, ranks
    text = " | ".join(page(folder / "documents" / "rapport.html").said)
    assert numbers(text) <= told
    assert len(numbers(text)) > 30
    assert "13,33" in text  # 100 × 2/15, the access of Alpe
    assert "20,00" in text  # and after 10 places for 150 children


@pytest.mark.parametrize("name", ["scenarios_communes.csv", "scenarios_groupes.csv"])
def test_a_change_is_the_difference_of_the_figures_beside_it(run, name):
    held = (run / "compared" / name).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(held), delimiter=";"))
    said = [tuple(Decimal(row[each].replace(",", ".")) for each in ("Avant", "Après", "Écart"))
            for row in rows if row["Écart"]]  # fmt: skip
    assert [after - before for before, after, _ in said] == [change for *_, change in said]


def test_the_first_page_tells_changes_criteria_and_who_is_dominated(run):
    said = normal(" | ".join(page(run / "compared" / "documents" / "rapport.html").said))
    first = said[: said.index("Motif :")]
    for each in ("Ouvrir « Les Cigales", "Fermer « Les Coccinelles »", "aucun changement"):
        assert (each in first) == (each != "aucun changement")
    assert "Le scénario 2 est dominé par le scénario 1" in first
    assert "Ouvrir <script>" in first
    text = docx.Document(run / "compared" / "documents" / "rapport.docx")
    table = next(each for each in text.tables if each.rows[0].cells[0].text == "Critère")
    heads = [each.text for each in table.rows[0].cells]
    assert heads == ["Critère", "Situation actuelle", *(f"Scénario {n}" for n in range(1, 5))]
    last = [normal(each.text) for each in table.rows[-1].cells]
    assert last[0] == "Dominé par"
    assert last[3] == normal(f"Ouvrir {HOSTILE}")
    missing = next(row for row in table.rows if row.cells[0].text.startswith("Manque"))
    # Combe has no child; Alpe 13,3, Brive 20,8, Dune 15,5 are above 10; closing c2 leaves Dune 8:
    # 2 places in 100 for 30 children
    assert [normal(each.text).split(" ")[0] for each in missing.cells[1:]] == [
        "0,0", "0,0", "0,0", "0,6", "0,0",
    ]  # fmt: skip


def test_each_scenario_names_who_gains_and_who_loses(run):
    text = docx.Document(run / "compared" / "documents" / "rapport.docx")
    tables = [each for each in text.tables if each.rows[0].cells[0].text == "Code Insee"]
    found = [[row.cells[0].text for row in table.rows[1:]] for table in tables]
    west, east = ["01001", "01002", "01003"], ["01002", "01003", "2A004"]
    assert [sorted(each) for each in found] == [west, west, east]  # opened twice, then closed
    assert len(text.inline_shapes) == len(SCENARIOS)
    styles = [each.text for each in text.paragraphs if each.style.name == "Heading 1"]
    assert sum(each[:2] in {"1.", "2.", "3.", "4."} for each in styles) == len(SCENARIOS)


def test_what_came_from_data_stays_text_and_nothing_is_asked_of_the_network(run):
    found = page(run / "compared" / "documents" / "rapport.html")
    assert "script" not in found.tags
    assert HOSTILE.replace("'", "’") in " ".join(found.said)
    assert all(each.startswith(("data:image/png;base64,", "#")) for each in found.urls)


def test_the_same_comparison_makes_the_same_bytes(run, tmp_path):
    assert main(["export", str(run / "compared"), "--out", str(tmp_path), "-q"]) == 0
    for each in sorted((run / "compared" / "documents").iterdir()):
        assert each.read_bytes() == (tmp_path / each.name).read_bytes(), each.name


def test_a_comparison_is_a_chapter_of_the_report_of_a_diagnosis(run, tmp_path):
    asked = ["export", str(run / "now"), "--to", "rapport", "-o", str(tmp_path), "-q"]
    assert main([*asked, "--comparison", str(run / "compared")]) == 0
    said = normal(" ".join(page(tmp_path / "rapport.html").said))
    text = docx.Document(tmp_path / "rapport.docx")
    titles = [normal(each.text) for each in text.paragraphs if each.style.name == "Heading 1"]
    assert titles == [
        "Ce qu'il y a à décider", "Scénarios comparés : Crèches", "Méthode et limites", "Sources",
        "Constats sur les données", "Glossaire",
    ]  # fmt: skip
    assert "Le scénario 2 est dominé par le scénario 1" in said
    assert "1. Crèches : quel scénario retenir ?" in said
    assert "fermer.toml" in said  # among the sources
    held = json.loads((tmp_path / "manifest_rapport.json").read_text("utf-8"))["inputs"]
    assert [each["role"] for each in held] == ["results", "comparison"]


def test_what_cannot_be_bound_is_refused_with_the_mend(run, tmp_path, capsys):
    assert main(["export", str(run / "compared"), "--to", "annexe", "-o", str(tmp_path / "a")]) == 1
    assert "annexe" in capsys.readouterr().err
    asked = ["export", str(run / "now"), "-o", str(tmp_path / "a"), "--comparison"]
    assert main([*asked, str(run / "now")]) == 1
    assert "comparaison.txt" in capsys.readouterr().err
    other = tmp_path / "other"
    shutil.copytree(run / "compared", other, ignore=shutil.ignore_patterns("documents"))
    manifest = other / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('"name": "Petit Pays"', '"name": "Ailleurs"'), "utf-8")
    assert main([*asked, str(other)]) == 1
    assert "Ailleurs" in capsys.readouterr().err
    manifest.write_text(text, "utf-8")
    told = other / "comparaison.txt"
    told.write_text(told.read_text("utf-8").replace("3. Fermer", "3. Ouvrir"), "utf-8")
    assert main(["export", str(other)]) == 1
    assert "compare" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
    assert not (other / "documents").exists()


def test_a_file_changed_since_is_told(run, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(run / "compared", copy, ignore=shutil.ignore_patterns("documents"))
    with (copy / "changements.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert main(["export", str(copy), "-q"]) == 0
    said = " ".join(page(copy / "documents" / "rapport.html").said)
    assert "copy/changements.csv" in said
    asked = ["export", str(run / "now"), "--to", "rapport", "-o", str(tmp_path / "both"), "-q"]
    assert main([*asked, "--comparison", str(copy)]) == 0
    assert "copy/changements.csv" in " ".join(page(tmp_path / "both" / "rapport.html").said)
