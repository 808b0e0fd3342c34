"""ANCT, list of France services (liste-fs): places with their opening hours day by day."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import numpy as np

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.files import read_table
from ctg_geo.sources.hours import Hours, hours_of_days
from ctg_geo.sources.official.headings import either
from ctg_geo.sources.official.places import (
    Objects,
    hours_columns,
    in_area,
    places_table,
    service_rows,
)
from ctg_geo.sources.points import lon_lat

__all__ = ["read_france_services"]

_NEEDED: Final = ("id_fs", "lib_fs", "insee_com", "longitude", "latitude", "format_fs")
_DAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_FORMATS: Final = {
    "fixe": "fixed", "antenne": "branch", "fixe_antenne(s)": "branch", "multisites": "multi_site",
    "bus": "mobile", "bus_équivalent": "mobile", "mobile": "mobile",
}  # fmt: skip


def read_france_services(
    path: Path, source: EquipementsSource, *, crs: str, codes: Collection[str] | None = None
) -> TableRead:
    """Read France services; `services` of the source, if any, translates format_fs.

    Parameters
    ----------
    path : CSV of the list, or the same table in another form
    source : `delivery` may translate a format_fs that is not known here
    crs : metric CRS of x and y
    codes : communes wanted; None for all

    Returns
    -------
    TableRead, its table by equipement_id (contract `equipements`), ids as fs-<id_fs>
        More columns: hours_status, format_fs, prise_rdv. The hours of a bus or of several
        sites are those of the whole service, not of one halt.

    Raises
    ------
    MissingColumnError, UnreadableFileError, DataError

    References
    ----------
    https://www.data.gouv.fr/fr/datasets/liste-des-structures-france-services/
    """
    read = read_table(path, source)
    names = {name: (name,) for name in (*_NEEDED, *(f"h_{day}" for day in _DAYS), "prise_rdv")}
    optional = [name for name in names if name not in _NEEDED]
    column = either(read, names, optional=optional)
    aside: dict[str, int] = {}
    raw = in_area(read, column["insee_com"], codes, aside)
    said = [[each] for each in raw.text(column["format_fs"])]
    raw, at, service = service_rows(raw, source, said, aside)
    code = raw.codes(column["insee_com"], optional=True)
    x, y = lon_lat(raw, column["longitude"], column["latitude"], crs=crs)
    name, identity = raw.text(column["lib_fs"]), raw.text(column["id_fs"])
    rdv = raw.text(column["prise_rdv"]) if "prise_rdv" in column else np.full(len(raw), "")
    days = {number: column[f"h_{day}"] for number, day in enumerate(_DAYS) if f"h_{day}" in column}
    by_row = {
        "equipement_id": np.array([f"fs-{each}" for each in identity], dtype=object),
        "nom": np.where(name == "", [f"fs-{each}" for each in identity], name).astype(object),
        "code_insee": code, "x": x, "y": y,
        "delivery": _deliveries(raw, column["format_fs"], source),
        "format_fs": raw.text(column["format_fs"]), "prise_rdv": rdv.astype(object),
        **hours_columns(raw, _hours(raw, days, source)),
    }  # fmt: skip
    by_place = {name: values[at] for name, values in by_row.items()} | {"service": service}
    return places_table(raw, source, by_place, at=at, rows=len(read), aside=aside)


def _hours(raw: RawTable, days: dict[int, str], source: EquipementsSource) -> list[Hours]:
    cells = {number: raw.text(column) for number, column in days.items()}
    return [
        hours_of_days(
            {number: str(values[at]) for number, values in cells.items()},
            assumed=source.assumed_hours,
        )
        for at in range(len(raw))
    ]


def _deliveries(raw: RawTable, column: str, source: EquipementsSource) -> Objects:
    said = raw.text(column)
    found = [source.delivery.get(each, _FORMATS.get(each.casefold(), "")) for each in said]
    for at, each in enumerate(found):
        if not each:
            raw.add("bad_delivery", at, column, str(said[at]), known=list(contracts.DELIVERIES))
    return np.array([each or "fixed" for each in found], dtype=object)
