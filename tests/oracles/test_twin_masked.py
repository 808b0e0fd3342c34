"""The engine against the brute-force twin: people secret, unknown or without object."""

from twin_studies import cases

test_masked_people_as_the_twin_says = cases(communes=(2, 9), spread=False, masked=True)
