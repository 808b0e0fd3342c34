"""Who needs a service, commune by commune; what is unknown is estimated aloud or refused."""

import pandas as pd

from ctg_geo import contracts
from ctg_geo.errors import ConfigError, DataError, Defect
from ctg_geo.quality import Finding
from ctg_geo.territory.territory import Territory

__all__ = ["demand", "demand_at_homes"]


def demand(territory: Territory, column: str) -> tuple[pd.Series, pd.Series, list[Finding]]:
    """People of each commune concerned by a service.

    A commune whose figure is secret or not available is given the mean rate of the others
    (people concerned per inhabitant); the value then only serves to share supply, and its
    status stays as it was, so that it is never shown.

    Parameters
    ----------
    territory : population with `column` and, for the rate, `population`
    column : a declared figure

    Returns
    -------
    Series by code_insee: people; Series by code_insee: status; findings

    Raises
    ------
    ConfigError
        If the population table declares no such figure.
    DataError
        If a figure is unknown and there is no population to estimate it from.
    """
    people = territory.population
    if column not in people.columns:
        known = [name for name in people.columns if f"{name}_status" in people.columns]
        raise ConfigError("no_demand", value=column, known=known)
    value, status = people[column].copy(), people[f"{column}_status"]
    if value.notna().all() and value.sum() == 0:
        raise DataError([Defect("population", "demand_zero", column=column)])
    unknown = value.isna()
    if not unknown.any():
        return value.rename("demand"), status, []
    codes = list(value.index[unknown])
    if "population" not in people.columns or column == "population":
        raise DataError([Defect("population", "demand_unknown", column=column, value=code)
                         for code in codes])  # fmt: skip
    everyone = people["population"]
    lost = [code for code in codes if pd.isna(everyone[code])]
    if lost:
        raise DataError([Defect("population", "demand_unknown", column=column, value=code)
                         for code in lost])  # fmt: skip
    basis = value.notna() & everyone.notna()
    inhabitants = everyone[basis].sum()
    if not inhabitants:  # nothing tells a rate: unknown is not zero
        raise DataError([Defect("population", "demand_unknown", column=column, value=code)
                         for code in codes])  # fmt: skip
    value[unknown] = everyone[unknown] * float(value[basis].sum() / inhabitants)
    findings = [
        Finding("warning", "demand_estimated", "population", code,
                {"column": column, "status": contracts.SECRET if status[code] == contracts.SECRET
                 else contracts.NOT_AVAILABLE})
        for code in codes
    ]  # fmt: skip
    return value.rename("demand"), status, findings


def demand_at_homes(territory: Territory, people: pd.Series, column: str) -> pd.Series:
    """People concerned by a service at each place where they live.

    Parameters
    ----------
    territory : its homes tell where
    people : by code_insee, the demand of each commune (see `demand`), estimates included
    column : the figure

    Returns
    -------
    Series by demand_id; where the figure is secret or unknown, the estimate for the commune
    shared out by the places' shares, to share supply and never to be shown
    """
    homes = territory.homes
    guess = homes.code.map(people) * homes.share[column]
    return homes.people[column].fillna(guess).rename("demand")
