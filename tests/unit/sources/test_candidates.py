"""A planner's list of candidates at the door: what is read, and what is refused by row."""

import pytest
from pydantic import ValidationError

from ctg_geo.config.candidate_source import CandidateSource
from ctg_geo.errors import DataError, MissingColumnError
from ctg_geo.sources import read_candidates

HEAD = "id;nom;x;y;prix;par_place;secteur;choix\n"
COLUMNS = {
    "candidate_id": "id", "nom": "nom", "x": "x", "y": "y", "cost_open": "prix",
    "cost_place": "par_place", "group": "secteur", "decision": "choix",
}  # fmt: skip


def read(tmp_path, rows, columns=COLUMNS, **more):
    path = tmp_path / "sites.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    source = CandidateSource(
        path="sites.csv", provider="t", licence="t", vintage="2026", columns=columns,
        **({"crs": "EPSG:2154"} | more),
    )  # fmt: skip
    return read_candidates(path, source, crs="EPSG:2154")


def reasons(tmp_path, rows, **more):
    with pytest.raises(DataError) as caught:
        read(tmp_path, rows, **more)
    assert caught.value.explain("fr")
    assert str(caught.value)
    return [(defect.row, defect.reason) for defect in caught.value.defects]


def test_every_row_is_a_candidate_with_its_costs(tmp_path):
    found = read(tmp_path, "a;Gare;850000;6420000;1500000;12000,5;nord;imposé\n"
                           "b;Parc;851000;6421000;0;0;sud;\n")  # fmt: skip
    assert found.table.index.tolist() == ["a", "b"]
    assert found.table.loc["a", "cost_place"] == 12000.5
    assert found.table["decision"].tolist() == ["forced", ""]
    assert found.table["group"].tolist() == ["nord", "sud"]
    assert (found.ledger.read, found.ledger.used) == (2, 2)


def test_wrong_cells_are_told_all_at_once(tmp_path):
    rows = (
        "a;Gare;850000;6420000;10;1;nord;\n"
        "a;;850000;6420000;10;1;nord;\n"
        ";Parc;;;10;1;nord;\n"
        "d;Mairie;850000;6420000;;-1;nord;peut-être\n"
    )
    assert sorted(reasons(tmp_path, rows)) == [
        (3, "candidate_no_name"), (3, "candidate_twice"), (4, "candidate_no_id"),
        (4, "candidate_nowhere"), (5, "candidate_cost"), (5, "candidate_decision"),
        (5, "negative"),
    ]  # fmt: skip


def test_a_column_that_the_file_lacks_is_named(tmp_path):
    with pytest.raises(MissingColumnError, match="price"):
        read(tmp_path, "a;Gare;1;1;1;1;n;\n", columns=COLUMNS | {"cost_open": "price"})


def test_without_costs_none_is_known(tmp_path):
    columns = {key: COLUMNS[key] for key in ("candidate_id", "nom", "x", "y")}
    found = read(tmp_path, "a;Gare;850000;6420000;;;;\n", columns=columns)
    assert found.table["cost_open"].isna().all()


@pytest.mark.parametrize("columns", [
    {"candidate_id": "id", "nom": "nom"},
    {"candidate_id": "id", "nom": "nom", "x": "x"},
    {"nom": "nom", "x": "x", "y": "y"},
])  # fmt: skip
def test_a_source_says_who_and_where(columns):
    with pytest.raises(ValidationError):
        CandidateSource(path="s", provider="t", licence="t", vintage="2026", columns=columns,
                        crs="EPSG:2154")  # fmt: skip
