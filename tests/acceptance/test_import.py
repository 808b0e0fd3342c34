"""`ctg-geo import`: from a colleague's spreadsheet to a source of the study, and back to mend."""

import csv
import email
import io
import json
import re
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from sheets import as_csv, as_xlsx

TITLES = (
    "Nom de la structure", "Nom du directeur", "Adresse", "CP", "Ville", "Nb places", "Horaires",
    "X Lambert 93", "Y Lambert 93",
)  # fmt: skip
ROWS = [
    ["Crèches du Petit Pays, liste provisoire"],
    [],
    TITLES,
    ["Les Abeilles", "M. Un", "1 rue Haute", "01000", "ALPE", "20 places",
     "lundi à vendredi 8h-18h", "800 000", "6400000"],
    ["Les Coccinelles", "Mme Deux", "2 rue Basse", "01000", "combe", 6, "", "", ""],
    ["Les Criquets", "Mme Trois", "", "01000", "Brive", -4, "", "", ""],
    ["Les Cigales", "", "", "", "Combes", 12, "mardi 9h-12h", "", ""],
    ['=HYPERLINK("http://x")', "", "3 rue", "20100", "Dune", "nd", "", "", ""],
    ["Total", "", "", "", "", 34, "", "", ""],
]  # fmt: skip


def plain(text):
    """Return text with ordinary spaces and apostrophes, to compare words."""
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("’", "'")


@pytest.fixture
def study(tmp_path):
    """Write Petit Pays and return its TOML."""
    return pp.write(tmp_path / "pays")


@pytest.fixture
def bring(tmp_path, study, capsys):
    """Import a file into a folder; return the summary for machines and the folder."""

    def run(content, *options, name="liste.xlsx", out="out", expected=0):
        (tmp_path / name).write_bytes(content)
        code = main([
            "import", str(tmp_path / name), "--as", "equipements", "--config", str(study),
            "--out", str(tmp_path / out), "--json", *options,
        ])  # fmt: skip
        said = capsys.readouterr()
        assert code == expected, said.err
        return (json.loads(said.out) if said.out else plain(said.err)), tmp_path / out

    return run


def places_in(out):
    return pd.read_csv(
        out / "equipements.csv", sep=";", decimal=",", encoding="utf-8-sig",
        index_col="Identifiant", dtype={"Code Insee": str}, keep_default_na=False,
        na_values={"Capacité": [""]},
    )  # fmt: skip


def test_every_row_is_a_place_or_told(bring):
    told, out = bring(as_xlsx({"Crèches": ROWS}), "--service", "creche")
    assert told["rows"] == {
        "read": 7, "used": 3, "set_aside": {"refused": 2, "above": 1, "total": 1},
    }  # fmt: skip
    assert told["columns"]["Nom du directeur"] == ""
    places = places_in(out)
    names = [re.fullmatch(r"liste-creches-([0-9]+)-[0-9a-f]{6}", each) for each in places.index]
    assert [each and each[1] for each in names] == ["4", "5", "8"]
    assert places["Code Insee"].tolist() == ["01001", "01003", "2A004"]
    assert places["Capacité"].tolist()[:2] == [20, 6]
    assert pd.isna(places["Capacité"].iloc[2])
    assert places["Statut de capacité"].tolist() == ["observé", "observé", "non disponible"]
    assert places["Statut de position"].tolist() == ["observé", "estimé", "estimé"]
    assert places["Heures par semaine"].tolist()[0] == "50,00"
    assert places["Nom"].iloc[2] == '\'=HYPERLINK("http://x")'
    assert "M. Un" not in (out / "equipements.csv").read_text(encoding="utf-8-sig")
    layer = gpd.read_file(out / "equipements.gpkg", layer="equipements")
    assert layer.geometry.is_valid[0]
    point = layer.geometry[0]
    assert (point.x, point.y) == pytest.approx((800_000, 6_400_000), abs=0.01)


def test_the_workbook_of_rows_to_mend_says_where_why_and_how(bring):
    _, out = bring(as_xlsx({"Crèches": ROWS}), "--service", "creche")
    book = openpyxl.load_workbook(out / "a_corriger.xlsx")
    assert book.sheetnames == ["À corriger", "Doublons possibles", "Mode d’emploi"]
    titles, *rows = book.worksheets[0].iter_rows(values_only=True)
    assert titles[7:] == TITLES
    first, second = (dict(zip(titles, row, strict=True)) for row in rows)
    assert first["À corriger – ligne"] == 6
    assert first["À corriger – colonne"] == "Nb places"
    assert first["À corriger – valeur"] == "'-4" or first["À corriger – valeur"] == "-4"
    assert "négatif" in first["À corriger – pourquoi"]
    assert "Combe (01003)" in second["À corriger – comment"]
    assert second["Nom de la structure"] == "Les Cigales"


