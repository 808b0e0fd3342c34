"""Cells of people's own tables of places: capacity, hours, service, delivery, statuses."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.said import meant

__all__ = ["capacities", "deliveries", "hours_per_week", "names", "services", "statuses"]

_WEEK_H = 168.0

_WHY_EMPTY = (contracts.SECRET, contracts.NOT_AVAILABLE, contracts.NOT_APPLICABLE)

Objects = npt.NDArray[np.object_]

Floats = npt.NDArray[np.float64]


def hours_per_week(raw: RawTable, source: EquipementsSource) -> tuple[Floats, Objects]:
    """Return hours per week, those assumed where a row says none, and what they are worth.

    More hours than a week has are noted.
    """
    hours = _optional_numbers(raw, source, "hours_per_week").copy()
    for at in np.flatnonzero(hours > _WEEK_H):
        column = source.columns["hours_per_week"]
        raw.add("hours_over_week", int(at), column, str(raw.text(column)[at]))
    unknown = np.isnan(hours)
    status = np.where(unknown, contracts.NOT_AVAILABLE, contracts.OBSERVED).astype(object)
    if source.hours_each is not None and unknown.any():
        hours[unknown], status[unknown] = source.hours_each.value, contracts.ESTIMATED
        facts: dict[str, object] = {"count": int(unknown.sum()), "each": source.hours_each.value,
                                    "source": source.hours_each.source}  # fmt: skip
        raw.findings.append(Finding("warning", "hours_given", raw.name, facts=facts))
    return hours, status


def names(raw: RawTable, source: EquipementsSource) -> Objects:
    """Return the name of each place; that of its file and row where it has none."""
    numbered = np.array([f"{raw.name}, {row}" for row in raw.row], dtype=object)
    said = raw.text(source.columns["nom"]) if "nom" in source.columns else numbered
    return np.where(said == "", numbered, said)


def capacities(raw: RawTable, source: EquipementsSource) -> tuple[Floats, Objects]:
    """Return the capacity stated, else the one assumed for each place, with its status.

    Where there is neither, the column of statuses tells why.
    """
    if "capacity" in source.columns:
        numbers = raw.numbers(source.columns["capacity"])
        capacity, status = numbers.value.copy(), numbers.status.copy()
    else:
        capacity = np.full(len(raw), np.nan)
        status = np.full(len(raw), contracts.NOT_AVAILABLE, dtype=object)
    _take_half_of_masks(raw, source, capacity, status)
    unknown = np.isnan(capacity)
    stated = "capacity_status" in source.columns
    said = statuses(raw, source.columns["capacity_status"]) if stated else status
    if source.capacity_each is not None:  # what has no capacity is given none
        unknown &= (status != contracts.NOT_APPLICABLE) & (said != contracts.NOT_APPLICABLE)
        capacity[unknown], status[unknown] = source.capacity_each.value, contracts.ESTIMATED
    if stated:
        status[~unknown & (said == contracts.ESTIMATED)] = contracts.ESTIMATED
        why = np.isin(said, _WHY_EMPTY) & np.isnan(capacity)
        status[why] = said[why]
    if unknown.any() and "capacity" in source.columns:
        key = "capacity_unknown" if source.capacity_each is None else "capacity_assumed"
        rows = [str(row) for row in raw.row[unknown]]
        each = 0.0 if source.capacity_each is None else source.capacity_each.value
        facts = {"count": int(unknown.sum()), "rows": rows, "each": each}
        raw.findings.append(Finding("warning", key, raw.name, facts=facts))
    return capacity, status


def _take_half_of_masks(
    raw: RawTable, source: EquipementsSource, capacity: Floats, status: Objects
) -> None:
    """Take half of the bound where a capacity is only said to be under it ("<5")."""
    if "capacity" not in source.columns:
        return
    under = [re.fullmatch(r"<\s*([0-9]{1,3})", v) for v in raw.text(source.columns["capacity"])]
    rows = [at for at, match in enumerate(under) if match and np.isnan(capacity[at])]
    for at in rows:
        match = under[at]
        capacity[at] = 0.0 if match is None else int(match.group(1)) / 2
        status[at] = contracts.ESTIMATED
    if rows:
        facts = {"count": len(rows), "rows": [str(raw.row[at]) for at in rows]}
        raw.findings.append(Finding("warning", "capacity_masked", raw.name, facts=facts))


def statuses(raw: RawTable, column: str) -> Objects:
    """Return a column of statuses, empty ones allowed; a word that is none is noted."""
    said = np.array([meant("status", word) for word in raw.text(column)], dtype=object)
    known = list(contracts.STATUSES)
    for at in np.flatnonzero(~np.isin(said, [*known, ""])):
        raw.add("bad_status", int(at), column, str(said[at]), known=known)
    return said


def _optional_numbers(raw: RawTable, source: EquipementsSource, column: Any) -> Floats:  # noqa: ANN401
    if column not in source.columns:
        return np.full(len(raw), np.nan)
    return raw.numbers(source.columns[column]).value


def services(raw: RawTable, source: EquipementsSource) -> Objects:
    """Return the service of each place: that of the source, or its word put into ours."""
    if source.service is not None:
        return np.full(len(raw), source.service, dtype=object)
    column = source.columns["service"]
    said = raw.text(column)
    for at in np.flatnonzero(said == ""):
        raw.add("service_missing", int(at), column, "")
    return np.array([source.services.get(value, value) for value in said], dtype=object)


def deliveries(raw: RawTable, source: EquipementsSource) -> Objects:
    """Return how each place delivers, fixed where nothing is said; an unknown word is noted."""
    if "delivery" not in source.columns:
        return np.full(len(raw), "fixed", dtype=object)
    column = source.columns["delivery"]
    said = [
        source.delivery.get(value, meant("delivery", value) or "fixed")
        for value in raw.text(column)
    ]
    for at, value in enumerate(said):
        if value not in contracts.DELIVERIES:
            raw.add("bad_delivery", at, column, value, known=list(contracts.DELIVERIES))
    return np.array(said, dtype=object)
