"""The reference data beside the project: tests that need it skip, and say so. No test is timed.

Examples are drawn the same in every run, so that what passed passes again; `--hunt N` draws N
times as many, new ones each time (`make hunt`).
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# A busy machine is no failure, and the same commit passes or fails the same everywhere.
settings.register_profile("same", deadline=None, derandomize=True, database=None)
settings.load_profile("same")


def pytest_addoption(parser):
    """Add the hunt for new examples."""
    parser.addoption("--hunt", type=int, default=0, help="draw N times as many, new ones")


# The files that take longest come first: the last ones to end are short, and no core waits long.
LONGEST = (
    "test_same_counts", "test_depot", "test_twin_communes", "test_twin_masked",
    "test_twin_at_the_norm", "test_secrecy", "test_results_projects", "test_twin_streets",
    "test_themes", "test_project", "test_plugin", "test_end_of_run", "test_fleet",
    "test_committee_plans", "test_committee_tasks", "test_killed_runs", "test_committee",
    "test_main_job", "test_secrecy_outputs",
)  # fmt: skip


def pytest_collection_modifyitems(config, items):
    """Put the longest files first; on a hunt, give properties N times as many new examples."""
    place = {name: at for at, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONGEST)))
    times = config.getoption("--hunt")
    for item in items if times else []:
        drawn = getattr(getattr(item, "obj", None), "_hypothesis_internal_use_settings", None)
        if drawn is not None:
            item.obj._hypothesis_internal_use_settings = settings(
                drawn, max_examples=times * drawn.max_examples, derandomize=False
            )


@pytest.fixture(scope="session")
def shared():
    """Return the folder of reference data (`CTG_GEO_SHARED`, or `shared` beside the project)."""
    folder = Path(os.environ.get("CTG_GEO_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip(f"REFERENCE DATA NOT FOUND: {folder}; set CTG_GEO_SHARED")
    return folder
