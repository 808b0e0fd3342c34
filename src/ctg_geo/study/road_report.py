"""The roads of a study in figures and in a file."""

from dataclasses import dataclass
from pathlib import Path

from ctg_geo.config import StudyConfig
from ctg_geo.export import write_roads
from ctg_geo.network import RoadAccount
from ctg_geo.parameters import Mode
from ctg_geo.quality import Finding
from ctg_geo.study.road_reading import read_roads
from ctg_geo.study.timing import timed

__all__ = ["RoadReport", "write_road_report"]


@dataclass(frozen=True, slots=True, eq=False)
class RoadReport:
    """What the roads of a study are, and the GeoPackage that shows them."""

    study: str
    profile: str
    mode: Mode
    schematic: bool
    account: RoadAccount
    findings: tuple[Finding, ...]
    out: Path


def write_road_report(config: StudyConfig, profile: str, out: str | Path) -> RoadReport:
    """Read the roads of a study, time them for a profile and write them as a GeoPackage.

    Parameters
    ----------
    config : see `ctg_geo.config.load_study`
    profile : key of a declared profile (``car``), or one at a period (``car.peak``); the roads
        are those open to its mode
    out : .gpkg; replaced if it exists

    Raises
    ------
    CtgGeoError
        If the roads cannot be read, or the file cannot be written; a former file stays.
    """
    declared, study = config.profile(profile), config.file.study.name
    read = read_roads(config, profile)
    path = Path(out)
    timed(
        "outputs", write_roads, path, read.network, study=study, profile=declared.label,
        findings=read.findings,
    )  # fmt: skip
    return RoadReport(
        study, declared.label, read.mode, read.network.schematic, read.account, read.findings, path
    )
