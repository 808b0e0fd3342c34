"""Scenarios ranked criterion by criterion, in words; nothing is weighted."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from ctg_geo.export._said import SEPARATOR, number, words
from ctg_geo.export.scenario_told import Told
from ctg_geo.scenarios import AS_IS, Comparison
from ctg_geo.scenarios.costs import COSTS

__all__ = ["criterion_decimals", "criterion_word", "ranking_words"]

_MORE: Final = 3  # decimals added at most, to tell near ones apart
_DECIMALS: Final = {"gini": 3, "concerned": 0, "losers": 0, "cost": 0, "cost_per_year": 0,
                    "floor": 2}  # fmt: skip


def ranking_words(made: Comparison, told: Told) -> list[str]:
    """Rank scenarios on each criterion, then mark those that another beats on all."""
    numbers = {AS_IS: words("as_is_short")} | {
        each.key: words("short", number=number)
        for number, each in enumerate(told.scenarios, start=1)
    }
    lines = [words("ranking.title")]
    for name in map(str, made.criteria.columns):
        said = _ranked(made, name, numbers)
        word = criterion_word(made, name, told)
        lines.append("  – " + words(f"ranking.{made.better[name]}", criterion=word, said=said))
    beaten = {key: by for key, by in made.dominated.items() if by}
    if not beaten and not made.criteria.isna().to_numpy().any():
        lines.append(words("ranking.none_dominated"))
    for key, by in beaten.items():
        others = ", ".join(_called(each, told) for each in by)
        lines.append(words("ranking.dominated_as_is", by=others) if key == AS_IS else
                     words("ranking.dominated", number=_number(key, told), by=others))  # fmt: skip
    return [*lines, *_not_concluded(made, numbers), *_levelled_down(made, told)]


def _not_concluded(made: Comparison, numbers: Mapping[str, str]) -> list[str]:
    """Say of whom nothing is concluded, and why: which cost is not known of which scenario."""
    said = []
    for cost in COSTS:
        if cost in made.criteria.columns and made.criteria[cost].isna().any():
            without = made.criteria.index[made.criteria[cost].isna()]
            names = [numbers[str(key)] for key in without]
            said.append(words(f"ranking.unknown_{cost}", names=names))
    lines = [" ".join([*said, words("ranking.not_concluded")])] if said else []
    if made.criteria.drop(columns=list(COSTS), errors="ignore").isna().to_numpy().any():
        lines.append(words("ranking.criterion_unknown"))
    return lines


def _levelled_down(made: Comparison, told: Told) -> list[str]:
    """Name the scenarios where groups come nearer only because the best served lose."""
    lines = []
    for name in [str(each) for each in made.criteria.columns if str(each).startswith("gap_")]:
        label, groups = told.groups[name.removeprefix("gap_")]
        decimals, sign = _decimals(name), 1 if made.followed == "minutes" else -1
        gap = made.criteria[name].round(decimals)
        for place, scenario in enumerate(told.scenarios, start=1):
            if not gap[scenario.key] < gap[AS_IS]:
                continue
            means = pd.DataFrame({
                group: table.loc[made.followed, ["before", "after"]].astype(float)
                for group, table in made.by_group(scenario.key, name.removeprefix("gap_")).items()
            }).T.dropna()  # fmt: skip
            worst = str((sign * means["before"]).idxmax())
            change = sign * (means["after"].round(decimals) - means["before"].round(decimals))
            if float(change[worst]) >= 0:
                lines.append(words("ranking.levelled_down", number=place, grouping=label,
                                   group=groups.get(worst, worst)))  # fmt: skip
    return lines


def _called(key: str, told: Told) -> str:
    """Call a scenario by its number, with its article."""
    if key == AS_IS:
        return words("ranking.other_as_is")
    return words("ranking.other", number=_number(key, told))


def _number(key: str, told: Told) -> int:
    return [each.key for each in told.scenarios].index(key) + 1


def _ranked(made: Comparison, name: str, names: dict[str, str]) -> str:
    """Write scenarios from the best to the worst, equals together, unknown ones last."""
    value, known = made.criteria[name], made.rank[name].dropna()
    decimals, parts = criterion_decimals(made, name), []
    for place in sorted(set(known)):
        keys = [str(key) for key in known.index[known == place]]
        same = ", ".join(names[key] for key in keys)
        parts.append(f"{same} ({number(float(value[keys[0]]), decimals)})")
    said = f"{SEPARATOR}{words('ranking.then')} ".join(parts)
    lost = [names[str(key)] for key in value.index[value.isna()]]
    return f"{said}{SEPARATOR}{words('ranking.unknown', names=lost)}" if lost else said


def _apart(value: pd.Series, rank: pd.Series, decimals: int) -> int:
    """Return the fewest decimals with which scenarios of different rank differ in print."""
    first = value[~rank.duplicated()].astype(float)
    for more in range(_MORE + 1):
        if not first.round(decimals + more).duplicated().any():
            return decimals + more
    return decimals


def criterion_word(made: Comparison, name: str, told: Told) -> str:
    """Return what to call a criterion."""
    service = made.base.service
    if name.startswith("gap_"):
        unit = words(f"unit.{made.followed}", unit=service.unit)
        label = told.groups[name.removeprefix("gap_")][0]
        return words("criterion.gap", grouping=label, unit=unit)
    return words(f"criterion.{name}", unit=service.unit, people=service.people_label)


def criterion_decimals(made: Comparison, name: str) -> int:
    """Return how many decimals a criterion is told with, wherever it is: ranks show in them."""
    known = made.rank[name].dropna()
    return _apart(made.criteria.loc[known.index, name], known, _decimals(name))


def _decimals(name: str) -> int:
    return _DECIMALS.get(name, 1)
