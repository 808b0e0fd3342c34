"""Laws of spreading: totals are kept exactly, order does not matter, secrets stay secret."""

import itertools
import math
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from ctg_geo.contracts import Band
from ctg_geo.errors import DataError
from ctg_geo.territory import Pieces, spread_homes
from ctg_geo.territory.spread import exact_parts, filled, shares, whole_parts

weights = st.lists(
    st.floats(0, 1e6, allow_subnormal=False).map(lambda w: round(w, 3)), min_size=1, max_size=30
)
CRS = "EPSG:2154"


@given(weights, st.floats(0, 1e7, allow_subnormal=False))
def test_parts_add_up_to_the_total_exactly(weight, total):
    array = np.array(weight)
    share, _ = shares([array], np.zeros(len(array), np.int64), 1)
    parts = exact_parts(total, share)
    assert math.fsum(parts) == total
    assert (parts >= -1e-6).all()


@given(weights, st.integers(0, 100_000))
def test_whole_parts_add_up_and_stay_within_one_of_their_quota(weight, total):
    array = np.array(weight)
    share, _ = shares([array], np.zeros(len(array), np.int64), 1)
    parts = whole_parts(total, share)
    assert parts.sum() == total
    assert (np.abs(parts - total * share) < 1 + 1e-6).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4).filter(any), st.integers(0, 7))
def test_largest_remainders_are_nearest_to_the_quotas(weight, total):
    """By brute force: no whole parts of the total are nearer, in exact fractions."""
    quota = [Fraction(total * each, sum(weight)) for each in weight]
    share, _ = shares([np.array(weight, float)], np.zeros(len(weight), np.int64), 1)
    found = whole_parts(total, share)
    off = sum(abs(int(part) - each) for part, each in zip(found, quota, strict=True))
    best = min(
        sum(abs(part - each) for part, each in zip(parts, quota, strict=True))
        for parts in itertools.product(range(total + 1), repeat=len(weight))
        if sum(parts) == total
    )
    assert off == best


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 50)), min_size=1,
                max_size=40), st.randoms(use_true_random=False))  # fmt: skip
def test_the_order_of_places_does_not_matter(rows, random):
    table = np.array(rows, float)
    order = list(range(len(rows)))
    random.shuffle(order)
    one, ranks = shares([table[:, 1], table[:, 2]], table[:, 0].astype(int), 4)
    other, again = shares([table[order, 1], table[order, 2]], table[order, 0].astype(int), 4)
    np.testing.assert_allclose(other, one[order])
    assert (ranks == again).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=1, max_size=40))
def test_the_shares_of_each_group_sum_to_one_whatever_the_weights(rows):
    table = np.array(rows, float)
    group = table[:, 0].astype(int)
    share, rank = shares([table[:, 1]], group, 4)
    for each in set(group):
        assert share[group == each].sum() == pytest.approx(1)
        assert rank[each] == (0 if table[group == each, 1].sum() > 0 else 1)


def test_unknown_weights_follow_the_rate_around_them():
    """Two of ten people are children where they are known: a masked cell of 20 has 4."""
    weight, basis = np.array([2.0, np.nan, np.nan]), np.array([10.0, 20, 5])
    found = filled(weight, basis, np.array([0, 0, 1]), 2)
    np.testing.assert_allclose(found, [2, 4, 1])


@pytest.mark.parametrize("total", [-1.0, math.nan, math.inf])
def test_a_total_that_is_no_number_of_people_is_refused(total):
    with pytest.raises(DataError, match="positive"):
        exact_parts(total, np.array([1.0]))


def pieces(rows):
    """Make pieces of (zone, persons, children 0-3)."""
    count = len(rows)
    table = gpd.GeoDataFrame(
        {"zone": [z for z, *_ in rows], "persons": [float(p) for _, p, _ in rows],
         "0-3": [float(c) for *_, c in rows], "area_m2": 100.0, "imputed": False,
         "point_status": "observed"},
        index=pd.Index([f"c{at:03d}" for at in range(count)], name="demand_id"),
        geometry=[Point(at, 0) for at in range(count)], crs=CRS,
    )  # fmt: skip
    return Pieces(table, (Band(0, 3),))


