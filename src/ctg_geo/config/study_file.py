"""The shape of a study's TOML file."""

from typing import Literal, Self

from pydantic import Field, model_validator

from ctg_geo.config.commune_source import MergersSource, PlacesSource, PolygonSource, SplitsSource
from ctg_geo.config.context_source import CoverageSource, PublishedRate, QpvSource
from ctg_geo.config.equipements_source import EquipementsSource, PassageSource
from ctg_geo.config.grouping import Grouping
from ctg_geo.config.kinds import MetricCrs
from ctg_geo.config.people_source import (
    CellsSource,
    IndicatorSource,
    IrisSource,
    spread_needs,
)
from ctg_geo.config.population_source import Control, PopulationSource, ValueColumn
from ctg_geo.config.projection_section import ProjectionSection
from ctg_geo.config.road_source import RoadsSection, SchematicRoads
from ctg_geo.config.scenarios_section import ScenariosSection
from ctg_geo.config.secrecy_section import SecrecySection
from ctg_geo.config.table_source import FileSource
from ctg_geo.config.transit_source import TransitSection, TransitSource
from ctg_geo.config.trip_source import CalibrationSection
from ctg_geo.parameters import (
    Analysis,
    KnownCount,
    Patterns,
    Recipe,
    Robustness,
    Uncertainty,
)
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = [
    "Control",
    "EquipementsSource",
    "Grouping",
    "Inside",
    "MergersSource",
    "PassageSource",
    "PlacesSource",
    "PolygonSource",
    "PopulationSource",
    "Relief",
    "Sources",
    "SplitsSource",
    "StudyFile",
    "StudySection",
    "ValueColumn",
]

Status = Literal["observed", "estimated"]


class Relief(FileSource):
    """Heights of the ground as a raster, read every `step_m` metres along the roads.

    The committee's page draws them too.
    """

    step_m: float = Field(default=50, ge=5, le=1000)


class Sources(Parameter):
    """The files a study is made of."""

    communes: PolygonSource
    places: PlacesSource | None = None
    population: PopulationSource
    equipements: tuple[EquipementsSource, ...] = Field(min_length=1)
    mergers: MergersSource | None = None
    splits: SplitsSource | None = None
    relief: Relief | None = None
    transit: tuple[TransitSource, ...] = ()
    cells: CellsSource | None = None
    iris: IrisSource | None = None
    indicators: dict[str, IndicatorSource] = {}
    qpv: QpvSource | None = None
    coverage: dict[str, CoverageSource] = {}
    published_rates: tuple[PublishedRate, ...] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        spread_needs(self.population.spread, self.cells, self.iris)
        return self


class Inside(Parameter):
    """Which communes are the territory: those with a value in a column, or a list."""

    epci: str | None = None
    communes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.epci is None) == (not self.communes):
            raise refusal("inside")
        return self


class StudySection(Parameter):
    """The territory, how far around it families go, and which roads are used.

    `catalogue` holds the official datasets that sources may name, `data_dir` the folder
    where their files are; without it, the cache. `cog` is the year whose communes are
    wanted; without it, those after the last event known. `main_services` are diagnosed where
    a run names none; without them, all that have places.
    """

    name: str = Field(min_length=1)
    inside: Inside
    buffer_km: float = Field(ge=0, le=200)
    roads: str
    crs: MetricCrs = "EPSG:2154"
    services: str = "services.toml"
    profiles: str = "profiles.toml"
    catalogue: str = "sources.toml"
    data_dir: str | None = None
    cog: int | None = Field(default=None, ge=1943, le=2100)
    main_services: tuple[str, ...] = ()


class StudyFile(Parameter):
    """A whole study; `tours` names the files of its services that travel."""

    study: StudySection
    sources: Sources
    roads: dict[str, RoadsSection] = Field(min_length=1)
    groups: dict[str, Grouping] = {}
    robustness: Robustness = Robustness()
    calibration: CalibrationSection = CalibrationSection()
    secrecy: SecrecySection = SecrecySection()
    projection: ProjectionSection | None = None
    uncertainty: Uncertainty | None = None
    known_counts: dict[str, KnownCount] = {}
    analyses: dict[str, Analysis] = {}
    patterns: Patterns = Patterns()
    transit: TransitSection | None = None
    score: Recipe | None = None
    scenarios: ScenariosSection = ScenariosSection()
    tours: dict[str, str] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.study.roads not in self.roads:
            known = ", ".join(sorted(self.roads))
            raise refusal("roads", roads=self.study.roads, known=known)
        chosen = self.roads[self.study.roads]
        if (
            isinstance(chosen, SchematicRoads)
            and "population" not in self.sources.population.values
        ):
            raise refusal("schematic_population")
        for name, grouping in self.groups.items():
            if grouping.kind == "qpv" and (
                self.sources.qpv is None or self.sources.population.spread is None
            ):
                raise refusal("grouping_qpv", name=name)
        self._check_secrecy()
        for name in {} if self.projection is None else self.projection.figures:
            if name not in self.sources.population.values:
                known = ", ".join(sorted(self.sources.population.values))
                raise refusal("projection_figure", column=name, known=known)
        self._check_uncertainty()
        return self

    def _check_uncertainty(self) -> None:
        """Check that the figures that could be meant instead are declared."""
        given = self.sources.population.values
        for name in () if self.uncertainty is None else self.uncertainty.other_demands:
            if name not in given:
                raise refusal("other_demand", column=name, known=", ".join(sorted(given)))

    def _check_secrecy(self) -> None:
        """Check that rules, figures and groups that secrecy names are declared."""
        people = self.sources.population
        rules = self.secrecy.every_rule
        named_rules = [
            people.secrecy,
            *(each.secrecy for each in people.values.values()),
            *(each.secrecy for each in self.sources.indicators.values()),
            *(each.secrecy for each in self.sources.equipements),
            *(() if self.projection is None else self.projection.rules),
        ]
        for rule in named_rules:
            if rule is not None and rule not in {*rules, "none"}:
                raise refusal("secrecy_rule", rule=rule, known=", ".join(sorted(rules)))
        named = [each.column for each in self.secrecy.known_totals]
        named += [name for each in self.secrecy.sums for name in (each.total, *each.parts)]
        named += [
            each.units_of for each in self.sources.indicators.values()
            if each.secrecy not in (None, "none") and each.units_of not in each.figures
        ]  # fmt: skip
        for name in named:
            if name not in people.values:
                known = ", ".join(sorted(people.values))
                raise refusal("secrecy_figure", column=name, known=known)
        for total in self.secrecy.known_totals:
            if total.grouping is not None and total.group not in (
                self.groups[total.grouping].groups if total.grouping in self.groups else ()
            ):
                raise refusal("secrecy_group", grouping=total.grouping, group=total.group)
