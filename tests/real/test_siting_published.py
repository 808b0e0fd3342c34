"""Published optima: OR-Library (p-median, p-centre) and San Francisco (spopt)."""

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse.csgraph import floyd_warshall

from ctg_geo.siting import SiteRules, lscp, mclp, p_centre, p_median

SHARED = Path(os.environ.get("CTG_GEO_SHARED", "../shared"))
ORLIB = SHARED / "data/reference/orlib_pmed"
SPOPT = SHARED / "data/reference/spopt_sf"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not ORLIB.exists(), reason=f"no reference data in {SHARED}"),
]
SMALL = ("pmed1", "pmed3", "pmed5", "pmed7", "pmed15")


def orlib(name):
    """Return distances and p; of a repeated edge the last cost counts."""
    with gzip.open(ORLIB / f"{name}.txt.gz", "rt") as file:
        words = file.read().split()
    count, _, p = (int(word) for word in words[:3])
    edges = np.full((count, count), np.inf)
    for one, other, cost in np.array(words[3:], dtype=int).reshape(-1, 3):
        edges[one - 1, other - 1] = edges[other - 1, one - 1] = cost
    names = [str(each) for each in range(1, count + 1)]
    return pd.DataFrame(floyd_warshall(edges), index=names, columns=names), p


@pytest.mark.parametrize("name", SMALL)
def test_or_library_optima_are_proven(name):
    optimum = pd.read_csv(ORLIB / "optima.csv", index_col="instance").loc[name]
    table, p = orlib(name)
    people = pd.Series(1.0, index=table.index)
    for model, column in ((p_median, "p_median_optimum"), (p_centre, "p_center_optimum")):
        plan = model(table, people, SiteRules(new=p))
        assert plan.status == "proven"
        assert plan.value == optimum[column]


@pytest.mark.parametrize("name", ["pmed19", "pmed33", "pmed39"])
def test_the_longest_trip_is_proven_where_covers_are_hard_to_find(name):
    optimum = pd.read_csv(ORLIB / "optima.csv", index_col="instance").loc[name]
    table, p = orlib(name)
    plan = p_centre(table, pd.Series(1.0, index=table.index), SiteRules(new=p))
    assert (plan.status, plan.value) == ("proven", optimum["p_center_optimum"])


def san_francisco():
    pairs = pd.read_csv(
        SPOPT / "SF_network_distance_candidateStore_16_censusTract_205_new.csv",
        dtype={"DestinationName": str},
    )
    table = pairs.set_index(["DestinationName", "name"])["distance"].unstack()  # noqa: PD010
    tracts = pd.read_csv(
        SPOPT / "SF_demand_205_centroid_uniform_weight.csv", dtype={"NAME": str}, index_col="NAME"
    )
    return table, tracts["POP2000"].astype(float).reindex(table.index)


def cases():
    file = SPOPT / "expected.json"
    return json.loads(file.read_text())["cases"] if file.exists() else []


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['model']}-{case['params']}")
def test_san_francisco_as_solved_by_spopt(case):
    table, people = san_francisco()
    asked = case["params"]
    rules = SiteRules(new=asked.get("p"))
    plan = {
        "p-median": lambda: p_median(table, people, rules),
        "p-center": lambda: p_centre(table, people, rules),
        "mclp": lambda: mclp(table, people, rules, within_min=asked["service_radius"]),
        "lscp": lambda: lscp(table, people, rules, within_min=asked["service_radius"]),
    }[case["model"]]()
    assert plan.status == "proven"
    assert plan.value == pytest.approx(case["objective"], rel=1e-7)


def test_a_radius_too_short_for_san_francisco_is_infeasible():
    table, people = san_francisco()
    shortest = table.min(axis=1).max()  # the tract farthest from its nearest store
    assert lscp(table, people, SiteRules(), within_min=shortest).status == "proven"
    assert lscp(table, people, SiteRules(), within_min=shortest - 1e-6).status == "infeasible"
