"""Tours in documents: a report of their own, and a chapter of that of a diagnosis."""

import json

import pandas as pd
import pytest

import petit_pays as pp
import tour_cases as tc
from ctg_geo.cli import main
from ctg_geo.documents.parts import Figure, Heading, Table
from ctg_geo.documents.tours import read_tours, tour_report
from read_pages import normal, numbers, page


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Tours of today and a proposal, inside the folder of a diagnosis."""
    folder = tmp_path_factory.mktemp("toured")
    config, out = tc.written(folder / "study"), folder / "out"
    assert main(["diagnose", str(config), "-s", "france_services", "-o", str(out), "-q"]) == 0
    asked = ["tours", str(config), "--design", "-q", "--out", str(out / "tournees")]
    assert main(asked) == 0
    return out


def test_each_round_has_its_sentences_its_map_and_its_stops_in_order(run):
    (read,) = read_tours(run / "tournees")
    blocks = tour_report([read]).blocks
    maps = [at for at, each in enumerate(blocks) if isinstance(each, Figure)]
    assert len(maps) == 2
    stops = pd.read_csv(run / "tournees" / "haltes.csv", sep=";", encoding="utf-8-sig")
    for at, (_, own) in zip(maps, stops.groupby("Tournées", sort=False), strict=True):
        table = blocks[at + 1]
        assert isinstance(table, Table)
        assert [row[2] for row in table.rows] == own["Commune"].tolist()
        assert any(isinstance(each, Heading) for each in blocks[at - 3 : at])


def test_the_report_of_tours_says_what_they_published_and_nothing_else(run):
    assert main(["export", str(run / "tournees"), "-q"]) == 0
    documents = run / "tournees" / "documents"
    assert {each.suffix for each in documents.iterdir()} == {".html", ".pdf", ".docx", ".json"}
    pieces = page(documents / "rapport.html").said  # cells apart: 150 and 100 are no 150 100
    said = normal(" ".join(pieces))
    for line in (run / "tournees" / "synthese.txt").read_text("utf-8").splitlines()[2:]:
        assert normal(line).removeprefix("– ") in said
    held = "".join(each.read_text("utf-8-sig") for each in (run / "tournees").iterdir()
                   if each.suffix in {".csv", ".txt", ".json"})  # fmt: skip
    assert set().union(*map(numbers, pieces)) <= numbers(held)


def test_tours_inside_the_results_or_named_are_a_chapter_of_the_report(run, tmp_path):
    config = run.parent / "study" / "study.toml"
    alone = tmp_path / "alone"
    assert main(["diagnose", str(config), "-s", "france_services", "-o", str(alone), "-q"]) == 0
    given = [str(alone), "--tours", str(run / "tournees")]
    for folder, asked in ((run, [str(run)]), (alone, given)):
        assert main(["export", *asked, "--to", "rapport", "-q"]) == 0
        said = normal(" ".join(page(folder / "documents" / "rapport.html").said))
        assert said.index("Services itinérants : Bus des familles") < said.index("Sources")
        manifest = json.loads((folder / "documents" / "manifest_rapport.json").read_text("utf-8"))
        assert [each["role"] for each in manifest["inputs"]] == ["results", "tours"]


def test_what_is_no_tour_is_refused_with_the_mend(run, tmp_path, capsys):
    assert main(["export", str(run / "tournees"), "--to", "fiches"]) == 1
    assert "ou des tournées" in normal(capsys.readouterr().err)
    assert main(["export", str(run), "--tours", str(run / "documents"), "-o", str(tmp_path)]) == 1
    assert "tournees.gpkg" in capsys.readouterr().err


def test_tours_of_another_study_are_not_mixed_in(run, tmp_path, capsys):
    other = pp.STUDY.replace('name = "Petit Pays"', 'name = "Ailleurs"', 1)
    config = pp.write(tmp_path / "other", study=other, services=tc.SERVICES)
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    assert main(["export", str(out), "--tours", str(run / "tournees")]) == 1
    assert "Ailleurs, Petit Pays" in capsys.readouterr().err


def test_tours_are_run_again_with_and_without_a_proposal_in_one_folder(tmp_path):
    out = tmp_path / "tournees"
    asked = ["tours", str(tc.written(tmp_path / "pays")), "-q", "-o", str(out)]
    assert main(asked) == 0
    today = {each.name for each in out.iterdir() if each.is_file()}
    assert main([*asked, "--design"]) == 0
    assert {each.name for each in out.iterdir() if each.is_file()} - today == {
        "carte_proposition.png", "scenario_proposition.toml"
    }  # fmt: skip
    assert main(asked) == 0
    assert {each.name for each in out.iterdir() if each.is_file()} == today
