"""Laws of a comparison, whatever the people, places and capacities of both dates."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.evolution import PARTS, evolve
from ctg_geo.study.evolution import moment_of

SLOWER = pp.SEGMENTS.replace("j1,j2,local,10000,60", "j1,j2,local,10000,30")
PEOPLE = st.lists(st.integers(0, 300), min_size=5, max_size=5).filter(any)
PLACES = st.lists(st.integers(0, 60) | st.none(), min_size=3, max_size=3).filter(
    lambda each: any(one is not None for one in each)
)


@pytest.fixture(scope="module")
def dates(tmp_path_factory):
    """Return the service and the moments of two dates that differ by one road."""
    studies = [open_study(pp.write(tmp_path_factory.mktemp("pays"), segments=segments))
               for segments in (pp.SEGMENTS, SLOWER)]  # fmt: skip
    service = studies[0].config.service("creche")
    return service, studies[1].groups, [moment_of(each, "creche", service, {}) for each in studies]


def with_(moment, people, places):
    """Return a date with other people and places; a place that is None is not there."""
    there = [each is not None for each in places]
    supply = moment.supply[there].assign(capacity=[float(p) for p in places if p is not None])
    demand = moment.demand.assign(people=np.array(people, dtype=float))
    return replace(moment, demand=demand, supply=supply)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PEOPLE, PEOPLE, PLACES, PLACES)
def test_parts_sum_to_the_change_turn_with_time_and_add_up(dates, early, late, first, second):
    service, groups, moments = dates
    before, after = with_(moments[0], early, first), with_(moments[1], late, second)
    made = evolve(before, after, "creche", service, groups=groups)
    back = evolve(after, before, "creche", service, groups=groups)
    for table, other in ((made.communes, back.communes), (made.groups, back.groups)):
        known = table["change"].notna()
        parts = table.loc[known, list(PARTS)]
        if parts.notna().all(axis=None):
            assert np.abs(parts.sum(axis=1) - table.loc[known, "change"]).max() <= 1e-9
        assert np.allclose(table[list(PARTS)], -other[list(PARTS)], atol=1e-9, equal_nan=True)
    people = made.communes.xs("people", level="measure")
    assert np.abs(people[["by_supply", "by_roads"]].to_numpy()).max() <= 1e-9
    whole = made.groups.loc["", ""]
    for measure in ("missing", "concerned"):
        own = made.communes.xs(measure, level="measure")[["change", *PARTS]].sum()
        assert np.allclose(own, whole.loc[measure, ["change", *PARTS]].astype(float), atol=1e-9)


@settings(max_examples=4, deadline=None)
@given(PEOPLE, PLACES)
def test_with_one_input_switched_all_of_the_change_is_its_own(dates, people, places):
    service, groups, moments = dates
    start = with_(moments[0], people, places)
    alone = evolve(start, replace(start, network=moments[1].network), "creche", service,
                   groups=groups).communes  # fmt: skip
    known = alone["change"].notna()
    assert np.allclose(alone.loc[known, "by_roads"], alone.loc[known, "change"], atol=1e-9)
    assert np.abs(alone.loc[known, ["by_people", "by_supply"]].to_numpy()).max() <= 1e-9
