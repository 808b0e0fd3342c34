"""The classes of a style as the table fills them: read back from the two, so they cannot differ."""

from xml.etree import ElementTree as ET

import pandas as pd

from ctg_geo.export.layer import ClassWords, Layer, NamedStyle

__all__ = ["named_style"]


def named_style(layer: Layer, title: str, style: str, *, key: str = "") -> NamedStyle:
    """Return a style with the words of its classes, and how many features each draws.

    Parameters
    ----------
    layer : the table drawn
    title : of the style, or "" to go by that of the layer
    style : QML; classes are those of a column, or there are none
    key : names the style; the name of the layer if it is ""
    """
    renderer = ET.fromstring(style).find("renderer-v2")  # noqa: S314  (written by this package)
    classes: tuple[ClassWords, ...] = ()
    column = "" if renderer is None else renderer.get("attr", "")
    if renderer is not None and column in layer.table.columns:
        entries = [(each.get("value", ""), each.get("label", ""))
                   for each in renderer.iter("category")]  # fmt: skip
        counts = _keys(layer.table[column], {value for value, _ in entries}).value_counts()
        classes = tuple(ClassWords(said, said, int(counts.get(value, 0)))
                        for value, said in entries)  # fmt: skip
    return NamedStyle(layer.name, key or layer.name, title, style, classes)


def _keys(values: pd.Series, known: set[str]) -> pd.Series:
    """Return the key of the class of each feature, "" where it has none of its own."""
    keys = [
        "" if pd.isna(each) else f"{each:g}" if isinstance(each, float) else str(each)
        for each in values
    ]
    said = pd.Series(keys, index=values.index, dtype=object)
    return said.where(said.isin(known), "")
