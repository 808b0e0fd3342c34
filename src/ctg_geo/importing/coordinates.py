"""Coordinates as people write them: decimal commas, degrees and minutes, any French projection."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from ctg_geo.importing.gazetteer import Gazetteer

__all__ = ["Points", "degrees", "pair_of", "points_of"]

Floats = npt.NDArray[np.float64]

# Where French places are (west, south, east, north): a pair that lies in none is wrong or swapped.
_FRANCE: Final = (
    (-5.5, 41.0, 10.0, 51.6), (-63.3, 14.2, -60.7, 18.2), (-54.8, 2.0, -51.5, 6.0),
    (55.1, -21.5, 55.95, -20.8), (44.9, -13.1, 45.4, -12.5), (-56.6, 46.7, -56.0, 47.2),
    (158.0, -23.0, 172.0, -18.0), (-155.0, -28.0, -134.0, -7.0), (-178.3, -14.5, -176.0, -13.0),
)  # fmt: skip

# Projections in use in France, the likeliest first: Lambert 93, the nine conic conformal zones,
# Lambert II extended, UTM, those overseas, and that of web maps.
_PROJECTED: Final = (
    "EPSG:2154", *(f"EPSG:{code}" for code in range(3942, 3951)), "EPSG:27572", "EPSG:32631",
    "EPSG:32630", "EPSG:32632", "EPSG:5490", "EPSG:2972", "EPSG:2975", "EPSG:4471", "EPSG:3857",
)  # fmt: skip

_DMS: Final = re.compile(
    r"\s*(?P<before>[NSEWO])?\s*(?P<sign>[-−+])?\s*(?P<deg>[0-9]{1,3})\s*[°º]\s*"
    r"(?:(?P<min>[0-9]{1,2}(?:[.,][0-9]+)?)\s*['’′´]\s*"  # noqa: RUF001
    r"(?:(?P<sec>[0-9]{1,2}(?:[.,][0-9]+)?)\s*(?:\"|”|″|''|’’|′′)?\s*)?)?"  # noqa: RUF001
    r"(?P<after>[NSEWO](?![a-z]))?\s*",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(r"[-−+]?[0-9]+(?:[.,][0-9]+)?(?:[eE][-+]?[0-9]+)?")
_LETTER: Final = re.compile(r"(?:([NSEWO])\s*)?([^NSEWO]*?)\s*°?\s*([NSEWO])?", re.IGNORECASE)
_WKT: Final = re.compile(r"(?:SRID=[0-9]+;)?POINT\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)
_MOST_DEGREES: Final = 180.0
_BEYOND: Final = 0.5  # degrees: a projection is used a little outside its domain


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Longitude and latitude of rows; NaN where there are none, and why in `reason`."""

    lon: Floats
    lat: Floats
    reason: npt.NDArray[np.object_]  # "", half, not_coordinate, nowhere, zero
    swapped: npt.NDArray[np.bool_]
    crs: str  # of the projected ones; "" if there are none


def degrees(text: str) -> float | None:
    """Return the number a cell means: decimal, or degrees, minutes and seconds.

    Examples
    --------
    >>> degrees("44,9334"), degrees("4°30'E"), degrees("848 123,5"), degrees("Valence")
    (44.9334, 4.5, 848123.5, None)
    """
    said = text.strip()
    match = _DMS.fullmatch(said)
    if match is not None:
        value = float(match["deg"])
        for part, scale in ((match["min"], 60), (match["sec"], 3600)):
            value += float((part or "0").replace(",", ".")) / scale
        turn = (match["before"] or match["after"] or "").upper()
        negative = turn in ("S", "W", "O") or match["sign"] in ("-", "−")
        return -value if negative else value
    lettered = _LETTER.fullmatch(said)
    turn = "" if lettered is None else (lettered[1] or lettered[3] or "").upper()
    bare = said if lettered is None else lettered[2]
    bare = re.sub(r"(?<=[0-9])[\s\u00a0\u202f](?=[0-9]{3}(?:[^0-9]|$))", "", bare.strip())
    if not _PLAIN.fullmatch(bare):
        return None
    number = float(bare.replace(",", ".").replace("−", "-"))
    if not np.isfinite(number):
        return None
    return -abs(number) if turn in ("S", "W", "O") else number


