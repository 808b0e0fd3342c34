"""The relief of the committee page: light by geometry, colours that stay those of the legend."""

import io

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyproj import Transformer
from shapely.geometry import box

from ctg_geo.export import palettes
from ctg_geo.export.committee.relief import COLOURED, LONGEST, PLAIN, page_relief, relief_bounds
from ctg_geo.export.committee.shading import shade, shade_png
from ctg_geo.sources import GROUND_CRS, GroundHeights

CELL_M = 50.0
LEVEL = np.sqrt(0.5)  # a light 45° high on level ground
slopes = st.floats(-2, 2)


def plane(east, north, *, size=9):
    """Return heights that climb `east` and `north` metres a metre, north up."""
    at = CELL_M * np.arange(size)
    return east * at[None, :] + north * at[::-1, None]


def lit(heights):
    return shade(heights, np.full(len(heights), CELL_M))


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), dtype=int)


@given(slopes, slopes)
def test_a_plane_gets_the_cosine_between_what_it_faces_and_the_light(east, north):
    normal = np.cross([1, 0, east], [0, 1, north])  # of two directions that lie in the plane
    to_light = np.array([-0.5, 0.5, LEVEL])  # north-west, 45° high
    cosine = normal @ to_light / np.linalg.norm(normal)
    found = lit(plane(east, north))
    assert found.shape == (7, 7)
    assert found == pytest.approx(np.full((7, 7), max(0.0, cosine)), abs=1e-9)


def test_a_slope_that_faces_the_light_is_brighter_than_level_ground_and_than_its_back():
    facing, level, back = (lit(plane(-east, east))[0, 0] for east in (-0.3, 0.0, 0.3))
    assert back < level < facing
    assert level == pytest.approx(LEVEL)


def test_rows_may_have_cells_of_different_sizes():
    """Far north the same cells of the map are smaller on the ground, and so steeper."""
    climbing = 10.0 * np.arange(5)[None, :] * np.ones((6, 1))  # 10 m a cell, eastwards
    found = shade(climbing, np.array([50.0, 50, 50, 40, 40, 40]))
    assert found[0] == pytest.approx(lit(plane(10 / 50, 0))[0, :3])
    assert found[-1] == pytest.approx(lit(plane(10 / 40, 0))[0, :3])


def test_what_is_not_known_is_not_shaded_and_level_ground_is_not_either():
    heights = plane(0.4, -0.4)
    heights[4, 4] = np.nan
    shades = pixels(shade_png(lit(heights), np.full((7, 7), 0.5)))
    hole = np.zeros((7, 7), dtype=bool)
    hole[2:5, 2:5] = True  # its eight neighbours need it
    assert (shades[..., 3][hole] == 0).all()
    assert (shades[..., 3][~hole] > 0).all()
    assert (pixels(shade_png(lit(plane(0, 0)), np.ones((7, 7))))[..., 3] == 0).all()


def test_shade_is_black_and_light_white_as_opaque_as_the_strength_says():
    dark = pixels(shade_png(np.zeros((1, 2)), np.array([[1.0, 0.2]])))
    assert dark.tolist() == [[[0, 0, 0, 255], [0, 0, 0, 51]]]
    light = pixels(shade_png(np.ones((1, 2)), np.array([[1.0, 0.2]])))
    assert light.tolist() == [[[255, 255, 255, 255], [255, 255, 255, 51]]]


