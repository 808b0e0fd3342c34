"""From the rows of a sheet to places that keep the contract, and rows to mend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from ctg_geo import contracts, labels
from ctg_geo.importing.doubts import doubtful_capacities
from ctg_geo.importing.duplicates import twins_of
from ctg_geo.importing.gazetteer import Gazetteer
from ctg_geo.importing.guessing import Guess
from ctg_geo.importing.header import Body
from ctg_geo.importing.imported import Imported, Unclear
from ctg_geo.importing.locating import Geocoder, Places, located
from ctg_geo.importing.mapping import ImportMapping
from ctg_geo.importing.rows import Rows
from ctg_geo.importing.services import services_of
from ctg_geo.importing.values import (
    UNSURE,
    Amount,
    amount,
    delivery_of,
    status_of_mask,
    unit_of_title,
)
from ctg_geo.importing.weekly import WeeklyHours, hours_of
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding

__all__ = ["Context", "places_of"]

_ASIDE: Final = {
    "above": "import_aside_above", "header_again": "import_aside_header_again",
    "total": "import_aside_total", "note": "import_aside_note",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What the study knows that the file does not say."""

    known: Gazetteer | None = None
    crs: str = "EPSG:2154"
    services: Mapping[str, str] | None = None  # key -> label
    words: Mapping[str, str] = field(default_factory=dict)  # other word -> key of its service
    geocoder: Geocoder | None = None
    in_places: frozenset[str] | None = None  # services counted in places; None: not known


def places_of(
    file: str, body: Body, guesses: Sequence[Guess], mapping: ImportMapping, context: Context
) -> Imported:
    """Make places of the rows of a sheet.

    Returns
    -------
    Imported
        Every row is a place, or refused with all its problems, or set aside for what it is.

    Raises
    ------
    ConfigError
        If neither the mapping nor a column says the service.
    """
    rows, findings = Rows(file, body, guesses), list[Finding]()
    services, words = services_of(rows, mapping, context.services, context.words, findings)
    places = located(rows, mapping.rules, context.known, context.geocoder, findings)
    amounts = _amounts(rows, mapping)
    hours = hours_of(rows, mapping.rules)
    delivery = _deliveries(rows, mapping)
    ids = _identifiers(rows)
    kept = [at for at, problems in enumerate(rows.problems) if not problems]
    names = _names(rows, kept, findings)
    table = pd.DataFrame({
        "service": services, "nom": names, "code_insee": places.code,
        "address": rows.text("address"), "lon": places.lon, "lat": places.lat,
        "capacity": [each.value for each in amounts],
        "capacity_status": [each.status for each in amounts],
        "capacity_unit": _units(rows, amounts, mapping),
        "capacity_mask": [each.mask for each in amounts],
        "location_status": places.status, "location_method": places.method,
        "location_score": places.score, "location_found": places.found, "delivery": delivery,
        "hours_per_week": hours.per_week, "hours_status": hours.status,
        "hours": rows.text("hours"),
        "source": [f"{name}, {row}" for name, _, row in map(rows.origin, range(len(rows)))],
    }, index=pd.Index(ids, name="equipement_id", dtype=object)).iloc[kept]  # fmt: skip
    x, y = _metric(table, context.crs)
    table.insert(4, "x", x)
    table.insert(5, "y", y)
    table = contracts.checked(_typed(table), contracts.EQUIPEMENTS, table_name=file)
    unclear = _unclear(rows, ids, kept, amounts, hours)
    _say(rows, amounts, kept, places, findings)
    _say_unclear(rows, unclear, findings)
    findings += doubtful_capacities(rows, kept, table, context.in_places)
    refused = tuple(rows.refused())
    ledger = _ledger(file, body, len(table), len(refused))
    titles = tuple(body.titles[at] for at in rows.own_columns)
    return Imported(
        file, body.grid.sheet, table, refused, twins_of(table), titles, tuple(guesses),
        mapping.model_copy(update={"services": words}), ledger, findings, unclear,
    )  # fmt: skip


def _ledger(file: str, body: Body, used: int, refused: int) -> Ledger:
    aside = {reason: len(each) for reason, each in sorted(body.aside.items())}
    return Ledger(file, body.filled, used, {"refused": refused, **aside})


_TEXTS: Final = (
    "service", "nom", "code_insee", "address", "capacity_status", "capacity_unit", "capacity_mask",
    "location_status", "location_method", "location_found", "delivery", "hours_status", "hours",
    "source",
)  # fmt: skip


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(dict.fromkeys(_TEXTS, object))


def _metric(table: pd.DataFrame, crs: str) -> tuple[np.ndarray, np.ndarray]:
    """Return metres in `crs`, NaN where the place is known to its commune only."""
    from pyproj import Transformer  # noqa: PLC0415  (heavy)

    lon, lat = table["lon"].to_numpy(np.float64), table["lat"].to_numpy(np.float64)
    x, y = np.full(len(table), np.nan), np.full(len(table), np.nan)
    there = np.isfinite(lon)
    mover = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x[there], y[there] = mover.transform(lon[there], lat[there])
    return x, y


def _amounts(rows: Rows, mapping: ImportMapping) -> list[Amount]:
    """Read capacities; one that is written but not sure is unknown, and the place is kept."""
    amounts = [amount(text, mapping.rules) for text in rows.text("capacity")]
    for at, each in enumerate(amounts):
        if each.problem and each.problem not in UNSURE:
            rows.note(at, each.problem, "capacity", rows.text("capacity")[at])
    return amounts


