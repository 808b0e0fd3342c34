"""Indicators under a rule: a rate on too few people is secret, and so is one that tells too few."""

from collections.abc import Callable, Mapping

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
    people: Callable[[], pd.DataFrame],
) -> tuple[pd.DataFrame, list[Finding]]:  # fmt: skip
    """Hide the indicators that a rule makes secret, as soon as they are read.

    All figures of a table are secret in a commune where its units (households behind an income,
    families, active people) are too few, or unknown. Every other count of the table, and every
    share of the units, is secret too where it tells too few people, or leaves too few others.
    Counts and rates of a row hide together: where one is secret or not available, none of the
    row is told but the units, so that no sum or share gives it back. One commune more, that of
    the fewest units, hides its row with them, so that a total known elsewhere does not either.

    Parameters
    ----------
    table : by code_insee, figures and their status
    sources : as configured; those with `secrecy` are under that rule
    rules : by name
    people : gives the population by code_insee, secrets already hidden; asked only if the units
        of a table are one of its figures

    Returns
    -------
    the table with those figures unknown, of status secret; a finding per figure hidden
    """
    table, found = table.copy(), list[Finding]()
    for name, source in sources.items():
        if source.secrecy in (None, "none"):
            continue
        rule = rules[str(source.secrecy)]
        figures = [each for each in source.figures if f"{each}_status" in table.columns]
        units = table if source.units_of in table.columns else people()
        masks = _secret(table, figures, units[source.units_of].reindex(table.index), source, rule)
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
    rule: SecrecyRule,
) -> pd.DataFrame:  # fmt: skip
    """Tell which cells are hidden, one column a figure."""
    everywhere = too_few(units, rule) | units.isna()
    masks = pd.DataFrame(dict.fromkeys(figures, everywhere), index=table.index)
    counts = [each for each in figures if source.is_part(each)]
    together = [each for each in figures if each in counts or source.kind(each) == "rate"]
    row = pd.Series(data=False, index=table.index)
    for each in counts:
        row |= table[each].isna() | _tells_few(table[each], units, rule)
    for each in together:
        share = source.share_of_units(each)
        if share is not None:
            row |= _tells_few(table[each] / share * units, units, rule)
    row = _with_one_more(row | everywhere, row, units)
    for each in together:
        masks[each] |= row
    return masks


def _tells_few(counts: pd.Series, units: pd.Series, rule: SecrecyRule) -> pd.Series:
    left = units - counts
    return too_few(counts.round(_EXACT), rule) | too_few(left.where(left >= 0).round(_EXACT), rule)


def _with_one_more(hidden: pd.Series, secret: pd.Series, units: pd.Series) -> pd.Series:
    """Hide the row of the fewest units beside those that are secret, if there are any."""
    others = units[~hidden & units.notna()]
    if not secret.any() or others.empty:
        return hidden
    more = others.index[others.to_numpy() == others.min()].min()
    return hidden | pd.Series(hidden.index == more, index=hidden.index)
