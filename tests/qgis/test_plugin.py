"""The plugin in real QGIS: its algorithms run the engine and leave a project."""

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import petit_pays as pp
import project_cases as pc
from ctg_geo import labels
from ctg_geo.cli import main
from ctg_geo.cli.site_command import site
from qgis_seen import PYTHON, plain

pytestmark = pytest.mark.qgis

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "config" / "valence_romans.toml"
SCENARIOS = ROOT / "config" / "scenarios"


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
    program = program_of_qgis()
    assert program, f"qgis_process comes with QGIS, beside {PYTHON} or on the path"

    def run(*words, fails=False):
        done = subprocess.run([program, *words], check=False, capture_output=True, text=True,
                              timeout=300, env=said)  # fmt: skip
        assert fails or done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    run("plugins", "enable", "ctg_geo_qgis")
    return run


def program_of_qgis():
    """Return `qgis_process` of the QGIS that is tried: beside its Python, else on the path.

    The wrapper of Debian 12 adds an option that the program does not know.
    """
    beside = str(Path(PYTHON).parent)
    return next((found for path in (beside, None) for name in ("qgis_process.bin", "qgis_process")
                 if (found := shutil.which(name, path=path))), None)  # fmt: skip


def test_the_toolbox_has_the_three_algorithms_in_french(process):
    told = process("list")
    for name, said in (("diagnose", "Diagnostiquer"), ("compare", "Comparer des scénarios"),
                       ("site", "Implanter")):  # fmt: skip
        assert f"ctggeo:{name}\t{said}" in told


def test_diagnose_leaves_a_project_that_opens(process, judge, tmp_path):
    config, out = pp.write(tmp_path / "pays"), tmp_path / "résultats d'été"
    told = process("run", "ctggeo:diagnose", "--json", "--", f"CONFIG={config}", "SERVICE=creche",
                   f"OUT={out}")  # fmt: skip
    result = results(told)
    assert result["PROJECT"] == str(out / "projet.qgz")
    assert judge(out / "projet.qgz", "--pages", "none")["read"]


def test_an_error_of_the_engine_is_told_in_its_words(process, tmp_path):
    config = pp.write(tmp_path / "pays")
    told = process("run", "ctggeo:diagnose", "--", f"CONFIG={config}", "SERVICE=ecole",
                   f"OUT={tmp_path / 'out'}", fails=True)  # fmt: skip
    assert "ecole" in told
    assert "ctg-geo s’est arrêté (code 2)" in told


LOADED = """
import json, os, sys
from qgis.core import QgsApplication, QgsProcessingContext, QgsProject
application = QgsApplication([], False)
application.initQgis()
sys.path.insert(0, sys.argv[1])
from ctg_geo_qgis.results import layers_of, load
context = QgsProcessingContext()
context.setProject(QgsProject.instance())
load(layers_of(sys.argv[2]), context)
store, asked = context.temporaryLayerStore(), context.layersToLoadOnCompletion()
told = {asked[each].name: store.mapLayer(each).renderer().type() for each in asked}
print(json.dumps(told), flush=True)
os._exit(0)
"""


@pytest.mark.usefixtures("process")
def test_results_are_asked_to_open_styled_in_the_project(tmp_path):
    out = pc.scenarios(tmp_path)
    done = subprocess.run(
        [PYTHON, "-c", LOADED, str(tmp_path / "plugins"), str(out)], check=True,
        capture_output=True, text=True, timeout=120,
        env=plain() | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)},
    )  # fmt: skip
    told = json.loads(done.stdout.splitlines()[-1])
    assert labels.text("scenarios.layer_change", label="Crèches", name="Une crèche de plus") in told
    assert len(told) == 7
    assert set(told.values()) == {"categorizedSymbol"}


NEWER = """
import json, os, sys
import qgis.core as core
told = []
for owner, name, scope, newer in json.loads(sys.argv[1]):
    old = getattr(getattr(core, owner), name, None)
    new = getattr(getattr(core.Qgis, scope, None), newer, None)
    told.append([old is not None, new is not None, old == new])
print(json.dumps([core.Qgis.QGIS_VERSION_INT, told]), flush=True)
os._exit(0)
"""


