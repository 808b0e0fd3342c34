"""Documents are made of one state of the study's files: results of two are refused."""

import shutil

import pytest

import tour_cases as tc
from ctg_geo.cli import main

PLAN = """name = "Neuve"
motive = "essai"
source = "test"

[[changes]]
kind = "open"
place = "neuve"
service = "creche"
name = "Neuve"
commune = "01002"
capacity = 10.0
"""


def ran(*asked):
    return main([*map(str, asked), "-q"])


@pytest.fixture
def config(tmp_path):
    return tc.written(tmp_path / "pays")


def changed(config):
    file = config.parent / "creches.csv"
    file.write_text(file.read_text("utf-8").replace("01001,20", "01001,30"), "utf-8")


def refused(capsys, *asked):
    capsys.readouterr()
    assert ran(*asked) == 1
    return capsys.readouterr().err


def test_a_service_run_again_alone_after_a_file_changed_is_not_bound_with_the_others(
    config, tmp_path, capsys
):
    out = tmp_path / "o"
    assert ran("diagnose", config, "-s", "creche", "-s", "france_services", "-o", out) == 0
    assert ran("export", out, "--to", "csv") == 0
    changed(config)
    assert ran("diagnose", config, "-s", "creche", "-o", out / "creche") == 0
    before = (out / "documents" / "resultats_longs.csv").read_bytes()
    said = refused(capsys, "export", out, "--to", "csv")
    assert "creches.csv" in said
    assert str(out / "creche") in said
    assert str(out / "france_services") in said
    assert (out / "documents" / "resultats_longs.csv").read_bytes() == before
    assert ran("diagnose", config, "-s", "france_services", "-o", out / "france_services") == 0
    assert ran("export", out, "--to", "csv") == 0


def test_neither_a_comparison_nor_tours_of_other_files_are_told_beside_a_diagnosis(
    config, tmp_path, capsys
):
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN, "utf-8")
    out, plans, tours = tmp_path / "o", tmp_path / "plans", tmp_path / "tournees"
    assert ran("diagnose", config, "-s", "creche", "-o", out) == 0
    assert ran("compare", config, plan, "-o", plans) == 0
    assert ran("tours", config, "-o", tours) == 0
    told = ("export", out, "--to", "rapport", "--comparison", plans, "--tours", tours)
    assert ran(*told) == 0
    changed(config)
    kept = tmp_path / "kept"
    shutil.copytree(plans, kept)
    assert ran("compare", config, plan, "-o", plans) == 0
    assert "creches.csv" in refused(capsys, *told)
    told = ("export", out, "--to", "rapport", "--comparison", kept, "--tours", tours)
    assert ran(*told) == 0
    assert ran("tours", config, "-o", tours) == 0
    assert str(tours) in refused(capsys, *told)
