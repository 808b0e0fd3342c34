"""What the readers of official places share: rows kept, and the contract table they make."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.hours import Hours, french_hours, osm_hours

__all__ = [
    "Objects",
    "hours_columns",
    "in_area",
    "places_table",
    "repeated",
    "service_rows",
    "stated_hours",
]

Objects = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

_LISTED = 20  # rows named in a finding


def in_area(
    raw: RawTable, code: str, codes: Collection[str] | None, aside: dict[str, int]
) -> RawTable:
    """Keep the rows of some communes, and those whose commune is not said; count the others.

    A code that is none stays, so that it is told later.
    """
    if codes is None:
        return raw
    said = pd.Series(raw.text(code), dtype=object)
    is_code = said.str.fullmatch(contracts.COMMUNE_CODE)
    elsewhere = (~said.isin(list(codes)) & is_code).to_numpy(dtype=np.bool_)
    aside["elsewhere"] = int(elsewhere.sum())
    return raw.only(~elsewhere)


def service_rows(
    raw: RawTable, source: EquipementsSource, said: list[list[str]], aside: dict[str, int]
) -> tuple[RawTable, npt.NDArray[np.int64], Objects]:
    """Return the service of each place: that of the source, or that of the words of its row.

    A row whose words ask for two services gives two places.

    Returns
    -------
    the rows that give some; position of each place among them; its service
    """
    if source.service is not None:
        every = np.arange(len(raw), dtype=np.int64)
        return raw, every, np.full(len(raw), source.service, dtype=object)
    asked = [sorted({source.services[word] for word in words if word in source.services})
             for words in said]  # fmt: skip
    kept = np.array([bool(services) for services in asked], dtype=np.bool_)
    aside["other_types"] = int((~kept).sum())
    found = [services for services in asked if services]
    at = np.repeat(np.arange(len(found), dtype=np.int64), [len(services) for services in found])
    service = np.array([each for services in found for each in services], dtype=object)
    return raw.only(kept), at, service


def repeated(at: npt.NDArray[np.int64], names: Objects, service: Objects) -> Objects:
    """Return an identifier for each place, with its service where its row gives several."""
    many = np.bincount(at, minlength=len(names) or 1)[at] > 1 if len(at) else np.zeros(0, bool)
    return np.array(
        [f"{name}-{each}" if more else name
         for name, each, more in zip(names[at], service, many, strict=True)],
        dtype=object,
    )  # fmt: skip


def stated_hours(text: str, source: EquipementsSource) -> Hours:
    """Read hours where a schema asks for OpenStreetMap syntax; some producers write French."""
    read = osm_hours(text)
    if read.hours_per_week is not None:
        return read
    french = french_hours(text, assumed=source.assumed_hours)
    return read if french.hours_per_week is None else french


def hours_columns(raw: RawTable, read: list[Hours]) -> dict[str, npt.NDArray[Any]]:
    """Return hours per week of each row with what they are worth; say what is not known."""
    for key, status in (("hours_unknown", "not_available"), ("hours_estimated", "estimated")):
        some = [at for at, hours in enumerate(read) if hours.status == status]
        if some:
            reasons = sorted({read[at].explain() for at in some})
            facts = {"count": len(some), "rows": _rows(raw, some), "reasons": reasons}
            raw.findings.append(Finding("info", key, raw.name, facts=facts))
    value = [np.nan if each.hours_per_week is None else each.hours_per_week for each in read]
    return {
        "hours_per_week": np.array(value, dtype=np.float64),
        "hours_status": np.array([each.status for each in read], dtype=object),
    }


def places_table(
    raw: RawTable,
    source: EquipementsSource,
    columns: Mapping[str, npt.NDArray[Any]],
    *,
    at: npt.NDArray[np.int64],
    rows: int,
    aside: dict[str, int],
) -> TableRead:
    """Make the contract table of places, and account for every row of their file.

    Parameters
    ----------
    raw : the rows kept
    source : provider, vintage, and the capacity assumed where none is known
    columns : by place: equipement_id, service, nom, code_insee, x, y, and any other of the
        contract or beyond it; what is not given is unknown, and `delivery` fixed
    at : by place: its row among those kept
    rows : rows of the file
    aside : rows of the file that are not among those kept, by reason

    Raises
    ------
    DataError
        If a cell is wrong, or an identifier stands twice.
    """
    table = _with_defaults(columns, len(at))
    identity = table.pop("equipement_id").to_numpy(dtype=object)
    _refuse_twice(raw, identity, at)
    raw.raise_defects()
    table.index = pd.Index(identity, name="equipement_id", dtype=object)
    row_of = pd.Series(raw.row[at], index=table.index)
    nowhere = (table["x"].isna() & (table["code_insee"] == "")).to_numpy()
    if nowhere.any():
        lost = sorted(set(at[nowhere]))
        aside["nowhere"] = len(lost)
        facts = {"count": len(lost), "rows": _rows(raw, lost)}
        raw.findings.append(Finding("warning", "places_nowhere", raw.name, facts=facts))
        table, row_of = table[~nowhere], row_of[~nowhere]
    table.loc[table["x"].isna(), "location_status"] = contracts.ESTIMATED
    _assume_capacity(table, source, raw)
    table["source"] = f"{source.provider} {source.vintage}"
    if "typequ" not in table:
        count = table["service"].value_counts().sort_index()
        types = [f"{service} : {number}" for service, number in count.items()]
        raw.findings.append(Finding("info", "places_read", raw.name, facts={"types": types}))
    checked = contracts.checked(table, contracts.EQUIPEMENTS, table_name=raw.name)
    return TableRead(raw.name, checked, row_of, rows, raw.findings, aside=aside)


def _with_defaults(columns: Mapping[str, npt.NDArray[Any]], count: int) -> pd.DataFrame:
    unsaid: dict[str, object] = {
        "capacity": np.nan, "capacity_status": contracts.NOT_AVAILABLE,
        "location_status": contracts.OBSERVED, "delivery": "fixed", "hours_per_week": np.nan,
    }  # fmt: skip
    table = pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})
    for name, value in unsaid.items():
        if name not in table:
            kind = float if isinstance(value, float) else object
            table[name] = pd.Series([value] * count, dtype=kind)
    texts = [name for name in table if table[name].dtype != np.float64]
    return table.astype(dict.fromkeys(texts, object))


def _refuse_twice(raw: RawTable, identity: Objects, at: npt.NDArray[np.int64]) -> None:
    first: dict[str, int] = {}
    for place, name in enumerate(identity):
        if name in first:
            above = str(raw.row[at[first[name]]])
            raw.add("id_twice", int(at[place]), "id", str(name), first=above)
        first.setdefault(name, place)


def _assume_capacity(table: pd.DataFrame, source: EquipementsSource, raw: RawTable) -> None:
    """Take the capacity the source assumes where a place has one that is not known."""
    unknown = table["capacity"].isna() & (table["capacity_status"] == contracts.NOT_AVAILABLE)
    if source.capacity_each is None or not unknown.any():
        return
    each = source.capacity_each.value
    table.loc[unknown, "capacity"] = each
    table.loc[unknown, "capacity_status"] = contracts.ESTIMATED
    facts: dict[str, object] = {"count": int(unknown.sum()), "each": each}
    raw.findings.append(Finding("warning", "capacity_each", raw.name, facts=facts))


def _rows(raw: RawTable, some: Collection[int]) -> list[str]:
    return [str(raw.row[at]) for at in sorted(some)][:_LISTED]
