"""Only the columns of new and moved places are computed, once for all scenarios."""

import numpy as np
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.config.scenario_file import scenario
from ctg_geo.parameters import ScenarioFile
from ctg_geo.scenarios import changed_roads, times
from ctg_geo.study import compare


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return open_study(pp.write(tmp_path_factory.mktemp("pays")))


def told(key, *changes):
    head = {"name": key, "motive": "voir", "source": "test", "changes": changes}
    return scenario(ScenarioFile.model_validate(head), key=key)


def opening(place, commune):
    return {"kind": "open", "place": place, "service": "creche", "name": place,
            "commune": commune, "capacity": 10}  # fmt: skip


@pytest.fixture
def computed(monkeypatch):
    """Record how many columns each computation of times is asked for."""
    counts, real = [], times.travel_times

    def counted(network, homes, places, **how):
        counts.append(len(places))
        return real(network, homes, places, **how)

    monkeypatch.setattr(times, "travel_times", counted)
    return counts


def test_scenarios_share_the_columns_of_one_spot_and_compute_no_other(study, computed):
    compare(study, [
        told("a", opening("n", "01002")), told("b", opening("m", "01002"), opening("o", "2A004")),
        told("c", {"kind": "resize", "place": "c1", "by": 3}, {"kind": "close", "place": "c2"}),
        told("d", {"kind": "move", "place": "c1", "commune": "01002"}),
    ], "creche")  # fmt: skip
    assert computed == [2]  # two new spots, at one time


def test_scenarios_without_new_places_compute_nothing(study, computed):
    compare(study, [told("c", {"kind": "close", "place": "c2"})], "creche")
    assert computed == []


def test_columns_shared_are_the_times_of_a_whole_computation(study):
    from ctg_geo.travel import travel_times

    made = compare(study, [told("d", {"kind": "move", "place": "c1", "commune": "2A004"},
                                opening("n", "01002"))], "creche")  # fmt: skip
    found = made.outcomes[0].variant.diagnosis.times
    homes, places = study.territory.homes.places.geometry, made.outcomes[0].variant.diagnosis
    full = travel_times(study.network("car"), homes, places.equipements.geometry,
                        limit_min=found.limit_min)  # fmt: skip
    assert found.to_matrix().equals(full.to_matrix())
    assert found.destinations.tolist() == full.destinations.tolist()
    assert (found.destination_snaps["status"] == full.destination_snaps["status"]).all()


def test_roads_that_nothing_changes_are_the_same_network(study):
    network = study.network("car")
    slow = told("s", {"kind": "speed", "factors": {"local": 0.5}, "mode": "bicycle"})
    assert changed_roads(network, slow.steps, "car") is network
    slower = changed_roads(network, slow.steps, "bicycle")
    assert np.array_equal(slower.time_ms, 2 * network.time_ms)
    assert slower.tail is network.tail


def test_slower_roads_cost_as_much_as_before_at_junctions(study):
    from dataclasses import replace

    network = study.network("car")
    lost = np.full(network.arcs, 1000)
    timed = replace(network, time_ms=network.time_ms + lost, arrival_ms=lost)
    half = told("s", {"kind": "speed", "factors": {"local": 0.5}})
    found = changed_roads(timed, half.steps, "car").time_ms
    assert np.array_equal(found, 2 * network.time_ms + lost)
