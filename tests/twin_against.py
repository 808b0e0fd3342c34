"""The engine's answers to a study, held against those of the brute-force twin.

A study is read by both from the same files. Each of its services is one case: a random measure,
decay, norm, profile, limit, population, presence and ages, over a random territory. What is held
of a case: that both refuse it for the same reason, or every column of a commune, places left out,
parts of gaps, remedies, indices and sums by group. Rows of files are held once a study.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isnan, nan
from pathlib import Path
from typing import Any

from ctg_geo.diagnosis import Diagnosis, by_group
from ctg_geo.diagnosis.commune_gaps import commune_gaps, told_communes
from ctg_geo.diagnosis.indices import indices
from ctg_geo.errors import CtgGeoError, DataError
from ctg_geo.study import Study, open_study
from ctg_geo.study.gaps import to_chefs_lieux
from twin import files, gaps, verdict

__all__ = ["Held", "held"]

CLOSE = 1e-9  # of exact fractions, against floats
SUMMED = 1e-7  # of averages over many orders, and of logarithms
LEFT_OUT = ("delivery_left_out", "stop_without_hours", "seldom_there", "place_for_others")


@dataclass
class Held:
    """What came of holding a study: services diagnosed and refused, and where both differ."""

    diagnosed: int
    refused: int
    differences: list[str]


def held(config: Path) -> Held:
    """Hold all services of a study."""
    told = files.read_territory(config)
    study = open_study(config)
    groups = verdict.groups_of(told)
    differences = list(_of_study(study, told, groups))
    diagnosed = 0
    for key in told.services:
        ours, theirs = _answer(study, key), _twin_answer(told, key)
        if isinstance(ours, str) or isinstance(theirs, str):
            if ours != theirs:
                differences.append(f"{key}: engine {ours}, twin {theirs}")
            continue
        diagnosed += 1
        said = [*_communes(ours, theirs), *_left_out(ours, theirs),
                *_gaps(study, ours, theirs, told), *_indices(ours, theirs, groups),
                *_sums(ours, theirs, groups)]  # fmt: skip
        differences += [f"{key}: {each}" for each in said]
    return Held(diagnosed, len(told.services) - diagnosed, differences)


def _answer(study: Study, key: str) -> Diagnosis | str:
    """Return the diagnosis of the engine, or why it refuses."""
    try:
        return study.diagnose(key)
    except DataError as error:
        return error.defects[0].reason
    except CtgGeoError as error:
        return str(error.reason)


def _twin_answer(told: files.Territory, key: str) -> verdict.Diagnosis | str:
    try:
        return verdict.diagnose(told, key)
    except verdict.Refused as refused:
        return str(refused)


def same(ours: Any, theirs: Any, within: float = CLOSE) -> bool:
    """Tell whether two figures are the same; None and infinity are no number."""
    if isinstance(ours, str) or isinstance(theirs, str):
        return bool(ours == theirs)
    one, other = (nan if each is None or each == inf else float(each) for each in (ours, theirs))
    if isnan(one) or isnan(other):
        return isnan(one) and isnan(other)
    return abs(one - other) <= within * max(1.0, abs(one), abs(other))


def _of_study(
    study: Study, told: files.Territory, groups: dict[str, dict[str, str]]
) -> Iterator[str]:
    """Hold the rows of each file, people and their statuses, and the groups of communes."""
    for ledger in study.territory.ledgers:
        if ledger.table in told.rows and (ledger.read, ledger.used) != told.rows[ledger.table]:
            yield f"{ledger}: twin {told.rows[ledger.table]}"
        if ledger.read != ledger.used + sum(ledger.set_aside.values()):
            yield f"{ledger}: rows vanish"
    missing = set(told.rows) - {each.table for each in study.territory.ledgers}
    if missing:
        yield f"no account of {missing}"
    for name, of in groups.items():
        if study.groups[name].to_dict() != of:
            yield f"groups {name}: {study.groups[name].to_dict()}, twin {of}"
    for figure, counts in told.figures.items():
        table = study.territory.population
        for code, (value, status) in counts.items():
            if not same(table.at[code, figure], value) or (
                table.at[code, f"{figure}_status"] != status
            ):
                yield f"{figure} of {code}: {table.at[code, figure]}, twin {value} ({status})"


def _communes(ours: Diagnosis, theirs: verdict.Diagnosis) -> Iterator[str]:
    table = ours.communes
    if sorted(table.index) != sorted(theirs.rows):
        yield f"communes {sorted(table.index)}, twin {sorted(theirs.rows)}"
        return
    for code, row in theirs.rows.items():
        expected = {**row, "nearest_status": "beyond_limit" if row["nearest_min"] == inf
                    else "observed"}  # fmt: skip
        if "access" in expected:
            expected["access_per_100"] = 100 * expected.pop("access")
        for name, value in expected.items():
            if not same(table.at[code, name], value):
                yield f"{name} of {code}: {table.at[code, name]}, twin {value}"
        names = ours.equipements.loc[sorted(theirs.nearest[code]), "nom"].tolist()
        if names and table.at[code, "nearest_place"] not in names:
            yield f"nearest of {code}: {table.at[code, 'nearest_place']}, twin {names}"


def _left_out(ours: Diagnosis, theirs: verdict.Diagnosis) -> Iterator[str]:
    """Hold the places that do not count, each by name, and that no supply vanishes."""
    for key in LEFT_OUT:
        told = {each.identifier for each in ours.findings if each.key == key}
        if told != theirs.left_out.get(key, set()):
            yield f"{key}: {told}, twin {theirs.left_out.get(key)}"
    offered = sum(sum(each.supply.values()) for each in theirs.modes.values())
    for each in ours.findings:
        if each.key == "conservation" and not same(each.facts["offered"], offered):
            yield f"offered: {each.facts['offered']}, twin {offered}"


def _gaps(
    study: Study, ours: Diagnosis, theirs: verdict.Diagnosis, territory: files.Territory
) -> Iterator[str]:
    """Hold the parts of gaps, what would close them, and how access varies inside communes."""
    counted = told_communes(ours)
    if sorted(counted) != sorted(gaps.told(theirs)):
        yield f"told: {sorted(counted)}, twin {sorted(gaps.told(theirs))}"
    table = commune_gaps(ours, counted, to_chefs_lieux(study, ours))
    for name, code, value in _expected_gaps(theirs, territory):
        reason = f"{_reasons(name)}_undefined"
        found = table.at[code, reason] if isinstance(value, str) else table.at[code, name]
        if not same(found, value, SUMMED):
            yield f"{name} of {code}: {found}, twin {value}"


def _reasons(name: str) -> str:
    return name.replace("places_to_add", "places").replace("minutes_to_save", "minutes")


def _expected_gaps(
    theirs: verdict.Diagnosis, territory: files.Territory
) -> Iterator[tuple[str, str, Any]]:
    """Yield column, commune and value; a reason where the value is a word."""
    if "norm" not in theirs.service:
        return
    if theirs.norm is None:
        yield from (("minutes_to_save", code, gaps.to_save(theirs, code)) for code in theirs.rows)
        return
    parts, counted = gaps.causes(theirs), set(gaps.told(theirs))
    for code in theirs.rows:
        yield from ((name, code, value) for name, value in gaps.inside(theirs, code).items())
        own = [each.key for each in theirs.homes if each.commune == code]
        for cause in () if parts is None else parts[own[0]]:
            summed = sum(parts[key][cause] * float(theirs.people[key]) for key in own)
            yield f"gap_{cause}", code, summed if code in counted else None
    for mode, added in gaps.to_add(theirs, territory).items():
        suffix = f"_{mode}" if mode else ""
        yield from ((f"places_to_add{suffix}", code, value) for code, value in added.items())


def _indices(
    ours: Diagnosis, theirs: verdict.Diagnosis, groups: dict[str, dict[str, str]]
) -> Iterator[str]:
    table = indices(ours, told_communes(ours), None)
    keys = zip(table["grouping"], table["group"], table["index"], strict=True)
    values = zip(table["value"], table["undefined"], strict=True)
    found = dict(zip(keys, values, strict=True))
    for key, expected in gaps.indices(theirs, groups).items():
        value, reason = found[key]
        if not same(reason or value, expected, SUMMED):
            yield f"{key}: {value} {reason}, twin {expected}"


def _sums(
    ours: Diagnosis, theirs: verdict.Diagnosis, groups: dict[str, dict[str, str]]
) -> Iterator[str]:
    for grouping in (None, *groups):
        table = by_group(ours, grouping)
        for group in table.index:
            codes = [code for code in theirs.rows
                     if grouping is None or groups[grouping][code] == group]  # fmt: skip
            for name, value in gaps.summary(theirs, codes).items():
                if not same(table.at[group, name], value):
                    yield f"{name} of {grouping} {group}: {table.at[group, name]}, twin {value}"
