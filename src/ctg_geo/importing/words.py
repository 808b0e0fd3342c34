"""Words compared as people mean them: without accents, case, signs or abbreviations."""

import re
import unicodedata
from functools import lru_cache

__all__ = ["fold", "fold_commune"]

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_ARTICLES = frozenset(("le", "la", "les", "l"))
_SAINT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_CEDEX = re.compile(r"\bcedex\b.*$")


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Write text in small letters and digits, one space between words.

    Examples
    --------
    >>> fold("  Capacité  agréée (nb)")
    'capacite agreee nb'
    """
    plain = unicodedata.normalize("NFKD", text[:2000].translate(_LIGATURES))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def fold_commune(name: str) -> str:
    """Fold the name of a commune: articles, hyphens, St and Cedex make no difference.

    Examples
    --------
    >>> fold_commune("ST-MARCEL lès Valence"), fold_commune("Chalon (Le)")
    ('saint marcel les valence', 'chalon')
    """
    words = [_SAINT.get(word, word) for word in _CEDEX.sub("", fold(name)).split()]
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in ("le", "la", "l"):
        words = words[:-1]
    return " ".join(words)
