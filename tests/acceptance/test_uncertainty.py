"""A study that says what is uncertain: its tables, its sentences, its secrets."""

import csv
import io
import json
import re
import shutil

import numpy as np
import pytest

import petit_pays as pp
from ctg_geo.cli import main
from ctg_geo.errors import ConfigError
from ctg_geo.export import OUTPUTS, summary
from ctg_geo.export.sureness import sureness_files
from ctg_geo.study import open_study, publication, write_report

FILES = ("incertitude.csv", "incertitude_groupes.csv", "sensibilite.csv")
SECTION = """
[uncertainty]
draws = 200
seed = 7
decays = [{ kind = "gaussian", reach_min = 15 }]
other_demands = ["population"]
local_times = { relative = 0.1, source = "test" }
norm = { low = 0.9, high = 1.1, source = "test" }

[uncertainty.population]
observed = { counting = 1, source = "loi de Poisson" }
secret = { relative = 0.5, source = "test" }

[uncertainty.capacity]
observed = { relative = 0.1, source = "test" }
"""
STILL = "\n[uncertainty]\ndraws = 10\n"
HIDDEN = pp.POPULATION.replace("2A004,300,30", "2A004,300,<5")


def report_of(tmp_path, section=SECTION, *, service="creche", **files):
    config = pp.write(tmp_path / "pays", study=pp.STUDY + section, **files)
    folder = tmp_path / "out"
    write_report(open_study(config), service, folder)
    return folder


def said_of(folder, study=pp.STUDY + SECTION, **files):
    """Return what the tables and the sentences say, without a map being drawn."""
    opened = open_study(pp.write(folder, study=study, **files))
    words = publication(opened, opened.diagnose("creche"))
    return {**sureness_files(words), "synthese.txt": "\n".join(summary(words)).encode()}


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def table(folder, name):
    return rows_of((folder / name).read_bytes())


def test_a_study_with_the_section_gets_tables_and_sentences(tmp_path):
    folder = report_of(tmp_path)
    rows = table(folder, "incertitude.csv")
    assert [row["Code Insee"] for row in rows] == [
        row["Code Insee"] for row in table(folder, "resultats.csv")
    ]
    assert {row["Groupe"] for row in table(folder, "incertitude_groupes.csv")} == {
        "Ouest", "Est", "Ensemble du territoire",
    }  # fmt: skip
    choices = [row["Hypothèse changée seule"] for row in table(folder, "sensibilite.csv")]
    assert "forme de la décroissance, gaussienne à 15 min" in choices
    said = (folder / "synthese.txt").read_text(encoding="utf-8")
    assert "200 tirages" in said
    assert "Ce qui déplace le plus le classement" in said
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(FILES) < set(manifest["outputs"])


def test_the_certainty_of_a_verdict_is_that_of_the_dice(tmp_path):
    folder = report_of(tmp_path, SECTION.replace("norm = { low = 0.9", "norm = { low = 0.5"))
    below = {row["Code Insee"]: float(row["Probabilité que la norme ne soit pas atteinte (%)"]
                                      .replace(",", ".")) / 100
             for row in table(folder, "incertitude.csv")}  # fmt: skip
    rows = table(folder, "resultats.csv")
    seen = set()
    for row in rows:
        agreeing = below[row["Code Insee"]]
        agreeing = agreeing if row["Norme non atteinte"] == "oui" else 1 - agreeing
        wanted = "solide" if agreeing >= 0.95 else "probable" if agreeing >= 0.7 else "fragile"
        assert row["Certitude"] == wanted
        told = float(row["Certitude (part des tirages d’accord)"].replace(",", "."))
        assert told == pytest.approx(agreeing, abs=1e-9)
        seen.add(wanted)
    assert len(seen) > 1
    said = (folder / "synthese.txt").read_text(encoding="utf-8").replace("\u202f", " ")
    solid = sum(row["Certitude"] == "solide" for row in rows)
    assert f"Verdict solide pour {solid} commune" in said
    assert "dans au moins 95 % des 200 tirages" in said
    counts = re.search(r"n’est pas atteinte dans (\d+) communes? et l’est dans (\d+)", said)
    assert sum(map(int, counts.groups())) == solid  # the same communes, counted once
    assert "variantes" not in said


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path):
    one, other = said_of(tmp_path / "one"), said_of(tmp_path / "other")
    assert one == other
    third = said_of(tmp_path / "third", pp.STUDY + SECTION.replace("seed = 7", "seed = 8"))
    assert third[FILES[0]] != one[FILES[0]]


