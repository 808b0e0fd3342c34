"""Coordinates that come in as two columns."""

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from ctg_geo.sources.door import RawTable

__all__ = ["lon_lat", "projected"]

Floats = npt.NDArray[np.float64]

# Metropolitan France, generously: what lies outside, swapped, lies inside.
_LON, _LAT = (-5.5, 10.0), (41.0, 51.6)


def lon_lat(raw: RawTable, lon_column: str, lat_column: str, *, crs: str) -> tuple[Floats, Floats]:
    """Read longitude and latitude (EPSG:4326) and return metres in `crs`; NaN where empty.

    A pair that only makes sense the other way round is noted as swapped; one that is no
    longitude or latitude at all, as out of range.
    """
    lon = raw.numbers(lon_column, minimum=None).value
    lat = raw.numbers(lat_column, minimum=None).value
    _refuse_half(raw, lon_column, lat_column)
    swapped = _between(lon, _LAT) & _between(lat, _LON)
    for at in np.flatnonzero(swapped):
        facts = {"lon": lon[at], "lat": lat[at]}
        raw.add("lon_lat_swapped", int(at), lon_column, raw.frame[lon_column].iloc[at], **facts)
    for values, column, bound in ((lon, lon_column, 180.0), (lat, lat_column, 90.0)):
        for at in np.flatnonzero(np.abs(values) > bound):
            raw.add("not_degrees", int(at), column, raw.frame[column].iloc[at])
    usable = ~np.isnan(lon) & ~np.isnan(lat) & (np.abs(lat) <= 90) & (np.abs(lon) <= 180)  # noqa: PLR2004
    return _moved(lon, lat, usable, "EPSG:4326", crs)


def projected(
    raw: RawTable, x_column: str, y_column: str, *, given: str, crs: str
) -> tuple[Floats, Floats]:
    """Read coordinates in the CRS `given` and return metres in `crs`; NaN where empty.

    A pair that the CRS has no place for is noted.
    """
    if CRS.from_user_input(given).is_geographic:
        return lon_lat(raw, x_column, y_column, crs=crs)
    x = raw.numbers(x_column, minimum=None).value
    y = raw.numbers(y_column, minimum=None).value
    _refuse_half(raw, x_column, y_column)
    usable = ~np.isnan(x) & ~np.isnan(y)
    moved_x, moved_y = _moved(x, y, usable, given, crs)
    for at in np.flatnonzero(usable & np.isnan(moved_x)):
        raw.add("not_projected", int(at), x_column, raw.frame[x_column].iloc[at], crs=given)
    return moved_x, moved_y


def _refuse_half(raw: RawTable, first: str, second: str) -> None:
    """Note the pairs of which one cell has nothing, or a sign for it, and the other has."""
    signs = {"", *raw.source.signs}
    void = [[value.casefold() in signs for value in raw.text(each)] for each in (first, second)]
    for at, (no_first, no_second) in enumerate(zip(*void, strict=True)):
        if no_first != no_second:
            column = first if no_first else second
            raw.add("coordinate_half", at, column, raw.frame[column].iloc[at])


def _moved(
    x: Floats, y: Floats, usable: npt.NDArray[np.bool_], given: str, crs: str
) -> tuple[Floats, Floats]:
    there_x, there_y = np.full(len(x), np.nan), np.full(len(y), np.nan)
    mover = Transformer.from_crs(given, crs, always_xy=True)
    there_x[usable], there_y[usable] = mover.transform(x[usable], y[usable])
    lost = ~np.isfinite(there_x) | ~np.isfinite(there_y)
    there_x[lost], there_y[lost] = np.nan, np.nan
    return there_x, there_y


def _between(values: Floats, bounds: tuple[float, float]) -> npt.NDArray[np.bool_]:
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]))
