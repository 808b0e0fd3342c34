"""Tables about families by commune, in the exact format of their publisher."""

import numpy as np
import openpyxl
import pytest

from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.errors import ConfigError, DataError, MissingColumnError
from ctg_geo.sources.official.people import read_indicator

FACTS = {"path": "x", "provider": "Insee", "licence": "LO", "vintage": "2021"}


def table(folder, name, text, fmt, within=None, encoding="utf-8", **more):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    source = IndicatorSource(format=fmt, **FACTS, **more)
    return read_indicator(path, source, within=within)


WIDE = """CODGEO;LIBGEO;NBMENFISC20;NBPERSMENFISC20;MED20;PIMP20;TP6020
01001;L'Abergement;330;830;24140;s;s
01002;Brive;105;250.5;23480;s;8.5
26004;Alixan;s;s;s;s;s
26362;Valence;29000;62000;20110;48;21
2A004;Ajaccio;nd;nd;nd;nd;nd
"""


def test_income_masks_are_secret_and_nd_is_not_available(tmp_path):
    read = table(tmp_path, "cc_filosofi_2020_COM.csv", WIDE, "income")
    found = read.table
    assert found.at["01001", "median_income"] == 24140
    assert found.at["01001", "poverty_share_status"] == "secret"
    assert found.at["26362", "poverty_share"] == pytest.approx(0.21)
    assert found.at["26004", "households_status"] == "secret"
    assert found.at["2A004", "median_income_status"] == "not_available"
    assert found["median_income"].isna().sum() == 2
    assert read.rows == 5


LONG_HEAD = (
    "GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MEASURE;UNIT_MULT;CONF_STATUS;OBS_STATUS;TIME_PERIOD;"
    "OBS_VALUE"
)
LONG = (
    ";".join(f'"{each}"' for each in LONG_HEAD.split(";"))
    + """
"26362";"COM";"MED_SL";"EUR_YR";"0";"F";"A";"2021";"20900"
"26362";"COM";"PR_MD60";"PT";"0";"F";"A";"2021";"20.5"
"26004";"COM";"MED_SL";"EUR_YR";"0";"C";"A";"2021";""
"26004";"COM";"NUM_HH";"HH";"3";"F";"A";"2021";"1100"
"26";"DEP";"MED_SL";"EUR_YR";"0";"F";"A";"2021";"21500"
"01001";"COM";"MED_SL";"EUR_YR";"0";"F";"A";"2021";"24000"
"""
)


def test_the_long_income_file_is_pivoted_and_its_confidential_values_are_secret(tmp_path):
    read = table(tmp_path, "DS_FILOSOFI_CC_data.csv", LONG, "income", within={"26362", "26004"})
    found = read.table
    assert list(found.index) == ["26004", "26362"]
    assert found.at["26362", "poverty_share"] == pytest.approx(0.205)
    assert found.at["26004", "median_income_status"] == "secret"
    assert found.at["26004", "poverty_share_status"] == "not_available"
    assert read.rows == 6
    assert len(read.row_codes) == 4


def test_a_long_income_file_of_two_years_needs_a_period(tmp_path):
    text = LONG + LONG.split("\n", 1)[1].replace('"2021"', '"2020"').replace("20900", "20000")
    with pytest.raises(ConfigError, match="2020"):
        table(tmp_path, "ds.csv", text, "income")
    read = table(tmp_path, "ds.csv", text, "income", period="2020")
    assert read.table.at["26362", "median_income"] == 20000


def test_single_parents_are_a_share_of_families(tmp_path):
    text = """CODGEO;C21_FAM;C21_FAMMONO;C15_FAM;C15_FAMMONO
26004;400;48.5;390;40
26362;15000;4200;14900;4000
01001;0;0;10;1
"""
    found = table(tmp_path, "base-cc-coupl-fam-men-2021.CSV", text, "families").table
    assert found.at["26004", "single_parent_share"] == pytest.approx(48.5 / 400)
    assert found.at["01001", "single_parent_share_status"] == "not_applicable"


def test_unemployment_is_a_share_of_the_active_and_secret_with_them(tmp_path):
    text = "CODGEO;P21_ACT1564;P21_CHOM1564\n26004;1000;80\n26362;s;10\n"
    found = table(tmp_path, "base-cc-emploi.csv", text, "employment").table
    assert found.at["26004", "unemployment_share"] == pytest.approx(0.08)
    assert found.at["26362", "unemployment_share_status"] == "secret"
    assert found.at["26362", "unemployed"] == 10


