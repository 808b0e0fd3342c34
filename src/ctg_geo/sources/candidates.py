"""A planner's list of candidate sites, at the door."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.candidate_source import CandidateColumn, CandidateSource
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_table
from ctg_geo.sources.points import lon_lat, projected

__all__ = ["CandidatesRead", "read_candidates"]


@dataclass(frozen=True, slots=True, eq=False)
class CandidatesRead:
    """Candidate sites that keep their contract; every row of the file is one.

    `table` by candidate_id: nom, code_insee (empty if not told), x, y (metres), kind
    (`list`), cost_open and cost_place (euros; NaN where the file has no such column), group,
    decision (empty, forced or forbidden).
    """

    table: pd.DataFrame
    ledger: Ledger
    findings: tuple[Finding, ...]


def read_candidates(path: Path, source: CandidateSource, *, crs: str) -> CandidatesRead:
    """Read a planner's list of candidate sites.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
        With every wrong cell: no identifier or one that stands twice, no name, no
        coordinates, a cost missing or negative where its column exists, an unknown decision.
    """
    raw = read_table(path, source)
    raw.decimals = (".", ",")
    columns = source.columns
    raw.require(columns.values())
    identifiers = _identifiers(raw, columns["candidate_id"])
    if "x" in columns:
        given = source.crs or crs
        x, y = projected(raw, columns["x"], columns["y"], given=given, crs=crs)
        first = columns["x"]
    else:
        x, y = lon_lat(raw, columns["lon"], columns["lat"], crs=crs)
        first = columns["lon"]
    empty = raw.text(first) == ""
    for at in np.flatnonzero(empty):
        raw.add("candidate_nowhere", int(at), first, "")
    table = pd.DataFrame({
        "nom": _named(raw, columns["nom"]),
        "code_insee": _codes(raw, columns),
        "x": x,
        "y": y,
        "kind": "list",
        "cost_open": _costs(raw, columns, "cost_open"),
        "cost_place": _costs(raw, columns, "cost_place"),
        "group": raw.text(columns["group"]) if "group" in columns else "",
        "decision": _decisions(raw, source),
    })  # fmt: skip
    raw.raise_defects()
    table.index = pd.Index(identifiers, name="candidate_id", dtype=object)
    contracts.checked(table, contracts.CANDIDATES, table_name=raw.name)
    ledger = Ledger(raw.name, len(raw), len(table), {})
    return CandidatesRead(table, ledger, tuple(raw.findings))


def _identifiers(raw: RawTable, column: str) -> npt.NDArray[np.object_]:
    found = raw.text(column)
    first: dict[object, int] = {}
    for at, value in enumerate(found):
        if not value:
            raw.add("candidate_no_id", at, column, "")
        elif value in first:
            raw.add("candidate_twice", at, column, str(value), first=str(raw.row[first[value]]))
        first.setdefault(value, at)
    return found


def _named(raw: RawTable, column: str) -> npt.NDArray[np.object_]:
    found = raw.text(column)
    for at in np.flatnonzero(found == ""):
        raw.add("candidate_no_name", int(at), column, "")
    return found


def _codes(raw: RawTable, columns: dict[CandidateColumn, str]) -> npt.NDArray[np.object_] | str:
    return raw.codes(columns["code_insee"], optional=True) if "code_insee" in columns else ""


def _costs(
    raw: RawTable, columns: dict[CandidateColumn, str], name: CandidateColumn
) -> npt.NDArray[np.float64]:
    if name not in columns:
        return np.full(len(raw), np.nan)
    read = raw.numbers(columns[name])
    for at in np.flatnonzero(read.status != "observed"):
        raw.add("candidate_cost", int(at), columns[name], raw.text(columns[name])[at])
    return read.value


def _decisions(raw: RawTable, source: CandidateSource) -> npt.NDArray[np.object_] | str:
    if "decision" not in source.columns:
        return ""
    column = source.columns["decision"]
    words = {word.casefold(): "forced" for word in source.forced_words}
    words |= {word.casefold(): "forbidden" for word in source.forbidden_words}
    said = raw.text(column)
    found = np.array([words.get(str(word).casefold(), "") for word in said], dtype=object)
    for at in np.flatnonzero((said != "") & (found == "")):
        known = [*source.forced_words, *source.forbidden_words]
        raw.add("candidate_decision", int(at), column, str(said[at]), known=", ".join(known))
    return found
