"""Insee, Base permanente des équipements (BPE), 2018 onwards: CSV or Parquet."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS
from pyproj.exceptions import CRSError

from ctg_geo import contracts
from ctg_geo.config.study_file import EquipementsSource
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable, TableRead
from ctg_geo.sources.official.bpe_codes import Passage, candidates, read_passage, translated
from ctg_geo.sources.official.bpe_file import pick
from ctg_geo.sources.official.places import Objects, places_table
from ctg_geo.sources.points import lon_lat, projected

__all__ = ["read_bpe", "vintages_apart"]

Floats = npt.NDArray[np.float64]

COLUMNS: Final = (
    "AN", "NOMRS", "LAMBERT_X", "LAMBERT_Y", "LONGITUDE", "LATITUDE", "EPSG", "QUALITE_XY",
    "QUALITE_GEOLOC", "TYPE", "ITINERANCE", "CAPACITE", "INDIC_CAPA", "NB_EQUIP", "QP2024",
)  # fmt: skip
_UNKNOWN, _NONE = "_U", "_Z"  # unknown; not applicable
_TYPES: Final = {"LF": "fixed", "ANT": "branch", "MS": "multi_site", "MO": "mobile"}
_SURE: Final = ("B", "BONNE", "A", "ACCEPTABLE")  # within 100 m, within 500 m
_RANDOM: Final = "33"  # QUALITE_GEOLOC: a point drawn at random in the commune
_OVERSEAS: Final = {"971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
_MOST: Final = 10_000  # places that one row may stand for


def read_bpe(
    path: Path,
    source: EquipementsSource,
    *,
    crs: str,
    codes: Collection[str] | None = None,
    passage: Path | None = None,
) -> TableRead:
    """Read the places of the types asked for, in the communes of the study.

    `services` of the source gives the service of each type code (TYPEQU), as the file's own
    year numbers them. A file of counts (NB_EQUIP, before 2019) gives as many places as it
    says, at their commune.

    Parameters
    ----------
    path : .parquet, .csv or .csv.gz, any layout since 2018
    source : which types are which services
    crs : metric CRS of x and y
    codes : communes wanted (DEPCOM); None for all
    passage : codes of two years side by side, for codes that the file lacks

    Returns
    -------
    TableRead, its table by equipement_id (contract `equipements`)
        More columns: typequ, an, qualite_xy, qp_2024 as published. `capacity` is CAPACITE,
        unknown for _U, not applicable for _Z. A position is estimated where its quality is
        bad or unknown; one drawn at random in the commune is not used.

    Raises
    ------
    MissingColumnError, UnreadableFileError, ConfigError, DataError
        If the file is not a BPE, is damaged, lacks a code asked for, or a cell is wrong.

    References
    ----------
    https://www.insee.fr/fr/metadonnees/source/serie/s1161
    """
    pairs: Passage = frozenset()
    if passage is not None and source.passage is not None:
        pairs = read_passage(passage, source.passage)
    wanted = candidates(source.services, pairs)
    picked = pick(path, source, columns=COLUMNS, types=wanted, codes=codes)
    services = translated(source.services, there=picked.types, passage=pairs, file=path.name)
    raw = RawTable(path.name, picked.frame, picked.row, source)
    raw = raw.only(np.isin(raw.text("TYPEQU"), list(services)))
    elsewhere = sum(count for each, count in picked.elsewhere.items() if each in services)
    aside = {"elsewhere": elsewhere, "other_types": picked.rows - elsewhere - len(raw)}
    counts = _counts(raw)
    unknown = np.isnan(counts)
    partial = pd.DataFrame({
        "service": [services[each] for each in raw.text("TYPEQU")[unknown]],
        "code_insee": raw.text("DEPCOM")[unknown], "status": contracts.NOT_AVAILABLE,
        "row": raw.row[unknown],
    })  # fmt: skip
    at = np.repeat(np.arange(len(raw), dtype=np.int64), np.nan_to_num(counts).astype(np.int64))
    by_place = _places(raw, source, services, crs=crs, at=at)
    _say_types(raw, raw.text("TYPEQU")[at], services, source.services)
    aside["no_equipement"] = len(raw) - len(np.unique(at))
    read = places_table(raw, source, by_place, at=at, rows=picked.rows, aside=aside)
    return replace(read, partial=partial)


def _places(
    raw: RawTable,
    source: EquipementsSource,
    services: Mapping[str, str],
    *,
    crs: str,
    at: npt.NDArray[np.int64],
) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of the places; `at` is the row of each, as one may stand for several."""
    code = raw.codes("DEPCOM")
    x, y = _positions(raw, crs)
    capacity, status = _capacity(raw)
    typequ, year = raw.text("TYPEQU"), _text(raw, "AN")
    by_place: dict[str, npt.NDArray[Any]] = {
        "equipement_id": _identifiers(raw, typequ, year, at),
        "nom": _names(raw, typequ, at),
    }
    by_row: dict[str, npt.NDArray[Any]] = {
        "service": np.array([services[each] for each in typequ], dtype=object),
        "code_insee": code, "x": x, "y": y, "capacity": capacity, "capacity_status": status,
        "location_status": _location_status(raw), "delivery": _deliveries(raw, source),
        "typequ": typequ, "an": year, "qualite_xy": _text(raw, "QUALITE_XY"),
        "qp_2024": _stated(raw, "QP2024"),
    }  # fmt: skip
    return by_place | {name: values[at] for name, values in by_row.items()}


