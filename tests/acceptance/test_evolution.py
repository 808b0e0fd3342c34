"""Two dates of Petit Pays compared, cause by cause, against the engine's own diagnoses.

Before: the Petit Pays of `petit_pays`. After: 150 children in Alpe in place of 100, 12 places
at c2 in place of 6, and the road from Brive to Combe at 30 km/h, 20 minutes in place of 10.
"""

import csv
import io
import json
import re
import shutil
from dataclasses import replace
from decimal import Decimal
from itertools import permutations, product
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.errors import ComparisonError
from ctg_geo.evolution import CAUSES, PARTS, evolve
from ctg_geo.study import study_evolution
from ctg_geo.study.evolution import moment_of

LATER = {
    "people": {"population": pp.POPULATION.replace("01001,1000,100", "01001,1000,150")},
    "supply": {"creches": pp.CRECHES.replace("c2,Les Coccinelles,01003,6",
                                             "c2,Les Coccinelles,01003,12")},
    "roads": {"segments": pp.SEGMENTS.replace("j1,j2,local,10000,60", "j1,j2,local,10000,30")},
}  # fmt: skip
SERVICES = pp.SERVICES.replace("per_100 = 10", "per_100 = 18")
FIGURES = {"access_per_100": "access_per_100", "missing": "missing", "concerned": "concerned"}


def written(folder, causes, **more):
    files = {stem: text for cause in causes for stem, text in LATER[cause].items()}
    return pp.write(folder, services=SERVICES, **{**files, **more})


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """Diagnose the eight studies that mix the inputs of both dates."""
    found = {}
    for mask in product((False, True), repeat=3):
        late = frozenset(cause for cause, on in zip(CAUSES, mask, strict=True) if on)
        folder = tmp_path_factory.mktemp("state")
        found[late] = open_study(written(folder, sorted(late)))
    return found


def by_orders(value):
    parts = dict.fromkeys(CAUSES, 0.0)
    for order in permutations(CAUSES):
        done = frozenset()
        for cause in order:
            parts[cause] = parts[cause] + (value[done | {cause}] - value[done]) / 6
            done |= {cause}
    return parts


@pytest.mark.parametrize("service", ["creche", "france_services"])
def test_the_parts_are_those_of_eight_diagnoses_in_six_orders(states, service):
    made, _ = study_evolution(states[frozenset()], states[frozenset(CAUSES)], service)
    diagnoses = {late: study.diagnose(service) for late, study in states.items()}
    for measure, column in FIGURES.items():
        value = {late: each.communes[column] for late, each in diagnoses.items()}
        own = made.communes.xs(measure, level="measure")
        assert np.allclose(own["before"], value[frozenset()], equal_nan=True, atol=1e-12)
        assert np.allclose(own["after"], value[frozenset(CAUSES)], equal_nan=True, atol=1e-12)
        for cause, expected in by_orders(value).items():
            assert np.allclose(own[f"by_{cause}"], expected, equal_nan=True, atol=1e-9)


def test_the_parts_sum_to_the_change_by_commune_group_and_whole(states):
    made, _ = study_evolution(states[frozenset()], states[frozenset(CAUSES)], "creche")
    for table in (made.communes, made.groups):
        known = table["change"].notna()
        assert known.all()
        assert np.abs(table[list(PARTS)].sum(axis=1) - table["change"]).max() <= 1e-9
    whole, groups = made.groups.loc["", ""], made.groups.loc["bassin"]
    for measure in ("people", "missing", "concerned"):
        own = groups.xs(measure, level="measure")
        for part in ("before", "change", *PARTS):
            assert np.isclose(own[part].sum(), whole.loc[measure, part], atol=1e-9)


def test_one_cause_alone_worked_out_by_hand(states):
    """50 more children in Alpe: c1 gives 20 / 200 in place of 20 / 150, in Alpe and in Brive."""
    made, _ = study_evolution(states[frozenset()], states[frozenset({"people"})], "creche")
    alpe = made.communes.loc["01001"]
    assert alpe.loc["access_per_100", "by_people"] == pytest.approx(100 * (20 / 200 - 20 / 150))
    assert alpe.loc["missing", "before"] == pytest.approx(100 * (0.18 - 2 / 15))
    assert alpe.loc["missing", "after"] == pytest.approx(150 * (0.18 - 0.1))
    everything = made.communes[["by_supply", "by_roads"]].to_numpy()
    assert np.abs(everything).max() <= 1e-12


