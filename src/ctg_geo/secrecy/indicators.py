"""Indicators under a rule: a rate on too few people is secret, and so is one that tells too few."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.parameters import SecrecyRule
from ctg_geo.quality import Finding
from ctg_geo.secrecy.primary import too_few

__all__ = ["hide_indicators"]

_EXACT = 6  # decimals of a count made of a share


def hide_indicators(
    table: pd.DataFrame, sources: Mapping[str, IndicatorSource], rules: Mapping[str, SecrecyRule],
    people: Callable[[], pd.DataFrame], inside: pd.Index, groups: pd.Series | None = None,
) -> tuple[pd.DataFrame, list[Finding]]:  # fmt: skip
    """Hide the indicators that a rule makes secret, as soon as they are read.

    All figures of a table are secret in a commune where its units (households behind an income,
    families, active people) are too few, or unknown. Every other count of the table, and every
    share of the units, is secret too where it tells too few people, or leaves too few others.
    Counts and rates of a row hide together: where one is secret or not available, none of the
    row is told but the units, so that no sum or share gives it back. In each group with such a
    commune, one more hides its row (`_companions`), so that a total known elsewhere tells none.

    Parameters
    ----------
    table : by code_insee, figures and their status
    sources : as configured; those with `secrecy` are under that rule
    rules : by name
    people : gives the population by code_insee, secrets already hidden; asked only if the units
        of a table are one of its figures
    inside : codes of the communes that outputs show
    groups : by code_insee, those whose totals readers find elsewhere (EPCI); all are one without

    Returns
    -------
    the table with those figures unknown, of status secret; a finding per figure hidden
    """
    table, found = table.copy(), list[Finding]()
    of = pd.Series("", index=inside) if groups is None else groups.reindex(inside).fillna("")
    seen = [of.index[(of == group).to_numpy()] for group in sorted(set(of))]
    for name, source in sources.items():
        if source.secrecy in (None, "none"):
            continue
        rule = rules[str(source.secrecy)]
        figures = [each for each in source.figures if f"{each}_status" in table.columns]
        units = table if source.units_of in table.columns else people()
        counted = units[source.units_of].reindex(table.index)
        masks = _secret(table, figures, counted, source, rule, seen)
        for figure in figures:
            mask = masks[figure] & table[figure].notna()
            table.loc[mask, figure] = float("nan")
            table.loc[mask, f"{figure}_status"] = contracts.SECRET
            if mask.any():
                key = f"indicators.{figure}"
                said = labels.text(key) if labels.has(key) else figure
                facts: dict[str, object] = {"column": said, "count": int(mask.sum()),
                                            "rule": rule.label}  # fmt: skip
                found.append(Finding("warning", "secret_by_rule", "indicators", name, facts))
    return table, found


def _secret(
    table: pd.DataFrame, figures: list[str], units: pd.Series, source: IndicatorSource,
    rule: SecrecyRule, seen: Sequence[pd.Index],
) -> pd.DataFrame:  # fmt: skip
    """Tell which cells are hidden, one column a figure; `seen` are the communes of each group."""
    everywhere = too_few(units, rule) | units.isna()
    parts, unknown = _parts(table, figures, units, source)
    row = unknown.copy()
    for each in parts:
        row |= _tells_few(parts[each], units, rule)
    more, of_units = _companions(row, everywhere, parts, units, rule, seen)
    row, everywhere = row | more, everywhere | of_units
    masks = pd.DataFrame(dict.fromkeys(figures, everywhere), index=table.index)
    for each in figures:
        if source.is_part(each) or source.kind(each) == "rate":
            masks[each] |= row
    return masks


def _parts(
    table: pd.DataFrame, figures: list[str], units: pd.Series, source: IndicatorSource
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the counts that a table tells, shares of the units among them, and where one lacks."""
    parts = pd.DataFrame(index=table.index)
    unknown = pd.Series(data=False, index=table.index)
    for each in figures:
        share = source.share_of_units(each) or _scale(table[each], source, each)
        if source.is_part(each):
            parts[each] = table[each]
            unknown |= table[each].isna()
        elif share is not None:
            parts[each] = table[each] / share * units
    return parts, unknown


def _scale(values: pd.Series, source: IndicatorSource, name: str) -> float | None:
    """Return the whole of a rate of a plain table that says not what it is of: the units, then.

    It is in percent where it exceeds 1.
    """
    values_of = source.values  # noqa: PD011  (a field of the settings)
    value, units = values_of.get(name), values_of.get(source.units_of)
    if value is None or value.nature != "rate" or value.of is not None:
        return None
    if value.weight is not None and (units is None or value.weight != units.column):
        return None
    return 100.0 if values.max() > 1 else 1.0


def _tells_few(counts: pd.Series, units: pd.Series, rule: SecrecyRule) -> pd.Series:
    left = units - counts
    return too_few(counts.round(_EXACT), rule) | too_few(left.where(left >= 0).round(_EXACT), rule)


def _companions(
    row: pd.Series, everywhere: pd.Series, parts: pd.DataFrame, units: pd.Series,
    rule: SecrecyRule, seen: Sequence[pd.Index],
) -> tuple[pd.Series, pd.Series]:  # fmt: skip
    """Choose the rows that hide with the secret ones, and those whose units hide too.

    In each group of communes that readers see (`seen`) with a secret row, that of the fewest
    units whose every count could be any of several: a total known elsewhere, less the rows shown,
    then leaves each secret as open as its rule. Where there is none the whole group hides; and
    where no group has one, one of all communes hides, or all do, for the sake of their total.
    """
    hidden = row | everywhere
    groups = [pd.Series(hidden.index.isin(codes), index=hidden.index) for codes in seen]
    inside = pd.Series(hidden.index.isin([code for codes in seen for code in codes]), hidden.index)
    fit = _any_of_several(parts, units, rule) & ~hidden & inside
    more = pd.Series(data=False, index=hidden.index)
    of_units = more.copy()
    for group in groups:
        if (hidden & group).any():
            added = _fewest(fit & group, units, group)
            more |= added
            if (everywhere & group).any():
                of_units |= added
    if (hidden & inside).any() and not (more & fit).any():
        more |= _fewest(fit, units, inside)
    if (everywhere & inside).any() and not (of_units & fit).any():
        of_units |= _fewest(more & fit, units, more)
    return more, of_units


def _any_of_several(parts: pd.DataFrame, units: pd.Series, rule: SecrecyRule) -> pd.Series:
    """Tell in which communes every count, and what it leaves, is twice as large as it needs be."""
    room = 2 * rule.threshold - 2
    fit = units >= 2 * room
    for each in parts:
        left = units - parts[each]  # negative where it is no part of the units
        fit &= (parts[each] >= room) & ((left >= room) | (left < 0))
    return fit


def _fewest(fit: pd.Series, units: pd.Series, without: pd.Series) -> pd.Series:
    """Return the commune of the fewest units among some, or `without` one all of others."""
    if not fit.any():
        return without
    code = units.index[(fit & (units == units[fit].min())).to_numpy()].min()
    return pd.Series(fit.index == code, index=fit.index)
