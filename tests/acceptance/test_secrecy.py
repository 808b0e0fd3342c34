"""No output may reveal a protected count, alone or by subtraction."""

import csv
import importlib
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from xml.etree import ElementTree as ET

import geopandas as gpd
import pyogrio
import pytest

import petit_pays as pp
from ctg_geo.cli import main
from ctg_geo.export import OUTPUTS
from ctg_geo.export._map import HATCH
from ctg_geo.export._unshown import SIGNS
from read_styles import words_of_classes

# Dune has 30 children; published alone, 180 is the sum of the territory.
MASKED = pp.POPULATION.replace("2A004,300,30", "2A004,300,<5")
TOTAL = pp.STUDY.replace(
    "[[sources.equipements]]",
    """[[sources.population.controls]]
column = "children_0_2"
total = 180
base = "total publié"

[[sources.equipements]]""",
    1,
)


@pytest.fixture
def out(tmp_path, capsys):
    config = pp.write(tmp_path / "pays", study=TOTAL, population=MASKED)
    folder = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(folder), "--json"]) == 0
    (folder / "said.json").write_text(capsys.readouterr().out, encoding="utf-8")
    return folder


def texts(folder):
    """Return every word and number of every output, as a curious reader would collect them."""
    for name in (*OUTPUTS, "said.json"):
        if name.endswith((".csv", ".txt", ".json")):
            yield name, (folder / name).read_text(encoding="utf-8-sig")
    for layer, _ in pyogrio.list_layers(folder / "ctg.gpkg"):
        if layer != "layer_styles":
            yield layer, gpd.read_file(folder / "ctg.gpkg", layer=layer).to_csv()
    with zipfile.ZipFile(folder / "projet.qgz") as project:
        yield "projet.qgz", " ".join(ET.fromstring(project.read("projet.qgs")).itertext())  # noqa: S314


def test_the_published_total_is_nowhere_once_a_part_of_it_is_secret(out):
    for name, text in texts(out):
        plain = re.sub(r"[0-9a-f]{64}", "", text)
        assert not re.search(r"(?<![0-9.,])180(?![0-9])", plain), f"{name} shows the total"
    settings = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["parameters"]
    assert settings["study"]["sources"]["population"]["controls"][0]["total"] is None


def test_the_comparison_is_refused_aloud_not_made_on_a_part(out):
    findings = gpd.read_file(out / "ctg.gpkg", layer="constats")
    assert "control" not in set(findings["key"])
    assert "control_partial" in set(findings["key"])


def table(out, name):
    text = (
        (out / name).read_text(encoding="utf-8-sig").replace("\u00a0", " ").replace("\u202f", " ")
    )
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_sums_leave_the_secret_commune_out_on_both_sides_and_say_so(out):
    groups = {row["Groupe"]: row for row in table(out, "comparaison.csv")}
    hidden = "Communes à effectif secret ou inconnu, hors des totaux"
    assert [groups[name][hidden] for name in ("Ouest", "Est", "Ensemble du territoire")] == [
        "0", "1", "1",
    ]  # fmt: skip
    whole = groups["Ensemble du territoire"]
    assert whole["Population concernée : enfants"] == "150,0"
    # c1 (20) and c2 (6) stand in communes whose children are counted: 26 for 150
    assert whole["Offre située (places pour 100)"] == f"{100 * 26 / 150:.1f}".replace(".", ",")
    said = (out / "synthese.txt").read_text(encoding="utf-8")
    assert "absentes des totaux" in said


def test_a_secret_commune_is_never_listed_as_the_worst(tmp_path):
    places = pp.CRECHES.replace("c2,Les Coccinelles,01003,6", "c2,Les Coccinelles,01001,6")
    config = pp.write(tmp_path / "pays", population=MASKED, creches=places)
    folder = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(folder), "-q"]) == 0
    rows = table(folder, "resultats.csv")
    dune = next(row for row in rows if row["Code Insee"] == "2A004")
    assert dune["Norme non atteinte"] == "oui"
    assert dune["Rang (1 = manque le plus grand)"] == "4"
    assert dune["Manque : statut"] == "secret statistique"
    assert "Dune" not in (folder / "synthese.txt").read_text(encoding="utf-8")


