"""What a room offers is listed, exists, and is documented so that one can call it.

Units and CRS are read by eye; sections and names of parameters are read here.
"""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

import ctg_geo

SRC = Path(ctg_geo.__file__).parent
APART = {"__main__.py"}  # run, never imported
OTHER_PYTHON = SRC / "export/qgis/plugin"  # runs in the Python of QGIS
BARE = re.compile(r"\b(Series|DataFrame|GeoDataFrame|GeoSeries|ndarray|float|int|Mapping|dict)\b")
GIVING = re.compile(r"(Return|Tell|Say|List|Count|Read|Name)\b")  # then the summary says what
SEE = re.compile(r"^Parameters(, \w+)*\n +See `\w+`", re.MULTILINE)
SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)


def _modules():
    return [
        path
        for path in sorted(SRC.rglob("*.py"))
        if path.name not in APART and OTHER_PYTHON not in path.parents
    ]


def _dotted(path):
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(("ctg_geo", *(part for part in parts if part != "__init__")))


def _rooms():
    return ["ctg_geo", *(_dotted(path) for path in sorted(SRC.glob("*/__init__.py")))]


def _listed(tree):
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "__all__":
            return ast.literal_eval(node.value)
    return []  # nothing offered: a script, an empty package


def _defined(tree):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


def test_modules_list_what_they_offer_and_nothing_else():
    """What is public and not in `__all__` is to be listed, or to begin with _."""
    wrong = {}
    for path in _modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        listed, defined = _listed(tree), _defined(tree)
        private = [name for name in listed if name.startswith("_") and name != "__version__"]
        twice = [name for name in set(listed) if listed.count(name) > 1]
        unlisted = sorted({name for name in defined if not name.startswith("_")} - set(listed))
        wrong[_dotted(path)] = private + twice + unlisted
    assert not {module: names for module, names in wrong.items() if names}


def test_each_listed_name_is_there():
    gone = {}
    for path in _modules():
        module = importlib.import_module(_dotted(path))
        listed = getattr(module, "__all__", ())
        gone[_dotted(path)] = [name for name in listed if not hasattr(module, name)]
    assert not {module: names for module, names in gone.items() if names}


def _offered():
    """Return what the rooms offer, each thing once, under the first name it has."""
    seen = {}
    for room in _rooms():
        module = importlib.import_module(room)
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if inspect.isfunction(thing) or inspect.isclass(thing):
                seen.setdefault(id(thing), pytest.param(thing, id=f"{room}.{name}"))
    return list(seen.values())


OFFERED = _offered()


@pytest.mark.parametrize(
    "function", [each for each in OFFERED if inspect.isfunction(each.values[0])]
)
def test_a_function_of_a_room_says_what_it_takes_gives_and_refuses(function):
    """Types of ours tell their own units; tables, arrays and numbers must be told."""
    text = inspect.getdoc(function) or ""
    assert text, "no docstring"
    sections = _sections(text)
    parameters = inspect.signature(function).parameters
    named = _names(sections.get("Parameters", ""))
    assert not set(named) - set(parameters), "Parameters names what is not one"
    bare = {name for name, each in parameters.items() if BARE.search(str(each.annotation))}
    elsewhere = set(re.findall(r"`(\w+)`", text))
    if not SEE.search(text):
        assert not bare - set(named) - elsewhere, "say index, unit, CRS, under Parameters"
    if BARE.search(str(inspect.signature(function).return_annotation)):
        assert {"Returns", "Yields"} & set(sections) or GIVING.match(text), "Returns is missing"
    unsaid = [name for name in _raised(function) if name not in sections.get("Raises", "")]
    assert not unsaid, "Raises does not name them"


@pytest.mark.parametrize("kind", [each for each in OFFERED if inspect.isclass(each.values[0])])
def test_a_class_of_a_room_says_what_it_is_and_what_its_methods_do(kind):
    assert (kind.__doc__ or "").strip()
    public = {
        name: thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
        for name, thing in vars(kind).items()
        if not name.startswith("_")
    }
    mute = [
        name
        for name, thing in public.items()
        if inspect.isfunction(thing) and not (thing.__doc__ or "").strip()
    ]
    assert not mute


def _sections(text):
    parts = SECTION.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _names(section):
    entries = [line for line in section.splitlines() if line and not line.startswith(" ")]
    return [
        name.strip().lstrip("*") for line in entries for name in line.split(" : ")[0].split(",")
    ]


def _raised(function):
    """Return the names of what its own body raises; what its callees raise is theirs to say."""
    tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(inspect.unwrap(function))))
    thrown = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
    calls = [each.func if isinstance(each, ast.Call) else each for each in thrown]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    return sorted(name for name in names if name[0].isupper())
