"""Lieux de médiation numérique (national schema), and the older list of conseillers numériques."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.files import read_table
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

__all__ = ["read_conseillers_numeriques", "read_mediation_numerique"]

_NEEDED: Final = ("id", "nom", "code_insee", "latitude", "longitude", "services")
_OPTIONAL: Final = ("typologie", "horaires", "itinerance", "date_maj")
_OLDER: Final = ("id", "raison_sociale", "insee_com", "latitude", "longitude", "nb_cnfs")


def read_mediation_numerique(
    path: Path, source: EquipementsSource, *, crs: str, codes: Collection[str] | None = None
) -> TableRead:
    """Read places that follow the schema, their lists joined by `|`, `;` or a comma.

    `services` of the source, if any, translates codes of typologie (CCAS, BIB, …) and words
    of services; without it all places are of its one service.

    Returns
    -------
    TableRead, its table by equipement_id (contract `equipements`), ids as published
        More columns: hours_status, typologie, date_maj. A place that is both fixed and
        itinerant is multi_site.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError

    References
    ----------
    https://github.com/LaMednum/standard-mediation-num
    """
    read = read_table(path, source)
    names = {name: (name,) for name in (*_NEEDED, *_OPTIONAL)}
    column = either(read, names, optional=_OPTIONAL)
    aside: dict[str, int] = {}
    raw = in_area(read, column["code_insee"], codes, aside)
    words = [types + offers for types, offers in zip(
        split(text_or_empty(raw, column, "typologie")),
        split(text_or_empty(raw, column, "services"), comma=False), strict=True,
    )]  # fmt: skip
    raw, at, service = service_rows(raw, source, words, aside)
    x, y = lon_lat(raw, column["longitude"], column["latitude"], crs=crs)
    name, identity = raw.text(column["nom"]), raw.text(column["id"])
    said = [stated_hours(str(text), source) for text in text_or_empty(raw, column, "horaires")]
    by_row = {
        "nom": np.where(name == "", identity, name).astype(object),
        "code_insee": raw.codes(column["code_insee"], optional=True), "x": x, "y": y,
        "delivery": _deliveries(text_or_empty(raw, column, "itinerance")),
        "typologie": text_or_empty(raw, column, "typologie"),
        "date_maj": text_or_empty(raw, column, "date_maj"),
        **hours_columns(raw, said),
    }  # fmt: skip
    by_place = {name: values[at] for name, values in by_row.items()}
    by_place |= {"equipement_id": repeated(at, _named(raw, identity, column["id"]), service),
                 "service": service}  # fmt: skip
    return places_table(raw, source, by_place, at=at, rows=len(read), aside=aside)


def read_conseillers_numeriques(
    path: Path, source: EquipementsSource, *, crs: str, codes: Collection[str] | None = None
) -> TableRead:
    """Read the bodies that hosted conseillers numériques (ANCT, 2022).

    Their points are the seats of the bodies, not where people are received: every position
    is estimated.

    Returns
    -------
    TableRead, its table by equipement_id (contract `equipements`), ids as cnfs-<id>
        More columns: nb_cnfs, how many were granted.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError
    """
    read = read_table(path, source)
    column = either(read, {name: (name,) for name in _OLDER})
    aside: dict[str, int] = {}
    raw = in_area(read, column["insee_com"], codes, aside)
    raw, at, service = service_rows(raw, source, [[] for _ in range(len(raw))], aside)
    x, y = lon_lat(raw, column["longitude"], column["latitude"], crs=crs)
    name = raw.text(column["raison_sociale"])
    identity = [f"cnfs-{each}" for each in _named(raw, raw.text(column["id"]), column["id"])]
    by_row = {
        "equipement_id": np.array(identity, dtype=object),
        "nom": np.where(name == "", identity, name).astype(object),
        "code_insee": raw.codes(column["insee_com"], optional=True), "x": x, "y": y,
        "location_status": np.full(len(raw), contracts.ESTIMATED, dtype=object),
        "nb_cnfs": raw.numbers(column["nb_cnfs"]).value,
    }  # fmt: skip
    by_place = {name: values[at] for name, values in by_row.items()} | {"service": service}
    return places_table(raw, source, by_place, at=at, rows=len(read), aside=aside)


def _named(raw: RawTable, identity: Objects, column: str) -> Objects:
    for at in np.flatnonzero(identity == ""):
        raw.add("id_missing", int(at), column, "")
    return identity


def _deliveries(itinerance: Objects) -> Objects:
    words = [{word.casefold() for word in each} for each in split(itinerance)]
    found = ["fixed" if "itinérant" not in each else "multi_site" if "fixe" in each else "mobile"
             for each in words]  # fmt: skip
    return np.array(found, dtype=object)
