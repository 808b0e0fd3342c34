"""The plugin in real QGIS: its algorithms run the engine and leave a project."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

import petit_pays as pp
from ctg_geo.cli import main

pytestmark = pytest.mark.qgis


@pytest.fixture
def process(request, tmp_path):
    """Return a function that runs `qgis_process` with the plugin, installed from its zip."""
    request.getfixturevalue("judge")  # skips or fails where QGIS is absent
    plugins, own = tmp_path / "plugins", tmp_path / "profile"
    own.mkdir(mode=0o700)
    assert main(["qgis-plugin", "-o", str(tmp_path / "p.zip"), "-q"]) == 0
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        archive.extractall(plugins)
    engine = tmp_path / "bin" / "ctg-geo"
    engine.parent.mkdir()
    paths = os.pathsep.join(sys.path)
    engine.write_text(
        f"#!/bin/sh\nPYTHONPATH='{paths}' exec '{sys.executable}' -m ctg_geo \"$@\"\n"
    )
    engine.chmod(0o755)
    said = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
        "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(own), "HOME": str(own),
        "QGIS_CUSTOM_CONFIG_PATH": str(own), "QGIS_PLUGINPATH": str(plugins),
        "PATH": f"{engine.parent}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    # the wrapper of Debian 12 adds an option that the program does not know
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    assert program, "qgis_process comes with QGIS"

    def run(*words, fails=False):
        done = subprocess.run([program, *words], check=False, capture_output=True, text=True,
                              timeout=300, env=said)  # fmt: skip
        assert fails or done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    run("plugins", "enable", "ctg_geo_qgis")
    return run


def test_the_toolbox_has_the_three_algorithms_in_french(process):
    told = process("list")
    for name, said in (("diagnose", "Diagnostiquer"), ("compare", "Comparer des scénarios"),
                       ("site", "Implanter")):  # fmt: skip
        assert f"ctggeo:{name}\t{said}" in told


def test_diagnose_leaves_a_project_that_opens(process, judge, tmp_path):
    config, out = pp.write(tmp_path / "pays"), tmp_path / "résultats d'été"
    told = process("run", "ctggeo:diagnose", "--json", "--", f"CONFIG={config}", "SERVICE=creche",
                   f"OUT={out}")  # fmt: skip
    result = json.loads(told[told.index("{\n") : told.rindex("}") + 1])["results"]
    assert result["PROJECT"] == str(out / "projet.qgz")
    assert judge(out / "projet.qgz", "--pages", "none")["read"]


def test_an_error_of_the_engine_is_told_in_its_words(process, tmp_path):
    config = pp.write(tmp_path / "pays")
    told = process("run", "ctggeo:diagnose", "--", f"CONFIG={config}", "SERVICE=ecole",
                   f"OUT={tmp_path / 'out'}", fails=True)  # fmt: skip
    assert "ecole" in told
    assert "ctg-geo s’est arrêté (code 2)" in told
