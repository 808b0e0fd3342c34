"""Attributes of graphs: one value or a list, also where a file wrote them as text."""

import ast
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

__all__ = ["items", "name_of", "number", "word"]


def name_of(data: Mapping[str, Any]) -> str:
    """Return the name of a street, else its number; several are joined."""
    names = items(data.get("name")) or items(data.get("ref"))
    return " / ".join(str(name) for name in names)


def items(value: object) -> list[object]:
    """Return the items of an attribute: one, several (also written as text), or none."""
    if value is None or value != value or value == "":  # noqa: PLR0124  (NaN)
        return []
    if isinstance(value, str) and value.startswith("[") and value.endswith("]"):
        try:
            value = ast.literal_eval(value)
        except (SyntaxError, ValueError):
            return [value]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return list(value)
    return [value]


def word(value: object) -> str:
    """Return the first item of an attribute as text, empty where there is none."""
    found = items(value)
    return str(found[0]) if found else ""


def number(value: object) -> float:
    """Return a number, NaN for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | np.number):
        return math.nan
    try:
        return float(value)
    except ValueError:
        return math.nan
