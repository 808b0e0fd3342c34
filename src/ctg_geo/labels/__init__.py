"""Every word and number format that a planner reads, by key and by language.

`fr.toml` is what people read; `en.toml` holds the English of error messages,
for `str(error)`. Nothing else in the package contains a French sentence.
"""

import math
import string
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Literal

from ctg_geo.labels.agreement import AGREED, one_of, reads_singular
from ctg_geo.labels.holding import held
from ctg_geo.labels.reading_back import facts_of
from ctg_geo.labels.rounding import rounded

__all__ = [
    "NBSP",
    "NNBSP",
    "Lang",
    "has",
    "held",
    "number",
    "one_of",
    "percent",
    "ranges",
    "retold",
    "rounded",
    "section",
    "spaced",
    "text",
    "typeset",
]

Lang = Literal["fr", "en"]

NNBSP = "\u202f"  # narrow no-break space: thousands, and before ; ! ? %
NBSP = "\u00a0"  # no-break space: before a colon, inside guillemets

_LISTED = 8
_LARGE = 100  # from which a bound is told without decimals


@cache
def _table(lang: Lang) -> dict[str, Any]:
    content = files(__package__).joinpath(f"{lang}.toml").read_text(encoding="utf-8")
    return tomllib.loads(typeset(content) if lang == "fr" else content)


def typeset(content: str) -> str:
    """Put the no-break spaces and apostrophes of French print: in sentences, never in names."""
    return spaced(content).replace("'", "’")


def spaced(content: str) -> str:
    """Put the no-break spaces of French print, which change no name."""
    for mark in ";!?%":
        content = content.replace(f" {mark}", f"{NNBSP}{mark}")
    return content.replace(" :", f"{NBSP}:").replace("« ", f"«{NBSP}").replace(" »", f"{NBSP}»")


def _lookup(key: str, lang: Lang) -> object:
    node: object = _table(lang)
    for part in key.split("."):
        if not isinstance(node, Mapping) or part not in node:
            return None
        node = node[part]
    return node


def has(key: str, lang: Lang = "fr") -> bool:
    """Tell whether a text exists for `key`."""
    return isinstance(_lookup(key, lang), str)


def section(key: str, lang: Lang = "fr") -> dict[str, str]:
    """Return the texts under `key` as they stand, for a page that fills them itself.

    Raises
    ------
    KeyError
        If there are none: a bug, never user input.
    """
    found = _lookup(key, lang)
    if not isinstance(found, Mapping):
        raise KeyError(f"{lang}.toml has no section {key!r}")
    return {str(name): str(each) for name, each in found.items()}


def text(key: str, /, lang: Lang = "fr", **facts: object) -> str:
    r"""Fill the text of `key` with `facts`, numbers and lists written as the language does.

    Parameters
    ----------
    key : dotted path into the language file
    lang : "fr" or "en"
    **facts : values of the placeholders
        `{x:1}` writes x with one decimal, `{x:%}` as percent. A count takes its noun with it:
        `{x:~lieu|lieux}`, or `{x:1~unit}`, the noun being the fact `unit`, given in the plural;
        `{x:?manque|manquent}` writes the word alone. What is printed decides: in French, less
        than 2 is singular.

    Raises
    ------
    KeyError
        If the language has no such text, or a placeholder has no fact: a bug, never user input.

    Examples
    --------
    >>> text("units.minutes", value=7.26)
    '7,3\xa0min'
    >>> text("map.missing", missing=1.4, unit="places")
    'Il manque 1 place'
    """
    template = _lookup(key, lang)
    if not isinstance(template, str):
        raise KeyError(f"{lang}.toml has no text for {key!r}")
    return _Formatter(lang, facts).vformat(template, (), facts)


def retold(key: str, printed: str, /, **facts: object) -> str:
    r"""Fill the text of `key` again, as a text of it was printed in French but for some facts.

    Parameters
    ----------
    key : dotted path
    printed : the text as it was printed; returned as it is where it is none of `key`
    **facts : what is told otherwise

    Examples
    --------
    >>> retold("gaps.why_rounded",
    ...        "Arrondies une à une, ces parts font 3 places, et non 4.", whole="5")
    'Arrondies une à une, ces parts font 3 places, et non 5.'
    """
    template = _lookup(key, "fr")
    told = facts_of(template, printed) if isinstance(template, str) else None
    return printed if told is None else text(key, "fr", **{**told, **facts})


