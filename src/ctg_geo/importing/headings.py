"""What a title of a column means, by the words colleagues use for it."""

import difflib
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from ctg_geo.words import fold

__all__ = ["PERSON", "REPORT", "Likeness", "field_of", "fields_of", "known_title"]

Likeness = Literal["exact", "within", "near"]

PERSON: Final = "person"
REPORT: Final = "report_"
_NEAR: Final = 0.86
_SHORTEST: Final = 5  # a title this short is like many others
_LONGEST: Final = 80
_PERSONS: Final = frozenset((
    "responsable", "directeur", "directrice", "president", "presidente", "gerant", "gerante",
    "contact", "interlocuteur", "interlocutrice", "referent", "referente", "coordinateur",
    "coordinatrice", "coordonnateur", "coordonnatrice", "prenom", "representant", "representante",
    "tresorier", "tresoriere", "correspondant", "correspondante", "proprietaire", "puericultrice",
    "dirigeant", "dirigeante", "signataire", "manager", "director", "owner",
))  # fmt: skip
_NAMED_PERSONS: Final = frozenset((  # persons where the title asks for their name
    "animateur", "animatrice", "maire", "elu", "elue", "secretaire", "agent", "salarie", "salariee",
    "conseiller", "conseillere", "educateur", "educatrice", "assistant", "assistante", "charge",
    "chargee", "chef", "cheffe", "adjoint", "adjointe", "personne", "pilote", "redacteur",
    "redactrice", "dir", "usager",
))  # fmt: skip
_NO_CAPACITY: Final = re.compile(  # places asked for, taken or free, and not those there are
    r"\b(demand(e|ee|es|ees|eurs?)|attente|inscri(t|te|ts|tes|ption|ptions)|refus(e|ee|es|ees)?"
    r"|occupe(e|es|ees)?|vacant(e|es|s)?|libres?|pourvues?|souhaite(e|es|ees))\b"
)
_COUNTS: Final = frozenset((
    "nb", "nbre", "nbr", "nombre", "etp", "places", "capacite", "effectif", "effectifs",
))  # fmt: skip


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    content = files(__package__).joinpath("headings.toml").read_text(encoding="utf-8")
    return tomllib.loads(content)


@cache
def _exact_titles() -> frozenset[str]:
    return frozenset(said for words in _table().values() for said in words["exact"])


def known_title(title: str) -> bool:
    """Tell whether a cell is a title of a column, to the letter."""
    return fold(title) in _exact_titles()


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
    if _names_a_person(said):
        found[PERSON] = "exact"
    for field, words in _table().items():
        if field in found:
            continue
        if said in words["exact"]:
            found[field] = "exact"
        elif any(_has(said, each) for each in words.get("within", ())):
            found[field] = "within"
        elif len(said) >= _SHORTEST and difflib.get_close_matches(
            said, words["exact"], n=1, cutoff=_NEAR
        ):
            found[field] = "near"
    for field in _under_another(said):
        found.setdefault(field, "within")
    if _NO_CAPACITY.search(said):
        found.pop("capacity", None)
    return found


def field_of(title: str) -> str:
    """Return the field a title means best, "" if none."""
    likes = fields_of(title)
    exact = (each for each, like in likes.items() if like == "exact")
    return next(exact, next(iter(likes), ""))


def _under_another(said: str) -> list[str]:
    """Return the fields of the last words of a title, where a usual title alone stands before.

    "Nom" under "Structure" is read as "Structure Nom": the row nearer to the places decides.
    """
    words = said.split()
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return [
        field for over, under in cuts if over in _exact_titles()
        for field, usual in _table().items() if field != PERSON and under in usual["exact"]
    ]  # fmt: skip


def _names_a_person(said: str) -> bool:
    """Tell whether a title asks for a person, whatever else it says, and counts nobody."""
    words = said.replace("chef lieu", "").split()
    single = {*words, *(word.removesuffix("s") for word in words)}
    named = "nom" in single and single & _NAMED_PERSONS
    return bool(named or single & _PERSONS) and not single & _COUNTS


def _has(said: str, words: str) -> bool:
    """Tell whether the words stand in a title; the last one may be cut ("itineran")."""
    return f" {words}" in f" {said}" if len(words) > _SHORTEST else f" {words} " in f" {said} "