def test_a_mended_workbook_comes_back_whole(bring, tmp_path):
    _, out = bring(as_xlsx({"Crèches": ROWS}), "--service", "creche")
    book = openpyxl.load_workbook(out / "a_corriger.xlsx")
    sheet = book.worksheets[0]
    column = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, column["Nb places"]).value = "4"
    sheet.cell(3, column["Ville"]).value = "Combe"
    book.save(tmp_path / "mended.xlsx")
    mapping = ("--mapping", str(out / "correspondance.toml"))
    content = (tmp_path / "mended.xlsx").read_bytes()
    told, again = bring(content, *mapping, name="mended.xlsx", out="again")
    assert told["rows"] == {"read": 2, "used": 2, "set_aside": {"refused": 0}}
    places = places_in(again)
    assert [each[:-7] for each in places.index] == ["liste-creches-6", "liste-creches-7"]
    assert places["Capacité"].tolist() == [4, 12]
    assert places["Origine"].tolist() == ["liste.xlsx, 6", "liste.xlsx, 7"]


def test_what_was_not_mended_is_told_again_as_of_its_first_file(bring):
    _, out = bring(as_xlsx({"Crèches": ROWS}), "--service", "creche")
    content = (out / "a_corriger.xlsx").read_bytes()
    told, again = bring(content, "--service", "creche", name="b.xlsx", out="again", expected=1)
    assert [row["row"] for row in told["refused"]] == [6, 7]
    sheet = openpyxl.load_workbook(again / "a_corriger.xlsx").worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    assert titles[7:] == list(TITLES)


def test_the_source_it_writes_serves_a_study(bring, study):
    _, out = bring(as_xlsx({"Crèches": ROWS}), "--service", "creche")
    block = (out / "source.toml").read_text(encoding="utf-8")
    assert 'path = "../out/equipements.csv"' in block  # the study is in pays/
    start = pp.STUDY.index("[[sources.equipements]]")
    end = pp.STUDY.index('[[sources.equipements]]\nservice = "france_services"')
    study.write_text(pp.STUDY[:start] + block + pp.STUDY[end:], encoding="utf-8")
    places = open_study(study).territory.equipements.query("service == 'creche'")
    assert places["capacity"].dropna().tolist() == [20, 6]
    assert places["hours_per_week"].dropna().tolist() == [50]
    assert places["code_insee"].tolist() == ["01001", "01003", "2A004"]
    assert places["nom"].tolist() == [
        "Les Abeilles", "Les Coccinelles", '=HYPERLINK("http://x")',
    ]  # fmt: skip


def test_two_files_of_one_name_serve_one_study(bring, study):
    head = ["Nom", "Code Insee", "Places"]
    blocks = []
    for n, name in enumerate(("Les Abeilles", "Les Criquets")):
        content = as_csv([head, [name, "01001", 10]])
        _, out = bring(content, "--service", "creche", name="liste.csv", out=f"out{n}")
        blocks.append((out / "source.toml").read_text(encoding="utf-8"))
    start = pp.STUDY.index("[[sources.equipements]]")
    end = pp.STUDY.index('[[sources.equipements]]\nservice = "france_services"')
    text = pp.STUDY[:start] + "\n".join(blocks) + pp.STUDY[end:]
    study.write_text(text, encoding="utf-8")
    places = open_study(study).territory.equipements.query("service == 'creche'")
    assert sorted(places["nom"]) == ["Les Abeilles", "Les Criquets"]


def test_without_a_study_the_source_says_to_mend_its_path(tmp_path):
    (tmp_path / "l.csv").write_bytes(as_csv([["Nom", "Code Insee"], ["A", "26362"]]))
    out = tmp_path / "o"
    assert main(["import", str(tmp_path / "l.csv"), "-s", "creche", "-o", str(out), "-q"]) == 0
    block = plain((out / "source.toml").read_text(encoding="utf-8"))
    assert 'path = "equipements.csv"' in block
    assert "path s'il n'est pas dans son dossier" in block


