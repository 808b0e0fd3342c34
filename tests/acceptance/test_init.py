"""`ctg-geo init`: a study to begin with, which the program itself can read."""

import tomllib
from pathlib import Path

import geopandas as gpd
import pytest
from click.testing import CliRunner

from ctg_geo.cli import main
from ctg_geo.cli.app import app
from ctg_geo.config import load_study
from ctg_geo.contracts.codes import is_siren
from ctg_geo.errors import OutputError
from ctg_geo.starting import STOCK, NewStudy, start

ROOT = Path(__file__).parents[2]
ASKED = ["--epci", "200068781", "--name", 'Valence "Romans" Agglo\n[study]', "-q"]


def test_the_study_written_is_one_and_says_what_was_asked(tmp_path):
    poles = ["--pole", "Nord=26281", "--pole", "Bassin sud=26362"]
    assert main(["init", str(tmp_path / "etude"), *ASKED, *poles]) == 0
    written = {each.name for each in (tmp_path / "etude").iterdir()}
    assert written == {"etude.toml", *STOCK}
    study = load_study(tmp_path / "etude" / "etude.toml").file
    assert study.study.name == 'Valence "Romans" Agglo [study]'
    assert study.study.inside.epci == "200068781"
    assert study.groups["bassin"].poles == {"nord": "26281", "bassin_sud": "26362"}
    assert study.groups["bassin"].names["bassin_sud"] == "Bassin sud"
    assert study.study.main_services == ("creche", "france_services")


@pytest.mark.parametrize("services", [
    ["creche"], ["france_services"], ["mediation_numerique", "laep"], ["ludotheque"],
])  # fmt: skip
def test_every_choice_of_services_can_be_read(tmp_path, services):
    start(NewStudy("Ici", "200068781", services), tmp_path)
    assert load_study(tmp_path / "etude.toml").file.study.main_services == tuple(services)


def test_a_service_of_no_national_file_has_a_table_to_fill(tmp_path):
    files = start(NewStudy("Ici", "200068781", ["creche", "ludotheque"]), tmp_path)
    assert tmp_path / "lieux.csv" in files
    own = load_study(tmp_path / "etude.toml").file.sources.equipements[-1]
    titles = (tmp_path / "lieux.csv").read_text(encoding="utf-8").strip().split(";")
    assert set(own.columns.values()) == set(titles)


def test_all_services_of_the_stock_can_be_asked(tmp_path):
    known = tomllib.loads((ROOT / "config" / "services.toml").read_text("utf-8"))["services"]
    start(NewStudy("Ici", "200068781", list(known)), tmp_path)
    load_study(tmp_path / "etude.toml")


def test_its_commented_lines_are_right_too(tmp_path):
    (file, *_) = start(NewStudy("Ici", "200068781"), tmp_path)
    lines = file.read_text(encoding="utf-8").splitlines()
    begun = lines.index("# [groups.bassin]")
    for at in range(begun, begun + 4):
        lines[at] = lines[at].removeprefix("# ")
    spread = next(at for at, line in enumerate(lines) if line.startswith("# spread = "))
    for at in range(spread, spread + 3):
        lines[at] = lines[at].removeprefix("# ")
    file.write_text("\n".join(lines), encoding="utf-8")
    study = load_study(file).file
    assert study.groups["bassin"].poles
    assert study.sources.cells is not None


def test_the_next_step_names_the_files_that_are_missing(tmp_path, capsys):
    assert main(["init", str(tmp_path), *ASKED]) == 0
    assert main(["check", str(tmp_path / "etude.toml")]) == 1
    said = capsys.readouterr().err
    for dataset in ("(contours_etalab, ", "(bpe, ", "(commune_ages, "):
        assert dataset in said


