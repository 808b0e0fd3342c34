"""What a column of results is: its unit, the column that says what it is worth, its meaning."""

import re
from collections.abc import Mapping
from typing import Final

import pandas as pd

from ctg_geo import labels

__all__ = ["holds_numbers", "meaning_of", "status_of", "unit_of"]

_UNIT: Final = re.compile(r"\(([^()]+)\)")
_PLAIN: Final = frozenset(("rank", "class", "population", "theme_class"))  # worth what they are


def holds_numbers(column: pd.Series) -> bool:
    """Tell whether a column is of numbers, be they all unknown: texts are blank, not missing."""
    return column.dtype.kind in "fiu" or bool(column.isna().all())


def unit_of(name: str, title: str) -> str:
    """Return the unit of a column of numbers: its own, or what its title says in brackets.

    Examples
    --------
    >>> unit_of("nearest_min", "Temps au lieu le plus proche (min)")
    'min'
    """
    if labels.has(f"legend.unit.{name}"):
        return labels.text(f"legend.unit.{name}")
    found = _UNIT.findall(title)
    return found[-1].split(",")[0] if found else labels.text("legend.plain_number")


def status_of(name: str, titles: Mapping[str, str]) -> str:
    """Return the column that says what the figures of another are worth, "" if there is none."""
    own = re.sub(r"^nearest_min", "nearest_status", name)
    people = re.sub(r"number$", "status", name)
    last = () if name in _PLAIN else ("result_status",)
    told = (own, people, f"{name}_status", *last)
    return next((each for each in told if each != name and each in titles), "")


def meaning_of(name: str, *, numbers: bool) -> str:
    """Say what a column means; what is not in the legend is an indicator, a group or a mode."""
    mode = re.sub(r"^(nearest_min|nearest_status)_.*", r"\1_mode", name)
    care = re.sub(r"^(gap_distance|gap_saturation|places_to_add)_.*", r"\1_care", name)
    access = re.sub(r"^access_.+_per_100$", "access_care", name)
    indicator = re.sub(r"^.*?(_status|_class|)(?:_label)?$", r"indicator\1", name)
    plain = "indicator" if numbers else "group"
    for each in (name, mode, care, access, indicator if indicator != "indicator" else plain):
        if labels.has(f"legend.meaning.{each}"):
            return labels.text(f"legend.meaning.{each}")
    return labels.text("legend.meaning.group")
