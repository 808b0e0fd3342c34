"""Turn restrictions of a real town: never faster, equal to a search over arcs, no turn taken."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from by_arcs import by_arcs, forbidden
from ctg_geo import routes
from ctg_geo.config import load_study
from ctg_geo.network import from_edges, with_profile
from ctg_geo.sources import read_osm
from ctg_geo.travel import matrix
from ctg_geo.travel.snap import at_nodes

pytestmark = pytest.mark.shared

ROOT = Path(__file__).parents[2]
METHODS = ("plain", "bounded", "hierarchy")


@pytest.fixture(scope="module", params=["car", "car.peak", "bicycle"])
def network(shared, request):
    path = shared / "roads" / "osm" / "helsinki_centre.osm.pbf"
    read = read_osm(path, crs="EPSG:3067")
    profile = load_study(ROOT / "config" / "valence_romans.toml").profile(request.param)
    roads = from_edges(read.nodes, read.edges, crs="EPSG:3067", mode=profile.mode, turns=read.turns)
    return with_profile(roads, profile)


@pytest.fixture(scope="module")
def ends(network):
    draw = np.random.default_rng(7)
    return draw.choice(network.nodes, 25, replace=False), draw.choice(network.nodes, 200)


def in_ms(minutes):
    return np.where(np.isfinite(minutes), np.rint(minutes * 60_000), np.inf)


def test_no_time_is_shorter_and_some_are_longer(network):
    every = np.arange(network.nodes)
    with_, without = (
        matrix(each, every, every, limit_min=None, method="hierarchy").minutes
        for each in (network, replace(network, turns=None))
    )
    assert (with_ >= without).all()
    assert (with_ > without).any()
    assert (np.diag(with_) == 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_times_are_those_of_a_search_over_arcs(network, ends, method):
    starts, stops = ends[0], np.unique(ends[1])
    nodes = [at_nodes(network, each, pd.Index(each)) for each in (starts, stops)]
    found = matrix(network, starts, stops, limit_min=600, method=method)
    assert (in_ms(found.minutes) == by_arcs(network, *nodes)).all()


def test_routes_take_no_forbidden_turn_and_last_what_is_said(network, ends):
    starts, stops = np.repeat(ends[0], 8), ends[1]
    way = routes(network, starts, stops)
    shut, met = forbidden(network), 0
    free = routes(replace(network, turns=None), starts, stops)
    for each, bound in ((way, True), (free, False)):
        for i in range(len(each)):
            part = slice(each.start[i], each.start[i + 1])
            edge = each.edge[part]
            arcs = np.where(each.forward[part], network.forward[edge], network.backward[edge])
            taken = set(zip(arcs[:-1].tolist(), arcs[1:].tolist(), strict=True)) & shut
            met += len(taken)
            assert not (bound and taken)
            if each.time_ms[i] >= 0:
                assert network.time_ms[arcs].sum() == each.time_ms[i]
    assert met  # ways that know no turns do take some


@pytest.fixture(scope="module")
def benchmark():
    folder = str(ROOT / "benchmarks")
    sys.path.insert(0, folder)
    try:
        path = ROOT / "benchmarks" / "turn_restrictions.py"
        spec = importlib.util.spec_from_file_location("turn_restrictions", path)
        module = importlib.util.module_from_spec(spec)
        sys.modules["turn_restrictions"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    return module


def test_the_table_of_the_document_is_what_the_extracts_give(benchmark, shared):
    document = (ROOT / "docs" / "impedance.md").read_text(encoding="utf-8").splitlines()
    for each in benchmark.MEASURED:
        row = benchmark.row(each, benchmark.change(shared / "roads" / "osm", each))
        assert row in document
