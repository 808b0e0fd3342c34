"""The service of each row: what its own cell says first, what is said of the file next."""

from collections import Counter
from collections.abc import Mapping

from ctg_geo.errors import ConfigError
from ctg_geo.importing.mapping import ImportMapping
from ctg_geo.importing.rows import Rows
from ctg_geo.quality import Finding
from ctg_geo.words import fold

__all__ = ["services_of"]


def services_of(
    rows: Rows, mapping: ImportMapping, declared: Mapping[str, str] | None,
    words: Mapping[str, str], findings: list[Finding],
) -> tuple[list[str], dict[str, str]]:  # fmt: skip
    """Return the service of each row, and the words of the file that were understood.

    The service that the mapping gives is that of rows which say none. A column none of whose
    words is a service is of something else: the service given is then that of all rows. Both
    are told.

    Parameters
    ----------
    declared : label of each service of the study; None where no study is known
    words : service by each other word that the study knows it by
    findings : what is assumed is added here

    Raises
    ------
    ConfigError
        If neither the mapping nor a column says the service.
    """
    given = mapping.rules.service
    if not rows.has("service"):
        if given is None:
            raise ConfigError("import_no_service", file=rows.file, known=sorted(declared or ()))
        return [given] * len(rows), dict(mapping.services)
    said = rows.text("service")
    own = _understood(said, mapping, declared, words)
    if given is not None and not mapping.services and not any(own):
        _say_other(rows, said, given, findings)
        return [given] * len(rows), {}
    found, meant = list[str](), dict(mapping.services)
    known = sorted(declared or (), key=lambda key: (key != given, key))
    for at, (word, key) in enumerate(zip(said, own, strict=True)):
        if not key and (word or given is None):
            reason = "service_unknown" if word else "service_missing"
            rows.note(at, reason, "service", word, known=known)
        elif key != word and word and not rows.problems[at]:
            meant[word] = key
        found.append(key or given or "")
    if given is not None:
        _say_own(rows, own, given, findings)
    return found, meant


def _understood(
    said: list[str], mapping: ImportMapping, declared: Mapping[str, str] | None,
    words: Mapping[str, str],
) -> list[str]:  # fmt: skip
    """Return the service that each cell names, "" if none; without a study any word is one."""
    given = mapping.rules.service
    names = {fold(word): key for word, key in words.items()}
    names |= {fold(key): key for key in ((given,) if given else ())}
    names |= {fold(key): key for key in (declared or {})}
    names |= {fold(label): key for key, label in (declared or {}).items()}
    found = []
    for word in said:
        folded = fold(word)
        key = mapping.services.get(word) or names.get(folded) or names.get(folded.removesuffix("s"))
        if key is None and declared is None and given is None and folded:
            key = folded.replace(" ", "_")[:60]
        found.append(key or "")
    return found


def _say_own(rows: Rows, own: list[str], given: str, findings: list[Finding]) -> None:
    """Tell of rows that say another service than the one given for the file."""
    other = [at for at, key in enumerate(own) if key not in ("", given) and not rows.problems[at]]
    if other:
        kinds = Counter(own[at] for at in other)
        findings.append(_told("import_service_own", rows, other, kinds, given))


def _say_other(rows: Rows, said: list[str], given: str, findings: list[Finding]) -> None:
    """Tell of a column that says no service, whose words are not followed."""
    filled = [at for at, word in enumerate(said) if word]
    if filled:
        kinds = Counter(said[at] for at in filled)
        findings.append(_told("import_service_given", rows, filled, kinds, given))


def _told(key: str, rows: Rows, which: list[int], kinds: "Counter[str]", given: str) -> Finding:
    named = [f"{kind} ({count})" for kind, count in sorted(kinds.items())]
    facts: dict[str, object] = {
        "count": len(which), "rows": [str(rows.number(at)) for at in which],
        "column": rows.title("service"), "kinds": named, "service": given,
    }  # fmt: skip
    return Finding("warning", key, rows.file, facts=facts)
