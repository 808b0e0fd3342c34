"""The data of a study: read, joined and timed on first use, then remembered. Wiring only."""

from functools import cached_property
from pathlib import Path

import pandas as pd

from ctg_geo import secrecy
from ctg_geo.config import StudyConfig
from ctg_geo.network import RoadNetwork
from ctg_geo.secrecy import Published as Publication
from ctg_geo.study.context import Context
from ctg_geo.study.files import StudyFiles
from ctg_geo.study.grouped import Grouped
from ctg_geo.study.groupings import Groups
from ctg_geo.study.indicators import Indicators
from ctg_geo.study.people import spread_people
from ctg_geo.study.published import Published
from ctg_geo.study.reading import Reading, people_of_roads, read_study
from ctg_geo.study.roads import RoadArea, RoadReader
from ctg_geo.study.shared_times import SharedTimes
from ctg_geo.study.timed_roads import TimedRoads
from ctg_geo.study.timing import timed
from ctg_geo.study.transit import TransitReader
from ctg_geo.territory import Moves, Quarters, Territory

__all__ = ["StudyData"]


class StudyData:
    """A configured territory, and how far its people are from its places.

    Attributes
    ----------
    config : StudyConfig
    files : those read so far
    """

    def __init__(self, config: StudyConfig) -> None:
        self.config = config
        self.files = StudyFiles(config)

    def __repr__(self) -> str:
        return f"<Study {self.config.file.study.name}>"

    @cached_property
    def territory(self) -> Territory:
        """Communes, people and places, joined; people inside their communes if it is asked.

        The figures that secrecy hides are not in it.
        """
        read = self._read
        return timed(
            "people", spread_people, secrecy.withheld(read.territory, self.secrecy), read.people,
            read.moves, self.config, self.files.path, lambda: self.roads.network("car"),
        )  # fmt: skip

    @cached_property
    def context(self) -> Context:
        """What is told beside the figures: indicators, quarters, rates of others."""
        return Context(self.config, self.files, self._read, lambda: self.secrecy,
                       lambda: self.territory)  # fmt: skip

    @property
    def indicators(self) -> Indicators:
        """Income, single parents, unemployment and the like, by commune, as they may be told."""
        return self.context.indicators

    @property
    def quarters(self) -> Quarters | None:
        """The priority neighbourhoods (QPV), and who and what is in one."""
        return self.context.quarters

    @property
    def published(self) -> Published:
        """Coverage rates that others publish, for the readers of some services."""
        return self.context.published

    @cached_property
    def secrecy(self) -> "secrecy.Plan":
        """What may be published of the figures, decided on all of them together."""
        section = self.config.file.secrecy
        named = {each.grouping for each in section.known_totals if each.grouping is not None}
        groups = self.grouped.named(named, lambda: self.context.by_rule) if named else None
        return timed(
            "secrecy", secrecy.plan, self._read.territory, self._read.figures, section,
            groups=groups, past=self.past, merged=self._read.merged, moves=self._read.moves,
        )  # fmt: skip

    @cached_property
    def past(self) -> list[Publication]:
        """What the register held when this study was opened."""
        return [] if self.register is None else secrecy.read_register(self.register)

    @property
    def register(self) -> Path | None:
        """The file that remembers what was published, if the study names one."""
        named = self.config.file.secrecy.publications
        return None if named is None else self.config.resolve(named)

    @cached_property
    def _read(self) -> Reading:
        """The tables of the study, joined, with people at the point of each commune."""
        read = read_study(self.config, self.files.path)
        self.files.in_clear |= read.in_clear
        return read

    @property
    def topology(self) -> RoadNetwork:
        """The roads that the study names, open to cars, not yet timed."""
        return self.roads.network("car")

    @cached_property
    def roads(self) -> RoadReader:
        """The reader of the roads that the study names."""
        file, area = self.config.file, self._read.territory
        return RoadReader(
            file.roads[file.study.roads],
            RoadArea(area.communes, area.points, people_of_roads(
                file, self._read, lambda: self.secrecy, shared=self.register is not None)),
            file.sources.relief, self.files.path,
        )  # fmt: skip

    def network(self, profile: str) -> RoadNetwork:
        """Return the roads timed for a profile (``car``), or one of its periods (``car.peak``).

        Raises
        ------
        NoRoadError
            If no road is open to the mode of the profile, or none is near.
        ConfigError
            If no such profile is declared.
        """
        return self._networks.of(profile)

    @cached_property
    def _networks(self) -> TimedRoads:
        return TimedRoads(self.config, self.roads)

    @property
    def moves(self) -> Moves:
        """What became of communes, as far as the study names their events."""
        return self._read.moves

    @cached_property
    def grouped(self) -> Grouped:
        """What makes the groups of communes and people."""
        return Grouped(self.config, self._read.territory, self.network)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Group of each commune, one column per grouping of communes of the configuration."""
        return self.grouped.columns(self.groupings)

    @cached_property
    def groupings(self) -> dict[str, Groups]:
        """The groupings of communes, with the names of their groups."""
        return self.grouped.of_communes(lambda: self.indicator_groupings)

    @cached_property
    def indicator_groupings(self) -> dict[str, Groups]:
        """The groupings of communes that need no travel time."""
        return self.grouped.by_indicators(lambda: self.indicators)

    @cached_property
    def people_groupings(self) -> dict[str, Groups]:
        """The groupings of people by where they live, whatever their commune."""
        return self.grouped.of_people(self.quarters)

    @property
    def services_present(self) -> tuple[str, ...]:
        """Declared services that have a place in the territory or its buffer.

        One of several modes of care is there if all of them are.
        """
        there = set(self.territory.equipements["service"])
        return tuple(
            key for key, service in self.config.services.items()
            if (there.issuperset(service.care) if service.care else key in there)
        )  # fmt: skip

    def told_of(self, figure: str) -> int:
        """Count the services whose outputs tell of the people of a figure; 1 at least.

        One of several modes of care tells more than one service does, and counts as two.
        """
        every = [self.config.service(key) for key in self.services_present]
        return max(sum(2 if each.care else 1 for each in every if each.demand == figure), 1)

    @cached_property
    def times(self) -> SharedTimes:
        """The times from homes to places, by profile."""
        return SharedTimes(self.config, self.territory, self.network, self.transit)

    @cached_property
    def transit(self) -> TransitReader:
        """The reader of the timetables that the study names."""
        return TransitReader(self.config, self._read.territory.communes, self.files.path)

    @property
    def services_asked(self) -> tuple[str, ...]:
        """Services of a run that names none: the main ones, else all that have places."""
        return self.config.file.study.main_services or self.services_present
