"""The main job through the command line, on the embedded default and on Petit Pays."""

import csv
import hashlib
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

import petit_pays as pp
from ctg_geo import labels
from ctg_geo.cli import main
from ctg_geo.export import OUTPUTS, folder
from ctg_geo.export.sureness import SURENESS_OUTPUTS

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "config" / "valence_romans.toml"
EVERY = (*OUTPUTS, *SURENESS_OUTPUTS)


@pytest.fixture(scope="module")
def default_out(tmp_path_factory):
    out = tmp_path_factory.mktemp("default")
    assert main(["diagnose", str(DEFAULT), "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def petit_out(tmp_path):
    config = pp.write(tmp_path / "pays")
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    return out


def rows(path):
    """Read a French CSV as a person's spreadsheet does."""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet needs the BOM to read accents"
    text = content.decode("utf-8-sig").replace("\u00a0", " ").replace("\u202f", " ")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def number(text):
    return float(text.replace(",", "."))


@pytest.mark.parametrize("service", ["creche", "france_services"])
def test_the_default_writes_every_output_for_the_54_communes(default_out, service):
    assert sorted(path.name for path in (default_out / service).iterdir()) == sorted(EVERY)
    table = rows(default_out / service / "resultats.csv")
    assert len(table) == 54
    assert [int(row["Rang (1 = manque le plus grand)"]) for row in table] == list(range(1, 55))


@pytest.mark.parametrize("service", ["creche", "france_services"])
def test_every_output_says_that_times_are_schematic(default_out, service):
    out = default_out / service
    assert "temps schématiques" in (out / "synthese.txt").read_text(encoding="utf-8")
    assert all(
        "temps schématiques" in row["Ce qui est estimé"] for row in rows(out / "resultats.csv")
    )
    communes = gpd.read_file(out / "ctg.gpkg", layer="communes")
    assert communes["estimated"].str.contains("temps schématiques").all()
    assert (communes["result_status"] == "estimé").all()
    roads = gpd.read_file(out / "ctg.gpkg", layer="routes")
    assert (roads["road_status"] == "estimé").all()
    findings = gpd.read_file(out / "ctg.gpkg", layer="constats")
    assert "schematic" in set(findings["key"])


def test_estimated_children_places_and_positions_stay_estimates_to_the_end(default_out):
    out = default_out / "creche"
    assert {row["Population concernée : statut"] for row in rows(out / "resultats.csv")} == {
        "estimé"
    }
    places = gpd.read_file(out / "ctg.gpkg", layer="equipements")
    assert set(places["capacity_status"]) == set(places["location_status"]) == {"estimé"}
    said = (out / "synthese.txt").read_text(encoding="utf-8")
    assert "effectifs estimés" in said
    assert "capacités estimées" in said


def test_children_are_three_times_the_births_and_control_to_a_published_total(default_out):
    births = pd.read_csv(ROOT / "data" / "communes" / "population.csv", dtype={"code_insee": str})
    expected = 3 * births.set_index("code_insee")["births_2022"]
    table = rows(default_out / "creche" / "resultats.csv")
    column = "Population concernée : enfants de moins de 3 ans"
    assert all(number(row[column]) == expected[row["Code Insee"]] for row in table)
    assert sum(number(row[column]) for row in table) == 3 * 2377
    findings = gpd.read_file(default_out / "creche" / "ctg.gpkg", layer="constats")
    held = (findings["key"] == "control") & (findings["identifier"] == "children_0_2")
    control = findings.loc[held, "message"].item()
    assert "7\u202f131" in control
    assert "6\u202f953" in control
    assert "allocataires" in control


def test_supply_is_conserved_and_the_finding_says_so(default_out):
    findings = gpd.read_file(default_out / "creche" / "ctg.gpkg", layer="constats")
    said = findings.loc[findings["key"] == "conservation", "message"].item()
    places = gpd.read_file(default_out / "creche" / "ctg.gpkg", layer="equipements")
    points = gpd.read_file(default_out / "creche" / "ctg.gpkg", layer="points_demande")
    assert labels.number(places["capacity"].sum(), 1) in said
    assert places["capacity"].sum() == pytest.approx(78 * 31.3)
    assert len(points) == 294


def test_two_runs_give_the_same_bytes(default_out, tmp_path):
    assert main(["diagnose", str(DEFAULT), "--out", str(tmp_path), "--quiet"]) == 0
    for service in ("creche", "france_services"):
        for name in EVERY:
            first, second = default_out / service / name, tmp_path / service / name
            assert first.read_bytes() == second.read_bytes(), f"{service}/{name} differs"


def test_a_fresh_process_gives_the_same_bytes(default_out, tmp_path):
    command = [sys.executable, "-m", "ctg_geo", "diagnose", str(DEFAULT), "-s", "creche"]
    subprocess.run([*command, "-o", str(tmp_path), "-q"], check=True, cwd=tmp_path)
    for name in EVERY:
        assert (default_out / "creche" / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_the_manifest_names_every_input_with_its_hash_vintage_and_licence(default_out):
    content = json.loads((default_out / "creche" / "manifest.json").read_text(encoding="utf-8"))
    roles = {each["role"] for each in content["inputs"]}
    assert {"communes", "population", "places", "axes", "bridges", "config"} <= roles
    for each in content["inputs"]:
        path = (DEFAULT.parent / each["path"]).resolve()
        assert each["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert each["role"] == "config" or (
            each["licence"] and each["vintage"] and each["provider"]
        )
    for name, digest in content["outputs"].items():
        whole = (default_out / "creche" / name).read_bytes()
        assert digest == hashlib.sha256(whole).hexdigest()
    assert all(
        each["read"] == each["used"] + sum(each["set_aside"].values()) for each in content["rows"]
    )
    assert content["parameters"]["service"]["creche"]["norm"]["per_100"] == 17.3


def test_the_geopackage_has_its_layers_french_titles_and_styles(default_out):
    path = default_out / "creche" / "ctg.gpkg"
    layers = dict(pyogrio.list_layers(path))
    assert {"communes", "groupes", "points_demande", "equipements", "routes", "constats"} <= set(
        layers
    )
    info = pyogrio.read_info(path, layer="communes")
    assert info["crs"] == "EPSG:2154"
    with sqlite3.connect(path) as base:
        titles = dict(base.execute(
            "SELECT column_name, name FROM gpkg_data_columns WHERE table_name = 'communes'"
        ))  # fmt: skip
        assert set(info["fields"]) == set(titles)
        assert titles["access_per_100"] == "Offre accessible (places pour 100)"
        styled = base.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, f_table_catalog"
            " FROM layer_styles"
        ).fetchall()
    base.close()
    assert {row[0] for row in styled} == set(layers) - {"constats", "fiches", "layer_styles"}
    assert {(row[1], row[3]) for row in styled} == {("geom", "")}
    opening = [row[0] for row in styled if row[2]]
    assert sorted(opening) == sorted({row[0] for row in styled}), "one style opens each layer"


def test_table_map_layer_and_summary_say_the_same_numbers(default_out):
    out = default_out / "creche"
    table = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}
    layer = gpd.read_file(out / "ctg.gpkg", layer="communes").set_index("code_insee")
    for code, row in table.items():
        assert row["Classe"] == layer.loc[code, "class_label"]
        assert number(row["Offre accessible (places pour 100)"]) == pytest.approx(
            layer.loc[code, "access_per_100"], abs=0.05
        )
    below = (layer["below"] == "oui").sum()
    whole = rows(out / "comparaison.csv")[-1]
    assert int(whole["Communes où la norme n’est pas atteinte"]) == below
    assert f"{below} communes sur 54" in (out / "synthese.txt").read_text(encoding="utf-8")
    assert number(whole["Manque pour atteindre la norme (places)"]) == pytest.approx(
        layer["missing"].sum(), abs=0.05
    )


def test_petit_pays_gives_the_access_worked_out_by_hand(petit_out):
    table = {row["Code Insee"]: row for row in rows(petit_out / "resultats.csv")}
    assert set(table) == set(pp.CODES[:4]), "the buffer counts but is not judged"
    layer = gpd.read_file(petit_out / "ctg.gpkg", layer="communes").set_index("code_insee")
    for code in pp.CODES[:4]:
        assert layer.loc[code, "access_per_100"] == pytest.approx(100 * pp.ACCESS[code], rel=1e-12)
    assert table["01003"]["Norme non atteinte"] == "oui"
    assert table["01003"]["Score de manque (0 à 100)"] == "25,0"
    assert table["01003"]["Manque pour atteindre la norme (places)"] == "0,0"
    assert [row["Norme non atteinte"] for row in table.values()].count("oui") == 1


def test_a_bus_is_no_fixed_place_and_is_said(tmp_path):
    config = pp.write(tmp_path / "pays")
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "france_services", "-o", str(out), "-q"]) == 0
    table = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}
    times = {code: row["Temps au lieu le plus proche (min)"] for code, row in table.items()}
    assert times == {"01001": "0,0", "01002": "10,0", "01003": "20,0", "2A004": "30,0"}
    assert table["2A004"]["Norme non atteinte"] == "oui"
    assert table["2A004"]["Manque pour atteindre la norme (lieux)"] == ""
    assert table["2A004"]["Manque : statut"] == "sans objet"
    findings = gpd.read_file(out / "ctg.gpkg", layer="constats")
    assert "delivery_left_out" in set(findings["key"])


