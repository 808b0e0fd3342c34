"""Codes of another vintage become those of today; nothing is lost, everything is said."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["merged_communes", "moved_codes", "summed_population"]

# Worst first: what is known of a sum is what is known of its least known part.
_WORST = (contracts.SECRET, contracts.NOT_AVAILABLE, contracts.ESTIMATED, contracts.OBSERVED)


def moved_codes(
    codes: pd.Series, moves: pd.Series, *, table: str
) -> tuple[pd.Series, list[Finding]]:
    """Replace old codes by current ones.

    Parameters
    ----------
    codes : code_insee of each row
    moves : by old code, the current one
    table : what to call it in the findings

    Returns
    -------
    Series on the index given; one finding per old code met
    """
    old = codes.isin(moves.index)
    moved = codes.where(~old, codes.map(moves)).astype(object)
    findings = [
        Finding("info", "code_moved", table, code, {"old": code, "new": moves[code]})
        for code in sorted(set(codes[old]))
    ]
    return moved, findings


def merged_communes(
    communes: "gpd.GeoDataFrame", moves: pd.Series, *, table: str
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Unite the polygons of communes that have merged since the layer was made.

    The name and EPCI are those of the part that bears the current code, if it is there.
    """
    codes, findings = moved_codes(communes.index.to_series(), moves, table=table)
    if not findings:
        return communes, []
    lead = (communes.index != codes.to_numpy()).astype(np.int64)
    ordered = communes.assign(_code=codes, _lead=lead).sort_values(["_code", "_lead"])
    groups = ordered.groupby("_code", sort=True)
    united = groups.first()[["nom", "epci"]]
    shapes = [shapely.union_all(part.geometry.to_numpy()) for _, part in groups]
    united.index.name = "code_insee"
    merged = type(communes)(united, geometry=shapes, crs=communes.crs)
    return merged, findings


def summed_population(
    population: pd.DataFrame, moves: pd.Series, *, table: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """Add up the figures of communes that have merged; a sum with an unknown part is unknown."""
    codes, findings = moved_codes(population.index.to_series(), moves, table=table)
    if not findings:
        return population, []
    columns: dict[str, pd.Series] = {}
    for name in population.columns:
        if f"{name}_status" not in population.columns:
            continue
        status = population[f"{name}_status"]
        rank = status.map({word: at for at, word in enumerate(_WORST)})
        worst = rank.groupby(codes).min().map(dict(enumerate(_WORST))).astype(object)
        total = population[name].groupby(codes).sum(min_count=1)
        columns[name] = total.where(worst.isin((contracts.OBSERVED, contracts.ESTIMATED)))
        columns[f"{name}_status"] = worst
    summed = pd.DataFrame(columns)
    summed.index.name = "code_insee"
    return summed, findings
