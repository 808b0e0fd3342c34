"""Places on the sheets of all themes, as real QGIS reads their style."""

import json
import subprocess

import pytest

from ctg_geo.export.qgis.spotlight import places_style
from qgis_seen import PYTHON, plain

pytestmark = pytest.mark.qgis

READ = """
import json, os, sys
from qgis.core import (QgsApplication, QgsExpression, QgsExpressionContext,
                       QgsExpressionContextUtils, QgsFeature, QgsGeometry, QgsPointXY,
                       QgsVectorLayer)
from qgis.PyQt.QtXml import QDomDocument
application = QgsApplication([], False)
application.initQgis()
style, rows, here = json.loads(sys.argv[1])
names = ["code_insee", "place_nom", "service_label", "beside"]
fields = "&".join(f"field={each}:string" for each in names)
layer = QgsVectorLayer(f"Point?crs=EPSG:2154&{fields}", "lieux", "memory")
for code, name, x in rows:
    feature = QgsFeature(layer.fields())
    feature.setAttributes([code, name, "Caf", "Caf"])
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, 0)))
    assert layer.dataProvider().addFeatures([feature])[0]
document = QDomDocument()
document.setContent(style)
assert layer.importNamedStyle(document)[0]
drawn = layer.renderer()
assert drawn.orderByEnabled()
by = drawn.orderBy().list()[0]
near = layer.labeling().settings(layer.labeling().subProviders()[0])
told = []
for feature in layer.getFeatures():
    context = QgsExpressionContext()
    context.appendScopes(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    sheet = QgsFeature(layer.fields())
    sheet.setAttributes([here, "", "", ""])
    context.setFeature(feature)
    QgsExpression("$currentfeature").evaluate(context)  # a feature is then known as a value
    context.lastScope().setVariable("atlas_feature", sheet)
    name, order = (QgsExpression(each).evaluate(context)
                   for each in (near.fieldName, by.expression().expression()))
    told.append([feature["place_nom"], name if isinstance(name, str) else None, order])
print(json.dumps([told, by.ascending()]), flush=True)
os._exit(0)
"""
# Two places of one point, one alone in the same commune, one alone beside.
ROWS = [("26001", "Alixan (1)", 0), ("26001", "Alixan (2)", 0), ("26001", "Le Bocal", 900),
        ("26002", "Bésayes (1)", 1800)]  # fmt: skip


@pytest.mark.usefixtures("judge")
def test_places_of_the_sheet_are_over_others_and_those_alone_at_their_point_named():
    titles = {each: each for each in ("code_insee", "place_nom", "service_label", "beside")}
    given = json.dumps([places_style(["Caf"], titles), ROWS, "26001"])
    found = subprocess.run(
        [PYTHON, "-c", READ, given], check=False, text=True, capture_output=True, timeout=60,
        env=plain() | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert found.stdout, found.stderr
    told, ascending = json.loads(found.stdout.splitlines()[-1])
    assert ascending  # the last drawn lie over the others
    assert told == [["Alixan (1)", None, 1], ["Alixan (2)", None, 1], ["Le Bocal", "Le Bocal", 1],
                    ["Bésayes (1)", None, 0]]  # fmt: skip
