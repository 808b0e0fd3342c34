"""Candidates: where they come from, and that the same inputs give the same ones."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from ctg_geo.errors import SitingError
from ctg_geo.siting.candidates import chefs_lieux, grid, public_places, thinned, together


def test_a_chef_lieu_for_each_commune_inside():
    communes = pd.DataFrame(
        {"nom": ["Alba", "Bora"], "inside": [True, False]}, index=["01001", "01002"]
    )
    points = gpd.GeoSeries([Point(1, 2), Point(3, 4)], index=communes.index)
    found = chefs_lieux(communes, points)
    assert found.index.tolist() == ["chef_lieu_01001"]
    assert found.iloc[0].to_dict() == {
        "nom": "Alba", "code_insee": "01001", "x": 1.0, "y": 2.0, "kind": "chef_lieu",
    }  # fmt: skip


def test_public_places_of_the_services_named_that_have_a_point():
    places = gpd.GeoDataFrame(
        {"service": ["ecole", "ecole", "creche", "ecole"], "nom": list("abcd"),
         "code_insee": "01001", "inside": [True, False, True, True]},
        geometry=[Point(0, 0), Point(1, 1), Point(2, 2), Point()], index=list("pqrs"),
    )  # fmt: skip
    assert public_places(places, ["ecole"], inside=True).index.tolist() == ["place_p"]
    assert public_places(places, ["ecole"], inside=False).index.tolist() == ["place_p", "place_q"]


def test_a_grid_stands_on_multiples_of_its_step_inside_the_area():
    found = grid(box(50, 50, 350, 250), step_m=100)
    assert sorted(zip(found["x"], found["y"], strict=True)) == [
        (100, 100), (100, 200), (200, 100), (200, 200), (300, 100), (300, 200),
    ]  # fmt: skip
    with pytest.raises(SitingError, match="positive"):
        grid(box(0, 0, 1, 1), step_m=0)


def test_thinning_gives_one_node_for_each_cluster():
    rng = np.random.default_rng(0)
    centres = np.array([[0, 0], [10_000, 0], [0, 10_000]])
    points = pd.DataFrame(
        np.concatenate([centre + rng.normal(0, 50, (30, 2)) for centre in centres]),
        columns=["x", "y"],
    )
    weight = pd.Series(1.0, index=points.index)
    found = thinned(points, weight, count=3, seed=4)
    assert sorted(index // 30 for index in found.index) == [0, 1, 2]
    again = thinned(points, weight, count=3, seed=4)
    pd.testing.assert_frame_equal(found, again)


def test_thinning_leaves_out_nodes_without_people():
    points = pd.DataFrame({"x": [0.0, 1.0, 2.0], "y": 0.0})
    found = thinned(points, pd.Series([0.0, 2.0, 1.0]), count=5, seed=0)
    assert found.index.tolist() == [1, 2]
    with pytest.raises(SitingError, match="at least 1"):
        thinned(points, pd.Series([0.0, 0.0, 0.0]), count=2, seed=0)


def test_candidates_near_one_kept_before_are_left_out():
    first = pd.DataFrame({"x": [0.0], "y": [0.0]}, index=["a"])
    second = pd.DataFrame({"x": [50.0, 500.0], "y": [0.0, 0.0]}, index=["b", "c"])
    assert together([first, second], apart_m=100).index.tolist() == ["a", "c"]
    with pytest.raises(SitingError, match="identifier"):
        together([first, second.rename({"c": "a"})], apart_m=100)


def test_a_grid_has_the_nodes_on_its_edges_left_out_and_names_that_tell_where():
    found = grid(box(0, 0, 250, 120), step_m=50)
    assert sorted(zip(found["x"], found["y"], strict=True)) == [
        (x, y) for x in (50, 100, 150, 200) for y in (50, 100)
    ]  # fmt: skip
    assert found.index[0] == "grid_50_50"
    assert found.index.name == "candidate_id"
    assert set(found["kind"]) == {"grid"}
    assert set(found["nom"]) == set(found["code_insee"]) == {""}
    holed = box(0, 0, 200, 200).difference(box(90, 90, 110, 110))
    assert len(grid(holed, step_m=50)) == 9 - 1


def test_all_communes_are_candidates_where_none_is_said_to_be_outside():
    communes = pd.DataFrame({"nom": ["Alba", "Bora"]}, index=["01001", "01002"])
    points = gpd.GeoSeries([Point(3, 4), Point(1, 2)], index=["01002", "01001"])
    found = chefs_lieux(communes, points)
    assert found[["x", "y"]].to_numpy().tolist() == [[1, 2], [3, 4]]
    assert found["code_insee"].tolist() == ["01001", "01002"]


def test_as_many_nodes_as_asked_for_are_all_kept_and_one_more_is_not():
    points = pd.DataFrame({"x": [0.0, 1000, 2000, 9000], "y": [5.0, 5, 5, 5]}, index=list("abcd"))
    people = pd.Series(1.0, index=list("abcd"))
    every = thinned(points, people, count=4, seed=1)
    assert every.index.tolist() == list("abcd")
    assert every[["x", "y"]].to_numpy().tolist() == points.to_numpy().tolist()
    assert every.index.name == "candidate_id"
    assert set(every["kind"]) == {"road"}
    assert len(thinned(points, people, count=3, seed=1)) <= 3
    heavy = pd.Series([1.0, 1.0, 1.0, 1e6], index=list("abcd"))
    assert thinned(points, heavy, count=1, seed=1).index.tolist() == ["d"]
    with pytest.raises(SitingError) as caught:
        thinned(points, people, count=0, seed=1)
    assert caught.value.facts == {"count": 0}
    assert len(thinned(points, people, count=1, seed=1)) == 1


def test_candidates_as_far_apart_as_asked_are_two():
    first = pd.DataFrame({"x": [0.0], "y": [0.0]}, index=["a"])
    second = pd.DataFrame({"x": [100.0, 99.9, 130], "y": [0.0, 0, 0]}, index=list("bcd"))
    third = pd.DataFrame({"x": [200.0], "y": [0.0]}, index=["e"])
    kept = together([first, second, third], apart_m=100)
    assert kept.index.tolist() == ["a", "b", "d"]  # e is 70 m from d; b and d are of one table
    assert together([first.iloc[:0], second], apart_m=100).index.tolist() == ["b", "c", "d"]
    assert together([first, second.iloc[:0], third], apart_m=100).index.tolist() == ["a", "e"]
    with pytest.raises(SitingError) as caught:
        together([first, third.rename({"e": "a"})], apart_m=1)
    assert caught.value.facts == {"names": ["a"]}
