"""A table of communes brought to another year: sums, weighted means, names, shapes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.errors import DataError, Defect, UnknownCodeError
from ctg_geo.quality import Finding
from ctg_geo.sources import Events
from ctg_geo.territory.steps import january
from ctg_geo.territory.vintages import Flow, Moves

__all__ = ["Kind", "moved", "moved_by"]

Kind = Literal["count", "rate", "median", "class", "name", "label", "shape"]
Weights = str | Mapping[str, str] | None  # of all rates, or of each
Table = TypeVar("Table", bound=pd.DataFrame)

# Worst first: what is known of a whole is what is known of its least known part.
_WORST = (contracts.SECRET, contracts.NOT_AVAILABLE, contracts.ESTIMATED, contracts.OBSERVED)
_GIVEN = (contracts.OBSERVED, contracts.ESTIMATED)


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
    work = _Work(parts, moves, kinds, weights, name)
    made: dict[str, Any] = {}
    for column, kind in kinds.items():
        made |= _MAKERS[kind](work, column)
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


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    """The rows that change, ordered by code of `to`, the part that keeps the code first."""

    parts: pd.DataFrame
    moves: Moves
    kinds: Mapping[str, Kind]
    weights: Weights
    name: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def codes(self) -> pd.Index:
        codes: pd.Index = pd.Index(sorted(set(self.parts["_to"])), dtype=object)
        return codes

    def by_code(self, values: pd.Series) -> Any:  # noqa: ANN401  (pandas names no type)
        return values.groupby(self.parts["_to"], sort=True)

    @property
    def alone(self) -> pd.Series:
        """Tell which codes are made of one part."""
        alone: pd.Series = self.by_code(self.parts["_from"]).size() == 1
        return alone

    def weight_of(self, column: str) -> str | None:
        """Return the count that weighs a rate."""
        if self.weights is None or isinstance(self.weights, str):
            return self.weights
        return self.weights.get(column)

    def worst(self, column: str) -> pd.Series:
        """Return what is known of each whole: what is known of its least known part.

        A part without an object counts for nothing; a whole of such parts has none either.
        """
        status = self.status(column)
        rank = status.map({word: at for at, word in enumerate(_WORST)})
        worst: pd.Series = self.by_code(rank).min().map(dict(enumerate(_WORST))).astype(object)
        return worst.fillna(contracts.NOT_APPLICABLE)

    def status(self, column: str) -> pd.Series:
        """Return the status of each part; one of a split commune is an estimate at best."""
        said = f"{column}_status"
        if said in self.parts:
            status = self.parts[said].copy()
        else:
            there = self.parts[column].notna()
            status = there.map({True: contracts.OBSERVED, False: contracts.NOT_AVAILABLE})
        status[self.parts["_split"] & (status == contracts.OBSERVED)] = contracts.ESTIMATED
        return status.astype(object)


def _count(work: _Work, column: str) -> dict[str, pd.Series]:
    total = work.by_code(work.parts[column] * work.parts["_share"]).sum(min_count=1)
    return _figures(column, total, work.worst(column))


def _figures(column: str, value: pd.Series, worst: pd.Series) -> dict[str, pd.Series]:
    return {column: value.where(worst.isin(_GIVEN)), f"{column}_status": worst}


def _rate(work: _Work, column: str) -> dict[str, pd.Series]:
    """Average a rate by its weights; where one part makes the whole, it is its own mean."""
    parts, alone = work.parts, work.alone
    worst = work.worst(column)
    value = work.by_code(parts[column]).first()
    if not alone.all():
        named = work.weight_of(column)
        if named is None:
            raise _no_weights(work, column, alone)
        of_some = work.status(column) != contracts.NOT_APPLICABLE
        weight = (parts[named] * parts["_share"]).where(of_some)
        total = work.by_code(weight).sum(min_count=1)
        mean = work.by_code(parts[column] * weight).sum(min_count=1) / total
        of_weights = work.worst(named)
        unknown = ~of_weights.isin(_GIVEN) | ~(total > 0)
        value = value.where(alone, mean)
        lost = of_weights.where(of_weights == contracts.SECRET, contracts.NOT_AVAILABLE)
        worst = worst.where(alone | ~unknown | ~worst.isin(_GIVEN), lost)
    return _figures(column, value, worst)


def _median(work: _Work, column: str) -> dict[str, pd.Series]:
    """Average medians as rates: of several parts it is an estimate, no median of the whole."""
    made = _rate(work, column)
    status = made[f"{column}_status"]
    merged = ~work.alone & (status == contracts.OBSERVED)
    return {**made, f"{column}_status": status.mask(merged, contracts.ESTIMATED)}


def _class(work: _Work, column: str) -> dict[str, pd.Series]:
    """Keep the class that all parts share; say which wholes have none."""
    by_code, worst = work.by_code(work.parts[column]), work.worst(column)
    mixed = worst.isin(_GIVEN) & (by_code.min() != by_code.max())
    work.findings.extend(
        Finding("warning", "class_mixed", work.name, str(code), {"column": column})
        for code in mixed.index[mixed]
    )
    return _figures(column, by_code.first(), worst.mask(mixed, contracts.NOT_AVAILABLE))


def _no_weights(work: _Work, column: str, alone: pd.Series) -> DataError:
    of = work.by_code(work.parts["_from"]).agg(list)
    return DataError([
        Defect(work.name, "rate_no_weights", None, column, str(code), {"old": of[code]})
        for code in alone.index[~alone]
    ])  # fmt: skip


def _label(work: _Work, column: str) -> dict[str, pd.Series]:
    return {column: work.by_code(work.parts[column]).first()}


def _name(work: _Work, column: str) -> dict[str, pd.Series]:
    """Return the name that events give each commune by the day wanted, else a label."""
    own = _label(work, column)[column]
    names = {code: work.moves.named(str(code)) or own[code] for code in own.index}
    return {column: pd.Series(names, dtype=object)}


def _shape(work: _Work, column: str) -> dict[str, pd.Series]:
    cut = work.parts[work.parts["_split"]]
    if len(cut):
        raise DataError([
            Defect(work.name, "split_shape", None, column, str(code), {"new": list(each)})
            for code, each in cut.groupby("_from")["_to"]
        ])  # fmt: skip
    shapes = work.by_code(work.parts[column])
    united = {code: shapely.union_all(np.asarray(part.array)) for code, part in shapes}
    return {column: pd.Series(united, dtype=object)}


_MAKERS: dict[Kind, Callable[[_Work, str], dict[str, pd.Series]]] = {
    "count": _count, "rate": _rate, "median": _median, "class": _class, "label": _label,
    "name": _name, "shape": _shape,
}  # fmt: skip


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
