"""Plans proposed to a committee, and its own: page and `ctg-geo compare` tell the same figures."""

import json
import re
import tomllib

import pandas as pd
import pytest

import petit_pays as pp
from browser import opened
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.export._said import changed
from ctg_geo.study import compare

CODES = list(pp.CODES[:4])
NAME = r"""Crèche « d'à côté » "Ñ" \ <b>"""  # quotes, accents, a sign of escape, markup
HEAD = """name = "{name}"
motive = "Motif d'{name}"
source = "test"
"""


def at(x, y):
    """Return longitude and latitude of a point of Petit Pays."""
    import pyproj

    return pyproj.Transformer.from_crs(2154, 4326, always_xy=True).transform(x, y)


EAST = at(pp.X0 + 24_000, pp.Y0 + 300)  # 4 km east of Combe, in Combe
NEAR = at(pp.X0 + 7_000, pp.Y0)  # 3 km west of Brive, in Brive
PLANS = {
    "neuve": """
[[changes]]
kind = "open"
place = "neuve"
service = "creche"
name = NAME
lon = EAST0
lat = EAST1
capacity = 7.5
cost = 350000
cost_per_year = 12000

[[changes]]
kind = "resize"
place = "c1"
by = -4
cost_per_year = 0

[[changes]]
kind = "resize"
place = "c3"
capacity = 9
cost = 0
cost_per_year = 0
""",
    "deplacee": """
[[changes]]
kind = "move"
place = "c2"
lon = NEAR0
lat = NEAR1

[[changes]]
kind = "move"
place = "c3"
commune = "2A004"

[[changes]]
kind = "open"
place = "dehors"
service = "creche"
name = "Au dehors"
commune = "26005"
capacity = 11

[[changes]]
kind = "close"
place = "f1"
""",
    "habitants": """
[[changes]]
kind = "people"
commune = "01001"
people = { children_0_2 = 50 }
""",
    "routes": """
[[changes]]
kind = "speed"
factors = { local = 0.5 }
""",
    "norme": """
[[changes]]
kind = "norm"
service = "creche"
norm = { within_min = 15, per_100 = 14, source = "essai" }
""",
    "ailleurs": """
[[changes]]
kind = "close"
place = "f1"
""",
}


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def written(folder, **changed):
    """Write the study with its plans; return its file."""
    config = pp.write(folder / "pays", **changed)
    facts = dict(zip(("EAST0", "EAST1", "NEAR0", "NEAR1"), (*EAST, *NEAR), strict=True))
    facts["NAME"] = json.dumps(NAME, ensure_ascii=False)
    (folder / "pays" / "scenarios").mkdir()
    for key, changes in PLANS.items():
        text = HEAD.format(name=key) + changes
        for word, fact in facts.items():
            text = text.replace(word, fact if isinstance(fact, str) else repr(fact))
        (folder / "pays" / "scenarios" / f"{key}.toml").write_text(text, encoding="utf-8")
    return config


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans")
    config, out = written(folder), folder / "comite.html"
    asked = [part for key in PLANS for part in ("--scenario", key)]
    assert main(["comite", str(config), "-s", "creche", *asked, "-o", str(out), "-q"]) == 0
    return config, out


@pytest.fixture
def page(study):
    with opened(study[1], accept_downloads=True) as found:
        found.wait_for_selector("#communes tbody tr")
        yield found
        assert found.faults == []


def assert_printed_alike(page, made, key):
    """Hold the figures that the page prints against the words of the comparison."""
    whole = made.whole(key)
    floor = made.criteria["floor"].astype(float)
    floors = pd.DataFrame({"before": [floor.iloc[0]], "after": [floor[key]]})
    said = {"Manque": changed(whole, "missing", 1), "Commune la moins": changed(floors, 0, 2),
            "Ensemble": changed(whole, "access_per_100", 1),
            "Enfants": changed(whole, "concerned", 0)}  # fmt: skip
    for title, words in said.items():
        row = page.locator("#chiffres tbody tr").filter(has_text=title)
        cells = [plain(each).rpartition(" : ")[2] for each in row.locator("td").all_inner_texts()]
        if cells[2] == "=":
            cells = cells[:1]
        for cell in cells:
            assert re.search(rf"(?<![\d,]){re.escape(cell)}(?!\d|,\d)", plain(words)), (
                cells,
                words,
            )


