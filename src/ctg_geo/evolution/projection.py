"""A service in each year ahead: the measures of today on the people and places of then."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.projection_section import Variant
from ctg_geo.contracts import Band
from ctg_geo.diagnosis.few import equations, few, solvable
from ctg_geo.errors import ComparisonError
from ctg_geo.evolution.ahead import Prospects, capacities, people_ahead
from ctg_geo.evolution.measure import MEASURES, grouped, measured
from ctg_geo.evolution.moment import Moment, admitted_pairs, spot
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding
from ctg_geo.travel import TravelTimes, travel_times

__all__ = ["PROJECTED", "Projection", "project"]

PROJECTED: Final = "projected"  # status of every figure of a year ahead
_SHOWN: Final = (contracts.OBSERVED, contracts.ESTIMATED)
_APART: Final = 0.1  # share by which two totals differ before it is a warning


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Projection:
    """What a service may be in each year, as each declared variant has it.

    `communes` by variant, year and code_insee: MEASURES, supply_here, status (projected, or why
    its people are not told); `groups` by variant, grouping ("" is the whole territory), year
    and group: MEASURES, supply.
    """

    key: str
    service: Service
    years: tuple[int, ...]
    communes: pd.DataFrame
    groups: pd.DataFrame
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        span = f"{self.years[0]}-{self.years[-1]}"
        return f"<Projection {self.key}: {span}, {len(self.variants)} variants>"

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the variants, low to high."""
        return tuple(self.communes.index.unique(level="variant"))


def project(
    now: Moment,
    known: Prospects,
    variants: Mapping[str, Variant],
    key: str,
    service: Service,
    band: Band,
    *,
    until: int,
    groups: pd.DataFrame,
) -> Projection:
    """Measure a service in each year ahead.

    Parameters
    ----------
    now : people, places and roads of today
    known : what the years ahead are made of
    variants : by name, at least one
    key, service, band : the service as declared, and the ages of those it is for
    until : last year
    groups : by code_insee, one column per grouping

    Raises
    ------
    ComparisonError
        If `until` is not ahead, or the ages of the service are known in no year up to it.

    Notes
    -----
    Roads, norms and where people live inside their commune stay as they are. A commune whose
    people cannot be projected shares supply with those it has today, and shows none. A figure
    hidden today is hidden in every year, and so is that of a commune which has fewer people than
    may be told in any year of any variant: the other years would tell the cohorts of that one.
    """
    if until <= known.base_year:
        raise ComparisonError("until", until=str(until), base=str(known.base_year))
    ahead = {name: people_ahead(known, each, band, until) for name, each in variants.items()}
    years = _years(ahead, known.base_year, until, band)
    times = _times(now, known, service)
    today = now.demand["people"].groupby(now.demand["code_insee"]).sum()
    measures = equations(3, each=len(years) * len(variants))  # access, missing, concerned
    split = solvable(now.demand["code_insee"], now.demand["people"], now.fewest, told=measures)
    small = _too_few(ahead, years, now)
    for table in ahead.values():  # they share supply as they are today: access would tell them
        table.loc[small] = np.nan
    tables, sums = {}, {}
    for name, variant in variants.items():
        for year in years:
            people = ahead[name][year].reindex(today.index)
            supply = capacities(known, variant, year)
            table = _measured(now, known, people, supply, times, service)
            told, status = _told(now, people, table, split, known.secret.union(small))
            table = table.reindex(told.index)
            tables[name, year] = table.where(told.reindex(columns=table.columns, fill_value=True))
            tables[name, year]["status"] = status
            for grouping, own in _groupings(groups, told.index).items():
                sums[name, grouping, year] = _summed(table, own, told)
    communes = pd.concat(tables, names=["variant", "year", "code_insee"])
    found = _findings(ahead, years[0], today, now)
    every = pd.concat(sums, names=["variant", "grouping", "year", "group"])
    return Projection(key, service, years, communes, every, tuple(found))


def _years(ahead: Mapping[str, pd.DataFrame], base: int, until: int, band: Band) -> tuple[int, ...]:
    """Return the years after the base in which some commune is known."""
    years = tuple(
        year for year in range(base + 1, until + 1)
        if any(table[year].notna().any() for table in ahead.values())
    )  # fmt: skip
    if not years:
        raise ComparisonError("ages", ages=str(band), until=str(until))
    return years


def _times(now: Moment, known: Prospects, service: Service) -> TravelTimes:
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    places = known.places.set_axis(spot(known.places))
    places = places[~places.index.duplicated()].sort_index()
    spots = gpd.GeoSeries(places.geometry, crs=known.places.crs)
    times = travel_times(
        now.network, now.demand.geometry, spots, limit_min=service.max_min, snapping=now.snapping
    )
    return admitted_pairs(times, now.demand, places)