def zones(codes):
    shapes = [box(at, 0, at + 1, 1) for at in range(len(codes))]
    return gpd.GeoDataFrame({"code_insee": codes}, index=codes, geometry=shapes, crs=CRS)


def population(codes, children, status="observed"):
    return pd.DataFrame(
        {"population": 100.0, "population_status": "observed", "children": children,
         "children_status": status}, index=codes,
    )  # fmt: skip


one_cell = st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.integers(0, 4))
cells = st.lists(one_cell, min_size=2, max_size=25).filter(
    lambda rows: len({zone for zone, *_ in rows}) == 2
)


@settings(max_examples=40, deadline=None)
@given(cells, st.floats(0, 5000), st.floats(0, 5000), st.booleans())
def test_every_commune_and_age_keeps_its_total(rows, first, second, whole):
    people = population(["a", "b"], [first, second])
    homes = spread_homes(
        people, pieces(rows), zones(["a", "b"]), ages={"children": Band(0, 2)}, whole=whole
    )
    for figure in ("population", "children"):
        for code in "ab":
            total = people.at[code, figure]
            parts = homes.people[figure][homes.code == code]
            assert math.fsum(parts) == (round(total) if whole else total)
    assert (homes.people[["population", "children"]] >= -1e-9).all().all()


@settings(max_examples=30, deadline=None)
@given(cells)
def test_a_secret_total_is_secret_at_all_its_places_and_an_unknown_one_unknown(rows):
    people = population(["a", "b"], [np.nan, np.nan], ["secret", "not_available"])
    homes = spread_homes(people, pieces(rows), zones(["a", "b"]), ages={"children": Band(0, 2)})
    status = homes.people["children_status"]
    assert set(status[homes.code == "a"]) == {"secret"}
    assert set(status[homes.code == "b"]) == {"not_available"}
    assert homes.people["children"].isna().all()
    assert homes.people["population"].notna().all()
    assert not [each for each in homes.findings if "children" in str(each.facts) and
                each.facts.get("after")]  # fmt: skip


@pytest.mark.parametrize("whole", [False, True])
def test_totals_that_were_rounded_are_not_said_to_be_kept_as_they_were(whole):
    rows = [("a", 30, 3), ("a", 10, 1), ("b", 20, 0), ("b", 10, 0)]
    homes = spread_homes(
        population(["a", "b"], [10.4, 6.0]), pieces(rows), zones(["a", "b"]),
        ages={"children": Band(0, 2)}, whole=whole,
    )  # fmt: skip
    kept = {each.identifier: each.key for each in homes.findings if "control" in each.key}
    assert kept["children"] == ("spread_control_whole" if whole else "spread_control")
    assert kept["population"] == "spread_control"


def test_figures_whose_ages_are_not_said_are_told_where_cells_tell_ages():
    rows = [("a", 30, 3), ("a", 10, 1), ("b", 20, 0), ("b", 10, 0)]
    table, ground = population(["a", "b"], [10.0, 6.0]), zones(["a", "b"])
    for ages, unsaid in (({}, ["children"]), ({"children": Band(0, 2)}, [])):
        homes = spread_homes(table, pieces(rows), ground, ages=ages)
        told = [each for each in homes.findings if each.key == "spread_ages_unsaid"]
        assert [name for each in told for name in each.facts["columns"]] == unsaid


def test_cells_without_children_follow_all_people_and_it_is_told():
    people = population(["a", "b"], [10.0, 6.0])
    rows = [("a", 30, 3), ("a", 10, 1), ("b", 20, 0), ("b", 10, 0)]
    homes = spread_homes(people, pieces(rows), zones(["a", "b"]), ages={"children": Band(0, 2)})
    assert homes.people["children"].tolist() == pytest.approx([7.5, 2.5, 4, 2])
    assert set(homes.people["children_status"]) == {"estimated"}
    told = [each for each in homes.findings if each.key == "spread_by_persons"]
    assert [each.facts["codes"] for each in told] == [["b"]]


