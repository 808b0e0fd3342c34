"""No module and no function grows past what one reads at a time."""

import ast
from pathlib import Path

import pytest

import ctg_geo

SRC = Path(ctg_geo.__file__).parent

MOST_LINES = 300  # of a module
MOST_BODY = 40  # of a function: lines after its signature and its docstring
LISTS = {"errors.py": "one list of every failure"}


def compiled(node):
    """Tell whether a function is a loop compiled to machine code: one piece, for its speed."""
    return any(ast.unparse(each).split("(")[0] == "kernel" for each in node.decorator_list)


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def body_lines(node):
    first = node.body[0]
    if ast.get_docstring(node) is not None and len(node.body) > 1:
        first = node.body[1]
    return node.end_lineno - first.lineno + 1


PATHS = sorted(SRC.rglob("*.py"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.relative_to(SRC)))
def test_a_module_and_its_functions_are_of_a_size_one_reads(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if path.name not in LISTS:
        assert lines <= MOST_LINES
    long = {node.name: body_lines(node) for node in functions(path) if not compiled(node)}
    assert {name: count for name, count in long.items() if count > MOST_BODY} == {}
