"""The gate over what is told of two dates, or of the years ahead."""

from collections.abc import Mapping
from functools import partial
from itertools import product

import pandas as pd

from ctg_geo import contracts, secrecy
from ctg_geo.evolution import Evolution, Projection
from ctg_geo.export.measured import told_by_measures
from ctg_geo.study.study import Study

__all__ = ["pass_evolution", "pass_projection"]


def pass_evolution(made: Evolution, before: Study, after: Study) -> dict[str, secrecy.Verdict]:
    """Let the attacker try what a comparison tells of the people of each date; say what he found.

    Raises
    ------
    SecrecyError
        If a secret of a date can be inferred more closely than its rule allows.
    """
    passed: dict[str, secrecy.Verdict] = {}
    now = after.moves.became()
    for study, date in ((before, "before"), (after, "after")):
        plan = study.secrecy
        figure = plan.figures.get(made.service.demand)
        if figure is None:
            continue
        parts: dict[str, tuple[str, ...]] = {}
        for code in map(str, study.territory.population.index):
            current = now.get(code, code)
            parts[current] = (*parts.get(current, ()), figure.key(code))
        communes = made.communes[date].unstack("measure")  # noqa: PD010  (one value a pair)
        every = made.groups[date].unstack("measure")  # noqa: PD010
        groups = {str(name): every.loc[name] for name in every.index.unique("grouping")}
        told = told_by_measures(
            communes, groups, _of(after, communes.index), partial(_named, parts),
            per_100=made.service.per_100, spread=study.territory.homes.spread,
        )  # fmt: skip
        with secrecy.in_words(plan.figures.values(), study.territory.names):
            passed[date] = secrecy.gate(plan.found.cells, plan.found.need, told)
    return passed


def pass_projection(made: Projection, study: Study) -> None:
    """Let the attacker try each year of each variant.

    The people of a year ahead are in no plan: what is secret of them is what is told to be.

    Raises
    ------
    SecrecyError
        If a secret of a year can be inferred more closely than the rule of the figure allows.
    """
    demand = made.service.demand
    figure, fewest = study.secrecy.figures.get(demand), study.secrecy.fewest(demand)
    if figure is None or contracts.SECRET not in set(made.communes["status"]):
        return
    for variant, year in product(made.variants, made.years):
        communes = pd.DataFrame(made.communes.xs((variant, year), level=("variant", "year")))
        every = pd.DataFrame(made.groups.xs((variant, year), level=("variant", "year")))
        groups = {str(name): every.loc[name] for name in every.index.unique("grouping")}
        names = {str(code): f"{demand}@{year}, {variant}/{code}" for code in communes.index}
        parts = {code: (name,) for code, name in names.items()}
        told = told_by_measures(
            communes, groups, _of(study, communes.index), partial(_named, parts),
            per_100=made.service.per_100, spread=study.territory.homes.spread,
        )  # fmt: skip
        cells, need = secrecy.derived(
            communes["people"].rename(names), communes["status"].rename(names), fewest=fewest
        )
        with secrecy.in_words([figure], study.territory.names):
            secrecy.gate(cells, need, told)


def _named(parts: Mapping[str, tuple[str, ...]], code: str) -> tuple[str, ...]:
    return parts.get(code, ())


def _of(study: Study, codes: pd.Index) -> Mapping[str, pd.Series]:
    """Return the group of each commune in each grouping; "" is the whole territory."""
    whole = {"": pd.Series("", index=codes, dtype=object)}
    return whole | {
        str(name): study.groups[name].reindex(codes).fillna("") for name in study.groups.columns
    }
