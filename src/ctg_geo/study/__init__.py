"""The front desk: one config file -> the right rooms, in order, remembered.

Names load on first use: a command waits for the rooms that it asks, and for no other.
"""

import importlib
from typing import TYPE_CHECKING

_HOMES = {
    "Asked": "tours",
    "CalibrationReport": "calibrated",
    "ComparisonReport": "compared_report",
    "DatasetFetch": "fetching",
    "EvolutionReport": "evolution",
    "Fetching": "fetching",
    "ImportReport": "imported",
    "PeopleReport": "people_report",
    "PortraitReport": "portrait",
    "ProjectionReport": "projected",
    "Report": "report",
    "RoadReport": "road_report",
    "RoadsRead": "road_reading",
    "SitesAsked": "sites_asked",
    "SitesMade": "siting",
    "SitesReport": "siting",
    "Study": "study",
    "ThemesReport": "themes",
    "ToursReport": "tours",
    "Written": "areas",
    "compare": "compared",
    "fetch_datasets": "fetching",
    "fetch_roads": "fetching",
    "import_file": "imported",
    "open_study": "study",
    "plan_sites": "siting",
    "publication": "report",
    "read_roads": "road_reading",
    "scenario_of": "compared",
    "services_of": "compared",
    "study_evolution": "evolution",
    "study_isochrones": "areas",
    "study_measures": "measures",
    "study_projection": "projected",
    "study_surface": "areas",
    "study_tours": "tours",
    "write_calibration": "calibrated",
    "write_committee": "committee",
    "write_comparison": "compared_report",
    "write_evolution": "evolution",
    "write_people_report": "people_report",
    "write_portrait": "portrait",
    "write_projection": "projected",
    "write_report": "report",
    "write_road_report": "road_report",
    "write_sites": "siting",
    "write_themes": "themes",
    "write_tours": "tours",
}

if TYPE_CHECKING:
    from ctg_geo.study.areas import Written, study_isochrones, study_surface
    from ctg_geo.study.calibrated import CalibrationReport, write_calibration
    from ctg_geo.study.committee import write_committee
    from ctg_geo.study.compared import compare, scenario_of, services_of
    from ctg_geo.study.compared_report import ComparisonReport, write_comparison
    from ctg_geo.study.evolution import EvolutionReport, study_evolution, write_evolution
    from ctg_geo.study.fetching import DatasetFetch, Fetching, fetch_datasets, fetch_roads
    from ctg_geo.study.imported import ImportReport, import_file
    from ctg_geo.study.measures import study_measures
    from ctg_geo.study.people_report import PeopleReport, write_people_report
    from ctg_geo.study.portrait import PortraitReport, write_portrait
    from ctg_geo.study.projected import ProjectionReport, study_projection, write_projection
    from ctg_geo.study.report import Report, publication, write_report
    from ctg_geo.study.road_reading import RoadsRead, read_roads
    from ctg_geo.study.road_report import RoadReport, write_road_report
    from ctg_geo.study.sites_asked import SitesAsked
    from ctg_geo.study.siting import SitesMade, SitesReport, plan_sites, write_sites
    from ctg_geo.study.study import Study, open_study
    from ctg_geo.study.themes import ThemesReport, write_themes
    from ctg_geo.study.tours import Asked, ToursReport, study_tours, write_tours

__all__ = [
    "Asked",
    "CalibrationReport",
    "ComparisonReport",
    "DatasetFetch",
    "EvolutionReport",
    "Fetching",
    "ImportReport",
    "PeopleReport",
    "PortraitReport",
    "ProjectionReport",
    "Report",
    "RoadReport",
    "RoadsRead",
    "SitesAsked",
    "SitesMade",
    "SitesReport",
    "Study",
    "ThemesReport",
    "ToursReport",
    "Written",
    "compare",
    "fetch_datasets",
    "fetch_roads",
    "import_file",
    "open_study",
    "plan_sites",
    "publication",
    "read_roads",
    "scenario_of",
    "services_of",
    "study_evolution",
    "study_isochrones",
    "study_measures",
    "study_projection",
    "study_surface",
    "study_tours",
    "write_calibration",
    "write_committee",
    "write_comparison",
    "write_evolution",
    "write_people_report",
    "write_portrait",
    "write_projection",
    "write_report",
    "write_road_report",
    "write_sites",
    "write_themes",
    "write_tours",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'ctg_geo.study' has no attribute {name!r}")
    return getattr(importlib.import_module(f"ctg_geo.study.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
