"""No output may reveal a protected count, alone or by subtraction."""

import csv
import io
import json
import re

import geopandas as gpd
import pyogrio
import pytest

import petit_pays as pp
from ctg_geo.cli import main
from ctg_geo.export import OUTPUTS

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
