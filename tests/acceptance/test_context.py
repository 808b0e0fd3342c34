"""QPV, published rates, groups by indicator and the portrait, on Petit Pays.

People of Brive (50 children) live at x = 805 500 (three quarters, cell A) and at x = 812 500
(cell B); Alpe (100), Dune (30) and Combe (0) at their chef-lieu. The QPV Q1 holds the cell of A
and the chef-lieu of Alpe is in Q2, so that 137.5 children of 180 live in a QPV.
"""

import csv
import io
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main

SAID = 'provider = "test"\nlicence = "test"\nvintage = "2026"\n'
CELL = 500
CRECHES = """id,nom,insee,places,x,y
c1,Les Abeilles,01001,20,800000,6400000
c2,Les Coccinelles,01003,6,820000,6400000
c3,Les Loutres,26005,4,,
"""
SPREAD = (
    pp.STUDY.replace(
        'column = "under_3"',
        f"""column = "under_3"
[sources.population.spread]
over = "cells"
[sources.cells]
path = "people.tif"
format = "population_raster"
{SAID}
[sources.qpv]
path = "qpv.geojson"
{SAID}""",
    )
    .replace('capacity = "places" }', 'capacity = "places", x = "x", y = "y" }\ncrs = "EPSG:2154"')
    .replace(
        "[sources.communes]",
        '[groups.qpv]\nlabel = "QPV"\nkind = "qpv"\n\n[sources.communes]',
    )
)
INCOME = f"""
[sources.indicators.income]
path = "income.csv"
format = "income"
{SAID}
"""
MONEY = """CODGEO;LIBGEO;NBMENFISC21;MED21;TP6021
01001;Alpe;400;21000;0
01002;Brive;s;s;s
2A004;Dune;100;19000;30
26005;Etang;100;30000;30
"""


def raster(path):
    people = {800_000: 1000, 805_500: 30, 812_500: 10, 820_000: 40, 830_000: 300, 840_000: 200}
    west = pp.X0 - 4_750
    values = np.zeros((1, 100), dtype=np.float32)
    for x, count in people.items():
        values[0, round((x - CELL / 2 - west) / CELL)] = count
    with rasterio.open(
        path, "w", driver="GTiff", height=1, width=100, count=1, dtype="float32",
        crs="EPSG:2154", transform=from_origin(west, pp.Y0 + CELL / 2, CELL, CELL), nodata=-1,
    ) as out:  # fmt: skip
        out.write(values, 1)


def quarters():
    """Return Q1 around A, Q2 around the chef-lieu of Alpe, Q3 far away."""
    at = {"QN00002M": 800_000, "QN00001M": 805_500, "QN00003M": 990_000}
    shapes = [shapely.box(x - 400, pp.Y0 - 400, x + 400, pp.Y0 + 400) for x in at.values()]
    table = {"code_qp": list(at), "lib_qp": [f"Q{code[6]}" for code in at]}
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:2154")


@pytest.fixture
def study(tmp_path):
    def make(study=SPREAD, **files):
        given = {"creches": CRECHES if "x =" in study else pp.CRECHES, **files}
        config = pp.write(tmp_path / "pays", study=study, **given)
        raster(config.parent / "people.tif")
        quarters().to_file(config.parent / "qpv.geojson")
        (config.parent / "income.csv").write_text(MONEY, encoding="utf-8")
        return config

    return make


def table(path):
    text = path.read_text(encoding="utf-8-sig").replace("\u00a0", " ").replace("\u202f", " ")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def blocks(out):
    return {(row["Découpage"], row["Groupe"]): row for row in table(out / "comparaison.csv")}


