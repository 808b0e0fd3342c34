"""The plugin as a zip, without QGIS."""

import ast
import configparser
import json
import string
import sys
import zipfile

import pytest

from ctg_geo.export.qgis.pack import PLUGIN, write_plugin


def held(path):
    with zipfile.ZipFile(path) as archive:
        return {each: archive.read(each).decode() for each in archive.namelist()}


def test_the_zip_holds_what_qgis_reads_and_the_same_bytes_each_time(tmp_path):
    for name in ("a.zip", "b.zip"):
        write_plugin(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    files = held(tmp_path / "a.zip")
    assert {each.split("/")[0] for each in files} == {PLUGIN}
    told = configparser.ConfigParser()
    told.read_string(files[f"{PLUGIN}/metadata.txt"])
    for key in ("name", "version", "description", "about", "author", "email"):
        assert told["general"][key]
    assert told["general"]["hasprocessingprovider"] == "yes"


def _names(first, words, keys):
    """Return the words that a call may ask for: one, or those that begin or end alike."""
    if isinstance(first, ast.Constant):
        return {first.value}
    if not isinstance(first, ast.JoinedStr):
        return set()
    if isinstance(first.values[-1], ast.Constant):
        return {f"{key}{first.values[-1].value}" for key in keys}
    return {each for each in words if each.startswith(first.values[0].value)}


def test_every_word_that_the_plugin_says_is_packed(tmp_path):
    write_plugin(tmp_path / "a.zip")
    files = held(tmp_path / "a.zip")
    words, asked = json.loads(files[f"{PLUGIN}/words.json"]), set()
    keys = {"diagnose", "compare", "site"}
    for name, text in files.items():
        if not name.endswith(".py"):
            continue
        for call in ast.walk(ast.parse(text)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "said":
                given = {each.arg for each in call.keywords}
                first = call.args[0]
                names = _names(first, words, keys)
                assert names or isinstance(first, ast.Name), ast.unparse(call)
                asked |= names
                for each in names:
                    facts = {part[1] for part in string.Formatter().parse(words[each]) if part[1]}
                    assert facts == given, each
    assert asked <= set(words)
    assert {"no_command", "diagnose_name", "site_help"} <= asked


def _chain(node):
    """Return the names of `a.b.c`, first first; none where it does not begin with a name."""
    names = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr)
        node = node.value
    return [node.id, *names] if isinstance(node, ast.Name) else []


def _imported(tree):
    """Give the modules that are imported, each with the names taken of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.name, []) for each in node.names)
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module, [each.name for each in node.names]


def only_with_qt5(text):
    """Return what of a file of the plugin only QGIS 3 would run.

    Under Qt 6 values of an enumeration are read through it (`Qt.AlignmentFlag.AlignLeft`), modules
    through `qgis.PyQt`, and names that end with `_` are gone.
    """
    tree, wrong, taken = ast.parse(text), [], set()
    for module, names in _imported(tree):
        first = module.split(".")[0]
        known = first in sys.stdlib_module_names or module.startswith(
            ("qgis.core", "qgis.PyQt", "processing.core")
        )
        wrong += [] if known else [module]
        taken |= set(names) if first in ("qgis", "processing") else set()
    nodes = [each for each in ast.walk(tree) if isinstance(each, ast.Attribute)]
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call)]
    wrong += [each.attr for each in nodes if each.attr in ("exec_", "print_")]
    classes = {id(each.func) for each in calls}  # a class made is no value
    within = {id(each.value) for each in nodes}
    for node in nodes:
        first, *names = _chain(node) or [""]
        if first in taken and id(node) not in classes | within:
            wrong += [".".join([first, *names])] * (names[-1][0].isupper() and len(names) < 2)
    return wrong


def test_the_plugin_asks_nothing_that_qt6_has_not(tmp_path):
    write_plugin(tmp_path / "a.zip")
    files = {name: text for name, text in held(tmp_path / "a.zip").items() if name.endswith(".py")}
    assert [wrong for text in files.values() for wrong in only_with_qt5(text)] == []


@pytest.mark.parametrize(("text", "wrong"), [
    ("from PyQt5.QtCore import Qt", ["PyQt5.QtCore"]),
    ("from qgis.PyQt.QtCore import Qt\nx = Qt.AlignLeft", ["Qt.AlignLeft"]),
    ("from qgis.PyQt.QtCore import Qt\nx = Qt.AlignmentFlag.AlignLeft", []),
    ("from qgis.core import QgsProcessing\nx = QgsProcessing.TypeFile", ["QgsProcessing.TypeFile"]),
    ("from qgis.core import Qgis\nx = Qgis.ProcessingSourceType.File", []),
    ("from qgis.core import QgsA\nx = QgsA.Details(1)", []),
    ("dialog.exec_()", ["exec_"]),
])  # fmt: skip
def test_what_only_qt5_has_is_found(text, wrong):
    assert only_with_qt5(text) == wrong
