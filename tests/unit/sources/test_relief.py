"""Heights from a raster written in the test: a plane, whose height is known everywhere."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString

from ctg_geo.errors import MissingCrsError, MissingFileError, UnreadableFileError
from ctg_geo.sources import read_heights

X0, Y0, CELL = 850_000.0, 6_430_000.0, 25.0


def plane(path, *, size=80, crs="EPSG:2154", hole=None, dtype="float32"):
    """Write heights 200 + 0.1 x + 0.05 y metres, at the middle of each cell."""
    middle = CELL * (np.arange(size) + 0.5)
    height = 200 + 0.1 * middle[None, :] + 0.05 * middle[::-1, None]
    if hole is not None:
        height[hole] = -9999
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype=dtype, crs=crs,
        transform=from_origin(X0, Y0 + size * CELL, CELL, CELL), nodata=-9999,
    ) as file:  # fmt: skip
        file.write(height.astype(dtype), 1)
    return path


def lines(*ends):
    return np.array([LineString([(X0 + a, Y0 + b), (X0 + c, Y0 + d)]) for a, b, c, d in ends])


def test_heights_are_those_of_the_plane_every_fifty_metres(tmp_path):
    read = read_heights(plane(tmp_path / "dem.tif"), lines((100, 100, 500, 100)), crs="EPSG:2154")
    assert read.start.tolist() == [0, 9]
    assert read.run_m.tolist() == list(range(0, 401, 50))
    assert read.height_m == pytest.approx(200 + 0.1 * (100 + read.run_m) + 5, abs=1e-3)


def test_a_raster_in_degrees_gives_the_same_heights(tmp_path):
    metric = plane(tmp_path / "dem.tif")
    with rasterio.open(metric) as source:
        from rasterio.warp import Resampling, calculate_default_transform, reproject

        to, wide, high = calculate_default_transform(
            source.crs, "EPSG:4326", source.width, source.height, *source.bounds, resolution=0.0001
        )
        out = np.full((high, wide), -9999, dtype=np.float32)
        reproject(
            source.read(1), out, src_transform=source.transform, src_crs=source.crs,
            dst_transform=to, dst_crs="EPSG:4326", src_nodata=-9999, dst_nodata=-9999,
            resampling=Resampling.bilinear,
        )  # fmt: skip
    with rasterio.open(
        tmp_path / "degrees.tif", "w", driver="GTiff", width=wide, height=high, count=1,
        dtype="float32", crs="EPSG:4326", transform=to, nodata=-9999,
    ) as file:  # fmt: skip
        file.write(out, 1)
    road = lines((300, 300, 1200, 900))
    here = read_heights(metric, road, crs="EPSG:2154").height_m
    there = read_heights(tmp_path / "degrees.tif", road, crs="EPSG:2154").height_m
    assert there == pytest.approx(here, abs=0.5)


def test_an_empty_cell_and_the_world_outside_are_unknown_and_told(tmp_path):
    path = plane(tmp_path / "dem.tif", hole=(slice(30, 50), slice(30, 50)))
    road = lines((900, 1000, 1100, 1000), (100, 100, 500, 100), (-500, 100, -300, 100))
    read = read_heights(path, road, crs="EPSG:2154")
    unknown = [bool(np.isnan(part).any()) for part in np.split(read.height_m, read.start[1:-1])]
    assert unknown == [True, False, True]
    (said,) = read.findings
    assert (said.severity, said.facts["lines"], said.facts["unknown"]) == ("warning", 3, 2)


def test_lines_all_outside_are_all_unknown(tmp_path):
    road = lines((-5000, 0, -4000, 0))
    read = read_heights(plane(tmp_path / "dem.tif"), road, crs="EPSG:2154")
    assert np.isnan(read.height_m).all()
    assert read.findings[0].explain()


def test_a_very_fine_raster_is_averaged_and_says_so(tmp_path, monkeypatch):
    from ctg_geo.sources import height_cells

    monkeypatch.setattr(height_cells, "_MOST_CELLS", 400)
    road = lines((300, 300, 1500, 1500))
    read = read_heights(plane(tmp_path / "dem.tif"), road, crs="EPSG:2154")
    assert [each.key for each in read.findings] == ["relief", "relief_averaged"]
    along = 300 + read.run_m / np.sqrt(2)
    assert read.height_m == pytest.approx(200 + 0.15 * along, abs=0.15 * 2 * CELL)


def test_files_that_are_no_raster_are_refused_in_words(tmp_path):
    road = lines((0, 0, 10, 0))
    with pytest.raises(MissingFileError, match=r"dem\.tif"):
        read_heights(tmp_path / "dem.tif", road, crs="EPSG:2154")
    (tmp_path / "text.tif").write_text("heights")
    with pytest.raises(UnreadableFileError, match=r"text\.tif"):
        read_heights(tmp_path / "text.tif", road, crs="EPSG:2154")
    with pytest.raises(MissingCrsError, match=r"bare\.tif"):
        read_heights(plane(tmp_path / "bare.tif", crs=None), road, crs="EPSG:2154")
