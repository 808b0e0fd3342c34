"""`ctg-geo export`: documents tell the published numbers, and nothing else, whatever the file."""

import io
import json
import re
import shutil
import sqlite3
import zipfile
import zlib
from collections import Counter
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

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
from ctg_geo.documents.cells import table_of
from ctg_geo.documents.findings import findings_in
from ctg_geo.documents.parts import Figure, Heading, Listing, Paragraph, Table
from ctg_geo.documents.published import Layer, Published
from ctg_geo.documents.report import report, service_blocks
from ctg_geo.documents.results import read_results
from ctg_geo.documents.sheets import commune_sheets
from ctg_geo.documents.to_pdf import pdf_pages
from ctg_geo.quality import Finding
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

[services.accueil]
label = "Accueils"
place_label = "Accueil"
demand = "population"
people_label = "habitants"
unit = "lieux"
no_norm = "aucune source"
deliveries = ["fixed", "mobile"]
presence = { reference_hours = 20, source = "test" }

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

[themes.jeux]
label = "Jeux"
demand = "children_0_2"
people_label = "enfants"
classes = [0, 30, 100]
source = "convention de test"
services = ["ludotheque"]
"""
)
FORMER = """service = "france_services"
path = "desks.csv"
columns = { equipement_id = "id", nom = "nom", code_insee = "insee", delivery = "format" }"""
TOWNS = """id,nom,insee,what,format
t1,Ludo Alpe,01001,ludotheque,Fixe
h1,Halte Brive,01002,accueil,Bus
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

[analyses.loin]
kind = "beyond_reach"
label = "Hors de portée"
demand = "population"
people_label = "habitants"
services = ["ludotheque", "accueil"]
reach_min = { car = 15 }
villages_under = 450
villages_source = "test"
source = "test"
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


def test_the_first_page_counts_villages_as_their_chapter_does(run):
    """Crest is 20 minutes from the toy library and 10 from the stop of Brive: not left out."""
    said = normal(" ".join(page(run / "documents" / "rapport.html").said))
    left = "Dans 1 village, ni lieu à portée ni halte (300 habitants) ; d'abord Dune."
    chapter = normal((run / "chapitre_loin.txt").read_text(encoding="utf-8"))
    assert "ni lieu à portée, ni halte, dans 1 village (300 habitants)" in chapter
    assert left in said


def test_where_no_service_has_a_norm_the_first_page_does_not_say_none_lacks(run):
    text = docx.Document(run / "documents" / "rapport.docx")
    rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in text.tables[0].rows}
    assert rows["Petite enfance"] == ["2", "1", "1"]
    assert rows["Jeux"] == ["1", "sans norme", "0"]


