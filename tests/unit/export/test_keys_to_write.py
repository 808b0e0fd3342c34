"""Keys that a run tells to write are TOML that a study takes."""

import tomllib

import pytest

from ctg_geo import labels


@pytest.mark.parametrize("name", ["key_bpe", "key_list", "key_hours"])
def test_keys_to_write_are_toml(name):
    said = labels.text(f"themes.{name}", service="creche", codes='D502 = "creche", D503 = "rpe"')
    told = tomllib.loads(said)
    if name == "key_hours":
        assert told["hours_each"].keys() == {"value", "source"}
        return
    source = told["sources"]["equipements"][0]
    assert {"path", "provider", "licence", "vintage"} <= source.keys()
    if name == "key_bpe":
        assert source["services"] == {"D502": "creche", "D503": "rpe"}
