"""Projects as files, without QGIS: what is named is there, paths are relative, bytes stable."""

import hashlib
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from xml.etree import ElementTree as ET

import pyogrio
import pytest

import petit_pays as pp
import project_cases as pc
from ctg_geo import labels
from ctg_geo.cli import main
from ctg_geo.export.qgis.crs import spatial_reference
from ctg_geo.export.qgis.items import Page, map_frame

QUOTED = re.compile(r'"([a-z_0-9]+)"')


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pays")
    config = pp.write(folder / "pays")
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(folder / "out"), "-q"]) == 0
    return folder / "out"


@pytest.fixture(scope="module", params=pc.KINDS)
def made(request, tmp_path_factory):
    """Return the kind of a result, and its folder."""
    return request.param, pc.KINDS[request.param](tmp_path_factory.mktemp(request.param))


@pytest.fixture(scope="module")
def any_project(made):
    return read(made[1])


@pytest.fixture(scope="module")
def project(out):
    return read(out)


def read(folder):
    with zipfile.ZipFile(folder / "projet.qgz") as archive:
        assert archive.namelist() == ["projet.qgs"]
        return ET.fromstring(archive.read("projet.qgs"))  # noqa: S314


def beside(layer, folder):
    """Return the file and the table that a layer of a project shows."""
    said = re.fullmatch(r"\./([^|]+)\|layername=(\w+)(\|subset=.+)?", layer.findtext("datasource"))
    return folder / said[1], said[2]


def test_every_layer_has_one_id_that_qgis_keeps(any_project):
    ids = [each.findtext("id") for each in any_project.iter("maplayer")]
    assert len(ids) == len(set(ids)) > 2
    assert all(len(each) > 10 for each in ids)


def test_whatever_names_a_layer_names_one_that_is_there(any_project):
    ids = {each.findtext("id") for each in any_project.iter("maplayer")}
    tree = any_project.find("layer-tree-group")
    told = [each.get("id") for each in tree.iter("layer-tree-layer")]
    assert sorted(told) == sorted(ids), "each stands once in the tree"
    named = {each.get("id") for each in any_project.iter("layer-tree-layer")}
    named |= {each.get("id") for each in any_project.find("layerorder")}
    named |= {each.get("id") for each in any_project.iter("layer") if each.get("style")}
    named |= {each.get("coverageLayer") for each in any_project.iter("Atlas")} - {None}
    named |= {each.get("vectorLayer") for each in any_project.iter("LayoutMultiFrame")}
    assert named == ids


def test_pages_show_views_there_are_and_link_what_stands_on_them(any_project):
    presets = [each.get("name") for each in any_project.iter("visibility-preset")]
    assert len(set(presets)) == len(presets), "a view has a name of its own"
    pages = [each.get("name") for each in any_project.iter("Layout")]
    assert len(set(pages)) == len(pages) > 0
    for page in any_project.iter("Layout"):
        own = {each.get("uuid") for each in page.iter("LayoutItem")}
        assert len(own) == len(list(page.iter("LayoutItem"))), "each item has a name of its own"
        for each in page.iter("LayoutItem"):
            if each.get("type") == "65639":
                assert each.get("followPresetName") in presets
            for link in ("map_uuid", "mapUuid"):
                assert each.get(link, next(iter(own))) in own


def test_sources_are_beside_the_project_and_their_tables_are_there(any_project, made):
    kind, folder = made
    files = set()
    for layer in any_project.iter("maplayer"):
        file, table = beside(layer, folder)
        assert table in {name for name, _ in pyogrio.list_layers(file)}
        files.add(file)
    assert folder / pc.FILES[kind] in files
    held = json.loads((folder / "manifest.json").read_text("utf-8"))["outputs"]
    digest = hashlib.sha256((folder / "projet.qgz").read_bytes()).hexdigest()
    assert held["projet.qgz"] == digest


