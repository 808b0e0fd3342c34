"""Attacks that once told a protected count, from files that no figure of it is in.

Dune has 3 children, secret; 153 in all, known elsewhere, hide Brive's 50 too.
"""

import hashlib
import json

import numpy as np
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.study import study_projection, write_portrait, write_projection, write_report
from pays_secret import ALL, SAID, written

KNOWN = '[[secrecy.known_totals]]\ncolumn = "children_0_2"\ntotal = 153\nbase = "ailleurs"\n'
UNRULED = ALL.replace('path = "population.csv"\nsecrecy = "caf"', 'path = "population.csv"')
BIRTHS_UNRULED = ALL.replace('= "n" }\nsecrecy = "caf"', '= "n" }')


def hashes(out):
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    return {each["path"]: each["sha256"] for each in manifest["inputs"]}


def test_the_hash_of_a_file_does_not_tell_the_count_that_protects_a_masked_one(tmp_path):
    """The file masks Dune itself; all but Brive's 50 is known, and 153 - 50 is Dune's."""
    config = written(tmp_path / "pays", "s", study=UNRULED + KNOWN)
    births = config.parent / "births.csv"
    births.write_text(births.read_text("utf-8").replace(",s\n", ",9\n"), "utf-8")
    study = open_study(config)
    write_report(study, "creche", tmp_path / "out")
    assert study.secrecy.secondary.loc["01002", "children_0_2"]
    said = hashes(tmp_path / "out")
    text = (config.parent / "population.csv").read_text("utf-8")
    tried = {count: hashlib.sha256(text.replace("500,50", f"500,{count}").encode()).hexdigest()
             for count in range(500)}  # fmt: skip
    assert said["population.csv"] not in tried.values()


def test_the_hash_of_a_config_does_not_tell_the_total_that_it_holds(tmp_path):
    config = written(tmp_path / "pays", study=ALL + KNOWN)
    write_report(open_study(config), "creche", tmp_path / "out")
    said, text = hashes(tmp_path / "out"), config.read_text("utf-8")
    tried = {hashlib.sha256(text.replace("total = 153", f"total = {count}").encode()).hexdigest()
             for count in range(500)}  # fmt: skip
    assert said["study.toml"] not in tried
    assert said["services.toml"], "other files of settings keep theirs"


def test_the_hash_of_births_does_not_tell_those_of_a_commune_secret_today(tmp_path):
    """Dune's 3 children are those born in 2021, 2022 and 2023."""
    study = open_study(written(tmp_path / "pays", study=BIRTHS_UNRULED))
    write_projection(study, "creche", tmp_path / "out", to=2026)
    assert hashes(tmp_path / "out")["births.csv"] == ""


def test_the_total_of_today_and_then_leaves_out_people_too_few(tmp_path):
    """Combe, empty today, has 4 children in 2023: the total of that year told them."""
    config = written(tmp_path / "pays", study=BIRTHS_UNRULED)
    births = (config.parent / "births.csv").read_text("utf-8")
    (config.parent / "births.csv").write_text(births.replace("01003,2023,6", "01003,2023,4"))
    made = study_projection(open_study(config), "creche", to=2026)[0]
    (base,) = [each for each in made.findings if each.key == "projection_base"]
    assert base.facts["then"] == made.groups.loc[("central", "", 2023, ""), "people"]
    combe = made.communes.xs("01003", level="code_insee")
    assert combe["people"].isna().all(), "12 in 2026 are 3 times the 4 of 2023"


def test_access_ahead_does_not_tell_the_people_too_few_who_share_it(tmp_path):
    """6 places in Combe, for Brive, Combe and Dune: what each has of them told Combe's 1 or 4."""
    told = []
    for count in (1, 4):
        config = written(tmp_path / str(count), study=BIRTHS_UNRULED)
        births = (config.parent / "births.csv").read_text("utf-8")
        births = births.replace("01003,2023,6", f"01003,2023,{count}")
        (config.parent / "births.csv").write_text(births, "utf-8")
        study = open_study(config)
        write_projection(study, "creche", tmp_path / f"out{count}", to=2026)
        told.append({each.name: each.read_bytes() for each in (tmp_path / f"out{count}").iterdir()})
    assert told[0] == told[1]


def test_births_that_are_secret_are_not_what_people_of_today_leave(tmp_path):
    """Of Brive's 49 children, told, born in three years: 16 and 30 are those of two of them."""
    study = ALL.replace(
        "[projection.births]",
        f"""[projection.ages]
path = "ages.csv"
on_1_january = 2021
{SAID}
[projection.births]""",
    ).replace('{ children_0_2 = "0-2" }', '{ children_0_2 = "0-0" }')
    config = written(tmp_path / "pays", study=study, brive=49)
    (config.parent / "births.csv").write_text("code,annee,n\n" + "".join(
        f"{code},{2021 + at},{count}\n" for code in pp.CODES
        for at, count in enumerate((16, 3, 30) if code == "01002" else (9, 9, 9))
    ), "utf-8")  # fmt: skip
    (config.parent / "ages.csv").write_text("NIVGEO;CODGEO;LIBGEO;SEXE;AGED100;NB\n" + "".join(
        f"COM;{code};X;{sex};000;10\n" for code in pp.CODES for sex in (1, 2)
    ), "utf-8")  # fmt: skip
    made = study_projection(open_study(config), "creche", to=2024)[0]
    brive = made.communes.xs("01002", level="code_insee")["people"]
    assert brive.isna().all(), "one year of births after the other is told"
    assert (made.communes.xs("01001", level="code_insee")["people"] == 9).all()


