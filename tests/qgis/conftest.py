"""Real QGIS judges our files: without it tests skip, and say so; where it must be, they fail."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from qgis_seen import PYTHON, plain

JUDGE = Path(__file__).with_name("judge.py")
REQUIRED = os.environ.get("CI") == "true" or bool(os.environ.get("CTG_GEO_QGIS_REQUIRED"))


@pytest.fixture(scope="session")
def judge(tmp_path_factory):
    """Return a function that opens a file in QGIS and returns what QGIS sees."""
    try:
        there = subprocess.run(
            [PYTHON, "-c", "import qgis.core"], check=False, capture_output=True, env=plain()
        ).returncode == 0  # fmt: skip
    except OSError:
        there = False
    if not there:
        said = (f"QGIS NOT FOUND by {PYTHON}: install the packages qgis and python3-qgis, "
                "or set CTG_GEO_QGIS_PYTHON")  # fmt: skip
        pytest.fail(said) if REQUIRED else pytest.skip(said)

    def seen(file, *options):
        out = tmp_path_factory.mktemp("seen")
        done = subprocess.run(
            [PYTHON, str(JUDGE), str(file), str(out), *options],
            check=False, capture_output=True, text=True, timeout=300, env=plain(),
        )  # fmt: skip
        assert done.stdout.strip(), done.stderr
        return json.loads(done.stdout.strip().splitlines()[-1])

    return seen
