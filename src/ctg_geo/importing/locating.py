"""Where each row is: by coordinates, else by address, else by commune; how is told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo import contracts
from ctg_geo.importing.coordinates import Points, pair_of, points_of
from ctg_geo.importing.gazetteer import Gazetteer
from ctg_geo.importing.geocoding import Address, Geocoded
from ctg_geo.importing.mapping import ValueRules
from ctg_geo.importing.naming import compare, named_communes, postcode_of
from ctg_geo.importing.rows import Rows
from ctg_geo.importing.values import status_of_mask
from ctg_geo.quality import Finding

__all__ = ["Geocoder", "Places", "located"]

Geocoder = Callable[[Sequence[Address]], Sequence[Geocoded]]

_PAIRS: Final = (("lon", "lat"), ("x", "y"))
_BELIEVED: Final = ("housenumber", "street", "locality")


@dataclass(slots=True, eq=False)
class Places:
    """By row: longitude and latitude (NaN: known to the commune only), commune, and how found."""

    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    code: list[str]
    status: list[str]
    method: list[str]  # coordinates, housenumber, street, locality, commune
    score: npt.NDArray[np.float64]  # of the geocoder
    found: list[str]  # the address as the geocoder says it
    crs: str = ""


def located(
    rows: Rows, rules: ValueRules, known: Gazetteer | None, geocoder: Geocoder | None,
    findings: list[Finding],
) -> Places:  # fmt: skip
    """Locate rows; what cannot be is noted as a problem of its row.

    Parameters
    ----------
    known : the communes of the study; without them names of communes say nothing
    geocoder : asks for addresses; None to ask nobody
    findings : what is mended or assumed is added here
    """
    count = len(rows)
    nowhere = np.full(count, np.nan)
    places = Places(
        nowhere.copy(), nowhere.copy(), [""] * count, [contracts.ESTIMATED] * count,
        [""] * count, nowhere.copy(), [""] * count,
    )  # fmt: skip
    _by_coordinates(rows, rules, known, places, findings)
    there = [method == "coordinates" for method in places.method]
    places.code, named = named_communes(rows, rules, known, there, findings)
    compare(rows, known, places.code, places.lon, places.lat, findings)
    if geocoder is not None:
        _by_address(rows, rules, known, geocoder, places, findings)
    for at in range(count):
        if places.method[at] or _is_refused_place(rows, at):
            continue
        if places.code[at]:
            places.method[at] = "commune"
        else:
            reason, field, value, facts = named[at]
            rows.note(at, reason, field, value, **facts)
    return places


def _is_refused_place(rows: Rows, at: int) -> bool:
    """Tell whether the coordinates or the code of a row are refused already."""
    mine = {"half", "not_coordinate", "nowhere", "code_wrong", "code_unknown", "code_name"}
    return any(each.reason in mine for each in rows.problems[at])


def _by_coordinates(
    rows: Rows, rules: ValueRules, known: Gazetteer | None, places: Places, findings: list[Finding]
) -> None:
    swapped, zero = list[str](), list[str]()
    for first, second, points in _pairs_of(rows, rules, known):
        for at, reason in enumerate(points.reason):
            if places.method[at]:
                continue
            if reason == "":
                places.lon[at], places.lat[at] = points.lon[at], points.lat[at]
                places.method[at], places.status[at] = "coordinates", contracts.OBSERVED
                swapped += [str(rows.number(at))] * bool(points.swapped[at])
            elif reason == "zero":
                zero.append(str(rows.number(at)))
            elif reason != "none":
                said = (
                    f"{rows.text(first)[at]} ; {rows.text(second)[at]}"
                    if second
                    else rows.text(first)[at]
                )
                rows.note(at, reason, first, said)
        if points.crs:
            places.crs = points.crs
            key = "import_crs_given" if rules.crs else "import_crs"
            facts: dict[str, object] = {"crs": _crs_name(points.crs), "column": rows.title(first)}
            findings.append(Finding("info", key, rows.file, facts=facts))
    for key, which in (("import_swapped", swapped), ("import_zero", zero)):
        if which:
            facts = {"count": len(which), "rows": which}
            findings.append(Finding("warning", key, rows.file, facts=facts))


def _pairs_of(
    rows: Rows, rules: ValueRules, known: Gazetteer | None
) -> list[tuple[str, str, Points]]:
    """Return the points that pairs of columns, or one column of pairs, give."""

    def bare(cells: Sequence[str]) -> list[str]:
        return ["" if cell and status_of_mask(cell, rules) else cell for cell in cells]

    found = [
        (first, second, points_of(
            bare(rows.text(first)), bare(rows.text(second)), crs=rules.crs, known=known
        ))
        for first, second in _PAIRS if rows.has(first) and rows.has(second)
    ]  # fmt: skip
    if rows.has("position"):
        cells = bare(rows.text("position"))
        pairs = [pair_of(cell) or ("?", "?") if cell else ("", "") for cell in cells]
        lat, lon = zip(*pairs, strict=True) if pairs else ((), ())
        found.append(("position", "", points_of(lon, lat, crs=rules.crs, known=known)))
    return found


def _crs_name(code: str) -> str:
    from pyproj import CRS  # noqa: PLC0415  (heavy)

    return f"{CRS.from_user_input(code).name} ({code})"


def _by_address(
    rows: Rows, rules: ValueRules, known: Gazetteer | None, geocoder: Geocoder, places: Places,
    findings: list[Finding],
) -> None:  # fmt: skip
    """Ask for the addresses of rows without coordinates; a doubtful answer is not believed."""
    address, commune, postcode = (rows.text(each) for each in ("address", "commune", "postcode"))
    asked = [
        at for at in range(len(rows))
        if address[at] and not places.method[at] and not rows.problems[at]
        and (places.code[at] or commune[at] or postcode[at])
    ]  # fmt: skip
    queries = [
        Address(
            " ".join(f"{address[at]} {commune[at]}".split()), postcode_of(postcode[at]),
            places.code[at],
        )
        for at in asked
    ]  # fmt: skip
    doubtful = list[str]()
    for at, answer in zip(asked, geocoder(queries), strict=True):
        places.score[at], places.found[at] = answer.score, answer.label
        if not _believed(answer, places.code[at], rules, known):
            doubtful.append(str(rows.number(at)))
            continue
        places.lon[at], places.lat[at] = answer.lon, answer.lat
        places.method[at] = answer.kind
        places.code[at] = places.code[at] or answer.citycode
        if answer.kind == "housenumber":
            places.status[at] = contracts.OBSERVED
    facts: dict[str, object] = {"count": len(asked) - len(doubtful), "asked": len(asked)}
    findings.append(Finding("info", "import_geocoded", rows.file, facts=facts))
    if doubtful:
        facts = {"count": len(doubtful), "rows": doubtful, "score": rules.min_score}
        findings.append(Finding("warning", "import_doubtful", rows.file, facts=facts))


def _believed(answer: Geocoded, code: str, rules: ValueRules, known: Gazetteer | None) -> bool:
    """Tell whether an answer is precise, likely, and in the commune the row says."""
    there = np.isfinite(answer.lon) and np.isfinite(answer.lat) and answer.score >= rules.min_score
    moves: Mapping[str, str] = {} if known is None else known.moves
    same = not code or not answer.citycode or (
        moves.get(answer.citycode, answer.citycode) == moves.get(code, code)
    )  # fmt: skip
    return bool(there and same and answer.kind in _BELIEVED)