def vintages_apart(reads: Sequence[tuple[TableRead, EquipementsSource]]) -> list[Finding]:
    """Warn where BPE of several years are read: Insee advises against comparing them."""
    years = sorted({
        str(year) for read, source in reads if source.format == "bpe"
        for year in read.table["an"].unique() if year
    })  # fmt: skip
    facts: dict[str, object] = {"years": years}
    return [Finding("warning", "bpe_years", "equipements", facts=facts)] if len(years) > 1 else []


def _text(raw: RawTable, column: str) -> Objects:
    """Return a column as published; empty where the layout has none."""
    if column in raw.frame:
        return raw.text(column)
    return np.full(len(raw), "", dtype=object)


def _stated(raw: RawTable, column: str) -> Objects:
    """Return a column without the signs for unknown and not applicable."""
    said = _text(raw, column)
    return np.where(np.isin(said, (_UNKNOWN, _NONE)), "", said).astype(object)


def _counts(raw: RawTable) -> Floats:
    """Return how many places each row stands for; NaN where the file does not know."""
    if "NB_EQUIP" not in raw.frame:
        return np.ones(len(raw))
    counts = raw.numbers("NB_EQUIP").value
    for at in np.flatnonzero(counts > _MOST):
        raw.add("too_many", int(at), "NB_EQUIP", raw.frame["NB_EQUIP"].iloc[at], most=_MOST)
    for at in np.flatnonzero(counts % 1 > 0):
        raw.add("not_whole", int(at), "NB_EQUIP", raw.frame["NB_EQUIP"].iloc[at])
    raw.raise_defects()
    return counts


def _positions(raw: RawTable, crs: str) -> tuple[Floats, Floats]:
    """Return metres in `crs`: from metres in the CRS of each row, else from degrees."""
    x, y = np.full(len(raw), np.nan), np.full(len(raw), np.nan)
    cleaned = {name: _stated(raw, name)
               for name in ("LAMBERT_X", "LAMBERT_Y", "LONGITUDE", "LATITUDE")}  # fmt: skip
    plain = RawTable(raw.name, raw.frame.assign(**cleaned), raw.row, raw.source, raw.findings,
                     raw.defects, (".", ","))  # fmt: skip
    epsg = _epsg(raw)
    metres = (cleaned["LAMBERT_X"] != "") | (cleaned["LAMBERT_Y"] != "")
    for each in sorted(set(epsg[metres])):
        mask = metres & (epsg == each)
        given = f"EPSG:{each}"
        x[mask], y[mask] = projected(plain.only(mask), "LAMBERT_X", "LAMBERT_Y", given=given,
                                     crs=crs)  # fmt: skip
    degrees = ~metres & ((cleaned["LONGITUDE"] != "") | (cleaned["LATITUDE"] != ""))
    if degrees.any():
        x[degrees], y[degrees] = lon_lat(plain.only(degrees), "LONGITUDE", "LATITUDE", crs=crs)
    at_random = _text(raw, "QUALITE_GEOLOC") == _RANDOM
    if (drawn := int((at_random & ~np.isnan(x)).sum())) > 0:
        raw.findings.append(Finding("info", "bpe_random", raw.name, facts={"count": drawn}))
    x[at_random], y[at_random] = np.nan, np.nan
    return x, y


