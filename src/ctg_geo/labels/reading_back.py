"""What a printed text was told: its facts read back, so that it may be told again of several."""

import re
import string

from ctg_geo.labels.agreement import AGREED

__all__ = ["facts_of"]


def facts_of(template: str, printed: str) -> dict[str, object] | None:
    """Return the facts that a template was filled with, as they were printed; None if it was not.

    Examples
    --------
    >>> facts_of("{nom} : {count:~lieu|lieux}, {far:1} km", "Alpe : 2 lieux, 3,5 km")
    {'nom': 'Alpe', 'count': '2', 'far': '3,5'}
    >>> facts_of("{nom} : {count:~lieu|lieux}.", "Alpe.") is None
    True
    """
    known: set[str] = set()
    parts = []
    for literal, name, spec, _ in string.Formatter().parse(template):
        parts.append(re.escape(literal))
        if name is not None:
            parts.append(_field(name, spec or "", known))
    found = re.fullmatch("".join(parts), printed)
    return None if found is None else dict(found.groupdict())


def _field(name: str, spec: str, known: set[str]) -> str:
    """Return the pattern of what a placeholder printed: a fact, and the words that agree with it.

    Parameters
    ----------
    known : names of the facts met so far; those of this placeholder are added
    """
    agreed = AGREED.search(spec)
    if agreed is None:
        return _fact(name, known)
    one, bar, many = spec[agreed.end() :].partition("|")
    noun = f"(?:{re.escape(one)}|{re.escape(many)})" if bar else _fact(one, known)
    return noun if agreed[0] == "?" else f"{_fact(name, known)} {noun}"


def _fact(name: str, known: set[str]) -> str:
    pattern = f"(?P={name})" if name in known else f"(?P<{name}>.+?)"
    known.add(name)
    return pattern
