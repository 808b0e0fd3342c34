"""Official tables of people: small files in the exact format of their publisher."""

import zipfile

import pytest

from ctg_geo.config.study_file import PopulationSource
from ctg_geo.errors import ConfigError, DataError, MissingColumnError, UnreadableFileError
from ctg_geo.sources.official.people import read_people

FACTS = {"path": "x", "provider": "Insee", "licence": "LO", "vintage": "2020"}

# The header of Insee: three parts of the population by age, then sex and others.
IRIS_HEAD = (
    "IRIS;COM;TYP_IRIS;LAB_IRIS;P20_POP;P20_POP0002;P20_POP0305;P20_POP0610;P20_POP1117;"
    "P20_POP1824;P20_POP2539;P20_POP4054;P20_POP5564;P20_POP6579;P20_POP80P;P20_POP0014;"
    "P20_POP1529;P20_POP3044;P20_POP4559;P20_POP6074;P20_POP75P;P20_POPH;P20_POPF"
)
IRIS = f"""{IRIS_HEAD}
263620101;26362;H;1;1500.5;40.25;42;70;105;150;300;280;200;213.25;100;210;250;250;300;300;190.5;700.5;800
263620102;26362;A;1;100;0;0;0;7;13;30;20;20;10;0;5;20;30;20;20;5;60;40
260040000;26004;Z;5;700;21;24;35;49;42;105;140;119;126;39;120;100;140;140;130;70;350;350
010010000;01001;Z;5;771;20;25;40;60;50;120;160;130;130;36;120;100;150;150;160;91;380;391
"""


def source(fmt, **more):
    return PopulationSource(format=fmt, **FACTS, **more)


