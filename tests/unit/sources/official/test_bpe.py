"""BPE: layouts of 2018 to 2025, sentinels, codes of two years, several CRS."""

import gzip

import pandas as pd
import pytest
from pyproj import Transformer

from ctg_geo.errors import ConfigError, DataError, MissingColumnError, UnreadableFileError
from ctg_geo.sources import read_places_of, vintages_apart
from ctg_geo.sources.official.bpe_codes import translated
from official import accounted, source

# Valence (26362) in Lambert-93, by pyproj from longitude and latitude.
LON, LAT = 4.8918, 44.9334
X, Y = Transformer.from_crs(4326, 2154, always_xy=True).transform(LON, LAT)

OF_2024 = f"""AN;NOMRS;CNOMRS;DEPCOM;DEP;TYPEQU;TYPE;ITINERANCE;CAPACITE;INDIC_CAPA;LAMBERT_X;LAMBERT_Y;LONGITUDE;LATITUDE;QUALITE_XY;EPSG;QUALITE_GEOLOC;QP2024
2024;CRECHE ARC EN CIEL;;26362;26;D502;_Z;_Z;32;1;{X:.2f};{Y:.2f};{LON};{LAT};B;2154;11;_Z
2024;"CRECHE ""L'ILE"" ; NORD";;26281;26;D502;_Z;_Z;_U;1;{X:.2f};{Y:.2f};{LON};{LAT};M;2154;22;QN02601M
2024;;;26281;26;D502;_Z;_Z;;0;;;;;_Z;2154;_Z;_Z
2024;FRANCE SERVICES BUS;;26281;26;A128;MO;_Z;_Z;0;{X:.2f};{Y:.2f};{LON};{LAT};A;2154;33;_Z
2024;FRANCE SERVICES;;26281;26;A128;ANT;_Z;_Z;0;;;{LON};{LAT};_U;2154;_U;_Z
2024;FRANCE SERVICES;;38185;38;A128;LF;_Z;_Z;0;;;{LON};{LAT};_U;2154;_U;_Z
2024;COIFFEUR;;26281;26;A501;_Z;_Z;_Z;0;;;{LON};{LAT};_U;2154;_U;_Z
2024;CRECHE DE MAMOUDZOU;;97611;976;D502;_Z;_Z;20;1;;;;;_Z;4471;_Z;_Z
"""  # noqa: E501

OF_2019 = f"""REG;DEP;DEPCOM;DCIRIS;AN;TYPEQU;LAMBERT_X;LAMBERT_Y;QUALITE_XY
84;26;26362;26362_0101;2019;D502;{X:.2f};{Y:.2f};Bonne
84;26;26362;26362_0102;2019;D502;{X:.2f};{Y:.2f};Mauvaise
84;26;26004;26004_0000;2019;D502;;;Type_1
84;26;26004;26004_0000;2019;D201;{X:.2f};{Y:.2f};Acceptable
"""


def read(tmp_path, text, *, name="bpe.csv", codes=None, **settings):
    path = tmp_path / name
    path.write_bytes(text.encode())
    settings = {"services": {"D502": "creche", "A128": "france_services"}, **settings}
    return read_places_of(path, source("bpe", **settings), crs="EPSG:2154", codes=codes)


def test_a_file_of_2024(tmp_path):
    found = read(tmp_path, OF_2024, codes={"26362", "26281"})
    table = found.table
    assert list(table.index) == ["bpe2024-D502-2", "bpe2024-D502-3", "bpe2024-D502-4",
                                 "bpe2024-A128-5", "bpe2024-A128-6"]  # fmt: skip
    assert list(table["capacity_status"]) == ["observed", "not_available"] + 3 * ["not_applicable"]
    assert table["capacity"].iloc[0] == 32
    assert table["capacity"].iloc[1:].isna().all(), "what is masked or void is never zero"
    assert list(table["delivery"]) == ["fixed", "fixed", "fixed", "mobile", "branch"]
    assert list(table["location_status"]) == ["observed"] + 4 * ["estimated"]
    assert table["nom"].iloc[1] == 'CRECHE "L\'ILE" ; NORD'
    assert table["nom"].iloc[2] == "D502, bpe.csv, 4"
    assert list(table["qp_2024"]) == ["", "QN02601M", "", "", ""]
    assert found.rows == 8
    assert {k: v for k, v in found.aside.items() if v} == {"elsewhere": 2, "other_types": 1}
    assert accounted(found)


