"""Words of our own tables: as the code has them, or in French as our files show them."""

from functools import cache
from typing import Literal

from ctg_geo import contracts, labels
from ctg_geo.words import fold

__all__ = ["meant"]

_NAMES = {"status": contracts.STATUSES, "delivery": contracts.DELIVERIES}


def meant(kind: Literal["status", "delivery"], word: str) -> str:
    """Return the status or the mode of service that a word is; a word that is none, as it is.

    Examples
    --------
    >>> meant("status", "Estimée"), meant("delivery", "itinérant"), meant("status", "secret")
    ('estimated', 'mobile', 'secret')
    """
    if not word or word in _NAMES[kind]:
        return word
    folded = fold(word)
    return _french(kind).get(folded, _french(kind).get(folded.removesuffix("e"), word))


@cache
def _french(kind: Literal["status", "delivery"]) -> dict[str, str]:
    return {fold(labels.text(f"{kind}.{name}", "fr")): name for name in _NAMES[kind]}