def test_people_in_a_qpv_are_a_group_and_add_up_with_the_others(study, tmp_path):
    out = tmp_path / "out"
    assert main(["diagnose", str(study()), "-s", "creche", "-o", str(out), "-q"]) == 0
    found = blocks(out)
    assert list(found) == [
        ("Bassin", "Est"), ("Bassin", "Ouest"), ("Qpv", "Autres habitants"),
        ("Qpv", "Habitants des QPV"), ("", "Ensemble du territoire"),
    ]  # fmt: skip
    people = "Population concernée : enfants"
    inside, outside = found["Qpv", "Habitants des QPV"], found["Qpv", "Autres habitants"]
    assert (inside[people], outside[people]) == ("137,5", "42,5")
    assert inside["Lieux (nombre)"] == "1", "c1 stands in Q2, c3 nobody knows where"
    # c1: 20 places for 100 + 37.5 within 15 min, B is 12.5 min from c1 and 7.5 from c2
    c1, c2 = 20 / 150, 6 / (12.5 + 37.5 + 30)
    reached = 100 * c1 + 37.5 * (c1 + c2)
    access = f"{100 * reached / 137.5:.1f}".replace(".", ",")
    assert inside["Offre accessible (places pour 100)"] == access
    assert inside["Communes où la norme n’est pas atteinte"] == "", "a verdict is of a commune"


def test_the_qpv_are_a_styled_layer_and_flag_places_and_homes(study, tmp_path):
    out = tmp_path / "out"
    main(["diagnose", str(study()), "-s", "creche", "-o", str(out), "-q"])
    layer = gpd.read_file(out / "ctg.gpkg", layer="qpv")
    assert list(layer["code_qp"]) == ["QN00001M", "QN00002M"], "Q3 is elsewhere"
    styles = pyogrio.read_dataframe(out / "ctg.gpkg", layer="layer_styles")
    (style,) = styles.loc[styles["f_table_name"] == "qpv", "styleQML"]
    assert "Quartier prioritaire" in style
    places = gpd.read_file(out / "ctg.gpkg", layer="equipements").set_index("equipement_id")
    assert places["in_qpv"].to_dict() == {
        "c1": "oui", "c2": "non", "c3": "inconnu (position à la commune près)",
    }  # fmt: skip
    homes = gpd.read_file(out / "ctg.gpkg", layer="points_demande")
    inside = homes[homes["in_qpv"] == "oui"]
    assert sorted(inside["code_insee"]) == ["01001", "01002"]
    rows = json.loads((out / "manifest.json").read_text())["rows"]
    assert {"table": "qpv.geojson", "read": 3, "used": 2, "set_aside": {"elsewhere": 1}} in rows


def test_where_people_are_few_in_a_qpv_their_commune_is_in_no_sum(study, tmp_path):
    """Under the rule of the Caf, 3 of 4 people in Dune's QPV must not be told by difference."""
    secret = SPREAD.replace(
        '[sources.population]\npath = "population.csv"',
        '[sources.population]\nsecrecy = "caf"\npath = "population.csv"',
    )
    people = pp.POPULATION.replace("01002,500,50", "01002,500,16")
    out = tmp_path / "out"
    config = study(secret, population=people.replace("01003,40,0", "01003,40,20"))
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    found = blocks(out)
    people = "Population concernée : enfants"
    # Brive: 12 in the QPV, 4 beside it: fewer than 5
    assert found["Qpv", "Habitants des QPV"][people] == "100,0"
    assert found["Qpv", "Autres habitants"][people] == "50,0"
    hidden = "Communes à effectif secret ou inconnu, hors des totaux"
    assert found["Qpv", "Autres habitants"][hidden] == "1"
    assert found["", "Ensemble du territoire"][people] == "166,0"


def test_a_group_of_qpv_without_people_inside_communes_is_refused(study, capsys):
    text = SPREAD.replace('[sources.population.spread]\nover = "cells"\n', "")
    assert main(["check", str(study(text))]) == 1
    assert "sources.population.spread" in capsys.readouterr().err


GROUPED = """
[groups.revenu]
label = "niveau de vie"
kind = "indicator"
indicator = "median_income"
bounds = [20000]

[sources.communes]"""