def test_positions_come_from_metres_else_degrees_and_never_from_chance(tmp_path):
    table = read(tmp_path, OF_2024, codes={"26362", "26281"}).table
    assert table.loc["bpe2024-D502-2", ["x", "y"]].to_numpy(float) == pytest.approx(
        [X, Y], abs=0.01
    )
    assert table.loc["bpe2024-A128-6", ["x", "y"]].to_numpy(float) == pytest.approx(
        [X, Y], abs=0.01
    )
    assert table.loc[["bpe2024-D502-4", "bpe2024-A128-5"], "x"].isna().all()


def test_parquet_and_text_and_gzip_give_the_same(tmp_path):
    text = read(tmp_path, OF_2024)
    frame = pd.read_csv(tmp_path / "bpe.csv", sep=";", dtype={"DEPCOM": str, "EPSG": "Int64"})
    frame.to_parquet(tmp_path / "bpe.parquet", row_group_size=3)
    packed = tmp_path / "bpe.csv.gz"
    packed.write_bytes(gzip.compress(OF_2024.encode()))
    asked = source("bpe", services={"D502": "creche", "A128": "france_services"})
    for path in (tmp_path / "bpe.parquet", packed):
        found = read_places_of(path, asked, crs="EPSG:2154")
        same = [name for name in text.table if name != "nom"]
        left, right = found.table[same].to_numpy(), text.table[same].to_numpy()
        assert pd.DataFrame(left).equals(pd.DataFrame(right)), path.name
        assert dict(found.aside) == dict(text.aside)
    assert list(found.row_of) == list(text.row_of)


def test_a_file_of_2019(tmp_path):
    found = read(tmp_path, OF_2019, services={"D502": "creche"})
    assert list(found.table["location_status"]) == ["observed", "estimated", "estimated"]
    assert list(found.table["x"].isna()) == [False, False, True]
    assert set(found.table["capacity_status"]) == {"not_available"}
    assert accounted(found)


@pytest.mark.parametrize(
    ("code", "epsg", "lon", "lat"),
    [("97105", 5490, -61.72, 15.99), ("97302", 2972, -52.33, 4.93), ("97411", 2975, 55.45, -20.88),
     ("97608", 4471, 45.23, -12.78), ("97209", 5490, -61.07, 14.61)],
)  # fmt: skip
def test_each_territory_overseas_has_its_own_metres(tmp_path, code, epsg, lon, lat):
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lon, lat)
    text = f"DEPCOM;AN;TYPEQU;LAMBERT_X;LAMBERT_Y;QUALITE_XY\n{code};2020;D502;{x};{y};Bonne\n"
    path = tmp_path / "bpe.csv"
    path.write_text(text)
    crs = f"EPSG:{epsg}"
    table = read_places_of(path, source("bpe", services={"D502": "creche"}), crs=crs).table
    assert table[["x", "y"]].to_numpy()[0] == pytest.approx([x, y], abs=0.01)


def test_an_epsg_code_that_is_none_is_refused_with_its_row(tmp_path):
    with pytest.raises(DataError, match=r"row 2.*EPSG.*999999"):
        read(tmp_path, OF_2024.replace(";2154;11;", ";999999;11;"))


def test_a_code_that_the_file_lacks_is_refused_and_its_neighbours_named(tmp_path):
    with pytest.raises(ConfigError, match=r"D501.*D502"):
        read(tmp_path, OF_2024, services={"D501": "creche"})


