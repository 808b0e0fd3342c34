"""The groups of a study: communes by pole or by indicator, people by quarter."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from ctg_geo.config import StudyConfig
from ctg_geo.config.grouping import Grouping
from ctg_geo.errors import ConfigError
from ctg_geo.network import RoadNetwork
from ctg_geo.study.groupings import Groups, by_indicator, by_quarter
from ctg_geo.study.indicators import Indicators
from ctg_geo.territory import Quarters, Territory, nearer_pole
from ctg_geo.travel import travel_times

__all__ = ["Grouped"]


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """Makes the groups that a configuration declares.

    Attributes
    ----------
    territory : as it was read
    network : gives the roads timed for a profile
    """

    config: StudyConfig
    territory: Territory
    network: Callable[[str], RoadNetwork]

    def by_indicators(self, indicators: Callable[[], Indicators]) -> dict[str, Groups]:
        """Return the groupings of communes that need no travel time.

        Parameters
        ----------
        indicators : gives them; not asked where no grouping rests on one
        """
        inside, file = self.territory.inside, self.config.path.name
        declared = self.config.file.groups.items()
        return {name: by_indicator(name, each, indicators(), inside, file=file)
                for name, each in declared if each.kind == "indicator"}  # fmt: skip

    def of_communes(self, by_indicators: Callable[[], dict[str, Groups]]) -> dict[str, Groups]:
        """Return all groupings of communes, with the names of their groups, in order.

        Parameters
        ----------
        by_indicators : gives those of `by_indicators`

        Raises
        ------
        ConfigError
            If a pole is no commune of the study.
        """
        made = {}
        for name, grouping in self.config.file.groups.items():
            if grouping.kind == "poles":
                names = {key: grouping.names.get(key, key) for key in grouping.poles}
                made[name] = Groups(self._by_pole(name, grouping), names)
            elif grouping.kind == "indicator":
                made[name] = by_indicators()[name]
        return made

    def of_people(self, quarters: Quarters | None) -> dict[str, Groups]:
        """Return the groupings of people by where they live, whatever their commune."""
        if quarters is None:
            return {}
        declared = self.config.file.groups.items()
        return {name: by_quarter(each, quarters) for name, each in declared if each.kind == "qpv"}

    def columns(self, groupings: dict[str, Groups]) -> pd.DataFrame:
        """Return the group of each commune, one column per grouping."""
        columns = {name: each.of for name, each in groupings.items()}
        return pd.DataFrame(columns, index=self.territory.points.index)

    def named(self, names: Collection[str], indicators: Callable[[], Indicators]) -> pd.DataFrame:
        """Return the group of each commune, one column for each grouping named."""
        inside, file = self.territory.inside, self.config.path.name
        made = {}
        for name, each in self.config.file.groups.items():
            if name in names and each.kind == "poles":
                made[name] = self._by_pole(name, each)
            elif name in names and each.kind == "indicator":
                made[name] = by_indicator(name, each, indicators(), inside, file=file).of
        return pd.DataFrame(made, index=self.territory.points.index)

    def _by_pole(self, name: str, grouping: Grouping) -> pd.Series:
        points = self.territory.points
        poles = pd.Index(dict.fromkeys(grouping.poles.values()))
        missing = [code for code in poles if code not in points.index]
        if missing:
            raise ConfigError("pole", name=name, codes=missing)
        snapping = self.config.profiles[grouping.profile].snapping
        roads = self.network(grouping.profile)
        times = travel_times(roads, points, points[poles], limit_min=None, snapping=snapping)
        return nearer_pole(times.to_matrix(), grouping.poles, override=grouping.override)
