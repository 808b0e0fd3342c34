"""Lists of territories: what is taken, and what is refused, where, and with its mend."""

from pathlib import Path

import pytest

import petit_pays as pp
from ctg_geo.config import load_study
from ctg_geo.errors import DataError, MissingColumnError, MissingFileError
from ctg_geo.fleet.territories import files_of, placed, read_territories

KNOWN = {"123456789", "987654321"}


def read(folder, text, known=KNOWN):
    path = folder / "epci.csv"
    path.write_text(text, encoding="utf-8")
    config = folder / "study.toml"
    config.touch()
    return read_territories(path, config, known)


def test_a_list_names_territories_and_may_give_one_its_own_study(tmp_path):
    (tmp_path / "own.toml").touch()
    found = read(tmp_path, "epci;nom;config\n123456789;Pays;\n555555555;Autre;own.toml\n")
    assert [each.epci for each in found] == ["123456789", "555555555"]
    assert [each.nom for each in found] == ["Pays", "Autre"]
    assert [each.config.name for each in found] == ["study.toml", "own.toml"]


def test_every_wrong_row_is_told_at_once_with_its_mend(tmp_path):
    text = "epci,nom\n123456789,A\n12345,B\n123456789,C\n111111111,D\n,E\n"
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    told = [(each.row, each.column, each.value, each.reason) for each in caught.value.defects]
    assert told == [
        (3, "epci", "12345", "fleet_code"), (4, "epci", "123456789", "fleet_twice"),
        (5, "epci", "111111111", "fleet_unknown"), (6, "epci", "", "fleet_blank"),
    ]  # fmt: skip
    said = caught.value.explain()
    assert "epci.csv, ligne 3, colonne epci" in said
    assert "neuf chiffres" in said
    assert "déjà à la ligne 2" in said


def test_a_study_that_is_not_there_a_list_without_codes_and_no_list_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"row 2, column config.*absent\.toml"):
        read(tmp_path, "epci,config\n123456789,absent.toml\n")
    with pytest.raises(MissingColumnError, match="epci"):
        read(tmp_path, "code\n123456789\n")
    with pytest.raises(MissingFileError):
        read_territories(tmp_path / "none.csv", tmp_path / "study.toml", KNOWN)


def test_a_territory_has_its_own_place_name_and_register(tmp_path):
    study = pp.STUDY + '\n[secrecy]\npublications = "registre.json"\n'
    config = load_study(pp.write(tmp_path, study=study))
    (listed,) = read(tmp_path / "..", "epci,nom\n987654321,Étang\n")
    found = placed(config, listed).file
    assert (found.study.inside.epci, found.study.name) == ("987654321", "Étang")
    assert found.secrecy.publications == "registre_987654321.json"
    assert config.file.study.inside.epci == "123456789"


def test_all_files_of_a_study_are_known_and_a_change_in_one_shows(tmp_path):
    path = pp.write(tmp_path)
    before = files_of(load_study(path))
    names = {Path(each).name for each in before}
    assert names >= {"study.toml", "services.toml", "profiles.toml", "communes.geojson",
                     "population.csv", "creches.csv", "desks.csv", "junctions.csv",
                     "segments.csv"}  # fmt: skip
    (tmp_path / "creches.csv").write_text(pp.CRECHES.replace("20", "21"), encoding="utf-8")
    after = files_of(load_study(path))
    assert [Path(each).name for each in before if before[each] != after[each]] == ["creches.csv"]
