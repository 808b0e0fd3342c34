"""stop_times.txt: when each trip calls at which stop, and what is wrong in its times."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.sources.gtfs.rows import NO_TIME, Rows

__all__ = ["read_calls"]

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_KINDS = ("0", "1", "2", "3")  # regular, none, to be booked, to be agreed with the driver


def read_calls(rows: Rows, trips: pd.Index, places: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Read the calls of trips, in order; a trip with a wrong row is left out whole.

    Parameters
    ----------
    trips : trip_id of the trips that are usable
    places : by stop_id, all that stops.txt holds: kind

    Returns
    -------
    DataFrame
        trip (number), stop (number in `places`), position, arrival_s, departure_s, pickup,
        drop_off (0 regular, 1 none, 2 and 3 to be asked for), sorted by trip and position.
    int
        Times that the feed leaves void, told between those it gives: by distance where all
        calls of the trip have one, else evenly.

    Raises
    ------
    MissingColumnError
        If the table lacks a column.
    """
    rows.require("trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time")
    table = pd.DataFrame({
        "at": np.arange(len(rows)), "trip": rows.known("trip_id", trips, table="trips.txt"),
        "stop": rows.known("stop_id", places.index, table="stops.txt"),
        "position": rows.numbers("stop_sequence"), "metres": rows.numbers("shape_dist_traveled"),
        "arrival_s": rows.seconds("arrival_time"), "departure_s": rows.seconds("departure_time"),
        "pickup": rows.choice("pickup_type", _KINDS),
        "drop_off": rows.choice("drop_off_type", _KINDS),
    })  # fmt: skip
    rows.refuse(np.isnan(table["position"].to_numpy()), "stop_sequence", "gtfs_void")
    kind = np.append(places["kind"].to_numpy(), 0)  # the last: that of a stop not known
    rows.refuse(kind[table["stop"].to_numpy()] != 0, "stop_id", "gtfs_not_a_stop")
    table = table.sort_values(["trip", "position"], kind="stable")
    for one, other in (("arrival_s", "departure_s"), ("departure_s", "arrival_s")):
        table[one] = table[one].where(table[one] != NO_TIME, table[other])
    _check_ends(rows, table)
    table = _whole(rows, table)
    void = (table["arrival_s"] == NO_TIME).to_numpy()
    if void.any():
        _between(table, void)
    _check_order(rows, table)
    kept = _whole(rows, table)
    return kept.drop(columns=["at", "metres"]).reset_index(drop=True), int(void.sum())


def _check_ends(rows: Rows, table: pd.DataFrame) -> None:
    """Refuse trips whose first or last call has no time, and those that call once."""
    trip = table["trip"].to_numpy()
    first = np.ones(len(trip), dtype=bool)
    first[1:] = trip[1:] != trip[:-1]
    last = np.roll(first, -1) if len(first) else first
    none = (table["arrival_s"] == NO_TIME).to_numpy()
    _refuse(rows, table, (first | last) & none & (trip >= 0), "arrival_time", "gtfs_end_time")
    _refuse(rows, table, first & last & (trip >= 0), "trip_id", "gtfs_one_call")


def _check_order(rows: Rows, table: pd.DataFrame) -> None:
    """Refuse trips that go back in time, or whose calls have one number twice."""
    same = np.zeros(len(table), dtype=bool)
    trip = table["trip"].to_numpy()
    same[1:] = trip[1:] == trip[:-1]
    arrival, departure = (table[each].to_numpy() for each in ("arrival_s", "departure_s"))
    _refuse(rows, table, departure < arrival, "departure_time", "gtfs_backwards")
    before = np.roll(departure, 1)
    _refuse(rows, table, same & (arrival < before), "arrival_time", "gtfs_backwards")
    position = table["position"].to_numpy()
    _refuse(rows, table, same & (position == np.roll(position, 1)), "stop_sequence",
            "gtfs_same_number")  # fmt: skip


def _refuse(rows: Rows, table: pd.DataFrame, wrong: Bools, column: str, reason: str) -> None:
    """Refuse rows of the sorted table."""
    mask = np.zeros(len(rows), dtype=bool)
    mask[table["at"].to_numpy()[wrong]] = True
    rows.refuse(mask, column, reason)


def _whole(rows: Rows, table: pd.DataFrame) -> pd.DataFrame:
    """Return the calls of trips none of whose rows is set aside."""
    bad = rows.bad[table["at"].to_numpy()]
    broken = table["trip"][bad].unique()
    return table[~table["trip"].isin(broken) & (table["trip"] >= 0)]


def _between(table: pd.DataFrame, void: Bools) -> None:
    """Fill in the times of calls that have none, between those of their trip that have."""
    trip = table["trip"].to_numpy()
    start = np.flatnonzero(np.concatenate(([True], trip[1:] != trip[:-1])))
    end = np.append(start[1:], len(trip))
    arrival = table["arrival_s"].to_numpy(np.int64).copy()
    departure = table["departure_s"].to_numpy(np.int64).copy()
    metres = table["metres"].to_numpy(np.float64)
    holes = np.add.reduceat(void, start) > 0
    for low, high in zip(start[holes], end[holes], strict=True):
        here = slice(low, high)
        run = metres[here]
        if np.isnan(run).any() or (np.diff(run) < 0).any():
            run = np.arange(high - low, dtype=np.float64)
        told = _interpolated(run, ~void[here], arrival[here], departure[here])
        arrival[here], departure[here] = (
            np.where(void[here], told, each[here]) for each in (arrival, departure)
        )
    table["arrival_s"], table["departure_s"] = arrival, departure


def _interpolated(run: Floats, known: Bools, arrival: Longs, departure: Longs) -> Longs:
    """Return a time for each call: from the departure before it to the arrival after it."""
    at = np.flatnonzero(known)
    after = np.searchsorted(at, np.arange(len(run)), side="left").clip(1, len(at) - 1)
    low, high = at[after - 1], at[after]
    span = run[high] - run[low]
    share = np.divide(run - run[low], span, out=np.zeros(len(run)), where=span > 0)
    told: Floats = departure[low] + share * (arrival[high] - departure[low])
    return np.rint(told).astype(np.int64)
