"""The outputs of a country: by département, the same bytes, and nothing left of former ones."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from ctg_geo.fleet.national import department, write_national
from ctg_geo.quality import Finding

CODES = ("01001", "26362", "26281", "2A004", "97411")


def results(codes=CODES):
    count = len(codes)
    return gpd.GeoDataFrame(
        {"nom": [f"C{code}" for code in codes], "rank": np.arange(count) + 1,
         "access_per_100": np.linspace(0, 9, count), "nearest_place": [None] * count,
         "below": [True] * count},
        geometry=[box(at, 0, at + 1, 1) for at in range(count)], index=list(codes),
        crs="EPSG:2154",
    )  # fmt: skip


def written(folder, table, **said):
    return write_national(folder, table, findings=said.pop("findings", ()), names={},
                          parameters={}, **said)  # fmt: skip


def test_communes_are_parted_by_departement_and_read_back_whole(tmp_path):
    files = written(tmp_path, results())
    parts = [name for name in files if name.endswith(".parquet")]
    assert [name.split("/")[1] for name in parts] == [
        "departement=01", "departement=26", "departement=2A", "departement=974",
    ]  # fmt: skip
    back = pd.concat([gpd.read_parquet(tmp_path / name) for name in parts])
    assert sorted(back.index) == sorted(CODES)
    assert back.loc["26281", "access_per_100"] == results().loc["26281", "access_per_100"]
    assert back.crs == "EPSG:2154"
    assert len(gpd.read_file(tmp_path / "apercu.fgb")) == len(CODES)
    hashes = json.loads((tmp_path / "manifest.json").read_text())["outputs"]
    assert set(hashes) == set(files) - {"manifest.json"}
    assert department("97611") == "976"


def test_the_same_results_give_the_same_bytes_and_former_parts_leave(tmp_path):
    one, two = written(tmp_path / "one", results()), written(tmp_path / "two", results())
    for name in one:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert one == two
    written(tmp_path / "one", results(("01001",)))
    left = sorted(path.parent.name for path in (tmp_path / "one").glob("communes/*/*.parquet"))
    assert left == ["departement=01"]


def test_findings_are_told_in_french_and_text_runs_in_no_spreadsheet(tmp_path):
    found = Finding("warning", "fleet_refused", "territoires", "=1+1", {"why": "raison"})
    written(tmp_path, results(), findings=(found,))
    said = (tmp_path / "constats.csv").read_text(encoding="utf-8-sig")
    assert "Territoire non étudié\xa0: raison" in said
    assert ";=1+1" not in said
