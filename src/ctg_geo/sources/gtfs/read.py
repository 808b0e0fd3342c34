"""A GTFS feed, as transport authorities publish it: a zip or a folder of tables."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ctg_geo.errors import UnreadableFileError
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources.gtfs.calendars import Calendar, Span, read_calendar
from ctg_geo.sources.gtfs.calls import read_calls
from ctg_geo.sources.gtfs.extras import read_changes, read_frequencies
from ctg_geo.sources.gtfs.rows import Rows, no_rows, opened
from ctg_geo.sources.gtfs.stops import read_stops
from ctg_geo.sources.gtfs.unpacked import unpacked

__all__ = ["Feed", "read_gtfs"]

_NEEDED: Final = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
_ON_DEMAND: Final = 715  # of the extended types of routes: a bus that one books
_FIRST_TYPES: Final = (*range(8), 11, 12)


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """What runs, on all days that a feed knows, at the stops of an area.

    `calls` has trip and stop as numbers of `trips` and `stops`, position, arrival_s,
    departure_s (seconds of the day, beyond 24:00 too), pickup and drop_off.
    """

    name: str
    stops: pd.DataFrame  # by stop_id: name, x, y, station
    trips: pd.DataFrame  # by trip_id: service_id, on_demand
    calls: pd.DataFrame
    frequencies: pd.DataFrame  # trip, from_s, until_s, every_s
    changes: pd.DataFrame  # from_stop, to_stop, least_ms
    calendar: Calendar
    valid: Span | None  # as feed_info says, else the days of the calendar
    findings: tuple[Finding, ...]
    ledgers: tuple[Ledger, ...]


def read_gtfs(path: Path, *, crs: str, area: Any = None) -> Feed:  # noqa: ANN401  (shapely)
    """Read a feed.

    A row that is wrong is set aside and told (file, row, column, value, mend), and with it
    the trip it is of: a bus that may not run does not count.

    Parameters
    ----------
    path : zip or folder
    crs : metric CRS of the study
    area : polygon in longitude and latitude; stops outside it are left, and trips ride through

    Raises
    ------
    MissingFileError, UnreadableFileError, MissingColumnError
        If the file is not there, is damaged, unpacks to too much, lacks a table or a column
        that the specification requires, or holds no trip that can be used.

    References
    ----------
    General Transit Feed Specification, schedule reference, https://gtfs.org/schedule.
    """
    name = path.name
    with unpacked(path) as files:
        missing = [each for each in _NEEDED if each not in files]
        if not {"calendar.txt", "calendar_dates.txt"} & set(files):
            missing.append("calendar.txt")
        if missing:
            raise UnreadableFileError("gtfs_missing", file=name, missing=missing)
        tables = {each: opened(where, name) for each, where in files.items()}
    return _joined(name, tables, crs, area)


def _joined(name: str, tables: Mapping[str, Rows], crs: str, area: Any) -> Feed:  # noqa: ANN401
    def table(file: str) -> Rows:
        return tables.get(file) or no_rows(f"{name}/{file}")

    calendar = read_calendar(table("calendar.txt"), table("calendar_dates.txt"))
    stops, places = read_stops(tables["stops.txt"], crs=crs, area=area)
    trips = _trips(tables["trips.txt"], tables["routes.txt"], calendar)
    calls, void = read_calls(tables["stop_times.txt"], trips.index, places)
    changes, narrow = read_changes(table("transfers.txt"), places, stops.index)
    often = read_frequencies(table("frequencies.txt"), trips.index)
    here = _inside(calls, places, stops)
    used = np.unique(here["trip"])
    if not len(used):
        raise UnreadableFileError("gtfs_no_trip", file=name, read=len(tables["trips.txt"]))
    said = [one for each in tables.values() for one in each.told()]
    if void:
        facts: dict[str, object] = {"file": name, "count": void}
        said.append(Finding("info", "gtfs_interpolated", name, facts=facts))
    ledgers = _ledgers(name, tables, places, stops, trips, calls, used, narrow)
    valid = _valid(tables.get("feed_info.txt")) or calendar.span
    return Feed(name, stops, trips, here, often, changes, calendar, valid, tuple(said), ledgers)


def _trips(rows: Rows, routes: Rows, calendar: Calendar) -> pd.DataFrame:
    """Return the trips whose route and service are known, by trip_id."""
    routes.require("route_id", "route_type")
    kind = routes.numbers("route_type")
    known = np.isin(kind, _FIRST_TYPES) | ((kind >= 100) & (kind < 1800))  # noqa: PLR2004
    routes.refuse(~known, "route_type", "gtfs_route_type")
    route = pd.Index(routes.identifiers("route_id"))
    rows.require("route_id", "service_id", "trip_id")
    number = rows.known("route_id", route[~routes.bad], table="routes.txt")
    service = rows.text("service_id")
    days = {*calendar.weeks["service_id"], *(each for _, each in calendar.more)}
    rows.refuse(~np.isin(service, [*days]), "service_id", "gtfs_no_days")
    trip = rows.identifiers("trip_id")
    asked = kind[~routes.bad] == _ON_DEMAND
    on_demand = asked[np.maximum(number, 0)] if len(asked) else np.zeros(len(rows), dtype=bool)
    made = pd.DataFrame({"service_id": service, "on_demand": on_demand}, index=pd.Index(trip))
    return made[~rows.bad]


def _inside(calls: pd.DataFrame, places: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    """Return the calls at stops of the area, of trips that have two at least."""
    number = stops.index.get_indexer(places.index)[calls["stop"].to_numpy()]
    here = calls.assign(stop=number)[number >= 0]
    often = here["trip"].map(here["trip"].value_counts())
    kept: pd.DataFrame = here[often > 1].reset_index(drop=True)
    return kept


def _ledgers(
    name: str, tables: Mapping[str, Rows], places: pd.DataFrame, stops: pd.DataFrame,
    trips: pd.DataFrame, calls: pd.DataFrame, used: "np.ndarray[Any, Any]",
    narrow: Mapping[str, int],
) -> tuple[Ledger, ...]:  # fmt: skip
    """Account for the stops and the trips of a feed."""
    every, points = len(tables["stops.txt"]), int((places["kind"] == 0).sum())
    of_stops = {"gtfs_bad_row": every - len(places), "gtfs_no_stop": len(places) - points,
                "outside": points - len(stops)}  # fmt: skip
    whole, runs = calls["trip"].nunique(), len(tables["trips.txt"])
    of_trips = {"gtfs_bad_row": runs - len(trips),
                "gtfs_bad_times": len(trips) - whole, "outside": whole - len(used)}  # fmt: skip
    made = [Ledger(f"{name}/stops.txt", every, len(stops), _some(of_stops)),
            Ledger(f"{name}/trips.txt", runs, len(used), _some(of_trips))]  # fmt: skip
    if "transfers.txt" in tables:
        rows = tables["transfers.txt"]
        aside = {**narrow, "gtfs_bad_row": int(rows.bad.sum())}
        made.append(Ledger(rows.file, len(rows), len(rows) - sum(aside.values()), _some(aside)))
    return tuple(made)


def _some(aside: Mapping[str, int]) -> dict[str, int]:
    return {reason: count for reason, count in aside.items() if count}


def _valid(info: Rows | None) -> Span | None:
    """Return the days for which a feed says it holds."""
    if info is None or not len(info):
        return None
    said = [str(info.text(each)[0]) for each in ("feed_start_date", "feed_end_date")]
    try:
        first, last = (dt.date.fromisoformat(f"{each[:4]}-{each[4:6]}-{each[6:8]}")
                       for each in said)  # fmt: skip
    except ValueError:
        return None
    return first, last
