"""A table of communes brought to another year: sums, weighted means, names, shapes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from ctg_geo.errors import UnknownCodeError
from ctg_geo.quality import Finding
from ctg_geo.sources import Events
from ctg_geo.territory.steps import january
from ctg_geo.territory.vintages import Flow, Moves
from ctg_geo.territory.wholes import MAKERS, Kind, Parts, Weights

__all__ = ["Kind", "moved", "moved_by"]

Table = TypeVar("Table", bound=pd.DataFrame)


def moved(
    table: Table,
    events: Events,
    *,
    to: int | None,
    kinds: Mapping[str, Kind],
    since: int | None = None,
    weights: Weights = None,
    key: Mapping[str, Mapping[str, float]] | None = None,
    known: Collection[str] | None = None,
    name: str = "table",
) -> tuple[Table, list[Finding]]:
    """Bring a table of communes to the communes of another year.

    Parameters
    ----------
    table : by code_insee; a column `x` may have its `x_status`
    events : what became of communes
    to : year of the COG wanted (state on its first of January); None, after the last event
    kinds : what each column is: a count adds up over mergers; a rate is averaged by
        `weights`; so is a median, which is an estimate then; a class is kept where all parts
        share it, and not available elsewhere; a name is that of the commune of `to`; a label
        is that of the part that keeps the code, else of the first; a shape is united. Others
        are left out.
    since : year of the table's codes; None, the last year that has them all
    weights : the count that rates are averaged by, or that of each rate
    key : for each split commune, the share of it that goes to each commune after
    known : codes of `to`, if an unknown one is to be refused
    name : what to call the table in findings and errors

    Returns
    -------
    the table on the codes of `to`, in their order; a finding per code that changed

    Raises
    ------
    DataError
        If a commune was split and `key` does not share it out (a shape never can be), or
        communes with a rate merged and there are no weights.
    UnknownCodeError
        If a code of the result is not `known`.

    Notes
    -----
    Laws: counts add up to the same total; going by way of a year in between, or straight,
    gives the same table, as long as no code of that year is lost on the way. What is known
    of a sum is what is known of its least known part: with a secret part it is secret, never
    the sum of the others.
    """
    moves = Moves(events, to, {} if key is None else key)
    result = moved_by(table, moves, kinds=kinds, cog=since, weights=weights, name=name)
    unknown = [] if known is None else sorted(set(result[0].index) - set(known))
    if unknown:
        raise UnknownCodeError(codes=unknown, table=name, count=len(unknown))
    return result


def moved_by(
    table: Table,
    moves: Moves,
    *,
    kinds: Mapping[str, Kind],
    cog: int | None,
    weights: Weights = None,
    name: str,
    wanted: Collection[str] | None = None,
) -> tuple[Table, list[Finding]]:
    """Do the work of `moved` with events already in order.

    `cog` is the year that the table says it is of; `wanted` the codes that matter
    (`Moves.flows`).
    """
    since = moves.since(table.index, cog)
    flows = moves.flows(table.index, since=since, table=name, wanted=wanted)
    columns = _columns(table, kinds)
    findings = _told(flows, name)
    if cog is None and "count" in kinds.values():
        findings += _suspected(moves, table.index, flows, name)
    if since is not None and "count" in kinds.values():
        findings += _lacking(moves, table.index, flows, since, name)
    touched = {code for flow in flows.values() for code in flow.shares}
    if since is not None:
        same = set(table.index) - touched - set(flows)
        table, said = _renamed(table, same, moves, kinds, since, name)
        findings += said
    if not flows:
        return table[columns].sort_index(), findings
    apart = table.index.isin([*flows, *touched])
    parts = _parts(table[apart], flows)
    work = Parts(parts, moves, kinds, weights, name)
    made: dict[str, Any] = {}
    for column, kind in kinds.items():
        made |= MAKERS[kind](work, column)
    findings += work.findings
    remade = pd.DataFrame(made, index=work.codes)[columns]
    whole = pd.concat([table[columns][~apart].astype(object), remade.astype(object)])
    whole = whole.assign(**{each: _typed(whole[each], table[each]) for each in columns})
    whole.index = pd.Index(whole.index, dtype=table.index.dtype, name=table.index.name)
    whole = whole.sort_index()
    return _like(whole, table), findings


def _typed(values: pd.Series, like: pd.Series) -> pd.Series:
    """Return values of the type that a column had; parts of whole numbers are no whole numbers."""
    if not pd.api.types.is_numeric_dtype(like):
        return values
    numbers = values.astype(np.float64)
    whole = numbers.notna().all() and (numbers % 1 == 0).all()
    return numbers.astype(like.dtype) if whole or like.dtype.kind == "f" else numbers


def _renamed(
    table: Table,
    same: Collection[str],
    moves: Moves,
    kinds: Mapping[str, Kind],
    since: int,
    name: str,
) -> tuple[Table, list[Finding]]:
    """Give communes that stayed the name they took since the year of their table, and say so."""
    findings = []
    for column in [str(each) for each, kind in kinds.items() if kind == "name"]:
        names = {code: moves.named(str(code), since) if code in same else None
                 for code in table.index}  # fmt: skip
        now = [names[code] or old for code, old in table[column].items()]
        findings += [
            Finding("info", "commune_renamed", name, str(code), {"old": old, "new": new})
            for (code, old), new in zip(table[column].items(), now, strict=True) if old != new
        ]  # fmt: skip
        table = table.assign(**{column: now})
    return table, findings


def _columns(table: pd.DataFrame, kinds: Mapping[str, Kind]) -> list[str]:
    """Return the columns of the result: those with a kind, with their status, as they stood."""
    wanted = {*kinds, *(f"{each}_status" for each in kinds)}
    return [str(each) for each in table.columns if each in wanted]


def _parts(table: pd.DataFrame, flows: Mapping[str, Flow]) -> pd.DataFrame:
    """Return one row per part: those of the table, with the code it goes to and its share."""
    rows = [
        (at, target, share, flows[code].split if code in flows else False)
        for at, code in enumerate(table.index)
        for target, share in (flows[code].shares if code in flows else {code: 1.0}).items()
    ]
    at, target, share, split = (list(each) for each in zip(*rows, strict=True))
    parts = pd.DataFrame(table.iloc[at])
    keeps = parts.index == np.array(target, dtype=object)
    parts = parts.assign(_to=target, _share=share, _split=split, _keeps=keeps)
    return parts.rename_axis("_from").reset_index().sort_values(["_to", "_keeps", "_from"],
        ascending=[True, False, True], kind="stable")  # fmt: skip


def _like(whole: pd.DataFrame, table: Table) -> Table:
    """Return a table of the kind that was given, in its CRS."""
    kind: Callable[..., Table] = type(table)
    if "geometry" in whole and hasattr(table, "geometry"):
        return kind(whole, geometry="geometry", crs=getattr(table, "crs", None))
    return kind(whole)


def _suspected(
    moves: Moves, codes: Iterable[str], flows: Mapping[str, Flow], table: str
) -> list[Finding]:
    """Tell of communes whose figures may still hold those of one that left them since."""
    return [
        Finding("warning", "split_suspected", table, str(code), {"new": list(lost)})
        for code, lost in moves.unshared(codes).items()
        if code not in flows
    ]


def _lacking(
    moves: Moves, codes: Iterable[str], flows: Mapping[str, Flow], since: int, table: str
) -> list[Finding]:
    """Tell of mergers of which the table has a part and lacks another: the sum may be short.

    Or the part that bears the code of the whole may be the whole already, and be counted twice.
    """
    there = set(codes)
    ends = {next(iter(flow.shares)) for flow in flows.values() if not flow.split}
    away = {*moves.steps.where, *ends} - there
    alive = sorted(code for code in away if moves.steps.exists(code, january(since)))
    lacking: dict[str, list[str]] = {}
    for code, (end, *more) in moves.parts(alive, since=since).items():
        if end in ends and not more:
            lacking.setdefault(end, []).append(code)
    return [
        Finding("warning", "merger_part_missing", table, end, {"parts": parts})
        for end, parts in sorted(lacking.items())
    ]


def _told(flows: Mapping[str, Flow], table: str) -> list[Finding]:
    return [_told_of(code, flow, table) for code, flow in sorted(flows.items())]


def _told_of(code: str, flow: Flow, table: str) -> Finding:
    new: Iterable[str] = list(flow.shares)
    if not flow.split:
        return Finding("info", "code_moved", table, code, {"old": code, "new": next(iter(new))})
    return Finding("warning", "code_split", table, code, {"old": code, "new": new})
