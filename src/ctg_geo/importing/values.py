"""Cells of a colleague's table: numbers with their unit, masks, modes of service."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ctg_geo import contracts
from ctg_geo.importing.mapping import ValueRules
from ctg_geo.words import fold

__all__ = [
    "PLACES",
    "UNSURE",
    "Amount",
    "amount",
    "delivery_of",
    "is_error",
    "status_of_mask",
    "unit_of_title",
]

PLACES: Final = "places"
_NUMBER: Final = re.compile(
    r"(?P<about>env(?:iron|\.)?|~|≈|±|approx\.?|ca\.?)?\s*"
    r"(?P<sign>[-−])?(?P<number>[0-9]{1,3}(?:[\s\u00a0\u202f][0-9]{3})+|[0-9]+)"
    r"(?P<part>[.,][0-9]+)?\s*(?P<unit>[^0-9]*)",
    re.IGNORECASE,
)
_DETAIL: Final = re.compile(r"\s*\((?:dont|soit|y compris)\b[^()]*\)$", re.IGNORECASE)
_BEFORE: Final = re.compile(
    r"(?:agréments?|agréé(?:e|s|es)?|capacité|total)(?:\s+(?:pour|de))?\s*[:=]?\s*(?=[0-9])",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(
    r"(?:(?:de|entre)\s+)?[0-9]{1,4}\s*(?:-|–|—|à|ou|et)\s*[0-9]{1,4}[^0-9]*", re.IGNORECASE
)
UNSURE: Final = frozenset(("not_amount", "range"))  # the place is kept, its capacity unknown
_UNDER: Final = re.compile(
    r"(?:<|≤|moins de|inf(?:érieur|erieur)?\.? à)\s*[0-9]{1,3}", re.IGNORECASE
)
_UNITS: Final = {
    "place": "places", "places": "places", "pl": "places", "berceau": "places",
    "berceaux": "places", "lit": "lits", "lits": "lits", "enfant": "enfants",
    "enfants": "enfants", "etp": "ETP", "equivalent temps plein": "ETP",
    "equivalents temps plein": "ETP", "agent": "agents", "agents": "agents", "poste": "postes",
    "postes": "postes", "h": "heures", "heure": "heures", "heures": "heures", "jeune": "jeunes",
    "jeunes": "jeunes", "personne": "personnes", "personnes": "personnes", "pers": "personnes",
    "logement": "logements", "logements": "logements", "am": "assistants maternels",
}  # fmt: skip
_ERRORS: Final = frozenset((
    "#n/a", "#ref!", "#name?", "#nom?", "#value!", "#valeur!", "#div/0!", "#num!", "#nombre!",
    "#null!", "#nul!", "#spill!", "#calc!", "err:502", "err:504", "err:508", "err:522",
))  # fmt: skip
_LARGEST: Final = 1e6
_DELIVERY: Final = {
    "fixed": (
        "fixe", "fixed", "lf", "non", "no", "n", "faux", "false", "0", "sedentaire", "classique",
        "lieu fixe", "fixe antenne s",
    ),
    "mobile": (
        "mobile", "itinerant", "itinerante", "itinerance", "mo", "oui", "yes", "o", "vrai", "true",
        "1", "bus", "bus equivalent", "camion", "camping car",
    ),
    "branch": ("antenne", "branch", "ant", "annexe", "permanence"),
    "multi_site": ("multi site", "multi sites", "multisite", "multisites", "ms"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A capacity: its number (NaN if none), its status, its unit as understood, and problems."""

    value: float
    status: str
    unit: str = ""
    unknown_unit: bool = False
    mask: str = ""  # what the cell says in place of a number
    problem: str = ""  # "", not_amount, range, negative, too_large, ambiguous


def amount(text: str, rules: ValueRules) -> Amount:
    """Read a capacity: "30 places (dont 2 AVIP)", "env. 20", "<5"; a mask is never zero.

    Examples
    --------
    >>> amount("12,5 ETP", ValueRules())
    Amount(value=12.5, status='observed', unit='ETP', unknown_unit=False, mask='', problem='')
    >>> amount("nd", ValueRules()).status, amount("<5", ValueRules()).status
    ('not_available', 'secret')
    """
    said = " ".join(text.split())
    mask = status_of_mask(said, rules)
    if mask is not None:
        return Amount(np.nan, mask, mask=said)
    match = _NUMBER.fullmatch(_BEFORE.sub("", _DETAIL.sub("", said), count=1))
    if match is None:
        problem = "range" if _RANGE.fullmatch(said) else "not_amount"
        return Amount(np.nan, contracts.NOT_AVAILABLE, mask=said, problem=problem)
    whole = re.sub(r"[\s\u00a0\u202f]", "", match["number"])
    value = float(whole + (match["part"] or "").replace(",", "."))
    if match["sign"] and value:
        return Amount(np.nan, contracts.NOT_AVAILABLE, problem="negative")
    if value > _LARGEST:
        return Amount(np.nan, contracts.NOT_AVAILABLE, problem="too_large")
    if re.fullmatch(r"[.,][0-9]{3}", match["part"] or "") and len(whole) <= 3 and whole != "0":  # noqa: PLR2004
        return Amount(np.nan, contracts.NOT_AVAILABLE, problem="ambiguous")
    unit = match["unit"].strip(" .;:-*")
    known = _UNITS.get(fold(unit), "")
    status = contracts.ESTIMATED if match["about"] else contracts.OBSERVED
    return Amount(value, status, known or unit, bool(unit) and not known)


def unit_of_title(title: str) -> str:
    """Return the unit that a title says, "" if none or places, which are the usual one.

    Examples
    --------
    >>> unit_of_title("Effectif (ETP)"), unit_of_title("Nombre de places")
    ('ETP', '')
    """
    said = {_UNITS[word] for word in fold(title).split() if word in _UNITS and len(word) > 1}
    return said.pop() if len(said) == 1 and said != {PLACES} else ""


def status_of_mask(text: str, rules: ValueRules) -> str | None:
    """Return the status a cell without a number says, None if it does not say one."""
    said = text.strip().casefold()
    if not said:
        return contracts.NOT_AVAILABLE
    if _UNDER.fullmatch(said):
        return contracts.SECRET
    return contracts.meanings(rules.secret, rules.unknown, rules.no_object).get(said)


def delivery_of(text: str, given: Mapping[str, str]) -> str:
    """Return the way of delivery that a word means; "" if it means none known."""
    if text in given:
        return given[text]
    said = fold(text)
    if not said:
        return "fixed"
    return next((way for way, words in _DELIVERY.items() if said in words), "")


def is_error(text: str) -> bool:
    """Tell whether a cell is what a spreadsheet shows for a formula that failed."""
    return text.casefold() in _ERRORS
