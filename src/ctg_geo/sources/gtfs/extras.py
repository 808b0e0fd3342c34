"""frequencies.txt and transfers.txt: trips that come back, and changes that feeds tell of."""

from typing import Final

import numpy as np
import pandas as pd

from ctg_geo.sources.gtfs.rows import NO_TIME, Rows

__all__ = ["read_changes", "read_frequencies"]

_KINDS: Final = ("0", "1", "2", "3", "4", "5")
_SHORTEST_S: Final = 10  # no line runs closer; a day of seconds would fill the memory
_WAITS, _LEAST, _NEVER, _SEATED = 1, 2, 3, 4
_NARROW: Final = ("from_trip_id", "to_trip_id", "from_route_id", "to_route_id")


def read_frequencies(rows: Rows, trips: pd.Index) -> pd.DataFrame:
    """Read how often trips come back.

    Returns
    -------
    DataFrame
        trip (number), from_s, until_s, every_s. Without exact times, trips are taken to leave
        on the dot from the first second on: the feed knows no better.

    Raises
    ------
    MissingColumnError
        If the table lacks a column.
    """
    names = ["trip", "from_s", "until_s", "every_s"]
    if not len(rows):
        return pd.DataFrame({name: np.zeros(0, np.int64) for name in names})
    rows.require("trip_id", "start_time", "end_time", "headway_secs")
    table = pd.DataFrame({
        "trip": rows.known("trip_id", trips, table="trips.txt"),
        "from_s": rows.seconds("start_time"), "until_s": rows.seconds("end_time"),
        "every_s": rows.numbers("headway_secs"),
    })  # fmt: skip
    for column, name in (("from_s", "start_time"), ("until_s", "end_time")):
        rows.refuse((table[column] == NO_TIME).to_numpy(), name, "gtfs_void")
    rows.refuse(~(table["every_s"] >= _SHORTEST_S).to_numpy(), "headway_secs", "gtfs_headway")
    rows.refuse((table["until_s"] <= table["from_s"]).to_numpy(), "end_time", "gtfs_backwards")
    return table[~rows.bad].astype(np.int64).reset_index(drop=True)


def read_changes(
    rows: Rows, places: pd.DataFrame, stops: pd.Index
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Read the changes that a feed tells of, from stop to stop.

    Parameters
    ----------
    places : by stop_id, all that stops.txt holds: station
    stops : stop_id of the stops that are used

    Returns
    -------
    DataFrame
        from_stop, to_stop (numbers in `stops`), least_ms: 0 where the vehicle waits, -1 where
        one cannot change. A station stands for all of its stops. Of rows on one pair, the
        strictest counts.
    dict
        Rows that are left, by reason: for one trip or line only, seats kept, elsewhere.

    Raises
    ------
    MissingColumnError
        If the table lacks a column.
    """
    none = pd.DataFrame({name: np.zeros(0, np.int64)
                         for name in ("from_stop", "to_stop", "least_ms")})  # fmt: skip
    if not len(rows):
        return none, {}
    rows.require("from_stop_id", "to_stop_id")
    kind = rows.choice("transfer_type", _KINDS)
    narrow = np.logical_or.reduce([rows.text(column) != "" for column in _NARROW])
    narrow |= kind >= _SEATED
    least = rows.numbers("min_transfer_time")
    for column in ("from_stop_id", "to_stop_id"):
        strange = ~pd.Index(rows.text(column)).isin(places.index) & ~narrow
        rows.refuse(strange, column, "gtfs_stranger", table="stops.txt")
    rows.refuse((kind == _LEAST) & ~(least >= 0) & ~narrow, "min_transfer_time", "gtfs_void")
    plain = (kind == 0) & ~narrow & ~rows.bad  # recommended: nothing more than a walk
    kept = ~narrow & ~rows.bad & ~plain
    told = pd.DataFrame({
        "row": np.arange(len(rows)),
        "from": rows.text("from_stop_id"), "to": rows.text("to_stop_id"),
        "least_ms": np.select([kind == _NEVER, kind == _WAITS], [-1.0, 0.0], least * 1000),
    })[kept]  # fmt: skip
    made = _spread(_spread(told, "from", places, stops), "to", places, stops)
    aside = {"transfer_narrow": int((narrow & ~rows.bad).sum()),
             "outside": int(kept.sum()) - made["row"].nunique()}  # fmt: skip
    if made.empty:
        return none, aside
    strictest = made["least_ms"].where(made["least_ms"] >= 0, np.inf)
    made = made.drop(columns="row").assign(least_ms=strictest)
    made = made.groupby(["from_stop", "to_stop"], as_index=False).max()
    made["least_ms"] = made["least_ms"].where(np.isfinite(made["least_ms"]), -1)
    return made.astype(np.int64), aside


def _spread(table: pd.DataFrame, end: str, places: pd.DataFrame, stops: pd.Index) -> pd.DataFrame:
    """Put the stops of a station in its place, and numbers in the place of identifiers."""
    within = pd.DataFrame({
        "stop": np.arange(len(stops)), "own": stops,
        "above": places["station"].reindex(stops).to_numpy(),
    })  # fmt: skip
    long = pd.concat([within[["stop", "own"]].rename(columns={"own": "key"}),
                      within[["stop", "above"]].rename(columns={"above": "key"})])  # fmt: skip
    long = long[long["key"] != ""]
    joined = table.merge(long, left_on=end, right_on="key")
    return joined.drop(columns=[end, "key"]).rename(columns={"stop": f"{end}_stop"})
