"""All that is told of the gaps of one service: causes, remedies, inequality, areas, clusters."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.diagnosis.commune_gaps import commune_gaps, told_communes
from ctg_geo.diagnosis.diagnosis import Diagnosis
from ctg_geo.diagnosis.indices import indices
from ctg_geo.diagnosis.under_served import clusters, under_served
from ctg_geo.parameters import Patterns
from ctg_geo.travel import TravelTimes

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Gaps", "gaps_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Gaps:
    """What is told of the gaps of a service, hidden people left out.

    `communes` by code_insee (see `commune_gaps` and `clusters`), `indices` (see `indices`),
    `zones` (see `under_served`), `told` the communes whose people are counted in all of it.
    """

    communes: pd.DataFrame
    indices: pd.DataFrame
    zones: "gpd.GeoDataFrame"
    told: pd.Index
    patterns: Patterns


def gaps_of(
    diagnosis: Diagnosis,
    *,
    to_sites: TravelTimes | None = None,
    income: pd.Series | None = None,
    patterns: Patterns | None = None,
) -> Gaps:
    """Tell of the gaps of a diagnosis what they are made of, where they are, for whom.

    Parameters
    ----------
    diagnosis : of one service
    to_sites : from homes to the chefs-lieux of the territory (by code_insee), as far as people
        go; needed with a norm on supply
    income : by code_insee, NaN where unknown or secret
    patterns : settings of areas and clusters; those by default where they are not given
    """
    settings = Patterns() if patterns is None else patterns
    told = told_communes(diagnosis)
    communes = commune_gaps(diagnosis, told, to_sites)
    return Gaps(
        pd.concat([communes, clusters(diagnosis, settings)], axis=1),
        indices(diagnosis, told, income),
        under_served(diagnosis, told, settings),
        told,
        settings,
    )
