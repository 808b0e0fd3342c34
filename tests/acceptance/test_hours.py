"""A service whose supply is hours per week, on Petit Pays; every value worked out by hand."""

import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.config.scenario_file import scenario
from ctg_geo.errors import ConfigError, DataError, ScenarioError, SitingError
from ctg_geo.parameters import ScenarioFile
from ctg_geo.scenarios import apply
from ctg_geo.study.committee import write_committee
from ctg_geo.study.sites_asked import SitesAsked
from ctg_geo.study.siting import plan_sites

# Crèches open 20, 6 and 4 hours a week: what their places were, so access is pp.ACCESS.
HOURS = """id,nom,insee,places,heures
c1,Les Abeilles,01001,99,20
c2,Les Coccinelles,01003,99,6
c3,Les Loutres,26005,,4
"""
STUDY = pp.STUDY.replace(
    'capacity = "places" }', 'capacity = "places", hours_per_week = "heures" }'
)  # fmt: skip
SERVICES = pp.SERVICES.replace('unit = "places"', 'unit = "heures"\nsupply = "hours"')
PRESENCE = "presence = { reference_hours = 10, least_share = 0.5, source = 'test' }\n"
ASSUMED = "hours_each = { value = 4, source = 'test' }\n"
SOURCE = 'service = "creche"\npath'


def study_of(tmp_path, *, study=STUDY, services=SERVICES, creches=HOURS):
    return open_study(pp.write(tmp_path / "pays", study=study, services=services, creches=creches))


def changed(study, **change):
    head = {"name": "essai", "motive": "voir", "source": "test", "changes": [change]}
    told = scenario(ScenarioFile.model_validate(head), key="essai")
    return apply(told, study.territory, study.config.services).territory


def refusal(study, **change):
    with pytest.raises(ScenarioError) as caught:
        changed(study, **change)
    return caught.value.explain()


def test_hours_are_shared_as_places_are_and_capacities_do_not_matter(tmp_path):
    found = study_of(tmp_path).diagnose("creche")
    assert found.equipements["capacity"].tolist() == [20, 6, 4]
    expected = {code: 100 * pp.ACCESS[code] for code in pp.CODES[:4]}
    assert found.communes["access_per_100"].to_dict() == pytest.approx(expected)
    assert found.communes["supply_here"].tolist() == [20, 0, 6, 0]
    # the norm is 10 for 100: Dune, Brive and Alpe meet it, Combe has nobody
    assert found.communes["missing"].fillna(0).sum() == 0
    assert not {"hours", "capacity"} & set(found.estimated)


def test_presence_leaves_seldom_stops_out_and_scales_nothing(tmp_path):
    services = SERVICES.replace('supply = "hours"', 'supply = "hours"\n' + PRESENCE)
    found = study_of(tmp_path, services=services).diagnose("creche")
    assert found.equipements["capacity"].to_dict() == {"c1": 20, "c2": 6}  # 4 of 10 h: left out
    assert [each.identifier for each in found.findings if each.key == "seldom_there"] == ["c3"]


def test_unknown_hours_are_refused_with_their_row_and_column(tmp_path):
    study = study_of(tmp_path, creches=HOURS.replace("99,6", "99,"))
    assert "hours_wanting" in [each.key for each in study.findings]
    with pytest.raises(DataError) as caught:
        study.diagnose("creche")
    said = caught.value.explain()
    for part in ("creches.csv", "ligne 3", "heures", "Les Coccinelles", "hours_each"):
        assert part in said


def test_assumed_hours_are_supply_and_told_wherever_estimates_are(tmp_path):
    creches = HOURS.replace("99,6", "99,")
    study = study_of(
        tmp_path, study=STUDY.replace(SOURCE, ASSUMED + SOURCE), creches=creches
    )  # fmt: skip
    found = study.diagnose("creche")
    assert found.equipements["capacity"].tolist() == [20, 4, 4]
    assert found.equipements["capacity_status"].tolist() == ["observed", "estimated", "observed"]
    assert "hours" in found.estimated
    assert "capacity" not in found.estimated
    out = tmp_path / "out"
    assert main(["diagnose", str(tmp_path / "pays" / "study.toml"), "-s", "creche",
                 "-o", str(out)]) == 0  # fmt: skip
    said = "ouverture supposées"
    assert said in (out / "synthese.txt").read_text("utf-8")
    table = pd.read_csv(out / "resultats.csv", dtype=str, sep=";", encoding="utf-8-sig")
    assert table.map(lambda cell: said in str(cell)).to_numpy().any()