def _epsg(raw: RawTable) -> Objects:
    """Return the EPSG code of each row: the one stated, else that of its territory."""
    stated, code = _stated(raw, "EPSG"), raw.text("DEPCOM")
    usual = [str(_OVERSEAS.get(each[:3], 2154)) for each in code]
    found = np.where(stated == "", usual, stated).astype(object)
    known = {each: _is_crs(each) for each in set(found)}
    for at, each in enumerate(found):
        if not known[each]:
            raw.add("bpe_epsg", at, "EPSG", str(each))
            found[at] = "2154"
    return found


def _is_crs(code: str) -> bool:
    try:
        return code.isdecimal() and bool(CRS.from_epsg(int(code)))
    except CRSError:
        return False


def _location_status(raw: RawTable) -> Objects:
    sure = np.isin([each.upper() for each in _text(raw, "QUALITE_XY")], _SURE)
    return np.where(sure, contracts.OBSERVED, contracts.ESTIMATED).astype(object)


def _capacity(raw: RawTable) -> tuple[Floats, Objects]:
    """Return CAPACITE and what it is worth; INDIC_CAPA = 0 says that it has no meaning."""
    said = _text(raw, "CAPACITE")
    apart = (said == _NONE) | (_text(raw, "INDIC_CAPA") == "0")
    void = np.isin(said, ("", _UNKNOWN, _NONE)) | apart
    plain = raw.only(np.ones(len(raw), dtype=np.bool_))
    plain.frame = plain.frame.assign(CAPACITE=np.where(void, "", said))
    numbers = plain.numbers("CAPACITE")
    status = np.where(apart, contracts.NOT_APPLICABLE, numbers.status).astype(object)
    return numbers.value, status


def _deliveries(raw: RawTable, source: EquipementsSource) -> Objects:
    said = _stated(raw, "TYPE")
    known = _TYPES | source.delivery
    odd = sorted({each for each in said if each and each not in known})
    if odd:
        facts: dict[str, object] = {"values": odd, "known": sorted(known)}
        raw.findings.append(Finding("warning", "bpe_type", raw.name, facts=facts))
    found = np.array([known.get(each, "fixed") for each in said], dtype=object)
    return np.where(_text(raw, "ITINERANCE") == "1", "mobile", found).astype(object)


def _names(raw: RawTable, typequ: Objects, at: npt.NDArray[np.int64]) -> Objects:
    stated = _stated(raw, "NOMRS")
    made = [f"{each}, {raw.name}, {row}" for each, row in zip(typequ, raw.row, strict=True)]
    return np.where(stated == "", np.array(made, dtype=object), stated).astype(object)[at]


def _identifiers(
    raw: RawTable, typequ: Objects, year: Objects, at: npt.NDArray[np.int64]
) -> Objects:
    """Make identifiers of year, type and row: the file gives none."""
    nth = np.arange(len(at)) - np.searchsorted(at, at) + 1
    many = "NB_EQUIP" in raw.frame
    stem = [f"bpe{an}-{each}-{row}" for an, each, row in zip(year, typequ, raw.row, strict=True)]
    named = [f"{stem[row]}-{n}" if many else stem[row] for row, n in zip(at, nth, strict=True)]
    return np.array(named, dtype=object)


def _say_types(
    raw: RawTable, typequ: Objects, services: Mapping[str, str], asked: Mapping[str, str]
) -> None:
    """Tell how many places of each type were read, and which codes were translated."""
    count = Counter(typequ)
    types = [f"{each} → {services[each]} : {count[each]}" for each in sorted(services)]
    raw.findings.append(Finding("info", "places_read", raw.name, facts={"types": types}))
    moved = sorted(set(asked) - set(services))
    if moved:
        facts: dict[str, object] = {"asked": moved, "found": sorted(set(services) - set(asked))}
        raw.findings.append(Finding("warning", "bpe_passage", raw.name, facts=facts))
