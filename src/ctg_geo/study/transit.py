"""The timetables of a study: feeds read once, a day chosen for each outing, what it runs."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ctg_geo import labels, sources
from ctg_geo.config import StudyConfig
from ctg_geo.config.table_source import FileSource
from ctg_geo.config.transit_source import TransitSource
from ctg_geo.errors import NoRoadError
from ctg_geo.network import Timetable, running
from ctg_geo.parameters import Outing, TransitRules
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.study.roads import around
from ctg_geo.study.timing import timed

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["TransitReader"]


@dataclass(slots=True, eq=False)
class TransitReader:
    """Reads the feeds of a study once, and makes a timetable for each outing that asks.

    `path_of` returns the path of a source and remembers the file; `findings` and `ledgers`
    say what is known of the feeds so far, `days` which day each outing is on.
    """

    config: StudyConfig
    communes: "gpd.GeoDataFrame"
    path_of: Callable[[str, FileSource], Path]
    findings: list[Finding] = field(default_factory=list)
    ledgers: list[Ledger] = field(default_factory=list)
    days: dict[str, dt.date] = field(default_factory=dict)
    _feeds: tuple[sources.Feed, ...] | None = None
    _timetables: dict[tuple[str, bool], Timetable] = field(default_factory=dict)

    def timetable(self, key: str, outing: Outing, rules: TransitRules) -> Timetable:
        """Return what runs on the day of an outing.

        Raises
        ------
        NoRoadError
            If no feed is there, or none covers such a day; the message names files and mend.
        MissingFileError, UnreadableFileError, MissingColumnError
            If a feed that must be there is not, or cannot be used.
        """
        if (key, rules.on_demand) not in self._timetables:
            feeds = self.feeds
            day = self._day(outing, feeds)
            made, booked = timed(
                f"timetable {key}", running, feeds, day, crs=self.config.file.study.crs,
                on_demand=rules.on_demand,
            )  # fmt: skip
            self.days[key] = day
            self._timetables[key, rules.on_demand] = made
            self._tell(outing, day, made, booked)
        return self._timetables[key, rules.on_demand]

    def check(self) -> None:
        """Read all feeds and put every outing together, for their findings.

        That none is there, or none covers a day, is a finding too.

        Raises
        ------
        MissingFileError, UnreadableFileError, MissingColumnError
            As `timetable`.
        """
        section = self.config.file.transit
        if not self.config.file.sources.transit:
            return
        try:
            _ = self.feeds
            for key, outing in ({} if section is None else section.outings).items():
                self.timetable(key, outing, TransitRules())
        except NoRoadError as error:
            facts: dict[str, object] = {"why": error.explain()}
            self.findings.append(Finding("warning", "gtfs_none", "transit", facts=facts))

    @property
    def missing(self) -> tuple[TransitSource, ...]:
        """The optional feeds that are not there."""
        return tuple(each for each in self.config.file.sources.transit if not self._there(each))

    def wanted(self) -> str:
        """Name the feeds that are not there, each by its file."""
        return " ; ".join(
            labels.text(
                "transit.wanted", provider=each.provider, file=Path(each.path).name, note=each.note
            )
            for each in self.missing
        )

    @property
    def feeds(self) -> tuple[sources.Feed, ...]:
        """The feeds that are there, read.

        Raises
        ------
        NoRoadError
            If there are none.
        """
        if self._feeds is None:
            given = self.config.file.sources.transit
            if not given:
                raise NoRoadError("no_timetable")
            there = [each for each in given if self._there(each)]
            if not there:
                raise NoRoadError("timetable_missing", files=self.wanted())
            self._feeds = tuple(self._read(number, each)
                                for number, each in enumerate(there, start=1))  # fmt: skip
            if self.missing:
                facts: dict[str, object] = {"files": self.wanted()}
                self.findings.append(Finding("warning", "gtfs_partial", "transit", facts=facts))
        return self._feeds

    def _there(self, source: TransitSource) -> bool:
        return not source.optional or self.config.resolve(source.path).exists()

    def _read(self, number: int, source: TransitSource) -> sources.Feed:
        path = self.path_of(f"transit {number}", source)
        area = around(self.communes, source.margin_km)
        feed = timed(f"timetable {path.name}", sources.read_gtfs, path,
                     crs=self.config.file.study.crs, area=area)  # fmt: skip
        self.findings += feed.findings
        self.ledgers += feed.ledgers
        return feed

    def _day(self, outing: Outing, feeds: tuple[sources.Feed, ...]) -> dt.date:
        spans = ", ".join(
            f"{each.name} : {_said(each.valid[0])}-{_said(each.valid[1])}"
            for each in feeds if each.valid is not None
        )  # fmt: skip
        if outing.date is not None:
            if any(each.valid is None or not each.valid[0] <= outing.date <= each.valid[1]
                   for each in feeds):  # fmt: skip
                facts = {"outing": outing.label, "day": _said(outing.date), "spans": spans}
                raise NoRoadError("day_outside", **facts)
            return outing.date
        section = self.config.file.transit
        free = [] if section is None else [(each.first, each.last) for each in section.holidays]
        assert outing.weekday is not None, "an outing has a day"
        day = sources.usual_day(
            [each.calendar for each in feeds], outing.weekday,
            within=[each.valid for each in feeds], free=free, holidays=outing.holidays,
        )  # fmt: skip
        if day is None:
            raise NoRoadError("no_day", outing=outing.label, spans=spans)
        return day

    def _tell(self, outing: Outing, day: dt.date, made: Timetable, booked: int) -> None:
        back = "" if outing.home_by is None else labels.text(
            "transit.back", hour=outing.home_by, stay=outing.stay_min
        )  # fmt: skip
        facts: dict[str, object] = {
            "outing": outing.label, "day": _said(day), "trips": len(set(made.hops.vehicle)),
            "start": outing.leave_from, "until": outing.leave_until, "back": back,
        }  # fmt: skip
        self.findings.append(Finding("info", "gtfs_day", "transit", facts=facts))
        if booked:
            told: dict[str, object] = {"outing": outing.label, "count": booked}
            self.findings.append(Finding("warning", "gtfs_booked", "transit", facts=told))


def _said(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"
