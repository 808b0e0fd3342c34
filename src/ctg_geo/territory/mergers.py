"""The tables of a study brought to its vintage; nothing is lost, everything is said."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.errors import DataError, Defect
from ctg_geo.quality import Finding
from ctg_geo.territory.moved import Kind, moved_by
from ctg_geo.territory.vintages import Moves

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "ends",
    "merged_communes",
    "moved_codes",
    "moved_indicators",
    "refuse_cut",
    "summed_population",
]

_COMMUNES: dict[str, Kind] = {"nom": "name", "epci": "label", "geometry": "shape"}


def moved_codes(
    codes: pd.Series,
    moves: Moves,
    *,
    table: str,
    cog: int | None = None,
    wanted: Collection[str] = (),
) -> tuple[pd.Series, list[Finding]]:
    """Replace old codes by current ones.

    Parameters
    ----------
    codes : code_insee of each row; "" where there is none
    moves : what became of communes
    table : what to call it in the findings
    cog : year of the codes, if the table says it
    wanted : the codes for which a row of a split commune is refused; others keep its code

    Returns
    -------
    Series on the index given; one finding per old code met

    Raises
    ------
    DataError
        If a commune was split into one that is wanted: nothing says in which part a row is.
    """
    given = [str(code) for code in codes.unique() if code]
    since = moves.since(given, cog)
    flows = moves.keyless.flows(given, since=since, table=table, wanted=wanted)
    current = {code: next(iter(flow.shares)) for code, flow in flows.items()}
    findings = [
        Finding("info", "code_moved", table, code, {"old": code, "new": current[code]})
        for code in sorted(current)
    ]
    return codes.map(lambda code: current.get(code, code)).astype(object), findings


def ends(codes: pd.Index, moves: Moves, *, cog: int | None) -> dict[str, tuple[str, ...]]:
    """Return what each code became: itself, one code, or, shared out by the key, several."""
    since = moves.since(codes, cog)
    flows = moves.flows(codes, since=since, table="", wanted=())
    return {
        str(code): tuple(flows[code].shares) if code in flows else (str(code),) for code in codes
    }


def merged_communes(
    communes: "gpd.GeoDataFrame", moves: Moves, *, table: str, cog: int | None = None
) -> tuple["gpd.GeoDataFrame", list[Finding]]:
    """Unite the polygons of communes that have merged since the layer was made.

    The name is the one that events give, else that of the part that bears the current code;
    the EPCI that of this part, if it is there. A commune that was split since stays whole:
    nothing says where the new border runs (`refuse_cut`).

    Parameters
    ----------
    communes : one row a commune, polygons in the CRS of the study
    moves : what codes became
    table : its name, for findings
    cog : year of its codes; None where it is not known

    Returns
    -------
    the layer on current codes; a finding per commune that was united
    """
    return moved_by(communes, moves.keyless, kinds=_COMMUNES, cog=cog, name=table, wanted=())


def refuse_cut(codes: pd.Index, moves: Moves, *, table: str, cog: int | None) -> None:
    """Refuse shapes of communes that were split since, told by code.

    Raises
    ------
    DataError
        Naming each and what it was split into.
    """
    cut = moves.keyless.splits(codes, since=moves.since(codes, cog))
    if cut:
        raise DataError([
            Defect(table, "split_shape", None, "geometry", each.code, {"new": list(each.targets)})
            for each in cut
        ])  # fmt: skip


def summed_population(
    population: pd.DataFrame,
    moves: Moves,
    *,
    table: str,
    cog: int | None = None,
    wanted: Collection[str] | None = None,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Add up the figures of communes that have merged; a sum with an unknown part is unknown.

    Raises
    ------
    DataError
        If a commune was split into one that is `wanted` and the key does not share it out.
    """
    columns = [str(name) for name in population.columns]
    kinds: dict[str, Kind] = {name: "count" for name in columns if f"{name}_status" in columns}
    return moved_by(population, moves, kinds=kinds, cog=cog, name=table, wanted=wanted)


def moved_indicators(
    indicators: pd.DataFrame,
    moves: Moves,
    *,
    kinds: Mapping[str, Kind],
    weights: Mapping[str, str],
    table: str,
    cog: int | None,
    wanted: Collection[str],
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]], list[Finding]]:
    """Bring indicators to the communes of a study.

    Parameters
    ----------
    indicators : by code_insee, figures with their status
    kinds, weights : what each figure is, and the count that weighs each rate
    wanted : the communes of the study
    cog : year of the table's codes; None where it is not known

    Returns
    -------
    the table on current codes; what each code read became; a finding per code that changed

    Raises
    ------
    DataError
        If communes with a rate have merged and nothing weighs it, or a commune was split into
        one that is `wanted` and the key does not share it out.
    """
    now = ends(indicators.index, moves, cog=cog)
    found, said = moved_by(
        indicators, moves, kinds=kinds, cog=cog, weights=weights, name=table, wanted=wanted
    )
    return found, now, said
