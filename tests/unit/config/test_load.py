"""A configuration that cannot be used is refused by its path, with the mend, in French."""

import re

import pytest

import petit_pays as pp
from ctg_geo.config import load_study
from ctg_geo.errors import ConfigError, MissingFileError

PLACES = (
    'columns = { equipement_id = "id", nom = "nom", code_insee = "insee", capacity = "places" }'
)
NAMES = 'columns = { code_insee = "code", nom = "nom", epci = "epci" }'


def said(error):
    return " ".join(re.sub(r"[\u00a0\u202f]", " ", error.explain()).replace("’", "'").split())


@pytest.fixture
def refusal(tmp_path):
    """Load a changed configuration; return what is said of it in French. It must be refused."""

    def run(*changes, **files):
        study = pp.STUDY
        for old, new in changes:
            assert study.count(old) == 1, old
            study = study.replace(old, new)
        pp.write(tmp_path, study=files.pop("study", study), **files)
        with pytest.raises(ConfigError) as caught:
            load_study(tmp_path / "study.toml")
        assert str(caught.value)
        return said(caught.value)

    return run


def test_petit_pays_is_accepted(tmp_path):
    assert load_study(pp.write(tmp_path)).file.study.name == "Petit Pays"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (NAMES, 'columns = { nom = "nom" }', ["sources.communes", "columns", "code_insee"]),
        (NAMES, NAMES.replace("code_insee", "code_inse"), ["columns.code_inse", "« code_insee »"]),
        (NAMES, NAMES.replace('"nom"', '""'), ["sources.communes.columns.nom", "non vide"]),
        (PLACES, 'columns = { count = "places" }', ["sources.equipements[1]", "code_insee"]),
        (PLACES, PLACES.replace(" }", ', lon = "x" }'), ["columns.lon et columns.lat ensemble"]),
        (PLACES, PLACES.replace(" }", ', x = "x" }'), ["columns.x et columns.y ensemble"]),
        (PLACES, PLACES.replace(" }", ', x = "x", y = "y" }'), ["la clé crs"]),
        ('{ junction_id = "junction", x', "{ x", ["roads.line", "junction_columns", "junction_id"]),
        (', y = "y" }', " }", ["junction_columns", "y"]),
        ('to_junction = "to"\n', "", ["segment_columns", "to_junction"]),
        ('crs = "EPSG:2154"\nprovider', "provider", ["roads.line", "la clé crs"]),
        ("buffer_km = 12", 'buffer_km = 12\ncrs = "EPSG:4326"', ["study.crs", "en mètres"]),
        ("buffer_km = 12", 'buffer_km = 12\ncrs = "Lambert"', ["« Lambert »", "EPSG:2154"]),
        ('path = "population.csv"', 'path = "p.csv"\ncrs = "EPSG:0"', ["population.crs", "EPSG:0"]),
        ('path = "population.csv"', 'path = "p.csv"\nseparator = "ab"', ["un seul caractère"]),
        ('path = "population.csv"', 'path = "p.csv"\nseparator = "\\n"', ["ni une fin de ligne"]),
        ('path = "population.csv"', 'path = "p.csv"\nduplicates = "sum"',
         ["duplicates", "« sum »", "'refuse' ou 'keep_identical'"]),
        ('path = "population.csv"', 'path = "p.csv"\nsheet = 2', ["sheet", "entre guillemets"]),
        ('path = "population.csv"', 'path = "p.csv"\nwider_area = "oui"', ["true ou false"]),
        ('path = "population.csv"', "path = 12", ["population.path", "« 12 »", "un texte"]),
        ('column = "under_3"', 'column = "under_3"\nfactor = inf', ["factor", "« inf »"]),
        ('column = "under_3"', 'column = "under_3"\nfactor = "trois"', ["« trois »", "un nombre"]),
        ('service = "creche"', 'service = "creeche"', ["equipements[1].service", "« creeche »",
                                                       "creche, france_services"]),
        ('Fixe = "fixed"', 'Fixe = "fixe"', ["delivery.Fixe", "« fixe »", "'fixed'"]),
        ("buffer_km = 12", "buffer_km = nan", ["study.buffer_km", "« nan »"]),
        ("buffer_km = 12", "buffer_km = 2024-01-01", ["study.buffer_km", "un nombre"]),
        ("buffer_km = 12", "buffer_km = 12,5", ["ligne 5", "buffer_km = 12,5", "12.5"]),
        ("buffer_km = 12", "buffer_km = 12\nbuffer_km = 13", ["ligne 6", "pas du TOML valide"]),
        ('{ epci = "123456789" }', '{ communes = ["01001", 01002] }', ["ligne 4", "guillemets"]),
        ('{ epci = "123456789" }', "{ communes = [\n01001] }", ["ligne 5", "guillemets"]),
        ('{ epci = "123456789" }', "{}", ["study.inside", "soit epci, soit communes"]),
        ('{ epci = "123456789" }', '"123456789"', ["study.inside", "une table entre accolades"]),
        ('name = "Petit Pays"', 'name = """Petit', ["pas du TOML valide"]),
        ('kind = "tables"', 'kind = "table"', ["roads.line.kind", "« table »", "'tables'"]),
        ('kind = "tables"\n', "", ["il manque la clé « roads.line.kind »"]),
        ('roads = "line"', 'roads = "osm"', ["study.roads", "« osm »", "line"]),
        (', est = "2A004"', "", ["groups.bassin.poles", "au moins 2 éléments"]),
        ("names = { ouest", "names = { oest", ["groups.bassin", "« oest »", "ouest, est"]),
        ("names = {", 'override = { "01003" = "nord" }\nnames = {', ["« nord »", "01003"]),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_path_with_the_mend(refusal, old, new, words):
    message = refusal((old, new))
    for word in ["study.toml", *words]:
        assert word in message
    assert not re.search(r"\{'|should be|Input", message)


