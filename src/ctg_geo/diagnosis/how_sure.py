"""How sure a diagnosis is: the dice thrown for what it was made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.diagnosis.certainty import other_sharings
from ctg_geo.diagnosis.diagnosis import Diagnosis
from ctg_geo.diagnosis.few import few
from ctg_geo.diagnosis.place_keys import place_keys
from ctg_geo.parameters import Figure, RelativeError, Uncertainty
from ctg_geo.territory import demand, demand_at_homes
from ctg_geo.uncertainty import (
    Inputs,
    Norms,
    People,
    Sureness,
    draws,
    relative_error,
    sensitivity,
    sureness,
)

__all__ = ["HowSure", "how_sure"]

_OF_VALUE = ("below_share", "value_mean", "value_low", "value_high")


@dataclass(frozen=True, slots=True, eq=False)
class HowSure:
    """How sure a diagnosis is, and which choice moves it most (see `sensitivity`)."""

    settings: Uncertainty
    result: Sureness
    sensitivity: pd.DataFrame

    def certainty(self, communes: pd.DataFrame) -> pd.Series:
        """Return the share of the draws that give each verdict; NaN where draws are not told.

        Where dice are thrown, it is the one certainty told: variants of a few choices say less,
        and may call solid what the draws leave open. What no draw knows (places known in part,
        no road near) leaves a verdict without any certainty, as it does under variants.

        Parameters
        ----------
        communes : see `Diagnosis.communes`
        """
        below = self.result.communes["below_share"].reindex(communes.index)
        agreeing = below.where(communes["below"], 1.0 - below)
        return agreeing.mask(communes["certainty"] == 0, 0.0)


def how_sure(
    diagnosis: Diagnosis,
    settings: Uncertainty,
    *,
    known_totals: Iterable[pd.Index] = (),
) -> HowSure:
    """Throw the dice for a diagnosis.

    Parameters
    ----------
    diagnosis : of one service
    settings : what is uncertain, by how much
    known_totals : codes of the communes of each published total of the people concerned: draws
        keep the sum that the diagnosis uses

    Raises
    ------
    TravelError
        If the times of the diagnosis are not known as far as the norm and the decays ask for.
    ConfigError, DataError
        If a figure of `other_demands` is not declared, or cannot serve.

    Notes
    -----
    What the diagnosis hides is hidden here too, and so is a commune of which any draw counts too
    few people to be told. Where its time and access are secret, so are their draws.
    """
    inputs = _inputs(diagnosis, settings, known_totals)
    thrown = draws(inputs, settings)
    found = thrown.found
    hidden = inputs.hidden
    if diagnosis.fewest:
        counts, whole = (pd.Series(each.ravel()) for each in (found.concerned, found.people))
        small = few(counts, whole, diagnosis.fewest).to_numpy(bool).reshape(found.people.shape)
        hidden = hidden.union(found.codes[np.flatnonzero(small.any(axis=0))])
    groups = diagnosis.groups.reindex(found.codes)
    others = {name: _people(diagnosis, name) for name in settings.other_demands}
    result = sureness(thrown, hidden=hidden, groups=groups)
    return HowSure(
        settings,
        replace(result, communes=_without_split(result.communes, diagnosis)),
        sensitivity(inputs, settings, hidden=hidden, others=others),
    )


def _without_split(table: pd.DataFrame, diagnosis: Diagnosis) -> pd.DataFrame:
    """Blank what is told of the time or access of communes where both are secret."""
    secret = diagnosis.communes["nearest_status"].reindex(table.index) == contracts.SECRET
    return table.assign(**{name: table[name].mask(secret) for name in _OF_VALUE})


def _inputs(
    diagnosis: Diagnosis, settings: Uncertainty, known_totals: Iterable[pd.Index]
) -> Inputs:
    service, homes = diagnosis.service, diagnosis.territory.homes
    table = diagnosis.communes
    sharing = diagnosis.sharing
    supply_norm = None if sharing is None else service.per_100
    norms = Norms(
        service.within_min,
        None if supply_norm is None else supply_norm / 100,
        () if sharing is None else other_sharings(sharing, settings.decays),
    )
    places = diagnosis.equipements
    capacity = places["capacity"] if supply_norm is not None else places["capacity"] * 0.0
    capacity = capacity.fillna(0.0)
    inside = np.zeros(len(homes.places))
    if settings.inside is not None and homes.spread:
        people = diagnosis.homes["demand"].to_numpy(np.float64)
        inside = relative_error(people, settings.inside.relative, settings.inside.counting)
    return Inputs(
        times=diagnosis.times,
        people=diagnosis.homes["demand"],
        share=homes.share[service.demand],
        commune=homes.code,
        supply=capacity,
        norms=norms,
        judged=table.index,
        hidden=table.index[table["demand"].isna() | table["concerned"].isna()],
        people_error=_errors(diagnosis.demand, diagnosis.demand_status, settings.population),
        inside_error=pd.Series(inside, homes.places.index),
        supply_error=_errors(capacity, places["capacity_status"], settings.capacity),
        supply_key=place_keys(places),
        control=_control(diagnosis.demand.index, known_totals),
    )


def _errors(
    values: pd.Series, status: pd.Series, errors: Mapping[Figure, RelativeError]
) -> pd.Series:
    """Relative error of each figure, by what it is worth; 0 where nothing is said of it."""
    found: npt.NDArray[np.float64] = np.zeros(len(values))
    for worth, error in errors.items():
        own = relative_error(values.to_numpy(np.float64), error.relative, error.counting)
        found = np.where(status.to_numpy() == worth, own, found)
    return pd.Series(found, values.index)


def _control(codes: pd.Index, known_totals: Iterable[pd.Index]) -> pd.Series:
    """Name the group of each commune: those that the same totals hold.

    A total of the territory and one of a part of it fix the rest too.
    """
    label = pd.Series("", index=codes, dtype=object)
    for number, members in enumerate(known_totals):
        label = label.where(~codes.isin(members), label + f"{number},")
    return label


def _people(diagnosis: Diagnosis, figure: str) -> People:
    people, _, _ = demand(diagnosis.territory, figure)
    local = demand_at_homes(diagnosis.territory, people, figure)
    return People(local, diagnosis.territory.homes.share[figure])
