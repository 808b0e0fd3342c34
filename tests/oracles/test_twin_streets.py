"""The engine against the brute-force twin: people along the streets of their communes."""

from twin_studies import cases

test_streets_as_the_twin_says = cases(communes=(1, 5), spread=True, masked=True)