def test_a_control_of_a_figure_that_is_not_there_is_refused(refusal):
    control = '[[sources.population.controls]]\ncolumn = "zz"\ntotal = 3\nbase = "b"\n\n'
    message = refusal(('[[sources.equipements]]\nservice = "creche"',
                       control + '[[sources.equipements]]\nservice = "creche"'))  # fmt: skip
    assert "« zz »" in message
    assert "children_0_2, population" in message


def test_schematic_roads_need_the_population(refusal):
    schematic = pp.STUDY.replace('roads = "line"', 'roads = "drawn"').replace(
        '[sources.population.values.population]\ncolumn = "inhabitants"\n', ""
    )
    axes = '[roads.drawn]\nkind = "schematic"\naxes = { path = "a.csv", provider = "t", '
    message = refusal(study=schematic + axes + 'licence = "t", vintage = "t" }\n')
    assert "une figure population dans sources.population.values" in message


def test_groups_need_a_profile_that_is_declared(refusal):
    message = refusal(
        profiles=pp.PROFILES.replace("car", "voiture"),
        services=pp.SERVICES.replace("unit =", 'profile = "voiture"\nunit ='),
    )
    assert "« groups.bassin.profile » vaut « car »" in message
    assert "Valeurs possibles : voiture" in message


@pytest.mark.parametrize(
    ("stem", "content", "words"),
    [
        ("services", "", ["services.toml", "il manque la clé « services »"]),
        ("services", "services = 3", ["services.toml", "« services »", "« 3 »"]),
        ("services", b"\xff\xfe\x00", ["services.toml", "UTF-8"]),
        ("profiles", "[profiles]\n", ["profiles.toml", "au moins 1 élément"]),
        ("study", "", ["study.toml", "il manque 3 clés : study, sources, roads"]),
    ],
)
def test_a_file_that_says_nothing_is_named(refusal, stem, content, words):
    message = refusal(**{stem: content})
    for word in words:
        assert word in message


def test_a_file_of_services_that_is_not_there_is_named(tmp_path):
    study = pp.STUDY.replace("buffer_km = 12", 'buffer_km = 12\nservices = "nulle.toml"')
    with pytest.raises(MissingFileError) as caught:
        load_study(pp.write(tmp_path, study=study))
    assert "nulle.toml" in said(caught.value)


def test_a_separator_is_kept_as_it_is_written(tmp_path):
    study = pp.STUDY.replace(
        'path = "population.csv"', 'path = "population.csv"\nseparator = "\\t"'
    )
    config = load_study(pp.write(tmp_path, study=study))
    assert config.file.sources.population.separator == "\t"