def test_two_dates_of_one_name_are_told_apart_by_their_people_and_sums_add_up(tmp_path):
    later = pp.STUDY.replace('vintage = "2026"', 'vintage = "2027"')
    paths = [str(written(tmp_path / "a", [])), str(written(tmp_path / "b", CAUSES, study=later))]
    out = tmp_path / "out"
    assert main(["evolution", *paths, "-s", "creche", "-o", str(out), "-q"]) == 0
    text = (out / "synthese.txt").read_text("utf-8").replace("\xa0", " ")
    assert re.search(r"de « .*, population 2026 » à « .*, population 2027 »", text)
    assert re.search(r"enfants : \d+ puis \d+ \(\+\d+\)\.", text)  # a sign, for more people
    assert re.search(r"n’est pas atteinte : \d+ puis \d+, soit", text)  # people are whole
    row = r": (\S+) puis (\S+), soit (\S+), dont (\S+) par .*?, (\S+) par .* et (\S+) par"
    sums = re.findall(row, text.replace("\u202f", ""))
    assert len(sums) > 5
    for row in sums:
        before, after, change, *parts = (Decimal(each.replace(",", ".").replace("−", "-"))
                                         for each in row)  # fmt: skip
        assert after - before == change == sum(parts)


def test_two_causes_share_what_they_do_together_by_hand(states):
    """Brive has R1 + R2, R1 = 20 / (P + 50), R2 = S / 80 within reach of the old road only."""
    made, _ = study_evolution(states[frozenset()], states[frozenset(CAUSES)], "creche")
    brive = made.communes.loc["01002"].loc["access_per_100"]
    assert brive["by_people"] == pytest.approx(100 * (20 / 200 - 20 / 150))
    assert brive["by_supply"] == pytest.approx(100 * (6 / 80) / 2)  # half: the road cuts it off
    assert brive["by_roads"] == pytest.approx(-100 * (6 / 80 + 12 / 80) / 2)


def test_the_same_date_twice_has_no_change(states):
    early = states[frozenset()]
    made, said = study_evolution(early, early, "creche")
    assert np.abs(made.communes[["change", *PARTS]].to_numpy()).max() == 0
    assert said == []


def test_a_service_that_opens_was_nothing_before(tmp_path):
    none = pp.CRECHES.replace("c1,", "x1,").splitlines()[0] + "\n"
    early = pp.STUDY.split("[[sources.equipements]]")
    study = "[[sources.equipements]]".join([early[0], early[2]])
    before = open_study(pp.write(tmp_path / "a", study=study, creches=none))
    after = open_study(pp.write(tmp_path / "b"))
    made, _ = study_evolution(before, after, "creche")
    own = made.communes.xs("access_per_100", level="measure")
    assert (own["before"] == 0).all()
    assert np.allclose(own["by_supply"], own["change"])
    assert {"evolution_none_before"} == {each.key for each in made.findings}