def test_a_file_of_counts_before_2019(tmp_path):
    text = ("REG,DEP,DEPCOM,DCIRIS,AN,TYPEQU,NB_EQUIP\n84,26,26281,26281_0101,2018,C101,2\n"
            "84,26,26281,26281_0102,2018,C101,0\n")  # fmt: skip
    found = read(tmp_path, text, services={"C101": "ecole"})
    assert list(found.table.index) == ["bpe2018-C101-2-1", "bpe2018-C101-2-2"]
    assert found.table["x"].isna().all()
    assert found.aside["no_equipement"] == 1
    assert accounted(found)


PASSAGE = frozenset({("D201", "D265"), ("D501", "D502"), ("D502", "D502"), ("E1", "F1"),
                     ("E1", "F2")})  # fmt: skip


def test_codes_of_another_year_go_through_the_table_in_both_directions():
    def asked(services, there):
        return translated(services, there=there, passage=PASSAGE, file="f")

    assert asked({"D201": "m"}, {"D265", "A1"}) == {"D265": "m"}
    assert asked({"D265": "m"}, {"D201", "A1"}) == {"D201": "m"}
    assert asked({"E1": "e"}, {"F1", "F2"}) == {"F1": "e", "F2": "e"}
    assert asked({"F1": "f", "F2": "f"}, {"E1"}) == {"E1": "f"}
    assert asked({"D502": "c", "D501": "c"}, {"D502"}) == {"D502": "c"}


def test_a_code_that_became_one_with_others_is_refused():
    for asked, there in (({"D501": "c"}, {"D502"}), ({"F1": "f"}, {"E1"})):
        with pytest.raises(ConfigError, match=next(iter(asked))):
            translated(asked, there=there, passage=PASSAGE, file="f")


def test_a_passage_table_is_read_and_said(tmp_path):
    table = tmp_path / "passage.csv"
    table.write_text("TYPEQU_2023;TYPEQU_2024;Libellé\nD201;D265;Médecin\n;D115;PMI\n")
    passage = {"path": "passage.csv", "provider": "p", "licence": "l", "vintage": "v",
               "columns": {"old_code": "TYPEQU_2023", "code": "TYPEQU_2024"}}  # fmt: skip
    text = OF_2024.replace(";A501;", ";D265;")
    path = tmp_path / "bpe.csv"
    path.write_text(text)
    asked = source("bpe", services={"D201": "medecin"}, passage=passage)
    found = read_places_of(path, asked, crs="EPSG:2154", passage=table)
    assert list(found.table["typequ"]) == ["D265"]
    assert [each.key for each in found.findings if each.severity == "warning"] == ["bpe_passage"]


def test_the_table_of_labels_that_insee_calls_passage_is_refused_as_such(tmp_path):
    table = tmp_path / "BPE24_table_passage.csv"
    table.write_text("TYPEQU;Libelle_TYPEQU;Libelle_SDOM;Libelle_DOM\nD265;Médecin;Santé;Santé\n")
    passage = {"path": "p.csv", "provider": "p", "licence": "l", "vintage": "v",
               "columns": {"old_code": "TYPEQU_2023", "code": "TYPEQU"}}  # fmt: skip
    path = tmp_path / "bpe.csv"
    path.write_text(OF_2024)
    asked = source("bpe", services={"D201": "medecin"}, passage=passage)
    with pytest.raises(UnreadableFileError) as caught:
        read_places_of(path, asked, crs="EPSG:2154", passage=table)
    assert caught.value.reason == "bpe_labels"
    assert "une seule année (TYPEQU, Libelle_TYPEQU" in caught.value.explain()


def test_two_years_read_together_are_warned_of(tmp_path):
    asked = source("bpe", services={"D502": "creche"})
    reads = [(read(tmp_path, text, services={"D502": "creche"}), asked)
             for text in (OF_2024, OF_2019)]  # fmt: skip
    (warning,) = vintages_apart(reads)
    assert warning.facts["years"] == ["2019", "2024"]
    assert "2019, 2024" in warning.explain()
    assert vintages_apart(reads[:1]) == []