def written(folder, name, text, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_census_by_iris_gives_communes_with_the_bands_of_the_convention(tmp_path):
    path = written(tmp_path, "base-ic-evol-struct-pop-2020.CSV", IRIS.replace("\n", "\r\n"))
    read = read_people(path, source("base_ic"), within={"26362", "26004"})
    table = read.table
    assert list(table.index) == ["26004", "26362"]
    assert table.at["26362", "population"] == pytest.approx(1600.5)
    assert table.at["26362", "children_0_2"] == pytest.approx(40.25)
    assert table.at["26004", "children_6_11"] == pytest.approx(35 + 49 / 7)
    assert table.at["26004", "young_12_17"] == pytest.approx(42)
    assert table.at["26004", "young_12_25"] == pytest.approx(42 + 42 + 7)
    assert set(table["children_0_2_status"]) == {"observed"}
    assert set(table["young_12_25_status"]) == {"estimated"}
    assert read.rows == 4
    assert list(read.row_codes) == ["26362", "26362", "26004"]
    assert list(read.row_codes.index) == [2, 3, 4]
    assert list(read.parts.index) == ["260040000", "263620101", "263620102"]
    assert read.parts.at["263620102", "population"] == 100


def test_census_by_iris_is_read_inside_the_zip_of_insee(tmp_path):
    path = tmp_path / "base-ic-evol-struct-pop-2020_csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("base-ic-evol-struct-pop-2020.CSV", IRIS)
        archive.writestr("meta_base-ic-evol-struct-pop-2020.CSV", "COD_VAR;LIB_VAR\n")
    read = read_people(path, source("base_ic"), within=None)
    assert read.table["population"].sum() == pytest.approx(1500.5 + 100 + 700 + 771)


def test_published_columns_are_named_with_or_without_their_year(tmp_path):
    path = written(tmp_path, "base.csv", IRIS)
    values = {"a": {"column": "POP0014"}, "b": {"column": "P20_POP0014", "factor": 2},
              "population": {"column": "population"}}  # fmt: skip
    table = read_people(path, source("base_ic", values=values), within={"26362"}).table
    assert table.at["26362", "a"] == 215
    assert table.at["26362", "b"] == 430


def test_a_band_that_the_file_does_not_cover_is_refused_by_name(tmp_path):
    head = IRIS_HEAD.split(";")
    left = [at for at, each in enumerate(head) if each not in ("P20_POP1824", "P20_POP1529")]
    text = "\n".join(";".join(line.split(";")[at] for at in left) for line in IRIS.split())
    path = written(tmp_path, "base.csv", text)
    values = {"young": {"column": "18-24"}}
    with pytest.raises(MissingColumnError, match="POP1824"):
        read_people(path, source("base_ic", values=values), within=None)


def test_an_iris_of_another_commune_twice_or_with_a_bad_cell_is_told_by_row(tmp_path):
    text = IRIS.replace("260040000;26004", "263620102;26004").replace(";40.25;", ";douze;")
    text += "010010000;01001;Z;5" + ";1" * 19 + "\n"
    path = written(tmp_path, "base.csv", text)
    with pytest.raises(DataError) as caught:
        read_people(path, source("base_ic"), within=None)
    said = {(each.row, each.column, each.reason) for each in caught.value.defects}
    assert (4, "IRIS", "iris_code") in said
    assert (2, "P20_POP0002", "not_a_number") in said
    assert (6, "IRIS", "id_twice") in said


def test_a_census_without_iris_column_says_what_it_has(tmp_path):
    path = written(tmp_path, "base.csv", "CODGEO;P20_POP\n26004;3\n")
    with pytest.raises(MissingColumnError, match="IRIS"):
        read_people(path, source("base_ic"), within=None)


def test_an_empty_or_cut_zip_is_refused(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(UnreadableFileError):
        read_people(path, source("base_ic"), within=None)


def single_years(code, people):
    lines = []
    for sex in (1, 2):
        lines += [f"COM;{code};Nom;{sex};{age:03d};{people(sex, age)}" for age in range(101)]
    return lines


def test_single_years_of_age_make_any_band_exact(tmp_path):
    """TD_POP1B: sex × single year; one person a cohort and sex, twice as many women."""
    lines = ["NIVGEO;CODGEO;LIBGEO;SEXE;AGED100;NB", *single_years("26004", lambda s, _: s)]
    lines += single_years("01001", lambda _s, age: 0 if age else 1.25)
    path = written(tmp_path, "TD_POP1B_2020.csv", "\n".join(lines), "latin-1")
    read = read_people(path, source("commune_ages"), within=None)
    assert read.table.loc["26004", ["population", "children_0_2", "young_12_25"]].tolist() == [
        3 * 101, 9, 42,
    ]  # fmt: skip
    assert read.table.at["01001", "children_0_2"] == 2.5
    assert read.table.at["01001", "young_12_17"] == 0
    assert set(read.table["young_12_25_status"]) == {"observed"}
    assert read.rows == 404


def test_a_sum_with_a_part_without_object_is_not_applicable_itself(tmp_path):
    bands = ("0014", "1529", "3044", "4559", "6074", "7589", "90P")
    head = "CODGEO;P20_POP;" + ";".join(f"P20_POP{each}" for each in bands)
    path = written(tmp_path, "base-cc.csv", f"{head}\n26004;120;//;15;20;20;20;20;10\n")
    values = {"young": {"column": "0-29"}}
    table = read_people(path, source("commune_ages", values=values), within=None).table
    assert table.at["26004", "young_status"] == "not_applicable"
    assert table["young"].isna()["26004"]


def test_rows_elsewhere_are_counted_and_left(tmp_path):
    lines = ["NIVGEO;CODGEO;LIBGEO;SEXE;AGED100;NB", *single_years("26004", lambda *_: 1)]
    lines += single_years("01001", lambda *_: 1)
    path = written(tmp_path, "TD_POP1B_2020.csv", "\n".join(lines))
    read = read_people(path, source("commune_ages"), within={"01001"})
    assert read.rows == 404
    assert len(read.row_codes) == 202


def test_a_single_year_that_stands_twice_or_is_no_age_is_refused(tmp_path):
    lines = ["NIVGEO;CODGEO;LIBGEO;SEXE;AGED100;NB", "COM;26004;N;1;000;3", "COM;26004;N;1;000;3"]
    path = written(tmp_path, "a.csv", "\n".join(lines))
    with pytest.raises(DataError, match="row 3, column CODGEO"):
        read_people(path, source("commune_ages"), within=None)
    path = written(tmp_path, "b.csv", "\n".join([*lines[:2], "COM;26004;N;1;101;3"]))
    with pytest.raises(DataError, match="101"):
        read_people(path, source("commune_ages"), within=None)


def test_the_commune_table_of_bands_is_an_estimate_inside_a_band(tmp_path):
    bands = ("0014", "1529", "3044", "4559", "6074", "7589", "90P")
    head = "CODGEO;P20_POP;" + ";".join(f"P20_POP{each}" for each in bands)
    path = written(tmp_path, "base-cc.csv", f"{head}\n26004;120;15;15;20;20;20;20;10\n")
    values = {"population": {"column": "population"}, "young": {"column": "0-2"},
              "all_children": {"column": "0-14"}}  # fmt: skip
    table = read_people(path, source("commune_ages", values=values), within=None).table
    assert table.at["26004", "young"] == pytest.approx(3)
    assert table.at["26004", "young_status"] == "estimated"
    assert table.at["26004", "all_children_status"] == "observed"


CAF = """Date référence;Numéro commune;Nom commune;Nombre foyers NDUR;Nombre personnes NDUR
2022-12-31;26004;Alixan;310;825
2022-12-31;26362;Valence;15000;38000
2022-12-31;01001;Abergement;;
2022-12-31;01002;Brive;<5;//
2022-12-31;XXXXX;Résidence à l'étranger;25;60
"""
CAF_VALUES = {"families": {"column": "Nombre foyers NDUR"},
              "people": {"column": "nombre personnes ndur"}}  # fmt: skip


def test_masked_counts_of_the_caf_are_secret_and_never_zero(tmp_path):
    path = written(tmp_path, "caf.csv", CAF, "cp1252")
    read = read_people(path, source("caf_communes", values=CAF_VALUES), within=None)
    assert list(read.table.index) == ["01001", "01002", "26004", "26362"]
    assert read.table.at["26004", "families"] == 310
    for code in ("01001", "01002"):
        for name in CAF_VALUES:
            assert read.table.at[code, f"{name}_status"] == "secret"
            assert read.table[name].isna()[code]
    assert read.rows == 5
    assert {each.key for each in read.findings} >= {"caf_masked", "caf_rounded"}


def test_a_caf_file_of_several_dates_needs_a_period(tmp_path):
    text = CAF + CAF.split("\n", 1)[1].replace("2022-12-31", "2021-12-31").replace("310", "300")
    path = written(tmp_path, "caf.csv", text)
    with pytest.raises(ConfigError, match="2021-12-31"):
        read_people(path, source("caf_communes", values=CAF_VALUES), within=None)
    chosen = source("caf_communes", values=CAF_VALUES, period="2021-12-31")
    read = read_people(path, chosen, within=None)
    assert read.table.at["26004", "families"] == 300
    assert read.rows == 10


def test_an_old_file_of_windows_is_read_and_it_is_told(tmp_path):
    text = IRIS.replace("TYP_IRIS", "LIBIRIS").replace(";H;", ";Quartier d'été;")
    path = written(tmp_path, "base.csv", text, "cp1252")
    values = {"population": {"column": "population"}}
    read = read_people(path, source("base_ic", values=values), within=None)
    assert len(read.table) == 3


@pytest.mark.parametrize(
    "broken", ["IRIS;COM;P20_POP\n", "IRIS;COM;P20_POP\n260040000;26004\n", "\n", "IRIS"]
)
def test_a_file_without_rows_or_with_uneven_ones_is_refused(tmp_path, broken):
    path = written(tmp_path, "base.csv", broken)
    values = {"population": {"column": "population"}}
    with pytest.raises((UnreadableFileError, MissingColumnError)):
        read_people(path, source("base_ic", values=values), within=None)


def test_a_cut_archive_is_refused(tmp_path):
    import gzip

    whole = gzip.compress((IRIS * 50).encode())
    path = tmp_path / "base.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFileError):
        read_people(path, source("base_ic"), within=None)
