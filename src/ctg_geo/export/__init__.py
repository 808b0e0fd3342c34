"""The printing room: GeoPackage, tables, map and manifest, from one publication."""

from ctg_geo.export.calibration import (
    CALIBRATION_OUTPUTS,
    calibration_summary,
    write_calibration_folder,
)
from ctg_geo.export.chapters import Chapter, Sheet
from ctg_geo.export.drawn import Drawn, Entry, Marks
from ctg_geo.export.folder import OUTPUTS, write_folder
from ctg_geo.export.imported import IMPORT_OUTPUTS, import_summary, write_import_folder
from ctg_geo.export.kinds import Kinds
from ctg_geo.export.people import PEOPLE_OUTPUTS, write_people_folder
from ctg_geo.export.portrait import PORTRAIT_OUTPUTS, Portrait, write_portrait_folder
from ctg_geo.export.publish import Around, Publication, publish
from ctg_geo.export.roads import write_roads
from ctg_geo.export.summary import headlines, summary
from ctg_geo.export.theme_words import PORTRAIT, ServiceState, ThemeState
from ctg_geo.export.themes import write_themes_folder

__all__ = [
    "CALIBRATION_OUTPUTS",
    "IMPORT_OUTPUTS",
    "OUTPUTS",
    "PEOPLE_OUTPUTS",
    "PORTRAIT",
    "PORTRAIT_OUTPUTS",
    "Around",
    "Chapter",
    "Drawn",
    "Entry",
    "Kinds",
    "Marks",
    "Portrait",
    "Publication",
    "ServiceState",
    "Sheet",
    "ThemeState",
    "calibration_summary",
    "headlines",
    "import_summary",
    "publish",
    "summary",
    "write_calibration_folder",
    "write_folder",
    "write_import_folder",
    "write_people_folder",
    "write_portrait_folder",
    "write_roads",
    "write_themes_folder",
]
