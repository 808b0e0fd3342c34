"""How a figure about families is drawn: five classes of communes, and what is not shown apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from ctg_geo import contracts, labels, territory
from ctg_geo.export.palettes import NO_DATA, OUTLINE
from ctg_geo.export.qml import categorised, fill, qml, rgb, symbol
from ctg_geo.export.qml_labels import NAMES_BELOW, place_labels
from ctg_geo.export.theme_setting import Context

if TYPE_CHECKING:
    from xml.etree import ElementTree as ET

    import numpy as np
    import numpy.typing as npt

__all__ = [
    "Classes",
    "class_colours",
    "classes_of",
    "drawn_classes",
    "known_words",
    "portrait_style",
]

_COUNT: Final = 5
# Light to dark, of even steps: no good nor bad, which a portrait does not say.
_COLOURS: Final = ("#dcebf5", "#a3c7e2", "#6da4cd", "#3c77a8", "#1f4e79")
_LINE: Final = "#7c8790"
_BRUSHES: Final = {
    contracts.SECRET: "diagonal_x", contracts.NOT_AVAILABLE: "dense6",
    contracts.NOT_APPLICABLE: "no",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Classes:
    """The classes of a figure: their keys from the lowest up, and the words of every key.

    What is not shown has the key of its status.
    """

    keys: tuple[str, ...]
    names: Mapping[str, str]


def classes_of(
    values: pd.Series, status: "npt.NDArray[np.object_]", *, decimals: int | None = None
) -> tuple[Classes, list[str]]:
    """Class communes into five groups of like number; a value on a bound is above it.

    Parameters
    ----------
    values : as told, missing where they are not
    status : of each, one of `contracts`
    decimals : of the bounds as told, more where they would read alike; by size if None

    Returns
    -------
    the classes; the key of each value: a number, or the status of what is not shown
    """
    bounds = territory.quantile_bounds(values, _COUNT)
    numbers = territory.by_bounds(values, bounds, unknown="")
    keys = [number or str(word) for number, word in zip(numbers, status, strict=True)]
    names = labels.ranges(bounds, decimals=decimals) if values.notna().any() else {}
    unshown = {each: labels.text(f"portrait.sign_{each}") for each in _BRUSHES}
    return Classes(tuple(names), {**names, **unshown}), keys


def class_colours(classes: Classes) -> dict[str, str]:
    """Return the colour of each class by its key, from the lowest up, light to dark."""
    last = max(1, len(classes.keys) - 1)
    return {
        key: _COLOURS[round(number * (len(_COLOURS) - 1) / last)]
        for number, key in enumerate(classes.keys)
    }


def drawn_classes(context: Context, name: str) -> tuple[Classes, pd.Series]:
    """Class the communes by an indicator: the classes, and the key of each by code_insee."""
    status = context.figures[f"{name}_status"]
    values, decimals = context.shown(name), context.decimals(name)
    found, keys = classes_of(values, status.to_numpy(), decimals=decimals)
    return found, pd.Series(keys, index=status.index, dtype=object)


def known_words(context: Context, name: str) -> str:
    """Say of how many communes an indicator is known, and its median."""
    values = context.shown(name)
    median = labels.number(float(values.median()), context.decimals(name))
    return labels.text("themes.portrait_known", count=int(values.notna().sum()), median=median)


def portrait_style(
    attribute: str, classes: Classes, titles: Mapping[str, str], *, told: Sequence[str]
) -> str:
    """Return the QML of a layer of the portrait.

    Parameters
    ----------
    attribute : column of the keys of classes
    titles : by column of the layer
    told : columns that the map tip tells
    """
    entries: list[tuple[str, str, ET.Element]] = []
    for key, colour in class_colours(classes).items():
        drawn = fill(rgb(colour), rgb(OUTLINE))
        entries.append((key, classes.names[key], symbol(str(len(entries)), "fill", drawn)))
    for status, brush in _BRUSHES.items():
        drawn = fill(rgb(NO_DATA), rgb(_LINE), brush=brush)
        said = labels.text(f"portrait.sign_{status}")
        entries.append((status, said, symbol(str(len(entries)), "fill", drawn)))
    names = place_labels(closer_than=NAMES_BELOW)
    return qml(categorised(attribute, entries), titles, labeling=names, told=told)