def test_a_corrected_mapping_is_obeyed(bring, tmp_path):
    rows = [["Nom", "Code Insee", "Places 2024", "Places 2025"], ["A", "01001", 10, 30]]
    told, out = bring(as_csv(rows), "--service", "creche", name="l.csv")
    assert told["columns"]["Places 2025"] == "capacity"
    said = plain((out / "constats.csv").read_text(encoding="utf-8-sig"))
    assert "« Places 2025 » est lue, et non Places 2024" in said
    assert "correspondance.toml" in said
    text = (out / "correspondance.toml").read_text(encoding="utf-8")
    mine = tmp_path / "ma_correspondance.toml"
    mine.write_text(text.replace('"Places 2025"', '"Places 2024"'), encoding="utf-8")
    told, out = bring(as_csv(rows), "--mapping", str(mine), name="l.csv", out="again")
    assert places_in(out)["Capacité"].tolist() == [10]
    assert tomllib.loads(text)["columns"]["capacity"] == "Places 2025"


def test_a_mapping_that_names_no_column_of_the_file_is_refused(bring, tmp_path):
    text = '[columns]\nnom = "Nom"\ncapacity = "Lits"\n'
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    rows = [["Nom", "Places"], ["A", 10]]
    said, out = bring(as_csv(rows), "-s", "creche", "-m", str(tmp_path / "m.toml"), expected=1)
    assert "la correspondance nomme des colonnes absentes : Lits" in said
    assert not out.exists()


def test_words_of_services_are_those_of_the_study_or_translated(bring, tmp_path):
    rows = [["Nom", "Type", "Code Insee"], ["A", "Crèche", "01001"], ["B", "Halte", "01002"]]
    told, out = bring(as_csv(rows), name="l.csv")
    assert told["rows"]["used"] == 1
    assert told["refused"][0]["problems"][0]["reason"] == "service_unknown"
    text = (out / "correspondance.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["services"] == {"Crèche": "creche"}
    mine = tmp_path / "m.toml"
    mine.write_text(text.replace("[services]", '[services]\n"Halte" = "creche"'), encoding="utf-8")
    told, _ = bring(as_csv(rows), "-m", str(mine), name="l.csv", out="again")
    assert told["rows"]["used"] == 2


def test_likely_duplicates_are_proposed_and_both_kept(bring):
    rows = [
        ["Nom", "Ville", "X", "Y"],
        ["Les Lutins", "Alpe", 800_000, 6_400_000],
        ["LES LUTINS", "Alpe", 800_100, 6_400_000],
        ["Les Lutins", "Brive", 810_000, 6_400_000],
        ["Autre nom", "Brive", 810_005, 6_400_000],
        ["Pom", "Combe", "", ""],
        ["pom'", "Combe", "", ""],
    ]
    told, out = bring(as_csv(rows), "-s", "creche", name="l.csv")
    assert told["rows"]["used"] == 6
    sheet = openpyxl.load_workbook(out / "a_corriger.xlsx").worksheets[1]
    pairs = [tuple(re.search(r"\[l-(\d)-", cell)[1] for cell in row[:2])
             for row in sheet.iter_rows(min_row=2, values_only=True)]  # fmt: skip
    assert pairs == [("2", "3"), ("4", "5"), ("6", "7")]


def test_the_same_file_gives_the_same_bytes(bring):
    content = as_xlsx({"Crèches": ROWS})
    _, first = bring(content, "--service", "creche")
    before = {file.name: file.read_bytes() for file in first.iterdir()}
    _, second = bring(content, "--service", "creche")
    assert {file.name: file.read_bytes() for file in second.iterdir()} == before


@pytest.mark.parametrize(
    ("options", "expected", "words"),
    [
        (["--service", "creches"], 2, "Vouliez-vous dire « creche »"),
        (["--as", "populations", "--service", "creche"], 2, "Sortes : equipements"),
        (["--sheet", "Feuil9", "--service", "creche"], 1, "Feuilles du classeur : Crèches"),
        ([], 1, "rien ne dit à quel service"),
        (["--mapping", "absente.toml"], 1, "absente.toml"),
    ],
)
def test_what_cannot_be_is_said_in_french(bring, options, expected, words):
    said, out = bring(as_xlsx({"Crèches": ROWS}), *options, expected=expected)
    assert words in said
    assert not out.exists()


def test_several_lists_ask_for_a_choice_and_the_others_are_told(bring):
    content = as_xlsx({"2024": ROWS, "2025": ROWS, "Notes": [["à revoir"]]})
    said, _ = bring(content, "--service", "creche", expected=1)
    assert "plusieurs feuilles ressemblent à une liste de lieux : 2024, 2025" in said
    _, out = bring(content, "--service", "creche", "--sheet", "2025")
    told = (out / "constats.csv").read_text(encoding="utf-8-sig")
    assert "« 2024 », non lue (8 lignes)" in plain(told)


def test_a_screen_for_people_shows_the_guesses_and_the_account(tmp_path, study, capsys):
    (tmp_path / "liste.xlsx").write_bytes(as_xlsx({"Crèches": ROWS}))
    options = ["--config", str(study), "-s", "creche", "--out", str(tmp_path / "out")]
    assert main(["import", str(tmp_path / "liste.xlsx"), *options]) == 0
    said = plain(capsys.readouterr().out)
    assert "Nb places → Capacité (titre connu) ; par exemple « 20 places »" in said
    assert "7 lignes lues = 3 lieux gardés + 2 lignes à corriger + 2 lignes laissées" in said


class Geocoder(BaseHTTPRequestHandler):
    """A service that answers as the national geocoder does, from a table of its own."""

    broken = False

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = email.message_from_bytes(
            b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body
        )
        parts = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
                 for part in form.get_payload()}  # fmt: skip
        assert parts["columns"] == b"address"
        rows = list(csv.DictReader(io.StringIO(parts["data"].decode())))
        type(self).asked += [row["address"] for row in rows]
        said = io.StringIO()
        names = ["longitude", "latitude", "result_score", "result_type", "result_label",
                 "result_citycode", "result_status"]  # fmt: skip
        table = csv.DictWriter(said, [*rows[0], *names], restval="", lineterminator="\r\n")
        table.writeheader()
        for row in rows:
            found = self.answers.get(row["address"], ())
            table.writerow(row | dict(zip(names, found, strict=False)))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>" if self.broken else said.getvalue().encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def geocoder(monkeypatch, tmp_path):
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path / "cache"))
    handler = type("Local", (Geocoder,), {"asked": [], "answers": {}})  # one for each test
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    handler.url = f"http://127.0.0.1:{running.server_address[1]}/search/csv"
    yield handler
    running.shutdown()
    running.server_close()


