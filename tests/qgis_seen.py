"""What holds of every project that QGIS has opened (see `qgis/judge.py`)."""

import os
import re

from ctg_geo import labels

PYTHON = os.environ.get("CTG_GEO_QGIS_PYTHON", "/usr/bin/python3")  # that has PyQGIS
SHEETS = labels.text("qgis.layout_sheets")
FRAGILE = labels.text("map.fragile")  # over the classes, when a verdict is
UNDRAWN = {labels.text("qgis.fiche_voile"), labels.text("qgis.fiche_repere")}  # of no sheet


# A line without a value, a title without a name, a number as a machine writes it.
UNSAID = re.compile(r":\s*(?:<br/>|$)|<b></b>|NULL|\[%|\d\.\d")


def sound(told):
    """Check all that holds of every project."""
    assert told["read"]
    assert told["crs"] == "EPSG:2154"
    assert (told["lost"], told["outside"], told["messages"]) == (0, 0, []), told["messages"]
    for layer in told["layers"]:
        assert layer["valid"], layer["source"]
        assert layer["faults"] == [], layer["faults"]
        assert layer["crs"] or not layer["spatial"], layer["name"]
        untitled = [name for name, title in layer["aliases"].items() if not title and name != "fid"]
        assert untitled == [], (layer["name"], untitled)
        assert not layer.get("undrawn") or layer["name"] in UNDRAWN, layer["name"]
        for tip in layer.get("tips", ()):
            assert not UNSAID.search(tip), (layer["name"], tip)
    assert len(told["colours"]) > 5
    assert set(told["layout_names"]) >= {each["name"] for each in told["layouts"]}
    for layout in told["layouts"]:
        assert layout["sheets"], layout["name"]
        assert all(done == 0 and size > 5000 for _, done, size in layout["files"]), layout["files"]
        for sheet in layout["sheets"]:
            assert (sheet["off"], sheet["unlinked"]) == ([], []), (layout["name"], sheet["off"])
            assert all(sheet["maps"].values()), layout["name"]
            overlap = [each["overlap"] for each in sheet["written"].values() if each["overlap"]]
            assert overlap == [], (layout["name"], overlap)
            unread = [text for text in sheet["text"] if "[%" in text or "NULL" in text]
            assert unread == [], (layout["name"], unread)


def classes_of(layer):
    """Return how many features of a layer each class draws, without the sign over the classes."""
    return {said: count for said, count in layer["classes"].items() if said != FRAGILE}


def plain():
    """Return the environment of the machine, without that of our own Python."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
