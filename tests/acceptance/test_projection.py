"""The years ahead of Petit Pays and of the embedded default, against the engine's diagnoses.

Single years of age are in the format of TD_POP1B: on 1 January 2023, 30, 35 and 35 children of
0, 1 and 2 in Alpe, 16, 17, 17 in Brive, none in Combe, 10 each in Dune, 6, 7, 7 in Étang: those
of `petit_pays`. Births are of 2021 to 2023.
"""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.errors import ComparisonError, ConfigError, DataError
from ctg_geo.study import study_projection

ROOT = Path(__file__).parents[2]
SAID = 'provider = "test"\nlicence = "test"\nvintage = "2026"\n'
SERVICES = pp.SERVICES.replace("per_100 = 10", "per_100 = 18")
CHILDREN = {"01001": (30, 35, 35), "01002": (16, 17, 17), "01003": (0, 0, 0), "2A004": (10, 10, 10),
            "26005": (6, 7, 7)}  # fmt: skip
BORN = {"01001": (35, 30, 24), "01002": (17, 16, 20), "01003": (0, 0, 2), "2A004": (10, 10, 6),
        "26005": (7, 6, 6)}  # fmt: skip
AGES = "NIVGEO;CODGEO;LIBGEO;SEXE;AGED100;NB\n" + "".join(
    f"COM;{code};X;{sex};{age:03d};{count / 2}\n"
    for code, counts in CHILDREN.items() for age, count in enumerate(counts) for sex in (1, 2)
)  # fmt: skip
BIRTHS = "code,annee,n\n" + "".join(
    f"{code},{2021 + at},{count}\n" for code, counts in BORN.items() for at, count in
    enumerate(counts)
)  # fmt: skip
SECTION = f"""
[projection]
figures = {{ children_0_2 = "0-2" }}
survival = {{ value = 1.0, source = "test" }}

[projection.ages]
path = "ages.csv"
on_1_january = 2023
{SAID}
[projection.births]
path = "births.csv"
columns = {{ code_insee = "code", year = "annee", births = "n" }}
{SAID}
[projection.variants.central]
births = {{ kind = "constant", years = 1 }}
source = "test"
"""


def written(folder, *, section=SECTION, study=pp.STUDY, births=BIRTHS, ages=AGES, tables=None,
            **files):  # fmt: skip
    config = pp.write(folder, study=study + section, services=SERVICES, **files)
    for name, text in {"births": births, "ages": ages, **(tables or {})}.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    return config


def projected(config, service="creche", to=2026):
    return study_projection(open_study(config), service, to=to)[0]


def with_table(name, keys, lever):
    """Add a table of the years ahead to the section, and its lever to the variant."""
    made = SECTION.replace("[projection.variants.central]\n",
                           f'[projection.{name}]\npath = "{name}.csv"\n{keys}\n{SAID}\n'
                           '[projection.variants.central]\n')  # fmt: skip
    return made.replace("years = 1 }\n", f"years = 1 }}\n{name} = {lever}\n")


def same_as_diagnosis(made, year, diagnosis):
    own = made.communes.xs(("central", year), level=("variant", "year"))
    told = diagnosis.communes
    assert np.allclose(own["people"], told["demand"])
    for column in ("access_per_100", "missing", "concerned"):
        assert np.allclose(own[column], told[column], atol=1e-9), column


def test_each_year_is_what_a_diagnosis_says_of_the_people_of_then(tmp_path):
    """By hand: at the end of 2024 the children under 3 are born in 2022, 2023 and 2024."""
    made = projected(written(tmp_path / "a"))
    assert made.years == (2023, 2024, 2025, 2026)
    under_3 = {
        2023: {code: sum(BORN[code]) for code in BORN},
        2024: {code: BORN[code][1] + 2 * BORN[code][2] for code in BORN},
        2025: {code: 3 * BORN[code][2] for code in BORN},
        2026: {code: 3 * BORN[code][2] for code in BORN},
    }
    for year, people in under_3.items():
        rows = pp.POPULATION.splitlines()
        rows[1:] = [",".join([*row.split(",")[:2], str(people[row.split(",")[0]])])
                    for row in rows[1:]]  # fmt: skip
        then = pp.write(tmp_path / str(year), services=SERVICES, population="\n".join(rows) + "\n")
        same_as_diagnosis(made, year, open_study(then).diagnose("creche"))
    assert set(made.communes["status"]) == {"projected"}