CAF = pp.STUDY.replace('path = "population.csv"', 'path = "population.csv"\nsecrecy = "caf"')
IN_CLEAR = pp.POPULATION.replace("2A004,300,30", "2A004,300,3")
KNOWN = """
[secrecy]
publications = "registre.json"

[[secrecy.known_totals]]
column = "children_0_2"
total = 153
base = "total publié ailleurs"
"""


def diagnosed(folder, capsys, *, study=CAF, population=IN_CLEAR, out="out"):
    config = pp.write(folder / "pays", study=study, population=population)
    code = main(["diagnose", str(config), "-s", "creche", "-o", str(folder / out), "-q"])
    return code, capsys.readouterr().err.replace("\u00a0", " ").replace("\u202f", " ")


def people(out):
    column = "Population concernée : enfants"
    return {row["Code Insee"]: row[column] for row in table(out, "resultats.csv")}


def test_a_count_under_the_rule_is_hidden_though_the_file_gives_it(tmp_path, capsys):
    assert diagnosed(tmp_path, capsys) == (0, "")
    out = tmp_path / "out"
    assert people(out) == {"01001": "100,0", "01002": "50,0", "01003": "0,0", "2A004": ""}
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (read,) = [each for each in manifest["inputs"] if each["role"] == "population"]
    assert read["sha256"] == "", "a hash of the file would tell one count of four"
    (tmp_path / "out" / "said.json").write_text("", encoding="utf-8")
    for name, text in texts(out):
        assert not re.search(r"(?<![0-9.,])153(?![0-9])", re.sub(r"[0-9a-f]{64}", "", text)), name


def test_results_do_not_depend_on_a_count_that_a_rule_hides(tmp_path, capsys):
    outs = []
    for count in (1, 4):
        population = pp.POPULATION.replace("2A004,300,30", f"2A004,300,{count}")
        folder = tmp_path / str(count)
        assert diagnosed(folder, capsys, population=population)[0] == 0
        outs.append({each.name: each.read_bytes() for each in (folder / "out").iterdir()})
    assert outs[0] == outs[1]


def test_a_total_known_elsewhere_hides_a_second_commune(tmp_path, capsys):
    assert diagnosed(tmp_path, capsys, study=CAF + KNOWN) == (0, "")
    out = tmp_path / "out"
    assert people(out) == {"01001": "100,0", "01002": "", "01003": "0,0", "2A004": ""}
    log = table(out, "journal_secret.csv")
    assert [(row["Commune"], row["Secret"]) for row in log if row["Étape"] == "masquage"] == [
        ("Dune", "primaire"), ("Brive", "secondaire"),
    ]  # fmt: skip
    assert "1 effectif secret attaqué" in log[-1]["Détail"]
    text = (out / "journal_secret.csv").read_text(encoding="utf-8-sig")
    assert not re.search(r"\b(3|50|53|153)\b", text)
    findings = gpd.read_file(out / "ctg.gpkg", layer="constats")
    assert {"secret_by_rule", "secret_secondary"} <= set(findings["key"])


def test_an_empty_cell_of_the_buffer_does_not_undo_the_protection(tmp_path, capsys):
    population = IN_CLEAR.replace("26005,200,20", "26005,200,")
    assert diagnosed(tmp_path, capsys, study=CAF + KNOWN, population=population) == (0, "")
    out = tmp_path / "out"
    assert people(out) == {"01001": "100,0", "01002": "", "01003": "0,0", "2A004": ""}
    assert "secondaire" in {row["Secret"] for row in table(out, "journal_secret.csv")}


