"""Names of communes compared as people mean them: without articles or abbreviations."""

import re

from ctg_geo.words import fold

__all__ = ["fold_commune"]

_ARTICLES = frozenset(("le", "la", "les", "l"))
_SAINT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_OVER = re.compile(r"\bs(?:/|ur/)\s*", re.IGNORECASE)
_UNDER = re.compile(r"\bs(?:s|ous)/\s*", re.IGNORECASE)
_CEDEX = re.compile(r"\bcedex\b.*$")


def fold_commune(name: str) -> str:
    """Fold the name of a commune: articles, hyphens, St, s/ and Cedex make no difference.

    Examples
    --------
    >>> fold_commune("ST-MARCEL lès Valence"), fold_commune("Romans s/Isère")
    ('saint marcel les valence', 'romans sur isere')
    """
    name = _UNDER.sub("sous ", _OVER.sub("sur ", name))
    words = [_SAINT.get(word, word) for word in _CEDEX.sub("", fold(name)).split()]
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in ("le", "la", "l"):
        words = words[:-1]
    return " ".join(words)
