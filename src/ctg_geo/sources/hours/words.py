"""The words of French opening hours: a text cut into tokens, or the piece that is none."""

import re
from typing import NamedTuple

from ctg_geo.sources.hours.week import EVERY_DAY, LAST, WORKING_DAYS
from ctg_geo.words import unaccented

__all__ = ["DAY_NAMES", "Token", "tokens"]

DAY_NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_SHORT = ("lun|lu", "mar|ma", "mer|me", "jeu|je", "ven|ve", "sam|sa", "dim|di")
_DAY = "|".join(f"{name}s?|{short}" for name, short in zip(DAY_NAMES, _SHORT, strict=True))
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout",
           "septembre", "octobre", "novembre", "decembre")  # fmt: skip
_MONTH = "|".join(_MONTHS)
_TIME = (
    r"(?:midi|minuit|\d{1,2}(?:\s?heures?\b(?:\s[0-5]\d(?!\d|\s?h))?"
    r"|h(?:[0-5]\d(?!\d)(?:\s?min)?)?|\sh(?:\s[0-5]\d(?!\d|\s?h))?|\s?[:.]\s?[0-5]\d(?!\d)))"
)
_ORDINALS = (
    r"1\s?ers?|1\s?eres?|premiers?|premieres?",
    r"2\s?(?:n?de?|e|emes?|iemes?)|deuxiemes?|seconde?s?",
    r"3\s?(?:e|emes?|iemes?)|troisiemes?",
    r"4\s?(?:e|emes?|iemes?)|quatriemes?",
    r"5\s?(?:e|emes?|iemes?)|cinquiemes?",
)
_APPOINTMENT = r"(?:rendez[- ]?vous|r\.?\s?d\.?\s?v\b\.?)"
_WITHOUT = r"(?:sauf|hors|excepte|en dehors d\S*)"
_ENDED = r"(?![\dh:])(?!\s?(?:-|a\b)\s?\d{1,2}\s?[h:])"
_LINK = r"\s?(?:-|a|au|/\s?au|>|jusqu'?\s?a)\s?"

# In this order: the first that fits at a place is the token there.
_KINDS: tuple[tuple[str, str], ...] = (
    ("space", r"\s+"),
    ("free", rf"(?:avec (?:ou|et) sans|sans) {_APPOINTMENT}"),
    (
        "appointment",
        (
            r"(?:(?:uniquement|seulement|exclusivement)\s)?(?:(?:sur|avec|par|prise de)\s)?"
            rf"{_APPOINTMENT}(?:\s(?:uniquement|seulement|obligatoire|possible))?"
        ),
    ),
    ("holiday", rf"(?:(?:{_WITHOUT}|fermee?s?)\s)?(?:les?\s|et\s)?(?:jours?\s)?feries?\b"),
    (
        "term",
        (
            rf"{_WITHOUT} (?:(?:pendant|les|periodes? de|des|durant)\s)*"
            r"(?:vacances(?: scolaires)?|conges scolaires)\b"
            r"|(?:en|pendant la|durant la) periode scolaire\b|en temps scolaire\b"
        ),
    ),
    ("always", r"(?:24\s?h?\s?(?:/|sur)\s?24(?:\s?h)?|h24)\b"),
    (
        "every",
        (
            r"(?:tous les jours|chaque jour|quotidien(?:nement)?"
            r"|7\s?j?(?:ours)?\s?(?:/|sur)\s?7(?:\s?j(?:ours)?)?)\b"
        ),
    ),
    (
        "fortnight",
        (
            r"(?:une|1) sem(?:aine|\.)? (?:sur|/) (?:deux|2)\b"
            r"|tous les (?:quinze|15) jours\b"
        ),
    ),
    ("parity", r"sem(?:aines?|\.)\s?(?:im)?paires?\b"),
    ("one_in_two", rf"(?:un|1)\s(?P<alternate>{_DAY})\s(?:sur|/)\s(?:deux|2)\b"),
    ("monthly", r"(?:(?:une|1)|(?P<twice>deux|2)) fois par mois\b"),
    ("of_month", r"(?:du|de chaque|chaque|de|par|dans le) mois\b"),
    ("working", r"(?:en semaine|jours ouvres|jours de (?:la )?semaine)\b"),
    ("weekend", r"week[- ]?ends?\b"),
    ("chain", rf"(?:{_DAY})\.?(?:\s?-\s?(?:{_DAY})\b\.?){{2,}}"),
    ("days", rf"(?:du\s)?(?P<first>{_DAY})\.?{_LINK}(?P<last>{_DAY})\b\.?"),
    ("day", rf"(?P<day>{_DAY})\b\.?"),
    ("months", rf"(?P<month>{_MONTH})(?:{_LINK}(?P<to_month>{_MONTH}))?\b"),
    (
        "range",
        (
            rf"(?:(?:de|des)\s)?(?P<start>{_TIME}|\d{{1,2}}(?={_LINK}\d{{1,2}}\s?h)){_LINK}"
            rf"(?P<end>{_TIME}){_ENDED}"
            rf"|(?P<one>{_TIME})\s?/\s?(?P<other>{_TIME})(?![\dh:])"
            rf"|entre\s(?P<from>{_TIME})\set\s(?P<till>{_TIME}){_ENDED}"
        ),
    ),
    *((f"nth{n}", rf"(?:{word})\b") for n, word in enumerate(_ORDINALS, start=1)),
    ("last", r"derni(?:ers?|eres?)\b"),
    ("closed", r"(?:fermee?s?|fermetures?)\b"),
    ("except", rf"{_WITHOUT}(?![a-z])"),
    ("open", r"(?:ouverte?s?|ouvertures?)\b"),
    ("morning", r"mat(?:in(?:ee)?s?)?\b\.?"),
    ("afternoon", r"(?:apres[- ]?midis?|aprem|apm)\b"),
    ("evening", r"soir(?:ee)?s?\b"),
    ("whole", r"(?:toute la )?journees?(?: entieres?)?\b"),
    ("stop", r"[;.()\n]|\bpuis\b"),
    (
        "filler",
        (
            r"[dl]'|(?:les?|la|des?|du|et|en|aux?|chaque|tous|toutes|permanences?|accueil"
            r"|horaires?|public|mois de|jours?)(?![a-z])|[,:/|&+*-]"
        ),
    ),
)
_TOKEN = re.compile("|".join(f"(?P<k_{kind}>{pattern})" for kind, pattern in _KINDS))


