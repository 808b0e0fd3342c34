"""The QGIS kit: projects that open by double-click, written without QGIS."""

from ctg_geo.export.qgis.diagnosis import diagnosis_project
from ctg_geo.export.qgis.write import write_project

__all__ = ["diagnosis_project", "write_project"]
