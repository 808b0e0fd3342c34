"""What the words of scenarios need beside their figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ctg_geo.config.scenario_file import Scenario
from ctg_geo.export.basis import Basis
from ctg_geo.quality import Finding

__all__ = ["Told"]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What the words of a comparison need beside its figures.

    `groups` is, by grouping, its label and the names of its groups; `names` are those of
    communes and places, those that scenarios open included; `services` is that of each place;
    `figures` what populations are called.
    """

    study: str
    scenarios: Sequence[Scenario]  # in the order of the outcomes
    groups: Mapping[str, tuple[str, Mapping[str, str]]]
    names: Mapping[str, str]
    services: Mapping[str, str]  # by place
    units: Mapping[str, str]  # by service, of its supply
    hours: frozenset[str]  # services whose supply is their hours per week
    figures: Mapping[str, str]
    communes: Mapping[str, str]  # by place
    tours: Mapping[str, str]  # what those of the study are called
    basis: Basis
    tour_fits: Mapping[str, Sequence[Finding]] = field(default_factory=dict)  # by scenario

    def unit_of(self, place: str) -> str:
        """Return the unit of what a place offers."""
        return self.units.get(self.services.get(place, ""), "")