def number(value: float, decimals: int = 0, lang: Lang = "fr") -> str:
    r"""Write a number: decimal comma and narrow no-break spaces in French.

    Parameters
    ----------
    value : any; rounded by the one rule, see `rounded`
    decimals : digits after the comma, zeros kept

    Examples
    --------
    >>> number(226240)
    '226\u202f240'
    >>> number(-3.14159, 2)
    '−3,14'
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    plain = f"{abs(rounded(value, decimals)):,.{decimals}f}"
    sign = "−" if value < 0 and float(plain.replace(",", "")) != 0 else ""
    if lang == "en":
        return ("-" if sign else "") + plain
    return sign + plain.replace(",", NNBSP).replace(".", ",")


def percent(share: float, decimals: int = 0, lang: Lang = "fr") -> str:
    """Write a share (0-1) as percent.

    Parameters
    ----------
    share : 0 to 1
    decimals : of the percentage
    """
    return number(100 * share, decimals, lang) + (f"{NNBSP}%" if lang == "fr" else "%")


def ranges(
    bounds: Sequence[float], *, share: bool = False, decimals: int | None = None
) -> dict[str, str]:
    r"""Name the ranges between bounds, "1" for the lowest; a bound belongs to the one above it.

    With `share` the bounds, from 0 to 1, are told in percent. `decimals` are those of the
    bounds, more where two would read alike; by the size of each if None.

    Parameters
    ----------
    bounds : at least one, rising

    Examples
    --------
    >>> ranges((0.5, 0.75), share=True)["2"]
    'de 50\u202f% à moins de 75\u202f%'
    """
    if not bounds:
        return {"1": text("words.whole_range")}
    said = [_bound(each, share=share) for each in bounds]
    if decimals is not None:
        said = _alike(bounds, decimals)
    names = [text("words.under", high=said[0])]
    names += [text("words.from_to", low=low, high=high) for low, high in pairwise(said)]
    names.append(text("words.from", low=said[-1]))
    return {str(place): name for place, name in enumerate(names, start=1)}


def _alike(bounds: Sequence[float], decimals: int) -> list[str]:
    """Write bounds with the same decimals, as many as part them."""
    said = [number(each, decimals) for each in bounds]
    return said if len(set(said)) == len(set(bounds)) else _alike(bounds, decimals + 1)


def _bound(value: float, *, share: bool) -> str:
    told = round(100 * value if share else value, 6)
    decimals = 0 if abs(told) >= _LARGE or told.is_integer() else 1 if share else 2
    return percent(value, decimals) if share else number(value, decimals)


class _Formatter(string.Formatter):
    def __init__(self, lang: Lang, facts: Mapping[str, object]) -> None:
        super().__init__()
        self.lang = lang
        self.facts = facts

    def format_field(self, value: object, format_spec: str) -> str:
        agreed = AGREED.search(format_spec)
        if agreed is None:
            return self._said(value, format_spec)
        digits, words = format_spec[: agreed.start()], format_spec[agreed.end() :]
        said = self._said(value, digits)
        one, many = self._nouns(words)
        noun = one if reads_singular(said, french=self.lang == "fr") else many
        return noun if agreed[0] == "?" else f"{said} {noun}"

    def _nouns(self, words: str) -> tuple[str, str]:
        """Return a singular and a plural: as written, or of the noun that a fact gives."""
        one, bar, many = words.partition("|")
        if bar:
            return one, many
        noun = str(self.facts[words])
        return one_of(noun), noun

    def _said(self, value: object, spec: str) -> str:
        if isinstance(value, bool | str) or value is None:
            return str(value)
        if isinstance(value, int | float):
            return self._number(value, spec)
        if isinstance(value, Iterable):
            return self._listed(list(value))
        return str(value)

    def _number(self, value: float, spec: str) -> str:
        if spec == "%":
            return percent(value, 0, self.lang)
        if spec == "raw":
            return str(value)
        return number(
            value, int(spec) if spec else (0 if float(value).is_integer() else 1), self.lang
        )

    def _listed(self, items: list[object]) -> str:
        shown = ", ".join(str(item) for item in items[:_LISTED])
        more = len(items) - _LISTED
        if more <= 0:
            return shown
        others = "autre" if more == 1 else "autres"
        return f"{shown} … " + (f"et {more} {others}" if self.lang == "fr" else f"and {more} more")
