"""stops.txt: where one gets on and off, in metres, and the station each stop is part of."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from ctg_geo.sources.gtfs.rows import Rows

__all__ = ["read_stops"]

_KINDS = ("0", "1", "2", "3", "4")
_STATION = 1


def read_stops(rows: Rows, *, crs: str, area: Any) -> tuple[pd.DataFrame, pd.DataFrame]:  # noqa: ANN401
    """Read the stops of an area, and tell all that the feed knows apart.

    Parameters
    ----------
    crs : metric CRS of the result
    area : polygon in longitude and latitude, or None for all stops

    Returns
    -------
    stops by stop_id: name, x, y, station ("" where it has none); all places of the file by
    stop_id: kind, station, inside
        A stop without coordinates is where its station is; without either, its row is wrong.

    Raises
    ------
    MissingColumnError
        If the table lacks a column.
    """
    rows.require("stop_id", "stop_lat", "stop_lon")
    table = pd.DataFrame({
        "stop_id": rows.identifiers("stop_id"), "name": rows.text("stop_name"),
        "kind": rows.choice("location_type", _KINDS), "station": rows.text("parent_station"),
        "lon": rows.numbers("stop_lon"), "lat": rows.numbers("stop_lat"),
    })  # fmt: skip
    _place(rows, table)
    table = table[~rows.bad].set_index("stop_id")
    inside = np.ones(len(table), dtype=bool)
    if area is not None:
        shapely.prepare(area)
        inside = shapely.contains_xy(area, table["lon"].to_numpy(), table["lat"].to_numpy())
    table["inside"] = inside
    mover = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    table["x"], table["y"] = mover.transform(table["lon"].to_numpy(), table["lat"].to_numpy())
    stations = table.index[table["kind"] == _STATION]
    table["station"] = table["station"].where(table["station"].isin(stations), "")
    stops = table.loc[(table["kind"] == 0) & table["inside"], ["name", "x", "y", "station"]]
    return stops, table[["kind", "station", "inside"]]


def _place(rows: Rows, table: pd.DataFrame) -> None:
    """Put stops without coordinates at their station, and check all coordinates."""
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    none = np.isnan(lon) | np.isnan(lat) | ((lon == 0) & (lat == 0))
    known = table[~none & ~rows.bad].drop_duplicates("stop_id").set_index("stop_id")
    above = table["station"]
    for column in ("lon", "lat"):
        table[column] = table[column].mask(none, above.map(known[column]))
    placed = table["lon"].notna().to_numpy()
    rows.refuse(~placed, "stop_lat", "gtfs_nowhere")
    wrong = placed & ((table["lon"].abs() > 180) | (table["lat"].abs() > 90)).to_numpy()  # noqa: PLR2004
    rows.refuse(wrong, "stop_lat", "gtfs_degrees")