def pair_of(text: str) -> tuple[str, str] | None:
    """Part a cell that holds both coordinates; a WKT point comes as longitude, latitude.

    Examples
    --------
    >>> pair_of("44.93, 4.89"), pair_of("44,93 ; 4,89"), pair_of("POINT(4.89 44.93)")
    (('44.93', '4.89'), ('44,93', '4,89'), ('44.93', '4.89'))
    """
    said = text.strip().strip("()[]")
    wkt = _WKT.fullmatch(text.strip())
    if wkt is not None:
        return wkt[2], wkt[1]
    marks = [match for match in _DMS.finditer(said) if match["deg"]]
    if len(marks) == 2:  # noqa: PLR2004
        return marks[0][0].strip(), marks[1][0].strip()
    commas = re.fullmatch(r"([-+]?[0-9]+,[0-9]+)\s*,\s*([-+]?[0-9]+,[0-9]+)", said)
    if commas is not None:
        return commas[1], commas[2]
    for separator in (r"[;/|]", r",\s+", r"(?<=\d),(?=-?\d+\.)", r"\s+"):
        parts = [part.strip() for part in re.split(separator, said)]
        if len(parts) == 2 and all(degrees(part) is not None for part in parts):  # noqa: PLR2004
            return parts[0], parts[1]
    return None


def points_of(
    first: Sequence[str], second: Sequence[str], *, crs: str | None, known: Gazetteer | None
) -> Points:
    """Locate rows by two columns: longitude and latitude, or x and y.

    Degrees and metres are told apart by their size. A pair that only lies in France the other
    way round is swapped, and told. Without `crs`, the projection is the one that puts the most
    points on the study's ground, else within its own domain.

    Parameters
    ----------
    first, second : as written: longitudes (or x), latitudes (or y); "" for none
    crs : the projection, where a person says it
    """
    x, y, reason = _parsed(first, second)
    usable = reason == ""
    small = usable & (np.abs(x) <= _MOST_DEGREES) & (np.abs(y) <= _MOST_DEGREES)
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    lon[small], lat[small] = x[small], y[small]
    large = usable & ~small
    chosen = ""
    if large.any():
        chosen = crs or _likeliest(x[large], y[large], known)
        for turned in (False, True):
            rows = large & ~_in_france(lon, lat)
            given = (y[rows], x[rows]) if turned else (x[rows], y[rows])
            there = _to_degrees(*given, chosen)
            good = _in_france(*there)
            at = np.flatnonzero(rows)[good]
            lon[at], lat[at] = there[0][good], there[1][good]
    swapped = small & ~_in_france(lon, lat) & _in_france(lat, lon)
    lon[swapped], lat[swapped] = lat[swapped], lon[swapped]
    if large.any():
        direct = _in_france(*_to_degrees(x, y, chosen))
        swapped |= large & ~direct & _in_france(lon, lat)
    lost = usable & ~_in_france(lon, lat)
    reason[lost] = "nowhere"
    lon[reason != ""], lat[reason != ""] = np.nan, np.nan
    return Points(lon, lat, reason, swapped, chosen)


def _parsed(
    first: Sequence[str], second: Sequence[str]
) -> tuple[Floats, Floats, npt.NDArray[np.object_]]:
    x, y = np.full(len(first), np.nan), np.full(len(first), np.nan)
    reason = np.full(len(first), "none", dtype=object)
    for at, (left, right) in enumerate(zip(first, second, strict=True)):
        if not left and not right:
            continue
        values = degrees(left), degrees(right)
        if not left or not right:
            reason[at] = "half"
        elif values[0] is None or values[1] is None:
            reason[at] = "not_coordinate"
        elif values[0] == 0 and values[1] == 0:
            reason[at] = "zero"
        else:
            x[at], y[at], reason[at] = values[0], values[1], ""
    return x, y, reason


def _in_france(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    inside = np.zeros(len(lon), dtype=bool)
    for west, south, east, north in _FRANCE:
        inside |= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _likeliest(x: Floats, y: Floats, known: Gazetteer | None) -> str:
    """Return the projection that puts the most points where they can be."""

    def fitness(code: str) -> tuple[float, float]:
        shares = []
        for given in ((x, y), (y, x)):
            lon, lat = _to_degrees(*given, code)
            west, south, east, north = _domain(code)
            within = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
            share = float(np.mean(within & _in_france(lon, lat)))
            ground = 0.0
            if known is not None and share > 0:
                there = _moved(lon[within], lat[within], str(known.communes.crs))
                ground = known.share_within(*there) * share
            shares.append((ground, share))
        return max(shares)

    return max(_PROJECTED, key=lambda code: (*fitness(code), -_PROJECTED.index(code)))


@cache
def _domain(code: str) -> tuple[float, float, float, float]:
    from pyproj import CRS  # noqa: PLC0415  (heavy)

    area = CRS.from_user_input(code).area_of_use
    if area is None:
        return -180.0, -90.0, 180.0, 90.0
    west, south, east, north = area.bounds
    return west - _BEYOND, south - _BEYOND, east + _BEYOND, north + _BEYOND


def _to_degrees(x: Floats, y: Floats, code: str) -> tuple[Floats, Floats]:
    from pyproj import Transformer  # noqa: PLC0415  (heavy)

    mover = Transformer.from_crs(code, "EPSG:4326", always_xy=True)
    with np.errstate(all="ignore"):
        lon, lat = mover.transform(x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _moved(lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]:
    from pyproj import Transformer  # noqa: PLC0415  (heavy)

    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(lon, lat)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
