"""How many places of a commune the outputs of several services may be solved for."""

import numpy as np
import pandas as pd

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.diagnosis.few import equations, solvable


def test_two_services_of_the_same_people_solve_a_commune_of_more_places_than_one():
    """Five weighted sums a service, and the sum: their rank is what linear algebra can solve."""
    random = np.random.default_rng(3)
    people = pd.Series([30.0, 3, 12, 9, 40, 7, 8, 25])
    codes = pd.Series("a", index=people.index)
    for services, expected in ((1, []), (2, ["a"])):
        rows = np.vstack([np.ones(8), random.random((5 * services, 8))])
        assert len(rows) == equations(services)
        told = rows @ people
        found, _, rank, _ = np.linalg.lstsq(rows, told, rcond=None)
        assert (rank == 8) == bool(expected)
        assert np.allclose(found, people) == bool(expected)
        assert solvable(codes, people, 5, told=equations(services)).tolist() == expected


def test_a_study_counts_the_services_present_that_tell_of_the_same_people(tmp_path):
    services = pp.SERVICES.replace('demand = "population"', 'demand = "children_0_2"')
    study = open_study(pp.write(tmp_path, services=services))
    assert study.told_of("children_0_2") == 2
    assert study.told_of("population") == 1
