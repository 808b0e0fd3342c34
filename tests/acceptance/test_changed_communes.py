"""A study whose files are of other years: brought together, or refused by name; never guessed."""

import json
import re

import pytest

import mvt
import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main

# In 2024 Combe (01003) left Brive (01002); far away, 14002 left 14001.
EVENTS = mvt.text(
    mvt.row("21", "2024-01-01", "01002", "01002", name="Brive"),
    mvt.row("21", "2024-01-01", "01002", "01003", name="Combe"),
    *mvt.UNDONE,
)
BEFORE = """code_insee,inhabitants,under_3
01001,1000,100
01002,540,50
14001,900,90
2A004,300,30
26005,200,20
"""
MERGERS = """
[sources.mergers]
path = "v_mvt_commune_2026.csv"
format = "cog_mouvements"
provider = "Insee"
licence = "Licence Ouverte 2.0"
vintage = "2026"
"""
SPLITS = """
[sources.splits]
path = "parts.csv"
columns = { old_code = "old", code_insee = "new", share = "share" }
provider = "test"
licence = "test"
vintage = "2026"
"""
PARTS = "old,new,share\n01002,01002,0.9\n01002,01003,0.1\n"


@pytest.fixture
def study(tmp_path):
    def write(
        *, population=BEFORE, extra=MERGERS, people="cog = 2020\nwider_area = true\n", **files
    ):
        head = '[sources.population]\npath = "population.csv"\n'
        text = pp.STUDY.replace(head, head + people).replace(
            "[roads.line]", extra + "[roads.line]", 1
        )
        path = pp.write(tmp_path / "pays", study=text, population=population, **files)
        (path.parent / "v_mvt_commune_2026.csv").write_text(EVENTS, encoding="utf-8")
        (path.parent / "parts.csv").write_text(PARTS, encoding="utf-8")
        return path

    return write


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


def test_people_of_a_commune_that_was_cut_are_refused_by_name_and_day(study, capsys):
    assert main(["check", str(study())]) == 1
    said = plain(capsys.readouterr().err)
    assert "« 01002 » a été partagée le 2024-01-01 entre 01002, 01003" in said
    assert "sources.splits" in said
    assert "14001" not in said, "a commune cut elsewhere is not ours"


def test_with_the_shares_they_are_estimated_and_said(study):
    opened = open_study(study(extra=MERGERS + SPLITS))
    people = opened.territory.population
    assert people["population"].to_dict() == pytest.approx(
        {"01001": 1000, "01002": 486, "01003": 54, "2A004": 300, "26005": 200}
    )
    assert people["population_status"].to_dict() == {
        "01001": "observed", "01002": "estimated", "01003": "estimated",
        "2A004": "observed", "26005": "observed",
    }  # fmt: skip
    assert ("code_split", "01002") in {(each.key, each.identifier) for each in opened.findings}
    ledgers = {each.table: each for each in opened.ledgers}
    assert ledgers["population.csv"].set_aside == {"elsewhere": 1, "repeats": 0}
    assert ledgers["v_mvt_commune_2026.csv"].read == EVENTS.count("\n") - 1


def test_a_table_that_does_not_say_its_year_and_may_hold_the_cut_commune_is_warned_of(study):
    opened = open_study(study(people="wider_area = true\n"))
    warned = {(each.key, each.identifier) for each in opened.findings if each.severity == "warning"}
    assert ("split_suspected", "01002") in warned
    assert ("no_population", "01003") in warned


def test_a_place_that_its_commune_alone_locates_is_refused_if_it_was_cut(study, capsys):
    creches = pp.CRECHES.replace("c2,Les Coccinelles,01003", "c2,Les Coccinelles,01002")
    text = study(extra=MERGERS + SPLITS, creches=creches)
    content = text.read_text(encoding="utf-8")
    text.write_text(content.replace('path = "creches.csv"', 'path = "creches.csv"\ncog = 2020'))
    assert main(["check", str(text)]) == 1
    said = plain(capsys.readouterr().err)
    assert "creches.csv" in said
    assert "« 01002 » a été partagée" in said


def test_a_layer_drawn_before_the_cut_is_refused_or_its_year_is_asked_for(study, capsys):
    layer = pp.communes()
    merged = layer[layer["code"] != "01003"].reset_index(drop=True)
    old = layer.geometry[1].union(layer.geometry[2])
    merged.loc[merged["code"] == "01002", "geometry"] = old
    creches = pp.CRECHES.replace("01003", "01002")
    path = study(layer=merged, creches=creches)
    text = path.read_text(encoding="utf-8").replace(
        'path = "communes.geojson"', 'path = "communes.geojson"\ncog = 2020'
    )
    path.write_text(text, encoding="utf-8")
    assert main(["check", str(path)]) == 1
    assert "où passe la nouvelle limite" in plain(capsys.readouterr().err)
    path.write_text(text.replace("buffer_km = 12", "buffer_km = 12\ncog = 2020"), encoding="utf-8")
    assert main(["check", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["findings"]
    assert not [each for each in found if each["key"] == "no_population"]


def test_a_year_that_the_codes_contradict_is_told(study, capsys):
    path = study(population=pp.POPULATION, extra=MERGERS + SPLITS, people="cog = 2020\n")
    main(["check", str(path), "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    said = {(each["key"], each["table"]) for each in found}
    assert ("vintage_said", "population.csv") in said
