"""People and places of the years ahead, variant by variant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.config.projection_section import Variant
from ctg_geo.contracts import Band
from ctg_geo.evolution.cohorts import OLDEST, aged, births_ahead, newcomers, of_ages

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Prospects", "capacities", "people_ahead"]

_NOTHING: Final = 1e-12  # of a capacity: what is left once all has gone


@dataclass(frozen=True, slots=True, eq=False)
class Prospects:
    """What is known of the years ahead, before any variant.

    People are at the end of the year: `base_year` is that of `ages`. `closures` is by place and
    year; of what stands in `places` the planned ones have a `year` of opening, others NaN.
    """

    base_year: int
    ages: pd.DataFrame  # by code_insee, one column an age (0 to 100); NaN where unknown
    births: pd.DataFrame  # by code_insee, one column a year
    survival: float
    migration: pd.Series | None  # by code_insee, net arrivals per person and year
    dwellings: pd.DataFrame | None  # rows of code_insee, year, dwellings
    persons: dict[Band, float]
    places: "gpd.GeoDataFrame"  # by equipement_id: code_insee, capacity, year, geometry, residents
    closures: pd.DataFrame | None  # rows of equipement_id, year, share
    secret: frozenset[str] = frozenset()  # communes of which a birth or an age is secret


def people_ahead(known: Prospects, variant: Variant, band: Band, until: int) -> pd.DataFrame:
    """Return the people of a band of ages at the end of each year.

    Parameters
    ----------
    known : what the years ahead are made of
    variant : which births, and how much of the rest comes true
    band : ages in completed years
    until : last year

    Returns
    -------
    DataFrame by code_insee, one column a year from `base_year`; NaN where a cohort is unknown
    """
    years = range(known.base_year + 1, until + 1)
    codes = known.ages.index
    rule = variant.births
    born = births_ahead(
        known.births.reindex(codes), until, kind=rule.kind, years=rule.years, factor=rule.factor
    )
    rates = np.zeros(len(codes))
    if known.migration is not None and variant.migration is not None:
        rates = variant.migration * known.migration.reindex(codes).to_numpy(np.float64)
    arrivals = np.zeros((len(codes), len(years), OLDEST + 1))
    if known.dwellings is not None and variant.dwellings is not None:
        built = _by_year(known.dwellings, codes, years)
        arrivals = newcomers(variant.dwellings * built, known.persons)
    people = aged(
        known.ages.to_numpy(np.float64), born.reindex(columns=years).to_numpy(np.float64),
        survival=known.survival, migration=np.maximum(rates, -1.0), arrivals=arrivals,
    )  # fmt: skip
    return pd.DataFrame(of_ages(people, band), index=codes, columns=[known.base_year, *years])


def _by_year(rows: pd.DataFrame, codes: pd.Index, years: Sequence[int]) -> npt.NDArray[np.float64]:
    """Add up dwellings by commune and year; those of other years are not of these."""
    own = rows[rows["year"].isin(list(years))]
    made = np.zeros((len(codes), len(years)))
    at = codes.get_indexer(pd.Index(own["code_insee"]))
    np.add.at(made, (at, own["year"].to_numpy() - years[0]), own["dwellings"].to_numpy(np.float64))
    return made


def capacities(known: Prospects, variant: Variant, year: int) -> pd.Series:
    """Return the capacity of each place that is open at the end of a year.

    Parameters
    ----------
    known : places there today, and plans
    variant : how much of the plans comes true
    year : at the end of which

    Returns
    -------
    Series by equipement_id
        A planned place counts from the year it opens, for the share of the plans that comes
        true; a place of which all has gone is not there. Where capacity is not known (a
        service judged on time), NaN for the places that are open.
    """
    level = pd.Series(1.0, index=known.places.index)
    planned = known.places["year"].notna()
    level[planned] = 0.0 if variant.openings is None else variant.openings
    level[known.places["year"] > year] = 0.0
    if known.closures is not None and variant.closures is not None:
        done = known.closures[known.closures["year"] <= year]
        gone = done.groupby("equipement_id")["share"].sum().reindex(level.index).fillna(0.0)
        level *= 1.0 - variant.closures * gone
    capacity: pd.Series = known.places["capacity"] * level
    return capacity[level > _NOTHING]
