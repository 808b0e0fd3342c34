"""Coverage rates of Cafdata, polygons of QPV."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import DataError, MissingColumnError
from ctg_geo.sources import in_qpv, read_coverage, read_qpv

PLAIN = TableSource(path="f", provider="p", licence="l", vintage="v")
EPCI = """annee;numepci;nomepci;numdep;nomdep;txcouv_psu_col_epci;txcouv_hors_psu_col_epci;txcouv_eaje_epci;txcouv_prescol_epci;txcouv_am_ind_epci;txcouv_gad_ind_epci;txcouv_ind_epci;txcouv_epci
2023;200068781;CA VALENCE ROMANS AGGLO;26;DROME;14.1;3.2;17.3;1.5;35.2;0.8;36.0;54.8
2022-12-31;200068781;CA VALENCE ROMANS AGGLO;26;DROME;;3.2;;1.5;35.2;0.8;36.0;112.5
2023;XXX;SANS EPCI;XX;;;;;;;;;
"""  # noqa: E501


def test_rates_by_epci_and_year(tmp_path):
    path = tmp_path / "txcouv_pe_epci.csv"
    path.write_text(EPCI, encoding="utf-8-sig")
    found = read_coverage(path, PLAIN)
    assert found.level == "epci"
    rates = found.table.loc[("200068781", "2023")]
    assert rates["all_modes"] == 54.8
    assert rates["eaje_psu"] + rates["eaje_hors_psu"] == pytest.approx(rates["eaje"])
    earlier = found.table.loc[("200068781", "2022")]
    assert np.isnan(earlier["eaje"]), "a rate not published is not zero"
    assert earlier["all_modes"] == 112.5, "a rate may exceed 100"
    assert (found.ledger.read, found.ledger.used, found.ledger.set_aside["no_area"]) == (3, 2, 1)


def test_an_area_that_stands_twice_in_a_year_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(EPCI.replace("2022-12-31", "2023"))
    with pytest.raises(DataError, match=r"row 3.*200068781.*2023.*row 2"):
        read_coverage(path, PLAIN)


def test_what_is_no_table_of_rates_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("numepci;nomepci\n1;a\n")
    with pytest.raises(MissingColumnError, match="txcouv_epci"):
        read_coverage(path, PLAIN)


def test_a_year_that_is_none_is_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(EPCI.replace("\n2023;2", "\n23;2"))
    with pytest.raises(DataError, match=r"row 2.*annee.*23"):
        read_coverage(path, PLAIN)


def squares(codes, *, heading="code_qp", name="lib_qp"):
    """Return unit squares of 1 km, side by side from (900 000, 6 430 000)."""
    shapes = [shapely.box(900_000 + 1000 * n, 6_430_000, 901_000 + 1000 * n, 6_431_000)
              for n in range(len(codes))]  # fmt: skip
    table = {heading: codes, name: [f"Quartier {n}" for n in range(len(codes))]}
    return gpd.GeoDataFrame(table, geometry=shapes, crs=2154)


@pytest.mark.parametrize(
    ("codes", "heading", "name", "vintage"),
    [(["QN02601M", "QN02602M"], "code_qp", "lib_qp", "2024"),
     (["QP026001", "QP026002"], "CODE_QP", "NOM_QP", "2015")],
)  # fmt: skip
def test_polygons_and_the_points_in_them(tmp_path, codes, heading, name, vintage):
    path = tmp_path / "qpv.gpkg"
    squares(codes, heading=heading, name=name).to_crs(4326).to_file(path)
    qpv = read_qpv(path, PLAIN, crs="EPSG:2154")
    assert list(qpv.index) == codes
    assert set(qpv["vintage"]) == {vintage}
    assert qpv.area.to_numpy() == pytest.approx([1e6, 1e6], rel=1e-6)
    points = gpd.GeoSeries.from_xy([900_500, 901_500, 903_000, np.nan], 4 * [6_430_500], crs=2154)
    points = points.where(points.x.notna(), None)
    points.index = list("abcd")
    found = in_qpv(points, qpv)
    assert found.to_dict() == {"a": codes[0], "b": codes[1], "c": "", "d": ""}
    pd.testing.assert_index_equal(found.index, points.index)


def test_a_point_on_the_edge_of_two_belongs_to_the_first(tmp_path):
    path = tmp_path / "qpv.gpkg"
    squares(["QN02602M", "QN02601M"]).to_file(path)
    qpv = read_qpv(path, PLAIN, crs="EPSG:2154")
    edge = gpd.GeoSeries.from_xy([901_000], [6_430_500], crs=2154)
    assert in_qpv(edge, qpv).tolist() == ["QN02601M"]


@pytest.mark.parametrize(
    ("codes", "said"),
    [(["QN02601M", "QP026002"], "2015"), (["QN02601M", "QN02601M"], "QN02601M"),
     (["QN02601M", "ZUS1"], "ZUS1")],
)  # fmt: skip
def test_vintages_never_mix_and_codes_are_what_they_should_be(tmp_path, codes, said):
    path = tmp_path / "qpv.gpkg"
    squares(codes).to_file(path)
    with pytest.raises(DataError, match=rf"row 2.*{said}"):
        read_qpv(path, PLAIN, crs="EPSG:2154")