def assert_told_alike(page, config, scenario):
    """Hold what the page shows against a whole comparison of the same scenario."""
    made = compare(open_study(config), [scenario], "creche")
    key = made.outcomes[0].variant.key
    codes, access, lack = page.evaluate("[ctg.codes, ctg.access(), ctg.lack()]")
    assert codes == CODES
    then = made.by_commune(key, "access_per_100")["after"]
    assert access == pytest.approx(then[CODES].tolist(), abs=1e-6)
    missing = made.by_commune(key, "missing")["after"][CODES].tolist()
    told = [float("nan") if each is None else each for each in lack]
    assert told == pytest.approx(missing, abs=1e-6, nan_ok=True)
    found, whole = page.evaluate("ctg.figures()"), made.whole(key)["after"]
    assert found["missing"] == pytest.approx(whole["missing"], abs=1e-6)
    assert found["concerned"] == pytest.approx(whole["concerned"], abs=1e-6)
    assert found["mean"] == pytest.approx(whole["access_per_100"], abs=1e-6)
    assert found["lowest"] == pytest.approx(made.criteria.loc[key, "floor"], abs=1e-6)
    names = {"ouest": "Ouest", "est": "Est"}
    groups = made.by_group(key, "bassin")
    assert found["groups"] == pytest.approx(
        {names[each]: rows.loc["access_per_100", "after"] for each, rows in groups.items()},
        abs=1e-6,
        nan_ok=True,
    )
    assert_printed_alike(page, made, key)
    outcome = made.outcomes[0]
    assert (found["up"], found["down"]) == tuple(
        len(outcome.communes(kind)) for kind in ("gain", "loss")
    )
    return made


@pytest.mark.parametrize(("at", "key"), [(0, "neuve"), (1, "deplacee")])
def test_a_plan_chosen_on_the_page_tells_what_compare_tells(page, study, at, key):
    before = page.evaluate("ctg.access()")
    page.select_option("#plan", str(at))
    assert page.evaluate("ctg.access()") != before
    assert_told_alike(page, study[0], key)


def test_plans_stand_side_by_side_with_what_they_cost(page):
    lines = [plain(each) for each in page.locator("#plans tbody tr").all_inner_texts()]
    assert [each.split("\t")[0] for each in lines] == ["Aujourd'hui", "neuve", "deplacee"]
    assert "350 000 €" in lines[1]
    assert "+12 000 € par an" in lines[1]
    assert "non déclaré" in lines[2]
    page.locator("#plans tbody tr").nth(1).get_by_role("button").click()
    assert page.input_value("#plan") == "0"
    said = page.inner_text("#motif")
    assert "Motif d'neuve" in plain(said)
    assert "350" in said
    page.locator("#plans tbody tr").nth(2).get_by_role("button").click()
    assert "autres services (1)" in page.inner_text("#motif")
    page.click("#pire")
    page.click("#ouvrir")
    assert page.input_value("#plan") == ""
    assert page.inner_text("#motif") == ""
    assert page.locator("#plans tbody tr").count() == 4  # and that of the committee
    page.locator("#plans tbody tr").first.get_by_role("button").click()
    assert "Aucun changement" in page.inner_text("#phrase")


def test_what_is_not_linear_is_named_with_its_reason_and_never_approximated(page, study):
    said = page.locator("#ailleurs li").all_inner_texts()
    assert [each.split(" :")[0] for each in said] == ["habitants", "routes", "norme", "ailleurs"]
    for each, word in zip(said, ("habitants", "routes", "norme", "rien"), strict=True):
        assert word in each.split(" : ", 1)[1]
    assert "ctg-geo compare" in page.inner_text("#ailleurs")
    held = json.loads(re.search(r'id="donnees">(.*?)</script>', study[1].read_text("utf-8"))[1])
    assert [each["name"] for each in held["proposals"]] == ["neuve", "deplacee"]


