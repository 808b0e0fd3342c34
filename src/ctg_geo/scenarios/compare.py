"""Scenarios against the situation as it is: who gains, who loses, what stays, at what price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.scenario_file import Step
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.gap import gini, value_of
from ctg_geo.scenarios.ages import by_age
from ctg_geo.scenarios.costs import COSTS, Cost, ranked_costs, spent
from ctg_geo.scenarios.measures import by_commune, by_group, measures_of, untold
from ctg_geo.scenarios.outsiders import Crossing, crossing
from ctg_geo.scenarios.people_groups import by_people_group
from ctg_geo.scenarios.ranking import Better, dominators, ranks

__all__ = ["AS_IS", "NOTHING", "Comparison", "Outcome", "Variant", "compare"]

AS_IS: Final = ""  # the key of the situation as it is, among scenarios
NOTHING: Final = 0.05  # a change that one decimal shows as none
_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A scenario and the diagnosis of what it makes.

    `added` is the people it adds by code_insee, of the figure of the service. Costs are in
    euros, None where they are not known; `untold` then has, by cost, the changes that lack it:
    see `ctg_geo.scenarios.costs`.
    """

    key: str
    name: str
    diagnosis: Diagnosis
    added: pd.Series
    cost: float | None = None
    cost_per_year: float | None = None
    untold: Mapping[Cost, tuple[Step, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What one scenario brings.

    `moved` is, by code_insee, gain, loss or same of what is followed (`Comparison.followed`),
    missing where it may not be told. `within_gain` is the people more within the norm (NaN
    without a norm), `cost_each` the investment for each of them, None where there is no cost or
    nobody more. `changes_nothing` where no figure of any home differs.
    """

    variant: Variant
    moved: pd.Series
    within_gain: float
    cost_each: float | None
    crossing: Crossing | None
    changes_nothing: bool

    def communes(self, kind: str) -> pd.Index:
        """Return the communes that gain, lose or stay the same."""
        codes: pd.Index = self.moved.index[(self.moved == kind).to_numpy(bool, na_value=False)]
        return codes


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison:
    """A service as it is and under each scenario.

    `communes` has a row by scenario, code_insee and measure, `groups` one by scenario,
    grouping, group and measure (grouping "" is the whole territory): before, after, change.
    `criteria` has a row a scenario, that of `AS_IS` first, a column a criterion, each less or
    more the better (`better`); `rank` is on the same rows and columns, `dominated` the
    scenarios that are at least as good on all of them and better on one.
    """

    key: str
    base: Diagnosis
    outcomes: tuple[Outcome, ...]
    measures: tuple[str, ...]
    communes: pd.DataFrame
    groups: pd.DataFrame
    criteria: pd.DataFrame
    better: Mapping[str, Better]
    rank: pd.DataFrame
    dominated: Mapping[str, tuple[str, ...]]
    hidden: pd.Index  # communes whose counts below the norm are told in no state
    crossing: Crossing | None

    def __repr__(self) -> str:
        return f"<Comparison {self.key}: {len(self.outcomes)} scenarios>"

    def by_commune(self, scenario: str, measure: str) -> pd.DataFrame:
        """Return before, after and change of a measure, by code_insee."""
        return pd.DataFrame(self.communes.xs((scenario, measure), level=("scenario", "measure")))

    def by_group(self, scenario: str, grouping: str) -> dict[str, pd.DataFrame]:
        """Return, by group, before, after and change of each measure."""
        own = self.groups.xs((scenario, grouping), level=("scenario", "grouping"))
        return {str(name): pd.DataFrame(own.xs(name, level="group"))
                for name in own.index.unique("group")}  # fmt: skip

    def whole(self, scenario: str) -> pd.DataFrame:
        """Return before, after and change of each measure over the territory."""
        return self.by_group(scenario, "")[""]

    @property
    def followed(self) -> str:
        """The measure that gains and losses are told of."""
        return "minutes" if self.base.catchment is None else "access_per_100"


def compare(
    base: Diagnosis,
    variants: Sequence[Variant],
    groups: Mapping[str, pd.Series],
    people: Mapping[str, pd.Series] | None = None,
    ages: Sequence[str] = (),
) -> Comparison:
    """Compare scenarios with the situation as it is.

    Parameters
    ----------
    base : the diagnosis as it is
    variants : of the same service, communes and homes; their keys differ
    groups : by grouping, the group of each commune
    people : by grouping, the group of the people at each home (by demand_id), whatever their
        commune; with people placed inside their communes only
    ages : figures of people of some ages, to be told as well (`ages_within`)

    Notes
    -----
    A verdict after is under the norm of the scenario, where it changes one. Figures that may not
    be told are missing, in every state where one state would give them away.
    """
    states = [base, *(each.diagnosis for each in variants)]
    hidden = untold(states)
    tables = [by_commune(each, hidden) for each in states]
    whole = {"": pd.Series("", index=base.communes.index, dtype=object)}
    summed = by_group(tables, whole | dict(groups))
    if people:
        at_homes = by_people_group(states, people)
        summed = [pd.concat(both) for both in zip(summed, at_homes, strict=True)]
    keys = [each.key for each in variants]
    measures = measures_of(base)
    outcomes = tuple(
        _outcome(base, each, tables[0], after, _whole(summed[0]), _whole(total))
        for each, after, total in zip(variants, tables[1:], summed[1:], strict=True)
    )
    criteria, better = _criteria(states, variants, tables, summed, outcomes)
    if ages:
        summed = [pd.concat(both) for both in zip(summed, by_age(states, ages), strict=True)]
    return Comparison(
        base.key, base, outcomes, measures,
        _long(keys, tables, measures), _long(keys, summed, measures), criteria, better,
        ranks(criteria, better), dominators(criteria, better), hidden, crossing(base),
    )  # fmt: skip


def _whole(summed: pd.DataFrame) -> pd.Series:
    return pd.Series(summed.xs(("", ""), level=("grouping", "group")).iloc[0])


def _long(
    keys: Sequence[str], tables: Sequence[pd.DataFrame], measures: Sequence[str]
) -> pd.DataFrame:
    """Return before, after and change, by scenario, row and measure."""
    rows = tables[0].index
    index = pd.MultiIndex.from_tuples(
        [(*(row if isinstance(row, tuple) else (row,)), name) for row in rows for name in measures],
        names=[*rows.names, "measure"],
    )
    first, *others = [each.loc[rows, list(measures)].to_numpy(np.float64) for each in tables]
    parts = {
        key: pd.DataFrame(
            {"before": first.ravel(), "after": then.ravel(), "change": (then - first).ravel()},
            index=index,
        )
        for key, then in zip(keys, others, strict=True)
    }
    return pd.concat(parts, names=["scenario"])


def _outcome(
    base: Diagnosis,
    variant: Variant,
    before: pd.DataFrame,
    after: pd.DataFrame,
    whole_before: pd.Series,
    whole_after: pd.Series,
) -> Outcome:
    within = [row["people"] - row["concerned"] for row in (whole_before, whole_after)]
    gain = float(within[1] - within[0])
    each = None if variant.cost is None or not gain > 0 else variant.cost / gain
    supply = base.catchment is not None
    return Outcome(
        variant, _moved(base, variant.diagnosis, before, after, supply=supply), gain, each,
        crossing(variant.diagnosis), _same(base, variant.diagnosis),
    )  # fmt: skip


def _moved(
    base: Diagnosis, made: Diagnosis, before: pd.DataFrame, after: pd.DataFrame, *, supply: bool
) -> pd.Series:
    """Tell which communes gain and lose; one that reaches a place at last gains."""
    if supply:
        rise = after["access_per_100"] - before["access_per_100"]
        known = rise.notna()
    else:
        rise = before["minutes"] - after["minutes"]
        first, then = before["minutes"].notna(), after["minutes"].notna()
        rise = rise.mask(~first & then, np.inf).mask(first & ~then, -np.inf)
        secret = [each.communes["nearest_status"] == contracts.SECRET for each in (base, made)]
        known = ~(secret[0] | secret[1])
        rise = rise.fillna(0.0)
    kind = np.select([rise > NOTHING, rise < -NOTHING], ["gain", "loss"], "same")
    return pd.Series(kind, index=before.index, dtype=object).where(known)


def _same(base: Diagnosis, made: Diagnosis) -> bool:
    """Tell whether every home meets the same, and every verdict is the same."""
    if (base.homes["below"] != made.homes["below"]).any():
        return False
    columns = ["demand", "nearest_min", "access"]
    first, then = (each.homes[columns].to_numpy(np.float64) for each in (base, made))
    return bool(np.allclose(first, then, rtol=0, atol=_SAME, equal_nan=True))


def _criteria(
    states: Sequence[Diagnosis],
    variants: Sequence[Variant],
    tables: Sequence[pd.DataFrame],
    summed: Sequence[pd.DataFrame],
    outcomes: Sequence[Outcome],
) -> tuple[pd.DataFrame, dict[str, Better]]:
    """Put together the criteria that the service, the groups and the declared costs allow."""
    judged, supply = states[0].service.judged, states[0].catchment is not None
    followed = "access_per_100" if supply else "minutes"
    better: dict[str, Better] = {}
    columns: dict[str, list[float]] = {}

    def add(name: str, kind: Better, values: list[float]) -> None:
        better[name], columns[name] = kind, values

    if judged:
        add("concerned", "less", [float(_whole(each)["concerned"]) for each in summed])
    if supply:
        add("missing", "less", [float(_whole(each)["missing"]) for each in summed])
        add("floor", "more", [*map(_lowest, tables)])
        add("gini", "less", _ginis(states, tables))
    else:
        add("minutes", "less", [float(_whole(each)["minutes"]) for each in summed])
        add("longest", "less", [_longest(*each) for each in zip(states, tables, strict=True)])
    for name in [each for each in summed[0].index.unique("grouping") if each]:
        gaps = [_gap(each.loc[name, followed]) for each in summed]
        if not np.isnan(gaps).all():
            add(f"gap_{name}", "less", gaps)
    people = tables[0]["people"]
    losing = [float(people.reindex(each.communes("loss")).sum()) for each in outcomes]
    add("losers", "less", [0.0, *losing])
    costed = [{name: getattr(each, name) for name in COSTS} for each in variants]
    for name in ranked_costs(costed, [each.untold for each in variants]):
        add(name, "less", [0.0, *(spent(getattr(each, name), lacking=name in each.untold)
                                  for each in variants)])  # fmt: skip
    index = pd.Index([AS_IS, *(each.key for each in variants)], name="scenario")
    return pd.DataFrame(columns, index=index), better


def _lowest(table: pd.DataFrame) -> float:
    """Return the lowest access of a commune, those known to hold nobody of the service apart."""
    return float(table["access_per_100"][table["people"] != 0].min())


def _ginis(states: Sequence[Diagnosis], tables: Sequence[pd.DataFrame]) -> list[float]:
    """Return the Gini index of each state, over the communes that are told in all of them."""
    told = np.logical_and.reduce([
        each[["people", "access_per_100"]].notna().all(axis=1) for each in tables
    ])  # fmt: skip
    codes = tables[0].index[told]
    found = []
    for each in states:
        local = each.homes[each.homes["code_insee"].isin(codes)]
        found.append(value_of(gini(local["access"], local["demand"])))
    return found


def _longest(state: Diagnosis, table: pd.DataFrame) -> float:
    """Return the longest mean time of a commune, infinite where one reaches nothing."""
    told = state.communes["nearest_status"] != contracts.SECRET
    minutes = table["minutes"][told]
    return float("inf") if minutes.isna().any() else float(minutes.max())


def _gap(means: pd.Series) -> float:
    """Return what parts the best and the worst served group; NaN without two of them."""
    known = means.dropna()
    return float(known.max() - known.min()) if len(known) > 1 else float("nan")
