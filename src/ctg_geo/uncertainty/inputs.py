"""What the dice are thrown for: one service, and how wrong each of its figures may be."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.access import Sharing
from ctg_geo.access.aligned import aligned
from ctg_geo.errors import UnknownCodeError
from ctg_geo.travel import TravelTimes

__all__ = ["Arrays", "Inputs", "Norms"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Norms:
    """What counts as served: minutes, and supply per person (not per hundred) if it is shared."""

    within_min: float
    supply: float | None
    sharings: tuple[Sharing, ...] = ()  # that of the service, then those as likely

    @property
    def kind(self) -> Literal["supply", "time"]:
        """Whether communes are judged on shared supply, or on time alone."""
        return "time" if self.supply is None else "supply"


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """One service as it was diagnosed, with the error of each figure (0: taken as it is).

    Errors are standard deviations over means. `control` groups the communes whose sum is
    published: draws keep it, figures without error included; communes of "" are free.
    `supply_key` tells whose die each place throws: keys alike belong to places alike, for which
    it does not matter. The communes of `hidden` have a number of people that is not to be told.
    """

    times: TravelTimes  # places of demand × places of supply
    people: pd.Series  # by demand_id
    share: pd.Series  # by demand_id, of its commune: those of a commune sum to 1
    commune: pd.Series  # by demand_id, its code
    supply: pd.Series  # by destination; 0 where supply does not count
    norms: Norms
    judged: pd.Index  # codes of the communes that results are about
    hidden: pd.Index  # codes
    people_error: pd.Series  # by code
    inside_error: pd.Series  # by demand_id
    supply_error: pd.Series  # by destination
    supply_key: pd.Series | None = None  # by destination, what it is known by whatever its row
    control: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))  # by code

    def arrays(self) -> "Arrays":
        """Return the same as arrays, in the order of the times and of sorted codes.

        Raises
        ------
        UnknownCodeError, DataError
            If a table lacks a code, or a figure is missing or negative.
        """
        origins, destinations = self.times.origins, self.times.destinations
        missing = origins.difference(self.commune.index)
        if len(missing):
            raise UnknownCodeError(
                table="commune", count=len(missing), codes=[str(code) for code in missing]
            )
        owner = self.commune.reindex(origins)
        codes = pd.Index(sorted(owner.unique()))
        strange = self.judged.difference(codes)
        if len(strange):
            raise UnknownCodeError(
                table="judged", count=len(strange), codes=[str(code) for code in strange]
            )
        return Arrays(
            codes=codes,
            owner=codes.get_indexer(pd.Index(owner)),
            people=aligned(self.people, origins, table="demand"),
            share=aligned(self.share, origins, table="share"),
            supply=aligned(self.supply, destinations, table="supply"),
            people_error=aligned(self.people_error, codes, table="people_error"),
            inside_error=aligned(self.inside_error, origins, table="inside_error"),
            supply_error=aligned(self.supply_error, destinations, table="supply_error"),
            control=_numbers(self.control.reindex(codes).fillna("")),
            place_order=_sorted_place(origins),
            supply_order=_sorted_place(self._supply_keys()),
        )

    def _supply_keys(self) -> pd.Index:
        """Return what each destination is known by; without `supply_key` its identifier."""
        destinations = self.times.destinations
        if self.supply_key is None:
            return destinations
        missing = destinations.difference(self.supply_key.index)
        if len(missing):
            codes = [str(code) for code in missing]
            raise UnknownCodeError(table="supply_key", count=len(codes), codes=codes)
        keys: pd.Index = pd.Index(self.supply_key.reindex(destinations))
        return keys


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """The inputs as arrays: by place of demand, by place of supply, by commune (sorted)."""

    codes: pd.Index
    owner: Ints  # by place of demand, number of its commune
    people: Floats
    share: Floats
    supply: Floats
    people_error: Floats  # by commune
    inside_error: Floats
    supply_error: Floats
    control: Ints  # by commune, number of its group; -1 for none
    place_order: Ints  # place of each demand_id among them sorted: whose die it throws
    supply_order: Ints  # place of each destination among them sorted by key


def _numbers(labels: pd.Series) -> Ints:
    known = sorted({str(label) for label in labels} - {""})
    return np.asarray(
        pd.Index(known, dtype=object).get_indexer(pd.Index(labels.astype(str))), dtype=np.int64
    )


def _sorted_place(index: pd.Index) -> Ints:
    """Place of each code among all of them sorted, so that no order of rows changes a draw."""
    place = np.empty(len(index), dtype=np.int64)
    place[np.argsort(index.astype(str).to_numpy(), kind="stable")] = np.arange(len(index))
    return place