def test_what_the_committee_saves_is_compared_with_the_same_figures(page, study, tmp_path):
    page.select_option("#plan", "0")  # a place at a position, two resized
    page.click("#pire")
    page.fill("#nouvelles", "3.7")
    page.click("#ouvrir")
    page.locator("#communes tbody tr[data-code='2A004']").get_by_role("button").click()
    page.click("#ouvrir")
    lines = page.locator("#lieux tbody tr")
    lines.filter(has_text="Les Coccinelles").get_by_text("Déplacer").click()
    moved = page.locator("#choix li").filter(has_text="Coccinelles")
    moved.locator("select").select_option("01002")
    lines.filter(has_text="Les Loutres").get_by_text("Fermer").click()
    with page.expect_download() as download:
        page.click("#enregistrer")
    saved = tmp_path / "scenario du comité.toml"
    download.value.save_as(saved)
    made = assert_told_alike(page, study[0], saved)
    places = made.outcomes[0].variant.diagnosis.equipements
    assert places.at["neuve", "nom"] == NAME
    assert sorted(places.index) == ["c1", "c2", "comite-1", "comite-2", "neuve"]
    held = page.evaluate("ctg.access()")
    page.click("#effacer")
    page.set_input_files("#fichier", saved)
    page.wait_for_function("document.querySelectorAll('#changements li').length > 3")
    assert page.evaluate("ctg.access()") == held
    assert main(["compare", str(study[0]), str(saved), "-o", str(tmp_path / "out"), "-q"]) == 0


def saved(page, path):
    """Save the scenario of the page; return its file."""
    with page.expect_download() as download:
        page.click("#enregistrer")
    download.value.save_as(path)
    return path


def reopened(page, path):
    """Read a file on a page without changes; return what the page then says."""
    page.click("#effacer", force=True)
    page.evaluate("document.getElementById('phrase').textContent = ''")
    page.set_input_files("#fichier", path)
    page.wait_for_function("document.getElementById('phrase').textContent")
    return plain(page.inner_text("#phrase"))


@pytest.mark.parametrize(("at", "key"), [(0, "neuve"), (1, "deplacee")])
def test_a_plan_saved_is_the_plan_its_costs_and_its_other_services_included(
    page, study, tmp_path, at, key
):
    page.select_option("#plan", str(at))
    file = saved(page, tmp_path / "plan.toml")
    given, again = (compare(open_study(study[0]), [each], "creche") for each in (key, file))
    first, second = given.outcomes[0].variant, again.outcomes[0].variant
    assert second.name == first.name
    assert (second.cost, second.cost_per_year) == (first.cost, first.cost_per_year)
    assert {*second.untold} == {*first.untold}
    assert list(again.dominated.values()) == [
        tuple(each.replace(first.key, second.key) for each in by) for by in given.dominated.values()
    ]
    assert page.evaluate("ctg.costs()") == [first.cost, first.cost_per_year]
    kinds = [each["kind"] for each in tomllib.loads(file.read_text("utf-8"))["changes"]]
    assert kinds.count("close") == (1 if key == "deplacee" else 0)  # f1, of another service
    reopened(page, file)
    assert page.input_value("#plan") == str(at)


def test_what_is_made_otherwise_than_the_plan_says_no_longer_costs_what_it_says(page):
    page.select_option("#plan", "0")
    assert "350 000 €" in plain(page.inner_text("#chiffres"))
    lines = page.locator("#lieux tbody tr").filter(has_text="Les Loutres")
    lines.locator("input").fill("12")
    lines.locator("input").press("Enter")
    assert page.evaluate("ctg.costs()") == [None, None]
    assert "non connu : 1 changement sans coût" in plain(page.inner_text("#chiffres"))
    page.click("#defaire")
    assert page.evaluate("ctg.costs()") == [350_000, 12_000]


def test_amounts_that_the_committee_gives_are_saved_and_compared(page, study, tmp_path):
    page.click("#pire")
    page.fill("#nouvelles", "7.5")
    page.click("#ouvrir")
    page.click("summary")
    page.fill("#cout-place", "1000")
    file = saved(page, tmp_path / "cout.toml")
    made = compare(open_study(study[0]), [file], "creche")
    assert made.outcomes[0].variant.cost == 7500
    assert page.evaluate("ctg.costs()") == [7500, None]
    running = page.locator("#chiffres tr").filter(has_text="Coût de fonctionnement")
    assert "non déclaré" in running.inner_text()
    page.fill("#cout-place", "")
    assert page.evaluate("ctg.costs()") == [None, None]
    reopened(page, file)
    assert page.evaluate("ctg.costs()") == [7500, None]


