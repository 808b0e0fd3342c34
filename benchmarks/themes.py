"""Figures of the run over all themes: wall and processor seconds, peak memory.

python benchmarks/themes.py
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Run all themes of the embedded default once and print the figures."""
    with tempfile.TemporaryDirectory() as out:
        job = ["-m", "ctg_geo", "diagnose", "config/valence_romans.toml", "--all", "-o", out, "-q"]
        start = time.perf_counter()
        subprocess.run([sys.executable, *job], check=True, cwd=ROOT)
        wall = time.perf_counter() - start
        services = sum(1 for _ in Path(out).glob("*/resultats.csv"))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"all themes, {services} services with places, 3 modes: {wall:.1f} s wall, "
          f"{used.ru_utime + used.ru_stime:.1f} s of processor")  # fmt: skip
    print(f"peak memory: {used.ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
