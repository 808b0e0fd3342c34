"""Classes of gains and losses by size: one scale for all scenarios of a comparison."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.export._said import words
from ctg_geo.export.change_classes import change_bounds, change_class
from ctg_geo.export.drawn import Entry
from ctg_geo.export.palettes import CHANGES, FALLS, RISES
from ctg_geo.scenarios import Comparison, Outcome

__all__ = ["gain_classes"]

_EXACT: Final = 9  # decimals beyond which equal changes differ by the order of a sum


def gain_classes(made: Comparison, outcome: Outcome) -> tuple[pd.Series, tuple[Entry, ...]]:
    """Class the gains and losses of a scenario by size, the same bounds for both.

    The bounds are those of all scenarios together, so that a colour means as much on each map.

    Returns
    -------
    The key of the class of each commune, by code_insee, missing where it may not be told; and
    the classes that are there, from the largest gain to the largest loss.
    """
    worse = _worse(made)
    bounds = change_bounds(worse)
    kind = change_class(worse.loc[outcome.variant.key], bounds)
    sizes = labels.ranges(bounds) if bounds else {"1": ""}
    gains = [_entry("less", "gain", key, said, FALLS, len(sizes)) for key, said in sizes.items()]
    losses = [_entry("more", "loss", key, said, RISES, len(sizes)) for key, said in sizes.items()]
    same = Entry("same", CHANGES["same"], words("map_same"))
    there = set(kind.dropna())
    shown = tuple(each for each in (*reversed(gains), same, *losses)
                  if each.key in there or each.key == "same")  # fmt: skip
    return kind, shown


def _worse(made: Comparison) -> pd.Series:
    """Say by how much each commune fares worse, by scenario and code_insee.

    One that reaches a place at last, or no longer, counts as the largest change known.
    """
    moved = pd.concat({each.variant.key: each.moved for each in made.outcomes})
    better = -1.0 if made.followed == "access_per_100" else 1.0
    change = made.communes["change"].xs(made.followed, level="measure").reindex(moved.index)
    worse = better * change.round(_EXACT)
    largest = worse.abs().max()
    most = largest if np.isfinite(largest) and largest > 1 else 1.0
    newly = worse.isna() & moved.isin(["gain", "loss"])
    worse = worse.mask(newly & (moved == "gain"), -most)
    worse = worse.mask(newly & (moved == "loss"), most)
    return worse.mask(worse.isna() & (moved == "same"), 0.0)


def _entry(key: str, word: str, size: str, said: str, colours: Sequence[str], count: int) -> Entry:
    colour = CHANGES[key] if count == 1 else colours[int(size) - 1 - count]
    name = words(f"map_{word}")
    return Entry(f"{key}_{size}", colour, words("class", kind=name, size=said) if said else name)
