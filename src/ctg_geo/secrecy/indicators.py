"""Indicators under a rule: a rate on too few people is secret, and so is one that tells too few."""

from collections.abc import Callable, Mapping

import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.config.people_source import IndicatorSource
from ctg_geo.parameters import SecrecyRule
from ctg_geo.quality import Finding
from ctg_geo.secrecy.primary import too_few

__all__ = ["hide_indicators"]

_SHARE = "_share"  # ends the name of a rate of 0 to 1
_EXACT = 6  # decimals of a count made of a share


def hide_indicators(
    table: pd.DataFrame, sources: Mapping[str, IndicatorSource], rules: Mapping[str, SecrecyRule],
    people: Callable[[], pd.DataFrame],
) -> tuple[pd.DataFrame, list[Finding]]:  # fmt: skip
    """Hide the indicators that a rule makes secret, as soon as they are read.

    All figures of a table are secret in a commune where its units (households behind an income,
    families, active people) are too few, or unknown. A share, or a count that is a part of the
    units, is secret too where it tells too few people, or leaves too few others. Where the source
    masks such a count, whatever it is, the shares of its table are secret.

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
        masks = _secret(table[figures], units[source.units_of].reindex(table.index), source, rule)
        masked = [table[f"{each}_status"] == contracts.SECRET for each in source.counts_of
                  if f"{each}_status" in table.columns]  # fmt: skip
        for share in [each for each in figures if each.endswith(_SHARE)]:
            for count in masked:  # the share times the units, which may be shown, tells it
                masks[share] |= count
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
    figures: pd.DataFrame, units: pd.Series, source: IndicatorSource, rule: SecrecyRule
) -> pd.DataFrame:
    everywhere = too_few(units, rule) | units.isna()
    masks = pd.DataFrame(dict.fromkeys(figures.columns, everywhere), index=figures.index)
    told = {str(name): figures[name] * units for name in figures if str(name).endswith(_SHARE)}
    told |= {name: figures[name] for name in source.counts_of if name in figures.columns}
    for name, counts in told.items():
        masks[name] |= _few(counts, rule) | _few(units - counts, rule)
    return masks


def _few(counts: pd.Series, rule: SecrecyRule) -> pd.Series:
    return too_few(counts.round(_EXACT), rule)
