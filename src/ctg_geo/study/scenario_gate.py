"""The gate over scenarios: all their states attacked together, for their differences tell too."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ctg_geo import secrecy
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.export.measured import told_by_measures
from ctg_geo.scenarios import Comparison
from ctg_geo.scenarios.measures import MEASURES
from ctg_geo.scenarios.people_groups import told_communes
from ctg_geo.secrecy import Released, ReleasedSum
from ctg_geo.study.study import Study

__all__ = ["pass_comparison"]


def pass_comparison(
    made: Comparison, study: Study, groups: Mapping[str, pd.Series]
) -> secrecy.Verdict | None:
    """Let the attacker try all that a comparison tells of people, every state at once.

    Parameters
    ----------
    groups : by grouping, the group of each commune

    Returns
    -------
    What he found; None where no secrecy was decided on the people of the service.

    Raises
    ------
    SecrecyError
        If a secret can be inferred more closely than its rule allows.

    Notes
    -----
    The people of a scenario are those of today and the people it adds, which readers know:
    what it tells is taken for what it tells of those of today.
    """
    figure = study.secrecy.figures.get(made.base.service.demand)
    if figure is None:
        return None
    whole = {"": pd.Series("", index=made.base.communes.index, dtype=object)}
    by_commune = whole | dict(groups)
    states = _states(made, study)
    diagnoses = [each.diagnosis for each in states]
    people = {
        name: (each.of, told_communes(diagnoses, each.of))
        for name, each in study.people_groupings.items()
    }
    spread = study.territory.homes.spread
    released = []
    for number, state in enumerate(states):
        tables = {
            name: pd.DataFrame(state.groups.xs(name, level="grouping")) for name in by_commune
        }
        told = told_by_measures(
            state.communes, tables, by_commune, lambda code: (figure.key(code),),
            per_100=state.diagnosis.service.per_100, spread=spread,
        )  # fmt: skip
        sums = [*told.sums, *(one for name, homes in people.items()
                              for one in _of_people(state, name, *homes, figure))]  # fmt: skip
        added = state.added.rename(lambda code: figure.key(str(code)))
        released.append(_today(Released(told.shown, sums), added, number))
    plan = study.secrecy
    with secrecy.in_words(plan.figures.values(), study.territory.names):
        return secrecy.gate(plan.found.cells, plan.found.need, _together(released))


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """What the outputs say of one state, measures by column."""

    diagnosis: Diagnosis
    added: pd.Series  # people, by code_insee
    communes: pd.DataFrame  # by code_insee
    groups: pd.DataFrame  # by grouping, group


def _states(made: Comparison, study: Study) -> list[_State]:
    """Read the outputs back: the situation as it is, then that of each scenario."""
    nobody = pd.Series(0.0, index=study.territory.communes.index)
    first = made.outcomes[0].variant.key
    states = [_State(made.base, nobody, *_tables(made, first, "before"))]
    return states + [
        _State(each.variant.diagnosis, each.variant.added,
               *_tables(made, each.variant.key, "after"))
        for each in made.outcomes
    ]  # fmt: skip


def _tables(made: Comparison, scenario: str, which: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    communes, groups = (
        pd.DataFrame(table.xs(scenario, level="scenario")[which].unstack("measure")).reindex(  # noqa: PD010
            columns=list(MEASURES)
        )
        for table in (made.communes, made.groups)
    )
    return communes, groups


def _of_people(
    state: _State, grouping: str, group: pd.Series, told: pd.Index, figure: secrecy.Figure
) -> Iterator[ReleasedSum]:
    """Yield what the groups of people tell: sums of known shares of the people of communes."""
    local = state.diagnosis.homes
    local = local.assign(group=group.reindex(local.index))[local["code_insee"].isin(told)]
    whole = local["demand"].groupby(local["code_insee"]).transform("sum")
    share = (local["demand"] / whole).where(whole > 0, local["weight"])
    norm = (state.diagnosis.service.per_100 or 0.0) / 100
    near, access = local["nearest_min"], local["access"]
    for name, row in state.groups.xs(grouping, level="grouping").iterrows():
        own = share.where(local["group"] == name, 0.0)
        factors = {
            "people": (own, row["people"]),
            "access_per_100": (own * (100 * access - row["access_per_100"]), 0.0),
            "missing": (own * (norm - access).clip(lower=0.0), row["missing"]),
            "concerned": (own * local["below"], row["concerned"]),
            "minutes": (own * near.notna() * (near.fillna(0.0) - row["minutes"]), 0.0),
        }
        for factor, value in factors.values():
            summed = factor.groupby(local["code_insee"]).sum(min_count=1)
            if len(summed) and summed.notna().all() and pd.notna(value):
                keys = tuple(figure.key(str(code)) for code in summed.index)
                yield ReleasedSum(keys, float(value), tuple(map(float, summed)))


def _today(released: Released, added: pd.Series, number: int) -> Released:
    """Take what a state tells for what it tells of the people of today.

    Counts of a part of a commune are of that state alone: they are named after it.
    """
    more = added[added != 0]
    shown = {
        (name if name in added.index else f"{name}, {number}"): value - float(more.get(name, 0.0))
        for name, value in released.shown.items()
    }
    sums = []
    for each in released.sums:
        extra = sum(factor * float(more.get(name, 0.0)) for name, factor in each.factors.items())
        names = tuple(name if name in added.index else f"{name}, {number}"
                      for name in each.members)  # fmt: skip
        sums.append(ReleasedSum(names, each.value - extra, each.weights))
    return Released(shown, sums)


def _together(released: Sequence[Released]) -> Released:
    shown = {name: value for each in reversed(released) for name, value in each.shown.items()}
    return Released(shown, [one for each in released for one in each.sums])
