"""Odd but honest studies: the answer is right, or the refusal says why."""

import json
import re

import geopandas as gpd
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import app, main
from ctg_geo.errors import DataError


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("’", "'")


@pytest.fixture
def run(tmp_path, capsys):
    """Diagnose the crèches of a changed Petit Pays; return the code, the words, the folder."""

    def go(**changes):
        config = pp.write(tmp_path / "pays", **changes)
        out = tmp_path / "out"
        code = main(["diagnose", str(config), "-s", "creche", "-o", str(out)])
        said = capsys.readouterr()
        return code, plain(said.out + said.err), out

    return go


def keys(out):
    return set(gpd.read_file(out / "ctg.gpkg", layer="constats")["key"])


def test_nobody_concerned_anywhere_is_refused(run):
    nobody = re.sub(r",[0-9]+$", ",0", pp.POPULATION, flags=re.MULTILINE)
    code, said, out = run(population=nobody)
    assert code == 1
    assert "personne n'est concerné" in said
    assert not out.exists(), "a folder made for nothing is taken away"


def test_places_without_supply_are_no_sharing_problem(run):
    empty = re.sub(r",[0-9]+$", ",0", pp.CRECHES, flags=re.MULTILINE)
    code, said, _ = run(creches=empty)
    assert code == 0
    assert "mais sans offre disponible" in said
    assert "trop partagés" not in said


def test_a_masked_capacity_counts_half_of_its_bound(run):
    code, _, out = run(creches=pp.CRECHES.replace(",6\n", ",<5\n"))
    assert code == 0
    places = gpd.read_file(out / "ctg.gpkg", layer="equipements").set_index("equipement_id")
    assert places.loc["c2", "capacity"] == 2.5
    assert places.loc["c2", "capacity_status"] == "estimé"
    assert "capacity_masked" in keys(out)


def test_a_capacity_without_object_is_given_no_average(run):
    """capacity_each stands for capacities that are not known, as its message says."""
    each = 'capacity = "places" }\ncapacity_each = { value = 10, source = "test" }'
    study = pp.STUDY.replace('capacity = "places" }', each, 1)
    assert run(creches=pp.CRECHES.replace(",6\n", ",\n"), study=study)[0] == 0
    code, said, _ = run(creches=pp.CRECHES.replace(",6\n", ",//\n"), study=study)
    assert code == 1
    assert "sans objet" in said


def test_a_place_entered_twice_is_said(run):
    code, _, out = run(creches=pp.CRECHES + "c9,Les Abeilles,01001,20\n")
    assert code == 0
    assert "place_twice" in keys(out)


def test_a_buffer_without_places_is_said(run):
    code, _, out = run(creches=pp.CRECHES.replace("c3,Les Loutres,26005,4\n", ""))
    assert code == 0
    assert "no_place_around" in keys(out)


def test_a_point_outside_that_claims_a_commune_inside_is_named(run):
    columns = 'code_insee = "insee", capacity = "places" }'
    study = pp.STUDY.replace(
        columns, 'code_insee = "insee", lon = "lon", lat = "lat", capacity = "places" }', 1
    )
    text = "id,nom,insee,lon,lat,places\nc1,Les Abeilles,01001,4.9,45.4,20\nc2,Au sud,01001,,,5\n"
    code, _, out = run(study=study, creches=text)
    assert code == 0
    findings = gpd.read_file(out / "ctg.gpkg", layer="constats").set_index("key")
    assert findings.loc["place_outside", "identifier"] == "c1"
    assert "01001" in findings.loc["place_outside", "message"]


def test_no_buffer_means_no_neighbour(tmp_path):
    study = pp.STUDY.replace("buffer_km = 12", "buffer_km = 0")
    territory = open_study(pp.write(tmp_path / "pays", study=study)).territory
    assert territory.communes["inside"].all()
    assert len(territory.communes) == 4