def test_what_was_published_before_cannot_be_subtracted_from_what_is_now(tmp_path, capsys):
    listed = CAF + '[secrecy]\npublications = "registre.json"\n'
    assert diagnosed(tmp_path, capsys, study=listed) == (0, "")
    before = {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()}
    register = (tmp_path / "pays" / "registre.json").read_bytes()
    # every other commune is out: the total that readers find elsewhere would tell Dune
    code, said = diagnosed(tmp_path, capsys, study=CAF + KNOWN)
    assert code == 1
    assert "Dune (2A004, children_0_2, 2026)" in said
    assert "153" not in said
    assert {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()} == before
    assert (tmp_path / "pays" / "registre.json").read_bytes() == register


def test_another_text_for_the_vintage_does_not_make_it_another_table(tmp_path, capsys):
    listed = CAF + '[secrecy]\npublications = "registre.json"\n'
    assert diagnosed(tmp_path, capsys, study=listed) == (0, "")
    shown = people(tmp_path / "out")
    renamed = (CAF + KNOWN).replace('vintage = "2026"', 'vintage = "au 01/01/2026"')
    code, said = diagnosed(tmp_path, capsys, study=renamed, out="again")
    assert code == 1, f"153 in all, less {shown}, is what Dune has"
    assert "Dune (2A004, children_0_2, " in said
    assert not (tmp_path / "again").exists()


def test_a_total_declared_once_is_known_for_good(tmp_path, capsys):
    assert diagnosed(tmp_path, capsys, study=CAF + KNOWN) == (0, "")
    forgotten = CAF + '[secrecy]\npublications = "registre.json"\n'
    assert diagnosed(tmp_path, capsys, study=forgotten, out="again") == (0, "")
    assert people(tmp_path / "again")["01002"] == "", "50 would tell 3: readers still know 153"


def test_other_figures_under_another_vintage_are_another_table(tmp_path, capsys):
    listed = CAF + '[secrecy]\npublications = "registre.json"\n'
    assert diagnosed(tmp_path, capsys, study=listed) == (0, "")
    other = pp.POPULATION.replace(",100\n", ",90\n").replace(",50\n", ",45\n")
    later = (CAF + KNOWN.replace("153", "137")).replace('vintage = "2026"', 'vintage = "2027"')
    dune = other.replace("2A004,300,30", "2A004,300,2")
    code, said = diagnosed(tmp_path, capsys, study=later, population=dune, out="later")
    assert (code, said) == (0, "")
    assert people(tmp_path / "later")["01002"] == ""  # hidden for this year's own total


def test_the_same_publication_again_changes_nothing(tmp_path, capsys):
    files = []
    for _ in range(2):
        assert diagnosed(tmp_path, capsys, study=CAF + KNOWN) == (0, "")
        files.append((tmp_path / "pays" / "registre.json").read_bytes())
    assert files[0] == files[1]


