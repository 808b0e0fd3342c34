"""A source that names a dataset takes from the catalogue what it does not say itself."""

import tomllib
from pathlib import Path

import pytest

import petit_pays as pp
from ctg_geo.config import load_study
from ctg_geo.config.catalogue import FORMATS, Catalogue
from ctg_geo.errors import ConfigError, MissingFileError

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "config" / "sources.toml"

CATALOGUE = """
[datasets.contours]
title = "Contours"
provider = "Etalab"
licence = "Licence Ouverte 2.0"
vintage = "COG 2026"
page = "https://example.org/contours"
url = "https://example.org/communes.geojson"
file = "communes.geojson"
format = "contours_etalab"
role = "communes"
note = "simplifiés"

[datasets.people]
title = "Population"
provider = "Insee"
licence = "Licence Ouverte 2.0"
vintage = "2021"
page = "https://example.org/people"
file = "people.zip"
member = "tables/people.csv"
format = "plain"
role = "population"
"""

OWN = """path = "communes.geojson"
columns = { code_insee = "code", nom = "nom", epci = "epci" }
provider = "test"
licence = "test"
vintage = "2026"
"""
PEOPLE = """path = "population.csv"
provider = "test"
licence = "test"
vintage = "2026"
"""


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path / "cache"))

    def write(*changes, catalogue=CATALOGUE):
        text = pp.STUDY
        for before, after in changes:
            assert before in text
            text = text.replace(before, after, 1)
        path = pp.write(tmp_path / "pays", study=text)
        (path.parent / "sources.toml").write_text(catalogue, encoding="utf-8")
        return path

    return write


def test_the_catalogue_of_the_project_is_valid_and_names_every_format():
    catalogue = Catalogue.model_validate(tomllib.loads(SOURCES.read_text(encoding="utf-8")))
    assert {each.format for each in catalogue.datasets.values()} == set(FORMATS) - {"plain"}
    for key, each in catalogue.datasets.items():
        assert each.url or each.status == "to_verify", key


def test_a_dataset_gives_path_provider_licence_vintage_format_and_note(study, tmp_path):
    config = load_study(study((OWN, 'dataset = "contours"\n')))
    source = config.file.sources.communes
    assert source.path == str(tmp_path / "cache" / "datasets" / "communes.geojson")
    assert (source.provider, source.licence, source.vintage, source.note, source.format) == (
        "Etalab", "Licence Ouverte 2.0", "COG 2026", "simplifiés", "contours_etalab",
    )  # fmt: skip
    (named,) = config.datasets
    assert (named.where, named.key) == ("sources.communes", "contours")
    assert [path.name for path in config.files][:2] == ["study.toml", "sources.toml"]


def test_what_the_source_says_itself_wins(study):
    own = 'dataset = "contours"\npath = "mine.geojson"\nvintage = "COG 2024"\n'
    source = load_study(study((OWN, own))).file.sources.communes
    assert (source.path, source.vintage, source.provider) == ("mine.geojson", "COG 2024", "Etalab")


def test_the_folder_of_the_study_comes_before_the_cache(study, tmp_path):
    path = study(
        (PEOPLE, 'dataset = "people"\n'), ("buffer_km = 12", 'buffer_km = 12\ndata_dir = "donnees"')
    )
    own, cache = path.parent / "donnees", tmp_path / "cache" / "datasets"
    assert load_study(path).datasets[0].path == own / "people.csv"
    cache.mkdir(parents=True)
    (cache / "people.csv").write_text("x")
    assert load_study(path).datasets[0].path == cache / "people.csv"
    own.mkdir()
    (own / "people.csv").write_text("x")
    assert load_study(path).datasets[0].path == own / "people.csv"


def test_a_national_dataset_covers_a_wider_area(study):
    source = load_study(study((PEOPLE, 'dataset = "people"\n'))).file.sources.population
    assert source.wider_area
    again = study((PEOPLE, 'dataset = "people"\nwider_area = false\n'))
    assert not load_study(again).file.sources.population.wider_area


def test_a_study_that_names_no_dataset_needs_no_catalogue(tmp_path):
    config = load_study(pp.write(tmp_path / "pays"))
    assert config.datasets == ()
    assert "sources.toml" not in [path.name for path in config.files]


def test_an_unknown_dataset_is_refused_with_the_near_ones(study):
    with pytest.raises(ConfigError, match=r"sources\.communes.*'contour'.*contours"):
        load_study(study((OWN, 'dataset = "contour"\n')))


def test_a_missing_catalogue_is_told(study):
    path = study((OWN, 'dataset = "contours"\n'))
    (path.parent / "sources.toml").unlink()
    with pytest.raises(MissingFileError, match=r"sources\.toml"):
        load_study(path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('file = "people.zip"', 'file = "../people.zip"', "without a folder"),
        ('member = "tables/people.csv"', 'member = "../../people.csv"', "without"),
        ('member = "tables/people.csv"', 'member = "a/communes.geojson"', "of its own"),
        ('file = "people.zip"', 'file = "people.csv"', "zip"),
        ('url = "https://example.org/c', 'url = "file:///etc/c', "https"),
        ('note = "simplifiés"', 'sha256 = "abc"', "of the form"),
        ('format = "plain"', 'format = "plane"', "plain"),
    ],
)
def test_a_catalogue_that_cannot_be_is_refused_by_name(study, before, after, said):
    changed = CATALOGUE.replace(before, after)
    assert changed != CATALOGUE
    with pytest.raises(ConfigError, match=said):
        load_study(study((OWN, 'dataset = "contours"\n'), catalogue=changed))
