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


def exported(folder, rule="", services=SERVICES, **files):
    config = pp.write(folder / "pays", study=pp.STUDY + FAMILIES + rule, services=services, **files)
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


def test_rows_of_services_name_their_themes_and_whole_numbers_stay_whole(tmp_path):
    services = SERVICES.replace('services = ["creche"]', 'services = ["creche", "france_services"]')
    _, long, table = exported(tmp_path, services=services)
    for rows in (long, table):
        themes = rows[rows["service"] != ""].groupby("service")["theme"].agg(set).to_dict()
        assert themes == {"creche": {"petite_enfance"}, "france_services": {"petite_enfance"}}
    assert {str(table[each].dtype) for each in ("rank", "class", "theme_class")} == {"Int64"}
    assert table.loc[table["service"] == "creche", "class"].dtype.kind in "iu"
    assert table["places_here"].dtype.kind in "iu"  # a whole number, blank where there is none


def test_rows_of_themes_tell_the_group_and_the_inhabitants_of_each_commune(tmp_path):
    _, _, table = exported(tmp_path)
    own = table[(table["service"] == "") & (table["theme"] == "portrait")].set_index("code_insee")
    assert own["population"].to_dict() == {"01001": 1000, "01002": 500, "01003": 40, "2A004": 300}
    # 01003 is 20 minutes from the pole of the west, 10 from that of the east
    assert own["bassin"].to_dict() == {
        "01001": "Ouest", "01002": "Ouest", "01003": "Est", "2A004": "Est",
    }  # fmt: skip


def test_a_blank_cell_says_why_in_both_tables(tmp_path):
    """Only Combe is below the norm of crèches; the desk of Alpe is too far for Combe and Dune."""
    services = SERVICES.replace('["creche"]', '["creche", "france_services"]').replace(
        'norm = { within_min = 25, source = "norme de test" }\nmax_min = 45',
        'no_norm = "aucune"\nmax_min = 15',
    )
    hidden = pp.POPULATION.replace("2A004,300,30", "2A004,300,<5")
    _, long, table = exported(tmp_path, RULE, services, population=hidden)
    beyond, void, secret = "au-delà de la limite", "sans objet", "secret statistique"

    def told(service, column):
        """Return the status of each commune, which both tables tell."""
        rows = long[(long["service"] == service) & (long["column"] == column)]
        own = table[table["service"] == service].set_index("code_insee")
        statuses = rows.set_index("code_insee")["status"].to_dict()
        assert own[f"{column}_status"].to_dict() == statuses
        return statuses

    ranks = told("creche", "rank")
    assert ranks == {"01001": void, "01002": void, "01003": "", "2A004": secret}
    clusters = told("france_services", "cluster_p")
    assert (clusters["01003"], clusters["2A004"]) == (beyond, beyond)
    concerned = told("creche", "concerned")
    assert concerned["2A004"] == secret
    shown = long[long["status"].isin(["observé", "estimé"])]
    assert not (shown["value"] == "").any()
