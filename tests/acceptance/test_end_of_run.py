"""What a run says at its end: the verdict, where to look first, what each file is for."""

import json
import re
import shlex
from pathlib import Path

import pytest

import petit_pays as pp
import tour_cases as tc
from ctg_geo.cli import main


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("’", "'")


def said_by(capsys, *asked):
    assert main(["diagnose", *map(str, asked)]) == 0
    return plain(capsys.readouterr().out)


@pytest.fixture
def config(tmp_path):
    return pp.write(tmp_path / "pays")


def test_the_screen_tells_little_and_the_text_all(config, tmp_path, capsys):
    out = tmp_path / "out"
    said = said_by(capsys, config, "-s", "creche", "-o", out)
    # Combe has 7.5 for 100: the one commune below 10
    assert "Norme : 10,0 places pour 100 enfants, à 15 min." in said
    assert "n'est pas atteinte dans 1 commune sur 4" in said
    text = plain((out / "synthese.txt").read_text(encoding="utf-8"))
    lines = [each.strip() for each in text.splitlines() if each.strip()]
    shown = [each.strip() for each in said.splitlines()]
    kept = [each for each in lines if each in shown]
    assert len(kept) >= 4  # the same sentences
    assert len(kept) < len(lines)  # and not all of them
    assert "indice de Gini" in text
    assert "indice de Gini" not in said


def test_each_file_named_is_there_with_what_it_is_for(config, tmp_path, capsys):
    out = tmp_path / "out"
    said = said_by(capsys, config, "-s", "creche", "-o", out)
    listed = said[said.index(f"Dans {out}") :]
    named = re.findall(r"^    (\w+\.\w+)  +(.+)$", listed, re.MULTILINE)
    assert named[0][0] == "carte.png"
    assert all((out / name).is_file() and told for name, told in named)
    others = int(re.search(r"… et (\d+) autre", listed).group(1))
    assert others == len([each for each in out.iterdir() if each.is_file()]) - len(named)


def test_a_verbose_run_tells_all(config, tmp_path, capsys):
    said = said_by(capsys, config, "-s", "creche", "-o", tmp_path / "out", "-v")
    assert "indice de Gini" in said
    assert "manifest.json" in said


def test_a_service_without_norm_ends_as_well(tmp_path, capsys):
    services = pp.SERVICES.replace(
        'norm = { within_min = 25, source = "norme de test" }', 'no_norm = "aucune source"'
    )
    config = pp.write(tmp_path / "pays", services=services)
    said = said_by(capsys, config, "-s", "france_services", "-o", tmp_path / "out")
    assert "aucune source" in said
    assert "carte.png" in said


def test_documents_and_pages_of_a_former_run_are_named_until_they_are_made_again(
    config, tmp_path, capsys
):
    out, page = tmp_path / "out", tmp_path / "out" / "comite.html"
    asked = (config, "-s", "creche", "-o", out)
    made = (["export", str(out), "--to", "csv"],
            ["comite", str(config), "-s", "creche", "-o", str(page), "-q"])  # fmt: skip
    said_by(capsys, *asked)
    assert [main(each) for each in made] == [0, 0]
    assert "calcul précédent" not in said_by(capsys, *asked)
    creches = config.parent / "creches.csv"
    creches.write_text(creches.read_text("utf-8").replace("01001,20", "01001,30"), "utf-8")
    said = said_by(capsys, *asked)
    assert "calcul précédent : leurs chiffres ne sont plus ceux de ces résultats (resultats" in said
    assert f"ctg-geo export {out}" in said
    assert f"(comite.html dans {out})" in said
    assert f"ctg-geo comite {config} -s creche -o {page}" in said
    told = json.loads(said_by(capsys, *asked, "--json"))
    assert [Path(each).name for each in told["former_documents"]] == ["resultats_longs.csv"]
    assert [Path(each).name for each in told["former_pages"]] == ["comite.html"]
    assert [main(each) for each in made] == [0, 0]
    assert "calcul précédent" not in said_by(capsys, *asked)


