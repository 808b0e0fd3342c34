"""Figures of the main job: seconds of wall and of processor, peak memory, import time; medians.

python benchmarks/main_job.py [--runs 5] [--json FILE]
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import add_json, write

ROOT = Path(__file__).parent.parent


def timed(arguments: list[str]) -> float:
    """Run Python with arguments and return its wall seconds."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, cwd=ROOT)
    return time.perf_counter() - start


def _work_s() -> float:
    """Return the seconds of processor that runs have taken so far: less moved by a busy machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the figures."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--runs", type=int, default=5)
    add_json(reader)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as out:
        job = ["-m", "ctg_geo", "diagnose", "config/valence_romans.toml", "-o", out, "-q"]
        timed(job)  # files read once, byte code written
        before = _work_s()
        seconds = [timed(job) for _ in range(asked.runs)]
        work_s = (_work_s() - before) / asked.runs
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    code = "import time; t = time.perf_counter(); import ctg_geo; print(time.perf_counter() - t)"
    imports = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
        for _ in range(max(asked.runs, 3))
    ]
    wall_s, import_ms = statistics.median(seconds), statistics.median(imports) * 1000
    print(f"main job (crèche and France services): {wall_s:.1f} s wall, "
          f"{work_s:.1f} s of processor")  # fmt: skip
    print(f"peak memory: {peak_mb:.0f} MB")
    print(f"import ctg_geo: {import_ms:.0f} ms")
    figures = {"wall_s": wall_s, "work_s": work_s, "peak_mb": peak_mb, "import_ms": import_ms}
    write(asked.json, figures)


if __name__ == "__main__":
    main()
