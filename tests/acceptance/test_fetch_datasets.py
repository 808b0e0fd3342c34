"""`ctg-geo fetch`: the datasets of a study come, or a list says what to put where by hand."""

import gzip
import hashlib
import io
import json
import re
import zipfile

import pytest

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from web import serving

PEOPLE = """path = "population.csv"
provider = "test"
licence = "test"
vintage = "2026"
"""
COMMUNES = (
    'path = "communes.geojson"\ncolumns = { code_insee = "code", nom = "nom", epci = "epci" }'
)


def zipped(name, content):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as box:
        box.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def site(monkeypatch, tmp_path):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path / "cache"))
    layer = tmp_path / "layer.geojson"
    pp.communes().to_crs("EPSG:4326").to_file(layer)
    with serving() as handler:
        handler.files = {
            "/communes.geojson": layer.read_bytes(),
            "/people.zip": zipped("tables/people.csv", pp.POPULATION),
        }
        yield handler


@pytest.fixture
def study(site, tmp_path):
    """Write Petit Pays with its communes and its people from the catalogue."""

    def write(*, url=None, sha="", more="", data_dir="", people_url=True):
        url = url or site.url
        text = pp.STUDY
        for before, after in (
            (COMMUNES, 'dataset = "contours"'), (PEOPLE, 'dataset = "people"\n'),
            ("buffer_km = 12", f"buffer_km = 12\n{data_dir}"),
        ):  # fmt: skip
            assert before in text
            text = text.replace(before, after, 1)
        path = pp.write(tmp_path / "pays", study=text)
        entry = 'provider = "Insee"\nlicence = "Licence Ouverte 2.0"\nvintage = "2026"\n'
        fetched = f'url = "{url}/people.zip"\n' if people_url else 'status = "to_verify"\n'
        (path.parent / "sources.toml").write_text(
            f'[datasets.contours]\ntitle = "Contours des communes"\n{entry}'
            f'page = "https://example.org/contours"\nurl = "{url}/communes.geojson"\n'
            f'file = "communes.geojson"\nformat = "contours_etalab"\nrole = "communes"\n{sha}\n'
            f'[datasets.people]\ntitle = "Population par commune"\n{entry}{fetched}'
            f'page = "https://example.org/people"\nfile = "people.zip"\n'
            f'member = "tables/people.csv"\nformat = "plain"\nrole = "population"\n{more}',
            encoding="utf-8",
        )
        return path

    return write


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


def test_what_is_named_is_fetched_into_the_cache_and_serves_the_study(study, tmp_path, capsys):
    path = study()
    assert main(["fetch", str(path)]) == 0
    cache = tmp_path / "cache" / "datasets"
    assert sorted(each.name for each in cache.iterdir()) == ["communes.geojson", "people.csv"]
    assert "contours" in plain(capsys.readouterr().out)
    opened = open_study(path)
    table = opened.diagnose("creche").communes
    for code in pp.CODES[:4]:
        assert table.loc[code, "access_per_100"] == pytest.approx(100 * pp.ACCESS[code], rel=1e-6)
    inputs = {each.role: each for each in opened.inputs}
    assert inputs["communes"].path == "dataset:contours/communes.geojson"
    assert inputs["population"].provider == "Insee"
    assert inputs["communes"].sha256 == hashlib.sha256(
        (cache / "communes.geojson").read_bytes()).hexdigest()  # fmt: skip


def test_what_is_there_is_never_asked_for_again(study, site, capsys):
    path = study()
    assert main(["fetch", str(path), "-q"]) == 0
    asked = len(site.asked)
    assert main(["fetch", str(path), "--json"]) == 0
    assert len(site.asked) == asked
    content = json.loads(capsys.readouterr().out)
    assert sorted(content["datasets"]["kept"]) == ["contours", "people"]