def test_merged_communes_are_brought_together(tmp_path):
    """Brive becomes a part of Alpe: the earlier study has both, the later one only Alpe."""
    layer = pp.communes()
    joined = layer.copy()
    joined.loc[0, "geometry"] = layer.geometry[0].union(layer.geometry[1])
    joined = joined.drop(index=1)
    people = pp.POPULATION.replace("01001,1000,100\n01002,500,50\n", "01001,1500,150\n")
    study = pp.STUDY.replace(
        "[sources.population]\n",
        """[sources.mergers]
path = "mergers.csv"
columns = { old_code = "old", code_insee = "new", date = "date" }
provider = "test"
licence = "test"
vintage = "2026"

[sources.population]
""",
    )
    desks = pp.DESKS.replace("01002", "01001")
    before = pp.write(tmp_path / "a")
    after = pp.write(tmp_path / "b", layer=joined, study=study, population=people, desks=desks)
    (after.parent / "mergers.csv").write_text("old,new,date\n01002,01001,2025-01-01\n", "utf-8")
    made, said = study_evolution(open_study(before), open_study(after), "creche")
    told = next(each for each in said if each.key == "evolution_merged")
    assert (told.identifier, told.facts["codes"]) == ("01001", ["01001", "01002"])
    assert "Alpe, Brive" in told.explain()
    assert "changement de point" in told.explain()
    alpe = made.communes.loc["01001"]
    assert alpe.loc["people", ["before", "after"]].tolist() == [150, 150]
    assert alpe.loc["access_per_100", "before"] == pytest.approx(100 * (100 * 2 / 15 + 50 * 5 / 24)
                                                                 / 150)  # fmt: skip
    with pytest.raises(ComparisonError, match="same communes"):
        study_evolution(open_study(after), open_study(before), "creche")


def test_people_who_are_not_told_at_one_date_are_told_at_none(tmp_path):
    after = pp.write(tmp_path / "b", population=pp.POPULATION.replace("300,30", "300,s"))
    made, _ = study_evolution(open_study(pp.write(tmp_path / "a")), open_study(after), "creche")
    dune = made.communes.loc["2A004"]
    counts = ["people", "missing", "concerned", "concerned_share"]
    assert dune.loc[counts, ["before", "after", "change", *PARTS]].isna().all(axis=None)
    assert set(dune.loc[counts, "status"]) == {"secret"}
    assert made.groups.loc["", ""].loc["people", "before"] == 150  # Dune left out of both


def test_a_producer_who_advises_against_is_heard_and_force_is_told_everywhere(tmp_path, capsys):
    study = pp.STUDY.replace('capacity = "places" }\nprovider = "test"',
                             'capacity = "places" }\nprovider = "Insee, BPE"')  # fmt: skip
    later = study.replace('"Insee, BPE"\nlicence = "test"\nvintage = "2026"',
                          '"Insee, BPE"\nlicence = "test"\nvintage = "2027"')  # fmt: skip
    assert later != study
    creches = LATER["supply"]["creches"]
    paths = [str(pp.write(tmp_path / "a", study=study)),
             str(pp.write(tmp_path / "b", study=later, creches=creches))]  # fmt: skip
    out = tmp_path / "out"
    assert main(["evolution", *paths, "-s", "creche", "-o", str(out), "-q"]) == 1
    assert "--force" in capsys.readouterr().err
    assert not out.exists()
    assert main(["evolution", *paths, "-s", "creche", "-o", str(out), "-q", "--force"]) == 0
    text = (out / "synthese.txt").read_text("utf-8")
    assert text.startswith("ATTENTION")
    for name in ("evolution.csv", "evolution_groupes.csv"):
        rows = list(csv.DictReader(io.StringIO((out / name).read_text("utf-8-sig")), delimiter=";"))
        assert {row["Sources comparables selon leur producteur"] for row in rows} == {"non"}
    assert "avis du producteur" in (out / "constats.csv").read_text("utf-8-sig")
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert len(manifest["parameters"]["forced"]) == 1


def test_the_same_inputs_give_the_same_bytes_and_another_norm_is_refused(tmp_path, capsys):
    paths = [str(written(tmp_path / "a", [])), str(written(tmp_path / "b", CAUSES))]
    for out in ("one", "two"):
        done = main(["evolution", *paths, "-s", "creche", "-o", str(tmp_path / out), "-q"])
        assert done == 0
    layer = gpd.read_file(tmp_path / "one" / "evolution.gpkg", layer="evolution")
    parts = layer[["missing_by_people", "missing_by_supply", "missing_by_roads"]].sum(axis=1)
    told = layer["missing_change"].notna()
    assert parts[told].tolist() == pytest.approx(layer["missing_change"][told].tolist())
    rose, fell = (layer["missing_change"] > 0.05, layer["missing_change"] < -0.05)
    assert set(layer.loc[rose, "kind"]) <= {"more"}
    assert set(layer.loc[fell, "kind"]) <= {"less"}
    for made in (tmp_path / "one").iterdir():
        assert made.read_bytes() == (tmp_path / "two" / made.name).read_bytes()
    other = pp.write(tmp_path / "c")
    assert main(["evolution", paths[0], str(other), "-s", "creche", "-q"]) == 1
    assert "norm" in capsys.readouterr().err


