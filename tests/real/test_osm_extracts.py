"""The tables of docs/roads.md are what the real extracts give, figure by figure."""

import importlib.util
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.shared

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def extracts():
    path = ROOT / "benchmarks" / "osm_extracts.py"
    spec = importlib.util.spec_from_file_location("osm_extracts", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["osm_extracts"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "roads" / "osm"


@pytest.fixture(scope="module")
def document():
    return (ROOT / "docs" / "roads.md").read_text(encoding="utf-8")


def rows(document, header):
    """Return the rows of the table that has a header, by their first cell."""
    lines = document.splitlines()
    start = next(at for at, line in enumerate(lines) if header in line) + 2
    end = next(at for at in range(start, len(lines)) if not lines[at].startswith("|"))
    return {line.split("|")[1].strip(): line for line in lines[start:end]}


def test_every_extract_has_its_row_and_no_row_is_left_over(extracts, folder, document):
    titles = [each.title for each in extracts.EXTRACTS]
    assert list(rows(document, "turn restrictions |")) == titles
    assert list(rows(document, "closed to all |")) == titles
    assert {each.file for each in extracts.EXTRACTS} == {each.name for each in folder.iterdir()}


@pytest.mark.parametrize("at", range(6))
def test_the_rows_of_an_extract_are_what_it_gives(extracts, folder, document, at):
    extract = extracts.EXTRACTS[at]
    found = extracts.account(folder, extract)
    told = rows(document, "turn restrictions |")[extract.title]
    assert told == extracts.used_row(extract, found)
    assert rows(document, "closed to all |")[extract.title] == extracts.aside_row(extract, found)
    assert found.ledger.read == found.ledger.used + sum(found.ledger.set_aside.values())


def test_the_words_of_the_menton_file_once_translated(extracts, folder, document):
    assert extracts.translated(folder) in " ".join(document.split())


def test_heidelberg_is_a_routable_graph_within_the_bar(extracts, folder):
    assert min(extracts.heidelberg_s(folder) for _ in range(2)) < extracts.BAR_S
