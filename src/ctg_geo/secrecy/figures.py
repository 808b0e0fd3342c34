"""The figures of a study, hidden by their rules as they are read, before anything uses them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import PopulationSource, ValueColumn
from ctg_geo.contracts import Band
from ctg_geo.errors import DataError, Defect
from ctg_geo.parameters import SecrecyRule
from ctg_geo.secrecy.primary import too_few
from ctg_geo.sources import TableRead

__all__ = ["Figure", "figures_of", "hide_by_rule"]

_ROUNDED = 1e-6  # of a multiple: the rounding of a factor


@dataclass(frozen=True, slots=True)
class Figure:
    """A declared figure and the rule it is under; what was read of it, in numbers of cells."""

    name: str
    label: str
    vintage: str
    factor: float
    rule_name: str
    rule: SecrecyRule | None
    by_units: bool  # the rule looks at the units behind the figure, not at the figure
    file: str
    read: int
    masked_codes: frozenset[str]  # by the source
    ages: Band | None = None
    column: str = ""  # of the file: figures of one column differ by their factor

    @property
    def masked(self) -> int:
        """How many cells the source hid."""
        return len(self.masked_codes)

    def key(self, code: str) -> str:
        """Name the cell of a commune, the same in all publications of this vintage."""
        return f"{self.name}@{self.vintage}/{code}"


def figures_of(
    read: TableRead, source: PopulationSource, rules: Mapping[str, SecrecyRule]
) -> list[Figure]:
    """Describe the figures of a population table as its source gave them.

    Parameters
    ----------
    read : the table as read
    source : what the study says of its columns
    rules : by name
    """
    found = []
    for name, value in source.values.items():
        status = read.table[f"{name}_status"]
        rule = _rule_name(source, value)
        found.append(
            Figure(
                name, value.label or name, source.vintage, value.factor, rule,
                rules[rule] if rule else None, value.units is not None, read.name, len(status),
                frozenset(map(str, status.index[status == contracts.SECRET])),
                contracts.band(value.ages or value.column), value.column,
            )
        )  # fmt: skip
    return found


def hide_by_rule(
    read: TableRead, source: PopulationSource, rules: Mapping[str, SecrecyRule]
) -> tuple[TableRead, pd.DataFrame]:
    """Hide the counts that a rule makes secret, so that nothing later can use or show them.

    The threshold is about the counts of the file, before `factor`, or about the figure named
    by `units`; a figure of unknown units is hidden too.

    Parameters
    ----------
    read : the table as read
    source : what the study says of its columns
    rules : by name

    Returns
    -------
    the table with those counts unknown, of status secret; which ones, by code and figure

    Raises
    ------
    DataError
        If a rule says that the counts are rounded and they are not: each would be shown as it
        is and taken for an interval.
    """
    _check_rounded(read, source, rules)
    table = read.table.copy()
    hidden = pd.DataFrame(data=False, index=table.index, columns=list(source.values))
    for name, value in source.values.items():
        rule = _rule_name(source, value)
        if not rule:
            continue
        counts = read.table[value.units or name]
        factor = source.values[value.units or name].factor
        few = too_few(counts / factor, rules[rule])
        if value.units is not None:
            few |= counts.isna()
        hidden[name] = few & table[name].notna()
    for names in _of_one_column(source):  # one tells the others, by their factors
        one = hidden[names].any(axis=1)
        for name in names:
            hidden[name] = one & table[name].notna()
    for name in hidden.columns:
        table.loc[hidden[name], name] = float("nan")
        table.loc[hidden[name], f"{name}_status"] = contracts.SECRET
    return replace(read, table=table), hidden


def _of_one_column(source: PopulationSource) -> list[list[str]]:
    """Return the names of the figures of each column."""
    names: dict[str, list[str]] = {}
    for name, value in source.values.items():
        names.setdefault(value.column, []).append(name)
    return list(names.values())


def _check_rounded(
    read: TableRead, source: PopulationSource, rules: Mapping[str, SecrecyRule]
) -> None:
    defects = []
    for name, value in source.values.items():
        rule = _rule_name(source, value)
        step = rules[rule].rounding if rule else None
        if step is None:
            continue
        counts = read.table[name].dropna() / value.factor
        off = (counts / step - (counts / step).round()).abs() > _ROUNDED
        for code, count in counts[off].items():
            row = read.row_of.get(code)
            facts = {"code": str(code), "step": step, "rule": rule}
            defects.append(Defect(read.name, "not_rounded", None if row is None else int(row),
                                  value.column, f"{count:g}", facts))  # fmt: skip
    if defects:
        raise DataError(defects)


def _rule_name(source: PopulationSource, value: ValueColumn) -> str:
    """Return the rule of a figure: its own, else its table's; "" for none.

    A figure without one is under that of another of the same column, which it would tell.
    """
    every = source.values.values()
    named = [_own_rule(source, each) for each in every if each.column == value.column]
    return _own_rule(source, value) or next(filter(None, named), "")


def _own_rule(source: PopulationSource, value: ValueColumn) -> str:
    name = value.secrecy if value.secrecy is not None else source.secrecy or ""
    return "" if name == "none" else name
