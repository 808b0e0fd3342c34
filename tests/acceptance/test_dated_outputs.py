"""What every file of a comparison or a projection says of itself: estimates, sources, dates."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from PIL import Image

import petit_pays as pp
from ctg_geo import labels, open_study
from ctg_geo.cli import main
from ctg_geo.study.basis import basis_of

VALENCE = Path(__file__).parents[2] / "config" / "valence_romans.toml"
SCHEMATIC = labels.text("estimated.schematic")


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    out = tmp_path_factory.mktemp("evolution") / "out"
    asked = ["evolution", str(VALENCE), str(VALENCE), "-s", "creche", "-o", str(out), "-q"]
    assert main(asked) == 0
    return out


@pytest.fixture(scope="module")
def projected(tmp_path_factory):
    out = tmp_path_factory.mktemp("projection") / "out"
    asked = ["projection", str(VALENCE), "-s", "creche", "--to", "2030", "-o", str(out), "-q"]
    assert main(asked) == 0
    return out


def test_reasons_are_those_of_the_diagnosis():
    study = open_study(VALENCE)
    for service in ("creche", "france_services"):
        assert basis_of(service, study).estimated == study.diagnose(service).estimated


def test_a_date_without_a_place_still_says_what_its_people_and_roads_are(tmp_path):
    study = "[[sources.equipements]]".join(
        [pp.STUDY.split("[[sources.equipements]]")[at] for at in (0, 2)]
    )
    opened = open_study(pp.write(tmp_path / "a", study=study))
    assert "creche" not in opened.services_present
    assert "capacity" not in basis_of("creche", opened).estimated


@pytest.mark.parametrize("name", ["evolution", "projection"])
def test_words_tables_and_layers_say_what_is_estimated_and_of_whom(name, request):
    out = request.getfixturevalue("compared" if name == "evolution" else "projected")
    told = (out / "synthese.txt").read_text("utf-8")
    assert SCHEMATIC in told
    assert "estimations" in told
    assert labels.text("map.sources", sources="")[:9] in told
    layer = gpd.read_file(out / f"{name}.gpkg", layer=name)
    assert layer["estimated"].str.contains(SCHEMATIC, regex=False).all()
    assert layer["sources"].str.contains("Insee").all()
    for table in (f"{name}.csv", f"{name}_groupes.csv"):
        rows = pd.read_csv(out / table, sep=";", encoding="utf-8-sig")
        key = f"{name}.columns.estimated"
        column = rows[labels.text(key if labels.has(key) else "columns.estimated")]
        assert column.str.contains(SCHEMATIC, regex=False).all()


@pytest.mark.parametrize(
    ("folder", "image"),
    [("compared", "carte.png"), ("compared", "evolution.png"), ("projected", "projection.png")],
)
def test_images_carry_the_band_of_schematic_times(folder, image, request):
    from matplotlib.colors import to_rgb

    from ctg_geo.export.palettes import SCHEMATIC as TINTED

    drawn = Image.open(request.getfixturevalue(folder) / image).convert("RGB")
    tint = tuple(round(255 * each) for each in to_rgb(TINTED))
    same = sum(count for count, colour in drawn.getcolors(1 << 24) if colour == tint)
    assert same > 0.01 * drawn.width * drawn.height


def test_variants_that_end_alike_are_told_as_one_figure(projected):
    told = (projected / "synthese.txt").read_text("utf-8").replace("\xa0", " ")
    supply = [line for line in told.split("\n") if "Offre située" in line]
    assert supply
    assert all(line.endswith("dans toutes les variantes.") for line in supply)
    people = next(line for line in told.split("\n") if "Population concernée" in line)
    assert "selon les variantes" in people
