"""Each output attacked: one that tells Dune's 3 children is refused, and 3 or 4 are the same."""

import importlib
import json
from dataclasses import replace
from itertools import combinations, product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ctg_geo import open_study
from ctg_geo.diagnosis import told_in_groups
from ctg_geo.errors import SecrecyError
from ctg_geo.export import ThemeState
from ctg_geo.export.secret import checked
from ctg_geo.study import (
    publication,
    study_evolution,
    study_measures,
    study_projection,
    write_evolution,
    write_portrait,
    write_projection,
    write_report,
    write_themes,
)
from pays_secret import ALL, INSIDE, written
from petit_pays import CODES

BORN = "code,annee,n\n" + "".join(f"{code},{year},9\n" for code in CODES
                                  for year in (2021, 2022, 2023))  # fmt: skip
LISTED = '\n[secrecy]\npublications = "registre.json"\n'
KNOWN = '[[secrecy.known_totals]]\ncolumn = "children_0_2"\ntotal = 153\nbase = "ailleurs"\n'


def themes(study, out):
    return write_themes(study, out)


def portrait(study, out):
    return write_portrait(study, out)


def evolution(study, out):
    return write_evolution(study, open_study(study.config.path), "creche", out)


def projection(study, out):
    return write_projection(study, "creche", out, to=2026)


def report(study, out):
    return write_report(study, "creche", out)


def measures(study, out):
    return study_measures(study, "creche", out.with_suffix(".csv"))


WRITERS = (themes, portrait, evolution, projection)


def contents(folder):
    return {str(each.relative_to(folder)): each.read_bytes()
            for each in sorted(folder.rglob("*")) if each.is_file()}  # fmt: skip


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("study", [ALL, INSIDE], ids=["points", "inside"])
def test_outputs_are_the_same_bytes_whatever_the_hidden_count(tmp_path, writer, study):
    outs = []
    for count in (3, 4):
        out = tmp_path / f"out{count}"
        writer(open_study(written(tmp_path / str(count), count, study=study)), out)
        outs.append(contents(out))
    assert outs[0].keys() == outs[1].keys()
    assert [name for name, held in outs[0].items() if outs[1][name] != held] == []


@pytest.mark.parametrize(
    ("writer", "study"),
    [(report, ALL), (measures, ALL), (measures, INSIDE), (themes, INSIDE), (evolution, INSIDE),
     (projection, INSIDE)],
)  # fmt: skip
def test_outputs_are_the_same_bytes_whatever_two_hidden_counts_add_up_to(tmp_path, writer, study):
    """3 and 50, or 4 and 49, of 153: whatever rests on them (dice, zones, indices) tells neither.

    What is made of the figures told alone cannot be told from them: no gate is needed over it.
    """
    held = []
    for dune, brive in ((3, 50), (4, 49)):
        folder = tmp_path / str(dune)
        config = written(folder / "pays", dune, study=study + LISTED + KNOWN, brive=brive)
        config.with_name("births.csv").write_text(BORN, "utf-8")
        writer(open_study(config), folder / "out")
        (folder / "pays").rename(tmp_path / f"pays{dune}")
        held.append(contents(folder))
    assert held[0].keys() == held[1].keys()
    assert [name for name, content in held[0].items() if held[1][name] != content] == []


@pytest.mark.parametrize("writer", WRITERS)
def test_each_output_is_noted_and_what_it_showed_cannot_be_subtracted_later(tmp_path, writer):
    writer(open_study(written(tmp_path / "pays", study=ALL + LISTED)), tmp_path / "out")
    later = open_study(written(tmp_path / "pays", study=ALL + LISTED + KNOWN))
    with pytest.raises(SecrecyError, match="2A004"):
        write_report(later, "creche", tmp_path / "again")
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("writer", WRITERS[:2])
def test_an_output_without_what_protects_a_secret_is_refused(tmp_path, writer, monkeypatch):
    """Brive's 50, with 153 known elsewhere, tell 3."""
    module = importlib.import_module("ctg_geo.study.data")
    monkeypatch.setattr(module.secrecy, "withheld", lambda territory, _: territory)
    config = written(tmp_path / "pays", study=ALL + LISTED + KNOWN)
    with pytest.raises(SecrecyError, match="2A004"):
        writer(open_study(config), tmp_path / "out")
    assert not (tmp_path / "out" / "manifest.json").exists()


