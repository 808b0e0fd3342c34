"""Spreadsheets at their worst, through the command line: no traceback, no row lost in silence."""

import contextlib
import io
import json
import re
import shutil
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ctg_geo.cli import main
from sheets import as_csv, as_ods, as_xlsx

TITLES = (
    "Nom de la structure", "NOM", "Commune", "Ville", "Code INSEE", "code postal", "Nb places",
    "Capacité agréée", "Latitude", "Longitude", "X Lambert 93", "Y Lambert 93", "Horaires",
    "Adresse", "Téléphone", "", "Nom", "nom ", "=1+1", "Coordonnées", "Identifiant", "Type",
    "Itinérance", "Observations", "@remarque", "Places\n(nb)",
)  # fmt: skip
FORMULAS = (
    "=cmd|' /C calc'!A0", "+33 4 75 00 00 00", "-1+1", "@SUM(1)", "\t=1", '=HYPERLINK("http://x")',
    "'=1", "-3,5", "\uff1d1+1", "\r=1", " =1",
)  # fmt: skip
WORDS = (
    "Les Lucioles", "VALENCE", "Romans sur Isère", "St Marcel", "26362", "26000", "1001", "2a004",
    "30", "12,5 ETP", "30 places", "nd", "s", "<5", "//", "-3", "1 200", "1.200", "1e99", "trente",
    "44,9334", "4,8921", "44.9", "848000", "6430000", "44°55'59\"N", "44.93, 4.89", "0", "91",
    "9h-12h", "mardi et jeudi matin", "Mo-Fr 08:00-18:00", "oui", "fixe", "#REF!", "Total",
    "TOTAL GENERAL", "Source : Caf", "é" * 50, "\U0001f9f8", "null", "NaN", "inf", "1/0",
)  # fmt: skip
SIGNS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12
) | st.text(alphabet="\x00\x01\x07\x1b\n\r\t;,|\"'=", max_size=6)
CELLS = st.one_of(
    st.just(""), st.sampled_from(WORDS), st.sampled_from(FORMULAS), SIGNS,
    st.sampled_from(["x" * 5_000, "9" * 400, "=" * 40_000]),
)  # fmt: skip
USUAL = {
    "commune": ("Valence", "Romans"), "code insee": ("26362", "26281", "1001"),
    "latitude": ("44,93", "44.9334"), "longitude": ("4,89", "4.8921"),
    "nb places": ("30", "12 places"),
    "x lambert 93": ("848000", "850123,5"), "y lambert 93": ("6430000", "6428111"),
    "horaires": ("lundi 9h-12h", "mardi et jeudi matin"), "capacité agréée": ("40", "nd", "<5"),
}  # fmt: skip
TITLED = st.tuples(
    st.lists(
        st.sampled_from(("Code INSEE", "Latitude", "Longitude", "Nom", "Nb places")), min_size=2
    ),
    st.lists(st.sampled_from(TITLES), max_size=6),
).flatmap(lambda parts: st.permutations([*parts[0], *parts[1]]))


@st.composite
def tables(draw):
    titles = draw(TITLED)
    above = draw(st.lists(st.lists(CELLS, max_size=3), max_size=2))

    def cell(at):
        usual = USUAL.get(titles[at].lower().strip() if at < len(titles) else "", WORDS)
        return draw(st.sampled_from(usual) if draw(st.integers(0, 9)) > 1 else CELLS)

    body = [
        [cell(at) for at in range(len(titles) + draw(st.sampled_from((0, 0, 0, 0, -1, 1))))]
        for _ in range(draw(st.integers(1, 8)))
    ]
    if draw(st.booleans()):
        body.append(body[0])
    return [*above, *body] if draw(st.integers(0, 19)) == 0 else [*above, titles, *body]


