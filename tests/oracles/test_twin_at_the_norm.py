"""The engine against the brute-force twin: norms that some commune meets to the last digit."""

from twin_studies import at_the_norm, cases

test_communes_at_the_norm_as_the_twin_says = cases(
    communes=(1, 6), spread=False, masked=False, changed=at_the_norm
)
