"""What times on a file are made of, in words: mode, nature, sources."""

from dataclasses import dataclass

from ctg_geo import labels
from ctg_geo.network import RoadNetwork

__all__ = ["MadeOf", "times_word"]


@dataclass(frozen=True, slots=True)
class MadeOf:
    """The profile, the nature of its times, and who provided the data."""

    profile: str
    times: str
    sources: tuple[str, ...]

    def describe(self, title: str) -> str:
        """Say it all on one line, after a title."""
        credit = labels.text("areas.sources", sources="; ".join(self.sources))
        return f"{title} \u2013 {self.profile} \u2013 {self.times} \u2013 {credit}"


def times_word(network: RoadNetwork) -> str:
    """Say whether times are schematic, of assumed speeds, or of observed ones."""
    if network.schematic:
        return labels.text("areas.schematic")
    return labels.text("areas.real" if network.speeds_assumed else "areas.observed")
