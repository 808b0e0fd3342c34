"""A study whose places come from files in their providers' own formats."""

import json

import geopandas as gpd
import pytest

import petit_pays as pp
from ctg_geo.cli import main

OWN = pp.STUDY[pp.STUDY.index("[[sources.equipements]]") : pp.STUDY.index("[roads.line]")]
OFFICIAL = """
[[sources.equipements]]
format = "bpe"
path = "creches.csv"
services = { D502 = "creche" }
provider = "Insee"
licence = "Licence Ouverte 2.0"
vintage = "BPE 2024"

[[sources.equipements]]
format = "france_services"
path = "desks.csv"
service = "france_services"
provider = "ANCT"
licence = "Licence Ouverte 2.0"
vintage = "2024"

"""
# The three crèches of Petit Pays, one elsewhere, one of another type, one known to its commune.
BPE = """AN;NOMRS;DEPCOM;TYPEQU;TYPE;CAPACITE;INDIC_CAPA;LAMBERT_X;LAMBERT_Y;EPSG;QUALITE_XY
2024;Les Abeilles;01001;D502;_Z;20;1;800000;6400000;2154;B
2024;Les Coccinelles;01003;D502;_Z;6;1;;;2154;_Z
2024;Les Loutres;26005;D502;_Z;4;1;840000;6400000;2154;A
2024;Ailleurs;75101;D502;_Z;40;1;650000;6860000;2154;B
2024;Coiffeur;01001;A501;_Z;;0;800000;6400000;2154;B
"""
DESKS = """id_fs,lib_fs,insee_com,latitude,longitude,h_lundi,h_mardi,format_fs
1,France services Alpe,01001,,,09:00 - 12:00 / 14:00 - 17:00,09:00 - 12:00,Fixe
2,Bus de Brive,01002,,,,,Bus_équivalent
3,France services Paris,75101,48.86,2.34,09:00 - 12:00,,Fixe
"""


@pytest.fixture
def study(tmp_path):
    text = pp.STUDY.replace(OWN, OFFICIAL)
    return pp.write(tmp_path / "pays", study=text, creches=BPE, desks=DESKS)


def test_the_official_formats_give_the_access_worked_out_by_hand(study, tmp_path):
    out = tmp_path / "out"
    assert main(["diagnose", str(study), "-s", "creche", "--out", str(out), "-q"]) == 0
    communes = gpd.read_file(out / "ctg.gpkg", layer="communes").set_index("code_insee")
    for code in communes.index:
        assert communes.at[code, "access_per_100"] == pytest.approx(100 * pp.ACCESS[code]), code
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    rows = {each["table"]: each for each in manifest["rows"]}
    assert rows["creches.csv"]["set_aside"] == {"elsewhere": 1, "other_types": 1}
    assert rows["creches.csv"]["used"] == 3
    assert rows["desks.csv"]["set_aside"] == {"elsewhere": 1}


def test_check_lists_what_was_read_by_type(study, capsys):
    assert main(["check", str(study)]) == 0
    said = capsys.readouterr().out
    assert "D502 → creche" in said
    assert "Horaires inconnus pour 1" in said.replace("\u202f", " ").replace("\u00a0", " ")


def wanting(study):
    """Two crèches of unknown capacity, one of none, the first after the last in the alphabet."""
    text = (
        BPE.replace("_Z;20;1", "_Z;_U;1").replace("_Z;6;1", "_Z;_Z;0").replace("_Z;4;1", "_Z;_U;1")
    )
    (study.parent / "creches.csv").write_text(text.replace("Les Abeilles", "Zoé"), "utf-8")


def test_check_tells_of_the_capacities_for_which_diagnose_refuses(study, tmp_path, capsys):
    wanting(study)
    assert main(["check", str(study), "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    (said,) = [each for each in findings if each["key"] == "capacity_wanting"]
    assert said["severity"] == "warning"
    for words in ("3 lieux sur 3", "sans objet : 1", "CAPACITE", "capacity_each"):
        assert words in said["message"].replace("\u00a0", " "), words
    assert main(["diagnose", str(study), "-s", "creche", "-o", str(tmp_path / "out")]) == 1
    err = capsys.readouterr().err.replace("\u00a0", " ")
    rows = [err.index(f"creches.csv, ligne {row}, colonne CAPACITE") for row in (2, 3, 4)]
    assert rows == sorted(rows)
    assert "sans objet" in err[rows[1] : rows[2]]


def test_check_says_nothing_of_capacities_that_are_all_known(study, capsys):
    assert main(["check", str(study), "--json"]) == 0
    assert "capacity_wanting" not in capsys.readouterr().out


def test_a_code_absent_from_the_file_is_refused_in_french(study, capsys):
    study.write_text(study.read_text(encoding="utf-8").replace("D502 =", "D501 ="), "utf-8")
    assert main(["check", str(study)]) == 1
    said = capsys.readouterr().err
    assert "D501" in said
    assert "clé passage" in said
    assert "Traceback" not in said