def test_a_commune_without_the_indicator_is_in_a_group_of_its_own(study, tmp_path):
    text = (pp.STUDY + INCOME).replace("[sources.communes]", GROUPED.lstrip(), 1)
    out = tmp_path / "out"
    assert main(["diagnose", str(study(text)), "-s", "creche", "-o", str(out), "-q"]) == 0
    found = blocks(out)
    counts = {name: row["Communes"] for (by, name), row in found.items() if by == "Niveau de vie"}
    assert counts == {"moins de 20 000": "1", "20 000 et plus": "1", "inconnu": "2"}
    told = table(out / "constats.csv")
    assert any("2 communes sans valeur" in row["Constat"] for row in told)
    groups = open_study(tmp_path / "pays" / "study.toml").groups["revenu"]
    assert groups.to_dict() == {
        "01001": "2", "01002": "unknown", "01003": "unknown", "2A004": "1", "26005": "2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("median_income", "revenu", ["revenu", "median_income, poverty_share"]),
        ('"median_income"\nbounds = [20000]', '"poverty_share"\nquantiles = 11', ["groups.revenu"]),
    ],
)
def test_a_group_by_what_is_not_there_is_refused(study, capsys, old, new, words):
    grouped = GROUPED.replace(old, new)
    text = (pp.STUDY + INCOME).replace("[sources.communes]", grouped.lstrip(), 1)
    assert main(["check", str(study(text))]) == 1
    said = capsys.readouterr().err
    for word in words:
        assert word in said


COVERAGE = f"""
[sources.coverage.epci]
path = "txcouv_pe_epci.csv"
services = ["creche"]
names = {{ "123456789" = "Petit Pays" }}
{SAID}
[sources.coverage.dep]
path = "txcouv_pe_dep.csv"
services = ["creche"]
areas = ["01", "99"]
{SAID}
[[sources.published_rates]]
services = ["creche"]
area = "France"
year = "2022"
per_100 = 60.3
source = "test"
"""


def test_published_rates_are_told_as_context_and_never_as_ours(study, tmp_path):
    config = study(pp.STUDY + COVERAGE)
    (config.parent / "txcouv_pe_epci.csv").write_text(
        "annee;numepci;txcouv_eaje_epci;txcouv_epci\n2022;123456789;14;50\n"
        "2023;123456789;17.3;54.8\n2023;987654321;1;2\n"
    )
    (config.parent / "txcouv_pe_dep.csv").write_text("annee;numdep;txcouv_dep\n2023;01;58,1\n")
    text = config.read_text(encoding="utf-8").replace(
        'areas = ["01", "99"]', 'areas = ["01", "99"]\ndecimal = ","'
    )
    config.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-o", str(out), "-q"]) == 0
    said = (out / "creche" / "synthese.txt").read_text(encoding="utf-8")
    said = said.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Petit Pays, 2023 : 54,8 places théoriques pour 100 enfants" in said
    assert "dont 17,3 en EAJE" in said
    assert "01, 2023 : 58,1 places théoriques" in said
    assert "France, 2022 : 60,3" in said
    assert "les deux ne se comparent pas" in said
    assert "places théoriques" not in (out / "france_services" / "synthese.txt").read_text("utf-8")
    found = open_study(config).findings
    absent = [each for each in found if each.key == "coverage_absent"]
    assert [each.facts["codes"] for each in absent] == [["99"]]
    rows = json.loads((out / "creche" / "manifest.json").read_text())["rows"]
    (row,) = [each for each in rows if each["table"] == "txcouv_pe_epci.csv"]
    assert (row["read"], row["used"]) == (3, 1)


