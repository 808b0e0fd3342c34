"""Petit Pays on a graph that osmnx saved: the shares worked out by hand hold."""

import re

import networkx as nx
import osmnx as ox
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main

STUDY = pp.STUDY[: pp.STUDY.index("[roads.line]")].replace('roads = "line"', 'roads = "graph"')
ROADS = """
[roads.graph]
kind = "graphml"
path = "roads.graphml"
mode = "{mode}"
provider = "test"
licence = "test"
vintage = "2026"
"""


@pytest.fixture
def study(tmp_path):
    """Write Petit Pays with the graph of its road, one arc each way; return its TOML."""

    def go(mode="car"):
        graph = nx.MultiDiGraph(crs="EPSG:2154")
        for k in range(len(pp.CODES)):
            graph.add_node(k, x=float(pp.X0 + pp.STEP * k), y=float(pp.Y0))
        for k in range(len(pp.CODES) - 1):
            data = {"osmid": 5, "highway": "tertiary", "maxspeed": "60", "length": float(pp.STEP)}
            graph.add_edge(k, k + 1, reversed=False, **data)
            graph.add_edge(k + 1, k, reversed=True, **data)
        config = pp.write(tmp_path / "pays", study=STUDY + ROADS.format(mode=mode))
        ox.save_graphml(graph, config.parent / "roads.graphml")
        return config

    return go


def test_the_shares_worked_out_by_hand_hold_on_a_graph_of_osmnx(study):
    opened = open_study(study())
    table = opened.diagnose("creche").communes
    for code in pp.CODES[:4]:
        assert table.loc[code, "access_per_100"] == pytest.approx(100 * pp.ACCESS[code], rel=1e-9)
    assert {each.table: (each.read, each.used) for each in opened.ledgers}["roads.graphml"] == (
        8,
        8,
    )
    assert "roads.graphml" in {each.path for each in opened.inputs}


def test_the_graph_of_another_mode_is_refused_in_words(study, capsys):
    assert main(["check", str(study("foot"))]) == 1
    said = re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().err)
    assert "roads.graphml" in said
    assert "Corriger la clé mode" in said
