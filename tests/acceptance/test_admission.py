"""Places for some ages or some residents only, on Petit Pays; every value worked out by hand."""

import re

import pandas as pd
import pytest

import mvt
import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.errors import UnknownServiceError
from ctg_geo.study import study_evolution
from ctg_geo.study.areas import study_isochrones
from ctg_geo.study.evolution import moment_of
from ctg_geo.study.measures import measures_of

CAPACITY = 'capacity = "places" }'
RESERVED = pp.STUDY.replace(CAPACITY, 'capacity = "places", residents = "communes" }')
AGED = pp.STUDY.replace(
    CAPACITY, 'capacity = "places", age_from = "de", age_to = "a" }'
).replace('column = "under_3"', 'column = "under_3"\nages = "12-17"')  # fmt: skip
STILL = "\n[uncertainty]\ndraws = 10\n"
MERGERS = """
[sources.mergers]
path = "old.csv"
columns = { old_code = "old", code_insee = "new" }
provider = "test"
licence = "test"
vintage = "2026"

[roads.line]"""


def creches(*cells, head="communes"):
    rows = pp.CRECHES.splitlines()
    return "\n".join(f"{row},{cell}" for row, cell in zip(rows, (head, *cells), strict=True)) + "\n"


def diagnosed(tmp_path, *cells, study=RESERVED, **files):
    config = pp.write(tmp_path / "pays", study=study, creches=creches(*cells), **files)
    return open_study(config).diagnose("creche")


def aged(tmp_path, *ages, study=AGED, **files):
    cells = [f"{first},{last}" for first, last in ages]
    made = creches(*cells, head="de,a")
    return open_study(pp.write(tmp_path / "pays", study=study, creches=made, **files)).diagnose(
        "creche"
    )


def access(diagnosis):
    return diagnosis.communes["access_per_100"].to_dict()


def hundredfold(**by_name):
    codes = dict(zip(("alpe", "brive", "combe", "dune"), pp.CODES, strict=False))
    return pytest.approx({codes[name]: 100 * value for name, value in by_name.items()}, abs=1e-9)


def said_of(diagnosis, key):
    return [one.facts for one in diagnosis.findings if one.key == key]


def test_a_creche_reserved_for_one_commune_serves_it_alone(tmp_path):
    found = diagnosed(tmp_path, "", "2A004", "")
    # c2: 6 places for the 30 children of Dune; Brive and Combe lose it
    assert access(found) == hundredfold(alpe=2 / 15, brive=2 / 15, combe=0, dune=6 / 30 + 4 / 50)
    assert found.communes.at["01003", "nearest_min"] == 20
    assert found.communes.at["2A004", "nearest_min"] == 10
    assert said_of(found, "places_for_residents") == [{"count": 1, "of": 3}]
    shares = next(one for one in found.findings if one.key == "conservation").facts
    assert shares["shared"] == pytest.approx(30)


def test_an_epci_stands_for_its_communes_wherever_they_are(tmp_path):
    found = diagnosed(tmp_path, "", "", "123456789")
    # c3: the 20 children of Étang are not of this EPCI
    assert access(found) == hundredfold(
        alpe=2 / 15, brive=2 / 15 + 3 / 40, combe=3 / 40, dune=3 / 40 + 4 / 30
    )
    assert found.equipements.at["c3", "residents"] == "01001 01002 01003 2A004"


def test_everybody_admitted_is_the_same_as_nothing_said(tmp_path):
    every = "|".join(pp.CODES)
    named = diagnosed(tmp_path / "a", every, "123456789 26005", "987654321;01001;123456789")
    plain = open_study(pp.write(tmp_path / "b")).diagnose("creche")
    pd.testing.assert_frame_equal(named.communes, plain.communes, check_exact=True)
    pd.testing.assert_frame_equal(named.homes, plain.homes, check_exact=True)
    blank = diagnosed(tmp_path / "c", "", "", "")
    pd.testing.assert_frame_equal(blank.communes, plain.communes, check_exact=True)
    assert [one.key for one in blank.findings] == [one.key for one in plain.findings]


def test_an_old_code_is_that_of_the_commune_of_today(tmp_path):
    study = RESERVED.replace("\n[roads.line]", MERGERS, 1)
    (tmp_path / "pays").mkdir()
    (tmp_path / "pays" / "old.csv").write_text("old,new\n01999,2A004\n", "utf-8")
    found = diagnosed(tmp_path, "", "01999", "", study=study)
    assert found.equipements.at["c2", "residents"] == "2A004"
    assert access(found)["2A004"] == pytest.approx(100 * (6 / 30 + 4 / 50))


