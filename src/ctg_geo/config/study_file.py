"""The shape of a study's TOML file."""

from collections.abc import Mapping
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator

from ctg_geo import contracts
from ctg_geo.config.context_source import CoverageSource, PublishedRate, QpvSource
from ctg_geo.config.grouping import Grouping
from ctg_geo.config.kinds import ColumnName, MetricCrs, need
from ctg_geo.config.people_source import (
    Ages,
    CellsSource,
    IndicatorSource,
    IrisSource,
    PopulationFormat,
    Spread,
    spread_needs,
    with_standard_figures,
)
from ctg_geo.config.projection_section import ProjectionSection
from ctg_geo.config.road_source import RoadsSection, SchematicRoads
from ctg_geo.config.scenarios_section import ScenariosSection
from ctg_geo.config.secrecy_section import SecrecySection
from ctg_geo.config.table_source import FileSource, TableSource
from ctg_geo.config.transit_source import TransitSection, TransitSource
from ctg_geo.config.trip_source import CalibrationSection
from ctg_geo.parameters import (
    Analysis,
    AssumedHours,
    CapacityEach,
    HoursEach,
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


class PolygonSource(TableSource):
    """Commune polygons: GeoJSON, GeoPackage, Shapefile, GeoParquet.

    With a `format` the columns are those that the provider publishes; `columns` may still
    name others.
    """

    format: Literal["admin_express", "contours_etalab", "api_geo"] | None = None
    columns: dict[Literal["code_insee", "nom", "epci"], ColumnName] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.format is None:
            need(self.columns, "code_insee")
        return self


class PlacesSource(TableSource):
    """The point that stands for each commune (chef-lieu)."""

    columns: dict[Literal["code_insee", "lon", "lat"], ColumnName]
    status: Status = "observed"

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "code_insee", "lon", "lat")
        return self


class ValueColumn(Parameter):
    """A figure made from a column: `factor` × column, with what it is worth.

    `status_column` names a column that says the status of each row (observed, estimated,
    not_available, secret); without it every given value has `status`. `ages` (`0-2`, `65+`)
    says whose number it is, to spread it over the people of these ages. `secrecy` names the
    rule of the figure where it is not its table's ("none" for none); `units` the figure that
    the threshold is about where it is not this one (households behind an income).
    """

    column: str = Field(min_length=1)
    factor: float = Field(default=1.0, gt=0, le=1_000_000)
    status: Status = "observed"
    status_column: str | None = None
    label: str = ""
    method: str = ""
    ages: Ages | None = None
    secrecy: str | None = None
    units: str | None = None


class Control(Parameter):
    """A published total the sum over the study is held against; never used to adjust it.

    The bases may differ (`base` says which this is): the comparison is shown, and a
    difference beyond `tolerance` is a warning.
    """

    column: str = Field(min_length=1)
    total: float = Field(gt=0)
    base: str = Field(min_length=1)
    tolerance: float = Field(default=0.1, gt=0, le=1)


class PopulationSource(TableSource):
    """People by commune; `values` are the columns that services may name as demand.

    In a `format` of the census a column is `population`, an age band (`0-2`, `65+`) made from
    the published ones, or a published column with or without its year (`POP0014`); without
    `values`, the age bands of the convention. `period` chooses the date of a Caf table that
    holds several. `spread` places the people of each commune inside it. `secrecy` names the rule
    of statistical secrecy that its figures are under; under a rule, be it of one figure, a cell
    of the table with a sign of `missing` (`nd`) is secret too, for it may hide a small count;
    so is an empty one, unless `blank` says that it is "not_available".
    """

    format: PopulationFormat = "plain"
    code_insee: str = "code_insee"
    values: dict[str, ValueColumn] = Field(min_length=1)
    controls: tuple[Control, ...] = ()
    period: str | None = None
    spread: Spread | None = None
    secrecy: str | None = None
    blank: Literal["secret", "not_available"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _standard(cls, content: Any) -> Any:  # noqa: ANN401
        return with_standard_figures(content)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for control in self.controls:
            if control.column not in self.values:
                known = ", ".join(sorted(self.values))
                raise refusal("control", column=control.column, known=known)
        for value in self.values.values():
            if value.units is not None and value.units not in self.values:
                known = ", ".join(sorted(self.values))
                raise refusal("secrecy_figure", column=value.units, known=known)
        return self

    @property
    def signs(self) -> Mapping[str, str]:
        """The status that each sign gives; under a rule of secrecy, nd too is secret."""
        if self.ruled:
            return contracts.meanings((*self.masked, *self.missing), (), self.no_object)
        return super().signs

    @property
    def blank_status(self) -> str:
        """The status of an empty cell: what `blank` says; else secret under a rule of secrecy."""
        return self.blank or (contracts.SECRET if self.ruled else contracts.NOT_AVAILABLE)

    @property
    def ruled(self) -> bool:
        """Tell whether the table, or a figure of it, is under a rule of secrecy."""
        rules = (self.secrecy, *(value.secrecy for value in self.values.values()))
        return any(rule not in (None, "none") for rule in rules)


EquipementColumn = Literal[
    "equipement_id", "service", "nom", "code_insee", "lon", "lat", "x", "y", "capacity",
    "capacity_status", "location_status", "delivery", "hours_per_week", "count", "count_status",
    "age_from", "age_to", "residents",
]  # fmt: skip


class PassageSource(TableSource):
    """The BPE type codes of one year and those of another, side by side."""

    columns: dict[Literal["old_code", "code"], ColumnName]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "old_code", "code")
        return self


