"""All measures of a service through the command line: the file says what the diagnosis says."""

import json

import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main


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
    first = out.read_bytes()
    assert main([*asked, "-q"]) == 0
    assert out.read_bytes() == first


def test_a_service_judged_on_time_alone_is_refused_and_nothing_is_written(
    country, tmp_path, capsys
):
    timed = [key for key, one in open_study(country).config.services.items()
             if not one.judged_on_supply]  # fmt: skip
    out = tmp_path / "mesures.csv"
    assert main(["measures", country, "-s", timed[0], "-o", str(out)]) == 1
    assert "per_100" in capsys.readouterr().err
    assert not out.exists()
