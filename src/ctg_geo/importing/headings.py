"""What a title of a column means, by the words colleagues use for it."""

import difflib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from ctg_geo.words import fold

__all__ = ["PERSON", "REPORT", "Likeness", "fields_of", "known_title"]

Likeness = Literal["exact", "within", "near"]

PERSON: Final = "person"
REPORT: Final = "report_"
_NEAR: Final = 0.86
_SHORTEST: Final = 5  # a title this short is like many others
_LONGEST: Final = 80


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    content = files(__package__).joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


@cache
def known_title(title: str) -> bool:
    """Tell whether a cell is a title of a column, to the letter."""
    said = fold(title)
    return any(said in words["exact"] for words in _table().values())


@cache
def fields_of(title: str) -> dict[str, Likeness]:
    """Return the fields a title may mean, and how much it is like their usual titles.

    Examples
    --------
    >>> fields_of("Capacité agréée"), fields_of("Nb total de places 0-3 ans")
    ({'capacity': 'exact'}, {'capacity': 'within'})
    """
    said = fold(title)
    if not said or len(said) > _LONGEST:
        return {}
    found: dict[str, Likeness] = {}
    for field, words in _table().items():
        if said in words["exact"]:
            found[field] = "exact"
        elif any(_has(said, each) for each in words.get("within", ())):
            found[field] = "within"
        elif len(said) >= _SHORTEST and difflib.get_close_matches(
            said, words["exact"], n=1, cutoff=_NEAR
        ):
            found[field] = "near"
    return found


def _has(said: str, words: str) -> bool:
    """Tell whether the words stand in a title; the last one may be cut ("itineran")."""
    return f" {words}" in f" {said}" if len(words) > _SHORTEST else f" {words} " in f" {said} "