def lab(colours):
    """Return CIELAB of colours in [0, 1], by the formulas of the CIE (D65)."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = linear @ np.transpose(to_xyz) / [0.95047, 1.0, 1.08883]
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)


def read_colours(names):
    return np.array([[int(each[at : at + 2], 16) / 255 for at in (1, 3, 5)] for each in names])


LEGENDS = {
    "classes": [*palettes._BELOW, *palettes._ABOVE, palettes.NO_DATA],
    "changes": [*palettes.RISES, palettes.CHANGES["same"], *palettes.FALLS],
}


@pytest.mark.parametrize("legend", LEGENDS)
@pytest.mark.parametrize("ink", [0.0, 1.0])
def test_in_full_shade_or_light_a_colour_is_nearest_to_its_own_in_the_legend(legend, ink):
    colours = read_colours(LEGENDS[legend])

    def mistaken(strength):
        shaded = lab(colours * (1 - strength) + ink * strength)
        apart = np.linalg.norm(shaded[:, None] - lab(colours)[None], axis=2)
        return (apart.argmin(axis=1) != np.arange(len(colours))).sum()

    assert mistaken(COLOURED) == 0
    assert mistaken(PLAIN) > 0  # what stands around would not do


def country():
    """Two communes of 10 km side by side: the western one is the territory."""
    west, south = 850_000.0, 6_430_000.0
    shapes = [box(west + 10_000 * k, south, west + 10_000 * (k + 1), south + 8000) for k in (0, 1)]
    return gpd.GeoDataFrame({"inside": [True, False]}, geometry=shapes, crs="EPSG:2154")


def ground_of(height, *, longest=200):
    """Return a ground whose height is a function of Lambert-93."""
    west, south, east, north = relief_bounds(country())
    cell = max(east - west, north - south) / longest
    wide, high = (int(np.ceil(side / cell)) + 2 for side in (east - west, north - south))
    x = west - cell + cell * (np.arange(wide) + 0.5)
    y = north + cell - cell * (np.arange(high) + 0.5)
    x, y = Transformer.from_crs(GROUND_CRS, "EPSG:2154", always_xy=True).transform(
        *np.meshgrid(x, y)
    )
    return GroundHeights(west - cell, north + cell, cell, height(x - 850_000, y - 6_430_000))


def test_a_hill_is_drawn_where_it_stands():
    """Its north-western side is light, the other dark, its top between them."""
    hill = (13_000, 4_000)

    def height(x, y):
        return 400 * np.exp(-((x - hill[0]) ** 2 + (y - hill[1]) ** 2) / (2 * 600**2))

    drawn = page_relief(ground_of(height), country(), "IGN, BD ALTI, 2024")
    shades = pixels(drawn.png)
    white = (shades[..., 0] == 255) * shades[..., 3]
    black = (shades[..., 0] == 0) * shades[..., 3]
    high, wide = white.shape
    to_map = Transformer.from_crs("EPSG:4326", GROUND_CRS, always_xy=True)
    (west, north), (east, _), (_, south), _ = (to_map.transform(*each) for each in drawn.corners)
    x, y = Transformer.from_crs("EPSG:2154", GROUND_CRS, always_xy=True).transform(
        850_000 + hill[0], 6_430_000 + hill[1]
    )
    column, row = (x - west) / (east - west) * wide, (north - y) / (north - south) * high

    def middle(of):
        rows, columns = np.indices(of.shape) + 0.5
        return np.array([(rows * of).sum() / of.sum(), (columns * of).sum() / of.sum()])

    light, dark = middle(white), middle(black)
    assert light[0] < row < dark[0]
    assert light[1] < column < dark[1]
    top = (light * white.sum() + dark * black.sum()) / (white.sum() + black.sum())
    assert top == pytest.approx([row, column], abs=2.5)
    assert drawn.known == 1.0
    assert drawn.source == "IGN, BD ALTI, 2024"


def test_the_territory_is_shaded_less_than_what_is_around_and_the_rest_not_at_all():
    shades = pixels(page_relief(ground_of(lambda x, y: 5 * y - 5 * x), country(), "").png)
    high, wide = shades.shape[:2]
    inside, around = shades[high // 2, wide // 4, 3], shades[high // 2, 3 * wide // 4, 3]
    assert inside > 0
    assert around / inside == pytest.approx(PLAIN / COLOURED, rel=0.05)
    assert shades[0, 0, 3] == 0  # the squares are askew on the map: its corners are out of both


def test_the_share_known_is_that_of_the_territory():
    half = page_relief(
        ground_of(lambda x, y: np.where(x > 4000, 100.0 + 0 * y, np.nan)), country(), ""
    )
    assert half.known == pytest.approx(0.6, abs=0.01)
    none = page_relief(ground_of(lambda x, y: np.full_like(x + y, np.nan)), country(), "")
    assert none.known == 0


def test_the_picture_is_light_even_of_the_roughest_ground_and_always_the_same():
    rough = np.random.default_rng(1).normal(0, 60, (LONGEST + 2, LONGEST + 2))
    shades = shade(rough, np.full(len(rough), 60.0))
    strength = np.full(shades.shape, PLAIN)
    made = shade_png(shades, strength)
    assert len(made) < 300_000
    assert made == shade_png(shades, strength)