def test_a_presence_rule_tells_hours_that_were_assumed_and_places_counted_whole(tmp_path):
    """Without `supply`, both ways of supposing hours are told."""
    services = pp.SERVICES.replace('unit = "places"', 'unit = "places"\n' + PRESENCE)
    blank = HOURS.replace("99,6", "99,").replace("26005,,4", "26005,9,4")
    whole = study_of(tmp_path / "a", services=services, creches=blank).diagnose("creche")
    assumed = study_of(
        tmp_path / "b", services=services, creches=blank,
        study=STUDY.replace(SOURCE, ASSUMED + SOURCE),
    ).diagnose("creche")  # fmt: skip
    known = study_of(
        tmp_path / "c", services=services, creches=HOURS.replace("26005,,4", "26005,9,4")
    ).diagnose("creche")  # fmt: skip
    assert "hours" in whole.estimated
    assert "hours" in assumed.estimated
    assert "hours" not in known.estimated


def test_hours_that_nothing_reads_are_not_told(tmp_path):
    blank = HOURS.replace("99,6", "99,").replace("26005,,4", "26005,9,4")
    found = study_of(
        tmp_path, services=pp.SERVICES, creches=blank,
        study=STUDY.replace(SOURCE, ASSUMED + SOURCE),
    ).diagnose("creche")  # fmt: skip
    assert "hours" not in found.estimated


def test_scenarios_open_and_change_hours_and_refuse_capacities(tmp_path):
    study = study_of(tmp_path)
    opened = {"kind": "open", "place": "n", "service": "creche", "name": "Neuve",
              "commune": "01002"}  # fmt: skip
    said = refusal(study, **opened, capacity=12)
    assert "hours_per_week" in said
    said = refusal(study, kind="resize", place="c1", capacity=40)
    assert 'kind = "hours"' in said
    more = changed(study, **opened, hours_per_week=15).equipements
    assert more.at["n", "hours_per_week"] == 15
    assert more.at["n", "hours_status"] == "observed"
    half = changed(study, kind="hours", place="c1", share=0.5).equipements
    assert half.at["c1", "hours_per_week"] == 10
    told = changed(study, kind="hours", place="c1", hours_per_week=35).equipements
    assert told.at["c1", "hours_per_week"] == 35


def test_what_decides_places_is_refused_for_hours(tmp_path):
    study = study_of(tmp_path)
    with pytest.raises(ConfigError) as page:
        write_committee(study, "creche", tmp_path / "page.html")
    assert "heures par semaine" in page.value.explain()
    with pytest.raises(SitingError) as plan:
        plan_sites(study, SitesAsked(service="creche", objective="shortfall", new=1))
    assert 'kind = "hours"' in plan.value.explain()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (pp.SERVICES.replace('unit = "lieux"', 'unit = "lieux"\nsupply = "hours"'), "per_100"),
        (SERVICES.replace('supply = "hours"', 'supply = "weeks"'), "supply"),
    ],
)
def test_a_declaration_that_counts_nothing_is_refused(tmp_path, wrong, said):
    with pytest.raises(ConfigError) as caught:
        study_of(tmp_path, services=wrong)
    assert said in caught.value.explain()


def test_a_place_of_nothing_is_told(tmp_path):
    found = study_of(tmp_path, creches=HOURS.replace("99,6", "99,0")).diagnose("creche")
    told = [each for each in found.findings if each.key == "place_of_nothing"]
    assert [each.identifier for each in told] == ["c2"]
    assert "Les Coccinelles" in told[0].explain()


def test_a_wrong_cell_of_a_column_read_twice_is_told_once(tmp_path):
    more = '\n[sources.population.values.again]\ncolumn = "under_3"\n'
    config = pp.write(
        tmp_path / "pays", study=pp.STUDY + more,
        population=pp.POPULATION.replace("2A004,300,30", "2A004,300,trente"),
    )  # fmt: skip
    with pytest.raises(DataError) as caught:
        open_study(config).diagnose("creche")
    assert caught.value.explain().count("trente") == 1
