"""ARCHITECTURE.md is true: its rooms, its stairs and its modules are those of the code."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src/ctg_geo"
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
GROUND = {"errors", "progress", "cache", "words", "labels", "provenance", "quality"}
"""Single modules of the ground floor, told by the stairs alone."""


def _rooms_of_code():
    packages = {path.parent.name for path in SRC.glob("*/__init__.py")}
    modules = {path.stem for path in SRC.glob("*.py") if not path.name.startswith("__")}
    return packages | modules


def _stairs():
    """Return the steps as drawn, from the top; a step is a set of rooms side by side."""
    drawing = TEXT.split("```")[1].strip("\n").splitlines()
    cells = [re.split(r" {2,}", line.strip())[0] for line in drawing]
    return [{room.strip() for room in cell.split("|")} for cell in cells]


def _layers():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (stairs,) = (
        contract
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    return [{room.strip() for room in layer.split("|")} for layer in stairs["layers"]]


def _table():
    """Return the rooms of the table, and the names in backquotes of each."""
    rows = re.findall(r"^\| `(\w+)/?` \| (.*) \|$", TEXT, re.MULTILINE)
    assert len({room for room, _ in rows}) == len(rows), "a room twice in the table"
    return {room: set(re.findall(r"`(\w+)(?:/|\.\w+)?`", told)) for room, told in rows}


def test_the_stairs_drawn_hold_each_room_of_the_code_once():
    drawn = [room for step in _stairs() for room in step]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == _rooms_of_code()


def test_the_stairs_drawn_are_those_that_the_linter_checks():
    """Rooms drawn on several lines may be one layer, never the other way round."""
    drawn = {room: height for height, step in enumerate(_stairs()) for room in step}
    layers = _layers()
    assert {room for layer in layers for room in layer} == set(drawn)
    heights = [sorted({drawn[room] for room in layer}) for layer in layers]
    assert heights == sorted(heights)
    assert len({height for each in heights for height in each}) == sum(map(len, heights)), (
        "one line of the drawing holds rooms of two layers"
    )


def test_the_table_tells_each_room():
    assert set(_table()) == _rooms_of_code() - GROUND


@pytest.mark.parametrize("room", sorted(_table()))
def test_each_module_of_a_room_is_named(room):
    named = _table()[room]
    unnamed = [
        str(path.relative_to(SRC))
        for path in sorted((SRC / room).rglob("*.py"))
        if not _is_told(path.relative_to(SRC / room), named)
    ]
    assert not unnamed, f"say in ARCHITECTURE.md what they are: {unnamed}"


def _is_told(path, named):
    """Tell whether a module, or the package it stands in, is named."""
    return path.stem == "__init__" or bool(named & {path.stem, *path.parts[:-1]})


@pytest.mark.parametrize("room", sorted(_table()))
def test_each_module_named_exists(room):
    kept = {path.stem for path in (SRC / room).rglob("*") if path.name != "__init__.py"}
    known = kept | _rooms_of_code() | _defined_in(room) | _defined_in("cli")
    gone = sorted(_table()[room] - known)
    assert not gone, f"told in ARCHITECTURE.md and not in {room}: {gone}"


def _defined_in(room):
    """Return the functions, types, commands and columns that the table tells beside modules."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (SRC / room).rglob("*.py"))
    defined = re.findall(r"^ *(?:def|class) (\w+)", text, re.MULTILINE)
    return {*defined, *re.findall(r"[\"'](\w+)[\"']", text)}