def test_a_count_of_few_people_in_any_state_hides_its_commune_and_is_in_no_sum(states):
    """Combe has nobody; Brive's 50 children are below the norm in some states, Dune's 30 too."""
    early, late = states[frozenset()], states[frozenset(CAUSES)]
    service = early.config.service("creche")
    dates = [replace(moment_of(each, "creche", service, {}), fewest=60.0) for each in (early, late)]
    made = evolve(*dates, "creche", service, groups=late.groups)
    for code in ("01002", "2A004"):
        own = made.communes.loc[code]
        assert (
            own.loc[["missing", "concerned", "concerned_share"], list(PARTS)].isna().all(axis=None)
        )
        assert set(own.loc[["missing", "concerned"], "status"]) == {"secret"}
        assert own.loc["people", "before"] in {50, 30}
    shown, whole = made.communes.loc["01001"], made.groups.loc["", ""]
    assert whole.loc["missing", "after"] == pytest.approx(shown.loc["missing", "after"])


def test_two_dates_under_a_rule_of_secrecy_tell_no_hidden_count(tmp_path):
    """3 children in Dune are secret; what protects them is hidden at both dates, and written."""
    caf = pp.STUDY.replace('path = "population.csv"', 'path = "population.csv"\nsecrecy = "caf"')
    paths = [
        str(pp.write(tmp_path / name, study=caf, population=people))
        for name, people in (
            ("a", pp.POPULATION.replace("300,30", "300,3")),
            ("b", pp.POPULATION.replace("300,30", "300,3").replace("1000,100", "1000,120")),
        )
    ]
    out = tmp_path / "out"
    assert main(["evolution", *paths, "-s", "creche", "-o", str(out), "-q"]) == 0
    log = (out / "journal_secret.csv").read_text("utf-8-sig")
    hidden = [row for row in csv.DictReader(io.StringIO(log), delimiter=";")
              if row["Commune"] == "Dune"]  # fmt: skip
    assert [(row["Date"], row["Secret"]) for row in hidden] == [
        ("Avant", "primaire"), ("Après", "primaire"),
    ]  # fmt: skip
    assert log.count("1 effectif secret attaqué") == 2
    rows = list(csv.DictReader(io.StringIO((out / "evolution.csv").read_text("utf-8-sig")),
                               delimiter=";"))  # fmt: skip
    dune = [row for row in rows if row["Commune"] == "Dune" and "accessible" not in row["Mesure"]]
    assert {row["Statut"] for row in dune} == {"secret statistique"}
    assert {row[name] for row in dune for name in ("Avant", "Après", "Changement")} == {""}


def test_generated_roads_are_those_of_the_second_date_so_that_people_are_not_told_as_roads(
    tmp_path,
):
    root = Path(__file__).parents[2]
    shutil.copytree(root / "config", tmp_path / "config")
    shutil.copytree(root / "data", tmp_path / "data")
    file = tmp_path / "data/communes/population.csv"
    people = pd.read_csv(file, dtype=str)
    people["population_2023"] = people["population_2023"].astype(float) * 3
    people["births_2022"] = people["births_2022"].astype(float) * 2
    people.to_csv(file, index=False)
    before = open_study(root / "config" / "valence_romans.toml")
    after = open_study(tmp_path / "config" / "valence_romans.toml")
    made, said = study_evolution(before, after, "creche")
    assert [each.key for each in said] == ["evolution_one_network"]
    assert np.abs(made.communes[["by_roads", "by_supply"]].to_numpy()).max() <= 1e-9
    access = made.communes.xs("access_per_100", level="measure")
    assert np.allclose(access["after"], access["before"] / 2)  # twice the children everywhere
    assert np.allclose(access["by_people"], access["change"])
