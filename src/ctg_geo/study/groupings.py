"""The groups of a study made from its indicators or its QPV, and what they are called."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ctg_geo import labels, territory
from ctg_geo.config.grouping import OTHER, QPV, UNKNOWN, Grouping
from ctg_geo.errors import ConfigError
from ctg_geo.quality import Finding
from ctg_geo.study.indicators import Indicators
from ctg_geo.territory import Quarters

__all__ = ["Groups", "by_indicator", "by_quarter", "group_titles", "place_groups"]

_SHARE = "_share"


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The group of each commune, or of each place of demand, and the names of groups."""

    of: pd.Series
    names: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


def by_indicator(
    key: str, grouping: Grouping, indicators: Indicators, inside: pd.Index, *, file: str
) -> Groups:
    """Group communes by a figure; those without it are in a group of their own, and counted.

    Parameters
    ----------
    key, grouping : as declared
    inside : the communes of the territory, whose quantiles are taken
    file : the study's file, for errors

    Raises
    ------
    ConfigError
        If the study has no such indicator, or no commune of the territory has a figure.
    """
    figure = str(grouping.indicator)
    if figure not in indicators.titles:
        known = sorted(indicators.titles)
        raise ConfigError("no_indicator", file=file, name=key, value=figure, known=known)
    values = indicators.table[figure]
    if values[inside].isna().all():
        raise ConfigError("indicator_empty", file=file, name=key, value=figure)
    if grouping.classes:
        of = territory.by_values(values, grouping.classes, unknown=UNKNOWN)
        names: dict[str, str] = {each: each for each in grouping.classes}
    else:
        bounds = grouping.bounds
        if grouping.quantiles is not None:
            bounds = territory.quantile_bounds(values[inside], grouping.quantiles)
        of = territory.by_bounds(values, bounds, unknown=UNKNOWN)
        names = labels.ranges(bounds, share=figure.endswith(_SHARE))
    names[UNKNOWN] = labels.text("words.group_unknown")
    lost = [str(code) for code in inside[(of[inside] == UNKNOWN).to_numpy()]]
    facts: dict[str, object] = {"count": len(lost), "codes": lost, "label": grouping.label}
    said = [Finding("warning", "group_unknown", "communes", key, facts)] if lost else []
    return Groups(of, {**names, **grouping.names}, tuple(said))


def by_quarter(grouping: Grouping, quarters: Quarters) -> Groups:
    """Group the places where people live: in a QPV, or not.

    A place whose people are known at the point of their commune only is in no QPV that can
    be told: in a group of its own.
    """
    assert quarters.homes is not None, "checked with the configuration"
    names = {QPV: labels.text("words.group_qpv"), OTHER: labels.text("words.group_other"),
             UNKNOWN: labels.text("words.group_unknown")}  # fmt: skip
    return Groups(_grouped(quarters.homes).fillna(UNKNOWN), {**names, **grouping.names})


def place_groups(quarters: Quarters) -> pd.Series:
    """Return the group that each place that serves lies in; missing where it cannot be told."""
    return _grouped(quarters.places)


def _grouped(quarter: pd.Series) -> pd.Series:
    found: pd.Series = (quarter != "").map({True: QPV, False: OTHER}).astype(object)
    return found.where(quarter.notna(), None)


def group_titles(groupings: Mapping[str, Grouping]) -> dict[str, str]:
    """Return what to call each grouping of communes."""
    return {name: each.label for name, each in groupings.items() if each.kind != "qpv"}
