"""The gate over scenarios: all their states attacked together, for their differences tell too."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from ctg_geo import secrecy
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.export.measured import told_by_measures
from ctg_geo.scenarios import Comparison
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
    nobody = pd.Series(0.0, index=study.territory.communes.index)
    states = [("before", made.outcomes[0].variant.key, made.base.service.per_100, nobody)]
    states += [
        ("after", each.variant.key, each.variant.diagnosis.service.per_100, each.variant.added)
        for each in made.outcomes
    ]
    whole = {"": pd.Series("", index=made.base.communes.index, dtype=object)}
    people = {name: each.of for name, each in study.people_groupings.items()}
    diagnoses = [made.base, *(each.variant.diagnosis for each in made.outcomes)]
    released = []
    for number, (state, diagnosis) in enumerate(zip(states, diagnoses, strict=True)):
        told = _state(made, *state[:3], whole | dict(groups), figure, study)
        more = [
            each for name, homes in people.items()
            for each in _of_people(made, state[:2], name, diagnosis,
                                   (homes, told_communes(diagnoses, homes)), figure)
        ]  # fmt: skip
        added = state[3].rename(lambda code: figure.key(str(code)))
        released.append(_today(Released(told.shown, [*told.sums, *more]), added, number))
    plan = study.secrecy
    with secrecy.in_words(plan.figures.values(), study.territory.names):
        return secrecy.gate(plan.found.cells, plan.found.need, _together(released))


def _state(
    made: Comparison,
    which: str,
    key: str,
    per_100: float | None,
    groups: Mapping[str, pd.Series],
    figure: secrecy.Figure,
    study: Study,
) -> Released:
    """Read back what the outputs say of one state."""
    communes = _wide(made.communes.loc[key][which])
    every = _wide(made.groups.loc[key][which])
    tables = {name: every.loc[name] for name in groups}
    return told_by_measures(
        communes, tables, groups, lambda code: (figure.key(code),), per_100=per_100,
        spread=study.territory.homes.spread,
    )  # fmt: skip


def _of_people(
    made: Comparison,
    which: tuple[str, str],
    grouping: str,
    state: Diagnosis,
    homes: tuple[pd.Series, pd.Index],
    figure: secrecy.Figure,
) -> Iterator[ReleasedSum]:
    """Yield what the groups of people tell: sums of known shares of the people of communes."""
    group, told = homes
    local = state.homes.assign(group=group.reindex(state.homes.index))
    local = local[local["code_insee"].isin(told)]
    whole = local["demand"].groupby(local["code_insee"]).transform("sum")
    share = (local["demand"] / whole).where(whole > 0, local["weight"])
    table = made.groups.loc[(which[1], grouping)][which[0]].unstack("measure")  # noqa: PD010
    norm = (state.service.per_100 or 0.0) / 100
    near = local["nearest_min"]
    for name, row in table.iterrows():
        own = share.where(local["group"] == name, 0.0)
        factors = {"people": own}
        if "access_per_100" in row:
            factors["access_per_100"] = own * (100 * local["access"] - row["access_per_100"])
            factors["missing"] = own * (norm - local["access"]).clip(lower=0.0)
        if "concerned" in row:
            factors["concerned"] = own * local["below"]
        factors["minutes"] = own * near.notna() * (near.fillna(0.0) - row["minutes"])
        for measure, factor in factors.items():
            value = 0.0 if measure in ("access_per_100", "minutes") else float(row[measure])
            summed = factor.groupby(local["code_insee"]).sum(min_count=1)
            if len(summed) and summed.notna().all() and not np.isnan(value):
                keys = tuple(figure.key(str(code)) for code in summed.index)
                yield ReleasedSum(keys, value, tuple(map(float, summed)))


def _wide(column: pd.Series) -> pd.DataFrame:
    table = column.unstack("measure")  # noqa: PD010  (one value a pair)
    wanted = ["people", "access_per_100", "missing", "concerned", "concerned_share"]
    found: pd.DataFrame = table.reindex(columns=wanted)
    return found


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
