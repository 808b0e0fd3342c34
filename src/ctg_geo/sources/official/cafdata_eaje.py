"""Cnaf, Cafdata: addresses and places of the EAJE that a Caf finances."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np

from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.files import read_table
from ctg_geo.sources.official.headings import either
from ctg_geo.sources.official.places import (
    Objects,
    in_area,
    places_table,
    service_rows,
)

__all__ = ["read_eaje"]

_NEEDED: Final = ("ID", "ANNIDEAC", "NBPLA0A5", "NUMCOM")
_ADDRESS: Final = ("NUMVOIE", "TYPVOIE", "NOMVOIE", "CODPOST", "NOMCOM")
_OPTIONAL: Final = ("NOMEQU", "RAISOEEQ", *_ADDRESS)


def read_eaje(
    path: Path, source: EquipementsSource, *, crs: str, codes: Collection[str] | None = None
) -> TableRead:
    """Read the EAJE of the last year of the file; it gives addresses and no coordinates.

    Parameters
    ----------
    path : CSV of « Adresses des établissements d'accueil du jeune enfant percevant une
        prestation de service Caf et nombre de places offertes »
    source : the service they are
    crs : of the study; unused, every place is known to its commune
    codes : communes wanted (NUMCOM); None for all

    Returns
    -------
    TableRead, its table by equipement_id (contract `equipements`), ids as eaje-<ID>
        `capacity` is NBPLA0A5. One more column, adresse, for a geocoder.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
    """
    _ = crs
    read = read_table(path, source)
    names = {name: (name,) for name in (*_NEEDED, *_OPTIONAL)}
    column = either(read, names, optional=_OPTIONAL)
    year = read.text(column["ANNIDEAC"])
    last = max(year, default="")
    aside = {"older_years": int((year != last).sum())}
    if aside["older_years"]:
        facts: dict[str, object] = {"count": aside["older_years"], "year": str(last)}
        read.findings.append(Finding("info", "last_year", read.name, facts=facts))
    raw = in_area(read.only(year == last), column["NUMCOM"], codes, aside)
    raw, at, service = service_rows(raw, source, [[] for _ in range(len(raw))], aside)
    capacity = raw.numbers(column["NBPLA0A5"])
    identity = np.array([f"eaje-{each}" for each in raw.text(column["ID"])], dtype=object)
    nowhere = np.full(len(raw), np.nan)
    by_row = {
        "equipement_id": identity, "nom": _names(raw, column, identity),
        "code_insee": raw.codes(column["NUMCOM"], optional=True), "x": nowhere, "y": nowhere,
        "capacity": capacity.value, "capacity_status": capacity.status,
        "adresse": _addresses(raw, column),
    }  # fmt: skip
    by_place = {name: values[at] for name, values in by_row.items()} | {"service": service}
    return places_table(raw, source, by_place, at=at, rows=len(read), aside=aside)


def _names(raw: RawTable, column: dict[str, str], identity: Objects) -> Objects:
    """Return the name of each place, else of who runs it, else its identifier."""
    found = identity
    for name in ("RAISOEEQ", "NOMEQU"):
        if name in column:
            said = raw.text(column[name])
            found = np.where(said == "", found, said).astype(object)
    return found


def _addresses(raw: RawTable, column: dict[str, str]) -> Objects:
    parts = [raw.text(column[name]) for name in _ADDRESS if name in column]
    lines = [" ".join(part for part in each if part) for each in zip(*parts, strict=True)]
    return np.array(lines or [""] * len(raw), dtype=object)