@pytest.mark.parametrize("service", ["creche", "france_services"])
def test_with_nothing_uncertain_the_draws_are_the_diagnosis(tmp_path, service):
    study = open_study(pp.write(tmp_path, study=pp.STUDY + STILL))
    diagnosis, sure = study.diagnose(service), study.uncertainty(service)
    found = sure.result.communes
    assert (found["below_share"] == diagnosis.communes["below"]).all()
    assert (found["rank_low"] == diagnosis.communes["rank"]).all()
    assert (found["rank_high"] == diagnosis.communes["rank"]).all()
    gap = "missing" if service == "creche" else "concerned"
    assert (found["gap_mean"] == diagnosis.communes[gap]).all()
    assert (found["gap_low"] == found["gap_high"]).all()
    assert sure.sensitivity.empty
    assert study.uncertainty(service, draws=50, seed=3).result.draws == 50


def test_a_secret_count_is_told_nowhere(tmp_path):
    said = said_of(tmp_path, population=HIDDEN)
    rows = {row["Code Insee"]: row for row in rows_of(said["incertitude.csv"])}
    told_of = ("Rang", "Manque", "Probabilité d", "Groupe", "Communes")
    untold = [name for name in rows["2A004"] if name.startswith(told_of)]
    assert len(untold) >= 8
    assert all(rows["2A004"][name] == "" for name in untold)
    assert rows["01003"]["Rang, 5e centile"]
    assert "Dune (" not in said["synthese.txt"].decode()


def test_what_a_rule_hides_changes_nothing_whatever_it_is(tmp_path):
    study = pp.STUDY.replace('column = "under_3"', 'column = "under_3"\nsecrecy = "caf"') + SECTION
    one, other = (
        said_of(tmp_path / count, study,
                population=pp.POPULATION.replace("2A004,300,30", f"2A004,300,{count}"))
        for count in ("3", "4")
    )  # fmt: skip
    assert one == other


def test_the_tables_leave_with_the_results_they_belong_to(tmp_path):
    folder = report_of(tmp_path)
    (folder / "notes.txt").write_text("à garder", encoding="utf-8")
    shutil.rmtree(tmp_path / "pays")
    report_of(tmp_path, "")
    assert sorted(path.name for path in folder.iterdir()) == sorted([*OUTPUTS, "notes.txt"])


def test_a_study_without_the_section_says_so(tmp_path):
    study = open_study(pp.write(tmp_path))
    with pytest.raises(ConfigError, match="uncertainty"):
        study.uncertainty("creche")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["population"]', '["adultes"]', "adultes"),
        ("relative = 0.1, source", "relative = -1, source", "relative"),
        ("relative = 0.1, source", "counting = 1, source", "relative seulement"),
        ("counting = 1, source", "contage = 1, source", "counting"),
        ('"gaussian", reach_min', '"gaussian", reach', "uncertainty.decays[1].reach"),
    ],
)
def test_a_wrong_value_is_named_with_its_mend(tmp_path, capsys, old, new, said):
    config = pp.write(tmp_path, study=pp.STUDY + SECTION.replace(old, new, 1))
    assert main(["check", str(config)]) == 1
    assert said in capsys.readouterr().err