EDITS = [
    ("capacity = 9.0", "capacity = 40"),
    ("capacity = 9.0", "by = -1.5   # deux demi-places de moins"),
    ("name = ", "# repris à la main\nname = "),
    ('"neuve"', "'neuve-bis'"),
]


@pytest.mark.parametrize(("old", "new"), EDITS)
def test_a_file_changed_by_hand_is_read_by_the_page_as_compare_reads_it(
    page, study, tmp_path, old, new
):
    page.select_option("#plan", "0")
    file = saved(page, tmp_path / "main.toml")
    text = file.read_text("utf-8")
    assert old in text
    assert "# ctg-geo" not in text  # the scenario is told once
    file.write_text(text.replace(old, new), encoding="utf-8")
    assert "nulle part" in reopened(page, file) or "baisse dans" in page.inner_text("#phrase")
    made = assert_told_alike(page, study[0], file)
    variant = made.outcomes[0].variant
    assert page.evaluate("ctg.costs()") == [variant.cost, variant.cost_per_year]


OPENED = """kind = "open"
place = "neuf"
service = "creche"
name = "x"
commune = "01001"
capacity = 1"""
REFUSED = [
    ('kind = "people"\ncommune = "01001"\npeople = { children_0_2 = 5 }', "« people »"),
    ('kind = "resize"\nplace = "c9"\ncapacity = 3', "« c9 »"),
    ('kind = "resize"\nplace = "c1"\ncapacity = -3', "« -3 »"),
    ('kind = "resize"\nplace = "c1"\ncapacity = "beaucoup"', "« beaucoup »"),
    ('kind = "close"\nplace = "c1"\ncapacity = 3', "« capacity »"),
    ('kind = "move"\nplace = "c1"\nlon = 5\nlat = 45', "5, 45"),
    (OPENED.replace("neuf", "c1"), "« c1 »"),
    (OPENED.replace('"creche"', '"ecole"'), "« ecole »"),
    ('kind = "close"\nplace = 2025-01-01', "ligne 7"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_what_the_page_cannot_show_of_a_file_is_refused_in_words(page, tmp_path, change, said):
    before = page.evaluate("ctg.access()")
    file = tmp_path / "autre.toml"
    head = HEAD.format(name="autre")
    file.write_text(f"{head}\n[[changes]]\n{change}\n", encoding="utf-8")
    told = reopened(page, file)
    assert told.startswith("autre.toml")
    assert said in told
    assert "undefined" not in told
    assert told.endswith("Rien n'a été ouvert.")
    assert page.evaluate("ctg.access()") == before
    file.write_text(f'{head}based_on = "neuve"\n', encoding="utf-8")
    assert "neuve" in reopened(page, file)


TOML = r"""
# a comment
a = "é \u00e9 \U0001F600 \" \\ \t"   # after
"quoted key" = 'C:\bare'
b.c = [1, -2.5, 1_000, 6e3,
  { x = true, "y z" = [] },  # inside
]
long = LONG
first "quoted"
second \
    thirdLONG
plain = '''one
two'''
[[changes]]
kind = "one"
[[changes]]
kind = "two"
[changes.inner]
z = 0
""".replace("LONG", 3 * '"')


def test_toml_is_read_as_it_is_everywhere(page):
    for text in (TOML, TOML.replace("\n", "\r\n")):
        assert page.evaluate("text => ctg.parse(text)", text) == tomllib.loads(text)


@pytest.mark.parametrize("wrong", [
    "a", "a =", "a = 01", 'a = "', "a = 1 b = 2", "a = 1\na = 2", "[[a]", "a = [1 2]", "= 1",
    "a = nan", r'a = "\q"',
])  # fmt: skip
def test_what_is_no_toml_is_never_read(page, wrong):
    with pytest.raises(Exception, match="toml"):
        page.evaluate("text => ctg.parse(text)", wrong)


def test_a_place_opened_here_never_takes_the_name_of_another(tmp_path):
    creches = pp.CRECHES.replace("c1,", "comite-1,")
    config, out = pp.write(tmp_path / "pays", creches=creches), tmp_path / "comite.html"
    assert main(["comite", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    with opened(out) as page:
        page.wait_for_selector("#communes tbody tr")
        page.click("#pire")
        page.click("#ouvrir")
        assert 'place = "comite-2"' in page.evaluate("ctg.scenario()")


def test_a_plan_that_the_study_cannot_take_is_refused_and_nothing_written(tmp_path, capsys):
    config, out = written(tmp_path), tmp_path / "comite.html"
    (tmp_path / "faux.toml").write_text(
        HEAD.format(name="faux") + '[[changes]]\nkind = "close"\nplace = "c9"\n', encoding="utf-8"
    )
    asked = ["comite", str(config), "-s", "creche", "-o", str(out)]
    assert main([*asked, "--scenario", str(tmp_path / "faux.toml")]) == 1
    assert "c9" in capsys.readouterr().err
    assert main([*asked, "--scenario", "absent"]) == 1
    assert "neuve" in capsys.readouterr().err
    assert not out.exists()


def test_a_place_for_some_residents_stays_where_it_is(tmp_path, capsys):
    creches = pp.CRECHES.replace("places\n", "places,for\n").replace(",6\n", ",6,01003 2A004\n")
    creches = creches.replace(",20\n", ",20,\n").replace(",4\n", ",4,\n")
    named = 'capacity = "places" }'
    study_file = pp.STUDY.replace(named, 'capacity = "places", residents = "for" }')
    config, out = written(tmp_path, creches=creches, study=study_file), tmp_path / "comite.html"
    asked = ["--scenario", "deplacee", "--scenario", "neuve"]
    assert main(["comite", str(config), "-s", "creche", *asked, "-o", str(out)]) == 0
    said = plain(capsys.readouterr().out)
    assert "[scenarios deplacee] Ce plan n'est pas montré dans la page : il déplace un lieu" in said
    with opened(out) as page:
        row = page.locator("#lieux tbody tr").filter(has_text="Les Coccinelles")
        row.wait_for()
        assert row.get_by_text("Déplacer").count() == 0
        assert row.get_by_text("Fermer").count() == 1
        assert "réservé" in page.inner_text("#ailleurs")
        page.select_option("#plan", "0")  # the one that moves it is not there
        assert_told_alike(page, config, "neuve")


def test_a_hidden_number_is_left_out_of_the_page_as_it_is_of_the_comparison(tmp_path):
    masked = pp.POPULATION.replace("2A004,300,30", "2A004,300,s")
    config, out = written(tmp_path, population=masked), tmp_path / "comite.html"
    asked = ["--scenario", "neuve", "--scenario", "deplacee"]
    assert main(["comite", str(config), "-s", "creche", *asked, "-o", str(out), "-q"]) == 0
    with opened(out) as page:
        page.wait_for_selector("#communes tbody tr")
        for number, key in enumerate(("neuve", "deplacee")):
            page.select_option("#plan", str(number))
            assert_told_alike(page, config, key)
        assert page.evaluate("ctg.lack()[3]") is None


def test_the_map_prints_whole(page):
    page.wait_for_function("document.body.dataset.ready === '1'")
    drawn = page.evaluate("document.querySelector('#map canvas').getBoundingClientRect().height")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    box, whole, scale = page.evaluate("""() => {
      const [cartes, map] = ['#cartes', '#map'].map((each) => document.querySelector(each));
      return [map.getBoundingClientRect().height, map.offsetHeight,
        new DOMMatrix(getComputedStyle(cartes).transform).a];
    }""")
    assert whole == pytest.approx(drawn, abs=3)  # no less of it than on the screen
    assert box == pytest.approx(scale * whole, abs=1)
    assert 0 < scale < 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not page.get_attribute("#cartes", "style")


def test_the_tasks_of_a_committee_take_at_most_three_actions(page):
    page.evaluate("window.print = () => { document.body.dataset.printed = 'oui'; }")
    page.click("#pire")  # 1: find the worst served commune
    assert "Alpe" in page.inner_text("#choix-contenu")
    assert page.input_value("#nouvelles") == "20"
    page.click("#ouvrir")  # 2: twenty places there; how many children gain is said
    assert "(150 enfants)" in plain(page.inner_text("#phrase"))
    page.click("#imprimer")  # 3
    assert page.evaluate("document.body.dataset.printed") == "oui"
