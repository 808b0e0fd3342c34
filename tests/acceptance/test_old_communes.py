"""A layer of 2018 comes out as the communes of today: 54 of 939 km², and not 924."""

import csv
import json
import re
from pathlib import Path

import geopandas as gpd
import pytest

from ctg_geo.cli import main
from ctg_geo.config.study_file import MergersSource, PolygonSource
from ctg_geo.sources import read_communes, read_events
from ctg_geo.territory import moved

ROOT = Path(__file__).parents[2]
MADE = {"provider": "test", "licence": "test", "vintage": "test"}
KINDS = {"nom": "name", "epci": "label", "geometry": "shape"}

pytestmark = pytest.mark.shared


@pytest.fixture
def pilot(shared):
    with (shared / "communes" / "facts.csv").open(encoding="utf-8") as file:
        return {row["insee"]: float(row["area_km2"]) for row in csv.DictReader(file)}


@pytest.fixture
def layer(shared):
    path = shared / "communes" / "communes_26_cog2018_generalised.geojson.gz"
    columns = {"code_insee": "code", "nom": "nom"}
    source = PolygonSource(path=path.name, columns=columns, **MADE)
    return read_communes(path, source, crs="EPSG:2154").table


def embedded():
    path = ROOT / "data" / "communes" / "communes_nouvelles.csv"
    columns = {"old_code": "old_code", "code_insee": "code_insee", "date": "date"}
    return read_events(path, MergersSource(path=path.name, columns=columns, **MADE))


def delegated(shared, tmp_path):
    """Write the delegated communes of the COG 2026 as v_commune has them."""
    made = ["TYPECOM,COM,LIBELLE,COMPARENT"]
    source = shared / "communes" / "cog2026_delegated_communes_26_07_38.csv"
    with source.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    made += [f"COMD,{row['code']},{row['nom']},{row['chef_lieu']}" for row in rows]
    path = tmp_path / "v_commune_2026.csv"
    path.write_text("\n".join(made) + "\n", encoding="utf-8")
    return read_events(path, MergersSource(path=path.name, format="cog", **MADE))


def km2(table, codes):
    return table.geometry[table.index.isin(codes)].area.sum() / 1e6


def test_as_it_stands_the_layer_lacks_what_has_merged(layer, pilot):
    assert len(layer) == 367
    assert km2(layer, pilot) == pytest.approx(924.1, abs=0.5)


@pytest.mark.parametrize("which", ["embedded", "delegated"])
def test_brought_to_today_it_is_54_communes_of_939_km2(layer, pilot, shared, tmp_path, which):
    events = embedded() if which == "embedded" else delegated(shared, tmp_path)
    got, findings = moved(layer, events, to=None, kinds=KINDS)
    assert set(pilot) <= set(got.index)
    assert km2(got, pilot) == pytest.approx(sum(pilot.values()), abs=0.5)
    assert sum(pilot.values()) == pytest.approx(939.4, abs=0.1)
    assert {"26184", "26297"} <= {each.identifier for each in findings}
    assert got.geometry.area.sum() == pytest.approx(layer.geometry.area.sum())


def test_the_layer_is_recognised_as_of_2018_or_before(layer):
    from ctg_geo.territory import Moves

    seen = Moves(embedded()).vintage(layer.index)
    assert (seen.low, seen.high, seen.mixed) == (None, 2018, ())


@pytest.fixture
def study(shared, pilot, tmp_path):
    """Write the embedded study on the layer of 2018."""
    text = (ROOT / "config" / "valence_romans.toml").read_text(encoding="utf-8")
    old = (shared / "communes" / "communes_26_cog2018_generalised.geojson.gz").as_posix()
    inside = ", ".join(f'"{code}"' for code in sorted(pilot))
    for before, after in (
        ('"../data/communes/contours.geojson"', f'"{old}"'),
        ('{ code_insee = "code_insee", nom = "nom", epci = "epci" }',
         '{ code_insee = "code", nom = "nom" }'),
        ('{ epci = "200068781" }', f"{{ communes = [{inside}] }}"),
        ("buffer_km = 15.5", "buffer_km = 10"),
        ('vintage = "COG 2026"\nnote', 'vintage = "COG 2018"\nnote'),
    ):  # fmt: skip
        assert before in text
        text = text.replace(before, after, 1)
    text = text.replace('"../data', f'"{(ROOT / "data").as_posix()}')
    # the layer holds the Drôme only: what the files know beyond is elsewhere
    text = re.sub(r'(vintage = "[^"]*"\n)', r"\1wider_area = true\n", text)
    text = re.sub(r"(\[roads\.schematic\.[^\[]*)wider_area = true\n", r"\1", text)
    text = re.sub(r"(\[sources\.mergers\][^\[]*?)wider_area = true\n", r"\1", text)
    text = re.sub(r"(\[\[sources\.transit\]\][^\[]*?)wider_area = true\n", r"\1", text)
    path = tmp_path / "vieux.toml"
    path.write_text(text, encoding="utf-8")
    for name in ("services.toml", "profiles.toml", "tours_jeunesse.toml"):
        (tmp_path / name).write_bytes((ROOT / "config" / name).read_bytes())
    return path


def test_a_study_on_it_has_the_54_communes_and_their_area(study, pilot, tmp_path):
    out = tmp_path / "out"
    assert main(["diagnose", str(study), "-s", "creche", "-o", str(out), "-q"]) == 0
    communes = gpd.read_file(out / "ctg.gpkg", layer="communes")
    assert set(communes["code_insee"]) == set(pilot)
    assert communes.to_crs(2154).area.sum() / 1e6 == pytest.approx(939.4, abs=0.5)
    assert communes["population"].sum() == 226_240


def test_check_tells_the_year_of_each_file(study, capsys):
    assert main(["check", str(study), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    keys = {(each["key"], each["table"]) for each in found}
    assert ("vintage_upto", "communes_26_cog2018_generalised.geojson.gz") in keys
    assert ("vintage_differs", "population.csv") in keys
    said = next(each for each in found if each["key"] == "vintage_differs")
    assert "≤ 2018" in said["message"]