ADDRESSES = [
    ["Nom", "Adresse", "Ville", "Téléphone"],
    ["A", "1 rue Haute", "Alpe", "04"],
    ["B", "2 rue Vague", "Brive", ""],
    ["C", "3 rue d'Ailleurs", "Combe", ""],
    ["D", "rue Longue", "Dune", ""],
    ["E", "", "Brive", ""],
]
ANSWERS = {
    "1 rue Haute Alpe": ("4.27", "44.69", "0.95", "housenumber", "1 Rue Haute", "01001", "ok"),
    "2 rue Vague Brive": ("4.40", "44.69", "0.34", "street", "Rue Vague", "01002", "ok"),
    "3 rue d'Ailleurs Combe": ("2.35", "48.85", "0.97", "housenumber", "3 Rue", "75056", "ok"),
    "rue Longue Dune": ("4.65", "44.69", "0.81", "street", "Rue Longue", "2A004", "ok"),
}  # fmt: skip


def test_addresses_are_found_once_and_doubtful_ones_stay_at_the_commune(bring, geocoder):
    geocoder.answers = ANSWERS
    options = ("-s", "creche", "--geocode", "--geocoder", geocoder.url)
    _, out = bring(as_csv(ADDRESSES), *options, name="l.csv")
    places = places_in(out)
    by = ["adresse (numéro)", "commune", "commune", "adresse (rue)", "commune"]
    assert places["Placé par"].tolist() == by
    assert places["Statut de position"].tolist() == ["observé", *["estimé"] * 4]
    assert places["Longitude"].tolist()[0] == "4,2700000"
    assert places["Longitude"].tolist()[1] == ""
    assert places["Score de l’adresse"].tolist() == ["0,95", "0,34", "0,97", "0,81", ""]
    assert sorted(geocoder.asked) == sorted(ANSWERS)
    bring(as_csv(ADDRESSES), *options, name="l.csv", out="again")
    assert len(geocoder.asked) == 4  # answers were kept
    first, second = (out.parent / name / "equipements.csv" for name in ("out", "again"))
    assert first.read_bytes() == second.read_bytes()


def test_a_geocoder_that_answers_nonsense_is_told_and_nothing_is_written(bring, geocoder):
    geocoder.broken = True
    options = ("-s", "creche", "--geocode", "--geocoder", geocoder.url)
    said, out = bring(as_csv(ADDRESSES), *options, name="l.csv", expected=1)
    assert "n'a pas répondu comme prévu" in said
    assert not out.exists()


