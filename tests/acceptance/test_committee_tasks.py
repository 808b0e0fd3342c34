"""Each task of the committee page, in at most three actions, as docs/comite.fr.md lists them."""

import re
from pathlib import Path

import pytest

import petit_pays as pp
import project_cases as pc
from browser import opened
from ctg_geo.cli import main

MOST = 3
DOCS = Path(__file__).parents[2] / "docs" / "comite.fr.md"


class Hand:
    """All that a person does on the page: a click, a value typed and its Enter, a choice, a file.

    What the page says is read from `page`, which no task touches.
    """

    def __init__(self, page):
        self.page, self.done = page, 0

    def click(self, target):
        self._locator(target).click()
        self.done += 1

    def type(self, target, text):
        self._locator(target).fill(text)
        self._locator(target).press("Enter")
        self.done += 1

    def choose(self, target, value):
        self._locator(target).select_option(value)
        self.done += 1

    def _locator(self, target):
        return self.page.locator(target) if isinstance(target, str) else target


def place(hand, name):
    return hand.page.locator("#lieux tbody tr").filter(has_text=name)


def said(hand):
    return hand.page.inner_text("#phrase").replace("\u202f", " ").replace("’", "'")


def worst(hand):
    hand.click("#pire")
    assert "Alpe" in hand.page.inner_text("#choix-contenu")


def opened_there(hand):
    worst(hand)
    hand.click("#ouvrir")  # 20 places are proposed
    assert "20" in hand.page.inner_text("#changements")


def gained(hand):
    opened_there(hand)
    assert "(150 enfants)" in said(hand)  # nothing more to do: it is said


def commune(hand):
    hand.click(hand.page.locator("#communes tbody tr").filter(has_text="Brive").locator("button"))
    assert "Brive" in hand.page.inner_text("#choix-contenu")


def sized_opening(hand):
    worst(hand)
    hand.type("#nouvelles", "15")
    hand.click("#ouvrir")
    assert "15" in hand.page.inner_text("#changements")


def closing(hand):
    hand.click(place(hand, "Les Abeilles").get_by_text("Fermer"))
    assert "à fermer" in hand.page.inner_text("#changements")


def resizing(hand):
    hand.type(place(hand, "Les Abeilles").locator("input"), "30")
    assert "de 20 à 30 places" in hand.page.inner_text("#changements")


def moving(hand):
    hand.click(place(hand, "Les Coccinelles").get_by_text("Déplacer"))
    hand.choose("#choix select", "2A004")
    assert "à déplacer à Dune" in hand.page.inner_text("#changements")


def changed(hand):
    """Close a place: what tasks about changes begin with, and no action of theirs."""
    closing(hand)
    hand.done = 0


def undoing(hand):
    changed(hand)
    hand.click("#defaire")
    assert "Aucun changement" in said(hand)


def clearing(hand):
    changed(hand)
    hand.click("#effacer")
    assert "Aucun changement" in said(hand)


def plan(hand):
    hand.choose("#plan", "0")
    assert "à ouvrir" in hand.page.inner_text("#changements")


def side_by_side(hand):
    hand.click(hand.page.locator('#vue input[value="both"]'))
    assert hand.page.is_visible("#seconde")


def sorting(hand):
    first = hand.page.locator("#communes thead th").first
    assert first.get_attribute("aria-sort") == "none"
    hand.click(hand.page.locator("#communes thead button").first)
    assert hand.page.locator("#communes thead th").first.get_attribute("aria-sort") == "ascending"


def costing(hand):
    """Tell what a place to open costs: one that closes adds no place to pay for."""
    hand.page.click("#pire")
    hand.page.click("#ouvrir")
    hand.done = 0
    hand.click("summary")
    hand.type("#cout-place", "35000")
    assert "Coût d’investissement" in hand.page.inner_text("#chiffres")


def saving(hand):
    changed(hand)
    with hand.page.expect_download() as download:
        hand.click("#enregistrer")
    assert download.value.suggested_filename.endswith(".toml")


def reading(hand):
    changed(hand)
    with hand.page.expect_download() as download:
        hand.click("#enregistrer")
    file = download.value.path()
    hand.click("#effacer")
    hand.done = 0
    with hand.page.expect_file_chooser() as chooser:
        hand.click("label[for=fichier]")
    chooser.value.set_files(file)
    hand.done += 1  # the file is chosen
    hand.page.wait_for_function("document.querySelectorAll('#changements li').length === 1")


def printing(hand):
    hand.page.evaluate("window.print = () => { document.body.dataset.printed = 'oui'; }")
    hand.click("#imprimer")
    assert hand.page.evaluate("document.body.dataset.printed") == "oui"


# As the guide names them.
TASKS = {
    "Trouver la commune la moins bien servie": worst,
    "Y ouvrir une crèche de 20 places": opened_there,
    "Dire combien d'enfants y gagnent": gained,
    "Imprimer": printing,
    "Choisir une commune": commune,
    "Ouvrir un lieu d'une autre taille": sized_opening,
    "Fermer un lieu": closing,
    "Agrandir ou réduire un lieu": resizing,
    "Déplacer un lieu": moving,
    "Annuler, rétablir": undoing,
    "Tout effacer": clearing,
    "Partir d'un plan proposé": plan,
    "Voir l'avant et l'après côte à côte": side_by_side,
    "Trier un tableau": sorting,
    "Compter le coût": costing,
    "Enregistrer le scénario": saving,
    "Rouvrir un scénario": reading,
}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tasks")
    config, out = pp.write(folder / "pays"), folder / "comite.html"
    plus = folder / "plus.toml"
    plus.write_text(pc.SCENARIOS["plus"], "utf-8")
    asked = ["comite", str(config), "-s", "creche", "--scenario", str(plus), "-o", str(out), "-q"]
    assert main(asked) == 0
    return out


@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_the_actions_that_the_guide_says_three_at_most(file, task):
    with opened(file, accept_downloads=True) as page:
        page.wait_for_selector("#communes tbody tr")
        hand = Hand(page)
        TASKS[task](hand)
        assert page.faults == []
    assert 1 <= hand.done <= MOST
    assert hand.done == listed()[task]


def test_the_guide_lists_every_task():
    assert set(listed()) == set(TASKS)


def listed():
    """Return the tasks of the guide, and the actions that it gives each."""
    text = DOCS.read_text(encoding="utf-8").replace("’", "'")
    table = text[text.index("| Ce que l'on veut") :].split("\n\n")[0]
    rows = re.findall(r"^\| ([^|]+) \| (\d) \| [^|]+ \|$", table, re.MULTILINE)
    return {name: int(count) for name, count in rows}
