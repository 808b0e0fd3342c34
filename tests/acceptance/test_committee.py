"""The committee file in a real browser: it tells what the engine tells, and nothing secret."""

import csv
import json
import math
import re
import tomllib

import pytest

import petit_pays as pp
from browser import opened
from ctg_geo.cli import main
from ctg_geo.study import open_study

CODES = pp.CODES[:4]  # the territory
HOSTILE = "Les </script><script>document.title=1</script> <b>&amp;"


def page_of(folder, **files):
    config = pp.write(folder / "pays", **files)
    out = folder / "comite.html"
    assert main(["comite", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    return out


def engine(folder, creches):
    """Return the access of each commune by a whole new run on other files."""
    found = open_study(pp.write(folder, creches=creches)).diagnose("creche")
    return found.communes["access_per_100"].to_dict()


def access(page):
    codes, values = page.evaluate("[ctg.codes, ctg.access()]")
    return dict(zip(codes, values, strict=True))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return page_of(tmp_path_factory.mktemp("comite"))


@pytest.fixture
def page(file):
    with opened(file, accept_downloads=True) as found:
        found.wait_for_selector("#communes tbody tr")
        yield found
        assert found.faults == []
        assert all(each.startswith(("file:", "data:", "blob:")) for each in found.asked)


def test_today_is_the_diagnosis(page):
    assert access(page) == pytest.approx({code: 100 * pp.ACCESS[code] for code in CODES}, abs=1e-9)
    assert "Aucun changement" in page.inner_text("#phrase")


def test_a_place_opened_at_the_worst_served_commune_is_told_in_three_actions(page, tmp_path):
    page.click("#pire")  # Combe has no child: of those where some live, Alpe has least, 2/15
    assert "Alpe" in page.inner_text("#choix-contenu")
    page.fill("#nouvelles", "15")
    page.click("#ouvrir")
    # 15 places for the 150 children of Alpe and Brive: 10 more for 100 in each
    found = access(page)
    assert found["01001"] == pytest.approx(100 * (2 / 15 + 15 / 150), abs=1e-9)
    assert found["01002"] == pytest.approx(100 * (5 / 24 + 15 / 150), abs=1e-9)
    said = page.inner_text("#phrase").replace("\u202f", " ")
    assert "monte dans 2 communes (150 enfants)" in said
    assert "ne baisse nulle part" in said
    assert "15" in page.inner_text("#changements")
    again = engine(tmp_path, pp.CRECHES + "new,Nouvelle,01001,15\n")
    assert found == pytest.approx({code: again[code] for code in CODES}, abs=1e-6)


def test_sizes_closings_and_moves_are_those_of_the_engine(page, tmp_path):
    lines = page.locator("#lieux tbody tr")
    assert lines.count() == 2  # c3 stands outside
    bees = lines.filter(has_text="Les Abeilles")
    bees.locator("input").fill("30")
    bees.locator("input").press("Enter")
    resized = engine(tmp_path / "resized", pp.CRECHES.replace("01001,20", "01001,30"))
    assert access(page) == pytest.approx({code: resized[code] for code in CODES}, abs=1e-6)
    lines.filter(has_text="Les Coccinelles").get_by_text("Déplacer").click()
    page.locator("#choix select").select_option("2A004")
    moved = pp.CRECHES.replace("01001,20", "01001,30").replace("01003,6", "2A004,6")
    moved_access = engine(tmp_path / "moved", moved)
    assert access(page) == pytest.approx({code: moved_access[code] for code in CODES}, abs=1e-6)
    lines.filter(has_text="Les Abeilles").get_by_text("Fermer").click()
    closed = engine(tmp_path / "closed", moved.replace("c1,Les Abeilles,01001,30\n", ""))
    assert access(page) == pytest.approx({code: closed[code] for code in CODES}, abs=1e-6)
    assert "baisse dans" in page.inner_text("#phrase")


def test_undo_redo_and_reset_go_back_and_forth(page):
    first = access(page)
    page.click("#pire")
    page.click("#ouvrir")
    second = access(page)
    assert second != first
    page.click("#defaire")
    assert access(page) == first
    page.click("#refaire")
    assert access(page) == second
    page.keyboard.press("Control+z")
    assert access(page) == first
    page.click("#refaire")
    page.click("#effacer")
    assert access(page) == first
    assert page.is_disabled("#effacer")


def test_the_scenario_is_saved_as_a_file_and_read_back(page, tmp_path):
    page.click("#pire")
    page.click("#ouvrir")
    bees = page.locator("#lieux tbody tr").filter(has_text="Les Abeilles")
    bees.get_by_text("Fermer").click()
    before = access(page)
    with page.expect_download() as download:
        page.click("#enregistrer")
    saved = tmp_path / "scenario.toml"
    download.value.save_as(saved)
    told = tomllib.loads(saved.read_text(encoding="utf-8"))
    assert {each["kind"] for each in told["changes"]} == {"close", "open"}
    opening = next(each for each in told["changes"] if each["kind"] == "open")
    assert (opening["commune"], opening["capacity"], opening["service"]) == ("01001", 20, "creche")
    page.click("#effacer")
    page.set_input_files("#fichier", saved)
    page.wait_for_function("document.querySelectorAll('#changements li').length === 2")
    assert access(page) == before
    other = tmp_path / "autre.toml"
    other.write_text('name = "autre"\n', encoding="utf-8")
    page.set_input_files("#fichier", other)
    page.wait_for_function("document.getElementById('phrase').textContent.includes('autre.toml')")
    assert access(page) == before


def test_everything_can_be_done_from_the_keyboard(page):
    page.focus("#pire")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "choix"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "nouvelles"
    page.keyboard.press("Control+a")
    page.keyboard.type("12")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("ctg.figures().offered") == pytest.approx(26 + 12)
    head = page.locator("#communes thead button").first
    head.focus()
    page.keyboard.press("Enter")
    names = [each.strip() for each in page.locator("#communes tbody th").all_inner_texts()]
    assert names == ["Alpe", "Brive", "Combe", "Dune"]
    page.keyboard.press("Enter")
    assert page.locator("#communes thead th").first.get_attribute("aria-sort") == "descending"


def test_axe_finds_nothing(page):
    from axe_playwright_python.sync_playwright import Axe

    page.click("#pire")
    page.click("#ouvrir")
    found = Axe().run(page).response["violations"]
    assert not found, [(each["id"], each["nodes"][0]["html"][:200]) for each in found]


def test_the_map_and_its_second_half_are_drawn(page):
    page.wait_for_function("document.body.dataset.ready === '1'")
    page.click("text=Côte à côte")
    page.wait_for_function("document.body.dataset.ready === '2'")
    page.click("text=Écart")
    assert "hausse" in page.inner_text("#legende")


def test_without_webgl_the_page_says_so_in_french_and_its_tables_work(file, tmp_path):
    with opened(file, "--disable-3d-apis") as page:
        page.wait_for_function("document.body.dataset.ready === '0'")
        assert "ne peut pas dessiner la carte" in page.inner_text("#sans-carte")
        assert not page.is_visible("#cartes")
        assert not page.is_visible("#vue")  # of maps
        bees = page.locator("#lieux tbody tr").filter(has_text="Les Abeilles")
        bees.get_by_text("Fermer").click()
        closed = engine(tmp_path, pp.CRECHES.replace("c1,Les Abeilles,01001,20\n", ""))
        assert access(page) == pytest.approx({code: closed[code] for code in CODES}, abs=1e-6)
        said = [each for each in page.faults if "WebGL" not in each]  # Chromium's own
        assert said == []


def test_each_map_shows_the_places_of_its_own_moment(page):
    """Today the places of today; after, one of them closed and a new one."""
    page.wait_for_function("document.body.dataset.ready === '1'")
    page.click("#pire")
    page.click("#ouvrir")
    lines = page.locator("#lieux tbody tr")
    lines.filter(has_text="Les Coccinelles").get_by_text("Fermer").click()

    def titles(map_id):
        return sorted(page.locator(f"{map_id} .place").evaluate_all("all => all.map(x => x.title)"))

    after = titles("#map")
    page.click("#vue >> text=Aujourd")
    today = titles("#map")
    assert today != after
    assert [re.sub(r"\s", " ", each) for each in today] == [
        "Les Abeilles, Alpe : 20 places", "Les Coccinelles, Combe : 6 places"
    ]  # fmt: skip
    page.click("text=Côte à côte")
    page.wait_for_function("document.body.dataset.ready === '2'")
    assert titles("#map") == today
    assert titles("#map2") == after
    assert page.locator("#map .place.new, #map .place.closed, #map .place.alone").count() == 0
    assert page.locator("#map2 .place.new").count() == 1
    page.click("#effacer")
    assert titles("#map2") == today


def test_the_legend_counts_the_communes_of_each_class_as_the_engine_does(page, file):
    found = open_study(file.parent / "pays" / "study.toml").diagnose("creche").communes
    classes = found["class"].dropna().astype(int).value_counts().sort_index()

    def counts():
        said = page.locator("#legende span").all_inner_texts()
        return [
            int(number) for each in said if (number := each.rpartition("(")[2].strip(")")) != "0"
        ]

    assert counts() == classes.tolist()
    page.click("#vue >> text=Écart")
    assert counts() == [len(CODES)]  # nothing has changed
    page.click("#pire")
    page.click("#ouvrir")
    assert sum(counts()) == len(CODES)
    assert len(counts()) > 1


def test_what_is_drawn_beside_the_classes_is_told_and_verdicts_are_as_sure_as_published(tmp_path):
    near = pp.SERVICES.replace("per_100 = 10", "per_100 = 13.3")  # Alpe has 13.33
    file = page_of(tmp_path, services=near)
    asked = [str(tmp_path / "pays" / "study.toml"), "-s", "creche", "-o", str(tmp_path / "out")]
    assert main(["diagnose", *asked, "-q"]) == 0
    with (tmp_path / "out" / "resultats.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    told = {each["Commune"]: each["Certitude"] for each in rows}
    fragile = sum(each == "fragile" for each in told.values())
    assert fragile
    with opened(file) as page:
        page.wait_for_function("document.body.dataset.ready === '1'")
        shown = {line.locator("th").inner_text(): line.locator("td").nth(-2).inner_text()
                 for line in page.locator("#communes tbody tr").all()}  # fmt: skip
        assert shown == told

        def signs():
            return page.locator("#signes span").all_inner_texts()

        def acted():
            return [each for each in signs() if "changé" in each or "fermé" in each]

        assert any("fragile" in each and each.endswith(f"({fragile})") for each in signs())
        assert acted() == []
        page.locator("#lieux tbody tr").first.get_by_text("Fermer").click()
        assert acted() == ["Lieu changé ou ouvert", "Lieu fermé"]
        page.click("#vue >> text=Écart")
        assert not any("fragile" in each for each in signs())
        page.click("#vue >> text=Aujourd")
        assert acted() == []
        assert page.faults == []


def test_sources_and_their_vintages_stand_under_the_map(page):
    page.set_viewport_size({"width": 1280, "height": 800})
    box = page.locator("#dates").bounding_box()
    assert box["y"] + box["height"] <= 800
    assert "2026" in page.inner_text("#dates")


def test_the_first_thing_to_do_is_soon_reached_from_the_keyboard(page):
    page.wait_for_function("document.body.dataset.ready === '1'")
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    assert "pire" in reached


def test_names_on_the_map_cover_neither_a_place_nor_another_name(page):
    page.wait_for_function("document.body.dataset.ready === '1'")
    shown = page.evaluate("""() => [...document.querySelectorAll("#map .town, #map .place")]
      .filter((each) => getComputedStyle(each).visibility === "visible")
      .map((each) => { const box = each.getBoundingClientRect();
        return [each.className.includes("town"), box.left, box.top, box.right, box.bottom]; })""")
    names = [box for town, *box in shown if town]
    places = [box for town, *box in shown if not town]
    assert len(names) == 4
    for at, one in enumerate(names):
        for other in [*names[at + 1 :], *places]:
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            assert min(across, down) <= 0.5


def test_no_name_stands_by_a_place_of_another_commune(tmp_path):
    """Large places, nearer and nearer: a name is written by its own place, or not at all."""
    creches = pp.CRECHES + "".join(f"{code},Lieu {code},{code},400\n" for code in CODES)
    with opened(page_of(tmp_path, creches=creches), reduced_motion="reduce") as page:
        page.wait_for_function("document.body.dataset.ready === '1'")
        written = set()
        for zoom in range(7):
            if zoom:
                page.click(".maplibregl-ctrl-zoom-out")
                page.wait_for_timeout(150)
            towns, places = page.evaluate("""() => ["town", "place"].map((kind) =>
              [...document.querySelectorAll(`#map .${kind}`)]
                .filter((each) => getComputedStyle(each).visibility === "visible")
                .map((each) => { const box = each.getBoundingClientRect();
                  return [kind === "town" ? each.textContent : each.getAttribute("aria-label"),
                    box.left, box.top, box.right, box.bottom]; }))""")
            written |= {town for town, *_ in towns}
            for town, left, top, right, bottom in towns:
                for said, *disc in places:
                    x, y = (disc[0] + disc[2]) / 2, (disc[1] + disc[3]) / 2
                    away = math.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))
                    assert town in said or away - (disc[2] - disc[0]) / 2 > 5, (zoom, town, said)
        assert len(written) > 1


def test_a_place_dragged_on_the_map_goes_to_the_nearest_commune(page):
    page.wait_for_function("document.body.dataset.ready === '1'")
    page.locator("#map").scroll_into_view_if_needed()
    marker = page.locator(".place", has=page.locator("xpath=self::*[contains(@title,'Abeilles')]"))
    start = marker.bounding_box()
    goal = page.locator(".place[title*='Coccinelles']").bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(goal["x"] + 5, goal["y"] + 5, steps=8)
    page.mouse.up()
    assert "à déplacer à Combe" in page.inner_text("#changements")


def test_what_prints_is_the_figures_and_the_tables(page):
    page.click("#pire")
    page.click("#ouvrir")
    page.emulate_media(media="print")
    for shown in ("#phrase", "#chiffres", "#changements", "#communes", "#lieux", "footer"):
        assert page.is_visible(shown), shown
    for hidden in ("#enregistrer", "#pire", "#choix"):
        assert not page.is_visible(hidden), hidden


def test_every_gap_is_the_one_between_the_figures_printed(page):
    page.click("#pire")
    page.fill("#nouvelles", "3.7")
    page.click("#ouvrir")
    bees = page.locator("#lieux tbody tr").filter(has_text="Les Abeilles")
    bees.locator("input").fill("24.4")
    bees.locator("input").press("Enter")

    def value(text):
        text = text.rpartition(":")[2].replace("−", "-").replace(",", ".")
        return 0.0 if text == "=" else float(re.sub(r"[\s+]", "", text))

    rows = page.locator("#chiffres tbody tr, #communes tbody tr, #lieux tbody tr")
    told = [each.locator("td.number").all_inner_texts()[-4:] for each in rows.all()]
    told = [each[-4:-1] if len(each) == 4 else each for each in told]
    assert len(told) > 10
    for before, after, gap in told:
        assert value(gap) == pytest.approx(value(after) - value(before), abs=1e-9), (before, after)


def test_a_lack_is_printed_to_the_tenth(page):
    """Without the Coccinelles, Dune has 8 for 100 of 10 that it takes: 30 children lack 0.6."""
    bees = page.locator("#lieux tbody tr").filter(has_text="Les Coccinelles")
    bees.get_by_text("Fermer").click()
    row = page.locator("#chiffres tbody tr").filter(has_text="Manque")
    assert row.locator("td").all_inner_texts() == ["0,0", "0,6", "+0,6"]
    dune = page.locator("#communes tbody tr").filter(has_text="Dune")
    assert dune.locator("td.number").last.inner_text() == "0,6"


@pytest.mark.parametrize("given", ["-5", "99999", ""])
def test_a_size_that_cannot_be_is_refused_in_words_and_what_applies_is_shown_again(page, given):
    before = access(page)
    for place in ("#lieux tbody tr", "#choix li"):
        bees = page.locator(place).filter(has_text="Les Abeilles")
        if place.startswith("#choix"):
            bees.wait_for()
        field = bees.locator("input")
        field.fill(given)
        field.press("Enter")
        assert field.input_value() == "20"
        assert field.get_attribute("aria-invalid") == "true"
        said = bees.get_by_role("alert").inner_text().replace("\u202f", " ")
        assert "de 0 à 9 999. 20 reste" in said
        assert (given.replace("99999", "99 999") in said.replace("−", "-")) or given == ""
        assert access(page) == before
        assert page.is_disabled("#defaire")
        page.locator("#communes tbody tr").filter(has_text="Alpe").get_by_role("button").click()
    bees = page.locator("#lieux tbody tr").filter(has_text="Les Abeilles")
    bees.locator("input").fill("30")
    bees.locator("input").press("Enter")
    assert bees.get_by_role("alert").inner_text() == ""
    assert bees.locator("input").get_attribute("aria-invalid") is None
    page.fill("#nouvelles", given or "0")
    page.click("#ouvrir")
    assert "plus de 0" in page.locator("#choix [role=alert]").first.inner_text()
    assert page.locator("#changements li").count() == 1


def test_the_page_speaks_french_everywhere(page):
    page.wait_for_function("document.body.dataset.ready === '1'")
    page.click("text=Côte à côte")
    page.wait_for_function("document.body.dataset.ready === '2'")
    names = page.evaluate("""() => [...document.querySelectorAll('[aria-label], [title]')]
      .flatMap((each) => [each.getAttribute('aria-label') ?? '', each.title])""")
    assert not [each for each in names if re.search(r"marker|zoom|map\b", each, re.IGNORECASE)]
    assert "Agrandir la carte" in names


def test_costs_are_those_that_the_committee_gives(page):
    page.click("#pire")
    page.click("#ouvrir")
    assert "Coût" not in page.inner_text("#chiffres")
    page.click("summary")
    page.fill("#cout-place", "1000")
    page.fill("#cout-lieu", "50000")
    assert "70 000 €" in page.inner_text("#chiffres").replace("\u202f", " ").replace("\u00a0", " ")


def test_names_stay_text(tmp_path):
    creches = pp.CRECHES.replace("Les Abeilles", HOSTILE)
    with opened(page_of(tmp_path, creches=creches)) as page:
        page.wait_for_selector("#lieux tbody tr")
        assert HOSTILE in page.inner_text("#lieux")
        assert page.title() != "1"
        assert page.faults == []


def test_a_secret_number_is_nowhere_in_the_page(tmp_path):
    masked = pp.POPULATION.replace("2A004,300,30", "2A004,300,s")
    file = page_of(tmp_path, population=masked)
    held = re.search(r'id="donnees">(.*?)</script>', file.read_text(encoding="utf-8"))
    dune = next(each for each in json.loads(held.group(1))["communes"] if each["code"] == "2A004")
    assert dune["people"] is None
    assert dune["status"] == "secret statistique"
    with opened(file) as page:
        row = page.locator("#communes tbody tr[data-code='2A004']")
        row.wait_for()
        cells = row.locator("td").all_inner_texts()
        assert cells[1] == "–"  # people: unknown, not 0
        assert cells[5] == "–"  # and so is what they lack
        # the whole: 100 children of Alpe and 50 of Brive, those of Dune left out
        row.get_by_role("button").click()
        assert "secret statistique" in page.inner_text("#choix-contenu")


def test_a_service_judged_on_time_has_no_such_page(tmp_path, capsys):
    config = pp.write(tmp_path / "pays")
    out = tmp_path / "comite.html"
    assert main(["comite", str(config), "-s", "france_services", "-o", str(out)]) == 1
    assert "per_100" in capsys.readouterr().err
    assert not out.exists()
    assert main(["comite", str(config), "-s", "creche", "-o", str(tmp_path / "page.txt")]) == 2


def test_the_same_study_makes_the_same_page(tmp_path):
    first, second = page_of(tmp_path / "a"), page_of(tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    assert first.stat().st_size < 5_000_000
