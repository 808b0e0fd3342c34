"""Where roads come from: generated, tables, lines, OpenStreetMap, IGN, graphs of osmnx."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ctg_geo.config.kinds import ColumnName, need
from ctg_geo.config.table_source import FileSource, TableSource
from ctg_geo.parameters import SchematicRules
from ctg_geo.parameters.parameter import Parameter, refusal

__all__ = [
    "BdTopoRoads",
    "GraphmlRoads",
    "LineRoads",
    "OsmRoads",
    "RoadWords",
    "RoadsSection",
    "Route500Roads",
    "SchematicRoads",
    "TableRoads",
    "Urban",
]


class Urban(Parameter):
    """Which roads run through built-up areas, where the road file does not say.

    Those in communes of at least `density_km2` inhabitants per km², or in the polygons of
    `areas` (urban units, built-up areas).
    """

    density_km2: float | None = Field(default=None, gt=0)
    areas: TableSource | None = None

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if (self.density_km2 is None) == (self.areas is None):
            raise refusal("urban")
        return self


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
    empty cell is two-way. `speeds` says whether its column of speeds holds mean speeds or
    limits.
    """

    classes: dict[str, str] = {}
    speeds: Literal["mean", "limit"] = "mean"
    urban: Urban | None = None

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
    junction_columns: dict[Literal["junction_id", "lon", "lat", "x", "y"], ColumnName]
    segment_columns: dict[
        Literal[
            "from_junction", "to_junction", "road_class", "length_m", "speed_kmh", "oneway", "name"
        ],
        ColumnName,
    ]
    class_prefix: int | None = Field(default=None, ge=1, le=10)
    length_factor: float = Field(default=1.0, gt=0, le=3)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        pair = ("x", "y") if "x" in self.junction_columns else ("lon", "lat")
        need(self.junction_columns, "junction_id", *pair, key="junction_columns")
        need(self.segment_columns, "from_junction", "to_junction", key="segment_columns")
        if pair == ("x", "y") and self.junctions.crs is None:
            raise refusal("x_y_crs")
        return self


class LineRoads(TableSource, RoadWords):
    """Roads as a layer of lines, with columns for class, speed and one-way.

    Lines meet where their ends are nearer than `snap_m`.
    """

    kind: Literal["lines"]
    columns: dict[Literal["road_class", "speed_kmh", "oneway", "name"], ColumnName] = {}
    snap_m: float = Field(default=0.5, ge=0.01, le=50)


class OsmRoads(FileSource):
    """Roads of an OpenStreetMap extract: .osm.pbf, .osm, .osm.gz or .osm.bz2.

    Only the ways within `margin_km` of the territory and its buffer are kept. `classes`
    translates words of ``highway`` that the file uses on its own. Built-up areas are those
    that the tags tell, unless `urban` says otherwise.
    """

    kind: Literal["osm"]
    margin_km: float = Field(default=5, ge=0, le=200)
    classes: dict[str, str] = {}
    urban: Urban | None = None


class BdTopoRoads(TableSource):
    """Roads of the BD TOPO of IGN, version 3: GeoPackage or Shapefile.

    `layer` is troncon_de_route, in capitals or not, where nothing else is said. Only the roads
    within `margin_km` of the territory and its buffer are kept. Built-up areas are those of
    the file, unless `urban` says otherwise.
    """

    kind: Literal["bdtopo"]
    margin_km: float = Field(default=5, ge=0, le=200)
    urban: Urban | None = None


class Route500Roads(TableSource):
    """Roads of ROUTE 500 of IGN; `layer` is TRONCON_ROUTE where nothing else is said."""

    kind: Literal["route500"]
    margin_km: float = Field(default=5, ge=0, le=200)
    urban: Urban | None = None


class GraphmlRoads(FileSource):
    """Roads of a graph that osmnx saved as GraphML: one mode's graph, and `mode` says whose."""

    kind: Literal["graphml"]
    mode: Literal["car", "bicycle", "foot"] = "car"


RoadsSection = Annotated[
    SchematicRoads | TableRoads | LineRoads | OsmRoads | BdTopoRoads | Route500Roads | GraphmlRoads,
    Field(discriminator="kind"),
]
