"""Expressions of styles, as real QGIS works them out: where marks stand, how names break."""

import itertools
import json
import subprocess
from xml.etree import ElementTree as ET

import pytest

from ctg_geo.export.place_layers import place_marks
from ctg_geo.export.qml_labels import NAME_CUT
from qgis_seen import PYTHON, plain

pytestmark = pytest.mark.qgis

WORKED = """
import json, os, sys
from qgis.core import (QgsApplication, QgsExpression, QgsExpressionContext, QgsFeature, QgsField,
                       QgsFields)
from qgis.PyQt.QtCore import QVariant
application = QgsApplication([], False)
application.initQgis()
said, rows = json.loads(sys.argv[1])
fields = QgsFields()
for name in rows[0] or rows[1]:
    fields.append(QgsField(name, QVariant.String))
told = []
for row in rows:
    context, read = QgsExpressionContext(), QgsExpression(said)
    context.setFields(fields)
    if row is not None:
        feature = QgsFeature(fields)
        feature.setAttributes(list(row.values()))
        context.setFeature(feature)
    told.append(read.evaluate(context))
    assert not read.hasParserError(), read.parserErrorString()
print(json.dumps(told), flush=True)
os._exit(0)
"""
SERVICES = ["Crèches", "Écoles", "Lieux d'accueil", "Caf", "Médiathèques"]


@pytest.fixture(scope="module")
def worked(judge):  # noqa: ARG001  (skips or fails where QGIS is absent)
    """Return a function that works an expression out for rows of text; None is no feature."""

    def done(said, rows):
        found = subprocess.run(
            [PYTHON, "-c", WORKED, json.dumps([said, rows])], check=True, text=True,
            capture_output=True, timeout=60, env=plain() | {"QT_QPA_PLATFORM": "offscreen"},
        )  # fmt: skip
        return json.loads(found.stdout.splitlines()[-1])

    return done


def offset(shown=()):
    """Return the expression that moves a mark."""
    style = place_marks(SERVICES, {"place_nom": "Lieu"}, shown)
    moved = {each.find("Option[@name='expression']").get("value")
             for each in ET.fromstring(style).iter("Option")  # noqa: S314  (written by us)
             if each.get("name") == "offset"}  # fmt: skip
    (said,) = moved
    return said


def spots(worked, here, shown=()):
    """Return where the marks of the services of one point stand, mm."""
    rows = [{"service_label": each, "beside": " ; ".join(here)}
            for each in here if each in shown or not shown]  # fmt: skip
    return [tuple(map(float, each.split(","))) for each in worked(offset(shown), rows)]


@pytest.mark.parametrize("many", [1, 2, 3, 4, 5])
def test_services_of_one_point_stand_side_by_side_around_it(worked, many):
    found = spots(worked, SERVICES[:many])
    assert len(set(found)) == many
    for one, two in itertools.combinations(found, 2):
        assert max(abs(one[0] - two[0]), abs(one[1] - two[1])) > 3.0  # the size of a mark
    assert sum(x for x, _ in found) == pytest.approx(0)
    assert min(y for _, y in found) + max(y for _, y in found) == pytest.approx(0)


def test_services_that_are_not_shown_take_no_room(worked):
    shown = [SERVICES[0], SERVICES[2]]
    assert spots(worked, SERVICES, shown) == spots(worked, shown)
    assert spots(worked, SERVICES, shown[1:]) == [(0, 0)]


def test_a_mark_of_a_legend_is_not_moved(worked):
    empty = {"service_label": None, "beside": None}
    no_place, no_service = worked(offset(), [None, empty])
    assert no_place in (None, "0,0")  # without a value QGIS keeps the offset of the symbol, none
    assert no_service == "0,0"


@pytest.mark.parametrize(("name", "lines"), [
    ("Romans-sur-Isère", ["Romans-", "sur-Isère"]),
    ("Saint-Marcel-lès-Valence", ["Saint-Marcel-", "lès-Valence"]),
    ("Bourg-de-Péage", ["Bourg-", "de-Péage"]),
    ("Saint-Christophe-et-le-Laris", ["Saint-Christophe-", "et-le-Laris"]),
    ("Valence", ["Valence"]), ("Châteaudouble", ["Châteaudouble"]),
])  # fmt: skip
def test_a_long_name_breaks_near_its_middle(worked, name, lines):
    (said,) = worked(NAME_CUT, [{"nom": name}])
    assert said.replace("\u00a0", "").split("\n") == lines
