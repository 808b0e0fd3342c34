"""A made country of the size of France, tile by tile: seconds, memory, growth; equal to at once.

    python benchmarks/fleet.py --data FOLDER [--share 1] [--workers 2] [--out FOLDER] [--at-once]

35 000 communes, 2.3 million populated cells and 60 000 crèches on the roads of Florida (1.07
million nodes), judged by `config/services.toml` (E2SFCA, 15 minutes). A share makes a smaller
country as dense. Roads, people and places are made in memory; from there on all is what
`ctg-geo fleet` does.
With --at-once the country is diagnosed in one piece as well, and the files compared byte for byte.
"""

import argparse
import json
import resource
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd
from fleet_country import made_country, made_roads

from ctg_geo import progress
from ctg_geo.diagnosis import diagnose
from ctg_geo.fleet import Crew, country_of, tiled, write_national
from ctg_geo.parameters import Robustness, Service, Snapping

ROOT = Path(__file__).parents[1]
T = TypeVar("T")


def main() -> None:
    """Make the country, work it off, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="reference data (roads)")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--graph", default="FLA")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", type=float, default=None, help="GB a worker")
    parser.add_argument("--tile-homes", type=int, default=10_000)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--at-once", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        print(json.dumps(run(given, given.out or Path(made)), indent=1))


def run(given: argparse.Namespace, out: Path) -> dict[str, Any]:
    """Return what each step took, and the largest memory of each process."""
    steps: dict[str, Any] = {"share": given.share, "workers": given.workers}
    clock = timed(steps)
    network = clock("roads made", made_roads, given.data / "roads", given.graph, given.share)
    territory = clock("people and places made", made_country, network, given.share)
    services = tomllib.loads((ROOT / "config" / "services.toml").read_text(encoding="utf-8"))
    service = Service.model_validate(services["services"]["creche"])
    asked = {"snapping": Snapping(), "robustness": Robustness()}
    country, _ = clock(
        "country prepared", country_of, territory, network, "creche", service,
        most=given.tile_homes, **asked,
    )  # fmt: skip
    sizes = {"nodes": network.nodes, "arcs": network.arcs, "communes": len(territory.communes),
             "homes": len(territory.homes.places), "places": len(country.places),
             "tiles": country.tiles}  # fmt: skip
    steps |= sizes
    work = out / "travail"
    with Crew(workers=given.workers, memory_gb=given.memory) as crew, progress.listen(told):
        found = clock("tiles", tiled, country, territory, crew, work)
    steps["made"], steps["found"] = found.account.made, found.account.found
    files = clock("written", write, out / "tiles", found.communes)
    steps["conserved"] = [dict(each.facts) for each in found.findings[:1]]
    journal = work / "tuiles" / "journal.csv"
    if journal.is_file():
        efforts = pd.read_csv(journal)
        steps["tile_cpu_s"] = round(float(efforts["cpu_s"].sum()), 1)
        steps["longest_tile_s"] = round(float(efforts["seconds"].max()), 1)
        steps["worker_peak_gb"] = round(float(efforts["peak_mb"].max()) / 1000, 2)
    steps["this_peak_gb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
    steps["this_cpu_s"] = round(time.process_time(), 1)
    if given.at_once:
        whole = clock(
            "at once", diagnose, territory, network, "creche", service,
            groups=pd.DataFrame(index=territory.points.index), **asked,
        )  # fmt: skip
        steps["pairs"] = len(whole.times.to)
        other = write(out / "at_once", whole.communes)
        same = [(out / "tiles" / name).read_bytes() == (out / "at_once" / name).read_bytes()
                for name in files]  # fmt: skip
        steps["same_bytes"] = files == other and all(same)
        steps["files"] = len(files)
    return steps


def write(folder: Path, communes: gpd.GeoDataFrame) -> tuple[str, ...]:
    """Write the results of all communes."""
    return write_national(folder, communes, findings=(), names={}, parameters={})


def timed(steps: dict[str, Any]) -> Callable[..., Any]:
    """Return what runs a step and notes its seconds."""

    def clock(name: str, work: Callable[..., T], *given: object, **options: object) -> T:
        start, cpu = time.perf_counter(), time.process_time()
        result = work(*given, **options)
        taken, own = time.perf_counter() - start, time.process_time() - cpu
        steps[name] = {"s": round(taken, 1), "own_cpu_s": round(own, 1)}
        print(f"{name}: {taken:.1f} s, {own:.1f} s of this process", flush=True)
        return result

    return clock


def told(items: Iterable[object], label: str, total: int | None) -> Iterator[object]:
    """Say how far the tiles are, now and then."""
    start = last = time.monotonic()
    for done, each in enumerate(items, start=1):
        yield each
        if time.monotonic() - last > 20:
            last = time.monotonic()
            left = (last - start) / done * ((total or done) - done)
            print(f"{label}: {done} of {total}, {left:.0f} s left", flush=True)


if __name__ == "__main__":
    main()
