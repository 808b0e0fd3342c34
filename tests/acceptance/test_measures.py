"""All measures of a service through the command line: the file says what the diagnosis says."""

import json
from pathlib import Path

import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.study.measures import measures_of


@pytest.fixture(scope="module")
def country(tmp_path_factory):
    return str(pp.write(tmp_path_factory.mktemp("pays")))


def test_measures_stand_side_by_side_and_e2sfca_is_that_of_the_diagnosis(country, tmp_path, capsys):
    out = tmp_path / "new" / "mesures.csv"
    asked = ["measures", country, "-s", "creche", "-o", str(out)]
    assert main([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["service"] == "creche"
    table = pd.read_csv(out, sep=";", decimal=",", dtype={"Code INSEE": str}, encoding="utf-8-sig")
    table = table.set_index("Code INSEE")
    diagnosed = open_study(country).diagnose("creche").communes["access_per_100"]
    assert sorted(table.index) == sorted(diagnosed.index)
    found = table.filter(like="E2SFCA").iloc[:, 0].reindex(diagnosed.index)
    assert found.tolist() == pytest.approx((diagnosed / 100).tolist(), abs=5e-5)
    assert table.filter(like="RAAM").shape[1] == 1
    available = table.filter(like="Disponibilité spatiale").iloc[:, 0].reindex(diagnosed.index)
    people = pd.Series({"01001": 100, "01002": 50, "01003": 0, "2A004": 30}).reindex(found.index)
    assert available.tolist() == pytest.approx((diagnosed / 100 * people).tolist(), abs=0.01)
    third = table.filter(like="troisième lieu").iloc[:, 0]
    pairs = open_study(country).diagnose("creche").times.to_frame()
    sorted_minutes = {
        str(origin): sorted(own["minutes"])[2] for origin, own in pairs.groupby("origin")
    }
    assert third.to_dict() == pytest.approx({code: sorted_minutes[code] for code in third.index})
    assert set(table["Ce qui est estimé"]) == {
        "lieux placés au chef-lieu; habitants placés en un point approché de leur commune"
    }
    assert set(table["Statut des temps"]) == {"estimé"}  # to a position that is
    assert set(table["Statut des capacités"]) == {"observé"}
    assert set(table["Trajets"]) == {"en voiture"}
    first = out.read_bytes()
    assert main([*asked, "-q"]) == 0
    assert out.read_bytes() == first


def test_the_file_says_what_is_schematic_and_estimated_and_the_third_place(tmp_path):
    valence, out = Path(__file__).parents[2] / "config" / "valence_romans.toml", tmp_path / "m.csv"
    assert main(["measures", str(valence), "-s", "creche", "-o", str(out), "-q"]) == 0
    table = pd.read_csv(out, sep=";", decimal=",", encoding="utf-8-sig")
    assert set(table["Statut des temps"]) == set(table["Statut des capacités"]) == {"estimé"}
    assert table["Ce qui est estimé"].str.startswith("temps schématiques").all()
    first, third = (table.filter(like=each).iloc[:, 0]
                    for each in ("Temps au lieu", "troisième lieu"))  # fmt: skip
    known = third.notna()
    assert known.any()
    assert (first[known] <= third[known]).all()


def test_the_supply_of_a_commune_is_not_told_where_its_people_are_not(tmp_path):
    path = pp.write(tmp_path, population=pp.POPULATION.replace("300,30", "300,s"))
    table = measures_of(open_study(path).diagnose("creche"))
    assert pd.isna(table.at["2A004", "spatial_availability"])
    assert table["spatial_availability"].drop("2A004").notna().all()


def test_a_service_judged_on_time_alone_is_refused_and_nothing_is_written(
    country, tmp_path, capsys
):
    timed = [key for key, one in open_study(country).config.services.items()
             if not one.judged_on_supply]  # fmt: skip
    out = tmp_path / "mesures.csv"
    assert main(["measures", country, "-s", timed[0], "-o", str(out)]) == 1
    assert "per_100" in capsys.readouterr().err
    assert not out.exists()


def test_a_table_that_would_tell_a_secret_is_not_written(tmp_path, monkeypatch, capsys):
    """Were spatial availability told where people are not, its ratio to E2SFCA would tell them."""
    path = pp.write(tmp_path, population=pp.POPULATION.replace("300,30", "300,s"))
    out = tmp_path / "m.csv"
    asked = ["measures", str(path), "-s", "creche", "-o", str(out), "-q"]
    assert main(asked) == 0
    out.unlink()

    def telling(diagnosis):
        table = measures_of(diagnosis)
        return table.assign(spatial_availability=30 * table["e2sfca"])

    monkeypatch.setattr("ctg_geo.study.measures.measures_of", telling)
    assert main(asked) == 1
    assert "Dune" in capsys.readouterr().err
    assert not out.exists()


def test_the_register_of_the_study_knows_what_the_table_tells(tmp_path):
    listed = pp.STUDY + '\n[secrecy]\npublications = "registre.json"\n'
    path = pp.write(tmp_path, study=listed)
    out = tmp_path / "m.csv"
    assert main(["measures", str(path), "-s", "creche", "-o", str(out), "-q"]) == 0
    assert "Crèches" in json.dumps(json.loads((tmp_path / "registre.json").read_text("utf-8")),
                                   ensure_ascii=False)  # fmt: skip
