"""The grid of times, against travel times at its centres and one cell worked by hand."""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from ctg_geo import Snapping, travel_times
from ctg_geo.errors import OutputError, TravelError
from ctg_geo.export.made_of import MadeOf
from ctg_geo.export.surface import write_surface
from ctg_geo.network import from_lines, with_profile
from ctg_geo.parameters import Penalties, Period, TravelProfile
from ctg_geo.travel import surface

MADE_OF = MadeOf("voiture", "temps estimés", ("OSM", "IGN"))

X0, Y0 = 850_000, 6_430_000
CAR = TravelProfile(label="car", default_kmh=30, source="test")
RULES = Snapping(access_kmh=30, limit_m=400)
BUSY = CAR.model_copy(
    update={"periods": {"now": Period(rural=Penalties(junction={"default": 20}))}, "period": "now"}
)
ENDS = RULES.model_copy(update={"start_min": 0.3, "end_min": 0.2})
LINES = [[(0, 0), (900, 40)], [(900, 40), (1800, -60)], [(0, 0), (50, 870)],
         [(900, 40), (1050, 500), (970, 1010)], [(50, 870), (970, 1010)]]  # fmt: skip
STRAIGHT = [[(0, 0), (2000, 0)]]
BOUNDS = (X0, Y0 - 300, X0 + 2000, Y0 + 600)

directions = st.lists(
    st.sampled_from(["both", "both", "forward", "backward"]), min_size=5, max_size=5
)
spots = st.lists(
    st.tuples(st.integers(-100, 1900), st.integers(-150, 1150)), min_size=1, max_size=3
)


def network_of(lines, said=None, profile=CAR):
    table = gpd.GeoDataFrame(
        {"road_class": ["lane"] * len(lines), "speed_kmh": np.nan,
         "direction": said or ["both"] * len(lines), "name": ""},
        geometry=[LineString([(X0 + x, Y0 + y) for x, y in line]) for line in lines],
        crs="EPSG:2154",
    )  # fmt: skip
    return with_profile(from_lines(table, snap_m=0.5), profile)


def points(*xy):
    return gpd.GeoSeries([Point(X0 + x, Y0 + y) for x, y in xy], crs="EPSG:2154")


@settings(deadline=None, max_examples=25, derandomize=True)
@given(directions, spots, st.sampled_from(["to", "from"]), st.sampled_from([None, 1.5]),
       st.booleans())  # fmt: skip
def test_each_cell_is_the_time_of_a_point_at_its_centre(said, places, direction, limit, busy):
    network, there = network_of(LINES, said, BUSY if busy else CAR), points(*places)
    rules = ENDS if busy else RULES
    bounds = (X0 - 310, Y0 - 290, X0 + 2110, Y0 + 1450)
    found = surface(network, there, cell_m=130, limit_min=limit, bounds=bounds,
                    direction=direction, snapping=rules)  # fmt: skip
    rows, columns = found.minutes.shape
    assert found.west <= bounds[0] < found.west + 130
    assert found.north - 130 < bounds[3] <= found.north
    assert found.west + 130 * columns >= bounds[2]
    assert found.north - 130 * rows <= bounds[1]
    centres = gpd.GeoSeries(
        [Point(found.west + 130 * (column + 0.5), found.north - 130 * (row + 0.5))
         for row in range(rows) for column in range(columns)], crs="EPSG:2154",
    )  # fmt: skip
    ends = (centres, there) if direction == "to" else (there, centres)
    times = travel_times(network, *ends, limit_min=limit, snapping=rules)
    matrix, axis = times.to_matrix().to_numpy(), 1 if direction == "to" else 0
    snaps = times.origin_snaps if direction == "to" else times.destination_snaps
    expected = matrix.min(axis=axis)
    expected[(snaps["status"] == "far") | np.isinf(expected)] = np.nan
    np.testing.assert_array_equal(found.minutes.ravel(), expected.astype(np.float32))


def test_blocks_of_cells_change_nothing(monkeypatch):
    asked = {"cell_m": 100, "limit_min": None, "bounds": BOUNDS, "snapping": RULES}
    whole = surface(network_of(STRAIGHT), points((0, 0)), **asked)
    monkeypatch.setitem(surface.__globals__, "_BLOCK_CELLS", 7)
    cut = surface(network_of(STRAIGHT), points((0, 0)), **asked)
    assert whole.minutes.tobytes() == cut.minutes.tobytes()


def test_a_cell_worked_by_hand_stands_in_its_place_in_the_file(tmp_path):
    found = surface(network_of(STRAIGHT), points((0, 0)), cell_m=100, limit_min=3, bounds=BOUNDS,
                    snapping=RULES)  # fmt: skip
    path = tmp_path / "temps.tif"
    write_surface(path, found, title="Crèche", made_of=MADE_OF)
    with rasterio.open(path) as file:
        band = file.read(1)
        # 150 m to the road and 550 m along it, all at 500 m a minute
        assert band[file.index(X0 + 550, Y0 + 150)] == np.float32(1.4)
        # 1450 m along the road and 50 m to it: 3 minutes, the limit; 100 m further, beyond
        assert band[file.index(X0 + 1450, Y0 + 50)] == np.float32(3)
        assert np.isnan(band[file.index(X0 + 1550, Y0 + 50)])
        # 450 m from the road: further than points may be
        assert np.isnan(band[file.index(X0 + 150, Y0 + 450)])
        assert (file.crs, file.dtypes, file.count) == ("EPSG:2154", ("float32",), 1)
        assert (file.shape, file.bounds) == ((9, 20), BOUNDS)
        assert np.isnan(file.nodata)
        assert (file.units, file.compression.name) == (("min",), "deflate")
        assert file.descriptions == (
            "Crèche \u2013 voiture \u2013 temps estimés \u2013 Sources\u00a0: OSM; IGN",
        )
        assert file.tags()["limit_min"] == "3"
    assert {each.name for each in tmp_path.iterdir()} == {"temps.tif", "temps.qml"}


def test_the_same_surface_is_the_same_bytes(tmp_path):
    found = surface(network_of(STRAIGHT), points((0, 0)), cell_m=50, limit_min=None)
    for name in ("a.tif", "b.tif"):
        write_surface(tmp_path / name, found, title="Crèche", made_of=MADE_OF)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path):
    (tmp_path / "busy.tif").mkdir()
    (tmp_path / "busy.tif" / "kept").touch()
    found = surface(network_of(STRAIGHT), points((0, 0)), cell_m=50, limit_min=None)
    with pytest.raises(OutputError):
        write_surface(tmp_path / "busy.tif", found, title="Crèche", made_of=MADE_OF)
    assert (tmp_path / "busy.tif" / "kept").exists()


@pytest.mark.parametrize(
    ("asked", "reason"),
    [({"cell_m": 0}, "bad_cell"), ({"cell_m": np.nan}, "bad_cell"),
     ({"cell_m": 100, "bounds": (1, 1, 0, 2)}, "bad_bounds"),
     ({"cell_m": 100, "bounds": (0, 0, 1, np.inf)}, "bad_bounds"),
     ({"cell_m": 0.01}, "too_many_cells")],
)  # fmt: skip
def test_grids_that_are_none_are_refused(asked, reason):
    with pytest.raises(TravelError) as caught:
        surface(network_of(LINES), points((0, 0)), limit_min=None, **asked)
    assert caught.value.reason == reason
    assert str(caught.value)
    assert caught.value.explain("fr")