def test_an_unknown_type_of_delivery_is_said(tmp_path):
    found = read(tmp_path, OF_2024.replace(";MO;", ";XX;"))
    (said,) = [each for each in found.findings if each.key == "bpe_type"]
    assert said.facts["values"] == ["XX"]


def test_what_was_read_is_told_by_type(tmp_path):
    (said,) = [each for each in read(tmp_path, OF_2024).findings if each.key == "places_read"]
    assert said.facts["types"] == ["A128 → france_services : 3", "D502 → creche : 4"]


def test_an_assumed_capacity_fills_what_is_unknown_and_not_what_has_none(tmp_path):
    each = {"value": 30.0, "source": "s"}
    table = read(tmp_path, OF_2024, codes={"26362", "26281"}, capacity_each=each).table
    assert list(table["capacity_status"])[:3] == ["observed", "estimated", "not_applicable"]
    assert list(table["capacity"])[:2] == [32, 30]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_codes_that_lost_their_zero_are_refused_and_not_taken_for_elsewhere(tmp_path, kind):
    path = tmp_path / f"bpe.{kind}"
    frame = pd.DataFrame({"DEPCOM": [1001, 26281], "TYPEQU": "D502", "AN": 2024})
    frame.to_csv(path, sep=";", index=False) if kind == "csv" else frame.to_parquet(path)
    asked = source("bpe", services={"D502": "creche"})
    with pytest.raises(DataError, match=r"DEPCOM.*01001"):
        read_places_of(path, asked, crs="EPSG:2154", codes={"01001", "26281"})


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", UnreadableFileError), (b"A;B\n1;2\n", MissingColumnError),
     (b"DEPCOM;TYPEQU\n26281;D502;9\n", UnreadableFileError),
     (b"DEPCOM;TYPEQU\n", UnreadableFileError),
     (b"DEPCOM;TYPEQU;NOMRS\n26281;D502;cr\xe8che\n", UnreadableFileError)],
)  # fmt: skip
def test_damaged_texts_are_refused_in_words(tmp_path, content, error):
    path = tmp_path / "bpe.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        read_places_of(path, source("bpe", services={"D502": "creche"}), crs="EPSG:2154")


@pytest.mark.parametrize(
    "content", [b"PAR1", b"not parquet at all", b"PAR1" + 200 * b"\0" + b"PAR1"]
)
def test_damaged_parquet_is_refused_in_words(tmp_path, content):
    path = tmp_path / "bpe.parquet"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=r"bpe\.parquet"):
        read_places_of(path, source("bpe", services={"D502": "creche"}), crs="EPSG:2154")


def test_another_encoding_is_read_where_it_is_said(tmp_path):
    path = tmp_path / "bpe.csv"
    path.write_bytes(OF_2024.replace("ARC", "CÈDRE").encode("cp1252"))
    asked = source("bpe", services={"D502": "creche"}, encoding="cp1252")
    found = read_places_of(path, asked, crs="EPSG:2154")
    assert found.table["nom"].iloc[0] == "CRECHE CÈDRE EN CIEL"


@pytest.mark.shared
def test_the_real_schools_of_2018(shared):
    """Counts by a plain pandas sum of the same file."""
    path = shared / "equipment" / "bpe_2018_education_07_26_38.csv.gz"
    plain = pd.read_csv(path, dtype=str)
    some = plain[(plain["TYPEQU"] == "C104") & (plain["DEPCOM"].str[:2] == "26")]
    codes = set(plain["DEPCOM"][plain["DEPCOM"].str[:2] == "26"])
    asked = source("bpe", services={"C104": "ecole"})
    found = read_places_of(path, asked, crs="EPSG:2154", codes=codes)
    assert len(found.table) == some["NB_EQUIP"].astype(int).sum()
    assert found.rows == len(plain)
    assert accounted(found)
