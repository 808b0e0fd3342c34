"""Verdicts at the edge, on Petit Pays: of the known times, of the norm, of what is known."""

import pytest

import petit_pays as pp
from ctg_geo.errors import DataError
from ctg_geo.study import open_study
from ctg_geo.study.gaps import gaps


def communes(folder, service, **files):
    return open_study(pp.write(folder, **files)).diagnose(service).communes


def test_a_place_beyond_the_limit_of_times_counts_in_the_variants_that_bring_it_near(tmp_path):
    """Dune is 30 minutes from the desk, 24 where times are a fifth shorter, for a norm of 25."""
    short = pp.SERVICES.replace("max_min = 45", "max_min = 25")
    for name, services in (("long", pp.SERVICES), ("short", short)):
        table = communes(tmp_path / name, "france_services", services=services)
        assert table.at["2A004", "certainty"] == pytest.approx(2 / 3)
        assert table.at["2A004", "below"]
    assert table.at["2A004", "nearest_status"] == "beyond_limit"


def test_a_service_known_no_further_than_people_go_has_its_certainty(tmp_path):
    short = pp.SERVICES.replace("decay = {", "max_min = 15\ndecay = {", 1)
    table = communes(tmp_path / "short", "creche", services=short)
    whole = communes(tmp_path / "whole", "creche")
    assert table["certainty"].tolist() == whole["certainty"].tolist()
    assert table["access_per_100"].tolist() == whole["access_per_100"].tolist()


def test_decays_that_reach_beyond_the_limit_of_times_may_be_tried(tmp_path):
    tried = '[robustness]\nother_decays = [{ kind = "flat", reach_min = 25 }]\n'
    short = pp.SERVICES.replace("decay = {", "max_min = 15\ndecay = {", 1)
    table = communes(tmp_path, "creche", services=short, study=pp.STUDY + tried)
    assert table["certainty"].notna().all()


def test_a_norm_that_is_met_to_the_last_digit_is_met(tmp_path):
    """Ten crèches of 10 places for 100 children: a tenth, ten times, is a digit short of 1."""
    assert sum([0.1] * 10) < 1
    people = "code_insee,inhabitants,under_3\n" + "".join(
        f"{code},1000,{100 if code == '01001' else 0}\n" for code in pp.CODES
    )
    creches = "id,nom,insee,places\n" + "".join(f"c{k},C{k},01001,10\n" for k in range(10))
    services = pp.SERVICES.replace("per_100 = 10", "per_100 = 100")
    study = open_study(pp.write(tmp_path, population=people, creches=creches, services=services))
    made = study.diagnose("creche")
    alpe = made.communes.loc["01001"]
    assert not alpe["below"]
    assert (alpe["missing"], alpe["concerned"], alpe["score"], alpe["cause"]) == (0, 0, 0, "met")
    assert alpe["class"] == made.communes.loc["01002", "class"]  # as near, and on the bound too
    told = gaps(study, made)
    assert told.communes.at["01001", "places_to_add"] == 0
    whole = told.indices[told.indices["grouping"] == ""].set_index("index")["value"]
    assert whole["fgt_0"] == 0


def test_people_that_no_commune_tells_are_unknown_and_not_none(tmp_path):
    people = "code_insee,inhabitants,under_3\n" + "".join(f"{code},100,\n" for code in pp.CODES)
    with pytest.raises(DataError) as caught:
        communes(tmp_path, "creche", population=people)
    assert {each.reason for each in caught.value.defects} == {"demand_unknown"}
    assert {each.value for each in caught.value.defects} == set(pp.CODES)