def test_the_first_year_is_held_against_today_and_a_far_one_is_a_warning(tmp_path):
    made = projected(written(tmp_path / "a"))
    found = {each.key: each for each in made.findings}
    assert found["projection_base"].severity == "info"
    assert found["projection_base"].facts["now"] == 180
    births = BIRTHS.replace("01001,2023,24", "01001,2023,84")
    made = projected(written(tmp_path / "b", births=births))
    assert {each.key: each.severity for each in made.findings}["projection_base"] == "warning"


def test_places_open_and_close_in_their_year(tmp_path):
    section = with_table(
        "openings",
        'service = "creche"\ncolumns = { equipement_id = "id", code_insee = "insee", '
        'year = "an", capacity = "places" }', 0.5,
    )  # fmt: skip
    section = section.replace(
        "[projection.variants.central]\n",
        f"""[projection.closures]
path = "closures.csv"
columns = {{ equipement_id = "id", year = "an", share = "part" }}
{SAID}
[projection.variants.central]
closures = 1.0
""",
    )
    tables = {"openings": "id,insee,an,places\np1,2A004,2025,10\n",
              "closures": "id,an,part\nc1,2024,0.25\nc1,2026,0.75\nf1,2024,1\n"}  # fmt: skip
    config = written(tmp_path / "a", section=section, tables=tables)
    study = open_study(config)
    made, _, ledgers = study_projection(study, "creche", to=2026)
    here = made.communes["supply_here"].unstack("code_insee").loc["central"]
    assert here["01001"].tolist() == [20, 15, 15, 0]
    assert here["2A004"].tolist() == [0, 0, 5, 5]
    assert made.groups.loc[("central", "", 2026, ""), "supply"] == 0 + 6 + 5
    aside = {each.table: dict(each.set_aside) for each in ledgers}
    assert aside["closures.csv"] == {"elsewhere": 0, "other_service": 1}
    people = "code_insee,inhabitants,under_3\n" + "".join(
        f"{code},{count},{3 * BORN[code][2]}\n"
        for code, count in zip(BORN, (1000, 500, 40, 300, 200), strict=True)
    )
    creches = pp.CRECHES.replace("c1,Les Abeilles,01001,20\n", "") + "p1,X,2A004,5\n"
    then = pp.write(tmp_path / "b", services=SERVICES, population=people, creches=creches)
    same_as_diagnosis(made, 2026, open_study(then).diagnose("creche"))


def test_homes_and_moves_bring_people(tmp_path):
    section = with_table(
        "dwellings",
        'columns = { code_insee = "c", year = "an", dwellings = "n" }\n'
        'persons = { "0-2" = 0.3 }\npersons_source = "test"', 0.5,
    )  # fmt: skip
    tables = {"dwellings": "c,an,n\n01001,2024,40\n01001,2024,60\n"}
    made = projected(written(tmp_path / "a", section=section, tables=tables))
    people = made.communes["people"].loc[("central", slice(None), "01001")].tolist()
    base = [89, 30 + 24 + 24, 72, 72]
    # half of 100 dwellings bring 5 children of each age: 15, then 10 and 5 as they grow up
    assert people == pytest.approx([base[0], base[1] + 15, base[2] + 10, base[3] + 5])

    section = with_table("migration", 'columns = { code_insee = "c", rate = "taux" }', 1.0)
    rates = "c,taux\n" + "".join(f"{code},0.1\n" for code in pp.CODES)
    made = projected(written(tmp_path / "b", section=section, tables={"migration": rates}))
    people = made.communes["people"].loc[("central", 2023, "01001")]
    assert people == pytest.approx(24 + 1.1 * (30 + 35))


def test_variants_are_told_apart_and_every_output_says_projected(tmp_path):
    more = (
        SECTION
        + """
[projection.variants.low]
births = { kind = "trend", years = 3, factor = 0.9 }
source = "test bas"

[projection.variants.high]
births = { kind = "constant", years = 1, factor = 1.1 }
source = "test haut"
"""
    )
    config = written(tmp_path / "a", section=more)
    for out in ("one", "two"):
        done = main(["projection", str(config), "-s", "creche", "--to", "2030",
                     "-o", str(tmp_path / out), "-q"])  # fmt: skip
        assert done == 0
    for made in (tmp_path / "one").iterdir():
        assert made.read_bytes() == (tmp_path / "two" / made.name).read_bytes()
    for name in ("projection.csv", "projection_groupes.csv"):
        text = (tmp_path / "one" / name).read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
        assert {row["Statut"] for row in rows} == {"projeté"}
        assert [row["Variante"] for row in rows[:1]] == ["basse"]
        assert all("projet" in each for each in list(rows[0])[5:])
    text = (tmp_path / "one" / "synthese.txt").read_text("utf-8")
    assert "projetés" in text
    assert "test haut" in text
    assert (tmp_path / "one" / "projection.png").read_bytes().startswith(b"\x89PNG")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text("utf-8"))
    assert {"births.csv", "ages.csv"} <= {each["table"] for each in manifest["rows"]}


