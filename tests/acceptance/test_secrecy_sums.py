"""Sums that nobody declares, cells left blank, communes that merge: none tells a secret."""

import csv
import io

import pytest

import petit_pays as pp
from ctg_geo.cli import main

AGES = pp.STUDY.replace(
    'path = "population.csv"', 'path = "population.csv"\nsecrecy = "caf"'
).replace(
    'column = "under_3"\n',
    'column = "under_3"\n\n[sources.population.values.children_3_5]\ncolumn = "three"\n\n'
    '[sources.population.values.children_0_5]\ncolumn = "all"\n',
)  # fmt: skip
SUMS = '[secrecy]\nsums = [{ total = "children_0_5", parts = ["children_0_2", "children_3_5"] }]\n'
ROWS = {  # under 3, from 3 to 5
    "01001": (100, 90), "01002": (50, 3), "01003": (7, 8), "2A004": (30, 40), "26005": (20, 20),
}  # fmt: skip


def ages(rows, **said):
    lines = [
        f"{code},{100 + 9 * first},{said.get('first', first)},{second},{first + second}"
        for code, (first, second) in rows.items()
    ]
    return "code_insee,inhabitants,under_3,three,all\n" + "\n".join(lines) + "\n"


def portrait(folder, capsys, study, population, *, out="out", **files):
    config = pp.write(folder / "pays", study=study, population=population, **files)
    code = main(["portrait", str(config), "-o", str(folder / out), "-q"])
    return code, capsys.readouterr().err


def table(path):
    text = path.read_text(encoding="utf-8-sig").replace("\u202f", "").replace("\u00a0", " ")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def told(out, *columns):
    """Return the figures of each commune that a reader of the portrait has."""
    return {
        row["Code Insee"]: [row[each] for each in columns] for row in table(out / "portrait.csv")
    }


FIGURES = ("children_0_2", "children_3_5", "children_0_5")


def shown(out):
    return told(out, *FIGURES)


def recovered(out):
    """Return the communes of which one age is hidden and the two other figures are shown."""
    return [code for code, values in shown(out).items() if sum(not each for each in values) == 1]


def blank(text, code, column):
    lines = [line.split(",") for line in text.splitlines()]
    at = lines[0].index(column)
    return "\n".join(
        ",".join("" if line[0] == code and k == at else cell for k, cell in enumerate(line))
        for line in lines
    ) + "\n"  # fmt: skip


def test_a_blank_cell_under_a_rule_is_taken_for_masked(tmp_path, capsys):
    population = blank(ages(ROWS), "01002", "three")  # 53 - 50 would tell 3
    assert portrait(tmp_path, capsys, AGES + SUMS, population) == (0, "")
    out = tmp_path / "out"
    assert shown(out)["01002"].count("") > 1
    assert recovered(out) == []
    log = table(out / "journal_secret.csv")
    assert ("Brive", "primaire") in [(row["Commune"], row["Secret"]) for row in log]


def test_a_blank_that_the_source_says_is_unknown_is_not_secret(tmp_path, capsys):
    study = AGES.replace('secrecy = "caf"', 'secrecy = "caf"\nblank = "not_available"')
    population = blank(ages({**ROWS, "01002": (50, 60)}), "01002", "three")
    assert portrait(tmp_path, capsys, study + SUMS, population) == (0, "")
    assert recovered(tmp_path / "out") == ["01002"]  # 60, and nobody hid it


def test_a_blank_that_cannot_be_a_masked_count_is_refused_with_the_mend(tmp_path, capsys):
    population = blank(ages({**ROWS, "01002": (50, 60)}), "01002", "three")
    code, said = portrait(tmp_path, capsys, AGES + SUMS, population)
    assert code == 1
    assert "Brive" in said
    assert "blank" in said


def test_columns_that_add_up_protect_each_other_undeclared(tmp_path, capsys):
    assert portrait(tmp_path, capsys, AGES, ages(ROWS)) == (0, "")
    out = tmp_path / "out"
    assert recovered(out) == []
    log = table(out / "journal_secret.csv")
    (said,) = [row["Détail"] for row in log if row["Étape"] == "somme reconnue"]
    assert "vue dans les chiffres" in said
    assert "Non essayé" in log[-1]["Détail"]
    keys = (out / "constats.csv").read_text(encoding="utf-8-sig")
    assert "somme reconnue dans les chiffres" in keys


