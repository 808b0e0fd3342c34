"""Scenarios by age: what people of other figures meet, for a service that is for all ages."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.scenarios.measures import MEASURES
from ctg_geo.territory import Territory

__all__ = ["AGES", "ages_within", "by_age"]

AGES = "ages"  # the grouping, among those of a comparison


def ages_within(territory: Territory, demand: str) -> tuple[str, ...]:
    """Return the figures whose people are some of those of a service, by their ages.

    Those that declare ages, all within the ages of the service's own figure (any, where it
    declares none), and of which nothing is secret or unknown in the territory.
    """
    whole = territory.ages.get(demand)
    shown = (contracts.OBSERVED, contracts.ESTIMATED)
    inside = territory.population.loc[territory.inside]
    return tuple(
        name for name, band in sorted(territory.ages.items(), key=lambda each: each[1])
        if name != demand and (whole is None or (whole.low <= band.low and band.high <= whole.high))
        and bool(inside[f"{name}_status"].isin(shown).all())
    )  # fmt: skip


def by_age(states: Sequence[Diagnosis], figures: Sequence[str]) -> list[pd.DataFrame]:
    """Sum up what the people of some ages meet over the territory.

    Parameters
    ----------
    states : the diagnosis as it is, and those of all scenarios
    figures : columns of the population, known in every commune of the territory

    Returns
    -------
    by state, DataFrame by grouping (`AGES`) and figure, columns `MEASURES`; the supply missing
    is that of the service's own people: it is not told by age
    """
    return [
        pd.concat(
            {AGES: pd.DataFrame({name: _row(each, name) for name in figures}).T},
            names=["grouping", "group"],
        )
        for each in states
    ]


def _row(state: Diagnosis, figure: str) -> dict[str, float]:
    local = state.homes[state.homes["code_insee"].isin(state.communes.index)]
    people = state.territory.homes.people[figure].reindex(local.index).astype(float)
    arriving = people.where(local["nearest_min"].notna(), 0.0)
    total = float(people.sum())
    concerned = float(people[local["below"]].sum()) if state.service.judged else np.nan
    row = {
        "people": total,
        "access_per_100": 100 * _mean(local["access"], people),
        "minutes": _mean(local["nearest_min"].fillna(0.0), arriving),
        "missing": np.nan, "concerned": concerned,
        "concerned_share": concerned / total if total else np.nan,
    }  # fmt: skip
    return {name: row[name] for name in MEASURES}


def _mean(values: pd.Series, weights: pd.Series) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total else float("nan")