def test_an_iris_keeps_its_own_total():
    """Commune a has IRIS a1 of 8 children and a2 of 2: the cells of a1 have 8 between them."""
    table = zones(["a1", "a2", "b"]).assign(code_insee=["a", "a", "b"])
    own = pd.DataFrame({"code_insee": ["a", "a", "b"], "children": [8.0, 2.0, 6.0],
                        "population": [50.0, 50.0, 100.0]}, index=["a1", "a2", "b"])  # fmt: skip
    rows = [("a1", 1, 1), ("a1", 3, 3), ("a2", 500, 50), ("b", 1, 1)]
    homes = spread_homes(
        population(["a", "b"], [10.0, 6.0]), pieces(rows), table,
        ages={"children": Band(0, 2)}, zone_people=own,
    )  # fmt: skip
    assert homes.people["children"].tolist() == pytest.approx([2, 6, 2, 6])


def test_the_iris_of_a_secret_commune_do_not_say_how_they_share_it():
    """Of the children of a, secret, 1 in a1 and 2 in a2 would be 3: they follow its inhabitants."""
    table = zones(["a1", "a2", "b"]).assign(code_insee=["a", "a", "b"])
    people = population(["a", "b"], [np.nan, 6.0])
    people.loc["a", "children_status"] = "secret"
    rows = [("a1", 500, 5), ("a2", 500, 5), ("b", 1, 1)]
    for own_count in ([1.0, 2.0, 6.0], [2.0, 1.0, 6.0]):
        own = pd.DataFrame({"code_insee": ["a", "a", "b"], "children": own_count,
                            "population": [30.0, 70.0, 100.0]}, index=table.index)  # fmt: skip
        homes = spread_homes(people, pieces(rows), table, ages={"children": Band(0, 2)},
                             zone_people=own)  # fmt: skip
        assert homes.share["children"].tolist() == pytest.approx([0.3, 0.7, 1])


def test_the_account_tells_before_after_and_what_is_imputed():
    given_pieces = pieces([("a", 30, 3), ("a", 10, 1), ("b", 5, 1)])
    given_pieces.table.loc["c001", "imputed"] = True
    homes = spread_homes(population(["a", "b"], [10.0, 6.0]), given_pieces, zones(["a", "b"]),
                         ages={"children": Band(0, 2)})  # fmt: skip
    account = homes.account
    assert account["children_before"].tolist() == account["children_after"].tolist() == [10, 6]
    assert account["imputed_share"].tolist() == pytest.approx([0.25, 0])
    assert account["cell_persons"].tolist() == [40, 5]
    assert account["children_by"].tolist() == ["age", "zone"]


def test_one_place_a_zone_is_said_to_follow_the_zone():
    homes = spread_homes(population(["a", "b"], [10.0, 6.0]), pieces([("a", 3, 1), ("b", 3, 1)]),
                         zones(["a", "b"]), ages={"children": Band(0, 2)})  # fmt: skip
    assert homes.account["children_by"].tolist() == ["zone", "zone"]
    assert set(homes.people["children_status"]) == {"observed"}


def test_cells_that_tell_no_ages_are_told_once_and_are_no_warning():
    given_pieces = pieces([("a", 30, 0), ("a", 10, 0), ("b", 5, 0)])
    no_ages = Pieces(given_pieces.table.drop(columns="0-3"), ())
    homes = spread_homes(population(["a", "b"], [10.0, 6.0]), no_ages, zones(["a", "b"]),
                         ages={"children": Band(0, 2)})  # fmt: skip
    assert [each.key for each in homes.findings if "no_ages" in each.key] == ["spread_no_ages"]
    assert not [each for each in homes.findings if each.severity == "warning"]
    assert homes.people["children"].tolist() == pytest.approx([7.5, 2.5, 6])
