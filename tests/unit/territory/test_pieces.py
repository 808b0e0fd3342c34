"""Cells cut at the borders of communes, by hand: two squares of 1 km side by side."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from ctg_geo.sources import CellsRead
from ctg_geo.territory import cell_pieces, street_pieces, with_lone_points, zone_pieces

CRS = "EPSG:2154"
ZONES = gpd.GeoDataFrame(
    {"code_insee": ["26001", "26002"]}, index=["26001", "26002"],
    geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)], crs=CRS,
)  # fmt: skip


def cells(rows):
    """Make cells of 200 m of (x, y, persons, communes listed)."""
    table = pd.DataFrame(
        {"persons": [float(p) for *_, p, _ in rows], "imputed": False,
         "listed": [listed for *_, listed in rows]},
        index=pd.Index([f"c{at}" for at in range(len(rows))], name="cell_id"),
    )  # fmt: skip
    shapes = np.array([box(x, y, x + 200, y + 200) for x, y, *_ in rows], dtype=object)
    return CellsRead("cells", table, shapes, CRS, (), len(rows), {})


def cut(rows, straddling="area", moves=None):
    return cell_pieces(cells(rows), ZONES, straddling=straddling, moves=moves or {})


def test_a_cell_on_a_border_gives_each_commune_its_part():
    found = cut([(850, 0, 8, "")])
    assert list(found.table.index) == ["c0|26001", "c0|26002"]
    assert found.table["persons"].tolist() == pytest.approx([6, 2])
    assert found.table["area_m2"].tolist() == pytest.approx([30_000, 10_000])
    assert found.straddling == 1
    first, second = found.table.geometry
    assert (first.x, first.y) == (950, 100), "the centre of the cell lies there"
    assert ZONES.geometry["26002"].contains(second)


def test_the_part_of_a_cell_outside_takes_its_people_away():
    found = cut([(1900, 0, 8, ""), (5000, 0, 3, "")])
    assert found.table["persons"].tolist() == pytest.approx([4])
    assert found.outside == 1


def test_a_cell_that_lists_its_commune_is_whole_there():
    found = cut([(850, 0, 8, "26001")], straddling="listed")
    assert list(found.table.index) == ["c0"]
    assert found.table["persons"].tolist() == [8]


def test_a_cell_that_lists_both_is_parted_between_them():
    found = cut([(850, 0, 8, "2600126002")], straddling="listed")
    assert found.table["persons"].tolist() == pytest.approx([6, 2])


def test_a_cell_beyond_a_generalised_border_goes_to_the_commune_it_lists():
    found = cut([(2050, 0, 8, "26002"), (2050, 400, 3, "99999")], straddling="listed")
    assert list(found.table["zone"]) == ["26002"]
    assert found.table["persons"].tolist() == [8]
    assert found.outside == 1


def test_listed_codes_of_another_vintage_or_without_their_zero_are_understood():
    found = cut([(850, 0, 8, "26099")], straddling="listed", moves={"26099": "26002"})
    assert list(found.table["zone"]) == ["26002"]
    zones = ZONES.set_axis(["01001", "01002"]).assign(code_insee=["01001", "01002"])
    read = cells([(850, 0, 8, "1001"), (850, 400, 4, "100101002")])
    found = cell_pieces(read, zones, straddling="listed", moves={})
    assert found.table["persons"].to_dict() == pytest.approx(
        {"c0": 8, "c1|01001": 3, "c1|01002": 1}
    )


def test_a_zone_without_a_cell_has_its_own_point():
    points = gpd.GeoSeries([Point(500, 500), Point(1500, 500)], index=ZONES.index, crs=CRS)
    status = pd.Series("observed", index=ZONES.index)
    found = with_lone_points(cut([(0, 0, 8, "")]), points, status)
    assert found.lone == ("26002",)
    assert found.table.at["26002", "geometry"] == Point(1500, 500)
    assert found.table.at["26002", "point_status"] == "observed"


def test_junctions_belong_to_one_commune_and_roads_without_metres_are_none():
    x, y = np.array([500.0, 1000, 1500, 5000, 100]), np.array([500.0, 500, 500, 500, 100])
    every = np.array([10.0, 20, 30, 40, 0])
    found = street_pieces(x, y, every / 2, every, ZONES)
    assert found.table["zone"].tolist() == ["26001", "26001", "26002"]
    assert found.table["persons"].tolist() == [5, 10, 15]
    assert found.outside == 1


def test_each_iris_has_one_point_inside():
    found = zone_pieces(ZONES)
    assert found.table["zone"].tolist() == ["26001", "26002"]
    assert found.table.geometry.within(ZONES.geometry).all()
