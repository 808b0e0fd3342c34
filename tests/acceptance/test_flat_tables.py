"""Tables for analysts hold the indicators of themes, and of none what its rule hides."""

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo.cli import main

SERVICES = (
    pp.SERVICES
    + """
[themes.petite_enfance]
label = "Petite enfance"
demand = "children_0_2"
people_label = "enfants"
classes = [0, 30, 100]
source = "test"
services = ["creche"]

[themes.portrait]
label = "Portrait social"
demand = "population"
people_label = "habitants"
no_classes = "test"
source = "test"
"""
)
FAMILIES = """
[sources.indicators.families]
format = "families"
path = "families.csv"
provider = "test"
licence = "test"
vintage = "2021"
"""
RULE = 'secrecy = "caf"\n'
SAID = "CODGEO;C21_FAM;C21_FAMMONO\n01001;200;40\n01002;90;3\n01003;4;4\n2A004;60;0\n26005;50;9\n"
RATE = "theme_single_parent_share"


def exported(folder, rule=""):
    config = pp.write(folder / "pays", study=pp.STUDY + FAMILIES + rule, services=SERVICES)
    (folder / "pays" / "families.csv").write_text(SAID)
    out = folder / "out"
    assert main(["diagnose", str(config), "--all", "-o", str(out), "-q"]) == 0
    for kind in ("csv", "parquet", "tableur"):
        assert main(["export", str(out), "--to", kind, "-q"]) == 0
    long = pd.read_csv(out / "documents" / "resultats_longs.csv", sep=";", dtype=str,
                       encoding="utf-8-sig", keep_default_na=False)  # fmt: skip
    return out, long, gpd.read_parquet(out / "documents" / "resultats.parquet")


@pytest.mark.parametrize("rule", ["", RULE], ids=["open", "secret"])
def test_indicators_are_those_of_the_themes_and_of_the_workbook(tmp_path, rule):
    out, long, table = exported(tmp_path, rule)
    layer = gpd.read_file(out / "themes.gpkg", layer="theme_portrait").set_index("code_insee")
    rows = long[(long["theme"] == "portrait") & (long["column"] == RATE)].set_index("code_insee")
    wanted = layer["single_parent_share"]
    told = pd.to_numeric(rows["value"].str.replace(",", "."))
    pd.testing.assert_series_equal(told, wanted, check_names=False, check_like=True)
    assert rows["unit"].unique().tolist() == ["%"]
    own = table[table["theme"] == "portrait"].set_index("code_insee")
    pd.testing.assert_series_equal(own[RATE], wanted, check_names=False, check_like=True)
    assert own.geometry.notna().all()
    sheet = openpyxl.load_workbook(out / "documents" / "resultats.xlsx")["Portrait social"]
    titles, *cells = sheet.iter_rows(values_only=True)
    at = titles.index(rows["title"].iloc[0])
    shown = {row[0]: row[at] for row in cells}
    assert {code: value if value != "" else None for code, value in shown.items()} == {
        code: None if pd.isna(value) else pytest.approx(value) for code, value in wanted.items()
    }
    hidden = {code for code, value in wanted.items() if pd.isna(value)}
    assert hidden == ({"01001", "01002", "01003"} if rule else set())
    assert set(rows.loc[sorted(hidden), "status"]) == ({"secret statistique"} if rule else set())


def test_rows_of_services_stay_as_they_were(tmp_path):
    _, long, table = exported(tmp_path)
    assert set(table.loc[table["service"] != "", "theme"]) == {""}
    assert (long["service"] != "").sum() > (long["theme"] != "").sum() > 0
    assert table.loc[table["service"] == "creche", "class"].dtype.kind in "iu"
    assert table["places_here"].dtype.kind in "iu"  # a whole number, blank where there is none