def test_a_page_of_another_study_is_no_page_of_a_former_run(config, tmp_path, capsys, monkeypatch):
    """Two studies side by side: the results of one say nothing of the page of the other."""
    page = tmp_path / "comite.html"
    assert main(["comite", str(config), "-s", "creche", "-o", str(page), "-q"]) == 0
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "o"), "-q"]) == 0
    assert main(["export", str(tmp_path / "o"), "--to", "csv"]) == 0
    creches = config.parent / "creches.csv"
    creches.write_text(creches.read_text("utf-8").replace("01001,20", "01001,30"), "utf-8")
    text = config.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    config.write_text(text.replace('name = "Petit Pays"', 'name = "L\'autre & pays"', 1), "utf-8")
    assert "calcul précédent" not in said_by(capsys, config, "-s", "creche", "-o", "o")
    assert main(["comite", str(config), "-s", "creche", "-o", "comite.html", "-q"]) == 0
    creches.write_text(creches.read_text("utf-8").replace("01001,30", "01001,40"), "utf-8")
    said = said_by(capsys, config, "-s", "creche", "-o", "o")
    assert "(comite.html dans le dossier courant)" in said
    assert f"ctg-geo comite {config} -s creche -o comite.html" in said


PLAN = """name = "Une crèche à Brive"
motive = "test"
source = "test"

[[changes]]
kind = "open"
place = "c9"
service = "creche"
name = "Crèche neuve"
commune = "01002"
capacity = 10
"""


def test_a_page_is_of_a_former_run_once_a_plan_that_it_shows_is_changed(config, tmp_path, capsys):
    plan, out, page = config.parent / "brive.toml", tmp_path / "out", tmp_path / "comite.html"
    plan.write_text(PLAN, "utf-8")
    asked, made = (config, "-s", "creche", "-o", out), ["comite", str(config), "-s", "creche"]
    made += ["--scenario", str(plan), "-o", str(page), "-q"]
    assert main(made) == 0
    assert "Refaire" not in said_by(capsys, *asked)
    assert "comite.html" not in said_by(capsys, *asked)
    plan.write_text(PLAN.replace("capacity = 10", "capacity = 15"), "utf-8")
    said = said_by(capsys, *asked)
    assert f"ctg-geo comite {config} -s creche --scenario {plan.as_posix()} -o {page}" in said
    plan.unlink()  # what cannot be read again is not what it was
    assert f"--scenario {plan.as_posix()}" in said_by(capsys, *asked)


@pytest.mark.parametrize("other", ["file", "territory"])
def test_a_study_that_takes_the_name_of_another_is_not_taken_for_it(
    config, tmp_path, capsys, other
):
    page, out = tmp_path / "comite.html", tmp_path / "out"
    assert main(["comite", str(config), "-s", "creche", "-o", str(page), "-q"]) == 0
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    assert main(["export", str(out), "--to", "csv"]) == 0
    creches = config.parent / "creches.csv"
    creches.write_text(creches.read_text("utf-8").replace("01001,20", "01001,30"), "utf-8")
    assert "calcul précédent" in said_by(capsys, config, "-s", "creche", "-o", out)
    namesake = config
    if other == "file":
        namesake = config.with_name("homonyme.toml")
        namesake.write_text(config.read_text("utf-8"), "utf-8")
    else:
        text = config.read_text("utf-8")
        inside = next(line for line in text.splitlines() if line.startswith("inside"))
        fewer = 'inside = { communes = ["01001", "01002"] }'
        config.write_text(text.replace(inside, fewer), "utf-8")
    assert "calcul précédent" not in said_by(capsys, namesake, "-s", "creche", "-o", out)


def test_documents_are_told_when_the_tours_or_the_comparison_they_tell_were_run_again(
    tmp_path, capsys
):
    config = tc.written(tmp_path / "pays")
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN, "utf-8")
    out, tours, compared = tmp_path / "o", tmp_path / "tournees", tmp_path / "plans"
    driven = ["tours", str(config), "-o", str(tours)]
    planned = ["compare", str(config), str(plan), "-o", str(compared)]
    told = f"export {out} --comparison {compared} --tours {tours}"
    said_by(capsys, config, "-s", "creche", "-o", out)
    made = (driven, planned, [*shlex.split(told), "--to", "rapport"])
    assert [main(each) for each in made] == [0, 0, 0]
    capsys.readouterr()

    def said(asked):
        assert main(asked) == 0
        return plain(capsys.readouterr().out)

    assert "calcul précédent" not in said(driven) + said(planned)
    assert f"Les refaire : ctg-geo {told}\n" in said([*driven, "--design"])
    assert said([*shlex.split(told), "--to", "rapport"])
    plan.write_text(PLAN.replace("capacity = 10", "capacity = 12"), "utf-8")
    assert f"ctg-geo {told}" in said(planned)
    held = json.loads(said([*planned, "--json"]))["former_documents"]
    assert [Path(each).suffix for each in held] == [".docx", ".html", ".pdf"]
