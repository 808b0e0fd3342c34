"""Heights on the grid of a map, from a raster written in the test: a plane, known everywhere."""

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.transform import Affine, from_origin

from ctg_geo.errors import MissingFileError, UnreadableFileError
from ctg_geo.sources import GROUND_CRS, read_ground

X0, Y0, CELL, SIZE = 850_000.0, 6_430_000.0, 100.0, 120  # 12 km of Lambert-93


def plane(path, *, cell=CELL, size=SIZE, hole=None, nodata=-9999.0):
    """Write heights 200 + 0.1 x + 0.05 y metres, at the middle of each cell."""
    middle = cell * (np.arange(size) + 0.5)
    height = 200 + 0.1 * middle[None, :] + 0.05 * middle[::-1, None]
    if hole is not None:
        height[hole] = -9999
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype="float32",
        crs="EPSG:2154", transform=from_origin(X0, Y0 + size * cell, cell, cell), nodata=nodata,
    ) as file:  # fmt: skip
        file.write(height.astype("float32"), 1)
    return path


def rectangle(west, south, east, north):
    """Return a rectangle of GROUND_CRS between two corners, metres from the raster's own."""
    to_map = Transformer.from_crs("EPSG:2154", GROUND_CRS, always_xy=True)
    return (*to_map.transform(X0 + west, Y0 + south), *to_map.transform(X0 + east, Y0 + north))


def true_heights(ground):
    """Return the height of the plane at the middle of each cell, by pyproj alone."""
    high, wide = ground.height_m.shape
    x = ground.west + ground.cell * (np.arange(wide) + 0.5)
    y = ground.north - ground.cell * (np.arange(high) + 0.5)
    x, y = Transformer.from_crs(GROUND_CRS, "EPSG:2154", always_xy=True).transform(
        *np.meshgrid(x, y)
    )
    return 200 + 0.1 * (x - X0) + 0.05 * (y - Y0)


def test_heights_are_those_of_the_plane_with_one_cell_more_all_around(tmp_path):
    asked = rectangle(3000, 3000, 9000, 7000)
    ground = read_ground(plane(tmp_path / "dem.tif"), asked, longest=150)
    assert ground.height_m == pytest.approx(true_heights(ground), abs=0.1)  # 57 m cells of 100 m
    assert ground.cell == pytest.approx((asked[2] - asked[0]) / 150)
    assert ground.height_m.shape[1] == 150 + 2
    west, south, east, north = ground.bounds
    assert (west + ground.cell, north - ground.cell) == pytest.approx((asked[0], asked[3]))
    assert east - ground.cell == pytest.approx(asked[2])
    assert asked[1] - ground.cell < south + ground.cell <= asked[1] + 1e-6


def test_a_finer_raster_gives_the_mean_under_each_cell(tmp_path):
    """A chessboard of 0 and 100 m is 50 m everywhere."""
    path = tmp_path / "dem.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=400, height=400, count=1, dtype="float32",
        crs="EPSG:2154", transform=from_origin(X0, Y0 + 4000, 10, 10),
    ) as file:  # fmt: skip
        file.write((100.0 * (np.indices((400, 400)).sum(axis=0) % 2)).astype("float32"), 1)
    ground = read_ground(path, rectangle(1000, 1000, 3000, 3000), longest=20)
    assert ground.height_m == pytest.approx(np.full(ground.height_m.shape, 50.0), abs=3)


@pytest.mark.parametrize("nodata", [-9999.0, None])
def test_what_is_empty_or_no_height_on_earth_is_unknown(tmp_path, nodata):
    hole = (slice(60, 90), slice(30, 60))  # 3 to 6 km east, 3 to 6 km north
    path = plane(tmp_path / "dem.tif", hole=hole, nodata=nodata)
    assert np.isnan(read_ground(path, rectangle(3300, 3300, 5700, 5700), longest=20).height_m).all()
    around = read_ground(path, rectangle(1000, 1000, 9000, 9000), longest=80).height_m
    assert np.isnan(around).mean() == pytest.approx(9 / 64, abs=0.05)
    assert np.nanmin(around) > 200


def test_outside_the_raster_nothing_is_known(tmp_path):
    path = plane(tmp_path / "dem.tif")
    half = read_ground(path, rectangle(6000, 3000, 18_000, 6000), longest=120).height_m
    assert np.isfinite(half).mean() == pytest.approx(0.5, abs=0.05)
    assert np.isfinite(half[:, 2]).all()
    assert np.isnan(half[:, -2]).all()
    assert np.isnan(read_ground(path, rectangle(50_000, 0, 60_000, 9000), longest=9).height_m).all()


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="dem"):
        read_ground(tmp_path / "dem.tif", rectangle(0, 0, 1000, 1000), longest=9)


def test_cells_without_area_are_refused(tmp_path):
    with rasterio.open(
        tmp_path / "dem.tif", "w", driver="GTiff", width=4, height=4, count=1, dtype="float32",
        crs="EPSG:2154", transform=Affine(10, 10, X0, 10, 10, Y0),
    ) as file:  # fmt: skip
        file.write(np.ones((4, 4), dtype="float32"), 1)
    with pytest.raises(UnreadableFileError, match="no area"):
        read_ground(tmp_path / "dem.tif", rectangle(0, 0, 1000, 1000), longest=9)