class Token(NamedTuple):
    """One thing said: its kind, and what it holds."""

    kind: str
    days: frozenset[int] = frozenset()
    span: tuple[int, int] = (0, 0)  # minutes of the day
    number: int = 0  # of a week of the month, or a parity
    months: frozenset[int] = frozenset()


def tokens(text: str) -> list[Token] | str:
    """Cut a text into tokens; return the piece that cannot be understood if there is one."""
    plain = _plain(text)
    found, at = [], 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        token = None if match is None else _token(match)
        if match is None or token is None:
            return plain[at : at + 40].split("\n")[0].strip()
        if token.kind not in ("space", "filler", "holiday", "of_month", "free"):
            found.append(token)
        at = match.end()
    return found


def _plain(text: str) -> str:
    """Return a text in lower case without accents, with one kind of dash and of blank."""
    said = unaccented(text.replace("’", "'").casefold())
    said = re.sub("[\u2010-\u2015\u2212\u2192]", "-", said)
    return re.sub(r"[^\S\n]+", " ", said.replace("\r\n", "\n")).strip()


def _token(match: re.Match[str]) -> Token | None:
    kind = (match.lastgroup or "").removeprefix("k_")
    said = match.groupdict()
    if kind == "range":
        start = _minutes(said["start"] or said["one"] or said["from"])
        end = _minutes(said["end"] or said["other"] or said["till"])
        return None if start is None or end is None else Token("range", span=(start, end))
    if kind in ("day", "days"):
        return Token("days", days=_days(said["day"] or said["first"], said["last"]))
    if kind == "chain":  # "lundi-mercredi-vendredi" lists three days
        named = re.split(r"\s?-\s?", match.group())
        return Token("days", days=frozenset(map(_number_of, named)))
    if kind == "one_in_two":
        return Token("days", days=_days(said["alternate"], None), number=2)
    if kind == "months":
        return Token("months", months=_months(said["month"], said["to_month"]))
    return _fixed(kind, match.group(), twice=said["twice"] is not None)


def _fixed(kind: str, said: str, *, twice: bool) -> Token:
    """Return a token whose kind is all it says."""
    if kind.startswith("nth") or kind == "last":
        return Token("nth", number=LAST if kind == "last" else int(kind[3:]))
    if kind == "monthly":
        return Token("monthly", number=2 if twice else 1)
    if kind in ("parity", "fortnight"):
        return Token("parity", number=int("impair" in said))
    days = {"every": EVERY_DAY, "working": WORKING_DAYS, "weekend": frozenset({5, 6})}
    if kind in days:
        return Token("days", days=days[kind])
    return Token("range", span=(0, 1440)) if kind == "always" else Token(kind)


def _minutes(said: str) -> int | None:
    """Return the minute of the day, None if there is none such."""
    if said in ("midi", "minuit"):
        return 720 if said == "midi" else 1440
    numbers = [int(number) for number in re.findall(r"\d+", said)]
    minutes = numbers[0] * 60 + (numbers[1] if len(numbers) > 1 else 0)
    return minutes if minutes <= 1440 else None  # noqa: PLR2004


def _days(first: str, last: str | None) -> frozenset[int]:
    start = _number_of(first)
    return frozenset((start + n) % 7 for n in range((_number_of(last or first) - start) % 7 + 1))


def _number_of(day: str) -> int:
    return next(n for n, name in enumerate(DAY_NAMES) if name.startswith(day[:2]))


def _months(first: str, last: str | None) -> frozenset[int]:
    start, end = _MONTHS.index(first), _MONTHS.index(last or first)
    return frozenset((start + n) % 12 + 1 for n in range((end - start) % 12 + 1))