def test_what_styles_labels_and_tips_name_are_columns(any_project, made):
    for layer in any_project.iter("maplayer"):
        file, table = beside(layer, made[1])
        columns = set(pyogrio.read_info(file, layer=table)["fields"])
        said = [each.get("filter", "") for each in layer.iter("rule")]
        said += [each.get("fieldName", "") for each in layer.iter("text-style")]
        said += [layer.findtext("mapTip") or "", layer.findtext("previewExpression") or ""]
        said.append(layer.findtext("datasource").partition("|subset=")[2])
        named = {name for text in said for name in QUOTED.findall(text)}
        named |= {each.get("attr") for each in layer.iter("renderer-v2")} - {None, "1"}
        assert named <= columns, f"{table}: {sorted(named - columns)}"
        assert {each.get("field") for each in layer.iter("alias")} == columns
        assert all(each.get("name") for each in layer.iter("alias"))


def test_legends_count_what_the_stored_classes_draw(any_project, made):
    """Of each map, the first entry of its legend: the words and number of each class."""
    counts = ("qgis.class_count", "qgis.site_count")
    for page in any_project.iter("Layout"):
        entry = next(page.iter("layer-tree-layer"), None)
        layer = next(
            (
                each
                for each in any_project.iter("maplayer")
                if entry is not None and each.findtext("id") == entry.get("id")
            ),
            None,
        )
        column = "" if layer is None else layer.find("renderer-v2").get("attr", "")
        if column in ("", "1") or page.find("Atlas").get("enabled") == "1":
            continue
        file, table = beside(layer, made[1])
        held = pyogrio.read_dataframe(file, layer=table)[column]
        keys = held.map(lambda each: f"{each:g}" if isinstance(each, float) else each)
        values = [each.get("value") for each in layer.iter("category")]
        keys = keys.where(keys.astype(str).isin(values), "").astype(str)
        said = {
            each.get("name"): each.get("value").replace("|", " ")
            for each in entry.iter("Option")
            if "legend/label-" in each.get("name", "")
        }
        assert said, page.get("name")
        for at, value in enumerate(values):
            count = int((keys == value).sum())
            told = said.get(f"legend/label-{at}")
            assert told is None or any(
                told.endswith(labels.text(each, "fr", said="", count=count).strip())
                for each in counts
            ), (page.get("name"), told, count)
            assert told is not None or not count, (page.get("name"), value)


def test_each_class_drawn_is_stored_and_counted_in_the_legend(project, out):
    drawn = pyogrio.read_dataframe(out / "ctg.gpkg", layer="communes")["drawn"].value_counts()
    layer = next(each for each in project.iter("maplayer")
                 if each.findtext("id").startswith("communes_resultat"))  # fmt: skip
    values = [each.get("value") for each in layer.find("renderer-v2").iter("category")]
    assert set(drawn.index) <= set(values)
    entry = next(
        each for each in project.iter("layer-tree-layer")
        if each.get("id") == layer.findtext("id") and each.find(".//Option[@name]") is not None
    )  # fmt: skip
    for at, value in enumerate(values):
        said = entry.find(f".//Option[@name='legend/label-{at}']")
        if said is not None:
            count = labels.text("qgis.class_count", said="", count=int(drawn.get(value, 0)))
            assert said.get("value").replace("|", " ").endswith(count.strip())