def test_a_theme_whose_total_counts_a_hidden_commune_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(ThemeState, "total", property(lambda self: self.shown().sum() + 3.0))
    with pytest.raises(SecrecyError, match="2A004"):
        write_themes(open_study(written(tmp_path / "pays")), tmp_path / "out")
    assert not (tmp_path / "out" / "themes.csv").exists()


@pytest.mark.parametrize("column", ["people", "beyond"])
def test_a_chapter_that_shows_a_hidden_commune_is_refused(tmp_path, monkeypatch, column):
    module = importlib.import_module("ctg_geo.study.chapter_reach")
    found = module._found

    def leaky(*given):
        made = found(*given)
        made.table.loc["2A004", column] = 3.0
        return made

    monkeypatch.setattr(module, "_found", leaky)
    with pytest.raises(SecrecyError, match="2A004"):
        write_themes(open_study(written(tmp_path / "pays")), tmp_path / "out")
    assert not (tmp_path / "out" / "chapitre_loin.csv").exists()


# what a group would tell with Dune's 3 children in it: 2 places for 100 missing, 8 in reach
LEAKS = {"people": lambda row: row["people"] + 3, "concerned": lambda row: row["concerned"] + 3,
         "missing": lambda row: row["missing"] + 0.06,
         "access_per_100": lambda row: (row["access_per_100"] * row["people"] + 3 * 8)
         / (row["people"] + 3),
         "concerned_share": lambda row: row["concerned"] / (row["people"] + 3)}  # fmt: skip


