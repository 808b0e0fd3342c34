"""Many territories, or one in tiles, through the command line: the files of one process."""

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

import petit_pays as pp
from ctg_geo import labels, open_study
from ctg_geo.cli import main
from ctg_geo.export.columns import as_columns
from ctg_geo.fleet import write_national
from ctg_geo.fleet.many import territory_results
from ctg_geo.fleet.territories import Listed

pytestmark = pytest.mark.filterwarnings("ignore")  # those of the cluster are not ours


def bytes_of(folder, pattern="**/*"):
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.glob(pattern)) if path.is_file()}  # fmt: skip


def as_written(diagnosis):
    return as_columns(diagnosis.communes, diagnosis.estimated,
                      shared=diagnosis.catchment is not None)  # fmt: skip


STATUSES = ("nearest_status", "demand_status", "missing_status", "result_status")
DICE = """
[uncertainty]
draws = 40
times = { relative = 0.3, source = "test" }
norm = { low = 0.5, high = 1.9, source = "test" }
"""


def tables(folder):
    """Return what fleet tells of communes, in its table and in its overview."""
    whole = pd.concat(map(gpd.read_parquet, sorted(folder.glob("communes/*/*.parquet"))))
    return whole.sort_index(), gpd.read_file(folder / "apercu.fgb").set_index("code_insee")


def agree(table, layer, certainty):
    """Hold a table of fleet against the layer that diagnose gives to QGIS."""
    for name in STATUSES:
        words = table[name].map(lambda key: labels.text(f"status.{key}"))
        assert words.to_dict() == layer.loc[table.index, name].to_dict(), name
    assert table[certainty].to_dict() == layer.loc[table.index, "certainty"].to_dict()
    other = {"certainty_draws", "certainty_variants", "certainty"} - {certainty}
    assert not other & set(table.columns)


@pytest.mark.parametrize("dice", ["", DICE])
def test_statuses_and_certainty_are_those_of_diagnose_and_say_of_what(tmp_path, dice):
    study = pp.write(tmp_path / "pays", study=pp.STUDY + dice,
                     population=pp.POPULATION.replace("01002,500,50", "01002,500,s"))  # fmt: skip
    listed, out = tmp_path / "epci.csv", tmp_path / "out"
    listed.write_text("epci\n123456789\n", encoding="utf-8")
    asked = ["fleet", str(study), "-s", "creche", "--workers", "1", "-q"]
    assert main([*asked, "-o", str(out / "many"), "--territories", str(listed)]) == 0
    layer = gpd.read_file(out / "many/territoires/123456789/creche/ctg.gpkg", layer="communes")
    layer = layer.set_index("code_insee")
    assert layer.loc["01001", "nearest_status"] == "estimé"  # places stand at the chef-lieu
    assert layer.loc["01002", "missing_status"] == "secret statistique"
    for table in tables(out / "many/creche"):
        agree(table, layer, "certainty_draws" if dice else "certainty_variants")
    if not dice:
        assert main([*asked, "-o", str(out / "tiled")]) == 0
        for table in tables(out / "tiled/creche"):
            agree(table, layer, "certainty_variants")


def test_one_territory_in_tiles_has_the_files_of_one_process(tmp_path, capsys):
    study = pp.write(tmp_path / "pays")
    out = tmp_path / "out"
    asked = ["fleet", str(study), "-s", "creche", "-s", "france_services", "-o", str(out)]
    assert main([*asked, "--workers", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["services"]
    assert [each["made"] for each in told] == [2, 1]  # two passes where supply is shared
    single = open_study(study)
    for key in ("creche", "france_services"):
        found = bytes_of(out / key)
        write_national(tmp_path / key, as_written(single.diagnose(key)), findings=(), names={},
                       parameters={})  # fmt: skip
        expected = bytes_of(tmp_path / key)
        assert found.keys() == expected.keys()
        for name in found.keys() - {"constats.csv", "manifest.json"}:
            assert found[name] == expected[name], name
    assert set(found) >= {"communes/departement=01/communes.parquet",
                          "communes/departement=2A/communes.parquet", "apercu.fgb"}  # fmt: skip
    assert main([*asked, "--workers", "1", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)["services"]
    assert [(each["made"], each["found"]) for each in again] == [(0, 2), (0, 1)]
    overview = gpd.read_file(out / "creche" / "apercu.fgb")
    access = dict(zip(overview["code_insee"], overview["access_per_100"], strict=True))
    for code, value in access.items():
        assert value == pytest.approx(100 * pp.ACCESS[code])
    assert pyogrio.read_info(out / "creche" / "apercu.fgb")["driver"] == "FlatGeobuf"
    manifest = json.loads((out / "creche" / "manifest.json").read_text(encoding="utf-8"))
    assert {each["role"] for each in manifest["inputs"]} >= {"communes", "population"}
    assert "conservation" in (out / "creche" / "constats.csv").read_text(encoding="utf-8-sig")


def test_a_secret_count_is_in_no_file_of_a_tiled_territory(tmp_path):
    masked = pp.POPULATION.replace("01002,500,50", "01002,500,s")
    study = pp.write(tmp_path / "pays", population=masked)
    out = tmp_path / "out"
    assert main(["fleet", str(study), "-s", "creche", "-o", str(out), "--workers", "1", "-q"]) == 0
    table = gpd.read_parquet(out / "creche" / "communes" / "departement=01" / "communes.parquet")
    row = table.loc["01002"]
    assert row["demand_status"] == "secret"
    assert row[["demand", "missing", "concerned"]].isna().all()


def test_many_territories_have_the_folders_each_would_have_alone(tmp_path, capsys):
    study = pp.write(tmp_path / "pays")
    listed, out = tmp_path / "epci.csv", tmp_path / "out"
    listed.write_text("epci;nom\n123456789;Pays\n987654321;Étang\n", encoding="utf-8")
    asked = ["fleet", str(study), "--territories", str(listed), "-s", "creche", "-o", str(out)]
    assert main([*asked, "--workers", "2", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["made"], told["refused"]) == (1, 1)
    assert any("bassin" in each or "2A004" in each for each in told["findings"])
    alone = tmp_path / "alone"
    one = Listed("123456789", "Pays", Path(study).resolve())
    territory_results(one, ("creche",), alone)
    found = bytes_of(out / "territoires" / "123456789" / "creche")
    assert found == bytes_of(alone / "123456789" / "creche")
    national = gpd.read_parquet(out / "creche" / "communes")
    assert sorted(national.index) == ["01001", "01002", "01003", "2A004"]
    assert set(national["territory"]) == {"123456789"}
    assert main([*asked, "--workers", "1", "--json"]) == 1
    again = json.loads(capsys.readouterr().out)
    assert (again["made"], again["found"], again["refused"]) == (0, 1, 1)


def test_a_wrong_list_is_refused_before_anything_is_done(tmp_path, capsys):
    study, listed = pp.write(tmp_path / "pays"), tmp_path / "epci.csv"
    listed.write_text("epci\n12\n", encoding="utf-8")
    asked = ["fleet", str(study), "--territories", str(listed), "-o", str(tmp_path / "out")]
    assert main([*asked, "--workers", "1"]) == 1
    assert "epci.csv, ligne 2, colonne epci" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert main([*asked, "--workers", "1", "--scheduler", "tcp://127.0.0.1:1"]) == 2
