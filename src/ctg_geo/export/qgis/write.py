"""`projet.qgz`: a project file written without QGIS, the same bytes each time."""

import zipfile
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from ctg_geo.export.palettes import BEYOND
from ctg_geo.export.qgis.crs import spatial_reference
from ctg_geo.export.qgis.project import Extent, Group, MapLayer, Project, View
from ctg_geo.words import legible

__all__ = ["project_xml", "write_project"]

_VERSION: Final = "3.22.0-Białowieża"  # the oldest promised
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_STAMP: Final = (2000, 1, 1, 0, 0, 0)
_CANDIDATES: Final = "40"  # of a name, by square centimetre: enough to stay off the marks
_ENGINE: Final = "1"  # names are placed as by QGIS from 3.12 on; as by older ones if none is told
_WKB: Final = {"Point": "Point", "Line": "LineString", "Polygon": "Polygon", "": "NoGeometry"}
_RENDERING: Final = ("hasScaleBasedVisibilityFlag", "minScale", "maxScale", "labelsEnabled")


def write_project(path: Path, project: Project) -> None:
    """Write a project.

    Parameters
    ----------
    path : .qgz to create, in the folder that its sources are relative to
    """
    entry = zipfile.ZipInfo(f"{path.stem}.qgs", date_time=_STAMP)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    entry.create_system = 3  # the same bytes whatever the machine
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, project_xml(project))


def project_xml(project: Project) -> bytes:
    """Return the project as QGIS reads it."""
    root = ET.Element("qgis", version=_VERSION, projectname=project.title)
    ET.SubElement(root, "homePath", path="")
    ET.SubElement(root, "title").text = project.title
    ET.SubElement(root, "projectCrs").append(spatial_reference(project.crs))
    shown = project.views[0].shown
    tree = ET.SubElement(root, "layer-tree-group")
    for each in project.tree:
        _node(tree, each, shown)
    canvas = ET.SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    ET.SubElement(canvas, "units").text = "meters"
    _extent(ET.SubElement(canvas, "extent"), project.extent)
    ET.SubElement(canvas, "rotation").text = "0"
    ET.SubElement(canvas, "destinationsrs").append(spatial_reference(project.crs))
    layers = ET.SubElement(root, "projectlayers")
    for layer in project.layers:
        layers.append(_layer(layer, project.crs))
    order = ET.SubElement(root, "layerorder")
    for layer in project.layers:
        ET.SubElement(order, "layer", id=layer.id)
    root.append(_properties(project))
    presets = ET.SubElement(root, "visibility-presets")
    for view in project.views:
        presets.append(_preset(view, project))
    root.append(_metadata(project))
    ET.SubElement(root, "Layouts").extend(project.layouts)
    opening = ET.SubElement(root, "ProjectViewSettings", UseProjectScales="0", rotation="0")
    bounds = dict(zip(("xmin", "ymin", "xmax", "ymax"), map(_metres, project.extent), strict=True))
    ET.SubElement(opening, "DefaultViewExtent", bounds).append(spatial_reference(project.crs))
    ET.indent(root, " ")
    return (_DOCTYPE + legible(ET.tostring(root, encoding="unicode"))).encode()


def _metres(value: float) -> str:
    return f"{value:.1f}"


def _extent(element: ET.Element, extent: Extent) -> None:
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        ET.SubElement(element, name).text = _metres(value)


def _node(parent: ET.Element, held: MapLayer | Group, shown: frozenset[str]) -> None:
    """Put a layer or a group in the tree; layers of the first view are ticked."""
    if isinstance(held, MapLayer):
        ET.SubElement(parent, "layer-tree-layer", {
            "id": held.id, "name": held.title, "source": held.source,
            "providerKey": "gdal" if held.geometry == "Raster" else "ogr", "expanded": "0",
            "checked": "Qt::Checked" if held.key in shown else "Qt::Unchecked",
        })  # fmt: skip
        return
    group = ET.SubElement(parent, "layer-tree-group", {
        "name": held.title, "checked": "Qt::Checked", "expanded": "1" if held.expanded else "0",
    })  # fmt: skip
    for each in held.held:
        _node(group, each, shown)


def _layer(layer: MapLayer, crs: str) -> ET.Element:
    """Return a layer with the very style of the GeoPackage."""
    raster = layer.geometry == "Raster"
    kind = {"type": "raster"} if raster else {
        "type": "vector", "geometry": layer.geometry or "No geometry",
        "wkbType": _WKB[layer.geometry], "simplifyDrawingHints": "1", "simplifyDrawingTol": "1",
    }  # fmt: skip
    found = ET.Element("maplayer", {**kind, "styleCategories": "AllStyleCategories"})
    ET.SubElement(found, "id").text = layer.id
    ET.SubElement(found, "datasource").text = layer.source
    ET.SubElement(found, "layername").text = layer.title
    if layer.geometry:
        ET.SubElement(found, "srs").append(spatial_reference(crs))
    resource = ET.SubElement(found, "resourceMetadata")
    ET.SubElement(resource, "title").text = layer.title
    ET.SubElement(resource, "abstract").text = layer.abstract
    provider = {} if raster else {"encoding": "UTF-8"}
    ET.SubElement(found, "provider", provider).text = "gdal" if raster else "ogr"
    style = ET.fromstring(layer.style)  # noqa: S314  (written by this package)
    found.attrib.update({name: style.attrib[name] for name in _RENDERING if name in style.attrib})
    found.extend(style)
    return found


def _properties(project: Project) -> ET.Element:
    """Colour of the canvas, places of names, paths, and the variables of the project."""
    found = ET.Element("properties")
    gui = ET.SubElement(found, "Gui")
    for name, at in (("Red", 1), ("Green", 3), ("Blue", 5)):
        part = ET.SubElement(gui, f"CanvasColor{name}Part", type="int")
        part.text = str(int(BEYOND[at : at + 2], 16))
    reference = ET.SubElement(found, "SpatialRefSys")  # without which the CRS is not read
    ET.SubElement(reference, "ProjectionsEnabled", type="int").text = "1"
    placing = ET.SubElement(found, "PAL")  # where names may stand
    ET.SubElement(placing, "CandidatesPolygonPerCM", type="double").text = _CANDIDATES
    ET.SubElement(placing, "PlacementEngineVersion", type="int").text = _ENGINE
    paths = ET.SubElement(found, "Paths")
    ET.SubElement(paths, "Absolute", type="bool").text = "false"
    variables = ET.SubElement(found, "Variables")
    names = ET.SubElement(variables, "variableNames", type="QStringList")
    values = ET.SubElement(variables, "variableValues", type="QStringList")
    for name, value in project.variables.items():
        ET.SubElement(names, "value").text = name
        ET.SubElement(values, "value").text = value
    return found


def _preset(view: View, project: Project) -> ET.Element:
    found = ET.Element("visibility-preset", {
        "name": view.name, "has-expanded-info": "0", "has-checked-group-info": "0",
    })  # fmt: skip
    for layer in project.layers:
        if layer.key in view.shown:
            ET.SubElement(found, "layer", id=layer.id, style="default", visible="1", expanded="0")
    return found


def _metadata(project: Project) -> ET.Element:
    found = ET.Element("projectMetadata")
    ET.SubElement(found, "title").text = project.title
    ET.SubElement(found, "abstract").text = project.abstract
    return found
