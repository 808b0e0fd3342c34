"""A noun agrees with its count: what is singular in French, and the singular of a noun phrase."""

import re
from typing import Final

__all__ = ["AGREED", "one_of", "reads_singular"]

AGREED: Final = re.compile(r"[~?]")  # between the digits of a count and its words
_TWO: Final = 2.0  # from which French is plural; 1,9 is singular
_LINKS: Final = re.compile(
    "à|aux?|avec|chez|contre|dans|des?|du|dont|en|entre|et|ou|par|pour|qui|sans|sous|sur"
)
_SAME: Final = re.compile(
    "accès|avis|bas|bois|bras|bus|cas|choix|concours|corps|cours|croix|divers|dos|fois|français|"
    "frais|gros|héros|mois|nombreux|os|parcours|pays|précis|prix|procès|progrès|puits|relais|repas|"
    "secours|succès|tapis|temps|trois|voix"
)
_ENDINGS: Final = (("eaux", "eau"), ("eux", "eu"), ("aux", "al"), ("oux", "ou"), ("s", ""))
_WORD: Final = re.compile(r"(\s+|[(,;:’'])")


def reads_singular(said: str, *, french: bool = True) -> bool:
    r"""Tell whether a number, as it is printed, is followed by a singular.

    Parameters
    ----------
    said : a printed number; what is no number ("–", "moins de 5") is plural

    Examples
    --------
    >>> reads_singular("1,5"), reads_singular("−1"), reads_singular("2"), reads_singular("1 200")
    (True, True, False, False)
    """
    plain = re.sub(r"[\s\u00a0\u202f]", "", said).translate(str.maketrans("−,", "-."))
    try:
        value = abs(float(plain))
    except ValueError:
        return False
    return value < _TWO if french else value == 1


def one_of(many: str) -> str:
    """Return the singular of a plural noun phrase that a planner wrote.

    Its noun and the words that agree with it come before the first preposition; what follows
    stays as it is.

    Examples
    --------
    >>> one_of("enfants de moins de 3 ans"), one_of("lieux"), one_of("heures d’ouverture")
    ('enfant de moins de 3 ans', 'lieu', 'heure d’ouverture')
    >>> one_of("places agréées"), one_of("relais")
    ('place agréée', 'relais')
    """
    parts = _WORD.split(many)
    for place in range(0, len(parts), 2):
        word, after = parts[place], "".join(parts[place + 1 : place + 2])
        if _LINKS.fullmatch(word.lower()) or (after and not after.isspace() and len(word) == 1):
            break
        parts[place] = _single(word)
        if after and not after.isspace():
            break
    return "".join(parts)


def _single(word: str) -> str:
    if _SAME.fullmatch(word.lower()):
        return word
    for ending, one in _ENDINGS:
        if word.lower().endswith(ending) and len(word) > len("os"):
            return word[: len(word) - len(ending)] + one
    return word