def test_a_published_total_is_kept_in_every_draw(tmp_path):
    control = """[[sources.population.controls]]
column = "children_0_2"
total = 180
base = "total publié"

[[sources.equipements]]"""
    text = pp.STUDY.replace("[[sources.equipements]]", control, 1) + SECTION
    study = open_study(pp.write(tmp_path, study=text))
    free = open_study(pp.write(tmp_path / "free", study=pp.STUDY + SECTION))
    widths = []
    for each in (study, free):
        whole = each.uncertainty("creche").result.groups[""].loc[""]
        widths.append(whole["gap_high"] - whole["gap_low"])
    assert np.isfinite(widths).all()
    assert widths[0] != widths[1]


LISTED = pp.STUDY.replace(
    'columns = { equipement_id = "id", nom = "nom", code_insee = "insee", capacity = "places" }',
    'columns = { code_insee = "insee", capacity = "places" }',
)
COUNTED = pp.STUDY.replace(
    'columns = { equipement_id = "id", nom = "nom", code_insee = "insee", capacity = "places" }',
    'columns = { code_insee = "insee", count = "lieux" }\n'
    'capacity_each = { value = 5, source = "test" }',
)
GUESSED = SECTION.replace(
    "[uncertainty.capacity]", "[uncertainty.capacity]\nestimated = { relative = 0.4, source = 't' }"
)


@pytest.mark.parametrize(
    ("study", "rows"),
    [
        (LISTED, ["insee,places", "01001,20", "01003,6", "26005,4", "01003,6", "01001,2"]),
        (COUNTED, ["insee,lieux", "01001,4", "01003,2", "26005,1", "2A004,1"]),
    ],
)
def test_the_order_of_rows_of_places_without_names_moves_no_die(tmp_path, study, rows):
    head, *places = rows
    made = [
        said_of(tmp_path / name, study=study + GUESSED, creches="\n".join([head, *order]) + "\n")
        for name, order in (("a", places), ("b", places[::-1]), ("c", places[2:] + places[:2]))
    ]
    for name in ("incertitude.csv", "incertitude_groupes.csv"):
        assert made[0][name] == made[1][name] == made[2][name]


def test_a_rank_is_told_with_the_draws_in_which_it_holds(tmp_path):
    some = pp.POPULATION.replace("01003,40,0", "01003,40,30")
    config = pp.write(tmp_path / "pays", study=pp.STUDY + SECTION, population=some)
    study = open_study(config)
    write_report(study, "creche", tmp_path / "out")
    said = (tmp_path / "out" / "synthese.txt").read_text(encoding="utf-8")
    plain = said.replace("\u00a0", " ").replace("\u202f", " ")
    first = next(line for line in plain.splitlines() if line.strip().startswith("1."))
    sure = study.uncertainty("creche").result
    own = study.diagnose("creche").worst(1).index[0]
    below, worst = (round(100 * float(sure.communes.at[own, name]))
                    for name in ("below_share", "worst_share"))  # fmt: skip
    assert f"sous la norme dans {below} % des tirages" in first
    assert f"{sure.worst} plus grands manques dans {worst} %" in first


def test_the_worst_in_python_tell_the_certainty_of_the_files(tmp_path):
    """The second of the certainties, of the variants, has another name."""
    some = pp.POPULATION.replace("01003,40,0", "01003,40,30")
    study = open_study(pp.write(tmp_path / "pays", study=pp.STUDY + SECTION, population=some))
    write_report(study, "creche", tmp_path / "out")
    rows = table(tmp_path / "out", "resultats.csv")
    shares = [row["Certitude (part des tirages d’accord)"].replace(",", ".") for row in rows]
    filed = {row["Code Insee"]: float(each) for row, each in zip(rows, shares, strict=True)}
    today = study.diagnose("creche")
    told = today.worst(10, study.how_sure(today))["certainty_draws"]
    assert len(told)
    assert told.to_dict() == {code: filed[code] for code in told.index}
    assert "certainty_variants" in today.worst(1)
