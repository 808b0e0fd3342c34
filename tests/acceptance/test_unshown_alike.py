"""What is secret looks the same in the project of a diagnosis and in those of comparisons."""

import sqlite3
from contextlib import closing
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest

import pays_secret as ps
import project_cases as pc
from ctg_geo import labels

SECRET = labels.text("map.people_secret")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Return the GeoPackages of a diagnosis and of a comparison under the rule of the Caf."""
    folder = tmp_path_factory.mktemp("secret")
    config = ps.written(folder / "pays")
    plus = folder / "plus.toml"
    plus.write_text(pc.SCENARIOS["plus"], "utf-8")
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    return (pc.ran(folder / "one", "diagnose", config, "-s", "creche") / "ctg.gpkg",
            pc.ran(folder / "two", "compare", config, plus, "-s", "creche")
            / "comparaison.gpkg")  # fmt: skip


def classes(file, table):
    """Return how the style that opens draws each value: its words and its symbol layers."""
    with closing(sqlite3.connect(file)) as base:
        ((style,),) = base.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = ? AND useAsDefault = 1",
            (table,),
        )
    renderer = ET.fromstring(style).find("renderer-v2")  # noqa: S314  (written by this package)
    drawn = {each.get("name"): [ET.tostring(layer) for layer in each.iter("layer")]
             for each in renderer.find("symbols")}  # fmt: skip
    return {each.get("value"): (each.get("label"), drawn[each.get("symbol")])
            for each in renderer.iter("category")}  # fmt: skip


def test_a_comparison_draws_what_is_secret_as_the_diagnosis_does(both):
    today, compared = both
    wanted = classes(today, "communes")
    hatched = {value for value, (said, _) in wanted.items() if said.endswith(SECRET)}
    assert hatched
    for table in ("avant", "apres_plus"):
        drawn = classes(compared, table)
        there = set(gpd.read_file(compared, layer=table)["drawn"])
        assert there <= set(drawn), table
        assert {value: drawn[value] for value in drawn if value in wanted} == {
            value: wanted[value] for value in drawn if value in wanted
        }
    assert {value for value, (said, _) in classes(compared, "avant").items()
            if said.endswith(SECRET)} == hatched  # fmt: skip


def test_each_commune_is_drawn_today_as_in_the_diagnosis(both):
    today, compared = both
    one = gpd.read_file(today, layer="communes").set_index("code_insee")["drawn"]
    two = gpd.read_file(compared, layer="avant").set_index("code_insee")["drawn"]
    assert one.to_dict() == two.to_dict()
