"""What the words and files of a plan of sites are made from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo.export.basis import Basis
from ctg_geo.parameters import Service

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["PLACED", "Brought", "Choice", "Rules", "SiteTold", "SitesTold", "StageTold"]

PLACED: Final = ("median_places", "cover_places")
"""Objectives on trips whose sites fill up: a place for each person."""


@dataclass(frozen=True, slots=True)
class StageTold:
    """One objective: its figure today (NaN where nothing stands) and with the plan."""

    objective: str
    before: float
    after: float
    quality: str  # proven or not, in words


@dataclass(frozen=True, slots=True)
class Brought:
    """People of a commune whom a site alone brings within the norm, and places they get of it.

    Figures that may not be told are NaN.
    """

    code: str
    nom: str
    people: float
    gained: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Another plan, and what it costs on the first objective (NaN: there is none).

    `then` has the same of the objectives after it: name, price (below 0: better), proven.
    """

    instead: Sequence[str]  # names of the sites it opens and this plan does not
    price: float
    proven: bool
    then: Sequence[tuple[str, float, bool]] = ()


@dataclass(frozen=True, slots=True)
class SiteTold:
    """A site that the plan opens, or one that somebody prefers."""

    key: str
    nom: str
    commune: str
    size: float  # NaN where places are not counted
    cost: float  # euros; NaN where none is declared
    forced: bool
    brought: Sequence[Brought]
    other: Choice  # without this site; of a preferred site, with it
    there: bool = True  # in the plan


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a plan as they are said; None where one was not given."""

    new: int | None
    exactly: bool
    smallest: float
    largest: float
    total: float | None
    budget: float | None
    groups: Sequence[tuple[str, int]]
    forbidden: Sequence[str]
    candidates: int
    kinds: Sequence[str]
    within_min: float


@dataclass(frozen=True, slots=True, eq=False)
class SitesTold:
    """A plan of sites, measured again, and all that is said of it.

    `table` by candidate_id has nom, commune, code_insee, kind, decision, the size and the cost
    in the plan, people and gained, and a point. `counts` tells that numbers of people may be
    told at all; `hidden` how many communes have a number that may not.
    """

    study: str
    key: str
    service: Service
    plan_file: str
    rules: Rules
    stages: Sequence[StageTold]
    sites: Sequence[SiteTold]
    closed: Sequence[str]
    resized: Sequence[tuple[str, float, float]]
    preferred: Sequence[SiteTold]
    remarks: Sequence[str]
    cost: float  # NaN where none is declared
    counts: bool
    hidden: int
    on_access: bool
    basis: Basis
    table: "gpd.GeoDataFrame"
    frontier: pd.DataFrame | None = None
    frontier_complete: bool = True
    share: float = 1.0

    @property
    def sized(self) -> bool:
        """Whether the plan chooses how many places each site has."""
        return self.on_access or any(each.objective in PLACED for each in self.stages)

    @property
    def title(self) -> str:
        """The name of the service and of the study."""
        return f"{self.service.label} — {self.study}"
