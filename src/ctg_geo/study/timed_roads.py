"""The roads of a study, timed once for each profile."""

from dataclasses import dataclass, field

from ctg_geo.config import StudyConfig
from ctg_geo.network import RoadNetwork, unlisted_classes, with_profile
from ctg_geo.parameters import TravelProfile
from ctg_geo.quality import Finding
from ctg_geo.study.roads import RoadReader
from ctg_geo.study.timing import timed

__all__ = ["TimedRoads"]


@dataclass(frozen=True, slots=True, eq=False)
class TimedRoads:
    """Times roads for the profiles of a configuration, and remembers."""

    config: StudyConfig
    roads: RoadReader
    _made: dict[str, RoadNetwork] = field(init=False, default_factory=dict)

    def of(self, profile: str) -> RoadNetwork:
        """Return the roads timed for a profile, or one of its periods.

        Raises
        ------
        NoRoadError
            If no road is open to the mode of the profile, or none is near.
        ConfigError
            If no such profile is declared.
        """
        if profile not in self._made:
            rules = self.config.profile(profile)
            roads = timed("roads", self.roads.network, rules.mode, slopes=rules.slope != "none")
            self._made[profile] = timed(f"times {profile}", with_profile, roads, rules)
            self._default_speeds(roads, rules, profile)
        return self._made[profile]

    def _default_speeds(self, roads: RoadNetwork, rules: TravelProfile, profile: str) -> None:
        """Tell of classes of road that run at the default speed, for want of one of their own."""
        classes = unlisted_classes(roads, rules)
        if rules.speed_kmh and len(classes):
            facts: dict[str, object] = {
                "profile": profile, "kmh": rules.default_kmh, "km": float(classes.sum()) / 1000,
                "classes": [str(name) for name in classes.index],
            }  # fmt: skip
            self.roads.findings.append(Finding("info", "default_speed", profile, facts=facts))
