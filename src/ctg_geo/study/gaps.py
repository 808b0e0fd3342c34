"""The gaps of a diagnosis of a study: what they are made of, for whom, where."""

from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.diagnosis import Diagnosis, Gaps, gaps_of
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.travel import TravelTimes, travel_times

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["gaps", "to_chefs_lieux", "to_sites"]

_INCOME = "median_income"


def gaps(study: Study, diagnosis: Diagnosis) -> Gaps:
    """Tell of the gaps of a diagnosis of this study.

    Incomes are those of the indicator `median_income`, where the study has it.
    """
    return timed(
        f"gaps {diagnosis.key}", gaps_of, diagnosis, to_sites=to_chefs_lieux(study, diagnosis),
        income=_income(study), patterns=study.config.file.patterns,
    )  # fmt: skip


def to_chefs_lieux(study: Study, diagnosis: Diagnosis) -> TravelTimes | None:
    """Return the times from homes to the chefs-lieux, where places could be added."""
    territory = diagnosis.territory
    if diagnosis.catchment is None:
        return None
    return to_sites(study, diagnosis, territory.points[territory.inside])


def to_sites(study: Study, diagnosis: Diagnosis, sites: "gpd.GeoSeries") -> TravelTimes:
    """Return the times from homes to points where places could be added."""
    snapping = study.config.profiles[diagnosis.service.profile].snapping
    return travel_times(
        diagnosis.network, diagnosis.territory.homes.places.geometry, sites,
        limit_min=diagnosis.service.max_min, snapping=snapping,
    )  # fmt: skip


def _income(study: Study) -> pd.Series | None:
    table = study.indicators.table
    return table[_INCOME].astype(float) if _INCOME in table.columns else None
