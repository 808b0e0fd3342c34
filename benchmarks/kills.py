"""Kill a run at random moments; outputs are the former whole ones or the new whole ones.

Two versions of a small study are diagnosed in turn into one folder, each run being killed
(SIGKILL) at a moment drawn over its length, every second time over the moments in which it
writes. After each kill all files are compared, byte by byte, with those of runs left alone; now
and then a run is left to its end, in the folder and with the cache that the dead ones left.

    python benchmarks/kills.py --count 100
"""

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import petit_pays as pp  # noqa: E402

WHOLE_EVERY = 5
PAUSE_S = 0.002
VERSIONS = {"former": pp.CRECHES, "new": pp.CRECHES.replace(",20\n", ",35\n")}


def started(study: Path, out: Path, cache: Path) -> "subprocess.Popen[bytes]":
    """Start a diagnosis in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ctg_geo", "diagnose", str(study), "-s", "creche", "-q",
         "--out", str(out)],
        env={**os.environ, "CTG_GEO_CACHE": str(cache)}, start_new_session=True,
    )  # fmt: skip


def content(out: Path) -> dict[str, str]:
    """Return the hash of each file, what is hidden left out."""
    if not out.is_dir():
        return {}
    files = [each for each in sorted(out.iterdir()) if not each.name.startswith(".")]
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files}


def hidden(out: Path) -> list[Path]:
    """Return what runs keep hidden in a folder."""
    return sorted(out.glob(".*")) if out.is_dir() else []


def killed(run: "subprocess.Popen[bytes]", out: Path, wait_s: float, *, writing: bool) -> bool:
    """Kill a run after some time, counted from its first file if `writing`; tell if it lived."""
    known = {each for each in hidden(out) if each.name != ".ctg-lock"}
    while writing and run.poll() is None and not set(hidden(out)) - known:
        time.sleep(PAUSE_S)
    end = time.monotonic() + wait_s
    while run.poll() is None and time.monotonic() < end:
        time.sleep(PAUSE_S)
    alive = run.poll() is None
    if alive:
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    return alive


def main() -> None:
    """Kill, compare, and tell what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    dice = random.Random(asked.seed)  # noqa: S311  (no secret)
    with tempfile.TemporaryDirectory() as folder:
        told = kill_all(Path(folder), dice, asked.count)
    print(", ".join(f"{name}: {count}" for name, count in sorted(told.items())))


def kill_all(root: Path, dice: random.Random, count: int) -> Counter[str]:
    """Kill runs; count what was left after each."""
    out, cache = root / "out", root / "cache"
    studies = {name: pp.write(root / "study", creches=text) for name, text in VERSIONS.items()}
    whole, length, write = {}, 0.0, 0.0
    for name, text in VERSIONS.items():
        study = pp.write(root / "study", creches=text)
        start = time.monotonic()
        run = started(study, root / name, cache)
        while not hidden(root / name) and run.poll() is None:
            time.sleep(PAUSE_S)
        begun = time.monotonic()
        assert run.wait() == 0
        length, write = time.monotonic() - start, time.monotonic() - begun
        whole[name] = content(root / name)
    assert whole["former"] != whole["new"]
    told: Counter[str] = Counter()
    for number in range(1, count + 1):
        name = "new" if number % 2 else "former"
        study = pp.write(studies[name].parent, creches=VERSIONS[name])
        writing = number % 4 < 2
        wait = dice.uniform(0, write if writing else length)
        alive = killed(started(study, out, cache), out, wait, writing=writing)
        told["killed" if alive else "ended before"] += 1
        left = content(out)
        state = [key for key, files in {**whole, "nothing": {}}.items() if files == left]
        if not state:
            assert any((each / ".decided").exists() for each in hidden(out)), sorted(left)
            state = ["decided, to be finished"]
        told[f"left {state[0]}"] += 1
        if number % WHOLE_EVERY == 0:
            assert started(study, out, cache).wait() == 0
            assert content(out) == whole[name], f"kill {number}: another result"
            assert not hidden(out), hidden(out)
            told["whole runs after kills, the same bytes"] += 1
    return told


if __name__ == "__main__":
    main()