@st.composite
def files(draw):
    rows, kind = draw(tables()), draw(st.sampled_from(("csv", "csv", "xlsx", "ods")))
    if kind == "csv":
        encoding = draw(st.sampled_from((
            "utf-8", "utf-8-sig", "cp1252", "mac_roman", "cp850", "utf-16", "utf-16-le", "latin-1",
        )))  # fmt: skip
        content = as_csv(rows, encoding=encoding, separator=draw(st.sampled_from(";,\t|")))
        if draw(st.integers(0, 9)) == 0:
            content = content[: draw(st.integers(1, max(1, len(content))))]
        return "liste.csv", content, None
    clean = [[legal(cell) for cell in row] for row in rows]
    if kind == "ods":
        return (
            "liste.ods",
            as_ods({draw(st.sampled_from(("Feuil1", "=1", "Été '26"))): clean}),
            clean,
        )
    merged = draw(st.sampled_from(((), ("A1:B1",), ("A2:A4",), ("A1:C2", "B3:B9"))))
    title = draw(st.sampled_from(("Feuil1", "=1+1", "Crèches & co", " ")))
    formulas = draw(st.booleans())
    counted = None if formulas or merged else clean
    return "liste.xlsx", as_xlsx({title: clean}, merged=merged, formulas=formulas), counted


def legal(cell):
    """Return what XML, hence a workbook, can hold of a text."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", "", cell)[:32_000]


def run(name, content, *options):
    """Import a file; return exit code, output, error stream and the folder."""
    folder = Path(tempfile.mkdtemp())
    (folder / name).write_bytes(content)
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        code = main([
            "import", str(folder / name), "--as", "equipements", "--service", "creche",
            "--out", str(folder / "out"), "--json", *options,
        ])  # fmt: skip
    return code, said.getvalue(), wrong.getvalue(), folder


@settings(
    max_examples=200, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(files())
def test_no_hostile_spreadsheet_crashes_or_loses_a_row(file):
    name, content, cells = file
    code, said, wrong, folder = run(name, content)
    try:
        assert "Traceback" not in said + wrong
        event("read" if said else re.sub(r"\d+", "n", wrong.split(":", 2)[-1])[:60])
        if not said:
            assert code == 1
            assert wrong.startswith("Erreur")
            assert not (folder / "out").exists()
            return
        told = json.loads(said)
        rows = told["rows"]
        assert rows["read"] == rows["used"] + sum(rows["set_aside"].values())
        assert code == (0 if rows["used"] else 1)
        check_outputs(folder / "out", told)
        if cells is not None:  # every row but one or two of titles is read
            filled = sum(
                any(cell.strip(" \n\u00a0") not in ("", "'") for cell in row) for row in cells
            )
            assert filled - 2 <= rows["read"] <= filled
    finally:
        shutil.rmtree(folder)


def check_outputs(out, told):
    """Check that files hold the rows told, and no cell that could start a formula."""
    places = pd.read_csv(
        out / "equipements.csv", sep=";", decimal=",", dtype=str, keep_default_na=False,
        encoding="utf-8-sig",
    )  # fmt: skip
    assert len(places) == told["rows"]["used"]
    for cell in places.to_numpy().ravel():
        assert not re.match(r"[\s]*[=+@\uff1d]|[\s]*-(?![0-9]+([.,][0-9]+)?$)|[\t\r]", cell), cell
    book = openpyxl.load_workbook(out / "a_corriger.xlsx")
    sheet = book.worksheets[0]
    assert sheet.max_row - 1 == len(told["refused"]) == told["rows"]["set_aside"]["refused"]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n")
            if isinstance(cell.value, str):
                assert not re.match(r"\s*[=+@\uff1d]|[\t\r]", cell.value)


@pytest.mark.parametrize(
    "name", ["liste.xlsx", "liste.ods", "liste.xls", "liste.gpkg", "liste.csv"]
)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(noise=st.binary(max_size=300), magic=st.sampled_from((
    b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"SQLite format 3\x00", b"{",
    b"<html>",
)))  # fmt: skip
def test_noise_under_any_name_is_refused_in_words(name, noise, magic):
    code, said, wrong, folder = run(name, magic + noise)
    shutil.rmtree(folder)
    assert "Traceback" not in said + wrong
    assert code == 1
