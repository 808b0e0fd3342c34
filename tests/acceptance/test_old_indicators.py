"""Indicators by the communes of 2018 come out on those of today; oracle: the mergers by hand."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from ctg_geo import open_study
from ctg_geo.cli import main

ROOT = Path(__file__).parents[2]
# Valherbasse (2019), Saint-Jean-de-Galaure (2022) and Saillans (2025): the parts of each.
PARTS = {"26210": ["26184", "26210", "26297"], "26216": ["26216", "26219"],
         "26289": ["26289", "26371"]}  # fmt: skip
HEAD = "CODGEO;LIBGEO;NBMENFISC17;MED17;TP6017"
INDICATOR = """
[sources.indicators.old]
format = "{fmt}"
path = "cc_filosofi_2017_COM.csv"
provider = "Insee"
licence = "Licence Ouverte 2.0"
vintage = "2017"
separator = ";"
{more}
"""

pytestmark = pytest.mark.shared


def figures(code):
    """Return households, median and poverty (%) of a commune, made from its code."""
    return int(code) % 997 + 1, 18_000 + int(code) % 7919, int(code) % 30


@pytest.fixture(scope="module")
def codes(shared):
    path = shared / "communes" / "communes_26_cog2018_generalised.geojson.gz"
    return sorted(gpd.read_file(f"/vsigzip/{path}")["code"])


@pytest.fixture
def study(tmp_path, codes):
    """Write the embedded study with a table of 2018, as Filosofi publishes it."""

    def write(fmt="income", more="", head=HEAD):
        lines = [f"{code};X;{';'.join(map(str, figures(code)))}" for code in codes]
        table = tmp_path / "cc_filosofi_2017_COM.csv"
        table.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        text = (ROOT / "config" / "valence_romans.toml").read_text(encoding="utf-8")
        before, rest = text.split("[sources.indicators.social]", 1)
        after = rest.split("[[sources.published_rates]]", 1)[1]
        made = f"{INDICATOR.format(fmt=fmt, more=more)}[[sources.published_rates]]"
        text = f"{before}{made}{after}".replace('"../data', f'"{(ROOT / "data").as_posix()}')
        path = tmp_path / "vieux.toml"
        path.write_text(text, encoding="utf-8")
        for name in ("services.toml", "profiles.toml", "tours_jeunesse.toml"):
            (tmp_path / name).write_bytes((ROOT / "config" / name).read_bytes())
        return path

    return write


def test_the_54_communes_have_the_figures_of_all_their_parts(study, codes):
    opened = open_study(study())
    found = opened.indicators
    inside = found.table.loc[opened.territory.inside]
    assert len(inside) == 54
    assert inside.notna().to_numpy().all()
    of_drome = [code for code in found.table.index if code.startswith("26")]
    for code in of_drome:
        parts = [figures(each) for each in PARTS.get(code, [code])]
        households = np.array([each[0] for each in parts], dtype=float)
        told = found.table.loc[code]
        assert told["households"] == households.sum()
        for name, at, unit in (("median_income", 1, 1), ("poverty_share", 2, 100)):
            mean = np.average([each[at] for each in parts], weights=households) / unit
            assert told[name] == pytest.approx(mean)
        merged = "estimated" if code in PARTS else "observed"
        assert told["median_income_status"] == merged, "a mean of medians is no median"
        assert told["poverty_share_status"] == "observed"
    (ledger,) = found.ledgers
    here = {each for code in of_drome for each in PARTS.get(code, [code])}
    assert (ledger.read, ledger.used) == (len(codes), len(here & set(codes)))
    moved = {each.identifier for each in found.findings if each.key == "code_moved"}
    assert moved == {"26184", "26297", "26219", "26371"}


def test_a_rate_that_nothing_weighs_is_refused_with_what_to_write(study, capsys):
    fragile = study("fragility", 'columns = { fragility = "MED17" }')
    assert main(["check", str(fragile)]) == 1
    said = capsys.readouterr().err
    assert "26184" in said
    assert "26210" in said
    assert "weights = { indicateur" in said


def test_a_weight_may_be_any_column_of_the_file(study):
    more = 'columns = { fragility = "MED17" }\nweights = { fragility = "NBMENFISC17" }'
    found = open_study(study("fragility", more)).indicators.table
    parts = [figures(each) for each in PARTS["26210"]]
    mean = np.average([each[1] for each in parts], weights=[each[0] for each in parts])
    assert found.at["26210", "fragility"] == pytest.approx(mean)
    assert list(found.columns) == ["fragility", "fragility_status"], "the weight is not told"


def test_a_weight_that_is_not_in_the_file_is_named(study, capsys):
    more = 'columns = { fragility = "MED17" }\nweights = { fragility = "HABITANTS" }'
    assert main(["check", str(study("fragility", more))]) == 1
    assert "HABITANTS" in capsys.readouterr().err
