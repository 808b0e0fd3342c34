"""What the command writes, against the brute-force twin: a few services, to the printed digit."""

import csv
import io
import json
from itertools import islice

import pytest

from ctg_geo.cli import main
from twin import files, gaps, verdict
from twin.writing import Draw, write_study

DRAWS = (Draw(6, 6, spread=False, masked=True), Draw(11, 4, spread=True, masked=False))
MISSING, ACCESS = "Manque pour atteindre la norme (places)", "Offre accessible (places pour 100)"
INDICES = {"Gini": "gini", "Theil, total": "theil", "Profondeur du manque (FGT 1)": "fgt_1",
           "Part au-dessous de la norme (FGT 0)": "fgt_0"}  # fmt: skip


def rows(path):
    text = path.read_bytes().decode("utf-8-sig").replace("\u00a0", "").replace("\u202f", "")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def judged_on_supply(territory):
    """Yield the services that the twin can diagnose, and that have a norm on supply."""
    for key, service in territory.services.items():
        try:
            made = verdict.diagnose(territory, key)
        except verdict.Refused:
            continue
        if made.norm is not None and "care" not in service:
            yield key, made


def assert_printed(cell, value, digits):
    if value is None or value == float("inf"):
        assert cell == ""
    else:
        assert float(cell.replace(",", ".")) == pytest.approx(float(value), abs=0.51 / 10**digits)


@pytest.mark.parametrize("draw", DRAWS, ids=["communes", "streets"])
def test_tables_written_say_what_the_twin_says(draw, tmp_path):
    config = write_study(tmp_path / "study", draw)
    territory = files.read_territory(config)
    found = list(islice(judged_on_supply(territory), 2))
    assert found
    for key, made in found:
        out = tmp_path / key
        assert main(["diagnose", str(config), "-s", key, "-o", str(out), "-q"]) == 0
        table = rows(out / "resultats.csv")
        assert [row["Code Insee"] for row in table] == sorted(
            made.rows, key=lambda code: made.rows[code]["rank"]
        )
        for row in table:
            expected = made.rows[row["Code Insee"]]
            assert row["Norme non atteinte"] == ("oui" if expected["below"] else "non")
            assert_printed(row[MISSING], expected["missing"], 1)
            assert_printed(row[ACCESS], 100 * expected["access"], 1)
            assert_printed(row["Temps au lieu le plus proche (min)"], expected["nearest_min"], 1)
        told = gaps.indices(made, {})
        for row in rows(out / "indices.csv"):
            if not row["Découpage"] and row["Indice"] in INDICES:
                value = told["", "", INDICES[row["Indice"]]]
                assert_printed(row["Valeur"], None if isinstance(value, str) else value, 3)
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        accounts = {each["table"]: (each["read"], each["used"]) for each in manifest["rows"]}
        assert accounts | territory.rows == accounts
