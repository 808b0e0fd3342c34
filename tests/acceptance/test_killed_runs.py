"""Runs that are killed leave the former results or the new ones (benchmarks/kills.py, shorter)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "kills.py"


@pytest.mark.skipif(os.name == "nt", reason="kills by signal")
def test_killed_at_random_a_run_leaves_whole_results_and_a_cache_that_serves():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--count", "5"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "killed" in done.stdout
    assert "the same bytes: 1" in done.stdout