@pytest.mark.usefixtures("geocoder")
@pytest.mark.parametrize("url", ["http://127.0.0.1:9/csv", "file:///etc/passwd", "nowhere"])
def test_a_geocoder_out_of_reach_is_told(bring, url):
    said, _ = bring(as_csv(ADDRESSES), "-s", "creche", "--geocode", "--geocoder", url, expected=1)
    assert "est injoignable" in said
    assert "retirer --geocode" in said


def test_without_asking_nothing_is_sent(bring, geocoder):
    _, out = bring(as_csv(ADDRESSES), "-s", "creche", "--geocoder", geocoder.url, name="l.csv")
    assert geocoder.asked == []
    assert set(places_in(out)["Placé par"]) == {"commune"}


def test_masked_capacities_come_through_to_a_study_as_what_they_are(bring, study):
    masks = {"<10": "secret", "masqué": "secret", "moins de 5": "secret", "nd": "not_available",
             "//": "not_applicable", "": "not_available"}  # fmt: skip
    rows = [[f"L{at}", "Alpe", mask] for at, mask in enumerate(masks)]
    _, out = bring(as_csv([["Nom", "Ville", "Places"], *rows]), "-s", "creche", name="l.csv")
    table = places_in(out)
    assert table["Capacité"].isna().all()
    french = {"secret": "secret statistique", "not_available": "non disponible",
              "not_applicable": "sans objet"}  # fmt: skip
    assert table["Statut de capacité"].tolist() == [french[each] for each in masks.values()]
    assert table["Capacité telle qu’écrite"].tolist() == list(masks)
    block = (out / "source.toml").read_text(encoding="utf-8")
    block = block.replace('"equipements.csv"', json.dumps(str(out / "equipements.csv")))
    start = pp.STUDY.index("[[sources.equipements]]")
    end = pp.STUDY.index('[[sources.equipements]]\nservice = "france_services"')
    study.write_text(pp.STUDY[:start] + block + pp.STUDY[end:], encoding="utf-8")
    places = open_study(study).territory.equipements.query("service == 'creche'")
    assert places["capacity"].isna().all()
    assert places["capacity_status"].tolist() == list(masks.values())


def test_the_code_that_the_correction_asks_for_is_taken(bring):
    rows = [["Nom", "Ville"], ["A", "Alpes"], ["B", "Brive"], ["C", "Combe"]]
    told, out = bring(as_csv(rows), "-s", "creche", name="l.csv")
    assert [row["row"] for row in told["refused"]] == [2]
    book = openpyxl.load_workbook(out / "a_corriger.xlsx")
    column = next(cell.column for cell in book.worksheets[0][1] if cell.value == "Ville")
    book.worksheets[0].cell(2, column).value = "01001"
    mended = io.BytesIO()
    book.save(mended)
    mapping = ("--mapping", str(out / "correspondance.toml"))
    for options, folder in (((*mapping,), "with"), (("-s", "creche"), "without")):
        told, again = bring(mended.getvalue(), *options, name="m.xlsx", out=folder)
        assert told["rows"]["used"] == 1
        assert places_in(again)["Code Insee"].tolist() == ["01001"]


def test_words_in_french_come_back_to_a_study_as_they_left(bring, study):
    rows = [["Nom", "Ville", "Places", "Itinérance"],
            *([f"L{at}", "Alpe", 9, word] for at, word in
              enumerate(("fixe", "bus", "antenne", "multi-sites")))]  # fmt: skip
    _, out = bring(as_csv(rows), "-s", "creche", name="l.csv")
    assert places_in(out)["Itinérance"].tolist() == ["fixe", "itinérant", "antenne", "multisite"]
    block = (out / "source.toml").read_text(encoding="utf-8")
    block = block.replace('"equipements.csv"', json.dumps(str(out / "equipements.csv")))
    start = pp.STUDY.index("[[sources.equipements]]")
    end = pp.STUDY.index('[[sources.equipements]]\nservice = "france_services"')
    study.write_text(pp.STUDY[:start] + block + pp.STUDY[end:], encoding="utf-8")
    places = open_study(study).territory.equipements.query("service == 'creche'")
    assert places["delivery"].tolist() == ["fixed", "mobile", "branch", "multi_site"]
    assert set(places["location_status"]) == {"estimated"}