def _unclear(
    rows: Rows, ids: Sequence[str], kept: Sequence[int], amounts: Sequence[Amount],
    hours: WeeklyHours,
) -> tuple[Unclear, ...]:  # fmt: skip
    """List the capacities and the hours of places that are written, but unknown."""
    found = [
        Unclear(ids[at], rows.number(at), amounts[at].mask[:200],
                labels.text(f"import.why.{amounts[at].problem}", value=amounts[at].mask[:80]),
                "capacity")
        for at in kept if amounts[at].problem
    ]  # fmt: skip
    return (*found, *(
        Unclear(ids[at], rows.number(at), *hours.unclear[at]) for at in kept if at in hours.unclear
    ))  # fmt: skip


def _units(rows: Rows, amounts: Sequence[Amount], mapping: ImportMapping) -> list[str]:
    stated = rows.text("capacity_unit")
    default = mapping.rules.capacity_unit or unit_of_title(rows.title("capacity"))
    return [each.unit or said or default for each, said in zip(amounts, stated, strict=True)]


def _deliveries(rows: Rows, mapping: ImportMapping) -> list[str]:
    found = []
    for at, text in enumerate(rows.text("delivery")):
        bare = "" if status_of_mask(text, mapping.rules) else text
        way = delivery_of(bare, mapping.delivery)
        if not way:
            rows.note(at, "delivery_unknown", "delivery", text)
        found.append(way or "fixed")
    return found


def _identifiers(rows: Rows) -> list[str]:
    """Return identifiers, given or made of file and row; a repeated one is refused."""
    seen, found = dict[str, int](), list[str]()
    for at, given in enumerate(rows.text("equipement_id")):
        identifier = given or rows.made_id(at)
        if identifier in seen:
            rows.note(at, "id_twice", "equipement_id", identifier, first=str(seen[identifier]))
        elif not rows.problems[at]:
            seen[identifier] = rows.number(at)
        found.append(identifier)
    return found


def _names(rows: Rows, kept: Sequence[int], findings: list[Finding]) -> list[str]:
    names = rows.text("nom")
    without = [str(rows.number(at)) for at in kept if not names[at]]
    if without:
        facts = {"count": len(without), "rows": without}
        findings.append(Finding("warning", "import_names", rows.file, facts=facts))
    return [name or f"{rows.file}, {rows.number(at)}" for at, name in enumerate(names)]


def _say(
    rows: Rows, amounts: Sequence[Amount], kept: Sequence[int], places: Places,
    findings: list[Finding],
) -> None:  # fmt: skip
    """Tell what is unknown, assumed or set aside."""
    body = rows.body
    told: dict[str, list[int]] = {
        "import_masked": [at for at in kept if amounts[at].status == contracts.SECRET],
        "import_unit_unknown": [at for at in kept if amounts[at].unknown_unit],
        "import_by_commune": [at for at in kept if places.method[at] == "commune"],
    }  # fmt: skip
    if rows.has("capacity"):
        told["import_capacity_unknown"] = [
            at
            for at in kept
            if np.isnan(amounts[at].value) and amounts[at].status != contracts.SECRET
        ]
    for key, which in told.items():
        if which:
            facts = {"count": len(which), "rows": [str(rows.number(at)) for at in which]}
            findings.append(Finding("warning", key, rows.file, facts=facts))
    units = sorted({amounts[at].unit for at in kept if amounts[at].unit})
    if len(units) > 1:
        facts = {"units": units}
        findings.append(Finding("warning", "import_units_mixed", rows.file, facts=facts))
    for name, which in rows.shared.items():
        facts = {"column": rows.title(name), "rows": [str(rows.number(at)) for at in which]}
        facts["count"] = len(which)
        findings.append(Finding("warning", "import_shared", rows.file, facts=facts))
    for reason, positions in sorted(body.aside.items()):
        if reason not in _ASIDE:
            continue
        facts = {"count": len(positions), "rows": [str(at + 1) for at in positions]}
        findings.append(Finding("info", _ASIDE[reason], rows.file, facts=facts))
    _say_tables(rows, findings)
    untitled = [each for each in body.renamed if each not in body.again]
    if untitled:
        facts = {"columns": untitled}
        findings.append(Finding("info", "import_renamed", rows.file, facts=facts))


def _say_unclear(rows: Rows, unclear: Sequence[Unclear], findings: list[Finding]) -> None:
    for what in ("capacity", "hours"):
        which = [str(each.row) for each in unclear if each.what == what]
        if which:
            facts: dict[str, object] = {"count": len(which), "rows": which}
            findings.append(Finding("warning", f"import_{what}_lost", rows.file, facts=facts))


def _say_tables(rows: Rows, findings: list[Finding]) -> None:
    """Tell of what looks like other tables, below, above or beside the one read."""
    body = rows.body
    if body.other:
        count = len(body.aside.get("other_table", ()))
        facts = {"count": count, "rows": [str(at + 1) for at in body.other]}
        findings.append(Finding("warning", "import_other_table", rows.file, facts=facts))
    used = set(rows.column.values())
    twice = {at for at, title in enumerate(body.titles) if title in body.again}
    apart = {at for at, title in enumerate(body.titles) if title in body.beside}
    if used & apart:  # a mapping reads the second table: the first one is the other
        apart = set(range(len(body.titles))) - apart
    beside = sorted((twice | apart) - used)
    if beside:
        facts = {
            "columns": [body.titles[at] for at in beside],
            "count": sum(bool(row[at]) for row in rows.cells for at in beside),
        }
        findings.append(Finding("warning", "import_titles_twice", rows.file, facts=facts))