def _measured(
    now: Moment,
    known: Prospects,
    people: pd.Series,
    supply: pd.Series,
    times: TravelTimes,
    service: Service,
) -> pd.DataFrame:
    """Measure one year; the people of a commune are at the places they are at today."""
    demand = pd.DataFrame(now.demand[["code_insee", "people", "share"]])
    then = demand["code_insee"].map(people) * demand["share"]
    demand["people"] = then.fillna(demand["people"])
    open_ = known.places.loc[supply.index]
    names = spot(open_)
    at = pd.DataFrame({"capacity": supply.groupby(names).sum(min_count=1)})
    if "care" in open_.columns:
        at["care"] = open_["care"].groupby(names).first()
    table = measured(demand, at, times, service)
    here = supply.groupby(open_["code_insee"].to_numpy()).sum(min_count=1)
    table["supply_here"] = here.reindex(table.index).fillna(0.0)
    if not service.judged_on_supply:
        table["supply_here"] = np.nan
    return table


def _too_few(ahead: Mapping[str, pd.DataFrame], years: tuple[int, ...], now: Moment) -> pd.Index:
    """Return the communes that have people, but too few to be told, in some year of a variant."""
    tables = [table[list(years)] for table in ahead.values()]
    small = [((each > 0) & (each < now.fewest)).any(axis=1) for each in tables]
    codes: pd.Index = tables[0].index[pd.concat(small, axis=1).any(axis=1).to_numpy()]
    return codes


def _told(
    now: Moment, people: pd.Series, table: pd.DataFrame, split: pd.Index, secret: frozenset[str]
) -> tuple[pd.DataFrame, pd.Series]:
    """Tell which figures may be told, and what those of each commune are.

    Of communes that may be solved for their places (`split`), the people only. `secret` are
    those of which a birth or an age is, or people in some year: all that is made of it is too.
    """
    codes = pd.Index(sorted(now.inside), name="code_insee", dtype=object)
    worth = now.status.reindex(codes)
    open_ = worth.isin(_SHOWN)
    projected = people.reindex(codes)
    known = open_ & projected.notna()
    apart = pd.Series(codes.isin(split), index=codes)
    hidden = pd.Series(data=False, index=codes)
    if now.fewest:
        own = table.reindex(codes)
        hidden = few(own["concerned"], own["people"], now.fewest)
    status = pd.Series(PROJECTED, index=codes, dtype=object)
    status[~known] = contracts.NOT_AVAILABLE
    status[~known & codes.isin(secret)] = contracts.SECRET
    status[~open_] = worth[~open_]
    told = pd.DataFrame(data=True, index=codes, columns=list(MEASURES))
    told["people"] = known
    told["access_per_100"] = ~apart
    for name in ("missing", "concerned", "concerned_share"):
        told[name] = known & ~hidden & ~apart
    return told, status


def _groupings(groups: pd.DataFrame, codes: pd.Index) -> dict[str, pd.Series]:
    whole = {"": pd.Series("", index=codes, dtype=object)}
    return whole | {
        str(name): groups[name].reindex(codes).fillna("").astype(object) for name in groups.columns
    }


def _summed(table: pd.DataFrame, group: pd.Series, told: pd.DataFrame) -> pd.DataFrame:
    may = told.copy()
    may["access_per_100"] &= told["people"]  # a mean weighted by a number that is not told
    made = grouped(table, group, may)
    made["supply"] = table["supply_here"].groupby(group.to_numpy()).sum(min_count=1)
    return made


def _findings(
    ahead: Mapping[str, pd.DataFrame], first: int, today: pd.Series, now: Moment
) -> list[Finding]:
    """Tell whose people are held at today's, and how far the first year is from today.

    Both sums leave out the communes that are not told.
    """
    people = ahead["central" if "central" in ahead else next(iter(ahead))][first]
    people = people.reindex(today.index)
    held = sorted(str(code) for code in people.index[people.isna()])
    found = []
    if held:
        facts: dict[str, object] = {"count": len(held), "codes": held}
        found.append(Finding("warning", "projection_held", "population", facts=facts))
    open_ = now.status.index[now.status.isin(_SHOWN)].intersection(now.inside)
    both = people[open_].dropna().index
    then, before = float(people[both].sum()), float(today[both].sum())
    apart = abs(then - before) > _APART * before
    facts = {"year": str(first), "then": then, "now": before}
    found.append(
        Finding("warning" if apart else "info", "projection_base", "population", facts=facts)
    )
    return found
