"""The roads of a study, read without its people and places where that is possible."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctg_geo import sources, territory
from ctg_geo.config import StudyConfig
from ctg_geo.config.road_source import SchematicRoads
from ctg_geo.network import RoadAccount, RoadNetwork, with_profile
from ctg_geo.parameters import Mode
from ctg_geo.quality import Finding
from ctg_geo.study.roads import RoadArea, RoadReader
from ctg_geo.study.study import Study
from ctg_geo.study.timing import timed
from ctg_geo.study.vintages import study_moves

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["RoadsRead", "read_roads", "study_communes"]


@dataclass(frozen=True, slots=True, eq=False)
class RoadsRead:
    """The roads of a study timed for a profile, and their account."""

    network: RoadNetwork
    mode: Mode
    account: RoadAccount
    findings: tuple[Finding, ...]


def read_roads(config: StudyConfig, profile: str = "car") -> RoadsRead:
    """Read the roads that a study names, and time them for a profile.

    Only the roads, heights and the outlines of the communes are read; schematic roads, and
    built-up areas by density, are made from the whole territory and need all of it.

    Raises
    ------
    CtgGeoError
        If the communes or the roads cannot be read, or no road is near.
    """
    rules = config.profile(profile)
    reader = _reader(config)
    made = timed("roads", reader.network, rules.mode, slopes=rules.slope != "none")
    network = timed(f"times {profile}", with_profile, made, rules)
    account = reader.account(rules.mode)
    return RoadsRead(network, rules.mode, account, tuple(reader.findings))


def _reader(config: StudyConfig) -> RoadReader:
    file = config.file
    roads = file.roads[file.study.roads]
    urban = getattr(roads, "urban", None)
    by_density = urban is not None and urban.density_km2 is not None
    if isinstance(roads, SchematicRoads) or by_density:
        return Study(config).roads
    communes = study_communes(config)
    area = RoadArea(communes, communes.representative_point(), None)
    return RoadReader(
        roads, area, file.sources.relief, lambda _, source: config.resolve(source.path)
    )


def study_communes(config: StudyConfig) -> "gpd.GeoDataFrame":
    """Return the communes of a study and its buffer."""
    given, study = config.file.sources, config.file.study
    path = config.resolve(given.communes.path)
    if given.communes.dataset is not None:
        config.check_fetched(given.communes.dataset, path)
    communes = timed("communes", sources.read_communes, path, given.communes, crs=study.crs)
    moves = study_moves(given, study.cog, lambda _, source: config.resolve(source.path))
    return territory.study_area(
        communes.table, moves, study, name=path.name, cog=given.communes.cog
    )
