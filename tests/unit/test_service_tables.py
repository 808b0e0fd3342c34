"""Tables of services say who has nothing within reach, and which lists are not whole."""

from types import SimpleNamespace

import pandas as pd
import pytest

from ctg_geo import labels
from ctg_geo.documents.cells import cut_at
from ctg_geo.documents.grounds import glossary
from ctg_geo.documents.parts import Listing, Paragraph, Table
from ctg_geo.documents.published import Published
from ctg_geo.documents.services import glance, known_in_part, services_table
from ctg_geo.documents.sheets import _row
from read_pages import normal

COLUMNS = ("theme", "service", "state", "norm", "places", "announced", "below", "missing",
           "reached_share", "mean_min")  # fmt: skip
ROWS = [
    ("Vie sociale", "Centres sociaux", "diagnostiqué", "sans norme", "2", "10", "", "", "20,7",
     "5,0"),
    ("Vie sociale", "Fermes", "diagnostiqué", "sans norme", "1", "", "", "", "0,0", ""),
    ("Vie sociale", "Espaces", "aucun lieu localisé", "", "0", "6", "", "", "", ""),
]  # fmt: skip


def written(folder, name, titles, rows):
    lines = [";".join(each) for each in (titles, *rows)]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return Published(folder, {"outputs": {name: ""}}, ())


@pytest.fixture
def whole(tmp_path):
    titles = [labels.text(f"themes.columns.{each}") for each in COLUMNS]
    return written(tmp_path, "themes.csv", titles, ROWS)


def test_who_reaches_nothing_is_in_the_table_beside_the_time_of_the_others(whole):
    reach = {"Centres sociaux": "à pied (60 min au plus)"}
    table = services_table(whole, "Vie sociale", reach)
    assert [normal(each) for each in table.titles[2:]] == [
        "Lieux dans le territoire (nombre)", "Lieux annoncés (nombre)",
        "Population à portée d'un lieu (%)",
        "Temps moyen au plus proche, parmi ceux qui en atteignent un (min)",
    ]  # fmt: skip
    assert [tuple(row) for row in table.rows] == [
        ("Centres sociaux, à pied (60 min au plus)", "sans norme", "2", "10", "20,7", "5,0"),
        ("Fermes", "sans norme", "1", "–", "0,0", "–"),
    ]
    assert [tuple(row)[1:] for row in glance(whole).rows] == [("2", "sans norme", "1")]


@pytest.mark.parametrize(
    ("key", "told"), [("count_short", True), ("list_partial", True), ("location_estimated", False)]
)
def test_a_list_that_is_not_whole_is_known_by_its_finding(tmp_path, key, told):
    titles = [labels.text(f"columns.{each}") for each in ("severity", "key")]
    assert known_in_part(written(tmp_path, "constats.csv", titles, [("attention", key)])) == told


@pytest.mark.parametrize(("partial", "mark"), [(frozenset({"lieu"}), " *"), (frozenset(), "")])
def test_beyond_the_limit_of_a_list_that_is_not_whole_is_marked(partial, mark):
    service = SimpleNamespace(key="lieu", label="Lieux", way="à pied", judged=False,
                              on_supply=False)  # fmt: skip
    found = pd.Series({"nearest_min": float("nan"), "nearest_status": "au-delà de la limite"})
    row = _row(service, found, partial)
    assert row[0] == f"Lieux, à pied{mark}"
    assert row[2] == "au-delà de la limite"


def test_a_cut_hides_more_than_a_few_rows():
    assert [cut_at(count, 12) for count in (5, 13, 15, 16, 54)] == [5, 13, 15, 12, 12]


def test_the_glossary_has_the_words_of_the_document_and_no_other():
    table = Table("Tau de Kendall", ("Commune",), (("Repss",),), (False,))
    blocks = (Paragraph("L'iris est une fleur."), Listing(("12 places en EAJE",)), table)
    words = [normal(each).split(" :")[0] for each in glossary(blocks)]
    assert words == ["EAJE", "Tau de Kendall", "Repss"]


def test_a_column_is_as_wide_as_its_longest_word_where_all_lack_room():
    names = ("Commune", *(f"Temps au plus proche {number}" for number in range(9)))
    rows = (("Châteaudouble", *("1,0",) * 9),)
    shares = Table("", names, rows, (False, *(True,) * 9)).shares
    # 13 signs of a name against 6 of « proche »: about twice as wide
    assert shares[0] / sum(shares) > 1.8 * shares[1] / sum(shares)
    assert Table("", names, rows, (False,) * 10, (1,) * 10).shares == (1,) * 10