def counted(folder, capsys, *, study):
    config = pp.write(folder / "pays", study=study, population=IN_CLEAR)
    code = main(["population", str(config), "-o", str(folder / "people"), "-q"])
    return code, capsys.readouterr().err.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_account_of_people_is_noted_and_logged_like_a_diagnosis(tmp_path, capsys):
    listed = CAF + '[secrecy]\npublications = "registre.json"\n'
    assert counted(tmp_path, capsys, study=listed) == (0, "")
    log = table(tmp_path / "people", "journal_secret.csv")
    assert "1 effectif secret attaqué" in log[-1]["Détail"]
    held = json.loads((tmp_path / "pays" / "registre.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in held["publications"]] == ["Petit Pays, population"]
    # what it showed, with a total known elsewhere, would tell Dune
    assert counted(tmp_path, capsys, study=CAF + KNOWN)[0] == 1
    assert diagnosed(tmp_path, capsys, study=CAF + KNOWN)[0] == 1


def test_an_account_of_people_that_betrays_a_secret_is_not_written(tmp_path, capsys, monkeypatch):
    study = importlib.import_module("ctg_geo.study.data")
    monkeypatch.setattr(study.secrecy, "withheld", lambda territory, _: territory)
    code, said = counted(tmp_path, capsys, study=CAF + KNOWN)
    assert code == 1
    assert "1 effectif secret pourrait être déduit" in said
    assert not (tmp_path / "people").exists()
    assert not (tmp_path / "pays" / "registre.json").exists()


def test_exact_counts_are_refused_under_a_rule_of_rounded_ones(tmp_path, capsys):
    study = CAF.replace('"caf"', '"none"').replace(
        'column = "under_3"', 'column = "under_3"\nsecrecy = "caf_open"')  # fmt: skip
    code, said = diagnosed(tmp_path, capsys, study=study, population=pp.POPULATION)
    assert (code, said) == (0, "")
    exact = pp.POPULATION.replace("01002,500,50", "01002,500,53")
    code, said = diagnosed(tmp_path, capsys, study=study, population=exact, out="other")
    assert code == 1
    assert "population.csv, ligne 3, colonne under_3" in said
    assert "53 (commune 01002)" in said
    assert "multiple de 5" in said
    assert not (tmp_path / "other").exists()


def test_ages_that_add_up_hide_a_second_age(tmp_path, capsys):
    study = CAF.replace(
        'column = "under_3"\n',
        'column = "under_3"\n\n[sources.population.values.children_3_5]\ncolumn = "three"\n\n'
        '[sources.population.values.children_0_5]\ncolumn = "all"\n',
    )
    population = "code_insee,inhabitants,under_3,three,all\n" + "".join(
        f"{code},{people},{first},{second},{first + second}\n"
        for code, people, first, second in [
            ("01001", 1000, 100, 90), ("01002", 500, 50, 3), ("01003", 40, 0, 0),
            ("2A004", 300, 30, 40), ("26005", 200, 20, 20),
        ]
    )  # fmt: skip
    sums = (
        '[secrecy]\nsums = [{ total = "children_0_5", parts = ["children_0_2", "children_3_5"] }]\n'
    )
    assert diagnosed(tmp_path, capsys, study=study + sums, population=population) == (0, "")
    assert people(tmp_path / "out")["01002"] == ""  # 50, with 53 in all, would tell 3
    assert people(tmp_path / "out")["2A004"] == "30,0"


def test_an_output_that_betrays_a_secret_stops_the_export(tmp_path, capsys, monkeypatch):
    publish = importlib.import_module("ctg_geo.export.publish")

    def leaky(diagnosis, grouping):
        found = by_group(diagnosis, grouping)
        return found.assign(demand=found["demand"] + 3.0 * found["hidden"])

    by_group = publish.by_group
    monkeypatch.setattr(publish, "by_group", leaky)
    code, said = diagnosed(tmp_path, capsys)
    assert code == 1
    assert "1 effectif secret pourrait être déduit" in said
    assert "Dune (2A004, children_0_2, 2026)" in said
    assert "known_totals" in said
    assert not (tmp_path / "out").exists()


def test_households_decide_where_the_rule_is_about_them(tmp_path, capsys):
    study = pp.STUDY.replace(
        'column = "under_3"', 'column = "under_3"\nsecrecy = "fiscal"\nunits = "population"'
    )
    population = pp.POPULATION.replace("2A004,300,30", "2A004,10,30")
    assert diagnosed(tmp_path, capsys, study=study, population=population) == (0, "")
    assert people(tmp_path / "out")["2A004"] == ""


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('[secrecy]\nsums = [{ total = "x", parts = ["population"] }]\n', "« x »"),
        ('[secrecy]\npublication = "x"\n', "publications"),
        (KNOWN.replace("153", "20"), "total publié ailleurs"),
        (KNOWN.replace("153", "20"), "rounding"),
        (KNOWN + 'communes = ["99999"]\n', "99999"),
    ],
)
def test_a_secrecy_section_that_cannot_be_is_refused_in_words(tmp_path, capsys, added, said):
    code, error = diagnosed(tmp_path, capsys, study=CAF + added)
    assert code in {1, 2}
    assert said in error
    assert "Traceback" not in error


