"""The longest times: one rule for the page, the project and the sentences.

In Petit Pays, with one desk in Alpe and 10 minutes from a commune to the next, Alpe is at
0 minutes, Brive at 10, Combe at 20 and Dune at 30.
"""

import pytest
from matplotlib.text import Text

import petit_pays as pp
from ctg_geo import study as study_room
from ctg_geo.export import _page_words, _sheet
from ctg_geo.export.qgis.service import diagnosis_words
from ctg_geo.export.summary import summary

NORM = 'norm = { within_min = 25, source = "norme de test" }\nmax_min = 45'


def publication_of(folder, max_min):
    """Diagnose the desks of Petit Pays without a norm, times being known up to `max_min`."""
    services = pp.SERVICES.replace(NORM, f'no_norm = "aucune"\nmax_min = {max_min}')
    study = study_room.open_study(pp.write(folder, services=services))
    return study_room.publication(study, study.diagnose("france_services"))


@pytest.fixture(scope="module")
def near(tmp_path_factory):
    """Two communes of four are beyond the limit of 15 minutes."""
    return publication_of(tmp_path_factory.mktemp("near"), 15)


@pytest.fixture(scope="module")
def far(tmp_path_factory):
    """All four are within the limit of 45 minutes."""
    return publication_of(tmp_path_factory.mktemp("far"), 45)


def on_the_sheet(publication):
    texts = _sheet.compose(publication).findobj(Text)
    return {each.get_text(): each for each in texts if each.get_text()}


def sheet_order(publication):
    return [plain(text).replace(" ", "").replace("\n", "") for text in on_the_sheet(publication)]


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_communes_beyond_the_limit_are_a_count_and_the_known_times_follow(near):
    said = [plain(each) for each in summary(near)]
    count = "2 communes à plus de 15 min, ou sans route, sans rang entre elles"
    known = "Les temps connus les plus longs"
    at = said.index(f"{count} : Combe, Dune.")
    assert said[at + 1] == f"{known} : Brive (10,0 min)."
    sheet = {plain(text) for text in on_the_sheet(near)}
    assert {known, "Brive", "10,0 min"} <= sheet
    assert count.replace(" ", "") in "".join(sheet_order(near))
    assert not [each for each in sheet if each.startswith("1.") or "Les temps les plus" in each]
    listed = [plain(each.text) for each in diagnosis_words(near).listed]
    assert listed == [count, known, "Brive : 10,0 min"]
    assert _page_words.highlighted(near) == []


def test_where_all_times_are_known_they_are_ranked_alike_and_none_is_zero(far):
    said = [plain(each) for each in summary(far)]
    times = "Dune (30,0 min), Combe (20,0 min), Brive (10,0 min)"
    assert f"Les temps les plus longs : {times}." in said
    listed = [plain(each.text) for each in diagnosis_words(far).listed]
    assert listed == [
        "Les temps les plus longs", "Dune : 30,0 min", "Combe : 20,0 min", "Brive : 10,0 min",
    ]  # fmt: skip
    assert _page_words.highlighted(far) == ["2A004", "01003", "01002"]


def test_a_mean_of_nobody_is_not_told(near):
    """Nobody of the east (Combe, Dune) reaches a place; of the west, all do."""
    said = [plain(each).strip() for each in summary(near)]
    assert "– Est : 0 % à portée ; 0 lieu." in said
    assert "– Ouest : 100 % à portée, temps moyen 3,3 min ; 1 lieu." in said
    assert not [each for each in said if "– min" in each]
