"""What a study may publish: every figure, sum and former publication decided on together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.secrecy_section import KnownTotal, SecrecySection
from ctg_geo.errors import SecrecyError
from ctg_geo.parameters import CellCost
from ctg_geo.quality import Finding
from ctg_geo.secrecy.additive import Additive, additive, told_sums
from ctg_geo.secrecy.cells import Cell, Sum, assembled
from ctg_geo.secrecy.communes import Change, aligned, merged_sums
from ctg_geo.secrecy.figures import Figure
from ctg_geo.secrecy.needs import completed
from ctg_geo.secrecy.primary import UNRULED_WIDTH, count_cell
from ctg_geo.secrecy.register import Published, joined
from ctg_geo.secrecy.retold import retold
from ctg_geo.secrecy.same_tables import Alike, alike, tables_of
from ctg_geo.secrecy.suppress import Suppression, suppress
from ctg_geo.secrecy.words import in_words
from ctg_geo.territory import Moves, Territory

__all__ = ["Plan", "plan", "withheld"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plan:
    """What is hidden of each figure and commune, why, and what must stay open.

    `primary` and `secondary` are masks by code_insee, one column per figure; `found` holds
    the cells behind them.
    """

    figures: Mapping[str, Figure]
    primary: pd.DataFrame  # hidden by the source or by a rule
    secondary: pd.DataFrame  # hidden to protect those
    found: Suppression
    past: tuple[Published, ...]
    totals: frozenset[str] = frozenset()  # figures that are sums of others
    known: tuple[str, ...] = ()  # cells of totals that readers find elsewhere
    alike: tuple[Alike, ...] = ()  # the same figures under another name, here or in the register
    additive: tuple[Additive, ...] = ()  # sums between figures that nobody declared
    merging: int = 0  # sums that hold communes against those of publications of other years

    def __repr__(self) -> str:
        first, then = int(self.primary.to_numpy().sum()), int(self.secondary.to_numpy().sum())
        return f"<Plan: {first} secret, {then} hidden to protect them>"

    @property
    def keys(self) -> list[str]:
        """Names of the cells of the figures, and of their totals that readers find elsewhere."""
        of_figures = [
            each.key(str(code)) for each in self.figures.values() for code in self.primary.index
        ]
        return [*of_figures, *self.known]

    @property
    def hidden(self) -> pd.DataFrame:
        """All that is secret, by code_insee, one column per figure."""
        return self.primary | self.secondary

    def fewest(self, name: str) -> float:
        """Return the least number of people of a figure that may be told, 0 itself apart.

        0 for a figure of which nothing is secret.
        """
        each = self.figures.get(name)
        if each is None:
            return 0.0
        if each.rule is not None:
            return each.rule.threshold * each.factor
        return (UNRULED_WIDTH + 1) * each.factor if self.primary[name].any() else 0.0


def plan(
    territory: Territory, figures: Sequence[Figure], section: SecrecySection, *,
    groups: pd.DataFrame | None, past: Sequence[Published], merged: frozenset[str],
    moves: Moves | None = None,
) -> Plan:  # fmt: skip
    """Decide what a study may publish.

    Parameters
    ----------
    territory : its figures already hidden by rule (`ctg_geo.secrecy.figures.hide_by_rule`)
    figures : of its population
    section : sums between figures, totals known outside, cost
    groups : by code_insee, if a known total is about a group
    past : what has been published
    merged : communes whose figures are sums: what a rule says of a cell does not hold of them
    moves : what became of communes, to hold publications of other years against this one

    Raises
    ------
    SecrecyError
        If the figures contradict each other or a total, or no choice protects a secret.
    """
    by_name = {each.name: each for each in figures}
    people = territory.population
    adding = _additive(people, figures, section, past)
    totals = {each.total for each in section.sums}
    totals |= {each.total for each in adding if each.taken and each.is_total}
    cells = [
        _cell(each, str(code), float(people[each.name][code]),
              str(people.at[code, f"{each.name}_status"]), merged,
              total=each.name in totals)
        for each in figures for code in people.index
    ]  # fmt: skip
    sums = [
        Sum(by_name[each.total].key(code), {by_name[part].key(code): 1.0 for part in each.parts})
        for each in section.sums for code in map(str, people.index)
    ]  # fmt: skip
    at = {cell.name: cell for cell in cells}
    sums += told_sums(adding, by_name, at, [str(code) for code in people.index])
    own = list(cells)
    for total in section.known_totals:
        cell, summed = _known(total, by_name[total.column], territory, groups)
        cells.append(cell)
        sums.append(summed)
    with in_words(figures, territory.names):
        known, changes = aligned(past, own, moves or Moves())
        found, same, merging = _suppressed(
            own, *joined(cells, sums, known), changes, cost=section.cost
        )
    secondary = _companions(found, by_name, people.index)
    primary = pd.DataFrame({
        name: people[f"{name}_status"] == contracts.SECRET for name in by_name
    })  # fmt: skip
    _hide_retold(people, primary, secondary)
    named = tuple(cell.name for cell in cells[len(own) :])
    return Plan(by_name, primary, secondary & ~primary, found, tuple(past), frozenset(totals),
                named, tuple(same), tuple(adding), merging)  # fmt: skip


def _companions(found: Suppression, by_name: Mapping[str, Figure], codes: pd.Index) -> pd.DataFrame:
    """Return the cells hidden, by code_insee and figure; twins hide together."""
    hidden = pd.Series(found.secondary, index=pd.Index(found.cells.names))
    secondary = pd.DataFrame({
        name: hidden[[each.key(str(code)) for code in codes]].to_numpy()
        for name, each in by_name.items()
    }, index=codes)  # fmt: skip
    for twins in _twins(list(by_name.values())):  # one tells the others, by their factors
        one = secondary[twins].any(axis=1)
        for name in twins:
            secondary[name] = one
    return secondary


def _hide_retold(people: pd.DataFrame, primary: pd.DataFrame, secondary: pd.DataFrame) -> None:
    """Hide too, in place, a figure that tells a hidden one by a product: a share of the people.

    Of two that tell it together, the smaller: a share, and not the people that it is of.
    """
    hidden = primary | secondary
    if not hidden.to_numpy().any():
        return
    told = people[list(primary)].mask(hidden)
    order = told.median().sort_values(kind="stable").index
    for each in retold(told, hidden, [str(name) for name in order]):
        secondary.loc[list(each.codes), each.figure] = True


def _twins(figures: Sequence[Figure]) -> list[list[str]]:
    """Return the names of the figures made of each column."""
    names: dict[str, list[str]] = {}
    for each in figures:
        names.setdefault(each.column, []).append(each.name)
    return [each for column, each in names.items() if column]


def _additive(
    people: pd.DataFrame, figures: Sequence[Figure], section: SecrecySection,
    past: Sequence[Published],
) -> list[Additive]:  # fmt: skip
    """Find sums that nobody declared, where there is something to protect."""
    secret = any(each.rule is not None or each.masked for each in figures) or bool(past)
    declared = [(each.total, each.parts) for each in section.sums]
    return additive(figures, people, declared) if secret else []


def _suppressed(
    own: Sequence[Cell], cells: Sequence[Cell], sums: Sequence[Sum], changes: Sequence[Change], *,
    cost: CellCost,
) -> tuple[Suppression, list[Alike], int]:  # fmt: skip
    """Choose what to hide, equal tables told equal; not where the sums prove that they are not.

    Communes that merged are told to be the sum of what they were, in equal tables too.
    """
    same: list[Alike] = []
    told = list(sums)
    for each in alike(own, cells):
        if _possible(cells, [*told, *each.sums]):
            same.append(each)
            told += each.sums
    pairs = {(table, table) for table in tables_of(own)}
    pairs |= {(each.table, each.other) for each in same}
    every, merging = merged_sums(changes, pairs, cells)
    return suppress(assembled(every, [*told, *merging]), cost=cost), same, len(merging)


def _possible(cells: Sequence[Cell], sums: Sequence[Sum]) -> bool:
    try:
        completed(assembled(cells, sums))
    except SecrecyError as error:
        if error.reason != "contradiction":
            raise
        return False
    return True


def _cell(
    figure: Figure, code: str, value: float, status: str, merged: frozenset[str], *, total: bool
) -> Cell:
    name = figure.key(code)
    if np.isnan(value) and status != contracts.SECRET:
        return Cell(name, value)  # nobody knows it
    ruled = None if figure.by_units or code in merged else figure.rule
    masked = status == contracts.SECRET
    if masked and total and ruled is not None:
        open_by = (ruled.threshold - 1) * figure.factor
        return Cell(name, value, ruled.lowest * figure.factor, secret=True, width=open_by)
    return count_cell(name, value, ruled, factor=figure.factor, masked=masked, total=total)


def _known(
    total: KnownTotal, figure: Figure, territory: Territory, groups: pd.DataFrame | None
) -> tuple[Cell, Sum]:
    """Return a total that readers know from elsewhere, and the communes it sums up."""
    codes = territory.inside
    if total.communes:
        codes = pd.Index(total.communes)
    elif total.grouping is not None and groups is not None:
        codes = codes[(groups.loc[codes, total.grouping] == total.group).to_numpy()]
    strangers = [str(code) for code in codes if code not in territory.population.index]
    if strangers or not len(codes):
        raise SecrecyError("total_communes", total=total.base, codes=strangers)
    half = (total.rounding or 0) / 2
    of = " + ".join(total.communes) or f"{total.group or len(codes)}"
    name = f"{total.base} ({figure.label}, {figure.vintage}, {of})"
    told = (max(total.total - half, 0.0), total.total + half)
    value = total.total if not half else float("nan")
    return (
        Cell(name, value, told=told, fixed=True),
        Sum(name, {figure.key(str(code)): 1.0 for code in codes}),
    )


def withheld(territory: Territory, decided: Plan) -> Territory:
    """Return the territory without what protects secrets: whatever is made of it is publishable.

    A total held against a published one is not told once a part of it is hidden.
    """
    added = _sums_said(decided)
    if not decided.secondary.to_numpy().any():
        return replace(territory, findings=(*territory.findings, *added)) if added else territory
    people = territory.population.copy()
    findings = list(territory.findings)
    for name in decided.secondary.columns:
        hidden = decided.secondary[name]
        if not hidden.any():
            continue
        people.loc[hidden, name] = float("nan")
        people.loc[hidden, f"{name}_status"] = contracts.SECRET
        label = decided.figures[name].label
        count = int((hidden & territory.communes["inside"]).sum())
        partial = Finding("warning", "control_partial", "population", name,
                          {"column": label, "count": count})  # fmt: skip
        findings = [partial if each.key == "control" and each.identifier == name else each
                    for each in findings]  # fmt: skip
        findings.append(Finding("warning", "secret_secondary", "population", name,
                                {"column": label, "count": int(hidden.sum())}))  # fmt: skip
    return replace(territory, population=people, findings=(*findings, *added))


def _sums_said(decided: Plan) -> list[Finding]:
    """Tell the sums that nobody declared, and columns that only look like one."""
    found = []
    for each in decided.additive:
        facts: dict[str, object] = {
            "column": decided.figures[each.total].label,
            "parts": [decided.figures[part].label for part in each.parts],
            "count": each.holds, "codes": list(each.differs), "differ": len(each.differs),
        }  # fmt: skip
        if each.taken:
            key = "sum_by_ages" if each.by_ages else "sum_by_numbers"
            found.append(Finding("info", key, "population", each.total, facts))
        if each.differs:
            key = "sum_differs" if each.taken else "sum_doubtful"
            found.append(Finding("warning", key, "population", each.total, facts))
    return found