def test_two_services_of_two_ages_do_not_tell_a_third(tmp_path):
    desks = pp.SERVICES.split("[services.france_services]")[0].replace
    services = pp.SERVICES + "".join(
        desks("[services.creche]", f"[services.s{key}]").replace("children_0_2", demand)
        for key, demand in (("35", "children_3_5"), ("05", "children_0_5"))
    )
    mark = "[[sources.equipements]]"
    source = mark + AGES.split(mark)[1]
    places = "".join(
        source.replace('"creche"', f'"s{key}"').replace("creches", f"s{key}")
        for key in ("35", "05")
    )
    study = AGES.replace(mark, places + mark, 1)
    config = pp.write(tmp_path / "pays", study=study, population=ages(ROWS), services=services)
    for key in ("35", "05"):
        text = pp.CRECHES.replace("\nc", f"\ns{key}-")
        (tmp_path / "pays" / f"s{key}.csv").write_text(text, encoding="utf-8")
    asked = ["-s", "creche", "-s", "s35", "-s", "s05"]
    assert main(["diagnose", str(config), *asked, "-o", str(tmp_path / "o"), "-q"]) == 0
    counts = [
        {row["Code Insee"]: row["Population concernée : enfants"]
         for row in table(tmp_path / "o" / key / "resultats.csv")}
        for key in ("creche", "s35", "s05")
    ]  # fmt: skip
    assert sum(not each["01002"] for each in counts) > 1


@pytest.mark.parametrize("said", ["ages", "numbers"])
def test_ages_are_a_sum_though_the_numbers_are_too_few_to_show_it(tmp_path, capsys, said):
    few = {**dict.fromkeys(ROWS, (0, 0)), "01002": (50, 3)}
    study = AGES
    for column, band in (("under_3", "0-2"), ("three", "3-5"), ("all", "0-5")):
        mark = f'column = "{column}"\n'
        study = study.replace(mark, f'{mark}ages = "{band}"\n') if said == "ages" else study
    assert portrait(tmp_path, capsys, study, ages(few)) == (0, "")
    # without ages nothing tells that the columns add up, and the study says what it did not try
    assert recovered(tmp_path / "out") == ([] if said == "ages" else ["01002"])


def test_columns_that_nearly_add_up_are_told(tmp_path, capsys):
    population = ages({**ROWS, "01002": (50, 60)}).replace(",15\n", ",16\n")
    assert portrait(tmp_path, capsys, AGES, population) == (0, "")
    said = (tmp_path / "out" / "constats.csv").read_text(encoding="utf-8-sig")
    assert "ressemble à la somme" in said
    assert "01003" in said


def test_a_rule_without_a_register_is_said(tmp_path, capsys):
    assert portrait(tmp_path, capsys, AGES + SUMS, ages(ROWS)) == (0, "")
    out = tmp_path / "out"
    assert "aucun registre" in (out / "constats.csv").read_text(encoding="utf-8-sig")
    assert "aucun registre" in (out / "journal_secret.csv").read_text(encoding="utf-8-sig")
    listed = SUMS + 'publications = "registre.json"\n'
    assert portrait(tmp_path, capsys, AGES + listed, ages(ROWS), out="two") == (0, "")
    said = (tmp_path / "two" / "constats.csv").read_text(encoding="utf-8-sig")
    assert "aucun registre" not in said


