"""What people read has one apostrophe: that of print."""

import re
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from ctg_geo import labels
from ctg_geo.cli.screen import Screen
from ctg_geo.documents.parts import Document, Heading, Listing, Table
from ctg_geo.documents.published import Layer
from ctg_geo.documents.workbook import _sheet
from ctg_geo.export.texts import write_text
from ctg_geo.quality import Finding

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


def named(name):
    """Return a published layer of one row, of that name."""
    table = pd.DataFrame({"equipement_id": ["l'x"], "nom": [name], "count": [3]})
    return Layer(table, dict(zip(table, ("Identifiant", "Nom", "Nombre"), strict=True)), "")


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
    (read,) = _sheet("Communes", named(name)).rows
    assert read == ["l'x", name.replace("'", "’"), 3]  # an identifier is what tables are joined by
    write_text(tmp_path / "a.txt", [name, ""])
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "Saint-Laurent-d’Onay\n\n"


def test_names_of_data_are_in_french_print_on_the_screen_and_what_is_typed_is_not(capsys):
    name, screen = "Saint-Laurent-d'Onay", Screen(talks=True, as_json=False, verbose=0)
    screen.tell(f"{name} : rien.")
    finding = Finding("warning", "delivery_left_out", "lieux", "a", facts={"nom": name})
    screen.findings([finding], {"a": name})
    screen.say("ctg-geo check l'étude.toml")
    said = capsys.readouterr().out
    assert said.count("Saint-Laurent-d’Onay") == 3
    assert name not in said
    assert "l'étude.toml" in said


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("à 15 min et 31 km (2,5 h)", "à 15~min et 31~km (2,5~h)"),
        ("de 3 ans, 1 200 € : 40 places", "de 3~ans, 1 200~€~: 40~places"),
        ("75 % ; sûr ? Oui !", "75~% ; sûr~? Oui~!".replace(" ;", "~;")),
        ("dans le territoire : 1.", "dans le territoire~:~1."),
        ("2021 ; 15 – 16", "2021~; 15 – 16"),
    ],
)
def test_no_figure_of_a_document_is_parted_from_its_unit(text, printed):
    (block,) = Document("", "", (Listing([text]),), {}).legible().blocks
    assert [re.sub("[\u00a0\u202f]", "~", each) for each in block.items] == [printed]
