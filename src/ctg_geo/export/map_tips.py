"""What QGIS tells of a feature under the pointer: what is known of it, written as French does."""

from collections.abc import Mapping, Sequence
from typing import Final

from ctg_geo import labels

__all__ = ["map_tip"]

# Counts and lengths, of which nobody reads decimals; other numbers have one at most.
_WHOLE: Final = frozenset((
    "capacity", "communes", "concerned", "demand", "gained", "length_m", "missing", "number",
    "people", "population", "price", "size",
))  # fmt: skip
_DECIMAL: Final = r"^-?[0-9]*[.][0-9]+(e-?[0-9]+)?$"


def map_tip(titles: Mapping[str, str], headline: str, told: Sequence[str]) -> str:
    """Return the template of a map tip: a title, then a line for each column told.

    What is not known has no line, and no number is made of it; a feature without a name has no
    title.

    Parameters
    ----------
    titles : title of each column of the layer
    headline : column that names a feature
    told : columns, in order; those that the layer lacks are left out
    """
    name = _text(headline)
    head = f"CASE WHEN {name} = '' THEN '' ELSE concat('<b>', {name}, '</b><br/>') END"
    lines = [_line(each, titles[each]) for each in told if each in titles]
    return "".join(f"[% {each} %]" for each in (head, *lines))


def _line(column: str, title: str) -> str:
    start = _quoted(f"{title}{labels.NBSP}: ")
    return (f"CASE WHEN {_text(column)} = '' THEN '' "
            f"ELSE concat({start}, {_said(column)}, '<br/>') END")  # fmt: skip


def _said(column: str) -> str:
    """Write a value: a number with decimals in French, anything else as it is."""
    number = f"format_number(\"{column}\", {0 if column in _WHOLE else 1}, 'fr')"
    few = _quoted(labels.text("sheets.less_than_one"))
    if column in _WHOLE:
        number = f'CASE WHEN "{column}" > 0 AND "{column}" < 0.5 THEN {few} ELSE {number} END'
    return (f"CASE WHEN regexp_match({_text(column)}, {_quoted(_DECIMAL)}) > 0 THEN {number} "
            f"ELSE {_text(column)} END")  # fmt: skip


def _text(column: str) -> str:
    """Return a value as text, '' where there is none."""
    return f"coalesce(to_string(\"{column}\"), '')"


def _quoted(said: str) -> str:
    doubled = said.replace("'", "''")
    return f"'{doubled}'"
