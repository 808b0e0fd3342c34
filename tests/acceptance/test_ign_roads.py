"""Petit Pays on roads of IGN: the times and shares worked out by hand hold."""

import re

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString

import petit_pays as pp
from ctg_geo import open_study, travel_times
from ctg_geo.cli import main

STUDY = pp.STUDY[: pp.STUDY.index("[roads.line]")].replace('roads = "line"', 'roads = "ign"')
ROADS = """
[roads.ign]
kind = "{kind}"
path = "{file}"
provider = "IGN"
licence = "Licence Ouverte 2.0"
vintage = "2026"
"""
BDTOPO = {
    "nature": "Route à 1 chaussée", "importance": "3", "sens_de_circulation": "Double sens",
    "etat_de_l_objet": "En service", "position_par_rapport_au_sol": "0",
    "vitesse_moyenne_vl": 60, "acces_vehicule_leger": "Libre", "urbain": False,
}  # fmt: skip
ROUTE_500 = {"VOCATION": "Liaison locale", "SENS": "Double sens", "ETAT": "Revêtu",
             "ACCES": "Libre", "LONGUEUR": 10.0}  # fmt: skip


def pieces(first, last):
    """Draw the road from one chef-lieu to another in pieces of 5 km."""
    half = pp.STEP / 2
    return [
        LineString([(pp.X0 + half * k, pp.Y0), (pp.X0 + half * (k + 1), pp.Y0)])
        for k in range(2 * first, 2 * last)
    ]


@pytest.fixture
def study(tmp_path):
    def go(kind, first=0, last=4, **change):
        base = BDTOPO if kind == "bdtopo" else {**ROUTE_500, "LONGUEUR": 5.0}
        shapes = pieces(first, last)
        table = gpd.GeoDataFrame([{**base, **change}] * len(shapes), geometry=shapes, crs=2154)
        file = "bdtopo.gpkg" if kind == "bdtopo" else "TRONCON_ROUTE.shp"
        config = pp.write(tmp_path / "pays", study=STUDY + ROADS.format(kind=kind, file=file))
        layer = {"layer": "troncon_de_route"} if kind == "bdtopo" else {"encoding": "utf-8"}
        table.to_file(config.parent / file, **layer)
        return config

    return go


@pytest.mark.parametrize("kind", ["bdtopo", "route500"])
def test_the_shares_worked_out_by_hand_hold_on_roads_of_ign(study, kind):
    table = open_study(study(kind)).diagnose("creche").communes
    for code in pp.CODES[:4]:
        assert table.loc[code, "access_per_100"] == pytest.approx(100 * pp.ACCESS[code], rel=1e-9)


def test_a_one_way_road_is_one_way_for_cars(study):
    opened = open_study(study("bdtopo", sens_de_circulation="Sens inverse"))
    points = opened.territory.points
    times = travel_times(opened.network("car"), points, points, limit_min=None).to_matrix()
    assert times.loc["01002", "01001"] == pytest.approx(10)
    assert np.isinf(times.loc["01001", "01002"])


def test_roads_that_stop_short_say_whom_they_leave_out(study):
    opened = open_study(study("bdtopo", last=2))
    said = {each.key: each.facts for each in (opened.topology, opened.findings)[1]}
    assert said["roads_uncovered"]["codes"] == ["26005", "2A004"]
    assert said["roads_uncovered"]["share"] == pytest.approx(500 / 2040)
    assert said["ign_used"]["used"] == 4


def test_the_wrong_layer_is_refused_in_words(study, capsys, tmp_path):
    config = study("bdtopo")
    config.write_text(config.read_text().replace('kind = "bdtopo"', 'kind = "route500"'))
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "out")]) == 1
    said = re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().err)
    assert "bdtopo.gpkg" in said
    assert "VOCATION" in said
    assert not (tmp_path / "out").exists()
