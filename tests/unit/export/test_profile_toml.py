"""A written profile must be read back as it was."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.export.profile_toml import profile_toml
from ctg_geo.parameters import Penalties, Period, Snapping, TravelProfile

ROOT = Path(__file__).parents[3]
SHIPPED = tomllib.loads((ROOT / "config" / "profiles.toml").read_text("utf-8"))["profiles"]

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(str.strip)
speeds = st.dictionaries(names.map(str.strip), st.floats(1, 150), max_size=4)
seconds = st.floats(0, 600)
penalties = st.builds(
    Penalties, signals=seconds, junction=st.dictionaries(names.map(str.strip), seconds, max_size=3)
)


def read_back(name, profile):
    return TravelProfile.model_validate(
        tomllib.loads(profile_toml(name, profile))["profiles"][name]
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_profiles_come_back(name):
    profile = TravelProfile.model_validate(SHIPPED[name])
    assert read_back(name, profile) == profile


@given(label=names, source=names, speed=speeds, urban=speeds, lost=penalties)
def test_any_profile_comes_back_whatever_its_words(label, source, speed, urban, lost):
    profile = TravelProfile(
        label=label, source=source, default_kmh=30, speed_kmh=speed, urban_kmh=urban, period="p.1",
        periods={"p.1": Period(urban=lost)}, snapping=Snapping(closed_classes=()),
    )  # fmt: skip
    assert read_back("à caler", profile) == profile


def test_comments_come_first_and_are_no_part_of_it():
    profile = TravelProfile(label="t", default_kmh=30, source="t")
    text = profile_toml("car", profile, ("un mot", "deux"))
    assert text.startswith("# un mot\n# deux\n[profiles.car]\n")
    assert tomllib.loads(text)["profiles"]["car"]["label"] == "t"
