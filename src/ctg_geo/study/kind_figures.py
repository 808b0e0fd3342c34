"""The figures that kinds of communes are made of, each thing counted once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.parameters import Service
from ctg_geo.patterns import alike
from ctg_geo.study.report import Report
from ctg_geo.study.study import Study

__all__ = ["Figures", "figures_of"]

_SAME: Final = 0.99  # correlation from which two figures say the same thing
_SHARE: Final = "_share"  # ending of the indicators from 0 to 1, told in percent
_WORDS: Final = {
    "median_income": "income", "unemployed_of_15_64_share": "unemployment",
    "unemployment_share": "unemployment", "single_parent_share": "single_parents",
    "single_parents_share": "single_parents",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What communes are held against each other by.

    Parameters
    ----------
    table : by code_insee, the figures; shares in percent, times as many minutes as the limit
        where no place is reached
    ceiling : by code_insee, the services whose time is only that limit, in words
    titles : heading of each column of `table`
    words : what to call a low and a high figure
    left_out : services whose places are known in part only, which are in no column
    merged : of each figure that stands for others nearly the same, itself then the others
    """

    table: pd.DataFrame
    ceiling: pd.Series
    titles: dict[str, str]
    words: dict[tuple[str, str], str]
    left_out: tuple[str, ...]
    merged: tuple[tuple[str, ...], ...]

    def lines(self) -> list[str]:
        """Say what is counted once, what is left out and what a ceiling is."""
        said = [labels.text("kinds.merged", names=", ".join(each)) for each in self.merged]
        if self.left_out:
            said.append(labels.text("kinds.left_out", names=", ".join(self.left_out)))
        if (held := int((self.ceiling != "").sum())) > 0:
            said.append(labels.text("kinds.at_ceiling", count=held))
        return said


def figures_of(study: Study, reports: Sequence[Report]) -> Figures:
    """Gather access to each service, and each rate and median of the indicators."""
    codes = study.territory.inside
    partly = {each.key: study.config.service(each.key).label
              for each in reports if "few_located" in each.estimated}  # fmt: skip
    table, beyond = pd.DataFrame(index=codes), pd.DataFrame(index=codes)
    titles: dict[str, str] = {}
    words: dict[tuple[str, str], str] = {}
    for report in reports:
        if report.key in partly:
            continue
        service = study.config.service(report.key)
        name, values, out = _access(service, report)
        table[name], beyond[name] = values.reindex(codes), out.reindex(codes, fill_value=False)
        titles[name] = name[:1].upper() + name[1:]
        words |= _words(service, name)
    for name, title, values in _indicators(study):
        table[name], titles[name] = values.reindex(codes), title
    same = alike(table, above=_SAME)
    table = table.drop(columns=[each for others in same.values() for each in others])
    merged = tuple((titles[name], *(titles[each] for each in same[name])) for name in same)
    return Figures(table, _ceiling(beyond), titles, words, tuple(partly.values()), merged)


def _access(service: Service, report: Report) -> tuple[str, pd.Series, pd.Series]:
    """Return the name of a figure, its values, and where they are only the limit."""
    if service.judged_on_supply:
        access = report.communes["access_per_100"]
        name = labels.text("kinds.supply", label=service.label)
        return name, access, pd.Series(data=False, index=access.index)
    minutes = report.communes["nearest_min"]
    beyond = report.communes["nearest_status"] == contracts.BEYOND_LIMIT
    name = labels.text("kinds.time", label=service.label)
    return name, minutes.mask(beyond, service.max_min), beyond


def _ceiling(beyond: pd.DataFrame) -> pd.Series:
    """Name the columns of each commune that are only a limit."""
    names = [" ; ".join(beyond.columns[row]) for row in beyond.to_numpy(dtype=bool)]
    said = [each[:1].upper() + each[1:] for each in names]
    return pd.Series(said, index=beyond.index, dtype=object, name="ceiling")


def _words(service: Service, name: str) -> dict[tuple[str, str], str]:
    """Say low and high access to a service."""
    kind = "supply" if service.judged_on_supply else "time"
    return {
        (name, side): labels.text(f"kinds.{kind}_{side}", label=service.label)
        for side in ("low", "high")
    }


def _indicators(study: Study) -> list[tuple[str, str, pd.Series]]:
    """Return the rates and medians of the study: a short name, a heading, the values."""
    read, found = study.indicators, []
    for column, kind in read.kinds.items():
        if kind == "count":
            continue
        share = column.endswith(_SHARE)
        short = read.titles[column].split(",")[0].split(" (")[0]
        name = _WORDS.get(column, short)
        heading = labels.text("kinds.percent", name=short) if share else short
        key = f"kinds.indicator.{name}"
        title = labels.text(key) if labels.has(key) else heading[:1].upper() + heading[1:]
        values = read.table[column].astype(np.float64) * (100 if share else 1)
        found.append((name, title, values))
    return found
