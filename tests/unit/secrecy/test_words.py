"""Errors of secrecy speak of communes and figures, never of cells."""

import pytest

from ctg_geo.errors import DataError, SecrecyError
from ctg_geo.secrecy import Figure, in_words

BABIES = Figure("babies", "Enfants de moins de 3 ans", "2023", 1.0, "caf", None, False,
                "caf.csv", 9, frozenset({"26281", "26362"}))  # fmt: skip
NAMES = {"26281": "Romans", "26362": "Valence"}


def refused(reason, **facts):
    with pytest.raises(SecrecyError) as caught, in_words([BABIES], NAMES):
        raise SecrecyError(reason, **facts)
    return caught.value


def test_a_cell_is_called_by_its_commune_its_figure_and_its_vintage():
    error = refused("betrayed", cells=["babies@2023/26281"], count=1)
    assert error.facts["cells"] == ["Romans (26281, Enfants de moins de 3 ans, 2023)"]
    assert (error.reason, error.facts["count"]) == ("betrayed", 1)


def test_a_cell_of_an_older_publication_keeps_the_name_of_its_figure():
    error = refused("register_differs", cell="babies@2019/26362", publication="avant")
    assert error.facts["cell"] == "Valence (26362, babies, 2019)"
    assert error.facts["publication"] == "avant"


@pytest.mark.parametrize("cell", ["all", "babies@2019/69123", "babies/26281"])
def test_what_is_no_cell_of_a_commune_is_told_as_it_is(cell):
    assert refused("register_differs", cell=cell, publication="x").facts["cell"] == cell
    assert refused("betrayed", cells=[cell], count=1).facts["cells"] == [cell]


def test_other_errors_pass_as_they_are():
    plain = SecrecyError("solver", said="x")
    with pytest.raises(SecrecyError) as caught, in_words([BABIES], NAMES):
        raise plain
    assert caught.value is plain
    other = DataError([])
    with pytest.raises(DataError) as kept, in_words([BABIES], NAMES):
        raise other
    assert kept.value is other


def test_a_figure_counts_what_its_source_hid():
    assert BABIES.masked == 2
    assert BABIES.key("26281") == "babies@2023/26281"
