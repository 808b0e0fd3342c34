"""The shelf: a table is taken as it was put, or not at all."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctg_geo.errors import FleetError
from ctg_geo.fleet.shelf import Shelf

TABLE = pd.DataFrame({"nom": ["Alpe", "Brive"], "demand": [1.5, None]}, index=["01001", "01002"])
TABLE.attrs = {"shared": 26.0}


def kept(folder):
    shelf = Shelf(folder)
    shelf.put("key", TABLE)
    return shelf, shelf.path("key").read_bytes()


def test_a_table_is_read_as_it_was_put_with_what_was_noted(tmp_path):
    shelf, _ = kept(tmp_path)
    assert shelf.has("key")
    assert not shelf.damaged("key")
    pd.testing.assert_frame_equal(shelf.read("key"), TABLE)
    assert shelf.read("key").attrs == {"shared": 26.0}
    assert [path.name for path in tmp_path.iterdir()] == [shelf.path("key").name]


def test_what_was_never_put_is_not_damaged(tmp_path):
    shelf = Shelf(tmp_path / "none")
    assert not shelf.has("key")
    assert not shelf.damaged("key")
    with pytest.raises(FleetError, match="is missing, or was damaged"):
        shelf.read("key")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_bit_or_lost_end_makes_it_no_table_until_it_is_put_again(tmp_path, data):
    shelf, whole = kept(tmp_path)
    at = data.draw(st.integers(0, len(whole) - 1), label="byte")
    if data.draw(st.booleans(), label="flipped"):
        broken = bytearray(whole)
        broken[at] ^= 1 << data.draw(st.integers(0, 7), label="bit")
    else:
        broken = whole[:at]
    shelf.path("key").write_bytes(bytes(broken))
    assert not shelf.has("key")
    assert shelf.damaged("key")
    with pytest.raises(FleetError, match="was damaged"):
        shelf.read("key")
    shelf.put("key", TABLE)
    assert shelf.path("key").read_bytes() == whole
