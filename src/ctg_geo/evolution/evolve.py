"""Two dates of one territory: what changed because of people, of supply and of roads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.diagnosis.few import equations, few, solvable
from ctg_geo.errors import ComparisonError, UnknownServiceError
from ctg_geo.evolution.attribution import attributed
from ctg_geo.evolution.measure import MEASURES, grouped, measured
from ctg_geo.evolution.moment import Moment, admitted_pairs
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["CAUSES", "PARTS", "Evolution", "evolve"]

CAUSES: Final = ("people", "supply", "roads")
PARTS: Final = tuple(f"by_{cause}" for cause in CAUSES)
_SHOWN: Final = (contracts.OBSERVED, contracts.ESTIMATED)
_COUNTS: Final = ("people", "missing", "concerned", "concerned_share")
_BOTH: Final = frozenset(CAUSES)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Evolution:
    """What a service was, what it became, and what each cause brought.

    `communes` has one row a commune and measure, `groups` one a group and measure (grouping
    "" is the whole territory): before, after, change, by_people, by_supply, by_roads (which
    sum to the change), and in `communes` their status.
    """

    key: str
    service: Service
    communes: pd.DataFrame  # by code_insee, measure
    groups: pd.DataFrame  # by grouping, group, measure
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        count = len(self.communes.index.unique(level=0))
        return f"<Evolution {self.key}: {count} communes>"


def evolve(
    before: Moment,
    after: Moment,
    key: str,
    service: Service,
    *,
    groups: pd.DataFrame,
) -> Evolution:
    """Compare two dates and attribute each change exactly.

    Parameters
    ----------
    before, after : of the same communes, names and codes brought to one year
    key, service : the service, declared alike at both dates
    groups : by code_insee, one column per grouping, as of the later date

    Raises
    ------
    ComparisonError
        If the territory is not made of the same communes at both dates.
    UnknownServiceError
        If neither date has a place of the service.

    Notes
    -----
    Every state of (people, supply, roads) is measured with the engine itself: times are
    computed on each network between the places where people are at either date and those
    that serve at either. What people change takes in where they live inside their commune.
    Where the buffers differ, only the communes of both count, so that a difference of buffer
    is not told as a change.
    """
    _same_communes(before, after)
    if before.supply.empty and after.supply.empty:
        raise UnknownServiceError("no_place", service=key, known=[])
    both = before.status.index.intersection(after.status.index)
    findings = _findings(before, after, both)
    dates = (_within(before, both), _within(after, both))
    times = _times(dates, service)
    codes = pd.Index(sorted(after.inside), name="code_insee", dtype=object)
    states: dict[frozenset[str], pd.DataFrame] = {}
    for late in _states():
        people, supply, roads = (int(cause in late) for cause in CAUSES)
        offer = dates[supply].supply
        table = measured(dates[people].demand, offer, times[roads], service)
        states[late] = table.reindex(codes)
    told, status = _told(states, dates)
    communes = _table({late: each.where(told) for late, each in states.items()})
    communes["status"] = [
        status[code] if not np.isnan(change) or (measure in _COUNTS and not told.at[code, measure])
        else contracts.NOT_APPLICABLE
        for (code, measure), change in zip(communes.index, communes["change"], strict=True)
    ]  # fmt: skip
    split = ~told["access_per_100"]
    for code in split.index[split]:
        communes.loc[(code, "access_per_100"), "status"] = contracts.SECRET
    few_told = ~told["concerned"] & told["people"]
    for code in few_told.index[few_told]:
        communes.loc[(code, ["missing", "concerned", "concerned_share"]), "status"] = (
            contracts.SECRET
        )
    return Evolution(key, service, communes, _groups(states, told, groups), tuple(findings))


def _states() -> list[frozenset[str]]:
    return [
        frozenset(cause for at, cause in enumerate(CAUSES) if number >> at & 1)
        for number in range(1 << len(CAUSES))
    ]


def _same_communes(before: Moment, after: Moment) -> None:
    gone = sorted(set(before.inside) - set(after.inside))
    new = sorted(set(after.inside) - set(before.inside))
    if gone or new:
        raise ComparisonError("communes", gone=gone or ["–"], new=new or ["–"])


def _within(each: Moment, codes: pd.Index) -> Moment:
    """Return a date with the people of some communes only."""
    kept = each.demand[each.demand["code_insee"].isin(codes)]
    return replace(each, demand=kept, status=each.status[codes])


def _findings(before: Moment, after: Moment, both: pd.Index) -> list[Finding]:
    found = []
    alone = sorted({*before.status.index, *after.status.index} - set(both))
    if alone:
        facts: dict[str, object] = {"count": len(alone), "codes": alone}
        found.append(Finding("warning", "evolution_buffer", "communes", facts=facts))
    for name, each in (("before", before), ("after", after)):
        if each.supply.empty:
            key = "evolution_none_before" if name == "before" else "evolution_none_after"
            found.append(Finding("warning", key, "equipements"))
    return found


def _times(dates: tuple[Moment, Moment], service: Service) -> tuple[TravelTimes, TravelTimes]:
    """Return the times over the roads of each date, between all spots of both.

    Pairs of a home and a place that does not admit its people are left out.
    """
    origins = _points(dates[0].demand, dates[1].demand)
    spots = _points(dates[0].supply, dates[1].supply)
    homes, places = (pd.concat(each) for each in (
        (dates[0].demand, dates[1].demand), (dates[0].supply, dates[1].supply)))  # fmt: skip
    early, late = (
        admitted_pairs(
            travel_times(each.network, origins, spots, limit_min=service.max_min,
                         snapping=each.snapping),
            homes, places,
        )
        for each in dates
    )  # fmt: skip
    return early, late


def _points(first: "gpd.GeoDataFrame", second: "gpd.GeoDataFrame") -> "gpd.GeoSeries":
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    every = pd.concat([first.geometry, second.geometry.to_crs(first.crs)])
    return gpd.GeoSeries(every[~every.index.duplicated()].sort_index(), crs=first.crs)


def _told(
    states: Mapping[frozenset[str], pd.DataFrame], dates: tuple[Moment, Moment]
) -> tuple[pd.DataFrame, pd.Series]:
    """Tell which figures of which communes may be told, and what those of a commune are worth.

    A count of some of the people of a commune is told only if it is not of few of them in any
    state: the parts are made of all of them.
    """
    codes = states[_BOTH].index
    early, late = (each.status.reindex(codes) for each in dates)
    known = early.isin(_SHOWN) & late.isin(_SHOWN)
    secret = (early == contracts.SECRET) | (late == contracts.SECRET)
    status = pd.Series(contracts.ESTIMATED, index=codes, dtype=object)
    status[~known] = np.where(secret[~known], contracts.SECRET, contracts.NOT_AVAILABLE)
    fewest = max(each.fewest for each in dates)
    split = _split(dates, fewest)
    hidden = pd.Series(codes.isin(split), index=codes)
    told = pd.DataFrame(data=True, index=codes, columns=list(MEASURES))
    told["access_per_100"] = ~hidden
    if fewest:
        for table in states.values():
            hidden |= few(table["concerned"], table["people"], fewest)
    told["people"] = known
    for name in ("missing", "concerned", "concerned_share"):
        told[name] = known & ~hidden
    return told, status


def _split(dates: tuple[Moment, Moment], fewest: float) -> pd.Index:
    """Return the communes whose measures could be solved for the people of each of their places.

    Of three measures, before, after and three parts are told: five equations each.
    """
    parts = equations(3, each=2 + len(CAUSES))
    found = [solvable(each.demand["code_insee"], each.demand["people"], fewest, told=parts)
             for each in dates]  # fmt: skip
    return found[0].union(found[1])


def _groups(
    states: Mapping[frozenset[str], pd.DataFrame], told: pd.DataFrame, groups: pd.DataFrame
) -> pd.DataFrame:
    """Attribute the changes of the whole territory and of each group."""
    may = told.copy()
    may["access_per_100"] &= told["people"]  # a mean weighted by a number that is not told
    of = {"": pd.Series("", index=told.index, dtype=object)}
    of |= {str(name): groups[name].reindex(told.index).fillna("") for name in groups.columns}
    parts = {
        name: _table({late: grouped(each, group, may) for late, each in states.items()})
        for name, group in of.items()
    }
    return pd.concat(parts, names=["grouping", "group", "measure"])


def _table(states: Mapping[frozenset[str], pd.DataFrame]) -> pd.DataFrame:
    """Return before, after, change and parts, by row and measure."""
    rows = states[_BOTH].index
    made = pd.DataFrame(
        index=pd.MultiIndex.from_product([rows, MEASURES], names=[rows.name, "measure"])
    )
    made["before"] = _values(states[frozenset()]).ravel()
    made["after"] = _values(states[_BOTH]).ravel()
    made["change"] = made["after"] - made["before"]
    parts = attributed(lambda late: _values(states[late]), CAUSES)
    for cause in CAUSES:
        made[f"by_{cause}"] = parts[cause].ravel()
    return made


def _values(table: pd.DataFrame) -> Floats:
    return table[list(MEASURES)].to_numpy(np.float64)