@pytest.mark.usefixtures("process")
def test_values_are_the_same_by_the_names_of_qgis_3_and_of_qgis_4(tmp_path):
    """QGIS 3.36 and after know both; older ones the first alone, QGIS 4 the second."""
    text = (tmp_path / "plugins" / "ctg_geo_qgis" / "parameters.py").read_text("utf-8")
    asked = [
        [each.args[0].id, *(one.value for one in each.args[1:])]
        for each in ast.walk(ast.parse(text))
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "_value"
    ]
    assert len(asked) == 5
    done = subprocess.run([PYTHON, "-c", NEWER, json.dumps(asked)], check=True, text=True,
                          capture_output=True, timeout=60, env=plain())  # fmt: skip
    version, told = json.loads(done.stdout.splitlines()[-1])
    for each, (old, new, same) in zip(asked, told, strict=True):
        assert old or new, each
        assert (new and (same or not old)) or version < 33600, each


def results(told):
    return json.loads(told[told.index("{\n") : told.rindex("}") + 1])["results"]


def test_compare_opens_what_each_scenario_changes(process, judge, tmp_path):
    out = tmp_path / "comparaison d'été"
    told = process(
        "run", "ctggeo:compare", "--json", "--", f"CONFIG={DEFAULT}",
        f"SCENARIOS={SCENARIOS / 'creche_nord_20.toml'}", "NAMES=regroupement",
        "SERVICES=creche", f"OUT={out}",
    )  # fmt: skip
    found = results(told)
    assert found["PROJECT"] == str(out / "projet.qgz")
    tables = [source.split("layername=")[1] for source in found["LAYERS"]]
    assert tables[0] == "lieux_changes"
    assert {"ecart_creche_nord_20", "ecart_regroupement", "avant"} <= set(tables)
    seen = judge(out / "comparaison.gpkg", "--tables", *tables)
    assert all(each["valid"] and each["features"] for each in seen["layers"])
    assert judge(out / "projet.qgz", "--pages", "none")["read"]


def test_compare_without_a_scenario_says_what_to_choose(process, tmp_path):
    config = pp.write(tmp_path / "pays")
    told = process("run", "ctggeo:compare", "--", f"CONFIG={config}", f"OUT={tmp_path / 'out'}",
                   fails=True)  # fmt: skip
    assert words("no_scenario") in told


def test_site_runs_with_its_own_options_and_opens_the_plan(process, judge, tmp_path):
    out = tmp_path / "implantation d'été"
    told = process(
        "run", "ctggeo:site", "--json", "--", f"CONFIG={DEFAULT}", "SERVICE=creche",
        "OBJECTIVE=0", "NEW=2", "EXACTLY=true", "CAPACITY=20", "FORBID=26281, 26362",
        "TIME_LIMIT=20", f"OUT={out}",
    )  # fmt: skip
    asked = json.loads((out / "manifest.json").read_text("utf-8"))["parameters"]["site"]
    assert {key: asked[key] for key in ("objective", "new", "exactly", "smallest", "largest")} == {
        "objective": "shortfall", "new": 2, "exactly": True, "smallest": 20, "largest": 20,
    }  # fmt: skip
    assert asked["forbidden"] == ["26281", "26362"]
    assert asked["time_limit_s"] == 20
    found = results(told)
    tables = [source.split("layername=")[1] for source in found["LAYERS"]]
    assert tables[0] == "candidats"
    assert "ecart_plan" in tables, "what the plan changes is in the folder inside"
    assert found["PROJECT"] == str(out / "projet.qgz")
    assert judge(out / "projet.qgz", "--pages", "none")["read"]


def test_forms_ask_in_french_for_every_option_of_the_command(process):
    told = process("help", "ctggeo:site")
    others = {"config", "service", "out", "as_json", "help", "quiet", "verbose"}
    options = {each.name for each in site.params} - others
    assert len(options) > 20
    for name in options:
        assert f"{name.upper()}: " in told, name
        assert labels.text(f"qgis_plugin.site.{name}") in told, name


def words(key):
    return labels.text(f"qgis_plugin.{key}")
