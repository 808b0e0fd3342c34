"""What the command line says of itself: in French, with an example, completed by the shell."""

import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

import petit_pays as pp
from ctg_geo.cli import main
from ctg_geo.cli.app import app
from ctg_geo.cli.waiting import TimeLeft


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


@pytest.mark.parametrize("name", app.commands)
def test_the_help_of_each_command_is_french_and_gives_an_example_that_reads(name, capsys):
    main([name, "--help"])
    said = plain(capsys.readouterr().out)
    assert "Emploi : ctg-geo" in said
    assert "Options :" in said
    english = r"\b(?:TEXT|PATH|INTEGER|FLOAT|RANGE|DIRECTORY|FILE|required)\b|\[default|Show this"
    assert not re.search(english, said)
    example = re.search(rf"\nExemple :\n  (ctg-geo {name}.*)\n\n", said)
    assert example, said
    words = re.findall(r'"[^"]*"|\S+', example[1].partition(">>")[0])[2:]
    known = {each for parameter in app.commands[name].params for each in parameter.opts}
    assert {each for each in words if each.startswith("-")} <= known
    with pytest.raises(Exception) as caught:  # noqa: PT011  (every option of it is understood)
        app.commands[name].make_context(name, [each.strip('"') for each in words]).exit()
    assert not isinstance(caught.value, click.UsageError), caught.value


@pytest.mark.parametrize(("arguments", "said"), [
    (["export", "out", "--to", "anexe"], "Vouliez-vous dire annexe ?"),
    (["export", "out", "--to", "zzz"], "« zzz » n'est pas un choix possible (rapport"),
    (["tours", "etude.toml", "--days", "9"], "9 ne convient pas : il faut un nombre de 1 à 7"),
    (["check", "etude.toml", "de", "trop"], "Argument de trop : de"),
    (["tours", "etude.toml", "--days", "trois"], "« trois » ne convient pas : il faut un nombre"),
    (["diagnos", "etude.toml"], "« diagnos » n'existe pas. Vouliez-vous dire diagnose ?"),
    (["zzzzzz"], "« zzzzzz » n'existe pas. Commandes : check, diagnose"),
    (["measures", "etude.toml", "-s", "creche"], "Il manque : --out."),
    (["check"], "Il manque : CONFIG."),
])  # fmt: skip
def test_what_is_typed_wrong_is_told_in_french(arguments, said, capsys):
    assert main(arguments) == 2
    told = plain(capsys.readouterr().err)
    assert said in told
    assert not re.search(r"is not|unexpected|one of|'trois'", told)


@pytest.mark.parametrize("name", app.commands)
def test_the_help_tells_where_results_go_when_it_is_not_said(name, capsys):
    main([name, "--help"])
    said = " ".join(plain(capsys.readouterr().out).split())
    for each in app.commands[name].params:
        if isinstance(each.default, Path) and isinstance(each, click.Option):
            assert f"[par défaut : {each.default}]" in said.replace("- ", "-")


@pytest.mark.parametrize("name", ["projection", "evolution", "comite", "measures"])
def test_the_service_of_a_command_is_not_said_to_be_that_of_times(name, capsys):
    main([name, "--help"])
    assert "Service étudié" in capsys.readouterr().out


def test_a_command_told_to_be_quiet_says_nothing_however_verbose(tmp_path):
    config = pp.write(tmp_path)
    arguments = ["measures", str(config), "-s", "creche", "-o", str(tmp_path / "m.csv")]
    done = subprocess.run(
        [sys.executable, "-m", "ctg_geo", *arguments, "-q", "-vv"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == (b"", b"")


def completed(monkeypatch, capsys, line):
    words = line.split(" ")
    monkeypatch.setenv("_CTG_GEO_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    with pytest.raises(SystemExit):
        main([])
    return [each.partition(",")[2] for each in capsys.readouterr().out.split()]


def test_services_and_scenarios_of_the_study_are_offered(tmp_path, monkeypatch, capsys):
    config = pp.write(tmp_path)
    (tmp_path / "scenarios").mkdir()
    for name in ("nord", "nouveau", "sud"):
        (tmp_path / "scenarios" / f"{name}.toml").write_text("", encoding="utf-8")
    offered = completed(monkeypatch, capsys, f"ctg-geo diagnose {config} -s cr")
    assert offered == ["creche"]
    every = completed(monkeypatch, capsys, f"ctg-geo comite {config} -s ")
    assert {"creche", "france_services"} <= {*every}
    assert completed(monkeypatch, capsys, f"ctg-geo compare {config} no") == ["nord", "nouveau"]
    asked = f"ctg-geo comite {config} -s creche --scenario su"
    assert completed(monkeypatch, capsys, asked) == ["sud"]
    assert completed(monkeypatch, capsys, "ctg-geo diagnose absent.toml -s cr") == []


def test_time_left_is_that_of_the_steps_done_and_none_is_guessed_before(monkeypatch):
    def told(done, now, moved):
        task = SimpleNamespace(completed=done, total=2, fields={"began": 100.0, "moved": moved})
        monkeypatch.setattr(time, "monotonic", lambda: now)
        return plain(TimeLeft().render(task).plain)

    assert told(0, 107.0, 100.0) == "depuis 7 s"
    assert told(1, 112.0, 110.0) == "encore 8 s environ"  # 10 s a step: 20 in all, 12 gone
    assert told(1, 145.0, 110.0) == "encore 0 s environ"
    assert told(1, 340.0, 340.0) == "encore 4 min environ"