def test_the_portrait_tells_zero_secret_and_unknown_apart(study, tmp_path):
    out = tmp_path / "out"
    config = study(SPREAD + INCOME)
    assert main(["portrait", str(config), "-o", str(out), "-q"]) == 0
    rows = {row["Commune"]: row for row in table(out / "portrait.csv")}
    assert list(rows) == ["Alpe", "Brive", "Combe", "Dune"], "the territory, one row a commune"
    rate, status = "Taux de pauvreté (%)", "Taux de pauvreté (%) : statut"
    assert [(rows[nom][rate], rows[nom][status]) for nom in rows] == [
        ("0,0", "observé"), ("", "secret statistique"), ("", "non disponible"), ("30,0", "observé"),
    ]  # fmt: skip
    quarter = "Quartiers prioritaires (QPV) qui touchent la commune"
    assert [rows[nom][quarter] for nom in rows] == ["Q2 (QN00002M)", "Q1 (QN00001M)", "", ""]
    layer = gpd.read_file(out / "portrait.gpkg", layer="portrait_poverty_share")
    assert layer["portrait_class"].tolist() == ["1", "secret", "not_available", "2"]
    styles = pyogrio.read_dataframe(out / "portrait.gpkg", layer="layer_styles")
    assert set(styles["f_table_name"]) == {"portrait", "portrait_poverty_share", "qpv"}
    drawn = styles.set_index("f_table_name").at["portrait", "styleQML"]
    assert all(word in drawn for word in ("Secret statistique", "Non disponible", "Sans objet"))


def test_the_portrait_is_the_same_bytes_twice(study, tmp_path):
    config = study(SPREAD + INCOME)
    for name in ("a", "b"):
        assert main(["portrait", str(config), "-o", str(tmp_path / name), "-q"]) == 0
    for file in ("portrait.csv", "portrait.gpkg", "constats.csv", "manifest.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_two_tables_may_not_give_the_same_indicator(study, capsys):
    text = pp.STUDY + INCOME + INCOME.replace("indicators.income", "indicators.again")
    assert main(["check", str(study(text))]) == 1
    assert "median_income" in capsys.readouterr().err


PLAIN = f"""
[sources.indicators.own]
format = "plain"
path = "own.csv"
code_insee = "insee"
{SAID}
[sources.indicators.own.values.out_of_work_share]
column = "unemployed"
of = "active"
label = "Sans emploi (%)"
[sources.indicators.own.values.income]
column = "income"
kind = "median"
status_column = "worth"
"""
OWN = """insee,unemployed,active,income,worth
01001,10,100,20000,observed
01002,s,50,21000,estimated
01003,0,0,,secret
2A004,3,30,,not_available
"""


def test_a_plain_table_gives_shares_and_the_status_that_it_says(study):
    config = study(pp.STUDY + PLAIN)
    (config.parent / "own.csv").write_text(OWN)
    found = open_study(config).indicators
    told = found.table
    assert found.titles["out_of_work_share"] == "Sans emploi (%)"
    assert told["out_of_work_share"].tolist()[:1] == [0.1]
    assert told["out_of_work_share_status"].tolist() == [
        "observed", "secret", "not_applicable", "not_available", "observed",
    ]  # fmt: skip
    assert pd.isna(told["out_of_work_share"].iloc[1:3]).all()
    assert told["income_status"].to_dict() == {
        "01001": "observed", "01002": "estimated", "01003": "secret", "2A004": "not_available",
        "26005": "not_available",
    }  # fmt: skip


def test_the_embedded_default_has_a_portrait_of_its_54_communes(tmp_path):
    root = Path(__file__).parents[2]
    config, out = root / "config" / "valence_romans.toml", tmp_path / "out"
    assert main(["portrait", str(config), "-o", str(out), "-q"]) == 0
    rows = table(out / "portrait.csv")
    assert len(rows) == 54
    assert all(value for row in rows for value in row.values()), "each figure is known"
    facts = pd.read_csv(root / "data" / "communes" / "social.csv", dtype={"code_insee": str})
    told = facts.set_index("code_insee")
    share = next(name for name in rows[0] if name.startswith("Part des 15-64 ans au chômage"))
    assert "non des actifs" in share, "it is no rate of unemployment"
    for row in rows:
        own = told.loc[row["Code Insee"]]
        part = 100 * own["unemployed_15_64_2021"] / own["people_15_64_2021"]
        assert float(row[share].replace(",", ".")) == pytest.approx(part, abs=0.051)
        assert int(row["Niveau de vie médian, 2021 (€ par an)"]) == own["median_income_2021"]
