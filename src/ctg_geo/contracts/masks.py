"""What a cell without a number says: a secret, nothing known, or nothing to count."""

from collections.abc import Iterable
from typing import Final

from ctg_geo.contracts.status import NOT_APPLICABLE, NOT_AVAILABLE, SECRET

__all__ = ["MISSING_SIGNS", "NO_OBJECT_SIGNS", "SECRET_SIGNS", "meanings"]

# Signs of Insee, of the Caf and of lists made by hand, in any case.
SECRET_SIGNS: Final = (
    "s", "ns", "c", "secret", "secret statistique", "masqué",
    "<3", "< 3", "<5", "< 5", "<10", "< 10", "<11", "< 11",
    "moins de 3", "moins de 5", "moins de 10", "moins de 11",
)  # fmt: skip
MISSING_SIGNS: Final = (
    "nd", "n.d.", "n/d", "na", "n.a.", "n/a", "nc", "n.c.", "n/c", "nr", "n.r.",
    "non disponible", "non communiqué", "non renseigné",
)  # fmt: skip
NO_OBJECT_SIGNS: Final = ("//", "///", "sans objet", "so", "s.o.")


def meanings(
    secret: Iterable[str], missing: Iterable[str], no_object: Iterable[str]
) -> dict[str, str]:
    """Return the status that each sign (its case folded) gives; the first list that has it wins.

    Examples
    --------
    >>> meanings(["S"], ["nd", "s"], ["//"])
    {'//': 'not_applicable', 'nd': 'not_available', 's': 'secret'}
    """
    lists = ((NOT_APPLICABLE, no_object), (NOT_AVAILABLE, missing), (SECRET, secret))
    return {sign.casefold(): status for status, signs in lists for sign in signs}