# Brive takes in Combe and Dune on 1 January 2019: 50 + 15 + 3 children.
MERGERS = "old,new,date\n01003,01002,2019-01-01\n2A004,01002,2019-01-01\n"
MERGED = (
    pp.STUDY.replace('path = "population.csv"', 'path = "population.csv"\nsecrecy = "caf"')
    .replace("[sources.population]\n", """[sources.mergers]
path = "mergers.csv"
columns = { old_code = "old", code_insee = "new", date = "date" }
provider = "test"
licence = "test"
vintage = "2019"

[sources.population]
wider_area = true
""", 1)
    .replace('est = "2A004"', 'est = "01002"')
    + '[secrecy]\npublications = "registre.json"\n'
)  # fmt: skip
BEFORE = "code_insee,inhabitants,under_3\n01001,1000,100\n01002,500,50\n01003,40,15\n2A004,300,3\n26005,200,20\n"  # noqa: E501
AFTER = "code_insee,inhabitants,under_3\n01001,1000,100\n01002,840,68\n26005,200,20\n"


def published(folder, capsys, year, population, *, study=MERGED, out):
    study = study.replace("[study]\n", f"[study]\ncog = {year}\n", 1)
    for path in ("communes.geojson", "creches.csv", "desks.csv"):
        study = study.replace(f'path = "{path}"', f'path = "{path}"\ncog = 2018')
    of = 2018 if "2A004" in population else 2020
    study = study.replace('path = "population.csv"', f'path = "population.csv"\ncog = {of}')
    (folder / "pays").mkdir(parents=True, exist_ok=True)
    (folder / "pays" / "mergers.csv").write_text(MERGERS, encoding="utf-8")
    code, said = portrait(folder, capsys, study, population, out=out)
    assert said == ""
    assert (code, said) == (0, "")
    return {code: first for code, (first,) in told(folder / out, "children_0_2").items()}


@pytest.mark.parametrize("vintage", ["2026", "au 31/12/2018"])
@pytest.mark.parametrize("first", [2018, 2020])
def test_a_commune_that_merged_and_what_it_was_do_not_tell_a_part(tmp_path, capsys, first, vintage):
    shown = {}
    for year in (first, 2038 - first + 2000):
        text = BEFORE if year == 2018 else AFTER
        study = MERGED if year == first else MERGED.replace('"2026"', f'"{vintage}"')
        shown[year] = published(tmp_path, capsys, year, text, study=study, out=str(year))
    assert shown[2018]["2A004"] == ""
    assert shown[2018]["01001"] == shown[2020]["01001"] == "100"
    parts = [shown[2018]["01002"], shown[2018]["01003"], shown[2020]["01002"]]
    assert "" in parts, "68 less 50 less 15 is 3"
    assert parts.count("") == 1
    last = tmp_path / str(2038 - first + 2000) / "journal_secret.csv"
    assert "publication d’une autre année" in last.read_text(encoding="utf-8-sig")


def test_a_merger_made_by_the_study_itself_publishes_after_its_parts(tmp_path, capsys):
    published(tmp_path, capsys, 2018, BEFORE, out="one")
    shown = published(tmp_path, capsys, 2020, BEFORE, out="two")
    assert shown["01002"] == ""  # a part of it is secret
    assert shown["01001"] == "100"


def test_a_figure_published_otherwise_is_refused_without_advice_to_rename(tmp_path, capsys):
    study = AGES + '[secrecy]\npublications = "registre.json"\n'
    assert portrait(tmp_path, capsys, study, ages(ROWS)) == (0, "")
    code, said = portrait(tmp_path, capsys, study, ages({**ROWS, "01001": (101, 90)}), out="two")
    assert code == 1
    assert "autre millésime" not in said
    assert "sources.mergers" in said


TWINS = pp.STUDY.replace(
    'column = "under_3"\n',
    'column = "under_3"\nsecrecy = "caf"\n\n[sources.population.values.children_0_5]\n'
    'column = "under_3"\nfactor = 2\nstatus = "estimated"\n',
)


def test_two_figures_of_one_column_hide_together(tmp_path, capsys):
    """Twice 3 children would tell the 3, though only one of the figures is under the rule."""
    rows = "".join(f"{code},100,{3 if code == '01002' else 40}\n" for code in ROWS)
    code, said = portrait(tmp_path, capsys, TWINS, "code_insee,inhabitants,under_3\n" + rows)
    assert code == 0, said
    found = told(tmp_path / "out", "children_0_2", "children_0_5")
    assert found["01002"] == ["", ""]
    assert all(all(values) for each, values in found.items() if each != "01002")
