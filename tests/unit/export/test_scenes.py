"""Scenes of a project: groups in its tree, words of a page, height of a legend."""

import json

import pandas as pd
import pytest

from ctg_geo.errors import OutputError
from ctg_geo.export.drawn import Drawn
from ctg_geo.export.folder import PROJECT, refuse_mixed
from ctg_geo.export.layer import NamedStyle
from ctg_geo.export.qgis.legend import Legend, legend_height
from ctg_geo.export.qgis.map_page import PageWords
from ctg_geo.export.qgis.project import MapLayer, layers_in
from ctg_geo.export.qgis.scene import Scene, drawn_words, groups_of
from ctg_geo.export.qml import fill, qml, single
from ctg_geo.export.qml_labels import mark_labels

PLAIN = qml(single("fill", fill("0,0,0,255", "0,0,0,255")), {})
NO_WORDS = PageWords("", "", "", "", (), (), (), ())


def layer(key, style=PLAIN):
    return MapLayer(key, key, f"./a.gpkg|layername={key}", style, "Polygon")


def scene(key, *over):
    style = NamedStyle(key, key, key, PLAIN)
    return Scene(key, layer(key), style, key, NO_WORDS, tuple(map(layer, over)), ("A4",))


def keys(groups):
    return [(group.title, [each.key for each in group.held]) for group in groups]


def test_marks_of_one_group_stay_in_it_over_its_maps():
    made = [("a", [scene("m1", "p1"), scene("m2", "p1")]), ("b", []), ("c", [scene("m3", "p2")])]
    assert keys(groups_of(made)) == [("a", ["p1", "m1", "m2"]), ("c", ["p2", "m3"])]
    assert [each.expanded for each in groups_of(made)] == [True, False]


def test_marks_that_groups_share_stand_once_before_them_the_lowest():
    made = [("a", [scene("m1", "own", "all")]), ("b", [scene("m2", "all", "more")])]
    found = groups_of(made)
    assert keys(found)[0][1] == ["own", "more", "all"]
    assert keys(found)[1:] == [("a", ["m1"]), ("b", ["m2"])]
    every = [each.key for each in layers_in(tuple(found))]
    assert len(every) == len(set(every))


def test_a_page_tells_both_that_it_was_forced_and_that_it_is_estimated():
    drawn = Drawn("t", "s", "forcé", "l", pd.Series(dtype=object), (), "?", (), ("x",),
                  band="estimé", loud="!")  # fmt: skip
    said = drawn_words(drawn)
    assert said.caveat == "forcé estimé"
    assert said.loud == "!"


def test_a_legend_is_as_high_as_the_lines_of_its_words():
    short = Legend(layer("a"), "court", {0: "un", 1: "deux"})
    long = Legend(layer("a"), "court", {0: "un", 1: "mot " * 60})
    assert legend_height([short], 90, size=7.6) == pytest.approx(3 * 4.75)
    assert legend_height([long], 90, size=7.6) > legend_height([long], 180, size=7.6)
    assert legend_height([short, short], 90, size=7.6) == pytest.approx(6 * 4.75)


def test_rules_of_names_are_no_classes_of_a_legend():
    marked = qml(single("fill", fill("0,0,0,255", "0,0,0,255")), {"nom": "Nom"},
                 labeling=mark_labels('"nom"', below=80_000))  # fmt: skip
    assert legend_height([Legend(layer("a", marked))], 90, size=7.6) == pytest.approx(4.75)


def test_results_of_a_version_without_projects_are_replaced_and_others_are_not(tmp_path):
    held = {"outputs": {"a.gpkg": "", "a.csv": ""}, "parameters": {"service": {"creche": {}}}}
    (tmp_path / "manifest.json").write_text(json.dumps(held), "utf-8")
    refuse_mixed(tmp_path, ("a.gpkg", PROJECT, "a.csv", "manifest.json"), "creche")
    with pytest.raises(OutputError):
        refuse_mixed(tmp_path, ("b.gpkg", PROJECT, "a.csv", "manifest.json"), "creche")
