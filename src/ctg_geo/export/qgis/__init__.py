"""The QGIS kit: projects that open by double-click, written without QGIS."""

from ctg_geo.export.qgis.changes import changes_project
from ctg_geo.export.qgis.diagnosis import SURFACE, diagnosis_project
from ctg_geo.export.qgis.results import grounded
from ctg_geo.export.qgis.scenarios import scenarios_project
from ctg_geo.export.qgis.service import ServiceKit, service_kit
from ctg_geo.export.qgis.sites import sites_project
from ctg_geo.export.qgis.themes import all_sheets, themes_project
from ctg_geo.export.qgis.tours import tours_project
from ctg_geo.export.qgis.write import write_project

__all__ = [
    "SURFACE",
    "ServiceKit",
    "all_sheets",
    "changes_project",
    "diagnosis_project",
    "grounded",
    "scenarios_project",
    "service_kit",
    "sites_project",
    "themes_project",
    "tours_project",
    "write_project",
]