def portrait(folder, *, study=ALL, **columns):
    """Write the portrait with a table of indicators of no rule; return its rows by commune."""
    head = "".join(f'{name} = {{ column = "{name}", kind = "{kind}" }}\n'
                   for name, (kind, _) in columns.items())  # fmt: skip
    table = f"""
[sources.indicators.autre]
path = "autre.csv"
format = "plain"
{SAID}
[sources.indicators.autre.values]
{head}
"""
    with_table = study.replace("[sources.communes]", table + "[sources.communes]")
    config = written(folder / "pays", study=with_table)
    rows = zip(pp.CODES, *(values for _, values in columns.values()), strict=True)
    (config.parent / "autre.csv").write_text(
        "\n".join([",".join(["code_insee", *columns]), *(",".join(map(str, row)) for row in rows)]),
        "utf-8",
    )
    study = open_study(config)
    write_portrait(study, folder / "out")
    return study, hashes(folder / "out")


@pytest.mark.parametrize(
    ("kind", "values"),
    [("count", (100, 50, 0, 3, 20)), ("rate", (10, 10, 0, 1, 10)),
     ("count", (900, 450, 40, 297, 180)), ("rate", (0.1, 0.1, 0, 0.01, 0.1))],
)  # fmt: skip
def test_a_table_of_no_rule_does_not_tell_what_is_secret_in_another(tmp_path, kind, values):
    """The same count, its share of the inhabitants, the others: each told the 3 of Dune."""
    study, said = portrait(tmp_path, other=(kind, values))
    told = study.indicators.table["other"]
    assert told.isna().to_dict() == {code: code == "2A004" for code in pp.CODES}
    assert study.indicators.table.at["2A004", "other_status"] == "secret"
    assert said["autre.csv"] == ""
    log = (tmp_path / "out" / "journal_secret.csv").read_text("utf-8-sig")
    assert "redirait" in log


def test_a_table_that_tells_something_else_is_told_whole(tmp_path):
    study, said = portrait(
        tmp_path, other=("count", (7, 3, 2, 3, 9)), rate=("rate", (5, 9, 8, 7, 4))
    )
    assert study.indicators.table[["other", "rate"]].notna().all(axis=None)
    assert said["autre.csv"]


def test_what_protects_a_secret_is_not_told_by_another_table_either(tmp_path):
    """Brive's 50 is hidden for the sake of Dune's 3, of 153."""
    values = (100, 50, 0, 3, 20)
    study, _ = portrait(tmp_path, study=ALL + KNOWN, other=("count", values))
    told = study.indicators.table["other"]
    assert np.isnan([told["01002"], told["2A004"]]).all()


def test_six_ages_and_a_total_that_says_none_do_not_tell_a_seventh_of_them(tmp_path):
    """All told but Dune's 2 of age 3: the total of the row, less the others, is 2."""
    rng = np.random.default_rng(6)
    ages = rng.integers(6, 40, (len(pp.CODES), 6))
    ages[3, 3] = 2
    columns = "".join(f'\n[sources.population.values.a{age}]\ncolumn = "a{age}"\n'
                      for age in range(6))  # fmt: skip
    study = pp.STUDY.replace('path = "population.csv"', 'path = "population.csv"\nsecrecy = "caf"')
    study = study.replace('column = "under_3"\n', f'column = "under_3"\n{columns}\n'
                          '[sources.population.values.young]\ncolumn = "young"\n')  # fmt: skip
    rows = [f"{code},{1000 + at},{50 + 10 * at},{','.join(map(str, ages[at]))},{ages[at].sum()}"
            for at, code in enumerate(pp.CODES)]  # fmt: skip
    head = "code_insee,inhabitants,under_3," + ",".join(f"a{age}" for age in range(6)) + ",young"
    config = pp.write(tmp_path / "pays", study=study, population="\n".join([head, *rows]) + "\n")
    people = open_study(config).territory.population.loc["2A004"]
    told = people[[f"a{age}" for age in range(6)] + ["young"]].notna()
    assert not told["a3"]
    assert told.sum() < 6, "one unknown of a sum of seven figures is told by the others"


def test_roads_know_nothing_of_people_who_are_hidden_for_the_sake_of_others(tmp_path):
    """Schematic speeds, dense communes and people left without a road are made of them."""
    known = KNOWN.replace("children_0_2", "population").replace("153", "1543")
    config = written(tmp_path / "pays", study=ALL + known)
    people = (config.parent / "population.csv").read_text("utf-8")
    (config.parent / "population.csv").write_text(people.replace("2A004,300", "2A004,3"), "utf-8")
    study = open_study(config)
    hidden = study.secrecy.hidden["population"]
    assert hidden["2A004"], "3 inhabitants"
    assert hidden.sum() == 2, "and another, that 1543 in all would tell them by"
    assert study.roads.area.people.isna().equals(hidden)


def test_a_share_among_the_figures_of_people_does_not_tell_a_secret_count(tmp_path):
    """Dune's 1 % of 300 inhabitants; the share is under no rule, and in the same file."""
    study = ALL.replace('path = "population.csv"\nsecrecy = "caf"', 'path = "population.csv"')
    study = study.replace(
        'column = "under_3"\n',
        'column = "under_3"\nsecrecy = "caf"\n\n'
        '[sources.population.values.share]\ncolumn = "share"\n',
    )
    config = written(tmp_path / "pays", study=study)
    shares = {"01001": 10, "01002": 10, "01003": 0, "2A004": 1, "26005": 10}
    lines = (config.parent / "population.csv").read_text("utf-8").splitlines()
    lines = [lines[0] + ",share", *(f"{line},{shares[line[:5]]}" for line in lines[1:])]
    (config.parent / "population.csv").write_text("\n".join(lines) + "\n", "utf-8")
    told = open_study(config).territory.population["share"]
    assert told.isna().to_dict() == {code: code == "2A004" for code in pp.CODES}
