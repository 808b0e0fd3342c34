"""What people read has one apostrophe: that of print."""

import re
import tomllib
from pathlib import Path

import pytest

from ctg_geo import labels
from ctg_geo.documents.parts import Document, Heading, Listing, Table
from ctg_geo.export.texts import write_text

ROOT = Path(__file__).parents[2]
STRAIGHT = re.compile(r"\w'\w")
FILES = [*sorted((ROOT / "config").rglob("*.toml")),
         ROOT / "src" / "ctg_geo" / "config" / "comparability.toml",
         ROOT / "src" / "ctg_geo" / "starting" / "etude.toml.j2"]  # fmt: skip


def strings(found):
    if isinstance(found, str):
        yield found
    for each in found.values() if isinstance(found, dict) else ():
        yield from strings(each)
    for each in found if isinstance(found, list) else ():
        yield from strings(each)


def quoted(file):
    """Return the texts of a TOML file; those of a template by its quotes."""
    content = file.read_text(encoding="utf-8")
    if file.suffix == ".toml":
        return list(strings(tomllib.loads(content)))
    lines = [line for line in content.splitlines() if not line.lstrip().startswith("#")]
    return re.findall(r'"([^"]*)"', "\n".join(lines))


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.name)
def test_a_text_of_the_configuration_is_in_french_print(file):
    said = quoted(file)
    assert said
    assert [each for each in said if STRAIGHT.search(each)] == []


def test_the_sentences_of_the_house_are_in_french_print():
    assert [each for each in strings(labels._table("fr")) if STRAIGHT.search(each)] == []


def test_names_of_data_are_in_french_print_in_documents_and_texts(tmp_path):
    name = "Saint-Laurent-d'Onay"
    blocks = (Heading(1, name), Listing([name]), Table(name, [name], [[name]], [False]))
    bound = Document(name, name, blocks, {}).legible()
    assert [each for each in strings(bound.content()) if "'" in each] == []
    assert name.replace("'", "’") in strings(bound.content())
    write_text(tmp_path / "a.txt", [name, ""])
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "Saint-Laurent-d’Onay\n\n"