def test_what_is_hidden_today_stays_hidden(tmp_path):
    made = projected(written(tmp_path / "a", population=pp.POPULATION.replace("300,30", "300,s")))
    dune = made.communes.xs("2A004", level="code_insee")
    assert dune[["people", "missing", "concerned", "concerned_share"]].isna().all(axis=None)
    assert set(dune["status"]) == {"secret"}
    # Combe too, which has 2 children in 2023: 3 times as many two years later would tell them
    assert made.groups.loc[("central", "", 2025, ""), "people"] == 3 * (24 + 20)


def test_births_that_are_masked_hide_their_commune(tmp_path):
    made = projected(written(tmp_path / "a", births=BIRTHS.replace("2A004,2023,6", "2A004,2023,s")))
    dune = made.communes.xs("2A004", level="code_insee")
    assert set(dune["status"]) == {"secret"}
    assert "projection_held" in {each.key for each in made.findings}


def test_nobody_born_ahead_is_a_need_of_nothing(tmp_path):
    births = "code,annee,n\n" + "".join(f"{code},2023,0\n" for code in BORN)
    made = projected(written(tmp_path / "a", births=births), to=2026)
    last = made.communes.loc[("central", 2026)]
    assert last["people"].tolist() == [0, 0, 0, 0]
    assert last["missing"].tolist() == [0, 0, 0, 0]
    assert last["access_per_100"].isna().all()
    done = main(["projection", str(tmp_path / "a" / "study.toml"), "-s", "creche", "--to", "2026",
                 "-o", str(tmp_path / "out"), "-q"])  # fmt: skip
    assert done == 0
    assert "sans objet" in (tmp_path / "out" / "synthese.txt").read_text("utf-8")


def test_one_commune_and_no_place_yet(tmp_path):
    section = with_table(
        "openings",
        'service = "creche"\ncolumns = { equipement_id = "id", code_insee = "insee", '
        'year = "an", capacity = "places", lon = "lon", lat = "lat" }', 1.0,
    )  # fmt: skip
    study = pp.STUDY.replace('inside = { epci = "123456789" }\nbuffer_km = 12',
                             'inside = { communes = ["01001"] }\nbuffer_km = 0')  # fmt: skip
    parts = study.split("[[sources.equipements]]")
    study = "[[sources.equipements]]".join([parts[0], parts[2]])
    study = study.split("[groups.bassin]")[0] + "[sources.communes]" + study.split(
        "[sources.communes]")[1]  # fmt: skip
    people = pp.POPULATION.splitlines()
    config = written(
        tmp_path / "a", section=section, study=study, layer=pp.communes().iloc[:1],
        population="\n".join(people[:2]) + "\n", desks=pp.DESKS.split("f2")[0],
        births="code,annee,n\n01001,2023,20\n", ages=AGES.split("COM;01002")[0],
        segments=pp.SEGMENTS,
        tables={"openings": "id,insee,an,places,lon,lat\np1,01001,2025,15,,\n"},
    )  # fmt: skip
    made = projected(config)
    access = made.communes["access_per_100"].loc[("central", slice(None), "01001")].tolist()
    assert access == pytest.approx([0, 0, 100 * 15 / 60, 100 * 15 / 60])


