"""The QGIS kit: projects that open by double-click, written without QGIS."""

from ctg_geo.export.qgis.diagnosis import SURFACE, diagnosis_project
from ctg_geo.export.qgis.service import ServiceKit, service_kit
from ctg_geo.export.qgis.themes import all_sheets, themes_project
from ctg_geo.export.qgis.write import write_project

__all__ = [
    "SURFACE",
    "ServiceKit",
    "all_sheets",
    "diagnosis_project",
    "service_kit",
    "themes_project",
    "write_project",
]
