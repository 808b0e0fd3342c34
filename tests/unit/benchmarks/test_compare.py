"""Two revisions compared: the figures are stated by a repository made for the test."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[3] / "benchmarks"
BENCH = """
import json, sys
import ctg_geo
if ctg_geo.SECONDS is None:
    raise SystemExit("it does not run")
with open(sys.argv[-1], "w") as file:
    json.dump({"wall_s": ctg_geo.SECONDS, "peak_mb": 100.0}, file)
"""


def git(folder, *words):
    settings = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    command = [shutil.which("git"), *settings, "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path):
    """Make a repository of four revisions: 2 s, 3 s, 2.2 s, and one that cannot be measured."""
    folder = tmp_path / "repository"
    package, benches = folder / "src" / "ctg_geo", folder / "benchmarks"
    package.mkdir(parents=True)
    benches.mkdir()
    git(folder, "init", "--quiet")
    for name, seconds in (("fast", 2.0), ("slow", 3.0), ("alike", 2.2), ("broken", None)):
        (package / "__init__.py").write_text(f"SECONDS = {seconds}\n")
        git(folder, "add", "-A")
        git(folder, "commit", "--quiet", "-m", name)
        git(folder, "tag", name)
    # the ruler is that of the tree that compares: no revision has these files
    (benches / "stated.py").write_text(BENCH)
    (benches / "compare.py").write_bytes((HERE / "compare.py").read_bytes())
    return folder


def compare(folder, *words):
    command = [sys.executable, "benchmarks/compare.py", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("a", "b", "tolerance", "ratio", "said", "code"),
    [
        ("fast", "slow", "0.25", "1.50", "**worse**", 1),
        ("fast", "slow", "0.6", "1.50", "alike", 0),
        ("slow", "fast", "0.25", "0.67", "better", 0),
        ("fast", "alike", "0.25", "1.10", "alike", 0),
    ],
)
def test_the_ratio_decides_within_the_tolerance(repository, a, b, tolerance, ratio, said, code):
    done = compare(repository, a, b, "stated", "--rounds", "2", "--tolerance", tolerance)
    assert done.returncode == code, done.stderr
    row = next(line for line in done.stdout.splitlines() if "wall_s" in line)
    assert [cell.strip() for cell in row.split("|")][5:8] == [ratio, f"{ratio}-{ratio}", said]
    assert "| stated | peak_mb | 100 | 100 | 1.00 |" in done.stdout


def test_a_benchmark_that_only_the_first_can_run_is_a_failure(repository):
    done = compare(repository, "fast", "broken", "stated", "--rounds", "1")
    assert done.returncode == 1
    assert "stated: not measured at broken: it does not run" in done.stdout


def test_a_benchmark_that_only_the_second_can_run_is_told(repository):
    done = compare(repository, "broken", "fast", "stated", "--rounds", "1")
    assert done.returncode == 0
    assert "stated: not measured at broken: it does not run" in done.stdout


@pytest.mark.parametrize(
    "words",
    [("fast", "nowhere", "stated"), ("fast", "slow", "unheard"),
     ("fast", "slow", "stated", "--rounds", "0")],
)  # fmt: skip
def test_what_cannot_be_compared_is_misuse(repository, words):
    done = compare(repository, *words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_nothing_is_left_behind(repository):
    compare(repository, "fast", "slow", "stated", "--rounds", "1")
    assert len(git(repository, "worktree", "list").splitlines()) == 1


def test_the_short_benchmarks_write_what_the_comparison_reads(tmp_path):
    out = tmp_path / "figures.json"
    command = [sys.executable, "scenarios.py", "--homes", "300", "--places", "30", "--json", out]
    subprocess.run(command, cwd=HERE, check=False, capture_output=True)
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert {"prepare_ms", "resize_ms", "full_ms"} <= set(figures)
    assert all(value > 0 for value in figures.values())
