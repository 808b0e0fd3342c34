"""The layers of results: which tables of a GeoPackage are opened, and under what name.

Styles travel in the GeoPackage, so that a layer opens drawn.
"""

import sqlite3
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import Path

from qgis.core import QgsProcessingContext, QgsVectorLayer

# By GeoPackage, the tables that are opened, the first drawn over the others.
OPENED = {
    "ctg.gpkg": ("equipements", "zones", "communes"),
    "themes.gpkg": ("lieux", "theme_*"),
    "comparaison.gpkg": ("lieux_changes", "lieux", "ecart_*", "apres_*", "avant"),
    "implantation.gpkg": ("candidats", "lieux", "apports"),
}


def layers_of(folder):
    """Return the layers of a folder of results and of those inside, by file and table.

    Each has the address that QGIS opens, and its name. A folder over all themes is told by its
    own GeoPackage, not by that of each service.
    """
    own = sorted(each for each in Path(folder).glob("*.gpkg") if each.name in OPENED)
    inside = sorted(each for each in Path(folder).glob("*/*.gpkg") if each.name in OPENED)
    whole = [each for each in own if each.name == "themes.gpkg"]
    found = []
    for file in whole or [*own, *inside]:
        found += [(f"{file}|layername={table}", name) for table, name in _tables(file)]
    return found


def _tables(file):
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as base:
        held = dict(base.execute(
            "SELECT table_name, description FROM gpkg_contents WHERE data_type = 'features'"
        ))  # fmt: skip
    for pattern in OPENED[file.name]:
        for table in sorted(held):
            if fnmatchcase(table, pattern):
                yield table, held[table] or table


def load(found, context):
    """Ask QGIS to open layers in the project once the work is done."""
    project = context.project()
    if project is None:
        return
    for at, (source, name) in enumerate(reversed(found)):
        layer = QgsVectorLayer(source, name, "ogr")
        if layer.isValid():
            context.temporaryLayerStore().addMapLayer(layer)
            details = QgsProcessingContext.LayerDetails(name, project, name)
            if hasattr(details, "layerSortKey"):  # up to 3.30 QGIS orders them by name
                details.layerSortKey = at
            context.addLayerToLoadOnCompletion(layer.id(), details)