BAD = {
    "births_year": ({"births": BIRTHS.replace("01001,2021", "01001,21")}, "année"),
    "births_twice": ({"births": BIRTHS + "01001,2021,3\n"}, "déjà à la ligne"),
    "stranger": ({"births": BIRTHS + "99999,2021,3\n"}, "pas dans l’étude"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_cell_is_named(tmp_path, case):
    files, said = BAD[case]
    with pytest.raises(DataError) as caught:
        projected(written(tmp_path, **files))
    message = caught.value.explain()
    assert said in message
    assert "births.csv, ligne" in message


def test_places_planned_twice_or_gone_more_than_once_are_refused(tmp_path):
    section = with_table("closures", 'columns = { equipement_id = "i", year = "a", share = "p" }',
                         1.0)  # fmt: skip
    tables = {"closures": "i,a,p\nc1,2024,0.7\nc1,2025,0.7\n"}
    with pytest.raises(DataError, match=r"1\.4"):
        projected(written(tmp_path / "a", section=section, tables=tables))
    section = with_table(
        "openings",
        'service = "creche"\ncolumns = { equipement_id = "id", code_insee = "insee", '
        'year = "an", capacity = "places" }', 1.0,
    )  # fmt: skip
    for row, said in (("c1,01001,2025,5", "another place"), ("p1,01001,2025,", "capacity")):
        tables = {"openings": f"id,insee,an,places\n{row}\n"}
        with pytest.raises(DataError, match=said):
            projected(written(tmp_path / row[:2], section=section, tables=tables))


def test_places_reserved_to_some_residents_stay_so_in_every_year(tmp_path):
    """In 2025 Alpe has 72 children under 3, Brive 60, Combe 6, Dune 18, Étang 18."""
    study = pp.STUDY.replace('capacity = "places" }', 'capacity = "places", residents = "of" }')
    creches = pp.CRECHES.replace("places\n", "places,of\n").replace(",6\n", ",6,01003\n")
    creches = creches.replace(",20\n", ",20,\n").replace(",4\n", ",4,\n")
    made = projected(written(tmp_path / "a", study=study, creches=creches))
    own = made.communes.xs(("central", 2025), level=("variant", "year"))["access_per_100"]
    by_hand = {"01001": 20 / 132, "01002": 20 / 132, "01003": 6 / 6, "2A004": 4 / 36}
    assert own.to_dict() == pytest.approx({code: 100 * each for code, each in by_hand.items()})
    assert own.equals(own[own.notna()])


def test_years_that_cannot_be_known_are_refused_with_the_mend(tmp_path):
    config = written(tmp_path / "a")
    with pytest.raises(ComparisonError, match="--to"):
        projected(config, to=2022)
    late = BIRTHS.replace(",2021,", ",2025,").replace(",2022,", ",2026,").replace(
        ",2023,", ",2027,")  # fmt: skip
    with pytest.raises(ComparisonError, match="begins in 2025"):
        projected(written(tmp_path / "b", births=late))
    many = SECTION.replace("years = 1", "years = 9")
    with pytest.raises(ComparisonError, match="9 years"):
        projected(written(tmp_path / "c", section=many))
    start, end = (SECTION.index(f"[projection.{name}]") for name in ("ages", "births"))
    alone = SECTION[:start] + SECTION[end:]
    older = alone.replace('"0-2"', '"30-40"')
    with pytest.raises(ComparisonError, match="TD_POP1B"):
        projected(written(tmp_path / "d", section=older))
    with pytest.raises(ConfigError, match="projection"):
        projected(pp.write(tmp_path / "e"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[projection.variants.central]", "[projection.variants.high]", "central"),
        ('"constant", years = 1', '"trend", years = 2', "tendance"),
        ("years = 1 }\n", "years = 1 }\nopenings = 1.0\n", "openings"),
        ("children_0_2 =", "enfants =", "enfants"),
        ('{ value = 1.0, source = "test" }', "{ value = 1.0 }", "source"),
    ],
)
def test_a_section_without_its_choices_is_refused(tmp_path, old, new, said):
    with pytest.raises(ConfigError) as caught:
        projected(written(tmp_path, section=SECTION.replace(old, new)))
    assert said in caught.value.explain()


def test_the_embedded_default_with_births_as_they_are_is_today_in_every_year():
    """3 × the births of 2022, as the study takes them: the diagnosis itself, 54 communes."""
    study = open_study(ROOT / "config" / "valence_romans.toml")
    made, _, _ = study_projection(study, "creche", to=2026)
    diagnosis = study.diagnose("creche")
    assert made.years == (2024, 2025, 2026)
    for year in made.years:
        same_as_diagnosis(made, year, diagnosis)


@pytest.mark.parametrize("year", ["abc", "35", "20350"])
def test_what_is_no_year_is_a_misuse_told_in_french(year, capsys):
    assert main(["projection", "study.toml", "-s", "creche", "--to", year]) == 2
    assert "par exemple 2035" in capsys.readouterr().err


def test_the_folder_of_another_command_or_service_is_left_as_it_is(tmp_path, capsys):
    config, out = written(tmp_path / "a"), tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    before = {each.name: each.read_bytes() for each in out.iterdir()}
    project = ["projection", str(config), "-s", "creche", "--to", "2026", "-o", str(out), "-q"]
    compare = ["evolution", str(config), str(config), "-s", "creche", "-o", str(out), "-q"]
    for command in (project, compare):
        assert main(command) == 1
        assert "autre commande" in capsys.readouterr().err
    assert {each.name: each.read_bytes() for each in out.iterdir()} == before
