"""`ctg-geo export`: documents tell the published numbers, and nothing else, whatever the file."""

import io
import json
import shutil
import sqlite3
import zipfile
from collections import Counter
from contextlib import closing

import docx
import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest

import petit_pays as pp
import project_cases as pc
from ctg_geo import labels
from ctg_geo.cli import main
from ctg_geo.documents import KINDS, write_documents
from ctg_geo.documents.results import read_results
from read_pages import normal, numbers, page

HOSTILE = "<script>alert(\"x\")</script> =cmd|' /C calc'!A0"
SERVICES = (
    pp.SERVICES.replace('label = "Crèches"', f"label = '''Crèches {HOSTILE}'''")
    + """
[services.ludotheque]
label = "Ludothèques"
place_label = "Ludothèque"
demand = "children_0_2"
people_label = "enfants"
unit = "lieux"
no_norm = "aucune source"
max_min = 25

[services.laep]
label = "LAEP"
place_label = "LAEP"
demand = "children_0_2"
people_label = "enfants"
unit = "heures"
bpe = ["D503"]
no_norm = "aucune source"

[themes.petite_enfance]
label = "Petite enfance"
demand = "children_0_2"
people_label = "enfants"
classes = [0, 30, 100]
source = "convention de test"
services = ["creche", "laep", "ludotheque"]
"""
)
FORMER = """service = "france_services"
path = "desks.csv"
columns = { equipement_id = "id", nom = "nom", code_insee = "insee", delivery = "format" }"""
TOWNS = """id,nom,insee,what,format
t1,Ludo Alpe,01001,ludotheque,Fixe
"""
STUDY = (
    pp.STUDY.replace(
        FORMER,
        'path = "desks.csv"\ncolumns = { equipement_id = "id", nom = "nom", code_insee = "insee", '
        'service = "what", delivery = "format" }',
    )
    + """
[analyses.est_ouest]
kind = "group_balance"
label = "Est et ouest"
service = "creche"
grouping = "bassin"
"""
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    config = pp.write(folder / "pays", study=STUDY, services=SERVICES, desks=TOWNS)
    assert main(["diagnose", str(config), "--all", "-o", str(folder / "out"), "-q"]) == 0
    assert main(["export", str(folder / "out"), "-q"]) == 0
    return folder / "out"


def test_every_kind_is_written_with_its_manifest(run):
    held = {each.name for each in (run / "documents").iterdir()}
    bound = {f"{kind}.{ending}" for kind in ("rapport", "annexe", "fiches")
             for ending in ("html", "pdf", "docx")}  # fmt: skip
    flat = {"resultats.xlsx", "resultats.parquet", "resultats_longs.csv"}
    assert held == bound | flat | {f"manifest_{kind}.json" for kind in KINDS}
    for name in bound:
        content = (run / "documents" / name).read_bytes()
        start = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "docx": b"PK"}[name.split(".")[1]]
        assert content.startswith(start), name


def test_every_number_of_the_documents_was_published(run):
    told = set()
    for path in [*run.rglob("*.txt"), *run.glob("*.csv"), *run.glob("*/constats.csv")]:
        if path.parent.name != "documents":
            told |= numbers(path.read_text(encoding="utf-8-sig"))
    for base in run.rglob("ctg.gpkg"):
        held = {name for name, _ in pyogrio.list_layers(base)}
        for layer in sorted({"communes", "zones"} & held):
            table = pd.DataFrame(gpd.read_file(base, layer=layer).drop(columns="geometry"))
            for name in table:
                for value in table[name].dropna():
                    if isinstance(value, str):
                        told |= numbers(value)
                    else:
                        told |= numbers(
                            " ; ".join(labels.number(float(value), d) for d in (0, 1, 2))
                        )
    for each in run.rglob("manifest.json"):
        told |= numbers(" ".join(map(str, json.loads(each.read_text("utf-8"))["inputs"])))
    told |= numbers(" ".join(labels._table("fr")["documents"].values()))
    told |= {str(each) for each in range(1, 13)}  # places in a list
    for name in ("rapport.html", "annexe.html", "fiches.html"):
        text = " | ".join(page(run / "documents" / name).said)
        assert numbers(text) <= told, name
    assert len(numbers(" ".join(page(run / "documents" / "rapport.html").said))) > 30


def test_a_number_that_was_not_published_would_be_seen():
    assert numbers("il manque 1\u202f234,5 places et 7") == {"1234,5", "7"}
    assert not numbers("il manque 8 places") <= {"7"}


