"""Kinds of communes: planted groups are found, named, and do not depend on the order."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from ctg_geo.gap import Undefined
from ctg_geo.patterns import typology
from ctg_geo.patterns.choice import choose

RANDOM = np.random.default_rng(4)
CODES = [f"26{k:03d}" for k in range(45)]
CENTRES = {"access": [0, 10, 5], "minutes": [30, 5, 15], "income": [10, 20, 30]}
PLANTED = np.repeat([0, 1, 2], [20, 15, 10])
TABLE = pd.DataFrame(
    {name: np.array(each)[PLANTED] + RANDOM.normal(0, 0.5, 45) for name, each in CENTRES.items()},
    CODES,
)


def test_planted_groups_are_found_and_numbered_by_size():
    found = typology(TABLE, most=6, seed=1)
    assert found.chosen == 3
    assert found.justified
    assert found.member.tolist() == (PLANTED + 1).tolist()
    assert found.profiles["communes"].tolist() == [20, 15, 10]
    assert found.choice["silhouette"].idxmax() == 3


def test_the_silhouette_is_that_of_its_definition():
    level = np.array([[0.0], [1.0], [10.0], [12.0]])
    # classes {0, 1} and {10, 12}: (b - a) / max(a, b) by hand
    by_hand = np.mean([(11 - 1) / 11, (10 - 1) / 10, (9.5 - 2) / 9.5, (11.5 - 2) / 11.5])
    assert choose(level, most=2, seed=1)[0].loc[2, "silhouette"] == pytest.approx(by_hand)


def test_classes_are_named_by_what_distinguishes_them():
    names = typology(TABLE, most=6, seed=1).names()
    assert set(names[0].split(", ")) == {"peu d’offre", "loin", "revenus bas"}
    assert set(names[1].split(", ")) == {"beaucoup d’offre", "près"}
    other = typology(TABLE.rename(columns={"income": "arbres"}), most=6, seed=1)
    assert "arbres bas" in other.names()[0]
    assert "low arbres" in other.names("en")[0]


def test_like_names_are_numbered():
    found = typology(TABLE, most=6, seed=1)
    alike = type(found)(
        found.member, found.profiles, (found.marks[0], found.marks[0], ()), found.choice,
        found.chosen, found.justified, (), 1,
    )  # fmt: skip
    one, two, average = alike.names()
    assert (one[-4:], two[-4:], average) == (" (1)", " (2)", "proche de la moyenne")


def test_neither_order_nor_unit_changes_a_class():
    first = typology(TABLE, most=6, seed=1)
    turned = typology(TABLE.sample(frac=1, random_state=3), most=6, seed=1)
    pd.testing.assert_frame_equal(turned.choice, first.choice)
    assert turned.member[CODES].equals(first.member)
    hours = typology(TABLE.assign(minutes=TABLE["minutes"] / 60), most=6, seed=1)
    assert hours.member.equals(first.member)


def test_a_cloud_without_groups_is_said_to_be_one():
    cloud = pd.DataFrame(np.random.default_rng(8).uniform(size=(60, 2)), columns=["a", "b"])
    assert not typology(cloud, most=5, seed=1).justified


def test_an_unknown_indicator_is_not_guessed_and_a_constant_one_is_told():
    table = TABLE.assign(flat=3.0)
    table.loc["26004", "income"] = np.nan
    found = typology(table, most=6, seed=1)
    assert found.member["26004"] == 0
    assert (found.member.drop("26004") > 0).all()
    assert found.profiles["communes"].sum() == 44
    assert found.constant == ("flat",)


def test_contiguous_classes_are_of_one_piece():
    ring = csr_array(np.eye(45, k=1, dtype=bool) | np.eye(45, k=-1, dtype=bool))
    mixed = TABLE.iloc[np.random.default_rng(2).permutation(45)].set_axis(CODES)
    found = typology(mixed, most=6, seed=1, touching=ring)
    runs = (found.member.diff() != 0).sum()
    assert runs == found.chosen  # on a line, a class of one piece is one run
    assert found.pieces == 1
    cut = ring.toarray()
    cut[22, 23] = cut[23, 22] = False
    assert typology(mixed, most=6, seed=1, touching=csr_array(cut)).pieces == 2


def test_too_few_communes_have_no_kinds():
    assert typology(TABLE[:3], most=6, seed=1) == Undefined("too_few")
    assert typology(TABLE * 0, most=6, seed=1) == Undefined("too_few")
    assert typology(TABLE * np.nan, most=6, seed=1) == Undefined("too_few")
