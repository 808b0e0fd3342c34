"""What tours come to, as tables; and why one cannot run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Evaluation", "Problem"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a tour cannot run as it is told: a key of the labels, with its facts."""

    reason: str
    tour: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Tours as they would run.

    Attributes
    ----------
    days : by tour and day: every_weeks, stops, road_min, setting_min, present_min, total_min,
        longest_min, km
    stops : one row a visit: tour, day, order, place, nom, leg_min, leg_km, hours, weekly_hours,
        presence (0-1: of a full place, for the hours of all visits to it), reached and alone
        (people to serve within reach, and those whom no other place of the tours reaches)
    legs : one line a leg, from place to place over the roads; CRS of the network
    homes : by demand_id: hours (a week, within reach), reached, worth (per person)
    communes : by code_insee: people, reached, left (people to serve whose number may be told),
        hours (mean of people to serve), share (0-1, of them, within reach), stops, to_serve
    totals : by tour, "" for all of them together: see `_totals`
    groups : by group, the mean worth of hours per person to serve
    problems : why a tour cannot run as told; none if it can
    """

    days: pd.DataFrame
    stops: pd.DataFrame
    legs: "gpd.GeoDataFrame"
    homes: pd.DataFrame
    communes: pd.DataFrame
    totals: pd.DataFrame
    groups: pd.Series
    problems: tuple[Problem, ...]

    @property
    def worth(self) -> float:
        """Worth of the hours within reach, summed over the people to serve."""
        return float(self.totals["worth"].to_dict()[""])

    @property
    def floor(self) -> float:
        """The mean worth per person of the group that has least."""
        return float(self.groups.min()) if len(self.groups) else 0.0