@pytest.mark.parametrize("date", ["before", "after"])
@pytest.mark.parametrize(
    ("where", "measure"),
    [("communes", "people"), ("communes", "concerned"), ("groups", "people"),
     ("groups", "concerned"), ("groups", "missing"), ("groups", "access_per_100")],
)  # fmt: skip
def test_a_comparison_of_dates_that_counts_a_hidden_commune_is_refused(
    tmp_path, monkeypatch, where, date, measure
):
    study = open_study(written(tmp_path / "pays"))
    made, said = study_evolution(study, study, "creche")
    module = importlib.import_module("ctg_geo.study.evolution")
    module.pass_evolution(made, study, study)
    if where == "groups":
        leaked = LEAKS[measure](made.groups.loc[("", "")][date])
        made.groups.loc[("", "", measure), date] = leaked
    else:
        made.communes.loc[("2A004", measure), date] = 3.0
    monkeypatch.setattr(module, "study_evolution", lambda *_, **__: (made, said))
    with pytest.raises(SecrecyError, match="2A004"):
        write_evolution(study, study, "creche", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("measure", LEAKS)
def test_a_year_ahead_that_counts_a_hidden_commune_is_refused(tmp_path, monkeypatch, measure):
    study = open_study(written(tmp_path / "pays"))
    made, said, ledgers = study_projection(study, "creche", to=2026)
    key = ("central", "", 2025, "")
    made.groups.loc[key, measure] = LEAKS[measure](made.groups.loc[key])
    module = importlib.import_module("ctg_geo.study.projected")
    monkeypatch.setattr(module, "study_projection", lambda *_, **__: (made, said, ledgers))
    with pytest.raises(SecrecyError, match="2A004"):
        write_projection(study, "creche", tmp_path / "out", to=2026)
    assert not (tmp_path / "out").exists()


def test_births_that_a_rule_hides_are_in_no_year_that_they_make(tmp_path):
    """Brive's births of 2023 are secret: so are its children from 2023 on, and in no sum."""
    study = open_study(written(tmp_path / "pays"))
    write_projection(study, "creche", tmp_path / "out", to=2026)
    made, said, _ = study_projection(study, "creche", to=2026)
    brive = made.communes.xs("01002", level="code_insee")
    assert set(brive["status"]) == {"secret"}
    assert brive["people"].isna().all()
    whole = made.groups.xs(("central", "", ""), level=("variant", "grouping", "group"))["people"]
    assert whole.to_dict() == {2023: 89 + 6, 2024: 78 + 12, 2025: 72 + 18, 2026: 72 + 18}
    (found,) = [each for each in said if each.key == "secret_by_rule"]
    assert found.facts["count"] == 1
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    (read,) = [each for each in manifest["inputs"] if each["role"] == "projection births"]
    assert read["sha256"] == ""


def test_people_ahead_who_are_too_few_are_not_told_even_at_one_point(tmp_path):
    config = written(tmp_path / "pays", study=ALL.replace('= "n" }\nsecrecy = "caf"', '= "n" }'))
    births = (config.parent / "births.csv").read_text("utf-8")
    (config.parent / "births.csv").write_text(births.replace("01003,2023,6", "01003,2023,1"))
    made = study_projection(open_study(config), "creche", to=2026)[0]
    combe = made.communes.xs("01003", level="code_insee")  # 1, 2, 3 and 3 children
    assert combe["people"].isna().all()
    assert set(combe["status"]) == {"secret"}


def test_a_rule_that_is_not_declared_is_refused_of_births_too(tmp_path):
    study = ALL.replace('= "n" }\nsecrecy = "caf"', '= "n" }\nsecrecy = "cnaf"')
    with pytest.raises(ValueError, match="cnaf"):
        open_study(written(tmp_path / "pays", study=study))


@pytest.fixture(scope="module")
def inside(tmp_path_factory):
    """Brive's 16 children: 12 in the QPV, 4 beside it, too few. Dune's 3 are secret."""
    folder = tmp_path_factory.mktemp("inside")
    return open_study(written(folder, study=INSIDE, brive=16))


def test_a_commune_that_may_be_solved_tells_its_times_and_access_nowhere(inside):
    words = publication(inside, inside.diagnose("creche"))
    brive = words.communes.loc["01002"]
    assert brive["nearest_status"] == brive["nearest_status_slow"] == "secret statistique"
    assert np.isnan([brive["nearest_min"], brive["nearest_min_slow"]]).all()
    told = words.sure.result.communes.loc["01002"]
    assert told[["below_share", "value_mean", "value_low", "value_high"]].isna().all()
    assert words.sure.result.communes.loc["01001", "value_mean"] > 0
    ahead = study_projection(inside, "creche", to=2026)[0]
    assert ahead.communes.xs("01002", level="code_insee")["access_per_100"].isna().all()
    dates = study_evolution(inside, inside, "creche")[0]
    own = dates.communes.loc["01002"]
    assert own.loc["access_per_100", ["before", "after", "by_people"]].isna().all()
    assert own.loc["access_per_100", "status"] == "secret"
    chapter = importlib.import_module("ctg_geo.study.chapter_deprivation")
    minutes = chapter._minutes(inside, "creche")
    assert minutes.index[minutes.isna()].tolist() == ["01002"]


GROUPED = ["demand", "concerned", "missing", "access_per_100", "within_share", "reached_share",
           "mean_min"]  # fmt: skip


@pytest.mark.parametrize("column", GROUPED)
def test_a_group_of_people_that_counts_a_hidden_commune_is_refused(tmp_path, column):
    """Any figure that communes told do not make is made of Dune's too."""
    study = open_study(written(tmp_path / "pays", study=INSIDE))
    words = publication(study, study.diagnose("creche"))
    assert checked(words, []).betrayed == ()
    ((label, given),) = words.around.people.items()
    row = next(name for name in given.index if not np.isnan(given.at[name, column]))
    total, value = given.at[row, "demand"], given.at[row, column]
    counts = column in {"demand", "concerned", "missing"}
    leaky = given.copy()
    leaky.loc[row, column] = value + 3 if counts else (value * total + 3 * 0.5) / (total + 3)
    around = replace(words.around, people={label: leaky})
    with pytest.raises(SecrecyError, match="2A004"):
        checked(replace(words, around=around), [])


def test_no_part_of_a_group_of_a_commune_that_counts_is_of_few_people():
    """By brute force: whatever figures of a group are subtracted, none or 5 people and more."""
    random = np.random.default_rng(20)
    counted = 0
    for _ in range(40):
        size = 12
        codes = random.choice(list("ab"), size)
        homes = pd.DataFrame({
            "code_insee": codes, "demand": random.choice([0.0, 3, 5, 9, 30], size),
            "below": random.random(size) < 0.5,
            "nearest_min": random.choice([5.0, 20, np.nan], size),
        })  # fmt: skip
        group = pd.Series(random.choice(["x", "y"], size))
        communes = pd.DataFrame({"demand": [1.0, 1.0], "nearest_status": "observed"},
                                index=list("ab"))  # fmt: skip
        made = SimpleNamespace(homes=homes, communes=communes, fewest=5.0,
                               service=SimpleNamespace(within_min=15))  # fmt: skip
        near = homes["nearest_min"]
        kinds = [homes["below"], near <= 15, near.notna()]
        for code, name in product(told_in_groups(made, group), "xy"):
            counted += 1
            own = (codes == code) & (group == name)
            parts = [own & kind for kind in kinds] + [own]
            parts += [one & ~other for one, other in combinations(parts, 2)]
            for part in parts:
                people = homes["demand"][part].sum()
                assert people == 0 or people >= 5
    assert counted > 0
