"""A BPE-like file of 2.85 million rows, made here, read for one study area: time and memory.

The bar: from Parquet in under 5 s and 1 GB. Each reading runs in a process of its own;
its memory is the peak of that process, libraries included. Run: python benchmarks/bpe.py
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.sources import read_places_of

ROWS = 2_850_000
BAR_S, BAR_GB = 5.0, 1.0
COMMUNES = 35_000
WANTED = 294  # the pilot with its buffer
GROUP = 122_880
TYPES = ("D502", "A128", "F307")


def codes() -> list[str]:
    """Return made-up commune codes, as many as France has."""
    per = COMMUNES // 95 + 1
    return [f"{dep:02}{n:03}" for dep in range(1, 96) for n in range(1, per + 1)][:COMMUNES]


def make(folder: Path, *, by_commune: bool) -> Path:
    """Write the file: 20 columns, 230 types; in order of communes, or in none."""
    rng = np.random.default_rng(20240101)
    every = np.array(codes())
    commune = rng.integers(0, len(every), ROWS)
    if by_commune:
        commune.sort()
    kinds = [f"{domain}{n}" for domain in "ABCDEF" for n in range(101, 137)]
    kinds += ["A128", "D502", "F307"]
    kind = np.array(sorted(set(kinds)))
    x, y = rng.uniform(1e5, 1.2e6, ROWS).round(2), rng.uniform(6.1e6, 7.1e6, ROWS).round(2)
    given = rng.random(ROWS) > 0.02
    pick = rng.integers(0, len(kind), ROWS)
    words = [f"ETABLISSEMENT {n}" for n in range(50_000)]
    table = pa.table({
        "AN": pa.array(np.full(ROWS, 2024, dtype=np.int32)),
        "NOMRS": pa.DictionaryArray.from_arrays(rng.integers(0, 50_000, ROWS, dtype=np.int32),
                                                words).cast(pa.string()),
        "DEPCOM": pa.DictionaryArray.from_arrays(commune.astype(np.int32), list(every))
        .cast(pa.string()),
        "TYPEQU": pa.DictionaryArray.from_arrays(pick.astype(np.int32), list(kind))
        .cast(pa.string()),
        **{name: pa.array(["_Z"] * ROWS) for name in ("SIRET", "CANTINE", "INTERNAT", "RPI", "EP",
                                                      "SECT", "COUVERT", "TYPE", "ITINERANCE")},
        "CAPACITE": pa.array(rng.integers(10, 60, ROWS), mask=pick % 2 == 0),
        "LAMBERT_X": pa.array(x, mask=~given), "LAMBERT_Y": pa.array(y, mask=~given),
        "EPSG": pa.array(["2154"] * ROWS), "QUALITE_XY": pa.array(["B"] * ROWS),
        "QUALITE_GEOLOC": pa.array(["11"] * ROWS), "QP2024": pa.array(["_Z"] * ROWS),
    })  # fmt: skip
    path = folder / ("ordered.parquet" if by_commune else "shuffled.parquet")
    pq.write_table(table, path, row_group_size=GROUP)
    return path


def make_csv(folder: Path, parquet: Path) -> Path:
    """Write the same file as a text with semicolons."""
    path = folder / "ordered.csv"
    with (
        pq.ParquetFile(parquet) as file,
        csv.CSVWriter(
            path,
            file.schema_arrow,
            write_options=csv.WriteOptions(delimiter=";", quoting_style="none"),
        ) as out,
    ):
        for batch in file.iter_batches():
            out.write_batch(batch)
    return path


def read(path: Path) -> None:
    """Read the file as a study does, and print what it took."""
    source = EquipementsSource.model_validate({
        "path": str(path), "format": "bpe", "provider": "Insee", "licence": "LO", "vintage": "2024",
        "services": {"D502": "creche", "A128": "france_services", "F307": "bibliotheque"},
    })  # fmt: skip
    every = codes()
    wanted = [code for code in every if code.startswith("26")][:WANTED]
    start = time.perf_counter()
    found = read_places_of(path, source, crs="EPSG:2154", codes=frozenset(wanted))
    seconds = time.perf_counter() - start
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = int(re.search(r"VmHWM:\s+([0-9]+)", status)[1]) * 1024 / 1e9
    told = {
        "rows": found.rows, "places": len(found.table), "s": round(seconds, 2),
        "cpu_s": round(time.process_time(), 2), "gb": round(peak, 3),
    }  # fmt: skip
    assert found.rows == len(found.table) + sum(found.aside.values())
    sys.stdout.write(json.dumps(told))


def main() -> int:
    """Make the files, read each apart, and hold Parquet to the bar."""
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        ordered = make(Path(folder), by_commune=True)
        files = [ordered, make(Path(folder), by_commune=False), make_csv(Path(folder), ordered)]
        for path in files:
            done = subprocess.run([sys.executable, __file__, str(path)], check=True,
                                  capture_output=True, text=True)  # fmt: skip
            told = json.loads(done.stdout)
            fine = told["s"] < BAR_S and told["gb"] < BAR_GB
            failed |= not fine and path.suffix == ".parquet"
            print(f"{path.name} ({path.stat().st_size / 1e6:.0f} MB): {told}"
                  f"{'' if fine else '  over the bar'}")  # fmt: skip
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        read(Path(sys.argv[1]))
    else:
        sys.exit(main())
