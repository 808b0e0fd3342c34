"""The account of a spread: each total before and after, and how each commune was done."""

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from ctg_geo.contracts import Band, bridge
from ctg_geo.quality import Finding
from ctg_geo.territory.pieces import Pieces

__all__ = [
    "AGE", "ALIKE", "AREA", "PERSONS", "ROADS", "STREETS", "ZONE", "accounted", "figures_of",
    "told",
]  # fmt: skip

# By what people were spread.
ZONE: Final = "zone"  # one place in each zone, which has its own total
AGE: Final = "age"
PERSONS: Final = "persons"
AREA: Final = "area"
STREETS: Final = "streets"
ROADS: Final = "roads"
ALIKE: Final = "alike"

_ALL_PEOPLE: Final = "population"  # the figure that has no ages

_SPREAD: Final = {
    "cells": "people_spread", "iris": "people_spread_iris", "streets": "people_spread_streets",
}  # fmt: skip
_LESS_PRECISE: Final = {  # what is told where people were spread by less than was asked
    PERSONS: "spread_by_persons", AREA: "spread_by_area", ROADS: "spread_by_roads",
    ALIKE: "spread_by_alike",
}  # fmt: skip


def figures_of(population: pd.DataFrame) -> list[str]:
    """Return the columns of a population table that are figures: those that have a status."""
    return [str(each) for each in population.columns if f"{each}_status" in population.columns]


def accounted(
    account: pd.DataFrame,
    population: pd.DataFrame,
    people: pd.DataFrame,
    places: pd.DataFrame,
    pieces: Pieces,
) -> pd.DataFrame:
    """Write each figure by commune before and after, the places and what is imputed of them."""
    code = places["code_insee"]
    persons = pieces.table["persons"].groupby(code).sum(min_count=1)
    imputed = pieces.table["persons"].where(places["imputed"]).groupby(code).sum()
    made = pd.DataFrame(index=population.index)
    made["places"] = code.value_counts().reindex(population.index, fill_value=0)
    made["cell_persons"] = persons.reindex(population.index)
    made["imputed_share"] = (imputed / persons.where(persons > 0)).reindex(population.index)
    for figure in figures_of(population):
        made[f"{figure}_before"] = population[figure]
        after = people[figure].groupby(code).agg(_total)
        made[f"{figure}_after"] = after.reindex(population.index)
        made[f"{figure}_status"] = population[f"{figure}_status"]
        made[f"{figure}_by"] = account[f"{figure}_by"]
    return made


def _total(parts: pd.Series) -> float:
    return math.fsum(parts) if parts.notna().all() else float("nan")


def told(
    account: pd.DataFrame, figures: list[str], pieces: Pieces, ages: Mapping[str, Band]
) -> list[Finding]:
    """Tell how people were placed, and each time a less precise way was taken."""
    known = account.dropna(subset=[f"{figures[0]}_before"]) if figures else account
    facts: dict[str, object] = {"places": len(pieces.table), "communes": len(account)}
    if pieces.kind == "cells":
        facts |= {
            "cells": pieces.cells, "outside": pieces.outside, "straddling": pieces.straddling,
        }  # fmt: skip
    found = [Finding("info", _SPREAD[pieces.kind], "population", facts=facts)]
    persons = account["cell_persons"].sum()
    imputed = (account["cell_persons"] * account["imputed_share"]).sum()
    if persons > 0 and imputed > 0:
        share = float(imputed / persons)
        found.append(Finding("info", "cells_imputed", "population", facts={"share": share}))
    for figure in figures:
        found += _of_figure(figure, known, pieces, ages)
    unsaid = [each for each in figures if each not in ages and each != _ALL_PEOPLE]
    if unsaid and pieces.kind == "cells" and pieces.bands:
        facts = {"columns": unsaid}
        found.append(Finding("info", "spread_ages_unsaid", "population", facts=facts))
    if pieces.lone:
        facts = {"count": len(pieces.lone), "codes": list(pieces.lone)}
        found.append(Finding("warning", "spread_lone", "population", facts=facts))
    return found


def _of_figure(
    figure: str, known: pd.DataFrame, pieces: Pieces, ages: Mapping[str, Band]
) -> list[Finding]:
    """Tell whether the sum of a figure was kept, and where it was spread less precisely."""
    before, after = known[f"{figure}_before"].sum(), known[f"{figure}_after"].sum()
    facts: dict[str, object] = {"column": figure, "before": float(before), "after": float(after)}
    rounded = ((known[f"{figure}_before"] - known[f"{figure}_after"]).abs() > 0).any()
    key = "spread_control_whole" if rounded else "spread_control"
    found = [Finding("info", key, "population", figure, facts)]
    aged = figure in ages and bridge(ages[figure], pieces.bands) is not None
    if figure in ages and pieces.kind == "cells" and not aged:
        found.append(Finding("info", "spread_no_ages", "population", figure, {"column": figure}))
    some = (known[f"{figure}_before"] > 0) & (known["places"] > 1)
    for way, key in _LESS_PRECISE.items():
        if way == PERSONS and not aged:
            continue
        codes = list(known.index[some & (known[f"{figure}_by"] == way)])
        if codes:
            facts = {"column": figure, "count": len(codes), "codes": codes}
            found.append(Finding("warning", key, "population", figure, facts))
    return found
