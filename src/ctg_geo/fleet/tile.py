"""The results of one tile, exactly as among all others.

A tile is some communes. Their results rest on

- the nearest place of each of their homes, known of the whole country in one sweep;
- the places `J` that one of their homes has within reach, for what they share;
- the homes `I` that have one of `J` within reach, for whom `J` is shared among;
- with 3SFCA, all places that one of `I` has within reach, for how `I` divides itself.

Each list is found by a search over the whole network, so that it holds all that weighs anything
and the sums have the same terms, in the same order, as those of the whole country: the same bytes
(`docs/scaling.md` proves it). What stands too many in a list weighs 0.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import Sharing, admissible, sharing_of
from ctg_geo.diagnosis.measured import measured, with_modes
from ctg_geo.fleet.country import MODE, Country, mapped
from ctg_geo.parameters import Robustness
from ctg_geo.territory import Homes, Territory
from ctg_geo.territory.admission import reserved
from ctg_geo.travel import TravelTimes
from ctg_geo.travel.times import bound_ms, empty_snaps

__all__ = ["reach_ms", "tile_results"]

Ints = npt.NDArray[np.integer]

_NONE = -1


def tile_results(folder: Path, tile: int) -> pd.DataFrame:
    """Return the results of the communes of a tile, not yet ranked.

    Parameters
    ----------
    folder : of a country, as `Country.save` wrote it
    tile : its number

    Returns
    -------
    DataFrame by code_insee
        Those of the territory itself; `attrs["shared"]` is the supply that all homes of the tile
        have, buffer included.
    """
    country = mapped(folder)
    communes = country.communes[country.communes["tile"] == tile]
    own = np.zeros(len(country.communes), dtype=bool)
    own[np.flatnonzero(country.communes["tile"] == tile)] = True
    local = np.flatnonzero(own[country.homes["commune"]])
    sharing = sharing_of(country.service, country.places)
    limit_ms = reach_ms(country, sharing)
    sites, homes = _concerned(country, sharing, local, communes.index, limit_ms)
    places = country.places.iloc[sites]
    territory = _territory(country, communes, homes, places)
    times = admissible(
        _times(country, homes, sites, local, limit_ms), territory.homes.code, places
    )  # fmt: skip
    people = pd.Series(country.homes["people"][homes], index=times.origins)
    found = measured(
        territory, country.service, communes["demand"], communes["demand_status"], people, places,
        times, robustness=country.robustness, fewest=country.fewest, told=country.told,
    )  # fmt: skip
    minutes = {name: country.homes[f"{MODE}{name}"][homes] for name in country.modes}
    modes = pd.DataFrame(minutes, index=times.origins)
    table = with_modes(
        found.communes, modes, territory.homes, country.service.demand, found.split
    )  # fmt: skip
    result = pd.DataFrame(table.drop(columns="geometry"))[communes["inside"]]
    if found.catchment is not None:
        mine = np.isin(homes, local)
        result.attrs["shared"] = float((found.catchment.access * people)[mine].sum())
    return result


def reach_ms(country: Country, sharing: Sharing | None) -> float:
    """Return how far pairs may weigh anything, in any variant of the times.

    Times are made shorter by some factors and whole again: `t` is then within `b` if `f t` is less
    than half a millisecond beyond it, so `t` is less than `(b + 0.5) / f`. Where some places do
    not admit everybody, the nearest that does is found among all pairs.
    """
    if reserved(country.places):
        return bound_ms(country.service.max_min)
    if sharing is None:
        return _NONE
    least = min([1.0, *country.robustness.time_factors])
    reach_min = max([sharing.reach_min, *_other_reaches(sharing, country.robustness)])
    shorter_ms = np.ceil((bound_ms(reach_min) + 0.5) / least)
    return min(float(shorter_ms), bound_ms(country.service.max_min))


def _other_reaches(sharing: Sharing, robustness: Robustness) -> list[float]:
    from ctg_geo.diagnosis.certainty import other_sharings  # noqa: PLC0415  (heavy)

    return [each.reach_min for each in other_sharings(sharing, robustness.other_decays)]


def _concerned(
    country: Country, sharing: Sharing | None, local: Ints, codes: pd.Index, limit_ms: float
) -> tuple[Ints, Ints]:
    """Return the places and the homes that matter to a tile, each in the order of the country."""
    ground, homes = country.ground, local
    named = np.flatnonzero(country.places["code_insee"].isin(codes))
    nearest = country.homes["nearest"][local]
    kept = [named, nearest[nearest != _NONE]]
    if limit_ms >= 0:
        sites = ground.destinations_near(local, limit_ms)
        if sharing is not None:
            homes = np.union1d(local, ground.origins_near(sites, limit_ms))
            if any(each.measure == "three_step" for each in sharing.rules.values()):
                sites = ground.destinations_near(homes, limit_ms)
        kept.append(sites)
    return np.unique(np.concatenate(kept)).astype(np.int64), homes.astype(np.int64)


def _times(country: Country, homes: Ints, sites: Ints, local: Ints, limit_ms: float) -> TravelTimes:
    """Return the pairs within reach, and that of each home of the tile with its nearest place.

    A home whose nearest place is beyond reach has no other pair.
    """
    start: Ints = np.zeros(len(homes) + 1, dtype=np.int64)
    to: Ints = np.zeros(0, dtype=np.int32)
    time_ms: Ints = to
    if limit_ms >= 0:
        start, to, time_ms = country.ground.rows(homes, sites, limit_ms)
    nearest, near_ms = (country.homes[name][local] for name in ("nearest", "nearest_ms"))
    far = (nearest != _NONE) & (near_ms > limit_ms)
    row = np.searchsorted(homes, local[far])
    to = np.insert(to, start[row], np.searchsorted(sites, nearest[far]))
    time_ms = np.insert(time_ms, start[row], near_ms[far])
    more = np.zeros(len(homes) + 1, dtype=np.int64)
    more[row + 1] = 1
    start = start + np.cumsum(more)
    index, places = pd.RangeIndex(len(homes), name="origin"), country.places.index[sites]
    status = np.where(country.homes["far"][homes], "far", "edge")
    return TravelTimes(
        index, places, start, to, time_ms, country.service.max_min,
        empty_snaps(index).assign(status=status), empty_snaps(places),
    )  # fmt: skip


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
