"""A GeoPackage and its QGIS project for 35 000 communes: seconds and memory, on a made country.

    python benchmarks/national_project.py [SIDE]

Communes are squares of 187 x 187, each joined to its neighbours by roads; a place in one of 40.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import layers_of
from ctg_geo.export.qgis import diagnosis_project, write_project
from ctg_geo.export.qgis_style import styles_of
from ctg_geo.study import open_study
from ctg_geo.study.report import publication

STEP, X0, Y0 = 4_000.0, 200_000.0, 6_200_000.0
SAID = 'provider = "made"\nlicence = "made"\nvintage = "2026"\n'
SERVICES = """
[services.creche]
label = "Crèches"
place_label = "Crèche"
demand = "children_0_2"
people_label = "enfants"
unit = "places"
norm = { within_min = 15, per_100 = 10, source = "made" }
decay = { kind = "flat", reach_min = 15 }
max_min = 19
"""
STUDY = f"""
[study]
name = "Pays de mesure"
inside = {{ epci = "200000001" }}
buffer_km = 0
main_services = ["creche"]
roads = "made"

[sources.communes]
path = "communes.gpkg"
columns = {{ code_insee = "code_insee", nom = "nom", epci = "epci" }}
{SAID}
[sources.population]
path = "population.csv"
{SAID}
[sources.population.values.population]
column = "inhabitants"
[sources.population.values.children_0_2]
column = "under_3"
[[sources.equipements]]
service = "creche"
path = "places.csv"
columns = {{ equipement_id = "id", nom = "nom", code_insee = "insee", capacity = "places" }}
{SAID}
[roads.made]
kind = "tables"
junction_columns = {{ junction_id = "junction", x = "x", y = "y" }}
[roads.made.segment_columns]
from_junction = "from"
to_junction = "to"
road_class = "class"
length_m = "length"
speed_kmh = "speed"
[roads.made.junctions]
path = "junctions.csv"
crs = "EPSG:2154"
{SAID}
[roads.made.segments]
path = "segments.csv"
{SAID}
"""
PROFILES = """
[profiles.car]
label = "Voiture"
default_kmh = 60
source = "made"
"""


def main() -> None:
    """Make the country, diagnose it, and time what is written."""
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 187
    with tempfile.TemporaryDirectory() as folder:
        study = open_study(_country(Path(folder), side))
        words = _timed("diagnosis", lambda: publication(study, study.diagnose("creche")))
        started, worked = time.perf_counter(), time.process_time()
        layers = _timed("layers", lambda: layers_of(words, ()))
        styles = _timed("styles", lambda: styles_of(words, layers))
        file, project = Path(folder) / "ctg.gpkg", Path(folder) / "projet.qgz"
        _timed("GeoPackage", lambda: write_geopackage(file, layers, styles))
        made = _timed("project", lambda: diagnosis_project(words, layers, styles))
        _timed("projet.qgz", lambda: write_project(project, made))
        seconds, work = time.perf_counter() - started, time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{side * side} communes: {seconds:.1f} s ({work:.1f} s of processor), "
              f"{peak:.0f} MB; {file.stat().st_size / 1e6:.0f} MB and "
              f"{project.stat().st_size / 1e3:.0f} kB")  # fmt: skip


def _timed(name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401
    started, worked = time.perf_counter(), time.process_time()
    found = work()
    print(f"  {name}: {time.perf_counter() - started:.1f} s, "
          f"{time.process_time() - worked:.1f} s of processor")  # fmt: skip
    return found


def _country(folder: Path, side: int) -> Path:
    """Write a study of squares, edges cut into parts as real borders are."""
    count, rng = side * side, np.random.default_rng(1)
    at = np.arange(count)
    x, y = X0 + STEP * (at % side), Y0 + STEP * (at // side)
    codes = [f"{each:05d}" for each in at + 1000]
    squares = shapely.segmentize(shapely.box(x, y, x + STEP, y + STEP), STEP / 20)
    gpd.GeoDataFrame(
        {"code_insee": codes, "nom": [f"Saint-Essai-sur-{each}" for each in codes],
         "epci": "200000001"}, geometry=squares, crs="EPSG:2154",
    ).to_file(folder / "communes.gpkg")  # fmt: skip
    people = rng.integers(40, 8000, count)
    _csv(folder / "population.csv", code_insee=codes, inhabitants=people, under_3=people // 30)
    here = at[::40]
    _csv(folder / "places.csv", id=[f"c{each}" for each in here], nom="Crèche",
         insee=[codes[each] for each in here], places=20 + here % 60)  # fmt: skip
    _csv(folder / "junctions.csv", junction=at, x=x + STEP / 2, y=y + STEP / 2)
    east, south = at[at % side < side - 1], at[at < count - side]
    ends = np.concatenate([east + 1, south + side])
    _csv(folder / "segments.csv", **{"from": np.concatenate([east, south]), "to": ends},
         **{"class": "local"}, length=STEP, speed=60)  # fmt: skip
    (folder / "services.toml").write_text(SERVICES, encoding="utf-8")
    (folder / "profiles.toml").write_text(PROFILES, encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder / "study.toml"


def _csv(path: Path, **columns: object) -> None:
    pd.DataFrame(columns).to_csv(path, index=False)


if __name__ == "__main__":
    main()