def test_nothing_that_is_there_is_replaced(tmp_path, capsys):
    (tmp_path / "services.toml").write_text("à moi", encoding="utf-8")
    assert main(["init", str(tmp_path), *ASKED]) == 1
    assert "services.toml" in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["services.toml"]
    assert (tmp_path / "services.toml").read_text(encoding="utf-8") == "à moi"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--epci", "26281"], "neuf chiffres"),
        (["--epci", "999999999"], "vérifie les autres"),  # 9 × 5 + (1 + 8) × 4 = 81
        (["--epci", "200068718"], "vérifie les autres"),  # two digits the other way round
        ([], "neuf chiffres"),  # nobody to ask
        (["--epci", "200068781", "--pole", "Nord"], "code Insee"),
        (["--epci", "200068781", "--pole", "Nord=2628"], "code Insee"),
        (["--epci", "200068781", "-s", "creches"], "creche\u00a0»"),
    ],
)
def test_what_is_wrong_is_told_with_the_mend(tmp_path, capsys, arguments, said):
    assert main(["init", str(tmp_path / "etude"), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "etude").exists()


def test_it_asks_what_it_was_not_told(tmp_path, monkeypatch):
    monkeypatch.setattr("ctg_geo.cli.init_command._there", lambda: True)
    answers = "200068781\nValence Romans Agglo\ncreche, laep\n"
    done = CliRunner().invoke(app, ["init", str(tmp_path / "etude")], input=answers)
    assert done.exit_code == 0, done.output
    study = load_study(tmp_path / "etude" / "etude.toml").file.study
    assert (study.name, study.main_services) == ("Valence Romans Agglo", ("creche", "laep"))


def test_a_wrong_answer_is_asked_again_with_the_reason(tmp_path, monkeypatch):
    monkeypatch.setattr("ctg_geo.cli.init_command._there", lambda: True)
    answers = "26281\n200068782\n200068781\nIci\ncreches\ncreche\n"
    done = CliRunner().invoke(app, ["init", str(tmp_path / "etude")], input=answers)
    assert done.exit_code == 0, done.output
    said = done.output.replace("\u00a0", " ")
    assert "Code Siren de l’EPCI (neuf chiffres) : " in said
    reasons = ["neuf chiffres sont attendus", "vérifie les autres", "Vouliez-vous dire"]
    assert [said.count(each) for each in reasons[:2]] == [1, 1]
    assert "« creches »" in said
    assert load_study(tmp_path / "etude" / "etude.toml").file.study.main_services == ("creche",)


def test_a_folder_that_is_a_study_already_is_told_before_any_question(tmp_path, monkeypatch):
    monkeypatch.setattr("ctg_geo.cli.init_command._there", lambda: True)
    start(NewStudy("Ici", "200068781"), tmp_path)
    done = CliRunner().invoke(app, ["init", str(tmp_path)], input="")
    assert isinstance(done.exception, OutputError)
    assert "Siren" not in done.output


def test_pages_of_the_documentation_are_said_to_be_elsewhere(tmp_path):
    (file, *_) = start(NewStudy("Ici", "200068781"), tmp_path)
    text = file.read_text(encoding="utf-8")
    told = text.index("dossier docs de ctg-geo")
    assert 0 < told < text.index("docs/population.md")


def test_the_codes_of_all_epci_around_the_pilot_are_sirens():
    """Codes that their producers publish; each with two digits the other way round is not one."""
    codes = set(gpd.read_file(ROOT / "data" / "communes" / "contours.geojson")["epci"].dropna())
    assert len(codes) > 5
    assert all(is_siren(each) for each in codes)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_the_commands(shell, capsys):
    assert main(["completion", shell]) == 0
    assert "_CTG_GEO_COMPLETE" in capsys.readouterr().out


def test_completion_knows_the_commands(monkeypatch, capsys):
    monkeypatch.setenv("_CTG_GEO_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "ctg-geo dia")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        main([])
    assert "diagnose" in capsys.readouterr().out


def test_what_is_said_next_can_be_typed_as_it_is(tmp_path, capsys):
    folder = tmp_path / "étude à moi"
    assert main(["init", str(folder), "--epci", "200068781"]) == 0
    said = capsys.readouterr().out
    assert f'ctg-geo fetch "{folder}/etude.toml"' in said.replace("\\", "/").replace("\n", " ")
