"""Map classes, computed once and stored, so that every output draws the same map."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.gap import MET
from ctg_geo.parameters import Service, Theme

__all__ = ["CAUSES", "MapClass", "class_of", "map_classes", "people_class", "people_classes"]


@dataclass(frozen=True, slots=True)
class _Causes:
    nothing_near: str = "nothing_near"
    too_shared: str = "too_shared"
    no_supply: str = "no_supply"
    too_far: str = "too_far"
    no_route: str = "no_route"
    met: str = "met"
    no_norm: str = "no_norm"


CAUSES: Final = _Causes()

_SHARES = (0.5, 0.8, 1.0, 1.25)  # of the norm: bounds of the classes


@dataclass(frozen=True, slots=True)
class MapClass:
    """One class: values from `low` to `high`; `level` < 0 is below the norm, > 0 above.

    Without a norm all levels are 0.

    `label` is a key of the labels. For supply the lower bound belongs to the class; for
    time the upper one does (`t <= bound`).
    """

    number: int
    label: str
    low: float
    high: float
    level: int


def map_classes(service: Service) -> tuple[MapClass, ...]:
    """Return the classes of a service, the worst first."""
    if service.per_100 is not None:
        return _supply_classes(service.per_100)
    return _time_classes(service)


def _supply_classes(per_100: float) -> tuple[MapClass, ...]:
    bounds = [per_100 * share for share in _SHARES]
    edges = [0.0, *bounds, float("inf")]
    found = [MapClass(0, "nothing", 0.0, 0.0, -4)]
    for number, (low, high) in enumerate(pairwise(edges), start=1):
        label = "first" if number == 1 else "last" if np.isinf(high) else "between"
        level = number - len(_SHARES) if number < len(_SHARES) else number - len(_SHARES) + 1
        found.append(MapClass(number, label, low, high, level))
    return tuple(found)


def _time_classes(service: Service) -> tuple[MapClass, ...]:
    norm = service.within_min if service.judged else 0.0
    at_norm = {norm} if service.judged else set()
    bounds = sorted({*service.time_classes_min, *at_norm, service.max_min}, reverse=True)
    lows = [*bounds[1:], 0.0]
    found = [MapClass(0, "beyond", service.max_min, float("inf"), -4)]
    above = sum(bound > norm for bound in bounds)
    for number, (low, high) in enumerate(zip(lows, bounds, strict=True), start=1):
        level = number - above - 1 if high > norm else number - above
        label = "up_to" if low == 0 else "minutes"
        found.append(MapClass(number, label, low, high, level))
    if not service.judged:
        found = [replace(each, level=0) for each in found]
    return tuple(found)


def class_of(table: pd.DataFrame, service: Service) -> pd.Series:
    """Return the number of the class of each commune (see `map_classes`)."""
    classes = map_classes(service)
    number = np.zeros(len(table), dtype=np.int64)
    if service.judged_on_supply:
        value = table["access_per_100"].to_numpy(np.float64)
        for each in classes[1:]:
            number[(value >= each.low * MET) & (value > 0)] = each.number
    else:
        value = table["nearest_min"].to_numpy(np.float64)
        for each in classes[1:]:
            number[value <= each.high] = each.number
    return pd.Series(number, index=table.index, name="class")


def people_classes(theme: Theme) -> tuple[MapClass, ...]:
    """Return the classes of people that the convention prints for a theme, the largest first.

    A value on a bound belongs to the class above it; the last class is open.
    """
    edges = [*theme.classes, float("inf")]
    labels = ["people_last" if np.isinf(high) else "people" for high in edges[1:]]
    found = [
        MapClass(number, label, low, high, 0)
        for number, (label, (low, high)) in enumerate(zip(labels, pairwise(edges), strict=True))
    ]
    return tuple(reversed(found))


def people_class(people: pd.Series, theme: Theme) -> pd.Series:
    """Return the number of the class of each commune; missing where people are, or no classes.

    Examples
    --------
    >>> theme = Theme(label="x", source="s", classes=(0, 50, 100))
    >>> people_class(pd.Series([0, 49.9, 50, 100, None]), theme).tolist()
    [0, 0, 1, 2, <NA>]
    """
    at = np.searchsorted(theme.classes, people.to_numpy(np.float64), side="right") - 1
    number = pd.Series(at, index=people.index, name="class").astype("Int64")
    return number.mask(people.isna() | (number < 0))
