"""One very large territory, its results made tile by tile and put together again."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.access import sharing_of
from ctg_geo.diagnosis.few import untold_parts
from ctg_geo.diagnosis.measured import ranked
from ctg_geo.errors import FleetError
from ctg_geo.fleet.country import RULES, Country
from ctg_geo.fleet.crew import Crew
from ctg_geo.fleet.depot import Account, Job, carried_out
from ctg_geo.fleet.prepare import never_reached
from ctg_geo.fleet.shelf import Shelf
from ctg_geo.fleet.tile import AMONG, tile_among, tile_results
from ctg_geo.quality import Finding
from ctg_geo.territory import Territory
from ctg_geo.territory.admission import reserved

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Tiled", "tiled"]

_LOST = 1e-9  # of the supply: the rounding of sums


@dataclass(frozen=True, slots=True, eq=False)
class Tiled:
    """The results of every commune, what they tell of themselves, and how the work went."""

    communes: "gpd.GeoDataFrame"  # those of `Diagnosis.communes`, without groups
    findings: tuple[Finding, ...]
    account: Account


def tiled(country: Country, territory: Territory, crew: Crew, work: Path) -> Tiled:
    """Measure a service for every commune of a territory, tile by tile.

    Parameters
    ----------
    country : made of the territory
    crew : who works
    work : folder that all of them see; what is finished stays in it

    Returns
    -------
    Tiled
        The same numbers, to the last bit, as `ctg_geo.diagnosis.diagnose` gives at once.

    Raises
    ------
    FleetError
        See `carried_out`.
    """
    shelf = Shelf(work / "tuiles")
    accounts: list[Account] = []

    def made(part: str, what: Callable[[Path, int], pd.DataFrame]) -> list[pd.DataFrame]:
        keys = [country.name_of(tile, part) for tile in range(country.tiles)]
        if not all(map(shelf.has, keys)) and not (folder / RULES).is_file():
            country.save(folder)
        jobs = [Job(key, str(tile), what, (folder, tile)) for tile, key in enumerate(keys)]
        accounts.append(carried_out(jobs, crew, shelf, label=f"fleet_{part}"))
        for name, error in accounts[-1].refused.items():
            raise FleetError("tile", tile=name, detail=str(error)) from error
        return [shelf.read(key) for key in keys]

    with _kept_while_working(work / "pays" / country.name) as folder:
        if country.service.judged_on_supply:
            among = pd.concat(made("among", tile_among)).loc[country.places.index]
            folder.mkdir(parents=True, exist_ok=True)
            among.to_parquet(folder / AMONG)
        parts = made("results", tile_results)
    account = Account(sum(each.found for each in accounts), sum(each.made for each in accounts), {},
                      sum(each.damaged for each in accounts))  # fmt: skip
    shared = sum(part.attrs.get("shared", 0.0) for part in parts)
    communes = ranked(_together(parts, territory), country.service)
    said = list(_conserved(country, shared))
    if country.fewest and country.service.judged:
        said += untold_parts(communes, country.service)
    return Tiled(communes, tuple(said), account)


@contextmanager
def _kept_while_working(folder: Path) -> Iterator[Path]:
    """Remove the folder of a country once it is worked off; where work broke off it is left.

    What a former run left is not trusted: this one writes its own.
    """
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _together(parts: list[pd.DataFrame], territory: Territory) -> "gpd.GeoDataFrame":
    """Return all results in the order of the territory, with their polygons."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    for part in parts:
        part.attrs = {}
    table = pd.concat([part for part in parts if len(part)])
    inside = territory.inside
    assert table.index.is_unique, "a commune is in two tiles"
    assert len(table) == len(inside), "a commune is in no tile"
    table = table.loc[inside]
    polygons = territory.communes.geometry.loc[inside]
    table.insert(1, "geometry", polygons)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=territory.communes.crs)


def _conserved(country: Country, shared: float) -> Iterator[Finding]:
    """Check, over the whole country, that supply is neither created nor lost between tiles."""
    sharing = sharing_of(country.service, country.places)
    if sharing is None:
        return
    capacity = country.places["capacity"]
    offered, unused = float(capacity.sum()), never_reached(country)
    idle = float(capacity[unused].sum())
    lost = offered - idle - shared
    losing = any(each.measure == "m2sfca" for each in sharing.rules.values())
    if losing or reserved(country.places):
        assert lost >= -_LOST * offered, f"supply is created: {shared} + {idle} > {offered}"
    else:
        assert abs(lost) <= _LOST * offered, f"supply is lost: {shared} + {idle} != {offered}"
    facts: dict[str, object] = {"shared": shared, "idle": idle, "offered": offered, "lost": lost}
    key = "conservation_lost" if losing else "conservation"
    yield Finding("info", key, "equipements", facts=facts)
    for code in unused:
        place = {"nom": country.places.at[code, "nom"], "capacity": float(capacity[code])}
        yield Finding("warning", "nobody_reaches", "equipements", str(code), place)
