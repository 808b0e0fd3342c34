"""The committee file in Firefox: the same numbers and gestures, nothing asked of a network."""

import base64
import io
import re
import tomllib
import zlib
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.study import compare
from firefox import opened, wait_for

CODES = pp.CODES[:4]  # the territory
BEES = "Les Abeilles"
BOXES = """[...document.querySelectorAll("#cartes, #map, canvas, .place, .town")]
  .map((each) => each.getBoundingClientRect())"""
READY = "document.body.dataset.ready === '1'"
SERIOUS = ("serious", "critical")


def one(selector, text=""):
    """Return the element of a selector that holds a text, as JavaScript."""
    return (
        f"[...document.querySelectorAll({selector!r})]"
        f".find((x) => x.textContent.includes({text!r}))"
    )


def within(line, selector, text=""):
    """Return an element of the line of a place."""
    return (
        f"[...{one('#lieux tbody tr', line)}.querySelectorAll({selector!r})]"
        f".find((x) => x.textContent.includes({text!r}))"
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("firefox") / "Comité d'été, à Œuvre & fils"
    config, out = pp.write(folder / "pays"), folder / "comité n° 1.html"
    assert main(["comite", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    return out


@pytest.fixture
def page(file):
    with opened(file) as found:
        found.until(READY)
        yield found
        assert found.faults == []
        assert all(each.startswith(("file:", "data:", "blob:")) for each in found.asked)


def access(page):
    codes, values = page.run("[ctg.codes, ctg.access()]")
    return dict(zip(codes, values, strict=True))


def engine(folder, creches):
    """Return the access of each commune by a whole new run on other files."""
    found = open_study(pp.write(folder, creches=creches)).diagnose("creche")
    return pytest.approx(
        {code: found.communes.at[code, "access_per_100"] for code in CODES}, abs=1e-6
    )


def write_in(page, element, text):
    """Type a text in place of another, from the keyboard."""
    page.click(element)
    page.press("Control+a", *text)


def test_a_fault_and_a_request_would_be_heard(tmp_path):
    """The checks of the fixture can fail."""
    bad = tmp_path / "mauvaise.html"
    bad.write_text("<script>fetch('http://exemple.invalid/x'); nothing.at.all;</script>", "utf-8")
    with opened(bad) as page:
        page.until("true")
        wait_for(lambda: page.asked)
        assert page.asked == ["http://exemple.invalid/x"]
        assert any("nothing is not defined" in each for each in page.faults)


def test_it_is_firefox_and_today_is_the_diagnosis(page):
    assert "Firefox/" in page.run("navigator.userAgent")
    assert access(page) == pytest.approx({code: 100 * pp.ACCESS[code] for code in CODES}, abs=1e-9)


def test_opening_sizing_moving_and_closing_are_those_of_the_engine(page, tmp_path):
    page.click(one("#pire"))
    write_in(page, one("#nouvelles"), "15")
    page.click(one("#ouvrir"))
    creches = pp.CRECHES + "new,Nouvelle,01001,15\n"
    assert access(page) == engine(tmp_path / "opened", creches)
    assert "(150 enfants)" in page.run("document.querySelector('#phrase').innerText")
    write_in(page, within(BEES, "input"), "30")
    page.press("Enter")
    creches = creches.replace("01001,20", "01001,30")
    assert access(page) == engine(tmp_path / "sized", creches)
    page.click(within("Les Coccinelles", "button", "Déplacer"))
    page.run("document.querySelector('#choix select').focus()")
    page.press("D", "Enter")  # Dune, by its letter, as one chooses in a list
    creches = creches.replace("01003,6", "2A004,6")
    assert access(page) == engine(tmp_path / "moved", creches)
    page.click(within(BEES, "button", "Fermer"))
    creches = creches.replace(f"c1,{BEES},01001,30\n", "")
    assert access(page) == engine(tmp_path / "closed", creches)


def test_undo_and_redo_go_back_and_forth(page):
    first = access(page)
    page.click(within(BEES, "button", "Fermer"))
    second = access(page)
    assert second != first
    page.click(one("#defaire"))
    assert access(page) == first
    page.click(one("#refaire"))
    assert access(page) == second
    page.press("Control+z")
    assert access(page) == first


def test_a_place_dragged_on_the_map_goes_to_the_nearest_commune(page, tmp_path):
    bees = page.middle("document.querySelector(\"#map .place[title*='Abeilles']\")")
    goal = page.run("""(() => { const box = document.querySelector(
      "#map .place[title*='Coccinelles']").getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2]; })()""")
    goal = [round(each) for each in goal]
    page.drag(bees, ((bees[0] + goal[0]) // 2, bees[1]), goal)
    assert "à déplacer à Combe" in page.run("document.querySelector('#changements').innerText")
    assert access(page) == engine(tmp_path, pp.CRECHES.replace("01001,20", "01003,20"))


def test_a_table_not_yet_come_to_is_there_for_a_screen_reader(page):
    page.run("document.body.style.paddingBottom = '3000px'")
    page.run("document.querySelector('#tableau').style.marginTop = '3000px'")
    wanted = {"role": "button", "name": f"Fermer : {BEES}"}
    found = page.ask(
        "browsingContext.locateNodes", locator={"type": "accessibility", "value": wanted}
    )
    assert len(found["nodes"]) == 1


def test_tables_are_used_from_the_keyboard(page):
    page.run("document.getElementById('pire').focus()")
    page.press("Enter")
    assert page.run("document.activeElement.id") == "choix"
    page.press("Tab")
    assert page.run("document.activeElement.id") == "nouvelles"
    page.press("Control+a", "1", "2", "Tab", "Enter")
    assert page.run("ctg.figures().offered") == pytest.approx(26 + 12)
    page.run("document.querySelector('#communes thead button').focus()")
    page.press("Enter")
    names = "[...document.querySelectorAll('#communes tbody th')].map((x) => x.textContent)"
    assert [each.strip() for each in page.run(names)] == ["Alpe", "Brive", "Combe", "Dune"]
    page.press("Enter")
    sort = "document.querySelector('#communes thead th').getAttribute('aria-sort')"
    assert page.run(sort) == "descending"


def test_a_scenario_saved_is_read_back_by_compare_with_the_same_numbers(page, file):
    page.click(one("#pire"))
    page.click(one("#ouvrir"))
    page.click(within("Les Coccinelles", "button", "Fermer"))
    told = access(page)
    page.click(one("#enregistrer"))
    saved = page.browser.downloads / "scenario_comite.toml"
    wait_for(lambda: saved.is_file() and saved.stat().st_size)
    kinds = [each["kind"] for each in tomllib.loads(saved.read_text("utf-8"))["changes"]]
    assert sorted(kinds) == ["close", "open"]
    study = open_study(file.parent / "pays" / "study.toml")
    made = compare(study, [saved], "creche")
    then = made.by_commune(made.outcomes[0].variant.key, "access_per_100")["after"]
    assert told == pytest.approx({code: then[code] for code in CODES}, abs=1e-6)
    page.click(one("#effacer"))
    page.give("document.querySelector('#fichier')", saved)
    page.until("document.querySelectorAll('#changements li').length === 2")
    assert access(page) == told


def test_axe_finds_nothing_serious(page):
    page.click(one("#pire"))
    page.click(one("#ouvrir"))
    folder = Path(next(iter(find_spec("axe_playwright_python").submodule_search_locations)))
    page.run(f"(() => {{ {(folder / 'axe.min.js').read_text('utf-8')}; return true; }})()")
    found = page.run("axe.run().then((told) => told.violations)")
    assert not [(each["id"], each["nodes"][0]["html"][:200]) for each in found
                if each["impact"] in SERIOUS]  # fmt: skip
    blank = "document.body.append(document.createElement('input'))"
    page.run(f"({blank}, true)")
    assert "label" in page.run("axe.run().then((told) => told.violations.map((each) => each.id))")


def drawn(page, map_id="map"):
    """Return the colours of the map's own picture where communes are."""
    told = page.run(f"document.querySelector('#{map_id} canvas').toDataURL()")
    picture = Image.open(io.BytesIO(base64.b64decode(told.partition(",")[2]))).convert("RGB")
    count = picture.width * picture.height
    return {f"#{r:02x}{g:02x}{b:02x}": found / count
            for found, (r, g, b) in picture.getcolors(count)}  # fmt: skip


def test_the_map_is_really_drawn_in_the_colours_of_its_legend(page):
    tints = page.run("JSON.parse(document.getElementById('donnees').textContent).classes")
    tints = {each["colour"] for each in tints}

    def seen():
        return {tint: part for tint, part in drawn(page).items() if tint in tints}

    wait_for(lambda: len(seen()) >= 2)  # communes under the norm, and above
    assert sum(seen().values()) > 0.1
    page.click("document.querySelector('#vue input[value=both]')")
    page.until("document.body.dataset.ready === '2'")
    page.click(within(BEES, "button", "Fermer"))
    wait_for(lambda: tints & set(drawn(page, "map2")) - set(drawn(page)))  # Alpe: nothing at all


def test_the_map_prints_in_its_colours_and_the_page_is_as_before(page):
    """Firefox writes the picture of the map as it is, packed by zlib."""
    before = page.run(BOXES)
    print_ = page.printed()
    wide, high = page.run(
        "(({ width, height }) => [width, height])(document.querySelector('canvas'))"
    )
    size = rb"/Subtype /Image\s+/Width %d\s+/Height %d\s.*?stream\r?\n" % (wide, high)
    packed = print_[re.search(size, print_, re.DOTALL).end() :]
    colours = zlib.decompressobj().decompress(packed)
    picture = Image.frombytes("RGB", (wide, high), colours)
    printed = {f"#{r:02x}{g:02x}{b:02x}" for _, (r, g, b) in picture.getcolors(wide * high)}
    tints = page.run("JSON.parse(document.getElementById('donnees').textContent).classes")
    assert len(printed & {each["colour"] for each in tints}) >= 2
    assert page.run(BOXES) == before


def test_without_webgl_the_page_says_so_in_french_and_its_tables_work(file, tmp_path):
    with opened(file, **{"webgl.disabled": True}) as page:
        page.until("document.body.dataset.ready === '0'")
        assert "ne peut pas dessiner la carte" in page.run(one("#sans-carte") + ".innerText")
        assert not page.run("document.querySelector('#cartes').checkVisibility()")
        page.click(within(BEES, "button", "Fermer"))
        closed = engine(tmp_path, pp.CRECHES.replace(f"c1,{BEES},01001,20\n", ""))
        assert access(page) == closed
        assert not page.run("document.querySelector('#vue').checkVisibility()")  # of maps
        page.click(one("#communes tbody tr", "Alpe") + ".querySelector('button')")
        assert "Alpe" in page.run("document.querySelector('#choix-contenu').innerText")
        assert page.faults == []


def test_on_a_narrow_screen_both_maps_show_the_whole_territory(page):
    """Made narrower, or cut in two, a map that nobody moved still shows every commune."""
    page.click("document.querySelector('#vue input[value=both]')")
    page.until("document.body.dataset.ready === '2'")
    page.size(1024, 768)
    for which in ("#map", "#map2"):
        wait_for(lambda which=which: within_frame(page, which))
    page.click("document.querySelector('#map .maplibregl-ctrl-zoom-in')")
    wait_for(lambda: not within_frame(page, "#map"))
    page.size(1000, 768)
    page.run("new Promise((then) => setTimeout(then, 300))")
    assert not within_frame(page, "#map")  # moved by hand: left where it is


def within_frame(page, which):
    """Tell whether every chef-lieu lies between the left and the right of a map."""
    return page.run(f"""(() => {{
      const frame = document.querySelector('{which}').getBoundingClientRect();
      return [...document.querySelectorAll('{which} .town')].every((each) => {{
        const box = each.getBoundingClientRect(), x = (box.left + box.right) / 2;
        return x > frame.left && x < frame.right; }}); }})()""")
