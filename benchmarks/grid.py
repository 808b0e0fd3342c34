"""A grid of 2.3 million cells, as Filosofi publishes it, clipped to a study: time and memory.

    python benchmarks/grid.py [csv parquet gpkg] [--cells N] [--folder F] [--keep]

Files are generated with a fixed seed over metropolitan France; each format is read in a
process of its own, after a first reading so that the disk does not count.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

BOUNDS = (826_000, 6_380_000, 906_000, 6_470_000)  # the pilot and its buffer, EPSG:2154
MOST_S, MOST_GB = 10.0, 2.0
FORMATS = ("csv", "parquet", "gpkg")
BANDS = (
    "ind_0_3", "ind_4_5", "ind_6_10", "ind_11_17", "ind_18_24", "ind_25_39", "ind_40_54",
    "ind_55_64", "ind_65_79", "ind_80p", "ind_inc",
)  # fmt: skip
HOUSEHOLDS = (
    "men", "men_pauv", "men_1ind", "men_5ind", "men_prop", "men_fmp", "ind_snv", "men_surf",
    "men_coll", "men_mais", "log_av45", "log_45_70", "log_70_90", "log_ap90", "log_inc", "log_soc",
)  # fmt: skip


def main() -> None:
    """Generate, read each format in a process of its own, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", default=FORMATS)
    parser.add_argument("--cells", type=int, default=2_300_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read is not None:
        print(json.dumps(read(given.read)))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"carreaux_200m_met.{each}" for each in given.formats]
        if given.make:
            table = generated(given.cells)
            for path in paths:
                write(table, path)
            return
        wanted = [path.suffix[1:] for path in paths if not path.exists()]
        if wanted:  # apart: the memory of a parent counts in that of its children
            asked = ["--make", "--folder", str(folder), "--cells", str(given.cells)]
            subprocess.run([sys.executable, __file__, *wanted, *asked], check=True)
        for path in paths:
            tell(path)


def generated(cells: int) -> pd.DataFrame:
    """Draw cells over France, with people of each age; the same each time."""
    rng = np.random.default_rng(20261)
    west, south, side = 3_200_000, 2_050_000, 5_000
    at = rng.choice(side * side, cells, replace=False)
    north, east = south + 200 * (at // side), west + 200 * (at % side)
    names = [f"CRS3035RES200mN{n}E{e}" for n, e in zip(north, east, strict=True)]
    table = pd.DataFrame({"idcar_200m": names})
    table["idcar_1km"] = [
        f"CRS3035RES1000mN{n // 1000 * 1000}E{e // 1000 * 1000}"
        for n, e in zip(north, east, strict=True)
    ]
    table["idcar_nat"] = table["idcar_1km"]
    table["i_est_200"] = rng.integers(0, 2, cells)
    table["i_est_1km"] = 0
    table["lcog_geo"] = np.char.zfill(rng.integers(1001, 95999, cells).astype(str), 5)
    ages = rng.integers(0, 12, (cells, len(BANDS))) / 2
    table["ind"] = ages.sum(axis=1)
    for name in HOUSEHOLDS:
        table[name] = rng.integers(0, 40, cells) / 2
    for at_, name in enumerate(BANDS):
        table[name] = ages[:, at_]
    return table


def write(table: pd.DataFrame, path: Path) -> None:
    """Write the grid in the format that the name of the file asks for."""
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        table.to_parquet(path, index=False)
    else:
        import geopandas as gpd  # noqa: PLC0415
        import shapely  # noqa: PLC0415

        corner = table["idcar_200m"].str.extract(r"N(\d+)E(\d+)").astype(float).to_numpy()
        shapes = shapely.box(corner[:, 1], corner[:, 0], corner[:, 1] + 200, corner[:, 0] + 200)
        moved = gpd.GeoSeries(shapes, crs="EPSG:3035").to_crs("EPSG:2154")
        gpd.GeoDataFrame(table, geometry=moved, crs="EPSG:2154").to_file(path, engine="pyogrio")


def read(path: Path) -> dict[str, float]:
    """Read what lies in the study, twice, and return the second time."""
    from ctg_geo.config.people_source import CellsSource  # noqa: PLC0415
    from ctg_geo.sources import read_cells  # noqa: PLC0415

    source = CellsSource(path=str(path), provider="generated", licence="none", vintage="none",
                         format="filosofi")  # fmt: skip
    took, worked = [], []
    for _ in range(2):
        start, cpu = time.perf_counter(), time.process_time()
        found = read_cells(path, source, bounds=BOUNDS, crs="EPSG:2154")
        took.append(time.perf_counter() - start)
        worked.append(time.process_time() - cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"rows": found.rows, "kept": len(found.table), "seconds": took[-1], "first": took[0],
            "cpu": worked[-1], "peak_gb": peak}  # fmt: skip


def tell(path: Path) -> None:
    """Read a file in a process of its own and hold it against the bars."""
    command = [sys.executable, __file__, "--read", str(path)]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    fine = told["seconds"] < MOST_S and told["peak_gb"] < MOST_GB
    size = path.stat().st_size / 1024**2
    print(
        f"{path.suffix[1:]:8} {size:6.0f} MiB  {told['rows']:.0f} cells, {told['kept']:.0f} kept:"
        f" {told['seconds']:.1f} s (first {told['first']:.1f} s,"
        f" {told['cpu']:.1f} s of processor), {told['peak_gb']:.2f} GiB"
        f"  {'within' if fine else 'BEYOND'} {MOST_S:.0f} s and {MOST_GB:.0f} GB"
    )


if __name__ == "__main__":
    main()
