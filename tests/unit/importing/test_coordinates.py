"""Coordinates in any hand: decimal commas, degrees and minutes, swapped, any French projection."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from ctg_geo.importing.coordinates import degrees, pair_of, points_of

VALENCE = (4.8921, 44.9334)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("44,9334", 44.9334), ("44.9334", 44.9334), ("-0,57", -0.57), ("848 123,5", 848123.5),
        ("44°56'0.24\"N", 44.9334), ("4° 53' 31,56'' E", 4.8921), ("0°34'12\"O", -0.57),
        ("44.9334°N", 44.9334), ("W 0.57", -0.57), ("44°56.004'", 44.9334),
    ],
)  # fmt: skip
def test_a_coordinate_is_read_in_the_ways_people_write_it(text, value):
    assert degrees(text) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("text", ["", "Valence", "44,93,34", "1e999", "44 rue", "N", "°"])
def test_what_is_no_coordinate_is_none(text):
    assert degrees(text) is None


@pytest.mark.parametrize(
    "text",
    ["44.9334, 4.8921", "44.9334,4.8921", "44,9334 ; 4,8921", "44,9334, 4,8921", "44.9334 4.8921",
     "(44.9334 / 4.8921)", "POINT (4.8921 44.9334)", "44°56'0.24\"N 4°53'31.56\"E"],
)  # fmt: skip
def test_one_cell_may_hold_both(text):
    lat, lon = map(degrees, pair_of(text))
    assert (lon, lat) == pytest.approx(VALENCE, abs=1e-6)


@pytest.mark.parametrize("text", ["Valence", "44.93", "44,9334", "1, 2, 3", "12 rue des Alpes"])
def test_other_cells_hold_no_pair(text):
    assert pair_of(text) is None


@pytest.mark.parametrize("code", [2154, 3944, 3945, 3946, 27572, 32631])
@settings(max_examples=15, deadline=None)
@given(lon=st.floats(4.4, 5.4), lat=st.floats(44.6, 45.3), swapped=st.booleans())
def test_projections_are_recognised_by_where_they_put_the_points(code, lon, lat, swapped):
    x, y = Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat)
    first, second = (f"{each:.2f}".replace(".", ",") for each in ((y, x) if swapped else (x, y)))
    found = points_of([first], [second], crs=None, known=None)
    assert found.crs == f"EPSG:{code}"
    assert (found.lon[0], found.lat[0]) == pytest.approx((lon, lat), abs=1e-5)
    assert bool(found.swapped[0]) == swapped


def test_a_projection_said_by_a_person_is_obeyed():
    found = points_of(["850000"], ["6430000"], crs="EPSG:2154", known=None)
    back = Transformer.from_crs(4326, 2154, always_xy=True).transform(found.lon[0], found.lat[0])
    assert back == pytest.approx((850000, 6430000), abs=0.01)


@given(st.floats(-5, 9.5), st.floats(41.5, 51))
def test_degrees_the_wrong_way_round_are_turned_and_told(lon, lat):
    right = points_of([f"{lon:.6f}"], [f"{lat:.6f}"], crs=None, known=None)
    wrong = points_of([f"{lat:.6f}"], [f"{lon:.6f}"], crs=None, known=None)
    assert not right.swapped[0]
    assert wrong.swapped[0]
    assert (right.lon[0], right.lat[0]) == (wrong.lon[0], wrong.lat[0])


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [("4,89", "", "half"), ("ici", "44", "not_coordinate"), ("0", "0", "zero"), ("", "", "none"),
     ("89", "89", "nowhere"), ("-120", "30", "nowhere")],
)  # fmt: skip
def test_a_pair_that_cannot_be_says_why(first, second, reason):
    found = points_of([first], [second], crs=None, known=None)
    assert found.reason[0] == reason
    assert np.isnan(found.lon[0])


def test_overseas_points_are_in_france():
    found = points_of(["55,45", "-61.5"], ["-20,88", "16.25"], crs=None, known=None)
    assert (found.reason == "").all()