@pytest.mark.parametrize(
    ("mask", "expected"),
    [("<5", "secret statistique"), ("s", "secret statistique"), ("nd", "non disponible")],
)
def test_a_masked_count_is_unknown_never_zero_and_shown_nowhere(tmp_path, mask, expected, capsys):
    people = pp.POPULATION.replace("2A004,300,30", f"2A004,300,{mask}")
    config = pp.write(tmp_path / "pays", population=people)
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "--json"]) == 0
    row = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}["2A004"]
    assert row["Population concernée : statut"] == expected
    assert row["Population concernée : enfants"] == ""
    assert row["Manque pour atteindre la norme (places)"] == ""
    assert row["Population où la norme n’est pas atteinte"] == ""
    assert number(row["Offre accessible (places pour 100)"]) > 0
    points = gpd.read_file(out / "ctg.gpkg", layer="points_demande").set_index("code_insee")
    assert pd.isna(points.loc["2A004", "demand"])
    east = json.loads(capsys.readouterr().out)["diagnoses"][0]["groups"]["bassin"]["est"]
    assert east["demand"] == 0, "only Combe, which has no child: the masked commune is left out"


def test_json_is_for_machines_and_quiet_says_nothing(tmp_path, capsys):
    config = pp.write(tmp_path / "pays")
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "a"), "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)["diagnoses"][0]
    assert summary["service"] == "creche"
    assert summary["files"] == list(OUTPUTS)
    assert summary["groups"]["territory"][""]["communes"] == 4
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "b"), "-q"]) == 0
    said = capsys.readouterr()
    assert said.out == said.err == ""


