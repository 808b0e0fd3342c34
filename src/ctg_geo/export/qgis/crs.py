"""A coordinate reference system as QGIS reads it: WKT and code, for one of them may be enough."""

from xml.etree import ElementTree as ET

import pyproj

__all__ = ["spatial_reference"]


def spatial_reference(crs: str) -> ET.Element:
    """Return the element that names a reference system.

    Parameters
    ----------
    crs : as `pyproj` reads it

    Notes
    -----
    Without the WKT, older versions of QGIS take the system of a project as unknown.
    """
    known = pyproj.CRS.from_user_input(crs)
    code = known.to_epsg()
    found = ET.Element("spatialrefsys", nativeFormat="Wkt")
    ET.SubElement(found, "wkt").text = known.to_wkt("WKT2_2019")
    ET.SubElement(found, "srid").text = str(code or 0)
    ET.SubElement(found, "authid").text = "" if code is None else f"EPSG:{code}"
    ET.SubElement(found, "description").text = known.name
    ET.SubElement(found, "geographicflag").text = "true" if known.is_geographic else "false"
    return found
