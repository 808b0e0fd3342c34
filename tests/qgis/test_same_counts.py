"""One count for every theme: what QGIS draws, what the tables and the report tell.

The embedded default, all themes: every map of the project is counted feature by feature by the
renderer of QGIS, and held against `themes.csv`, the tables of each service and the report.
"""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from openpyxl import load_workbook

from ctg_geo import labels
from ctg_geo.cli import main
from qgis_seen import classes_of, sound
from read_pages import normal, page

pytestmark = pytest.mark.qgis

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "config" / "valence_romans.toml"
BELOW = f"({labels.text('map.below')})"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("all")
    assert main(["diagnose", str(DEFAULT), "--all", "-o", str(folder), "-q"]) == 0
    documents = ["--to", "rapport", "--to", "tableur"]
    assert main(["export", str(folder), *documents, "-q"]) == 0
    return folder


@pytest.fixture(scope="module")
def told(out, judge):
    return judge(out / "projet.qgz", "--pages", "none")


@pytest.fixture(scope="module")
def themes(out):
    return json.loads((out / "manifest.json").read_text("utf-8"))["parameters"]["themes"]


@pytest.fixture(scope="module")
def report(out):
    return normal(" ".join(page(out / "documents" / "rapport.html").said))


def rows(path):
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def maps(told, prefix):
    """Return the maps of a theme or analysis: name, source and counts drawn by class."""
    return [each for each in told["layers"] if each["id"].startswith(prefix) and "classes" in each]


def services(told, key):
    """Return the counts of the service maps of a theme, by service."""
    return {each["source"].split("/")[-2]: classes_of(each) for each in maps(told, f"{key}_")
            if each["source"].endswith("ctg.gpkg|layername=communes")}  # fmt: skip


def test_it_opens_whole(told):
    sound(told)


def test_people_drawn_in_each_class_of_each_theme_are_those_of_the_report(
    told, themes, out, report
):
    summary = normal((out / "synthese.txt").read_text("utf-8"))
    seen = 0
    for key, theme in themes.items():
        name = labels.text("qgis.people", people=theme["people_label"])
        for each in maps(told, f"theme_{key}_"):
            if each["name"] != name:
                continue
            drawn = each["classes"]
            assert sum(drawn.values()) == 54, key
            sentence = normal(" ; ".join(
                labels.text("themes.class_count", said=said, count=count)
                for said, count in drawn.items() if said != labels.text("map.unknown")
            ))  # fmt: skip
            assert sentence in summary, theme["label"]
            assert sentence in report, theme["label"]
            seen += 1
    assert seen >= 6  # no file gives the people of the others


def test_indicators_of_the_portrait_are_drawn_as_their_layer_and_the_summary_count(
    told, themes, out
):
    summary = normal((out / "synthese.txt").read_text("utf-8"))
    seen = 0
    for key, theme in themes.items():
        name = labels.text("qgis.people", people=theme["people_label"])
        held = None
        for each in maps(told, f"theme_{key}_"):
            if each["name"] == name:
                continue
            if held is None:
                held = gpd.read_file(out / "themes.gpkg", layer=f"theme_{key}")
            aliases = {title: column for column, title in each["aliases"].items()}
            column = aliases[labels.text("portrait.class_label", figure=each["name"])]
            drawn = {said: count for said, count in each["classes"].items() if count}
            assert drawn == held[column].value_counts().to_dict(), each["name"]
            known = held[column.removesuffix("_class_label")].notna().sum()
            assert f"{normal(each['name'])} : de" in summary or known == 0
            hidden = [labels.text(f"portrait.sign_{status}")
                      for status in ("secret", "not_available", "not_applicable")]  # fmt: skip
            assert sum(n for said, n in drawn.items() if said not in hidden) == known
            seen += 1
    assert seen


def test_communes_drawn_in_each_class_of_each_service_are_those_of_its_tables(told, themes, out):
    book = load_workbook(out / "documents" / "resultats.xlsx", read_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    title = labels.text("columns.class_label")
    seen = set()
    for key in themes:
        for service, drawn in services(told, key).items():
            counts = Counter()
            for said, count in drawn.items():
                counts[said.split(" (")[0].split(" – ")[0]] += count
            counts = +counts
            assert sum(counts.values()) == 54
            table = rows(out / service / "resultats.csv")
            assert counts == Counter(row[title] for row in table), service
            label = json.loads((out / service / "manifest.json").read_text("utf-8"))
            label = label["parameters"]["service"][service]["label"]
            sheet = next(each for each in sheets if themes[key]["label"].startswith(each))
            heads, *cells = sheets[sheet]
            at = heads.index(title)
            assert counts == Counter(row[at] for row in cells if row[0] == label), service
            seen.add(service)
    assert seen == {each.parent.name for each in out.glob("*/ctg.gpkg")}


def test_communes_drawn_below_the_norm_are_those_of_the_table_of_themes_and_the_report(
    told, themes, out, report
):
    titles = {each: labels.text(f"themes.columns.{each}") for each in ("theme", "folder", "below")}
    told_of = {(row[titles["theme"]], row[titles["folder"]]): row[titles["below"]]
               for row in rows(out / "themes.csv")}  # fmt: skip
    judged = 0
    for key, theme in themes.items():
        for service, drawn in services(told, key).items():
            below = told_of[theme["label"], service]
            if not any(BELOW in said for said in drawn):
                continue  # no norm, no verdict
            assert sum(n for said, n in drawn.items() if BELOW in said) == int(below), service
            declared = json.loads((out / service / "manifest.json").read_text("utf-8"))
            label = declared["parameters"]["service"][service]["label"]
            assert normal(label) in report
            judged += 1
    assert judged >= 2


def test_kinds_and_analyses_are_drawn_as_their_tables_count(told, out):
    (classes,) = (each["classes"] for each in maps(told, "typologie_"))
    table = pd.read_csv(out / "typologie.csv", sep=";", decimal=",", encoding="utf-8-sig")
    said = table[labels.text("kinds.columns.class_label")].fillna(labels.text("kinds.none"))
    assert {each: count for each, count in classes.items() if count} == dict(Counter(said))
    found = maps(told, "chapitre_")
    assert found
    assert all(sum(each["classes"].values()) == 54 for each in found)
