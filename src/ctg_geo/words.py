"""Words compared as people mean them: without accents, case or signs."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["fold", "legible", "plain", "unaccented"]

_ILLEGIBLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_LONGEST: Final = 2000  # of a cell that may be a word


def unaccented(text: str) -> str:
    """Write text without accents, other signs in their plainest form.

    Examples
    --------
    >>> unaccented("À l’été")
    'A l’ete'
    """
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Write text in small letters and digits, one space between words.

    Examples
    --------
    >>> fold("  Capacité  agréée (nb)")
    'capacite agreee nb'
    """
    bare = unaccented(text[:_LONGEST].translate(_LIGATURES)).lower()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


@lru_cache(maxsize=100_000)
def plain(value: str) -> str:
    """Write a value without accents, capitals or repeated blanks; its signs stay.

    Examples
    --------
    >>> plain("À péage"), plain("ROUTE À 1  chaussée")
    ('a peage', 'route a 1 chaussee')
    """
    return " ".join(unaccented(value.replace("’", "'")).casefold().split())


def legible(text: str) -> str:
    r"""Return a text without the signs that no XML holds: controls, halves of pairs.

    Examples
    --------
    >>> legible("Les Lutins\x1b[2J")
    'Les Lutins[2J'
    """
    return _ILLEGIBLE.sub("", text)
