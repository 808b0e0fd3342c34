"""Cells, neighbours and areas worked out on squares; stable whatever the order."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ctg_geo.errors import DataError, MissingCrsError, UnknownCodeError
from ctg_geo.patterns import cells_of, neighbours, zones

SIDE = 1000.0
NAMES = [f"p{row}{column}" for row in range(4) for column in range(4)]
CENTRES = [(SIDE * (column + 0.5), SIDE * (row + 0.5)) for row in range(4) for column in range(4)]
POINTS = gpd.GeoSeries(shapely.points(CENTRES), index=NAMES, crs=2154)
OUTLINE = shapely.box(0, 0, 4 * SIDE, 4 * SIDE)
SQUARES = gpd.GeoSeries(
    [shapely.box(x - SIDE / 2, y - SIDE / 2, x + SIDE / 2, y + SIDE / 2) for x, y in CENTRES],
    index=NAMES, crs=2154,
)  # fmt: skip
PEOPLE = pd.Series(np.arange(16.0), NAMES)


def low(*names):
    return pd.Series([name in names for name in NAMES], NAMES)


def test_the_cells_of_a_grid_are_its_squares():
    cells = cells_of(POINTS, OUTLINE)
    for one, two in zip(cells, SQUARES, strict=True):
        assert one.symmetric_difference(two).area == pytest.approx(0, abs=1e-3)


def test_cells_cover_the_territory_and_are_cut_at_its_border():
    random = np.random.default_rng(1)
    places = gpd.GeoSeries(shapely.points(random.uniform(-500, 4500, (40, 2))), crs=2154)
    outline = shapely.Point(2000, 2000).buffer(1800).difference(shapely.box(0, 0, 1500, 1500))
    cells = cells_of(places, outline)
    assert cells.area.sum() == pytest.approx(outline.area)
    assert cells.union_all().symmetric_difference(outline).area == pytest.approx(0, abs=1e-3)


def test_each_cell_is_nearest_to_its_own_point():
    cells = cells_of(POINTS.iloc[[0, 3, 5, 9, 14]], OUTLINE)
    for x, y in np.random.default_rng(2).uniform(0, 4 * SIDE, (200, 2)):
        here = shapely.Point(x, y)
        own = cells.index[cells.contains(here)]
        nearest = POINTS[cells.index].distance(here).idxmin()
        assert list(own) in ([nearest], [])


def test_places_at_one_point_share_its_cell_and_one_place_has_all():
    two = gpd.GeoSeries([POINTS.iloc[0], POINTS.iloc[5], POINTS.iloc[0]], list("abc"), crs=2154)
    cells = cells_of(two, OUTLINE)
    assert cells["a"].equals(cells["c"])
    assert cells["a"].area + cells["b"].area == pytest.approx(OUTLINE.area)
    assert cells_of(POINTS[:1], OUTLINE).iloc[0].equals(OUTLINE)


def test_a_corner_is_not_a_border():
    touching = neighbours(SQUARES).toarray()
    apart = np.abs(np.array(CENTRES)[:, None, :] - np.array(CENTRES)[None, :, :]).sum(axis=2)
    assert (touching == (apart == SIDE)).all()


def test_areas_are_pieces_that_touch_the_most_people_first():
    # p00-p01 below at the bottom; p22-p23-p33 top right; p11 touches p01; p30 alone
    below = low("p00", "p01", "p22", "p23", "p33", "p30")
    found = zones(SQUARES, POINTS, below, PEOPLE, link_m=1500)
    assert found.table["places"].tolist() == [3, 1, 2]
    assert found.table["people"].tolist() == [10 + 11 + 15, 12, 0 + 1]
    assert found.table["area_km2"].tolist() == pytest.approx([3, 1, 2])
    assert found.member[["p00", "p01", "p22", "p33", "p30", "p10"]].tolist() == [3, 3, 1, 1, 2, 0]
    union = SQUARES[["p22", "p23", "p33"]].union_all()
    assert found.table.loc[1, "geometry"].equals(union)


def test_corners_and_long_links_make_two_areas():
    assert len(zones(SQUARES, POINTS, low("p00", "p11"), PEOPLE, link_m=1500).table) == 2
    assert len(zones(SQUARES, POINTS, low("p00", "p01"), PEOPLE, link_m=1000).table) == 1
    assert len(zones(SQUARES, POINTS, low("p00", "p01"), PEOPLE, link_m=999).table) == 2


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_places_changes_nothing(seed):
    random = np.random.default_rng(seed)
    places = gpd.GeoSeries(
        shapely.points(random.uniform(0, 4000, (60, 2)).round()),
        index=[f"h{k:02d}" for k in range(60)], crs=2154,
    )  # fmt: skip
    below = pd.Series(random.random(60) < 0.5, places.index)
    people = pd.Series(random.integers(0, 4, 60).astype(float), places.index)
    first = zones(cells_of(places, OUTLINE), places, below, people, link_m=800)
    order = random.permutation(places.index)
    again = places[order]
    second = zones(cells_of(again, OUTLINE), again, below, people[::-1], link_m=800)
    assert second.member[first.member.index].equals(first.member)
    assert second.table.drop(columns="geometry").equals(first.table.drop(columns="geometry"))
    assert second.table.to_wkb()["geometry"].tolist() == first.table.to_wkb()["geometry"].tolist()
    assert first.table["people"].sum() == people[below].sum()
    assert ((first.member > 0) == below).all()


def test_places_at_one_point_are_of_one_area():
    twice = pd.concat([POINTS, POINTS.rename(index=lambda name: f"q{name}")])
    cells = cells_of(gpd.GeoSeries(twice, crs=2154), OUTLINE)
    below = pd.Series([name in ("p00", "qp00", "qp01") for name in twice.index], twice.index)
    people = pd.Series(1.0, twice.index)
    found = zones(cells, gpd.GeoSeries(twice, crs=2154), below, people, link_m=1500)
    assert found.table["places"].tolist() == [3]
    assert found.table["area_km2"].tolist() == pytest.approx([2])


def test_nobody_below_is_no_area():
    found = zones(SQUARES, POINTS, low(), PEOPLE, link_m=1500)
    assert len(found.table) == 0
    assert found.table.crs == SQUARES.crs
    assert (found.member == 0).all()


def test_degrees_and_missing_places_are_refused():
    with pytest.raises(MissingCrsError, match="EPSG:4326"):
        cells_of(POINTS.to_crs(4326), OUTLINE)
    with pytest.raises(MissingCrsError):
        neighbours(gpd.GeoSeries(list(SQUARES)))
    with pytest.raises(UnknownCodeError, match="below"):
        zones(SQUARES, POINTS, low()[1:], PEOPLE, link_m=1500)
    with pytest.raises(DataError, match="p01"):
        cells_of(POINTS.where(POINTS.index != "p01"), OUTLINE)


def test_a_piece_is_cut_by_its_hollows_and_each_tells_the_one_it_would_join():
    # a row p00 p01 p02 p03: two hollows, the pass at p02, which slopes down to p03
    below, depth = low("p00", "p01", "p02", "p03"), pd.Series(0.0, NAMES)
    depth[["p00", "p01", "p02", "p03"]] = [0.9, 0.5, 0.2, 0.6]
    found = zones(SQUARES, POINTS, below, PEOPLE, link_m=1500, depth=depth, prominence=0.3)
    assert found.member[["p00", "p01", "p02", "p03"]].tolist() == [2, 2, 1, 1]
    assert found.table["piece"].tolist() == [1, 1]
    assert found.table["prominence"].tolist() == pytest.approx([0.4, 0.9])
    assert found.table["joins"].tolist() == [2, 0]
    assert found.table["people"].sum() == PEOPLE[below].sum()
    whole = zones(SQUARES, POINTS, below, PEOPLE, link_m=1500, depth=depth, prominence=0.5)
    assert len(whole.table) == 1


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_places_changes_no_hollow(seed):
    random = np.random.default_rng(seed)
    places = gpd.GeoSeries(
        shapely.points(random.uniform(0, 4000, (60, 2)).round()),
        index=[f"h{k:02d}" for k in range(60)], crs=2154,
    )  # fmt: skip
    below = pd.Series(random.random(60) < 0.7, places.index)
    people = pd.Series(random.integers(0, 4, 60).astype(float), places.index)
    depth = pd.Series(random.integers(0, 8, 60) / 8, places.index)  # with ties
    given = {"link_m": 900, "prominence": 0.2}
    first = zones(cells_of(places, OUTLINE), places, below, people, depth=depth, **given)
    again = places[random.permutation(places.index)]
    second = zones(cells_of(again, OUTLINE), again, below, people, depth=depth[::-1], **given)
    assert second.member[first.member.index].equals(first.member)
    columns = ["people", "piece", "prominence", "joins"]
    assert second.table[columns].equals(first.table[columns])
    assert first.table["people"].sum() == people[below].sum()
    assert first.table["piece"].max() < len(first.table)