def test_an_unknown_rule_is_refused_with_those_there_are(tmp_path, capsys):
    code, said = diagnosed(tmp_path, capsys, study=CAF.replace('"caf"', '"cnaf"'))
    assert code in {1, 2}
    assert "caf, caf_open, enterprises, fiscal" in said


def test_secret_and_unknown_people_have_signs_of_their_own(tmp_path, capsys):
    population = IN_CLEAR.replace("01002,500,50", "01002,500,")
    study = CAF.replace('secrecy = "caf"', 'secrecy = "caf"\nblank = "not_available"')
    assert diagnosed(tmp_path, capsys, study=study, population=population) == (0, "")
    with closing(sqlite3.connect(tmp_path / "out" / "ctg.gpkg")) as base:
        styles = dict(
            base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault")
        )
    values = {
        layer: {each.get("value") for each in ET.fromstring(styles[layer]).iter("category")}  # noqa: S314
        for layer in ("communes", "points_demande")
    }
    assert values["points_demande"] == {"shown", "zero", " secret", " not_available"}
    assert {"5 secret", "5 not_available"} <= values["communes"]
    assert "Effectif secret" in styles["communes"]
    assert "diagonal_x" in styles["communes"]
    status = {row["Code Insee"]: row["Population concernée : statut"]
              for row in table(tmp_path / "out", "resultats.csv")}  # fmt: skip
    assert status == {"01001": "observé", "01002": "non disponible", "01003": "observé",
                      "2A004": "secret statistique"}  # fmt: skip


