"""Words of our own tables: as the code has them, or in French as our files show them."""

import difflib
from collections.abc import Iterable
from functools import cache
from typing import Final, Literal

from ctg_geo import contracts, labels
from ctg_geo.parameters import AXIS_CLASSES
from ctg_geo.words import fold

__all__ = ["meant", "nearest", "yes_no"]

Kind = Literal["status", "delivery", "road_class"]

_NAMES: Final = {
    "status": contracts.STATUSES, "delivery": contracts.DELIVERIES, "road_class": AXIS_CLASSES,
}  # fmt: skip
_YES: Final = frozenset(("yes", "y", "oui", "o", "true", "vrai", "1"))
_NO: Final = frozenset(("no", "n", "non", "false", "faux", "0"))
_ALIKE: Final = 0.75  # of the letters of two words


def meant(kind: Kind, word: str) -> str:
    """Return the status, mode of service or class of road that a word is; another, as it is.

    Examples
    --------
    >>> meant("status", "Estimée"), meant("delivery", "itinérant"), meant("status", "secret")
    ('estimated', 'mobile', 'secret')
    >>> meant("road_class", "autoroute")
    'motorway'
    """
    if not word or word in _NAMES[kind]:
        return word
    folded = fold(word)
    return _french(kind).get(folded, _french(kind).get(folded.removesuffix("e"), word))


def yes_no(word: str) -> bool | None:
    """Return what a cell of yes or no says, as spreadsheets and people write it; None if neither.

    Examples
    --------
    >>> yes_no("VRAI"), yes_no("non"), yes_no("peut-être")
    (True, False, None)
    """
    folded = fold(word)
    return True if folded in _YES else False if folded in _NO else None


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that looks most like another, accents and case aside; "" if none.

    Examples
    --------
    >>> nearest("Rhone", ["Isère", "Rhône"]), nearest("Seine", ["Isère", "Rhône"])
    ('Rhône', '')
    """
    folded = {fold(each): each for each in reversed([one for one in known if one != word])}
    near = difflib.get_close_matches(fold(word), list(folded), n=1, cutoff=_ALIKE)
    return folded[near[0]] if near else ""


@cache
def _french(kind: Kind) -> dict[str, str]:
    return {fold(labels.text(f"{kind}.{name}", "fr")): name for name in _NAMES[kind]}
