"""Likely duplicates against the definition, pair by pair."""

import math
from itertools import combinations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ctg_geo.importing.duplicates import NEAR_M, SAME_M, twins_of

PLACES = st.lists(
    st.tuples(
        st.sampled_from(["Lutins", "LUTINS", "Galopins"]), st.sampled_from(["creche", "ram"]),
        st.sampled_from(["26362", "26281", ""]),
        st.sampled_from([0.0, 10.0, 250.0, 5_000.0, math.nan]),
    ),
    max_size=12,
)  # fmt: skip


def alike(first, second):
    """Return whether two places may be one, by the words of the guide."""
    near = abs(first.x - second.x)
    one_commune = "" in (first.code_insee, second.code_insee) or (
        first.code_insee == second.code_insee
    )
    same_name = first.nom.lower() == second.nom.lower() and (
        near <= NEAR_M or (math.isnan(near) and one_commune)
    )
    return same_name or (first.service == second.service and near <= SAME_M)


@given(PLACES)
def test_each_pair_proposed_is_one_and_no_like_place_is_left_alone(places):
    rows = [(*each[:3], each[3], 0.0 if each[3] == each[3] else math.nan) for each in places]
    table = pd.DataFrame(rows, columns=["nom", "service", "code_insee", "x", "y"])
    table.index = pd.Index([f"p{at}" for at in range(len(rows))])
    said = {(int(each.first[1:]), int(each.second[1:])) for each in twins_of(table)}
    listed = list(table.itertuples())
    assert all(alike(listed[first], listed[second]) for first, second in said)
    told = {second for _, second in said}
    for first, second in combinations(range(len(rows)), 2):
        if alike(listed[first], listed[second]):
            assert second in told
