"""Names that try to be code, from files to every output: they are text, and nothing else."""

import json
import re
import sqlite3
import tomllib
import zipfile
from contextlib import closing
from xml.etree import ElementTree as ET

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

import hostile
from browser import opened
from ctg_geo.cli import main
from read_pages import page as page_of

ACTIVE = re.compile(r"\s*[=+@\uff1d]|[\t\r]|\s*-(?![0-9]+([.,][0-9]+)?$)")
CODE = {"script", "img", "iframe", "object", "embed", "b", "u", "i"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Run all that reads names: a diagnosis of all themes, its documents, the page, scenarios."""
    root = tmp_path_factory.mktemp("hostile")
    study = hostile.config(root / "pays")
    for name, text in (("un", hostile.scenario_text()), ("deux", hostile.plan_text())):
        (root / "pays" / f"{name}.toml").write_text(text, encoding="utf-8")
    plans = [str(root / "pays" / f"{name}.toml") for name in ("un", "deux")]
    out = {name: root / name for name in ("themes", "compare")}
    runs = (
        ["check", str(study), "-v"],
        ["diagnose", str(study), "--all", "-o", str(out["themes"]), "-v"],
        ["compare", str(study), *plans, "-s", "creche", "-o", str(out["compare"]), "-v"],
        ["comite", str(study), "-s", "creche", "-o", str(root / "comite.html"),
         "--scenario", plans[0], "-q"],
        ["export", str(out["themes"]), "--comparison", str(out["compare"]), "-q"],
        ["import", str(root / "pays" / "creches.csv"), "--as", "equipements", "--service", "creche",
         "--config", str(study), "--out", str(root / "import"), "-q"],
        ["measures", str(study), "-s", "creche", "-o", str(root / "mesures.csv"), "-q"],
    )  # fmt: skip
    for run in runs:
        assert main(run) == 0, run
    return root


def files(root, ending):
    found = sorted(each for each in root.rglob(f"*{ending}") if each.parent.name != "pays")
    assert found, f"no file {ending}"
    return found


def test_no_cell_of_a_table_could_start_a_formula(made):
    seen = 0
    for path in files(made, ".csv"):
        table = pd.read_csv(
            path, sep=";", dtype=str, keep_default_na=False, header=None, encoding="utf-8-sig"
        )
        for cell in table.to_numpy().ravel():
            assert not ACTIVE.match(cell), (path.name, cell[:60])
            seen += hostile.FORMULA in cell
    assert seen, "the names are in no table"


def test_no_cell_of_a_workbook_is_a_formula(made):
    seen = 0
    for path in files(made, ".xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type in ("s", "n"), (path.name, cell.coordinate)
                    assert cell.hyperlink is None
                    if isinstance(cell.value, str):
                        assert not ACTIVE.match(cell.value), cell.value[:60]
                        seen += hostile.FORMULA.replace("'", "’") in cell.value
    assert seen


def test_pages_hold_names_as_text(made):
    for path in files(made / "themes", ".html"):
        read = page_of(path)
        assert not CODE & (set(read.tags) - {"img"}), path.name
        assert all(url.startswith(("data:", "#")) for url in read.urls), read.urls
        text = "".join(read.said)
        assert "alert(1)" in text, "the names are in no page"
        with opened(path) as page:
            page.on("dialog", lambda each: page.faults.append(each.message))
            assert page.faults == []
            assert page.evaluate("document.scripts.length") == 0


def test_the_page_of_the_committee_runs_no_name(made):
    with opened(made / "comite.html") as page:
        page.wait_for_selector("#lieux tbody tr")
        assert page.faults == []
        assert hostile.SCRIPT in page.inner_text("#lieux")
        assert page.evaluate("document.querySelectorAll('img, iframe, object').length") == 0
        assert all(each.startswith(("file:", "data:", "blob:")) for each in page.asked)


def test_texts_of_word_processors_are_whole_and_hold_names_as_text(made):
    import docx

    seen = 0
    for path in files(made, ".docx"):
        read = docx.Document(str(path))
        cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
        seen += any("alert(1)" in text for text in (*cells, *(p.text for p in read.paragraphs)))
        with zipfile.ZipFile(path) as box:
            for name in box.namelist():
                if name.endswith((".xml", ".rels")):
                    root = ET.fromstring(box.read(name))  # noqa: S314  (our own file)
                    told = {each.text for each in root.iter() if each.tag.endswith("}instrText")}
                    assert told <= ({"PAGE", "NUMPAGES"} if "footer" in name else set())
    assert seen


def test_pdf_pages_are_made_and_run_nothing(made):
    for path in files(made, ".pdf"):
        content = path.read_bytes()
        assert content.startswith(b"%PDF")
        assert not re.search(rb"/(JavaScript|JS|Launch|OpenAction|URI)\b", content)


def test_geopackages_hold_names_as_they_are_and_styles_are_whole(made):
    seen = 0
    for path in files(made, ".gpkg"):
        with closing(sqlite3.connect(path)) as base:
            assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            for (style,) in base.execute("SELECT styleQML FROM layer_styles"):
                checked_expressions(ET.fromstring(style))  # noqa: S314  (our own file)
            for name, _ in base.execute("SELECT table_name, 1 FROM gpkg_contents").fetchall():
                rows = base.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608
                seen += sum(cell == hostile.SCRIPT for row in rows for cell in row)
    assert seen, "the names are in no layer"


def checked_expressions(root):
    """Check that no name stands in an expression that QGIS evaluates, but quoted."""
    for each in root.iter():
        for key in ("expression", "filter", "fieldName", "field"):
            said = each.get(key, "")
            if "alert(" in said or "cmd|" in said:
                bare = re.sub(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"", "", said)
                assert "alert(" not in bare, said
                assert "cmd|" not in bare, said


def test_projects_are_whole_and_evaluate_no_name(made):
    for path in files(made, ".qgz"):
        with zipfile.ZipFile(path) as box:
            (name,) = [each for each in box.namelist() if each.endswith(".qgs")]
            root = ET.fromstring(box.read(name))  # noqa: S314  (our own file)
        checked_expressions(root)
        for each in root.iter():
            for said in (*each.attrib.values(), each.text or ""):
                for evaluated in re.findall(r"\[%(.*?)%\]", said, re.DOTALL):
                    assert "$now" not in evaluated, said[:200]


def test_settings_and_plans_are_read_again(made):
    for path in files(made, ".toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))
    for path in files(made, "manifest.json"):
        json.loads(path.read_text(encoding="utf-8"))


def test_flat_tables_hold_names_as_they_are(made):
    (path,) = files(made, ".parquet")
    rows = pq.read_table(path).to_pylist()
    assert any(cell == hostile.SCRIPT for row in rows for cell in row.values())