def test_what_came_from_data_stays_text(run):
    for name in ("rapport.html", "annexe.html", "fiches.html"):
        found = page(run / "documents" / name)
        assert "script" not in found.tags
        assert HOSTILE.replace("'", "’") in " ".join(found.said)
    book = openpyxl.load_workbook(run / "documents" / "resultats.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    text = docx.Document(run / "documents" / "rapport.docx")
    assert any(HOSTILE.replace("'", "’") in each.text for each in text.paragraphs)


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


def test_each_map_of_the_report_stands_under_two_sentences(run):
    blocks = report(read_results(run)).blocks
    maps = [at for at, each in enumerate(blocks) if isinstance(each, Figure)]
    assert len(maps) >= 4  # two themes, a service, two analyses but the one without a map
    for at in maps:
        title = max(before for before, each in enumerate(blocks[:at])
                    if isinstance(each, Heading) and each.level < 3)  # fmt: skip
        said = [each.text for each in blocks[title:at] if isinstance(each, Paragraph)]
        assert len([each for each in said if each]) >= 2, blocks[at].caption
    texts = [each.text for each in blocks if isinstance(each, Paragraph)]
    norms = [each for each in texts if each.startswith("Norme retenue")]
    assert len(norms) == len(set(norms))  # told once, above the map


def test_only_a_commune_that_lacks_has_a_rank(run):
    creche = gpd.read_file(run / "creche" / "ctg.gpkg", layer="communes")
    below = creche[creche["below"] == "oui"]
    assert sorted(below["rank"]) == list(range(1, len(below) + 1))
    assert creche.loc[creche["below"] != "oui", "rank"].isna().all()
    assert 0 < len(below) < len(creche)
    assert gpd.read_file(run / "ludotheque" / "ctg.gpkg", layer="communes")["rank"].isna().all()
    csv = pd.read_csv(
        run / "ludotheque" / "resultats.csv", sep=";", dtype=str, encoding="utf-8-sig"
    )
    assert csv["Rang (1 = manque le plus grand)"].isna().all()


def test_where_nothing_lacks_no_commune_is_listed_as_lacking_most(run):
    creche = read_results(run).service("creche")
    few = [each for each in service_blocks(creche, {}) if isinstance(each, Table)]
    assert len(few) == 1
    assert len(few[0].rows) == (creche.communes.table["below"] == "oui").sum()
    met = Layer(creche.communes.table.assign(rank=float("nan")), creche.communes.titles, "")
    assert not any(isinstance(each, Table)
                   for each in service_blocks(replace(creche, communes=met), {}))  # fmt: skip


def test_less_than_a_place_is_not_told_as_none():
    told = Layer(pd.DataFrame({"missing": [0.36, 0.0, 14.48]}), {"missing": "Manque"}, "")
    assert [row[0] for row in table_of(told, ["missing"], "").rows] == ["moins de 1", "0", "14"]


def constats(folder, *rows):
    """Return a folder of results with these findings: key, name, sentence."""
    folder.mkdir()
    said = "".join(
        f'attention;{key};communes;;{name};"{sentence}"\r\n' for key, name, sentence in rows
    )
    head = "Gravité;Nature;Table;Identifiant;Commune;Constat\r\n"
    (folder / "constats.csv").write_text(head + said, encoding="utf-8-sig")
    return Published(folder, {"outputs": {"constats.csv": ""}}, ())


def test_findings_alike_are_one_sentence_that_names_service_and_way(tmp_path):
    far = [("none_in_reach", name, f"{name} : aucun lieu à moins de 60 min.")
           for name in (*"ABCDEFGHIJ", "Vals")]  # fmt: skip
    every = ("schematic", "", "Temps schématiques.")
    blocks = findings_in([
        ("Crèches", "en voiture", constats(tmp_path / "a", every)),
        ("Ludothèques", "à pied", constats(tmp_path / "b", *far, every)),
        ("Écoles", "à pied", constats(tmp_path / "c", ("one", "A", "A : rien."), every)),
    ])  # fmt: skip
    foot = "Ludothèques, à pied"
    items = [normal(item) for each in blocks if isinstance(each, Listing) for item in each.items]
    assert items == [
        "Temps schématiques.",
        f"A, B, C, D, E, F, G, H … et 3 autres : aucun lieu à moins de 60 min. ({foot})",
        "A : rien. (Écoles)",
    ]


def test_words_agree_with_all_that_a_finding_names_each_in_its_own_guillemets(tmp_path):
    facts = {"delivery_left_out": {}, "count_estimated": {"service": "Crèches"},
             "seldom_there": {"hours": 3.5, "share": 0.1}}  # fmt: skip
    rows = [
        (key, name, Finding("warning", key, "communes", facts={"nom": name, **known}).explain())
        for key, known in facts.items() for name in ("Bus d'Eurre", "Ourches")
    ]  # fmt: skip
    (listed,) = [each for each in findings_in([("", "", constats(tmp_path / "a", *rows))])
                 if isinstance(each, Listing)]  # fmt: skip
    both = "« Bus d'Eurre », « Ourches »"
    mobile, partial, seldom = (normal(item) for item in listed.items)
    assert mobile.startswith(f"{both} sont itinérants :")
    assert partial.startswith(f"{both} : nombre de lieux connu en partie")
    assert " Leurs verdicts, s'ils sont défavorables, sont dits fragiles." in partial
    assert seldom == (f"{both} : ouverts 3,5 h par semaine (10 % d'un temps plein) ; ils ne sont "
                      "pas comptés comme des lieux à part entière.")  # fmt: skip


def test_what_many_services_say_of_themselves_is_one_finding(tmp_path):
    folders = [
        (each, "", constats(tmp_path / each, ("part", "", f"{each} ({count}) : lieux en partie.")))
        for each, count in (("Caf", 2), ("Cpam", 10), ("Écoles", 1))
    ]
    (listed,) = [each for each in findings_in(folders) if isinstance(each, Listing)]
    assert [normal(item) for item in listed.items] == [
        "Caf (2), Cpam (10), Écoles (1) : lieux en partie.",
    ]


def test_findings_of_the_embedded_study_hold_no_word_of_the_configuration(tmp_path):
    config = Path(__file__).parents[2] / "config" / "valence_romans.toml"
    assert main(["diagnose", str(config), "-s", "point_info_jeunesse", "-o", str(tmp_path / "o"),
                 "-q"]) == 0  # fmt: skip
    said = (tmp_path / "o" / "constats.csv").read_text(encoding="utf-8-sig").splitlines()
    for line in said[1:]:
        sentence, to_write = line.split(";", 5)[5].rsplit(";", 1)
        assert "[sources.relief]" in to_write or not to_write
        assert "« point_info_jeunesse »" not in sentence
        assert not re.search(r"[a-z]+_[a-z]+|\.\./", sentence.replace("citea_gtfs.zip", "")
                             .replace("cars_region_drome_gtfs.zip", "")), sentence  # fmt: skip


def test_there_is_a_sheet_for_each_commune(run):
    text = docx.Document(run / "documents" / "fiches.docx")
    titles = [each.text for each in text.paragraphs if each.style.name == "Heading 1"]
    assert [each.split(" (")[0] for each in titles] == ["Alpe", "Brive", "Crest", "Dune"] or (
        sorted(titles) == titles and len(titles) == 4
    )
    for table in text.tables:
        assert [row.cells[0].text.split(",")[0] for row in table.rows[1:]][1] == "Ludothèques"


def test_each_sheet_names_its_sources_and_says_the_norm_plainly(run):
    text = docx.Document(run / "documents" / "fiches.docx")
    cited = [each.text for each in text.paragraphs if each.text.startswith("Sources")]
    assert len(cited) == 4
    assert {each.count("test") for each in cited} != {0}
    norms = {row.cells[5].text for table in text.tables for row in table.rows[1:]}
    assert norms <= {"atteinte", "non atteinte", "–"}
    assert "non atteinte" in norms


def pages_of(pdf):
    """Count the pages of a PDF, whose objects may be compressed."""
    streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    plain = [pdf]
    for each in streams:
        with suppress(zlib.error):
            plain.append(zlib.decompressobj().decompress(each))
    return sum(len(re.findall(rb"/Type ?/Page\b", each)) for each in plain)


def test_each_commune_is_on_one_page_however_many_services(run):
    read = read_results(run)
    many = replace(read, services=read.services * 15)
    assert len(many.services) >= 30
    for results in (read, many):
        assert pages_of(pdf_pages(commune_sheets(results).legible())) == 4
    text = docx.Document(run / "documents" / "fiches.docx")
    titles = [each for each in text.paragraphs if each.style.name == "Heading 1"]
    breaks = [each.paragraph_format.page_break_before for each in titles]
    assert breaks == [None, True, True, True]
    assert 'w:type="page"' not in text.element.xml  # no paragraph that only breaks a page


def test_each_sheet_shows_its_commune_among_its_neighbours_in_its_class(run):
    text = docx.Document(run / "documents" / "fiches.docx")
    said = [each._inline.docPr.get("descr") for each in text.inline_shapes]
    communes = gpd.read_file(run / "creche" / "ctg.gpkg", layer="communes").sort_values("nom")
    assert len(said) == len(communes)
    for alt, nom, drawn in zip(said, communes["nom"], communes["class_label"], strict=True):
        assert nom in alt
        assert normal(alt).endswith(normal(f"{drawn}."))


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
    out = pc.projection(tmp_path)
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
