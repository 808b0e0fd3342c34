"""The shape of a study's TOML file."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.parameters import CapacityEach, Robustness, SchematicRules
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = [
    "Control",
    "EquipementsSource",
    "Grouping",
    "LineRoads",
    "MergersSource",
    "PlacesSource",
    "PolygonSource",
    "PopulationSource",
    "RoadWords",
    "RoadsSection",
    "SchematicRoads",
    "Sources",
    "StudyFile",
    "StudySection",
    "TableRoads",
    "TableSource",
    "ValueColumn",
]

Status = Literal["observed", "estimated"]


class FileSource(Parameter):
    """A file, and what a reader of the results must know of it."""

    path: str = Field(min_length=1)
    provider: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    vintage: str = Field(min_length=1)
    note: str = ""


class TableSource(FileSource):
    """A table: CSV, Excel or Parquet, or the attributes of a layer.

    Unset `separator` and `encoding` are recognised and, where that is a guess, reported.
    `wider_area` says that the file covers more than the study: its rows elsewhere are
    counted and left; without it a code outside the communes layer is refused.
    """

    separator: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = None
    decimal: Literal[".", ","] = "."
    sheet: str | None = None
    layer: str | None = None
    crs: str | None = None
    masked: tuple[str, ...] = ("s", "nd", "ns", "c", "<5", "< 5")
    wider_area: bool = False
    duplicates: Literal["refuse", "keep_identical"] = "refuse"


class PolygonSource(TableSource):
    """Commune polygons: GeoJSON, GeoPackage, Shapefile, GeoParquet."""

    columns: dict[Literal["code_insee", "nom", "epci"], str]


class PlacesSource(TableSource):
    """The point that stands for each commune (chef-lieu)."""

    columns: dict[Literal["code_insee", "lon", "lat"], str]
    status: Status = "observed"


class ValueColumn(Parameter):
    """A figure made from a column: `factor` × column, with what it is worth.

    `status_column` names a column that says the status of each row (observed, estimated,
    not_available, secret); without it every given value has `status`.
    """

    column: str = Field(min_length=1)
    factor: float = Field(default=1.0, gt=0)
    status: Status = "observed"
    status_column: str | None = None
    method: str = ""


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
    """People by commune; `values` are the columns that services may name as demand."""

    code_insee: str = "code_insee"
    values: dict[str, ValueColumn] = Field(min_length=1)
    controls: tuple[Control, ...] = ()
    reference: str = "population"


EquipementColumn = Literal[
    "equipement_id", "service", "nom", "code_insee", "lon", "lat", "x", "y", "capacity",
    "capacity_status", "location_status", "delivery", "hours_per_week", "count", "count_status",
]  # fmt: skip


class EquipementsSource(TableSource):
    """Places that serve: located by coordinates, or known to the commune only.

    With a `count` column each row stands for so many places of unknown position and
    capacity in its commune (for instance the BPE counts). `delivery` and `services`
    translate the file's words into ours.
    """

    service: str | None = None
    columns: dict[EquipementColumn, str]
    capacity_each: CapacityEach | None = None
    delivery: dict[str, Literal["fixed", "branch", "multi_site", "mobile"]] = {}
    services: dict[str, str] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.service is None) == ("service" not in self.columns):
            raise refusal("one_service")
        if ("lon" in self.columns) != ("lat" in self.columns):
            raise refusal("lon_lat")
        if ("x" in self.columns) != ("y" in self.columns):
            raise refusal("x_y")
        if "x" in self.columns and self.crs is None:
            raise refusal("x_y_crs")
        return self


class MergersSource(TableSource):
    """Codes of another vintage and the code of today: communes nouvelles."""

    columns: dict[Literal["old_code", "code_insee"], str]


class SchematicRoads(Parameter):
    """Roads generated from the communes and a small table of axes: schematic times."""

    kind: Literal["schematic"]
    axes: TableSource
    barriers: TableSource | None = None
    bridges: TableSource | None = None
    rules: SchematicRules = SchematicRules()


class RoadWords(Parameter):
    """How the words of a road file translate into ours.

    `classes` maps its road classes onto those of the profiles (others stay as they are);
    `both`, `forward` and `backward` list the words of its column of directions, where an
    empty cell is two-way.
    """

    classes: dict[str, str] = {}

    both: tuple[str, ...] = ("no", "false", "0", "both", "Double sens", "Sans objet")
    forward: tuple[str, ...] = ("yes", "true", "1", "forward", "Sens direct")
    backward: tuple[str, ...] = ("-1", "reverse", "backward", "Sens inverse")


class TableRoads(RoadWords):
    """Roads as a table of junctions and a table of segments.

    `class_prefix` takes the first letters of the class column as the class ("A7" -> "A");
    `length_factor` turns straight chords into road lengths.
    """

    kind: Literal["tables"]
    junctions: TableSource
    segments: TableSource
    junction_columns: dict[Literal["junction_id", "lon", "lat", "x", "y"], str]
    segment_columns: dict[
        Literal[
            "from_junction", "to_junction", "road_class", "length_m", "speed_kmh", "oneway", "name"
        ],
        str,
    ]
    class_prefix: int | None = Field(default=None, ge=1, le=10)
    length_factor: float = Field(default=1.0, gt=0, le=3)


class LineRoads(TableSource, RoadWords):
    """Roads as a layer of lines, with columns for class, speed and one-way.

    Lines meet where their ends are nearer than `snap_m`.
    """

    kind: Literal["lines"]
    columns: dict[Literal["road_class", "speed_kmh", "oneway", "name"], str] = {}
    snap_m: float = Field(default=0.5, ge=0.01, le=50)


RoadsSection = Annotated[SchematicRoads | TableRoads | LineRoads, Field(discriminator="kind")]


class Sources(Parameter):
    """The files a study is made of."""

    communes: PolygonSource
    places: PlacesSource | None = None
    population: PopulationSource
    equipements: tuple[EquipementsSource, ...] = Field(min_length=1)
    mergers: MergersSource | None = None


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
    """The territory, how far around it families go, and which roads are used."""

    name: str = Field(min_length=1)
    inside: Inside
    buffer_km: float = Field(ge=0, le=200)
    roads: str
    crs: str = "EPSG:2154"
    services: str = "services.toml"
    profiles: str = "profiles.toml"


class Grouping(Parameter):
    """A split of the communes: the nearer of some poles by travel time, or a list."""

    label: str = Field(min_length=1)
    poles: dict[str, str] = Field(min_length=2)
    names: dict[str, str] = {}
    override: dict[str, str] = {}

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        for code, group in self.override.items():
            if group not in self.poles:
                raise refusal("override", code=code, group=group)
        return self


class StudyFile(Parameter):
    """A whole study."""

    study: StudySection
    sources: Sources
    roads: dict[str, RoadsSection] = Field(min_length=1)
    groups: dict[str, Grouping] = {}
    robustness: Robustness = Robustness()

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if self.study.roads not in self.roads:
            known = ", ".join(sorted(self.roads))
            raise refusal("roads", roads=self.study.roads, known=known)
        return self