def test_check_refuses_what_diagnose_would(tmp_path, capsys):
    study = pp.STUDY.replace("names = { ouest", 'override = { "26999" = "est" }\nnames = { ouest')
    assert main(["check", str(pp.write(tmp_path / "pays", study=study))]) == 1
    assert "26999" in capsys.readouterr().err


def test_the_results_of_another_service_are_not_overwritten(run, tmp_path, capsys):
    code, _, out = run()
    assert code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    config = tmp_path / "pays" / "study.toml"
    assert main(["diagnose", str(config), "-s", "france_services", "-o", str(out)]) == 1
    assert "contient déjà les résultats de" in plain(capsys.readouterr().err)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def counted(folder, rows):
    """Write Petit Pays with counts of crèches per commune; return its TOML."""
    study = pp.STUDY.replace(
        'columns = { equipement_id = "id", nom = "nom", code_insee = "insee", '
        'capacity = "places" }',
        'columns = { code_insee = "insee", count = "n" }\n'
        'capacity_each = { value = 10, source = "test" }',
    )
    return pp.write(folder / "pays", study=study, creches="insee,n\n" + rows)


def test_places_that_are_counts_are_named_after_their_commune(tmp_path):
    places = open_study(counted(tmp_path, "01001,2\n01003,0\n")).territory.equipements
    assert list(places[places["service"] == "creche"]["nom"]) == ["Alpe (1)", "Alpe (2)"]


def test_an_unknown_code_of_several_places_is_told_once(tmp_path):
    with pytest.raises(DataError) as told:
        _ = open_study(counted(tmp_path, "01001,2\n99999,7\n")).territory
    assert [(each.row, each.value) for each in told.value.defects] == [(3, "99999")]


def test_an_interruption_is_told_without_a_traceback(tmp_path, monkeypatch, capsys):
    def interrupted(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(app.commands["check"], "callback", interrupted)
    assert main(["check", str(pp.write(tmp_path / "pays"))]) == 1
    assert "Interrompu" in capsys.readouterr().err


def test_the_findings_are_a_table_too(run):
    code, _, out = run()
    assert code == 0
    text = (out / "constats.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == (
        "Gravité;Nature;Table;Identifiant;Commune;Constat;À écrire dans le fichier de l’étude"
    )
    listed = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert "constats.csv" in listed


def test_communes_that_reach_no_pole_are_a_group_of_their_own(tmp_path):
    cut = pp.SEGMENTS.replace("j2,j3,local,10000,60,no\n", "")
    study = pp.STUDY.replace('est = "2A004"', 'est = "01003"', 1)
    config = pp.write(tmp_path / "pays", study=study, segments=cut)
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    lines = plain((out / "comparaison.csv").read_text(encoding="utf-8-sig")).splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == [
        "hors d'atteinte des pôles", "Est", "Ouest", "Ensemble du territoire",
    ]  # fmt: skip


def test_groups_may_be_formed_by_another_profile_than_car(tmp_path):
    config = pp.write(
        tmp_path / "pays",
        study=pp.STUDY.replace('label = "bassin"', 'label = "bassin"\nprofile = "voiture"'),
        profiles=pp.PROFILES.replace("car", "voiture"),
        services=pp.SERVICES.replace("unit =", 'profile = "voiture"\nunit ='),
    )
    groups = open_study(config).groups["bassin"]
    assert groups.to_dict() == {
        "01001": "ouest", "01002": "ouest", "01003": "est", "2A004": "est", "26005": "est",
    }  # fmt: skip


def test_a_norm_missed_where_nobody_lives_concerns_nobody_and_says_so(run):
    """Children in the buffer alone: the four communes lack, and nobody there lacks anything."""
    outside = re.sub(r"^((?!26005|code).*),[0-9]+$", r"\1,0", pp.POPULATION, flags=re.MULTILINE)
    code, said, out = run(population=outside, creches=pp.CRECHES.split("c2")[0])
    assert code == 0
    assert "personne n'est concerné" in said
    summary = plain((out / "synthese.txt").read_text(encoding="utf-8"))
    assert "Les manques les plus grands" not in summary
    assert "zone" not in summary