def test_without_a_network_a_list_says_what_to_put_where(study, tmp_path, capsys):
    path = study(url="http://127.0.0.1:9")
    assert main(["fetch", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    folder = str(tmp_path / "cache" / "datasets")
    for part in ("2 jeux de données manquent", "Contours des communes", "injoignable",
                 "https://example.org/contours", "Fichier : communes.geojson",
                 "https://example.org/people", "Fichier : people.zip",
                 f"À placer dans : {folder}", "Aucun autre jeu"):  # fmt: skip
        assert part in said, part


def test_the_list_tells_the_roads_too(study, capsys):
    path = study(url="http://127.0.0.1:9")
    section = '\n[roads.osm]\nkind = "osm"\npath = "routes.osm.pbf"\nprovider = "OSM"\n'
    section += 'licence = "ODbL"\nvintage = "2026"\n'
    path.write_text(path.read_text(encoding="utf-8") + section, encoding="utf-8")
    assert main(["fetch", str(path)]) == 1
    assert str((path.parent / "routes.osm.pbf").resolve()) in plain(capsys.readouterr().err)


def test_files_put_by_hand_as_the_list_says_serve_the_study(study, site, tmp_path, capsys):
    path = study(url="http://127.0.0.1:9")
    folder = tmp_path / "cache" / "datasets"
    folder.mkdir(parents=True)
    for name in ("communes.geojson", "people.zip"):
        (folder / name).write_bytes(site.files[f"/{name}"])
    assert main(["fetch", str(path)]) == 0
    said = plain(capsys.readouterr().out)
    assert "extrait de people.zip" in said
    assert "téléchargé" not in said
    assert (folder / "people.zip").is_file(), "what a person put is left"
    assert main(["check", str(path), "-q"]) == 0


def test_one_that_fails_does_not_keep_the_others_away(study, site, capsys):
    del site.files["/communes.geojson"]
    assert main(["fetch", str(study())]) == 1
    said = plain(capsys.readouterr().err)
    assert "1 jeu de données manque" in said
    assert "réponse 404" in said
    assert "Déjà là" in said
    assert "people.csv" in said


def test_a_file_that_is_not_the_one_of_the_catalogue_is_refused(study, tmp_path, capsys):
    path = study(sha=f'sha256 = "{"0" * 64}"\n')
    assert main(["fetch", str(path)]) == 1
    assert "pas celui attendu" in plain(capsys.readouterr().err)
    assert not (tmp_path / "cache" / "datasets" / "communes.geojson").exists()


def test_one_put_by_hand_that_differs_is_kept_and_told(study, site, tmp_path, capsys):
    path = study(sha=f'sha256 = "{"0" * 64}"\n')
    folder = tmp_path / "cache" / "datasets"
    folder.mkdir(parents=True)
    (folder / "communes.geojson").write_bytes(site.files["/communes.geojson"])
    assert main(["fetch", str(path)]) == 0
    assert "n'est pas le fichier que le catalogue connaît" in plain(
        capsys.readouterr().out).replace("’", "'")  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "est vide"), (b"<!DOCTYPE html><html>", "page web"), (b"PK\x03\x04", "format que dit"),
     (b'{"type": "FeatureCollection", "features": [{"ty', "incomplet (47 octets)")],
)  # fmt: skip
def test_a_file_there_that_cannot_be_the_one_is_told_and_left(
    study, tmp_path, capsys, content, words
):
    path = study()
    there = tmp_path / "cache" / "datasets" / "communes.geojson"
    there.parent.mkdir(parents=True)
    there.write_bytes(content)
    assert main(["fetch", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    assert "1 jeu de données manque" in said
    assert words in said
    assert "le supprimer, puis relancer" in said
    assert there.read_bytes() == content, "a file that is there is never replaced"
    assert (there.parent / "people.csv").is_file(), "the others are fetched"


def test_a_file_far_smaller_than_the_catalogue_says_is_told(study, site, tmp_path, capsys):
    path = study(sha="size_mb = 8")
    there = tmp_path / "cache" / "datasets" / "communes.geojson"
    there.parent.mkdir(parents=True)
    there.write_bytes(site.files["/communes.geojson"])
    assert main(["fetch", str(path)]) == 1
    assert "bien trop petit" in plain(capsys.readouterr().err)


def test_a_dataset_without_an_address_is_listed_with_its_page(study, capsys):
    path = study(people_url=False)
    assert main(["fetch", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    assert "se télécharge à la main" in said
    assert "Déjà là" in said


def test_an_archive_without_the_member_is_told(study, site, capsys):
    site.files["/people.zip"] = zipped("other.csv", "x")
    assert main(["fetch", str(study())]) == 1
    assert "other.csv" in plain(capsys.readouterr().err)


def test_the_folder_of_the_study_or_of_the_option_takes_the_files(study, tmp_path, capsys):
    path = study(data_dir='data_dir = "donnees"')
    assert main(["fetch", str(path), "-q"]) == 0
    assert (path.parent / "donnees" / "people.csv").is_file()
    again = study()
    out = tmp_path / "ailleurs"
    assert main(["fetch", str(again), "--out", str(out)]) == 0
    assert (out / "people.csv").is_file()
    assert "data_dir" in plain(capsys.readouterr().out)


def test_a_study_whose_data_are_not_there_yet_names_the_command(study, capsys):
    path = study()
    assert main(["check", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    assert "ctg-geo fetch" in said
    assert "2 jeux de données manquent" in said
    for each in ("contours", "people"):
        assert f"https://example.org/{each}" in said
    assert all(each in said for each in ("communes.geojson", "people.zip"))


def test_the_last_one_missing_is_named_alone(study, capsys):
    path = study(people_url=False)
    assert main(["fetch", str(path)]) == 1
    capsys.readouterr()
    assert main(["check", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    assert "people.zip" in said, "the name that fetch gives"
    assert "https://example.org/contours" not in said


def test_each_dataset_of_a_silent_server_says_why(study, capsys):
    assert main(["fetch", str(study(url="http://127.0.0.1:9"))]) == 1
    said = plain(capsys.readouterr().err)
    why = re.findall(r"injoignable \(([^)]*)\)", said)
    assert len(why) == 2
    assert why[0] == why[1]
    assert any(map(str.isalpha, why[0]))


SHORT = """[study]
[sources.communes]
dataset = "contours"
[sources.population]
dataset = "people"
"""


def test_a_study_that_is_not_whole_yet_is_fetched_for(study, tmp_path, capsys):
    path = study()
    path.write_text(SHORT, encoding="utf-8")
    for each in ("services.toml", "profiles.toml"):
        (path.parent / each).unlink()
    assert main(["fetch", str(path)]) == 0
    assert (tmp_path / "cache" / "datasets" / "people.csv").is_file()
    assert main(["check", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    for key in ("study.name", "study.inside", "study.buffer_km", "study.roads",
                "sources.equipements", "roads"):  # fmt: skip
        assert key in said, key


@pytest.mark.parametrize("more", ['[roads.osm]\nkind = "osm"\n', "[sources.comunes]\n"])
def test_roads_of_openstreetmap_need_a_whole_study_and_a_wrong_key_is_refused(study, capsys, more):
    path = study()
    path.write_text(SHORT + more, encoding="utf-8")
    assert main(["fetch", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    assert ("comunes" if "comunes" in more else "study.buffer_km") in said


def test_a_damaged_gzip_is_told_in_french_with_the_mend(tmp_path, capsys):
    whole = gzip.compress(pp.communes().to_crs("EPSG:4326").to_json().encode())
    study = pp.STUDY.replace('"communes.geojson"', '"communes.geojson.gz"')
    for content in (whole[: len(whole) // 2], b"not a gzip", whole[:-6] + b"\0" * 6,
                    gzip.compress(b"{}")):  # fmt: skip
        path = pp.write(tmp_path / "pays", study=study)
        (path.parent / "communes.geojson.gz").write_bytes(content)
        assert main(["check", str(path)]) == 1
        said = plain(capsys.readouterr().err)
        assert "communes.geojson.gz : le fichier est endommagé ou incomplet" in said
        assert "télécharge" in said
        assert not any(each in said for each in ("ended before", "vsigzip", "recognized", "CRC"))