def test_the_register_keeps_every_service_of_a_run(tmp_path, capsys):
    config = pp.write(tmp_path / "pays", study=CAF + KNOWN, population=IN_CLEAR)
    assert main(["diagnose", str(config), "-o", str(tmp_path / "out"), "-q"]) == 0
    capsys.readouterr()
    held = json.loads((tmp_path / "pays" / "registre.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in held["publications"]] == [
        "Petit Pays, Crèches", "Petit Pays, France services",
    ]  # fmt: skip


def test_a_register_that_cannot_be_written_leaves_no_output(tmp_path, capsys):
    study = CAF + '[secrecy]\npublications = "creches.csv/registre.json"\n'
    code, said = diagnosed(tmp_path, capsys, study=study)
    assert code == 1
    assert "Impossible d’écrire" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("column", ["demand", "concerned", "missing", "supply_per_100",
                                    "access_per_100", "within_share", "reached_share",
                                    "mean_min"])  # fmt: skip
def test_a_mean_or_a_sum_with_a_hidden_commune_in_it_stops_the_export(
    tmp_path, capsys, monkeypatch, column
):
    """Each column of the comparison alone, made of every commune: Dune's 3 children too."""
    publish = importlib.import_module("ctg_geo.export.publish")
    by_group = publish.by_group

    def leaky(diagnosis, grouping):
        found = by_group(diagnosis, grouping)
        diagnosis.communes.loc["2A004", ["below", "access_per_100"]] = [True, 8.0]
        diagnosis.homes.loc["2A004", "nearest_min"] = 40.0
        if column == "reached_share":  # 50 of 150 reach a place, 53 of 153 with Dune
            diagnosis.homes.loc["01001", "nearest_min"] = float("nan")
        table, homes = diagnosis.communes.copy(), diagnosis.homes.copy()
        # 3 children, who miss 2 places for 100
        table.loc["2A004", ["demand", "concerned", "missing"]] = [3.0, 3.0, 0.06]
        homes.loc["2A004", "demand"] = 3.0
        every = replace(diagnosis, communes=table, homes=homes)
        return found.assign(**{column: by_group(every, grouping)[column]})

    assert diagnosed(tmp_path, capsys)[0] == 0
    monkeypatch.setattr(publish, "by_group", leaky)
    code, said = diagnosed(tmp_path, capsys, out="leak")
    assert code == 1
    assert "Dune (2A004, children_0_2, 2026)" in said
    assert not (tmp_path / "leak").exists()


ALONE = """
[sources.indicators.families]
format = "families"
path = "families.csv"
provider = "test"
licence = "test"
vintage = "2021"
secrecy = "caf"
"""


def test_indicators_under_a_rule_are_hidden_in_the_account_of_people(tmp_path, capsys):
    config = pp.write(tmp_path / "pays", study=pp.STUDY + ALONE)
    rows = (
        "CODGEO;C21_FAM;C21_FAMMONO\n01001;200;40\n01002;90;3\n01003;4;4\n2A004;60;0\n26005;50;9\n"
    )
    (tmp_path / "pays" / "families.csv").write_text(rows)
    assert main(["population", str(config), "-o", str(tmp_path / "out"), "-q"]) == 0
    capsys.readouterr()
    found = {row["Code Insee"]: row for row in table(tmp_path / "out", "indicateurs.csv")}
    rate = "Part des familles monoparentales (%)"
    assert {code: row[rate] for code, row in found.items()} == {
        "01001": "",
        "01002": "",
        "01003": "",
        "2A004": "0,0",
        "26005": "18,0",
    }, "01001 hides with them: 40 of 200 could be of many, 0 of 60 not; 26005 is outside"
    status = next(key for key in found["01002"] if rate in key and key != rate)
    assert found["01002"][status] == "secret statistique"
    log = table(tmp_path / "out", "journal_secret.csv")
    hidden = {row["Grandeur"]: row for row in log if row["Étape"] == "masquage"}
    assert hidden[rate]["Détail"].startswith("3 cellules masquées")
    assert hidden[rate]["Règle"] == "Caf : moins de 5"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    (read,) = [each for each in manifest["inputs"] if each["role"] == "indicators families"]
    assert read["sha256"] == ""


def test_an_indicator_with_an_unknown_rule_or_units_is_refused(tmp_path, capsys):
    for changed, known in ((ALONE.replace('"caf"', '"cnaf"'), "fiscal"),
                           (ALONE + 'units = "ménages"\n', "children_0_2")):  # fmt: skip
        code, said = diagnosed(tmp_path, capsys, study=pp.STUDY + changed)
        assert code in {1, 2}
        assert known in said


PRIVATE = pp.STUDY.replace(
    'capacity = "places" }',
    'capacity = "places" }\nsecrecy = "enterprises"\n'
    'capacity_each = { value = 12, source = "moyenne nationale" }', 1,
)  # fmt: skip
OPERATORS = """id,nom,insee,places
c1,Un,01001,20
c2,Deux,01001,10
c3,Trois,01001,15
d1,Quatre,01003,90
d2,Cinq,01003,4
d3,Six,01003,6
e1,Sept,26005,33
"""


def test_capacities_of_operators_are_told_by_commune_where_three_share_them(tmp_path, capsys):
    """Alpe: 45 places, 15 each. Combe: one of 100 has 90. Étang: one alone."""
    config = pp.write(tmp_path / "pays", study=PRIVATE, creches=OPERATORS)
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "out"), "-q"]) == 0
    capsys.readouterr()
    places = gpd.read_file(tmp_path / "out" / "ctg.gpkg", layer="equipements").set_index(
        "equipement_id")  # fmt: skip
    capacity = places["capacity"].to_dict()
    assert capacity == {"c1": 15, "c2": 15, "c3": 15, "d1": 12, "d2": 12, "d3": 12, "e1": 12}
    assert set(places["capacity_status"]) == {"estimé"}
    for name, text in texts_of(tmp_path / "out"):
        assert not re.search(r"(?<![0-9.,])(90|33)(?![0-9])", text), name
    findings = gpd.read_file(tmp_path / "out" / "ctg.gpkg", layer="constats")
    assert "secret_capacities" in set(findings["key"])
    log = table(tmp_path / "out", "journal_secret.csv")
    assert [row["Fichier"] for row in log if row["Étape"] == "masquage"] == ["creches.csv"]