def test_the_first_page_names_what_there_is_to_decide(run):
    said = normal(" ".join(page(run / "documents" / "rapport.html").said))
    communes = gpd.read_file(run / "creche" / "ctg.gpkg", layer="communes")
    below = communes[communes["below"] == "oui"].sort_values("rank")
    assert f"La norme n'est pas atteinte dans {len(below)} commune" in said
    first = said.index("Ce qu'il y a à décider")
    assert first < said.index(str(below["nom"].iloc[0])) < said.index("Classes de la convention")
    assert "LAEP" in said[said.index("Services dont les lieux manquent") :]


def test_what_came_from_data_stays_text(run):
    for name in ("rapport.html", "annexe.html", "fiches.html"):
        found = page(run / "documents" / name)
        assert "script" not in found.tags
        assert HOSTILE in " ".join(found.said)
    book = openpyxl.load_workbook(run / "documents" / "resultats.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    text = docx.Document(run / "documents" / "rapport.docx")
    assert any(HOSTILE in each.text for each in text.paragraphs)


def test_a_page_asks_nothing_of_the_network(run):
    for name in ("rapport.html", "annexe.html", "fiches.html"):
        urls = page(run / "documents" / name).urls
        assert all(each.startswith(("data:image/png;base64,", "#")) for each in urls)


def test_the_annex_names_exactly_the_communes_below(run):
    communes = gpd.read_file(run / "creche" / "ctg.gpkg", layer="communes")
    text = docx.Document(run / "documents" / "annexe.docx")
    listed = {
        row.cells[0].text
        for table in text.tables if table.rows[0].cells[0].text == "Code Insee"
        for row in table.rows[1:]
    }  # fmt: skip
    assert listed == set(communes.loc[communes["below"] == "oui", "code_insee"])
    assert listed


def test_there_is_a_sheet_for_each_commune(run):
    text = docx.Document(run / "documents" / "fiches.docx")
    titles = [each.text for each in text.paragraphs if each.style.name == "Heading 1"]
    assert [each.split(" (")[0] for each in titles] == ["Alpe", "Brive", "Crest", "Dune"] or (
        sorted(titles) == titles and len(titles) == 4
    )
    for table in text.tables:
        assert [row.cells[0].text.split(",")[0] for row in table.rows[1:]][1] == "Ludothèques"


def test_the_text_to_edit_has_styles_and_words_for_pictures(run):
    content = (run / "documents" / "rapport.docx").read_bytes()
    text = docx.Document(io.BytesIO(content))
    assert text.core_properties.author == ""
    assert {"Heading 1", "Heading 2"} <= {each.style.name for each in text.paragraphs}
    shapes = [each._inline.docPr.get("descr") for each in text.inline_shapes]
    assert shapes
    assert all(each.startswith("Carte") for each in shapes)
    stamps = {each.date_time for each in zipfile.ZipFile(io.BytesIO(content)).infolist()}
    assert stamps == {(2000, 1, 1, 0, 0, 0)}


def test_the_workbook_has_a_sheet_a_theme_with_all_its_services(run):
    book = openpyxl.load_workbook(run / "documents" / "resultats.xlsx")
    themes = json.loads((run / "manifest.json").read_text("utf-8"))["parameters"]["themes"]
    assert book.sheetnames[0] == "Lisez-moi"
    assert book.sheetnames[-1] == "Légende"
    told = [str(each[0]) for each in book["Lisez-moi"].iter_rows(values_only=True)]
    for theme in themes.values():
        here = [each for each in book.sheetnames if theme["label"].startswith(each)]
        assert here or theme["label"] in told
        for name in here:
            heads, *rows = book[name].iter_rows(values_only=True)
            if heads[0] != "Service":
                continue  # people alone
            lines = Counter(row[0] for row in rows)
            found = [each for each in theme["services"] if (run / each / "ctg.gpkg").exists()]
            assert len(lines) == len(found)
            assert set(lines.values()) == {4}  # communes


def test_the_workbook_has_typed_cells_and_a_word_for_each_column(run):
    book = openpyxl.load_workbook(run / "documents" / "resultats.xlsx")
    sheet = book[book.sheetnames[1]]
    titles = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == sheet.dimensions
    code, time = titles["Code Insee"], titles["Temps au lieu le plus proche (min)"]
    assert all(isinstance(sheet.cell(row, code).value, str) for row in range(2, 6))
    held = {sheet.cell(row, code).value: sheet.cell(row, time).value
            for row in range(2, sheet.max_row + 1)
            if sheet.cell(row, titles["Service"]).value == "Ludothèques"}  # fmt: skip
    # t1 in Alpe, a chef-lieu every 10 minutes, at most 25: blank is not zero
    assert held == {"01001": 0, "01002": 10, "01003": 20, "2A004": None}
    legend = {row[1]: row for row in book["Légende"].iter_rows(min_row=2, values_only=True)}
    general = normal(labels.text("legend.meaning.group"))
    assert {name for name, row in legend.items() if normal(row[5]) == general} <= {"bassin"}
    assert set(legend) >= {"rank", "missing", "access_per_100"}
    assert legend["nearest_min"][2:4] == ("min", "Temps\xa0: statut")
    assert legend["demand"][2:4] == ("personnes", "Population concernée\xa0: statut")
    assert legend["why"][2:5] == (None, None, None)


def test_parquet_and_long_csv_hold_the_geopackage(run):
    table = gpd.read_parquet(run / "documents" / "resultats.parquet")
    own = table[table["service"] == "creche"].set_index("code_insee")
    published = gpd.read_file(run / "creche" / "ctg.gpkg", layer="communes").set_index("code_insee")
    assert own["access_per_100"].to_dict() == published["access_per_100"].to_dict()
    assert own.crs == published.crs
    assert own.geometry.geom_equals_exact(published.geometry.reindex(own.index), 0).all()
    long = pd.read_csv(run / "documents" / "resultats_longs.csv", sep=";", decimal=",", dtype=str,
                       encoding="utf-8-sig")  # fmt: skip
    found = long[(long["service"] == "creche") & (long["column"] == "access_per_100")]
    said = found.set_index("code_insee")["value"].str.replace(",", ".").astype(float)
    assert said.to_dict() == pytest.approx(published["access_per_100"].to_dict(), rel=1e-9)
    times = long[long["column"] == "nearest_min"]
    assert set(times["unit"]) == {"min"}
    assert times.loc[times["value"].isna(), "status"].tolist()  # why there is none
    assert times["status"].notna().all()


def test_the_same_results_make_the_same_bytes_and_one_kind_leaves_the_others(run, tmp_path):
    write_documents(run, out=tmp_path)
    assert main(["export", str(run), "--to", "csv", "--out", str(tmp_path), "-q"]) == 0
    for each in sorted((run / "documents").iterdir()):
        assert each.read_bytes() == (tmp_path / each.name).read_bytes(), each.name


def test_one_service_alone_has_a_report_too(run, tmp_path):
    assert main(["export", str(run / "creche"), "--out", str(tmp_path), "-q"]) == 0
    said = normal(" ".join(page(tmp_path / "rapport.html").said))
    assert "Méthode et limites" in said
    book = openpyxl.load_workbook(tmp_path / "resultats.xlsx")
    assert {"Groupes", "Equipements", "Constats"} <= set(book.sheetnames)


def test_a_figure_changed_by_hand_is_told(run, tmp_path):
    copy = tmp_path / "out"
    shutil.copytree(run, copy, ignore=shutil.ignore_patterns("documents"))
    with closing(sqlite3.connect(copy / "creche" / "ctg.gpkg")) as base, base:
        base.execute("UPDATE constats SET message = '1'")
    assert read_results(copy).service("creche").published.changed == ("ctg.gpkg",)
    assert main(["export", str(copy), "--to", "annexe", "-q"]) == 0
    said = " ".join(page(copy / "documents" / "annexe.html").said)
    assert "creche/ctg.gpkg" in said


def test_results_of_another_command_are_refused_by_what_they_are(tmp_path, capsys):
    out = pc.tours(tmp_path)
    assert main(["export", str(out)]) == 1
    said = capsys.readouterr().err
    assert "autre commande" in said
    assert "abîmé" not in said


def test_a_folder_without_results_is_refused_with_the_mend(tmp_path, capsys):
    assert main(["export", str(tmp_path)]) == 1
    assert "manifest.json" in capsys.readouterr().err
    (tmp_path / "manifest.json").write_text("[]", encoding="utf-8")
    assert main(["export", str(tmp_path)]) == 1
    assert not (tmp_path / "documents").exists()
    assert main(["export", str(tmp_path), "--to", "pdf"]) == 2


def test_results_of_two_studies_are_not_mixed(run, tmp_path, capsys):
    mixed = tmp_path / "mixed"
    shutil.copytree(run / "creche", mixed / "creche")
    shutil.copytree(run / "ludotheque", mixed / "ludotheque")
    manifest = mixed / "ludotheque" / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    assert '"name": "Petit Pays"' in text
    manifest.write_text(
        text.replace('"name": "Petit Pays"', '"name": "Ailleurs"'), encoding="utf-8"
    )
    assert main(["export", str(mixed)]) == 1
    said = capsys.readouterr().err
    assert "Ailleurs" in said
    assert "Petit Pays" in said
