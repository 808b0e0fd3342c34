"""Capacities that may mean something else are told, by row."""

import pytest

from ctg_geo import labels
from ctg_geo.importing import Context, ImportMapping, import_places
from sheets import as_csv


def told(tmp_path, title, cells, *, in_places=frozenset({"creche"}), service="creche"):
    rows = [["Nom", "Code Insee", title], *([f"L{at}", "26362", c] for at, c in enumerate(cells))]
    (tmp_path / "l.csv").write_bytes(as_csv(rows))
    mapping = ImportMapping.model_validate({"rules": {"service": service}})
    made = import_places(
        tmp_path / "l.csv", mapping=mapping, context=Context(in_places=in_places)
    )  # fmt: skip
    assert len(made.table) == len(cells)  # told, not refused
    mine = ("import_unit_other", "import_capacity_code", "import_capacity_large")
    found = [each for each in made.findings if each.key in mine]
    assert all(labels.text(f"findings.{each.key}", **each.facts) for each in found)
    assert all(each.severity == "warning" for each in found)
    return {each.key: each.facts["rows"] for each in found}


@pytest.mark.parametrize(
    ("title", "cells", "expected"),
    [
        ("Capacité", ["12 ETP", "3 ETP"], ["2", "3"]), ("Nb ETP", ["12", "3,5"], ["2", "3"]),
        ("Capacité", ["12 places", "3 agents", "5"], ["3"]), ("Nb de places", ["12", "3"], None),
        ("Nb berceaux", ["12", "3 berceaux"], None),
    ],
)  # fmt: skip
def test_a_unit_that_is_not_places_is_told(tmp_path, title, cells, expected):
    assert told(tmp_path, title, cells).get("import_unit_other") == expected


def test_a_service_that_is_not_counted_in_places_has_its_own_units(tmp_path):
    assert told(tmp_path, "Nb ETP", ["12", "700"], in_places=frozenset()) == {}
    assert "import_unit_other" not in told(tmp_path, "Nb ETP", ["12"], in_places=None)


def test_years_postcodes_and_crowds_are_no_capacities(tmp_path):
    cells = ["500", "501", "1998", "2024", "26000", "1000", "97400", "60", "612,5", "nd"]
    assert told(tmp_path, "Capacité", cells) == {
        "import_capacity_code": ["4", "5", "6", "7", "8"], "import_capacity_large": ["3", "10"],
    }  # fmt: skip