def texts_of(out):
    """Return the tables of an output that speak of places."""
    for layer in ("equipements", "communes", "groupes"):
        yield layer, gpd.read_file(out / "ctg.gpkg", layer=layer).drop(columns="geometry").to_csv()


def test_capacities_that_are_secret_with_none_to_assume_stop_the_diagnosis(tmp_path, capsys):
    study = re.sub(r"\ncapacity_each = .*", "", PRIVATE)
    config = pp.write(tmp_path / "pays", study=study, creches=OPERATORS)
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "out"), "-q"]) == 1
    said = capsys.readouterr().err
    assert "capacity_each" in said
    assert "90" not in said


def test_none_secret_unknown_void_and_beyond_are_told_apart_in_every_output(tmp_path, capsys):
    """Alpe 100 children, Brive secret, Combe 0, Dune without object, Étang not available."""
    whole = pp.communes().assign(epci="123456789")
    population = pp.POPULATION
    for line, sign in (("500,50", "500,s"), ("300,30", "300,//"), ("200,20", "200,nd")):
        population = population.replace(line, sign)
    services = pp.SERVICES.replace('demand = "population"', 'demand = "children_0_2"').replace(
        "within_min = 25", "within_min = 12").replace("max_min = 45", "max_min = 25")  # fmt: skip
    desks = pp.DESKS.replace("f2,Bus de Brive,01002,Bus\n", "")
    config = pp.write(
        tmp_path / "pays", layer=whole, population=population, services=services, desks=desks
    )
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "france_services", "-o", str(out), "-q"]) == 0
    capsys.readouterr()
    codes = list(pp.CODES)
    said = dict(zip(codes, ["observé", "secret statistique", "observé", "sans objet",
                            "non disponible"], strict=True))  # fmt: skip
    rows = {row["Code Insee"]: row for row in table(out, "resultats.csv")}
    number = next(key for key in rows["01001"] if key.startswith("Population concernée"))
    assert {code: row[number] for code, row in rows.items()} == {
        "01001": "100,0", "01002": "", "01003": "0,0", "2A004": "", "26005": "",
    }  # fmt: skip
    status = {code: row["Population concernée : statut"] for code, row in rows.items()}
    assert status == said
    beyond = [*["estimé"] * 3, *["au-delà de la limite"] * 2]
    assert [rows[code]["Temps : statut"] for code in codes] == beyond
    for layer in ("communes", "points_demande"):
        got = gpd.read_file(out / "ctg.gpkg", layer=layer).set_index("code_insee")
        assert got["demand_status"].to_dict() == said, layer
        assert got["demand"].isna().to_dict() == {c: s != "observé" for c, s in said.items()}, layer
    with closing(sqlite3.connect(out / "ctg.gpkg")) as base:
        styles = dict(
            base.execute("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault")
        )
    points = ET.fromstring(styles["points_demande"])  # noqa: S314
    assert [each.get("value") for each in points.iter("category")] == [
        "shown", "zero", " secret", " not_available", " not_applicable",
    ]  # fmt: skip
    drawn = [ET.tostring(each) for each in points.iter("symbol")]
    assert len(set(drawn)) == 5
    areas = words_of_classes(styles["communes"])
    assert {"0", "0 not_available", "0 not_applicable"} <= set(areas)  # 0 is beyond the limit
    assert len({areas[key] for key in ("0", "0 not_available", "0 not_applicable", "")}) == 4


def test_each_sign_is_drawn_in_a_way_of_its_own():
    for way in ("status", "hatch", "brush", "marker", "legend"):
        assert len({getattr(sign, way) for sign in SIGNS}) == len(SIGNS), way
    assert HATCH not in {sign.hatch for sign in SIGNS}
