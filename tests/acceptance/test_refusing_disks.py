"""A disk that is full, may not be written or is held: one French sentence, former results whole."""

import hashlib
import os
import re
import resource
import signal
import subprocess
import sys

import numpy as np
import pytest

import petit_pays as pp
from ctg_geo.cli import main
from ctg_geo.errors import OutputError
from ctg_geo.export.aside import write_aside
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layer import Layer
from ctg_geo.export.surface import _write
from ctg_geo.travel import Surface

pytestmark = pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")


@pytest.fixture
def full():
    """Let no file grow beyond some bytes, as a disk that is full does; give how to set it."""
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (most, former[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, former)
    signal.signal(signal.SIGXFSZ, handler)


def content(folder):
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.iterdir()}


@pytest.mark.parametrize("most", [3_000, 60_000, 200_000])
def test_a_diagnosis_on_a_full_disk_is_told_and_leaves_the_former_one(tmp_path, capsys, full, most):
    config, out = pp.write(tmp_path / "pays"), tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    former = content(out)
    pp.write(tmp_path / "pays", creches=pp.CRECHES.replace(",20\n", ",35\n"))
    full(most)
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Erreur")
    assert str(out) in said
    assert len(said.splitlines()) == 1
    assert content(out) == former


def layer():
    communes = pp.communes()
    return Layer("communes", communes, {name: name for name in ("code", "nom", "epci")}, "test")


def refused(folder, write, name="a.file"):
    with pytest.raises(OutputError, match=re.escape(name)):
        write_aside(folder / name, write)


@pytest.mark.parametrize("most", range(1_000, 120_000, 12_000))
def test_a_geopackage_that_no_disk_holds_is_an_error_of_the_system(tmp_path, full, most):
    full(most)
    refused(tmp_path, lambda made: write_geopackage(made, [layer()], {}), "a.gpkg")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("most", [100, 10_000, 200_000])
def test_a_surface_that_no_disk_holds_is_an_error_of_the_system(tmp_path, full, most):
    minutes = np.random.default_rng(1).uniform(0, 60, (600, 600)).astype(np.float32)
    surface = Surface(minutes, 0.0, 60_000.0, 100.0, "EPSG:2154", 60.0, schematic=False)
    tags = {"TIFFTAG_IMAGEDESCRIPTION": "t", "unit": "min"}
    full(most)
    refused(tmp_path, lambda made: _write(made, surface, tags))
    assert not list(tmp_path.iterdir())


NOBODY = 65534


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs another user")
def test_a_folder_that_may_not_be_written_is_named_with_the_mend(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; from ctg_geo.cli.main import _told;"
        "from ctg_geo.staging import staged; from ctg_geo.errors import OutputError;"
        f"os.setuid({NOBODY})\n"
        "try:\n  with staged(Path(sys.argv[1]) / 'out'): pass\n"
        "except OutputError as error: print(error.explain())"
    )
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o755)
    for each in (tmp_path, *tmp_path.parents[:3]):
        each.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code, str(closed)], capture_output=True, text=True, check=False
    )
    assert f"{closed / 'out'}" in done.stdout, done.stderr
    assert "droits" in done.stdout
