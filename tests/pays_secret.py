"""Petit Pays under the rule of the Caf, with all that a study may tell: themes, years ahead, dice.

Dune has 3 or 4 children, and Brive as many births in 2023: both secret. `inside` places people in
cells: those of Brive at x = 805 500 (three quarters, in a QPV) and at x = 812 500.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

import petit_pays as pp

__all__ = ["ALL", "INSIDE", "written"]

SAID = 'provider = "test"\nlicence = "test"\nvintage = "2026"\n'
CELL = 500
SERVICES = (
    pp.SERVICES.replace('unit = "places"\n', 'unit = "places"\nmodes = ["car", "slow"]\n')
    + """
[themes.petite_enfance]
label = "Petite enfance"
demand = "children_0_2"
people_label = "enfants"
classes = [0, 30, 100]
source = "convention de test"
services = ["creche"]
"""
)
PROFILES = pp.PROFILES + (
    '\n[profiles.slow]\nlabel = "Lent"\ndefault_kmh = 40\nuse_stated = false\nsource = "test"\n'
)
ALL = (
    pp.STUDY.replace('path = "population.csv"', 'path = "population.csv"\nsecrecy = "caf"')
    + f"""
[uncertainty]
draws = 20
seed = 7

[uncertainty.population]
observed = {{ relative = 0.05, source = "test" }}
secret = {{ relative = 0.5, source = "test" }}

[projection]
figures = {{ children_0_2 = "0-2" }}
survival = {{ value = 1.0, source = "test" }}

[projection.births]
path = "births.csv"
columns = {{ code_insee = "code", year = "annee", births = "n" }}
secrecy = "caf"
{SAID}
[projection.variants.central]
births = {{ kind = "constant", years = 1 }}
source = "test"

[analyses.est_ouest]
kind = "group_balance"
label = "Est et ouest"
service = "creche"
grouping = "bassin"

[analyses.loin]
kind = "beyond_reach"
label = "Hors de portée"
demand = "children_0_2"
people_label = "enfants"
services = ["creche"]
reach_min = {{ car = 5 }}
source = "test"
"""
)
INSIDE = ALL.replace(
    'column = "under_3"',
    f"""column = "under_3"
[sources.population.spread]
over = "cells"
[sources.cells]
path = "people.tif"
format = "population_raster"
{SAID}
[sources.qpv]
path = "qpv.geojson"
{SAID}""",
).replace("[sources.communes]", '[groups.qpv]\nlabel = "QPV"\nkind = "qpv"\n\n[sources.communes]')


def written(folder: Path, count: int = 3, *, study: str = ALL, brive: int = 50) -> Path:
    """Write the study, with `count` children in Dune and births in Brive; return its TOML."""
    population = pp.POPULATION.replace("300,30", f"300,{count}").replace("500,50", f"500,{brive}")
    config = pp.write(folder, study=study, services=SERVICES, profiles=PROFILES,
                      population=population)  # fmt: skip
    born = {"01001": (35, 30, 24), "01002": (17, 16, count), "01003": (0, 0, 6),
            "2A004": (10, 10, 6), "26005": (7, 6, 6)}  # fmt: skip
    rows = [f"{code},{2021 + at},{number}" for code, own in born.items()
            for at, number in enumerate(own)]  # fmt: skip
    (folder / "births.csv").write_text("\n".join(["code,annee,n", *rows]) + "\n", "utf-8")
    _raster(folder / "people.tif")
    shape = shapely.box(805_100, pp.Y0 - 400, 805_900, pp.Y0 + 400)
    quarter = {"code_qp": ["QN00001M"], "lib_qp": ["Q1"]}
    gpd.GeoDataFrame(quarter, geometry=[shape], crs="EPSG:2154").to_file(folder / "qpv.geojson")
    return config


def _raster(path: Path) -> None:
    people = {800_000: 1000, 805_500: 30, 812_500: 10, 820_000: 40, 830_000: 300, 840_000: 200}
    west = pp.X0 - 4_750
    values = np.zeros((1, 100), dtype=np.float32)
    for x, count in people.items():
        values[0, round((x - CELL / 2 - west) / CELL)] = count
    with rasterio.open(
        path, "w", driver="GTiff", height=1, width=100, count=1, dtype="float32",
        crs="EPSG:2154", transform=from_origin(west, pp.Y0 + CELL / 2, CELL, CELL), nodata=-1,
    ) as out:  # fmt: skip
        out.write(values, 1)