def test_residents_of_a_commune_that_was_split_are_those_of_all_its_parts(tmp_path):
    events = mvt.text(
        mvt.row("21", "2024-01-01", "01002", "01002", name="Brive"),
        mvt.row("21", "2024-01-01", "01002", "01003", name="Combe"),
    )
    study = RESERVED.replace("\n[roads.line]", MERGERS, 1)
    study = study.replace('path = "old.csv"', 'path = "mvt.csv"\nformat = "cog_mouvements"')
    study = study.replace('columns = { old_code = "old", code_insee = "new" }\n', "")
    study = study.replace('path = "creches.csv"', 'path = "creches.csv"\ncog = 2020')
    (tmp_path / "pays").mkdir()
    (tmp_path / "pays" / "mvt.csv").write_text(events, "utf-8")
    rows = pp.CRECHES.replace("01003", "26005").splitlines()  # Combe was no commune in 2020
    places = "\n".join(
        [f"{rows[0]},communes", f"{rows[1]},01002", *(f"{row}," for row in rows[2:])]
    )
    study = open_study(pp.write(tmp_path / "pays", study=study, creches=places + "\n"))
    found = study.diagnose("creche")
    assert found.equipements.at["c1", "residents"] == "01002 01003"
    assert access(found)["01002"] == pytest.approx(100 * 20 / 50)  # nobody lives in Combe
    told = [one.facts for one in study.findings if one.key == "residents_split"]
    assert told == [{"old": "01002", "new": ["01002", "01003"]}]


def test_a_place_that_admits_nobody_of_the_area_does_not_count(tmp_path):
    wide = RESERVED.replace('path = "creches.csv"', 'path = "creches.csv"\nwider_area = true')
    found = diagnosed(tmp_path, "", "75056", "", study=wide)
    assert list(found.equipements.index) == ["c1", "c3"]
    assert said_of(found, "place_for_others") == [{"nom": "Les Coccinelles"}]
    with pytest.raises(UnknownServiceError, match="none takes"):
        diagnosed(tmp_path / "none", "75056", "75056", "75056", study=wide)


def test_other_modes_measures_and_dice_follow(tmp_path):
    slow = pp.PROFILES + '[profiles.slow]\nlabel = "Lent"\ndefault_kmh = 30\nsource = "test"\n'
    both = pp.SERVICES.replace('unit = "places"', 'unit = "places"\nmodes = ["car", "slow"]')
    config = pp.write(
        tmp_path / "pays", study=RESERVED + STILL, creches=creches("", "2A004", ""),
        profiles=slow, services=both,
    )  # fmt: skip
    study = open_study(config)
    found = study.diagnose("creche")
    assert found.communes.at["01003", "nearest_min_slow"] == 20
    measures = measures_of(found)
    assert (100 * measures["e2sfca"]).to_dict() == pytest.approx(access(found))
    assert measures.at["01003", "cumulative"] == 0
    sure = study.uncertainty("creche").result.communes
    assert (sure["below_share"] == found.communes["below"]).all()
    assert (sure["gap_mean"] == found.communes["missing"]).all()


def test_other_ages_take_their_share_of_a_place(tmp_path):
    found = aged(tmp_path, ("3", "17"), ("11", "13"), ("", ""))
    # c1: 6 of its 15 ages; c2: 2 of its 3; c3 whole
    assert found.equipements["capacity"].to_dict() == pytest.approx({"c1": 8, "c2": 4, "c3": 4})
    assert access(found) == hundredfold(
        alpe=8 / 150, brive=8 / 150 + 4 / 80, combe=4 / 80, dune=4 / 80 + 4 / 50
    )
    assert found.equipements["capacity_status"].to_list() == ["estimated", "estimated", "observed"]
    assert said_of(found, "places_share_of_ages") == [{"count": 2, "ages": "12-17"}]
    assert said_of(found, "places_some_ages") == [{"count": 1, "ages": "12-17"}]


def test_a_place_of_other_ages_is_left_out_and_told(tmp_path):
    found = aged(tmp_path, ("12", "17"), ("0", "11"), ("", ""))
    assert list(found.equipements.index) == ["c1", "c3"]
    assert said_of(found, "place_other_ages") == [{"nom": "Les Coccinelles", "ages": "12-17"}]


def test_ages_without_those_of_the_people_play_no_part_and_are_told(tmp_path):
    found = aged(
        tmp_path, ("12", "17"), ("", ""), ("", ""), study=AGED.replace('ages = "12-17"', "")
    )
    assert access(found) == hundredfold(**dict(zip(
        ("alpe", "brive", "combe", "dune"), pp.ACCESS.values(), strict=False
    )))  # fmt: skip
    assert said_of(found, "places_ages_unused") == [{"count": 1, "figure": "children_0_2"}]


