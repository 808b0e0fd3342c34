"""Classes of a change by its sign and size, the same bounds for what falls and what rises."""

import math
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.export.drawn import Entry
from ctg_geo.export.palettes import CHANGES, FALLS, RISES

__all__ = ["NOTHING", "change_bounds", "change_class", "change_entries", "change_kind"]

NOTHING: Final = 0.05  # a change that one decimal shows as none
_STEPS: Final = (1.0, 2.0, 5.0, 10.0)


def change_kind(change: pd.Series) -> pd.Series:
    """Tell where less or more is missing; missing where the change is not known."""
    kind = pd.Series("same", index=change.index, dtype=object)
    kind = kind.mask(change < -NOTHING, "less").mask(change > NOTHING, "more")
    return kind.where(change.notna())


def change_bounds(change: pd.Series) -> tuple[float, ...]:
    """Return at most two round sizes (1, 2 or 5 times a power of ten) that part the changes.

    They are near the thirds of the sizes of the communes that changed; none where all changed
    by about as much.
    """
    sizes = change.abs()
    sizes = sizes[sizes > NOTHING]
    if sizes.empty:
        return ()
    thirds = {_round(float(each)) for each in np.quantile(sizes, [1 / 3, 2 / 3])}
    return tuple(sorted(each for each in thirds if sizes.min() < each <= sizes.max()))


def change_class(change: pd.Series, bounds: tuple[float, ...]) -> pd.Series:
    """Return the sign of each change and the place of its size, 1 the smallest ("less_2").

    A bound belongs to the class above it. "same" where nothing changed, missing if unknown.
    """
    size = np.searchsorted(bounds, change.abs().fillna(0), side="right") + 1
    kind = change_kind(change)
    named = kind + "_" + pd.Series(size, index=change.index).astype(str)
    return named.where(kind != "same", "same").where(kind.notna())


def change_entries(bounds: tuple[float, ...]) -> tuple[Entry, ...]:
    """Return the classes from the largest fall to the largest rise, with colour and words."""
    sizes = labels.ranges(bounds) if bounds else {"1": ""}
    fall = [_entry("less", size, said, FALLS, len(sizes)) for size, said in sizes.items()]
    rise = [_entry("more", size, said, RISES, len(sizes)) for size, said in sizes.items()]
    same = Entry("same", CHANGES["same"], labels.text("evolution.kind.same"))
    return (*reversed(fall), same, *rise)


def _entry(kind: str, size: str, said: str, colours: tuple[str, ...], count: int) -> Entry:
    colour = CHANGES[kind] if count == 1 else colours[int(size) - 1 - count]
    name = labels.text(f"evolution.kind.{kind}")
    told = labels.text("evolution.class", kind=name, size=said) if said else name
    return Entry(f"{kind}_{size}", colour, told)


def _round(value: float) -> float:
    """Return the nearest of 1, 2, 5 and their tens, by ratio."""
    power = 10.0 ** math.floor(math.log10(value))
    step = min(_STEPS, key=lambda each: abs(math.log(value / power / each)))
    return round(step * power, 6)
