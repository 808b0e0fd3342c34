"""Every word the package may need to say has its text; nothing is said in one language only."""

import ast
import string
import tomllib
from pathlib import Path

import pytest

import ctg_geo
from ctg_geo import errors

SOURCE = Path(ctg_geo.__file__).parent
TREES = {
    path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(SOURCE.rglob("*.py"))
}
FRENCH, ENGLISH = (
    tomllib.loads((SOURCE / "labels" / f"{lang}.toml").read_text(encoding="utf-8"))
    for lang in ("fr", "en")
)
ERRORS = {
    name: kind.key
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.CtgGeoError)
}


def called(node):
    """Return the bare name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def words(node):
    """Return the texts an argument may be: a constant, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return words(node.body) + words(node.orelse)
    return []


def asked():
    """List (section, key, place in the source) of each text the source names."""
    found = []
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            first = node.args[0] if node.args else None
            second = node.args[1] if len(node.args) > 1 else None
            who, where = called(node), f"{name}:{node.lineno}"
            if who in ERRORS and first is not None:
                found += [(f"errors.{ERRORS[who]}", key, where) for key in words(first)]
            elif who in ("Defect", "Finding") and second is not None:
                section = "defects" if who == "Defect" else "findings"
                found += [(section, key, where) for key in words(second)]
            elif who == "add" and name.startswith("sources/") and first is not None:
                found += [("defects", key, where) for key in words(first)]
            elif who == "RoadRule" and first is not None:
                found += [("aside", key, where) for key in words(first) if key]
            elif who == "refusal" and first is not None:
                found += [("expected", key, where) for key in words(first)]
            elif who == "text" and getattr(getattr(node.func, "value", None), "id", "") == "labels":
                found += [(*key.rsplit(".", 1), where) for key in words(first) if "." in key]
    return found


ASKED = asked()


def texts(table, section):
    for part in section.split("."):
        table = table.get(part, {})
    return table


def placeholders(text):
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_scan_finds_the_texts_of_each_kind():
    sections = ("defects", "findings", "expected", "aside", "errors.config", "errors.unreadable")
    for section in sections:
        assert sum(each[0] == section for each in ASKED) >= 5, section


@pytest.mark.parametrize(("section", "key", "where"), ASKED, ids=[f"{s}.{k}" for s, k, _ in ASKED])
def test_a_text_that_the_source_names_exists_in_french(section, key, where):
    assert isinstance(texts(FRENCH, section).get(key), str), f"{where} needs {section}.{key}"


def test_errors_speak_both_languages():
    sections = [f"errors.{key}" for key in FRENCH["errors"]] + ["defects", "expected"]
    for section in sections:
        assert set(texts(FRENCH, section)) == set(texts(ENGLISH, section)), section


def test_both_languages_tell_the_same_facts():
    for section in [f"errors.{key}" for key in FRENCH["errors"]] + ["defects", "expected"]:
        for key, french in texts(FRENCH, section).items():
            english = placeholders(texts(ENGLISH, section)[key])
            english = {"expected" if name == "expected_en" else name for name in english}
            if (section, key) != ("errors.config", "bad_value") or "expected" in english:
                assert placeholders(french) == english, f"{section}.{key}"


def test_no_text_of_a_defect_or_finding_is_left_without_use():
    spoken = " ".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    for section in ("defects", "findings"):
        built = [key for key in FRENCH[section] if f'f"{key.split("_")[0]}_{{' in spoken]
        unused = [key for key in FRENCH[section] if f'"{key}"' not in spoken and key not in built]
        assert unused == [], section


def test_every_text_can_be_filled():
    for section in ("defects", "findings", "expected"):
        for key, text in FRENCH[section].items():
            assert not [name for name in placeholders(text) if not name.isidentifier()], key
