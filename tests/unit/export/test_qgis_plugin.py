"""The plugin as a zip, without QGIS."""

import ast
import configparser
import json
import string
import zipfile

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
