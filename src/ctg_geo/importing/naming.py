"""Which commune each row names, by code or by name, and whether its point agrees."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo.importing.gazetteer import Found, Gazetteer, mended_code
from ctg_geo.importing.mapping import ValueRules
from ctg_geo.importing.rows import Rows
from ctg_geo.importing.values import status_of_mask
from ctg_geo.quality import Finding
from ctg_geo.territory.placing import FAR_KM

__all__ = ["Why", "compare", "named_communes", "postcode_of"]

Floats = npt.NDArray[np.float64]
Why = tuple[str, str, str, Mapping[str, object]]  # reason, field, value, facts

_END: Final = re.compile(r"(?<!\d)(?P<postcode>\d{5})\s+(?P<name>[^\d,;]+)$")  # of an address
_FAR_M: Final = 2_000.0  # outside its commune: a point at the rim may be drawn outside


@dataclass(slots=True)
class _Told:
    """Rows to tell of, and what was read in them."""

    mended: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    coded: list[str] = field(default_factory=list)
    addressed: list[str] = field(default_factory=list)
    former: dict[str, str] = field(default_factory=dict)  # by row, the name and its commune

    def findings(self, rows: Rows) -> list[Finding]:
        """Tell of each kind in one finding."""
        column = rows.title("commune")
        kinds: tuple[tuple[str, list[str], dict[str, object]], ...] = (
            ("import_codes_mended", self.mended, {}),
            ("import_codes_ignored", self.ignored, {}),
            ("import_commune_codes", self.coded, {"column": column}),
            ("import_address_communes", self.addressed, {}),
            ("import_former_names", list(self.former),
             {"names": list(dict.fromkeys(self.former.values()))}),
        )  # fmt: skip
        return [
            Finding("warning", key, rows.file, facts={"count": len(which), "rows": which, **more})
            for key, which, more in kinds if which
        ]  # fmt: skip


def named_communes(
    rows: Rows, rules: ValueRules, known: Gazetteer | None, located: list[bool],
    findings: list[Finding],
) -> tuple[list[str], list[Why]]:  # fmt: skip
    """Return the code of the commune of each row, "" if none, and why there is none.

    The cell of a code goes first. That of a name may hold a code too: the one to be written
    where a name was not understood.

    Parameters
    ----------
    located : whether a row has coordinates, which then decide
    findings : what is mended or assumed is added here
    """
    told, codes, why = _Told(), list[str](), list[Why]()
    cells = (
        ["" if status_of_mask(each, rules) else each for each in rows.text(name)]
        for name in ("code_insee", "commune", "postcode", "address")
    )
    for at, (given, name, postcode, address) in enumerate(zip(*cells, strict=True)):
        code, was_mended = mended_code(given)
        problem = _code_problem(given, code, name, known)
        if problem and located[at]:  # a code from elsewhere stays: the point decides
            named = known.named(name).code if known is not None and name else ""
            elsewhere = problem == "code_unknown" and named[:2] != code[:2]
            told.ignored += [] if elsewhere else [str(rows.number(at))]
            code = code if elsewhere else named if problem == "code_unknown" else ""
        elif problem:
            rows.note(at, problem, "code_insee", given, **_code_facts(problem, name, known))
            code = ""
        elif code and was_mended:
            told.mended.append(str(rows.number(at)))
        reason: Why = ("place_missing", "code_insee", "", {})
        if not code and not problem and name:
            code, reason = _by_name(rows, at, name, postcode_of(postcode), known, told)
        elif not given and not name and (end := _END.search(address)):
            code, _ = _by_name(rows, at, end["name"], end["postcode"], known, told)
            told.addressed += [str(rows.number(at))] if code else []
        codes.append(code)
        why.append(reason)
    findings += told.findings(rows)
    return codes, why


def compare(
    rows: Rows, known: Gazetteer | None, codes: list[str], lon: Floats, lat: Floats,
    findings: list[Finding],
) -> None:  # fmt: skip
    """Refuse rows whose point lies far outside the commune they name, or outside the study.

    A point beyond the study's buffer, yet not so far that its reader refuses it, is kept, and told.
    """
    if known is None:
        return
    metres = known.metres_outside(codes, lon, lat)
    far = np.flatnonzero(metres > _FAR_M).tolist()
    for at in far:
        which = "code_insee" if rows.text("code_insee")[at] else "commune"
        code = codes[at]
        facts = {"commune": known.shown(known.moves.get(code, code)), "km": metres[at] / 1000}
        rows.note(at, "point_commune", which, rows.text(which)[at], **facts)
    if far:
        facts = {"count": len(far), "rows": [str(rows.number(at)) for at in far],
                 "km": _FAR_M / 1000}  # fmt: skip
        findings.append(Finding("warning", "import_point_commune", rows.file, facts=facts))
    _refuse_beyond(rows, known, lon, lat, findings)


def _refuse_beyond(
    rows: Rows, known: Gazetteer, lon: Floats, lat: Floats, findings: list[Finding]
) -> None:
    """Refuse points that the study would refuse, and tell of those it would leave aside."""
    away = known.metres_beyond(lon, lat)
    which = next((name for name in ("lon", "x", "position") if rows.has(name)), "position")
    most = FAR_KM * 1000
    aside = np.flatnonzero((away > 0) & (away <= most)).tolist()
    for at in np.flatnonzero(away > most).tolist():
        if not rows.problems[at]:
            said = rows.text(which)[at]
            rows.note(at, "outside_study", which, said, km=away[at] / 1000)
    aside = [at for at in aside if not rows.problems[at]]
    if aside:
        facts = {"count": len(aside), "rows": [str(rows.number(at)) for at in aside]}
        findings.append(Finding("warning", "import_beyond_buffer", rows.file, facts=facts))


def _code_problem(given: str, code: str, name: str, known: Gazetteer | None) -> str:
    if not given:
        return ""
    if not code:
        return "code_wrong"
    if known is None:
        return ""
    if not known.holds(code):
        return "code_unknown"
    found = known.named(name).code if name else ""
    now = known.moves.get(code, code)
    return "code_name" if found and found != now and code in known.names else ""


def _code_facts(problem: str, name: str, known: Gazetteer | None) -> dict[str, object]:
    if problem != "code_name" or known is None:
        return {}
    return {"name": name, "other": known.shown(known.named(name).code)}


def _by_name(
    rows: Rows, at: int, name: str, postcode: str, known: Gazetteer | None, told: _Told
) -> tuple[str, Why]:
    """Find the commune that the cell of its name says, be it by a code."""
    code, _ = mended_code(name)
    if code:
        reason = _no_code(code, postcode, known)
        told.coded += [] if reason else [str(rows.number(at))]
        return "" if reason else code, (reason, "commune", name, {})
    if known is None:
        return "", ("no_communes", "commune", name, {})
    found: Found = known.named(name, postcode)
    if found.former:
        told.former[str(rows.number(at))] = f"{name} → {known.shown(found.code)}"
    return found.code, (found.reason, "commune", name, {"candidates": list(found.candidates)})


def _no_code(code: str, postcode: str, known: Gazetteer | None) -> str:
    """Tell why five signs in the place of a name are no Insee code, "" if they are one."""
    if code == postcode:
        return "commune_postcode"
    return "" if known is None or known.holds(code) else "commune_code"


def postcode_of(text: str) -> str:
    """Return the five digits of a postcode, "" if there are none."""
    packed = re.sub(r"\D", "", re.sub(r"[.,]0+$", "", text))
    return packed.zfill(5) if len(packed) in (4, 5) else ""