def test_fragile_verdicts_are_hatched_over_their_class_and_explained(tmp_path):
    """Of 14 places for 100, Alpe has 13.3 and Dune 15.5: a tenth of places more or less decides."""
    config = pp.write(tmp_path, services=pp.SERVICES.replace("per_100 = 10", "per_100 = 14"))
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    held = pyogrio.read_dataframe(out / "ctg.gpkg", layer="communes").set_index("nom")
    said = labels.text("certainty.fragile")
    assert set(held.index[held["certainty_label"] == said]) == {"Alpe", "Dune"}
    layer = next(each for each in read(out).iter("maplayer")
                 if each.findtext("id").startswith("communes_resultat"))  # fmt: skip
    with closing(sqlite3.connect(out / "ctg.gpkg")) as base:
        ((alone,),) = base.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = 'communes' AND useAsDefault"
        )
    for root in (layer, ET.fromstring(alone)):  # noqa: S314
        drawn = root.find("renderer-v2")
        *classes, over = [(each.get("filter"), each.get("label")) for each in drawn.iter("rule")]
        assert over == (f"\"certainty_label\" = '{said}'", labels.text("map.fragile"))
        for key in held["drawn"]:
            assert [said for said, _ in classes].count(f"\"drawn\" = '{key}'") == 1
        light, ink = drawn.find("symbols")[-1].iter("layer")
        assert [each.find(".//Option[@name='color']").get("value")[:3]
                for each in (light, ink)] == ["255", "34,"]  # fmt: skip
        # of the browns, those of luma under 0.42: #602904, #803c0d, #9f5017; not #bf6622
        dark = light.find(".//Option[@name='expression']").get("value")
        assert "IN (0, 1, 2)" in dark
        assert ink.find(".//Option[@name='expression']").get("value") == f"NOT {dark}"
    pages = {each.get("name"): each for each in read(out).iter("Layout")}
    for name, words in (
        ("Résultat — A4", f"{labels.text('map.fragile')} : 2 communes"),
        (labels.text("qgis.layout_sheets"), labels.text("qgis.fragile_short")),
    ):
        told = [each.get("value").replace("|", " ").replace(labels.NBSP, " ")
                for each in pages[name].iter("Option")
                if (each.get("name") or "").startswith("legend/label-")]  # fmt: skip
        assert words in told, name
    listed = [(each.get("labelText") or "").replace(labels.NBSP, " ")
              for each in pages["Résultat — A4"].iter()]  # fmt: skip
    marked = {said[3:].partition(" : ")[0]: said.endswith(" (verdict fragile)")
              for said in listed if re.match(r"[1-5]\. ", said)}  # fmt: skip
    assert marked == {"Alpe": True, "Combe": False}  # those below the norm


def test_a_layer_has_one_style_that_opens_and_others_under_names_of_their_own(out):
    with closing(sqlite3.connect(out / "ctg.gpkg")) as base:
        rows = base.execute(
            "SELECT f_table_name, styleName, useAsDefault, f_table_catalog, f_table_schema,"
            " f_geometry_column FROM layer_styles"
        ).fetchall()
    defaults = [table for table, _, first, *_ in rows if first]
    assert len(defaults) == len(set(defaults)) == len({table for table, *_ in rows})
    assert len({(table, name) for table, name, *_ in rows}) == len(rows)
    assert {(catalog, schema, geometry) for *_, catalog, schema, geometry in rows} == {
        ("", "", "geom")
    }
    assert len([table for table, *_ in rows if table == "communes"]) > 1


def test_a_second_run_gives_the_same_bytes(out, tmp_path):
    config = pp.write(tmp_path / "pays")
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "b"), "-q"]) == 0
    for name in ("projet.qgz", "ctg.gpkg"):
        assert (out / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_nothing_within_the_limit_is_not_drawn_as_a_zero_among_others(tmp_path):
    flat = 'decay = { kind = "flat", reach_min = 15 }'
    config = pp.write(
        tmp_path / "pays", services=pp.SERVICES.replace(flat, f"{flat}\nmax_min = 19"),
        creches="id,nom,insee,places\nc1,Les Abeilles,01001,20\n",
    )  # fmt: skip
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "out"), "-q"]) == 0
    table = pyogrio.read_dataframe(tmp_path / "out" / "ctg.gpkg", layer="communes")
    drawn = table.set_index("code_insee")["drawn"].to_dict()
    status = table.set_index("code_insee")["nearest_status"].to_dict()
    beyond = labels.text("status.beyond_limit")
    assert {code: said == beyond for code, said in status.items()} == {
        code: key == "0 beyond_limit" for code, key in drawn.items()
    }
    assert beyond in status.values()


def test_a_map_keeps_the_shape_of_its_box():
    frame = map_frame(Page("x"), "map", (0, 0, 100, 50), (0, 0, 10, 30), "view")
    west, south, east, north = (
        float(frame.find("Extent").get(each)) for each in ("xmin", "ymin", "xmax", "ymax")
    )
    assert (east - west) / (north - south) == pytest.approx(2)
    assert (west, east) == (-25, 35)
    assert (south, north) == (0, 30)


def test_a_reference_system_is_told_by_words_and_by_code():
    found = spatial_reference("EPSG:2154")
    assert found.findtext("authid") == "EPSG:2154"
    assert found.findtext("wkt").startswith('PROJCRS["RGF93')
