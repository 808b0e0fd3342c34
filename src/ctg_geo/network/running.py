"""What the feeds of a study run on one day, as one timetable."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.network.timetable import Timetable, ordered
from ctg_geo.sources.gtfs import Feed

__all__ = ["running"]

Longs = npt.NDArray[np.int64]

_DAY_S: Final = 86_400
_LAST_S: Final = 36 * 3600  # nobody is out later than noon of the next day
_MS: Final = 1000
_NONE, _BOOKED = 1, 2  # of pickup and drop_off
_COLUMNS: Final = ("stop", "arrival_s", "departure_s", "pickup", "drop_off")


def running(
    feeds: Sequence[Feed], day: dt.date, *, crs: str, on_demand: bool
) -> tuple[Timetable, int]:
    """Put together what runs on a day, from its midnight on, late runs of the day before too.

    Parameters
    ----------
    feeds : their stops stay apart, linked by walks alone
    day : civil day
    crs : of the stops
    on_demand : count what must be booked beforehand

    Returns
    -------
    Timetable; number of trips of the day that must be booked, and are not counted
    """
    stops, changes, parts = [], [], []
    first_stop = first_vehicle = booked = 0
    for number, feed in enumerate(feeds, start=1):
        stops.append(feed.stops.set_axis([f"{number}:{key}" for key in feed.stops.index]).assign(
            station=[f"{number}:{key}" if key else "" for key in feed.stops["station"]]
        ))  # fmt: skip
        changes.append(feed.changes.assign(
            from_stop=feed.changes["from_stop"] + first_stop,
            to_stop=feed.changes["to_stop"] + first_stop,
        ))  # fmt: skip
        for shift in (-1, 0, 1):
            services = feed.calendar.running(day + shift * dt.timedelta(days=1))
            on = feed.trips["service_id"].isin(services).to_numpy()
            calls = _calls(feed, on if on_demand else on & ~feed.trips["on_demand"].to_numpy())
            if shift == 0 and not on_demand:
                booked += _booked(feed, on)
            calls["vehicle"] += first_vehicle
            first_vehicle = int(calls["vehicle"].max()) + 1 if len(calls) else first_vehicle
            parts.append(_hops(calls, first_stop, shift * _DAY_S, on_demand=on_demand))
        first_stop += len(feed.stops)
    every = [np.concatenate(column) for column in zip(*parts, strict=True)]
    hops = ordered(*every)
    table = pd.concat(stops).rename_axis("stop_id")
    return Timetable(table, crs, hops, pd.concat(changes, ignore_index=True)), booked


def _booked(feed: Feed, on: npt.NDArray[np.bool_]) -> int:
    """Count the trips that must be booked, wholly or to get on somewhere."""
    calls = feed.calls[on[feed.calls["trip"].to_numpy()]]
    asked = calls.groupby("trip")["pickup"].max() == _BOOKED
    numbers = {*asked.index[asked], *np.flatnonzero(on & feed.trips["on_demand"].to_numpy())}
    return len(numbers & set(calls["trip"]))


def _calls(feed: Feed, on: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Return the calls of trips that run, each trip as often as it comes back."""
    calls = feed.calls[on[feed.calls["trip"].to_numpy()]]
    often = feed.frequencies[on[feed.frequencies["trip"].to_numpy()]]
    alone = calls[~calls["trip"].isin(often["trip"])]
    made = [alone.assign(vehicle=alone["trip"])]
    vehicle = len(feed.trips)
    by_trip = dict(iter(calls[calls["trip"].isin(often["trip"])].groupby("trip")))
    for trip, start, until, every in often.to_numpy(np.int64):
        if trip not in by_trip:
            continue
        pattern = by_trip[trip]
        first = int(pattern["departure_s"].iloc[0])
        leaves = np.arange(start, until, every)
        copy = pd.concat([
            pattern.assign(arrival_s=pattern["arrival_s"] + leave - first,
                           departure_s=pattern["departure_s"] + leave - first,
                           vehicle=vehicle + at)
            for at, leave in enumerate(leaves)
        ])  # fmt: skip
        vehicle += len(leaves)
        made.append(copy)
    every_call: pd.DataFrame = pd.concat(made, ignore_index=True)
    return every_call


def _hops(
    calls: pd.DataFrame, first_stop: int, shift_s: int, *, on_demand: bool
) -> tuple[npt.NDArray[np.generic], ...]:
    """Return the rides between consecutive calls of each vehicle, in the order of `Hops`."""
    vehicle = calls["vehicle"].to_numpy(np.int64)
    stop, arrival, departure, pickup, drop_off = (calls[name].to_numpy() for name in _COLUMNS)
    at = np.flatnonzero(vehicle[1:] == vehicle[:-1])
    leaves, arrives = departure[at] + shift_s, arrival[at + 1] + shift_s
    kept = (leaves >= 0) & (leaves < _LAST_S)
    at, leaves, arrives = at[kept], leaves[kept], arrives[kept]
    closed = (_NONE,) if on_demand else (_NONE, _BOOKED)
    return (
        stop[at].astype(np.int64) + first_stop, stop[at + 1].astype(np.int64) + first_stop,
        leaves.astype(np.int64) * _MS, arrives.astype(np.int64) * _MS, vehicle[at],
        ~np.isin(pickup[at], closed), ~np.isin(drop_off[at + 1], closed),
        np.arange(len(at), dtype=np.int64),
    )  # fmt: skip