EquipementFormat = Literal[
    "bpe", "cafdata", "france_services", "mediation_numerique", "conseillers_numeriques",
    "data_inclusion",
]  # fmt: skip


_CAPACITY_OF: Final = {"bpe": "CAPACITE", "cafdata": "NBPLA0A5"}  # as the provider names it


class EquipementsSource(TableSource):
    """Places that serve: located by coordinates, or known to the commune only.

    With a `count` column each row stands for so many places of unknown position and
    capacity in its commune (for instance the BPE counts). `delivery` and `services`
    translate the file's words into ours. `hours_each` are the hours of places that say none.
    `age_from` and `age_to` are the ages a place takes, in whole years, both included;
    `residents` the codes of the communes or EPCI whose residents it admits; blank, everybody.

    With a `format` the file is one that an official provider publishes: no `columns` are
    needed, and `services` translates the provider's codes ({ D502 = "creche" }); rows with
    other codes are counted and left. `passage` maps the BPE codes of another year. `secrecy`
    names the rule that its capacities are under: they are then told by commune at the finest.
    With `complete` false the file is known to miss places: a service that has no others is
    told known in part.
    """

    format: EquipementFormat | None = None
    service: str | None = None
    columns: dict[EquipementColumn, ColumnName] = {}
    passage: PassageSource | None = None
    assumed_hours: AssumedHours = AssumedHours()
    capacity_each: CapacityEach | None = None
    hours_each: HoursEach | None = None
    delivery: dict[str, Literal["fixed", "branch", "multi_site", "mobile"]] = {}
    services: dict[str, str] = {}
    secrecy: str | None = None
    complete: bool = True

    @property
    def said(self) -> str:
        """What each place of the file says of where it comes from."""
        return f"{self.provider} {self.vintage}"

    @property
    def capacity_column(self) -> str:
        """The column of the file that says how many places there are."""
        return self.columns.get("capacity", _CAPACITY_OF.get(self.format or "", "capacity"))

    @model_validator(mode="before")
    @classmethod
    def _national(cls, given: object) -> object:
        """Take a provider's file to cover more than the study, unless it is said not to."""
        if isinstance(given, dict) and given.get("format") is not None:
            return {"wider_area": True, **given}
        return given

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.format is not None:
            return self._official()
        if self.passage is not None:
            raise refusal("passage_bpe")
        if not self.columns:
            raise refusal("columns_or_format")
        if (self.service is None) == ("service" not in self.columns):
            raise refusal("one_service")
        if ("lon" in self.columns) != ("lat" in self.columns):
            raise refusal("lon_lat")
        if ("x" in self.columns) != ("y" in self.columns):
            raise refusal("x_y")
        if "x" in self.columns and self.crs is None:
            raise refusal("x_y_crs")
        if ("age_from" in self.columns) != ("age_to" in self.columns):
            raise refusal("age_from_to")
        if "count" in self.columns:
            need(self.columns, "code_insee")
        return self

    def _official(self) -> Self:
        """Check what a file in a provider's own format needs, and what it does not."""
        if self.columns:
            raise refusal("format_columns")
        if self.format == "bpe" and not self.services:
            raise refusal("bpe_services")
        if (self.service is None) == (not self.services):
            raise refusal("format_service")
        if self.passage is not None and self.format != "bpe":
            raise refusal("passage_bpe")
        return self


class MergersSource(TableSource):
    """What became of communes: a table of old and current codes, or a file of the COG.

    `format` is cog_mouvements (events, v_mvt_commune) or cog (delegated and associated
    communes, v_commune). Without it `columns` name the old code, the current one and, if
    the table has them, the date of the change (2019-01-01) and the old name; a row whose code
    stayed only gives a name of the past.
    """

    format: Literal["cog_mouvements", "cog"] | None = None
    columns: dict[Literal["old_code", "code_insee", "date", "old_nom"], ColumnName] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.format is None:
            need(self.columns, "old_code", "code_insee")
        return self


class SplitsSource(TableSource):
    """The share of each commune's figures that goes to each commune it was cut into."""

    columns: dict[Literal["old_code", "code_insee", "share"], ColumnName]

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        need(self.columns, "old_code", "code_insee", "share")
        return self


class Relief(FileSource):
    """Heights of the ground as a raster, read every `step_m` metres along the roads."""

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
