"""The printing room: GeoPackage, tables, map and manifest, from one publication."""

from ctg_geo.export.folder import OUTPUTS, write_folder
from ctg_geo.export.publish import Publication, publish
from ctg_geo.export.roads import write_roads
from ctg_geo.export.tables import summary

__all__ = ["OUTPUTS", "Publication", "publish", "summary", "write_folder", "write_roads"]