def test_a_place_opened_to_all_is_told_as_a_change_of_supply(tmp_path):
    """Dune alone had c2: 6 / 30 for it; then Brive, Combe and Dune share it."""
    early, late = (
        pp.write(tmp_path / name, study=RESERVED, creches=creches("", admits, ""))
        for name, admits in (("a", "2A004"), ("b", ""))
    )
    made, _ = study_evolution(open_study(early), open_study(late), "creche")
    own = made.communes.xs("access_per_100", level="measure")
    for column, config in (("before", early), ("after", late)):
        told = open_study(config).diagnose("creche").communes["access_per_100"]
        assert own[column].to_dict() == pytest.approx(told.to_dict(), abs=1e-9)
    assert own.loc["2A004", "by_supply"] == pytest.approx(100 * (3 / 40 - 6 / 30))
    assert own.loc["01003", "by_supply"] == pytest.approx(100 * 3 / 40)
    assert own[["by_people", "by_roads"]].abs().to_numpy().max() <= 1e-12
    nearest = made.communes.xs("concerned", level="measure")
    assert nearest["change"].notna().all()


def test_two_places_at_one_point_for_other_people_do_not_serve_as_one(tmp_path):
    """At the second date c2 is for Combe and a twin of 12 places beside it for Dune."""
    head, rows = "id,nom,insee,places,communes\n", "c1,A,01001,20,\nc3,C,26005,4,\n"
    one = pp.write(tmp_path / "a", study=RESERVED, creches=f"{head}{rows}c2,B,01003,6,01003\n")
    two = pp.write(tmp_path / "b", study=RESERVED,
                   creches=f"{head}{rows}c2,B,01003,6,01003\nc4,D,01003,12,2A004\n")  # fmt: skip
    made, _ = study_evolution(open_study(one), open_study(two), "creche")
    own = made.communes.xs("access_per_100", level="measure")
    assert own["by_supply"].to_dict() == pytest.approx(
        {"01001": 0, "01002": 0, "01003": 0, "2A004": 100 * 12 / 30}, abs=1e-9
    )


def test_a_place_reserved_to_a_commune_that_merged_admits_all_of_it_and_it_is_told(tmp_path):
    merged = RESERVED.replace("\n[roads.line]", MERGERS, 1)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "old.csv").write_text("old,new\n01003,2A004\n", "utf-8")
    early = pp.write(tmp_path / "a", study=RESERVED, creches=creches("", "01003", ""))
    late = pp.write(tmp_path / "b", study=merged, creches=creches("", "2A004", ""))
    before, after = open_study(early), open_study(late)
    supply = moment_of(before, "creche", before.config.service("creche"), after.moves.became())
    assert sorted(set(supply.supply["residents"])) == ["", "2A004"]


def test_areas_say_that_they_are_those_of_places_open_to_all(tmp_path):
    config = pp.write(tmp_path / "pays", study=RESERVED, creches=creches("", "2A004", ""))
    made = study_isochrones(open_study(config), "creche", tmp_path / "aires.gpkg", minutes=[5])
    assert [one.facts for one in made.findings if one.key == "areas_open_to_all"] == [{"count": 1}]


@pytest.mark.parametrize(("cells", "said"), [
    (("", "99999", ""), "ligne 3, colonne communes : « 99999 » n'est ni une commune, ni un EPCI"),
    (("", "01001 111111111", ""), "ligne 3, colonne communes : « 111111111 » n'est ni une commune"),
    (("1001", "", ""), "ligne 2, colonne communes : « 1001 » est un code Insee lu comme un nombre"),
    (("", "", "1234567"), "ligne 4, colonne communes : « 1234567 » n'est ni un code Insee"),
    (("", "", "ouest"), "ligne 4, colonne communes : « ouest » n'est pas un code Insee"),
    (("", "|", ""), "ligne 3, colonne communes : « | » n'est ni un code Insee"),
])  # fmt: skip
def test_residents_that_cannot_be_are_named(tmp_path, capsys, cells, said):
    complains(tmp_path, capsys, RESERVED, creches(*cells), said)


@pytest.mark.parametrize(("ages", "said"), [
    ("3.5,17", "ligne 2, colonne de : « 3.5 » n'est pas un âge en années entières"),
    ("3,170", "ligne 2, colonne a : « 170 » n'est pas un âge"),
    ("nd,17", "ligne 2, colonne de : « nd » n'est pas un âge"),
    (",17", "ligne 2, colonne de : un seul des deux âges est donné"),
    ("17,3", "ligne 2, colonne a : l'âge le plus élevé (3) est inférieur au plus jeune (17)"),
])  # fmt: skip
def test_ages_that_cannot_be_are_named(tmp_path, capsys, ages, said):
    complains(tmp_path, capsys, AGED, creches(ages, ",", ",", head="de,a"), said)


def test_one_column_of_ages_asks_for_the_other(tmp_path, capsys):
    half = AGED.replace(', age_to = "a"', "")
    complains(
        tmp_path, capsys, half, creches(",", ",", ",", head="de,a"), "columns.age_to ensemble"
    )


def complains(tmp_path, capsys, study, places, said):
    config = pp.write(tmp_path / "pays", study=study, creches=places)
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out)]) in (1, 2)
    told = re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().err).replace("’", "'")
    assert said in told, told
    assert not list(out.glob("*"))
