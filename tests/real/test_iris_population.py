"""The real IRIS of the Drôme: cells cut by 441 real borders keep every total."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ctg_geo.config.people_source import CellsSource, IrisSource
from ctg_geo.config.study_file import PopulationSource
from ctg_geo.contracts import Band
from ctg_geo.sources import read_cells, read_iris, read_people
from ctg_geo.territory import cell_pieces, spread_homes, with_lone_points

SAID = {"provider": "test", "licence": "test", "vintage": "2022"}
BANDS = ("0002", "0305", "0610", "1117", "1824", "2539", "4054", "5564", "6579", "80P")
CRS = "EPSG:2154"


@pytest.fixture(scope="module")
def iris(shared):
    columns = {"code_iris": "code_iris", "code_insee": "code_commune"}
    source = IrisSource(path="x", columns=columns, **SAID)
    found, said = read_iris(shared / "communes" / "iris_26.geojson.gz", source, crs=CRS)
    assert not [each for each in said if each.severity == "warning"]
    return found


@pytest.fixture(scope="module")
def census(iris, shared, tmp_path_factory):
    """Write the real number of people of each IRIS (known for 92), with bands of a fixed seed."""
    layer = gpd.read_file(f"/vsigzip/{shared}/communes/iris_26.geojson.gz").set_index("code_iris")
    rng = np.random.default_rng(26)
    lines = ["IRIS;COM;TYP_IRIS;P20_POP;" + ";".join(f"P20_POP{each}" for each in BANDS)]
    for code, people in layer["population"].items():
        total = 500.25 if pd.isna(people) else float(people)
        parts = rng.dirichlet(np.ones(len(BANDS))) * total
        cells = ";".join(f"{each:.9f}" for each in parts)
        lines.append(f"{code};{code[:5]};H;{total};{cells}")
    path = tmp_path_factory.mktemp("census") / "base-ic-evol-struct-pop-2020.CSV"
    path.write_text("\n".join(lines))
    source = PopulationSource(path="x", format="base_ic", **SAID)
    assert set(iris.index) == set(layer.index)
    return read_people(path, source, within=None)


@pytest.fixture(scope="module")
def cells(iris, tmp_path_factory):
    """Make a kilometre grid over the department, people drawn, a third of the cells without."""
    west, south, east, north = iris.to_crs("EPSG:3035").total_bounds // 1000 * 1000
    rng = np.random.default_rng(3)
    bands = "ind_0_3,ind_4_5,ind_6_10,ind_11_17,ind_18_24,ind_25_39"
    lines = [f"idcar_1km,i_est_1km,lcog_geo,ind,{bands}"]
    for y in np.arange(south, north + 1000, 1000):
        for x in np.arange(west, east + 1000, 1000):
            ages = rng.integers(0, 40, 6) * rng.integers(0, 2) * (rng.random() > 1 / 3)
            name = f"CRS3035RES1000mN{y:.0f}E{x:.0f}"
            said = ",".join(str(each / 2) for each in ages)
            lines.append(f"{name},{rng.integers(0, 2)},,{ages.sum()},{said}")
    path = tmp_path_factory.mktemp("grid") / "carreaux_1km_met.csv"
    path.write_text("\n".join(lines))
    source = CellsSource(path="x", format="filosofi", **SAID)
    bounds = tuple(float(each) for each in iris.total_bounds)
    return read_cells(path, source, bounds=bounds, crs=CRS)


def test_cells_are_cut_at_borders_and_no_ground_is_lost(iris, cells):
    pieces = cell_pieces(cells, iris, straddling="area", moves={})
    area = pieces.table["area_m2"].groupby(pieces.table["zone"]).sum()
    np.testing.assert_allclose(area.reindex(iris.index), iris.geometry.area, rtol=1e-6)
    parts = pieces.table.sample(500, random_state=1)
    owner = iris.loc[parts["zone"], "geometry"]
    assert (shapely.distance(owner.to_numpy(), parts.geometry.to_numpy()) < 1e-6).all()


def test_every_iris_commune_and_age_keeps_its_total(iris, cells, census):
    pieces = cell_pieces(cells, iris, straddling="area", moves={})
    pieces = with_lone_points(
        pieces, iris.geometry.representative_point(), pd.Series("estimated", index=iris.index)
    )
    ages = {"children_0_2": Band(0, 2), "young_12_25": Band(12, 25)}
    homes = spread_homes(census.table, pieces, iris, ages=ages, zone_people=census.parts)
    for figure in ("population", *ages):
        for code, total in census.table[figure].items():
            assert math.fsum(homes.people[figure][homes.code == code]) == total
        own = homes.people[figure].groupby(pieces.table["zone"]).sum()
        np.testing.assert_allclose(own.reindex(census.parts.index), census.parts[figure], atol=1e-6)


def test_listed_communes_win_over_a_generalised_border(iris, cells):
    """A cell listed in one commune only is whole there, whatever the border says."""
    communes = iris.dissolve(by="code_insee", as_index=False).set_index("code_insee", drop=False)
    communes = communes.rename_axis("zone")
    by_area = cell_pieces(cells, communes, straddling="area", moves={})
    shared_cells = by_area.table.index[by_area.table.index.str.contains("|", regex=False)]
    cell, code = shared_cells[0].split("|")
    cells.table.loc[cell, "listed"] = code
    listed = cell_pieces(cells, communes, straddling="listed", moves={})
    cells.table.loc[cell, "listed"] = ""
    here = listed.table[listed.table.index.str.startswith(cell)]
    assert list(here["zone"]) == [code]
    assert here["persons"].iloc[0] == cells.table.at[cell, "persons"]