def test_check_lists_rows_and_findings_and_writes_nothing(tmp_path, capsys, monkeypatch):
    config = pp.write(tmp_path / "pays")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert main(["check", str(config)]) == 0
    said = capsys.readouterr().out
    assert "Petit Pays\u00a0: 4 communes, 1 autour, 5 lieux." in said
    assert "population.csv\u00a0: 5 lignes lues = 5 utilisées + 0 signalée" in said
    assert sorted(tmp_path.rglob("*")) == before


def test_a_run_that_breaks_leaves_the_former_results_whole(
    petit_out, tmp_path, monkeypatch, capsys
):
    before = {name: (petit_out / name).read_bytes() for name in OUTPUTS}

    def broken(_, path):
        path.write_bytes(b"half a pict")
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(folder, "draw", broken)
    config = pp.write(tmp_path / "pays", creches=pp.CRECHES.replace(",20\n", ",40\n"))
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(petit_out)]) == 1
    assert "Les anciens résultats sont intacts" in capsys.readouterr().err
    assert {name: (petit_out / name).read_bytes() for name in OUTPUTS} == before
    assert sorted(path.name for path in petit_out.iterdir()) == sorted(OUTPUTS)


def test_a_file_that_cannot_be_replaced_brings_the_former_ones_back(
    petit_out, tmp_path, monkeypatch
):
    before = {name: (petit_out / name).read_bytes() for name in OUTPUTS}
    real = Path.replace

    def locked(self, target):
        if (
            self.name == "carte.png"
            and Path(target).parent == petit_out
            and self.parent.name != "former"
        ):
            raise PermissionError(13, "locked", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    config = pp.write(tmp_path / "pays", creches=pp.CRECHES.replace(",20\n", ",40\n"))
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(petit_out)]) == 1
    assert {name: (petit_out / name).read_bytes() for name in OUTPUTS} == before


def test_names_that_look_like_formulas_stay_text(tmp_path):
    places = pp.CRECHES.replace("Les Abeilles", "=cmd|' /C calc'!A0")
    config = pp.write(tmp_path / "pays", creches=places)
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    table = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}
    assert table["01001"]["Lieu le plus proche"].startswith("'=cmd")


def test_importing_the_package_is_quick_and_loads_nothing_heavy():
    code = (
        "import time; t = time.perf_counter(); import ctg_geo; s = time.perf_counter() - t;"
        "import sys; heavy = {'pandas', 'geopandas', 'matplotlib', 'scipy', 'pandera'};"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules); assert s < 1, s"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