def density(folder, classes, name="grille_densite_7_niveaux_2024.xlsx"):
    """Return the workbook of Insee: titles above, the heading on the fifth row."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Grille_Densite"
    for row in (
        ["Grille de densité"],
        ["Géographie au 1er janvier 2024"],
        [None],
        ["Mise en ligne"],
    ):
        sheet.append(row)
    sheet.append(["CODGEO", "LIBGEO", "DENS", "LIBDENS", "PMUN21"])
    for code, number in classes.items():
        sheet.append([code, "Nom", number, "classe", 100])
    path = folder / name
    book.save(path)
    return path


def test_density_of_seven_classes_tells_the_rural_communes(tmp_path):
    path = density(tmp_path, {"26362": 2, "26004": 5, "01001": 7, "01002": 4})
    source = IndicatorSource(format="density", **FACTS)
    found = read_indicator(path, source, within={"26362", "26004", "01002"}).table
    assert list(found["rural"]) == [0, 1, 0]
    assert list(found["density_class"]) == [4, 5, 2]


def test_density_of_three_classes_has_its_own_bound(tmp_path):
    path = density(tmp_path, {"26362": 1, "26004": 3, "01001": 2})
    found = read_indicator(path, IndicatorSource(format="density", **FACTS), within=None).table
    assert list(found["rural"]) == [0, 1, 0]


def test_a_density_that_is_no_class_is_refused_by_row(tmp_path):
    path = density(tmp_path, {"26362": 1, "26004": 9})
    with pytest.raises(DataError, match="row 7, column DENS"):
        read_indicator(path, IndicatorSource(format="density", **FACTS), within=None)


def test_digital_fragility_takes_the_columns_that_the_study_names(tmp_path):
    text = "Code Commune,SCORE GLOBAL region\n26004,120.5\n26362,\n".replace(
        "Code Commune", "insee"
    )
    columns = {"fragility": "score global REGION"}
    found = table(tmp_path, "fragilite.csv", text, "fragility", columns=columns).table
    assert found.at["26004", "fragility"] == 120.5
    assert found.at["26362", "fragility_status"] == "not_available"


def test_a_commune_that_stands_twice_is_refused(tmp_path):
    text = "CODGEO;P21_ACT1564;P21_CHOM1564\n26004;1000;80\n26004;900;80\n"
    with pytest.raises(DataError, match="row 3"):
        table(tmp_path, "e.csv", text, "employment")


def test_a_table_without_codes_says_what_it_has(tmp_path):
    with pytest.raises(MissingColumnError, match="LIBGEO"):
        table(tmp_path, "e.csv", "LIBGEO;P21_ACT1564\nAlixan;3\n", "employment")


def test_names_in_an_old_encoding_do_not_stop_a_table(tmp_path):
    text = "CODGEO;LIBGEO;P21_ACT1564;P21_CHOM1564\n26004;Châteauneuf-sur-Isère;1000;80\n"
    read = table(tmp_path, "e.csv", text, "employment", encoding="cp1252")
    assert read.table.at["26004", "unemployment_share"] == pytest.approx(0.08)
    assert [each.key for each in read.findings] == ["encoding"]


def test_a_table_of_incomes_without_any_income_names_what_it_looks_for(tmp_path):
    bare = "CODGEO;LIBGEO;NOTHING\n26362;Valence;1\n"
    with pytest.raises(MissingColumnError, match="MED") as caught:
        table(tmp_path, "cc_filosofi_2020_COM.csv", bare, "income")
    assert "NOTHING" in str(caught.value)


WHOLE = [
    "population;part;part_status;population_status",
    "100;40;observed;observed", "s;40;observed;secret",
    "200;40;observed;estimated", ";40;observed;not_available",
]  # fmt: skip


@pytest.mark.parametrize("declared", [False, True])
def test_a_share_is_worth_what_that_which_it_is_of_is_worth(tmp_path, declared):
    """Its statuses are those declared for that column, or those of the column beside it."""
    column = "known" if declared else "population_status"
    lines = [line.replace("population_status", column) for line in WHOLE]
    codes = ["code_insee", "26001", "26002", "26003", "26004"]
    text = "\n".join(f"{c};{line}" for c, line in zip(codes, lines, strict=True))
    values = {"share": {"column": "part", "of": "population", "status_column": "part_status"}}
    if declared:
        values["people"] = {"column": "population", "status_column": column}
    found = table(tmp_path, "t.csv", text, "plain", values=values).table
    assert found["share"].tolist() == pytest.approx([0.4, np.nan, 0.2, np.nan], nan_ok=True)
    assert found["share_status"].tolist() == ["observed", "secret", "estimated", "not_available"]


def test_a_whole_that_is_called_secret_beside_its_number_is_refused(tmp_path):
    text = "code_insee;part;population;population_status\n26001;40;100;secret\n"
    with pytest.raises(DataError, match="population_status"):
        table(tmp_path, "t.csv", text, "plain",
              values={"share": {"column": "part", "of": "population"}})  # fmt: skip
