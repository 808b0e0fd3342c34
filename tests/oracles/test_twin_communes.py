"""The engine against the brute-force twin: several communes, people at one point of each."""

from twin_studies import CASES, cases

test_communes_as_the_twin_says = cases(communes=(2, 9), spread=False, masked=False)


def test_cases_are_as_many_as_promised():
    assert CASES >= 2_000
