"""The reference data beside the project: tests that need it skip, and say so. No test is timed."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared():
    """Return the folder of reference data (`CTG_GEO_SHARED`, or `shared` beside the project)."""
    folder = Path(os.environ.get("CTG_GEO_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"REFERENCE DATA NOT FOUND: {folder}; set CTG_GEO_SHARED")
    return folder
