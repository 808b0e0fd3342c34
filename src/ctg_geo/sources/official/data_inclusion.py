"""data·inclusion: structures and services of inclusion, as JSON, CSV or Parquet."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.errors import UnreadableFileError
from ctg_geo.sources.cells import as_text, damaged_parquet, detail
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.files import check_present, read_table
from ctg_geo.sources.official.headings import either, text_or_empty
from ctg_geo.sources.official.lists import split
from ctg_geo.sources.official.places import (
    Objects,
    hours_columns,
    in_area,
    places_table,
    repeated,
    service_rows,
    stated_hours,
)
from ctg_geo.sources.points import lon_lat

__all__ = ["read_data_inclusion"]

_NEEDED: Final = ("id", "nom", "code_insee", "longitude", "latitude")
# Versions 1 and 0 of the schema; words of any of these may be translated to a service.
_WORDS: Final = ("reseaux_porteurs", "thematiques", "types", "type", "typologie",
                 "labels_nationaux")  # fmt: skip
_HOURS: Final = ("horaires_accueil", "horaires_ouverture")
_RECORDS: Final = ("items", "structures", "services", "data")


def read_data_inclusion(
    path: Path, source: EquipementsSource, *, crs: str, codes: Collection[str] | None = None
) -> TableRead:
    """Read structures, or services, of data·inclusion (schema v0 or v1).

    `services` of the source, if any, translates words of reseaux_porteurs, thematiques,
    types, typologie and labels_nationaux (``{ mission-locale = "mission_locale" }``).

    Returns
    -------
    TableRead, its table by equipement_id (contract `equipements`)
        More columns: hours_status, reseaux, date_maj.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError

    References
    ----------
    https://github.com/gip-inclusion/data-inclusion-schema
    """
    read = _opened(path, source)
    names: dict[str, tuple[str, ...]] = {"hours": _HOURS}
    names |= {name: (name,) for name in (*_NEEDED, *_WORDS, "source", "date_maj")}
    column = either(read, names, optional=[name for name in names if name not in _NEEDED])
    aside: dict[str, int] = {}
    raw = in_area(read, column["code_insee"], codes, aside)
    words: list[list[str]] = [[] for _ in range(len(raw))]
    for key in (each for each in _WORDS if each in column):
        words = [a + b for a, b in zip(words, split(raw.text(column[key])), strict=True)]
    raw, at, service = service_rows(raw, source, words, aside)
    x, y = lon_lat(raw, column["longitude"], column["latitude"], crs=crs)
    identity, name = _identity(raw, column), raw.text(column["nom"])
    said = [stated_hours(str(text), source) for text in text_or_empty(raw, column, "hours")]
    by_row = {
        "nom": np.where(name == "", identity, name).astype(object),
        "code_insee": raw.codes(column["code_insee"], optional=True), "x": x, "y": y,
        "reseaux": text_or_empty(raw, column, "reseaux_porteurs"),
        "date_maj": text_or_empty(raw, column, "date_maj"), **hours_columns(raw, said),
    }  # fmt: skip
    by_place = {name: values[at] for name, values in by_row.items()}
    by_place |= {"equipement_id": repeated(at, identity, service), "service": service}
    return places_table(raw, source, by_place, at=at, rows=len(read), aside=aside)


def _identity(raw: RawTable, column: dict[str, str]) -> Objects:
    """Return the source and the identifier in it: an identifier alone is not unique in v0."""
    own, whose = raw.text(column["id"]), text_or_empty(raw, column, "source")
    for at in np.flatnonzero(own == ""):
        raw.add("id_missing", int(at), column["id"], "")
    named = [each if not owner or each.startswith(f"{owner}--") else f"{owner}--{each}"
             for each, owner in zip(own, whose, strict=True)]  # fmt: skip
    return np.array(named, dtype=object)


def _opened(path: Path, source: EquipementsSource) -> RawTable:
    """Open the table; lists in its cells become JSON."""
    lower = path.name.lower()
    if lower.endswith(".json"):
        frame = _records(path)
    elif lower.endswith(".parquet"):
        check_present(path)
        try:
            frame = pd.read_parquet(path)
        except damaged_parquet() as error:
            raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error
    else:
        return read_table(path, source)
    if frame.empty:
        raise UnreadableFileError("no_rows", file=path.name)
    texts = as_text(frame.astype(object).map(_joined))
    row = np.arange(len(texts), dtype=np.int64) + 1
    return RawTable(path.name, texts, row, source)


def _records(path: Path) -> pd.DataFrame:
    check_present(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError("cut", file=path.name, detail=detail(error)) from error
    if isinstance(content, dict):
        content = next((content[key] for key in _RECORDS if key in content), None)
    if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
        raise UnreadableFileError("not_records", file=path.name)
    return pd.DataFrame(content)


def _joined(value: Any) -> object:  # noqa: ANN401
    if isinstance(value, list | tuple | np.ndarray):
        return json.dumps([str(each) for each in value], ensure_ascii=False)
    return value
