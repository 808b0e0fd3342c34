"""The relief on the committee page: drawn where a study has one, and nothing where it has none."""

import base64
import io
import json
import re
import time

import numpy as np
import pytest
import rasterio
from PIL import Image
from rasterio.transform import from_origin

import petit_pays as pp
from browser import opened as opened_in_chromium
from ctg_geo import labels
from ctg_geo.cli import main
from firefox import opened as opened_in_firefox

RELIEF = """
[sources.relief]
path = "dem.tif"
provider = "Institut d'essai"
licence = "test"
vintage = "2019"
"""
SAID = "Institut d’essai, 2019"
READY = "document.body.dataset.ready === '1'"
PICTURE = "document.querySelector('#map canvas').toDataURL()"


def dem(path, *, east=140, hills=True):
    """Write waves of 300 m, 4 km long, over all of Petit Pays or the `east` first cells of it."""
    cell = 500.0
    across, down = np.meshgrid(cell * np.arange(east), cell * np.arange(40))
    heights = 500 + 300 * np.sin((across + down) * 2 * np.pi / 4000) * hills
    with rasterio.open(
        path, "w", driver="GTiff", width=east, height=40, count=1, dtype="float32",
        crs="EPSG:2154", transform=from_origin(pp.X0 - 10_000, pp.Y0 + 10_000, cell, cell),
    ) as file:  # fmt: skip
        file.write(heights.astype("float32"), 1)


def page_of(folder, capsys, **raster):
    """Return the page of Petit Pays with a relief (`raster`), or without one, and what is said."""
    config = pp.write(folder, study=pp.STUDY + (RELIEF if raster else ""))
    if raster:
        dem(folder / "dem.tif", **raster)
    out = folder / "comite.html"
    assert main(["comite", str(config), "-s", "creche", "-o", str(out)]) == 0
    return out, re.sub(r"\s+", " ", capsys.readouterr().out)


def held(page):
    found = re.search(r'id="donnees">(.*?)</script>', page.read_text(encoding="utf-8"))
    return json.loads(found[1])


def test_the_page_carries_the_relief_with_its_vintage_and_nothing_else_of_it_changes(
    tmp_path, capsys
):
    plain, _ = page_of(tmp_path / "plain", capsys)
    assert "elief" not in held(plain)
    assert SAID not in plain.read_text("utf-8")
    shaded, told = page_of(tmp_path / "shaded", capsys, east=140)
    assert "raster du relief" not in told
    picture = held(shaded)["relief"]["image"].partition(",")[2]
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    text = shaded.read_text("utf-8")
    sentence = " " + labels.text("committee.relief", source=SAID)
    assert text.count(SAID) == 2  # under the map, and among the sources of the foot
    text = text.replace(sentence, "")
    text = re.sub(r',"relief":\{[^}]*\}', "", text)
    assert text == plain.read_text("utf-8")
    again, _ = page_of(tmp_path / "again", capsys, east=140)
    assert again.read_bytes() == shaded.read_bytes()


@pytest.mark.parametrize("engine", ["chromium", "firefox"])
def test_the_relief_is_drawn_and_asks_for_nothing(tmp_path, capsys, engine):
    """Level ground leaves every class its very colour; waves of light tint most of it."""
    pure = {}
    for hills in (False, True):
        file, _ = page_of(tmp_path / f"{hills}", capsys, hills=hills)
        tints = {each["colour"] for each in held(file)["classes"]}
        if engine == "chromium":
            with opened_in_chromium(file) as page:
                page.wait_for_function(READY)
                pure[hills] = share(settled(lambda: page.evaluate(PICTURE)), tints)
        else:
            with opened_in_firefox(file) as page:
                page.until(READY)
                pure[hills] = share(settled(lambda: page.run(PICTURE)), tints)
        assert page.faults == []
        assert all(each.startswith(("file:", "data:", "blob:")) for each in page.asked)
    assert pure[False] > 0.1
    assert pure[True] < 0.5 * pure[False]


def settled(take):
    """Return the picture that two looks agree on, once it is no single colour: the map is there."""
    before = None
    for _ in range(100):
        picture = Image.open(io.BytesIO(base64.b64decode(take().partition(",")[2]))).convert("RGB")
        if picture.getcolors(1) is None and picture.tobytes() == before:
            return picture
        before = picture.tobytes()
        time.sleep(0.1)
    raise AssertionError("the map is not drawn")


def share(picture, tints):
    """Return the share of a picture that has the very colours given."""
    count = picture.width * picture.height
    found = {f"#{r:02x}{g:02x}{b:02x}": many for many, (r, g, b) in picture.getcolors(count)}
    return sum(found.get(each, 0) for each in tints) / count


def test_a_raster_that_does_not_reach_is_told(tmp_path, capsys):
    page, told = page_of(tmp_path / "part", capsys, east=50)  # 20 km of the 40 of the territory
    assert "que sur 50 % du territoire" in told.replace("\u202f", " ")
    assert "relief" in held(page)
    page, told = page_of(tmp_path / "none", capsys, east=5)
    assert "aucune altitude dans le territoire" in told
    assert "relief" not in held(page)
    assert SAID not in page.read_text("utf-8")


def test_a_relief_that_is_not_there_is_refused(tmp_path, capsys):
    config = pp.write(tmp_path, study=pp.STUDY + RELIEF)
    out = tmp_path / "comite.html"
    assert main(["comite", str(config), "-s", "creche", "-o", str(out)]) != 0
    assert "dem.tif" in capsys.readouterr().err
    assert not out.exists()
