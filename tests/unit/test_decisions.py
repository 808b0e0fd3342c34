"""The first page names what holds first, and says of what does not that it does not."""

import pandas as pd
import pytest

from ctg_geo.documents.decisions import _worst
from read_pages import normal

FRAGILE, LIKELY, SOLID = "fragile", "probable", "solide"


def lacking(*verdicts):
    ranks = range(1, len(verdicts) + 1)
    return pd.DataFrame({"nom": list("ABCDEFGH"[: len(verdicts)]), "rank": ranks,
                         "missing": [20.0 - rank for rank in ranks],
                         "certainty_label": verdicts})  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ((SOLID, LIKELY, SOLID, SOLID), "A (19), B (18), C (17)"),
        ((FRAGILE, LIKELY, SOLID, SOLID, FRAGILE),
         "B (18), C (17), D (16) ; peut-être aussi A (19), où le verdict est fragile"),
        ((SOLID, FRAGILE), "A (19) ; peut-être aussi B (18), où le verdict est fragile"),
        ((FRAGILE, FRAGILE), "A (19), B (18), où le verdict est fragile"),
    ],
)  # fmt: skip
def test_what_holds_is_named_first(verdicts, said):
    assert normal(_worst(lacking(*verdicts), "missing")) == said


def test_a_number_that_is_not_shown_leaves_the_name():
    table = lacking(SOLID, FRAGILE).assign(missing=float("nan"))
    assert normal(_worst(table, "missing")).startswith("A ; peut-être aussi B, où")
