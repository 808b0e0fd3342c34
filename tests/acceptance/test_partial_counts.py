"""Counts of places that a file knows in part only, on Petit Pays: an unknown is no zero."""

import re

import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main

STUDY = pp.STUDY.replace(
    'columns = { equipement_id = "id", nom = "nom", code_insee = "insee", capacity = "places" }',
    'columns = { code_insee = "insee", count = "lieux", count_status = "statut" }\n'
    'capacity_each = { value = 5, source = "test" }',
)
# Five places in Alpe; Dune is said to have none, and Étang (around) is not known at all.
COUNTS = """insee,lieux,statut
01001,5,observed
2A004,0,estimated
26005,,not_available
"""
KNOWN = COUNTS.replace("estimated", "observed").replace(",,not_available", ",0,observed")


def opened(tmp_path, counts=COUNTS, study=STUDY):
    return open_study(pp.write(tmp_path / "pays", study=study, creches=counts))


def test_each_commune_known_in_part_has_a_finding_of_its_own(tmp_path):
    told = [each for each in opened(tmp_path).findings if each.key.startswith("count_")]
    assert [(each.key, each.identifier) for each in told] == [
        ("count_unknown", "26005"), ("count_estimated", "2A004"),
    ]  # fmt: skip
    assert [each.table for each in told] == ["creches.csv"] * 2
    assert "Dune" in told[1].explain()


def test_a_verdict_below_the_norm_is_not_sure_where_supply_may_be_there(tmp_path):
    found = opened(tmp_path / "a").diagnose("creche")
    plain = opened(tmp_path / "b", KNOWN).diagnose("creche")
    # nothing is within 15 min of Dune: every variant agrees, and knows nothing more of it
    assert plain.communes.loc["2A004", ["below", "certainty"]].tolist() == [True, 1.0]
    assert found.communes.loc["2A004", ["below", "certainty"]].tolist() == [True, 0.0]
    others = ["01001", "01002", "01003"]
    same = [each.communes.loc[others, "certainty"].tolist() for each in (found, plain)]
    assert same[0] == same[1]
    assert "counts" in found.estimated
    assert "counts" not in plain.estimated


def test_a_norm_that_is_met_needs_no_more_places(tmp_path):
    """Alpe is known in part too, and has enough of what is known: more would change nothing."""
    counts = COUNTS.replace("01001,5,observed", "01001,5,estimated")
    found = opened(tmp_path, counts).diagnose("creche")
    assert found.communes.loc["01001", ["below", "certainty"]].tolist() == [False, 1.0]


def test_another_service_says_nothing_of_it(tmp_path):
    found = opened(tmp_path).diagnose("france_services")
    assert "counts" not in found.estimated
    assert not found.communes["known_in_part"].any()


def test_outputs_say_so_beside_the_verdict(tmp_path):
    opened(tmp_path)
    out = tmp_path / "out"
    config = str(tmp_path / "pays" / "study.toml")
    assert main(["diagnose", config, "-s", "creche", "-o", str(out)]) == 0
    summary = (out / "synthese.txt").read_text("utf-8")
    assert "nombre de lieux inconnu ou connu en partie" in summary
    table = pd.read_csv(out / "resultats.csv", dtype=str, sep=";", encoding="utf-8-sig")
    dune = " ".join(map(str, table[table["Commune"] == "Dune"].iloc[0]))
    assert re.search(r"connu en partie.*fragile|fragile.*connu en partie", dune)


MERGERS = """
[sources.mergers]
path = "old.csv"
columns = { old_code = "old", code_insee = "new" }
provider = "test"
licence = "test"
vintage = "2026"

[roads.line]"""


@pytest.mark.parametrize("status", ["estimated", "observed"])
def test_a_part_known_in_part_makes_the_merged_commune_so(tmp_path, status):
    study = STUDY.replace("[roads.line]", MERGERS, 1)
    counts = COUNTS.replace("2A004,0,estimated", f"2A009,0,{status}")
    config = pp.write(tmp_path / "pays", study=study, creches=counts)
    (tmp_path / "pays" / "old.csv").write_text("old,new\n2A009,2A004\n", "utf-8")
    found = open_study(config).diagnose("creche").communes["known_in_part"]
    assert found.to_dict() == {"01001": False, "01002": False, "01003": False,
                               "2A004": status == "estimated"}  # fmt: skip


def test_the_portrait_is_told_of_people_and_of_no_place(tmp_path, capsys):
    config = pp.write(tmp_path / "pays", study=STUDY, creches=COUNTS)
    for command in ("portrait", "population"):
        out = tmp_path / command
        assert main([command, str(config), "-o", str(out)]) == 0
        said = capsys.readouterr().out + (out / "constats.csv").read_text("utf-8-sig")
        assert "creche" not in said
    assert "creches.csv" in (tmp_path / "portrait" / "manifest.json").read_text("utf-8")


def test_a_service_has_its_name_on_the_screen(tmp_path, capsys):
    config = pp.write(tmp_path / "pays", study=STUDY, creches=COUNTS)
    assert main(["check", str(config)]) == 0
    said = capsys.readouterr().out
    assert "(service «\u00a0Crèches\u00a0»)" in said
    assert "«\u00a0creche\u00a0»" not in said
