"""Figures of the main job: wall seconds, peak memory, import time; medians of five runs.

python benchmarks/main_job.py
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 5


def timed(arguments: list[str]) -> float:
    """Run Python with arguments and return its wall seconds."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, cwd=ROOT)
    return time.perf_counter() - start


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as out:
        job = ["-m", "ctg_geo", "diagnose", "config/valence_romans.toml", "-o", out, "-q"]
        timed(job)  # files read once, byte code written
        seconds = [timed(job) for _ in range(RUNS)]
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    code = "import time; t = time.perf_counter(); import ctg_geo; print(time.perf_counter() - t)"
    imports = [
        float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
        for _ in range(RUNS)
    ]
    print(f"main job (crèche and France services): {statistics.median(seconds):.1f} s wall")
    print(f"peak memory: {peak_mb:.0f} MB")
    print(f"import ctg_geo: {statistics.median(imports) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
