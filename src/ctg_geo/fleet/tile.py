"""The results of one tile, exactly as among all others, in two passes.

A tile is some communes: the places that stand there, and the homes.

1. `tile_among`: the people that each *place* of the tile is shared among. They live in the homes
   that have one of these places within reach (with 3SFCA, where they divide themselves among all
   that they reach, those places count as well).
2. `tile_results`: what each *home* of the tile has. That rests on the places it has within
   reach, of which the first pass has told how many they are for, and on the nearest of all, known
   of the whole country in one sweep.

Who is within reach of whom is found by a search over the whole network, so that every list holds
all that weighs anything, and sums have the same terms, in the same order, as those of the whole
country: the same bytes (`docs/scaling.md` proves it). What stands too many in a list weighs 0.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import Sharing, admissible, sharing_of
from ctg_geo.diagnosis.certainty import among_by_variant, furthest_min
from ctg_geo.diagnosis.measured import measured, with_modes
from ctg_geo.fleet.country import MODE, Country, mapped
from ctg_geo.parameters import Robustness, Service
from ctg_geo.territory import Homes, Territory
from ctg_geo.territory.admission import reserved
from ctg_geo.travel import TravelTimes
from ctg_geo.travel.times import bound_ms, empty_snaps

__all__ = ["AMONG", "reach_ms", "tile_among", "tile_results", "told_min"]

AMONG = "among.parquet"  # of all tiles, in the folder of the country

Ints = npt.NDArray[np.integer]

_NONE = -1


def tile_among(folder: Path, tile: int) -> pd.DataFrame:
    """Return the people that each place of a tile is shared among, in every variant.

    Parameters
    ----------
    folder : of a country, as `Country.save` wrote it
    tile : its number

    Returns
    -------
    DataFrame by equipement_id; see `among_by_variant`
    """
    country = mapped(folder)
    sharing = sharing_of(country.service, country.places)
    assert sharing is not None, "time alone is not shared"
    limit_ms = reach_ms(country, sharing)
    own = sites = np.flatnonzero(country.places["tile"] == tile)
    homes = country.ground.origins_near(own, limit_ms)
    if any(each.measure == "three_step" for each in sharing.rules.values()):
        sites = np.union1d(own, country.ground.destinations_near(homes, limit_ms))
    places = country.places.iloc[sites]
    start, to, time_ms = country.ground.rows(homes, sites, limit_ms)
    times = _admissible(country, homes, places, start, to, time_ms)
    people = pd.Series(country.homes["people"][homes], index=times.origins)
    found = among_by_variant(
        times, people, sharing_of(country.service, places) or sharing, country.robustness
    )  # fmt: skip
    return found.loc[country.places.index[own]]


def tile_results(folder: Path, tile: int) -> pd.DataFrame:
    """Return the results of the communes of a tile, not yet ranked.

    Parameters
    ----------
    folder : of a country, as `Country.save` wrote it, with `AMONG` where supply is shared
    tile : its number

    Returns
    -------
    DataFrame by code_insee
        Those of the territory itself; `attrs["shared"]` is the supply that all homes of the tile
        have, buffer included.
    """
    country = mapped(folder)
    number = np.flatnonzero(country.communes["tile"] == tile)
    communes = country.communes.iloc[number]
    own = np.zeros(len(country.communes), dtype=bool)
    own[number] = True
    homes = np.flatnonzero(own[country.homes["commune"]])
    sharing = sharing_of(country.service, country.places)
    limit_ms = reach_ms(country, sharing)
    sites = _concerned(country, homes, communes.index, limit_ms)
    places = country.places.iloc[sites]
    further = _admissible(country, homes, places, *_pairs(country, homes, sites, limit_ms))
    times = further.within(country.service.max_min)
    people = pd.Series(country.homes["people"][homes], index=times.origins)
    among = None if sharing is None else _among(folder).loc[places.index]
    territory = _territory(country, communes, homes, places)
    found = measured(
        territory, country.service, communes["demand"], communes["demand_status"], people, places,
        times, robustness=country.robustness, fewest=country.fewest, told=country.told,
        in_part=communes.index[communes["in_part"]], further=further, among=among,
    )  # fmt: skip
    minutes = {name: country.homes[f"{MODE}{name}"][homes] for name in country.modes}
    modes = pd.DataFrame(minutes, index=times.origins)
    table = with_modes(
        found.communes, modes, territory.homes, country.service.demand, found.split
    )  # fmt: skip
    result = pd.DataFrame(table.drop(columns="geometry"))[communes["inside"]]
    if found.catchment is not None:
        result.attrs["shared"] = float((found.catchment.access * people).sum())
    return result


def told_min(service: Service, robustness: Robustness, sharing: Sharing | None) -> float:
    """Return how far times are told, or asked for by a variant (minutes)."""
    return max(service.max_min, furthest_min(service, robustness, sharing))


def reach_ms(country: Country, sharing: Sharing | None) -> float:
    """Return how far pairs may weigh anything, in any variant of the times; -1 if none does.

    Times are made shorter by some factors and whole again, which `furthest_min` knows. Where some
    places do not admit everybody, the nearest that does is found among all pairs.
    """
    service, robustness = country.service, country.robustness
    if reserved(country.places):
        return bound_ms(told_min(service, robustness, sharing))
    if sharing is None:
        return _NONE
    return bound_ms(max(sharing.reach_min, furthest_min(service, robustness, sharing)))


def _concerned(country: Country, homes: Ints, codes: pd.Index, limit_ms: float) -> Ints:
    """Return the places that matter to the homes of a tile, in the order of the country."""
    nearest = country.homes["nearest"][homes]
    kept = [np.flatnonzero(country.places["code_insee"].isin(codes)), nearest[nearest != _NONE]]
    if limit_ms >= 0:
        kept.append(country.ground.destinations_near(homes, limit_ms))
    return np.unique(np.concatenate(kept)).astype(np.int64)


def _pairs(country: Country, homes: Ints, sites: Ints, limit_ms: float) -> tuple[Ints, Ints, Ints]:
    """Return the pairs within reach, and that of each home with its nearest place, as rows.

    A home whose nearest place is beyond reach has no other pair.
    """
    start: Ints = np.zeros(len(homes) + 1, dtype=np.int64)
    to: Ints = np.zeros(0, dtype=np.int32)
    time_ms: Ints = to
    if limit_ms >= 0:
        start, to, time_ms = country.ground.rows(homes, sites, limit_ms)
    nearest, near_ms = (country.homes[name][homes] for name in ("nearest", "nearest_ms"))
    far = np.flatnonzero((nearest != _NONE) & (near_ms > limit_ms))
    to = np.insert(to, start[far], np.searchsorted(sites, nearest[far]))
    time_ms = np.insert(time_ms, start[far], near_ms[far])
    more = np.zeros(len(homes) + 1, dtype=np.int64)
    more[far + 1] = 1
    return start + np.cumsum(more), to, time_ms


def _admissible(
    country: Country, homes: Ints, places: pd.DataFrame, start: Ints, to: Ints, time_ms: Ints
) -> TravelTimes:
    """Return the times of pairs, of those that are allowed."""
    index = pd.RangeIndex(len(homes), name="origin")
    status = np.where(country.homes["far"][homes], "far", "edge")
    sharing = sharing_of(country.service, country.places)
    known_min = told_min(country.service, country.robustness, sharing)
    times = TravelTimes(
        index, places.index, start, to, time_ms, known_min,
        empty_snaps(index).assign(status=status), empty_snaps(places.index),
    )  # fmt: skip
    code = country.communes.index.to_numpy()[country.homes["commune"][homes]]
    return admissible(times, pd.Series(code, index=index), places)


@lru_cache(maxsize=1)
def _among(folder: Path) -> pd.DataFrame:
    """Return the people that every place of a country is shared among: read once by a process."""
    return pd.read_parquet(folder / AMONG)


def _territory(
    country: Country, communes: pd.DataFrame, homes: Ints, places: pd.DataFrame
) -> Territory:
    """Return the territory of a tile: its communes, and the homes that matter to them.

    Communes of the buffer are measured as well, for what their homes share.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    code = country.communes.index.to_numpy()[country.homes["commune"][homes]]
    nowhere = gpd.GeoSeries([None] * len(homes))
    where = gpd.GeoDataFrame({"code_insee": code}, geometry=nowhere)
    demand = country.service.demand
    share = pd.DataFrame({demand: country.homes["share"][homes]})
    ground = gpd.GeoSeries([None] * len(communes), index=communes.index)
    table = gpd.GeoDataFrame(communes[["nom"]].assign(inside=True), geometry=ground)
    population = communes[["population"]] if "population" in communes else pd.DataFrame()
    spread = Homes(where, share, pd.DataFrame(), pd.DataFrame(), (), spread=True)
    return Territory(
        country.key, table, ground, pd.Series(dtype=str), population,
        gpd.GeoDataFrame(places), (), (), spread,
    )  # fmt: skip
