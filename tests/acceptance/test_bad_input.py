"""Bad input, through the command line: a clear French message, exit code 1, nothing written."""

import re
import shutil
import sqlite3
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main


def plain(text):
    """Return text with ordinary spaces and apostrophes, to compare words."""
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("’", "'")


@pytest.fixture
def complaint(tmp_path, capsys):
    """Run `diagnose` on a changed Petit Pays and return its message; it must fail cleanly."""

    def run(expected=1, **changes):
        config = changes.pop("config", None) or pp.write(tmp_path / "pays", **changes)
        out = tmp_path / "out"
        code = main(["diagnose", str(config), "--service", "creche", "--out", str(out)])
        said = capsys.readouterr()
        assert code == expected, said.err
        assert "Traceback" not in said.err + said.out
        assert not list(out.glob("*")), "a failed run must leave nothing behind"
        return plain(said.err)

    return run


def with_study(old, new):
    """Return the study's TOML with a line changed."""
    assert old in pp.STUDY
    return pp.STUDY.replace(old, new)


def test_an_unknown_code_is_named_with_file_row_and_mend(complaint):
    said = complaint(population=pp.POPULATION + "99999,10,1\n")
    assert "population.csv, ligne 7, colonne code_insee : le code Insee « 99999 »" in said
    assert "wider_area = true" in said


def test_an_unknown_code_of_a_place_is_named_too(complaint):
    said = complaint(creches=pp.CRECHES + "c4,Ailleurs,99999,10\n")
    assert "creches.csv, ligne 5, colonne insee : le code Insee « 99999 »" in said


def test_a_code_read_as_a_number_gets_its_zero_back_in_the_mend(complaint):
    said = complaint(population=pp.POPULATION.replace("01001", "1001"))
    assert "population.csv, ligne 2, colonne code_insee : « 1001 »" in said
    assert "Écrire 01001, en texte" in said


def test_a_code_read_as_a_float_is_refused(complaint):
    said = complaint(population=pp.POPULATION.replace("01001", "1001.0"))
    assert "« 1001.0 »" in said
    assert "Écrire 01001" in said


def test_a_corsican_code_in_lower_case_is_refused(complaint):
    said = complaint(population=pp.POPULATION.replace("2A004", "2a004"))
    assert "« 2a004 » : écrire 2A004" in said


def test_excel_that_ate_the_zero_is_refused(complaint, tmp_path):
    folder = tmp_path / "pays"
    config = pp.write(folder, study=with_study('"population.csv"', '"population.xlsx"'))
    table = pd.DataFrame({"code_insee": [1001], "inhabitants": [10], "under_3": [1]})
    table.to_excel(folder / "population.xlsx", index=False)
    said = complaint(config=config)
    assert "population.xlsx, ligne 2, colonne code_insee : « 1001 »" in said


def test_a_missing_column_is_named_with_those_found(complaint):
    said = complaint(creches=pp.CRECHES.replace("places", "capacite"))
    assert "creches.csv : colonnes absentes : places" in said
    assert "Colonnes du fichier : id, nom, insee, capacite" in said
    assert "Corriger la clé columns" in said


def test_text_in_a_number_column_is_shown_with_its_row(complaint):
    said = complaint(creches=pp.CRECHES.replace(",6\n", ",douze\n"))
    assert "creches.csv, ligne 3, colonne places : « douze » n'est pas un nombre" in said
    assert "Écrire le nombre en chiffres" in said


def test_all_defects_are_told_at_once(complaint):
    said = complaint(creches=pp.CRECHES.replace(",6\n", ",douze\n").replace(",4\n", ",-4\n"))
    assert "« douze »" in said
    assert "« -4 » est négatif" in said


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "--3", "0x10", "1_000", "٣"])
def test_what_python_calls_a_number_but_a_planner_would_not_is_refused(complaint, value):
    said = complaint(creches=pp.CRECHES.replace(",6\n", f",{value}\n"))
    assert f"colonne places : « {value} »" in said


def test_a_decimal_comma_is_refused_with_the_key_to_set(complaint):
    said = complaint(population=pp.POPULATION.replace(",", ";").replace(";100\n", ";100,5\n"))
    assert "ligne 2, colonne under_3 : « 100,5 » a une virgule décimale" in said
    assert 'decimal = ","' in said


def test_a_thousands_separator_is_refused(complaint):
    text = pp.POPULATION.replace(",", ";").replace(";1000;", ";1 000;")
    assert "« 1 000 » a un séparateur de milliers" in complaint(population=text)


def test_repeated_communes_with_other_values_are_refused_never_summed(complaint):
    said = complaint(population=pp.POPULATION + "01001,1000,90\n")
    assert "ligne 7, colonne code_insee : la commune « 01001 » figure déjà ligne 2" in said
    assert "jamais additionnées" in said


def test_repeated_identical_communes_are_refused_with_the_key_to_set(complaint):
    said = complaint(population=pp.POPULATION + "01001,1000,100\n")
    assert "figure déjà ligne 2" in said
    assert 'duplicates = "keep_identical"' in said


def test_a_negative_capacity_is_refused(complaint):
    said = complaint(creches=pp.CRECHES.replace(",20\n", ",-20\n"))
    assert "creches.csv, ligne 2, colonne places : « -20 » est négatif" in said


def test_a_missing_capacity_is_refused_where_places_are_judged(complaint):
    said = complaint(creches=pp.CRECHES.replace(",20\n", ",\n"))
    assert "creches.csv, ligne 2, colonne places : la capacité de « Les Abeilles »" in said
    assert "capacity_each" in said


LOCATED = with_study(
    'columns = { equipement_id = "id", nom = "nom", code_insee = "insee", capacity = "places" }',
    'columns = { equipement_id = "id", nom = "nom", lon = "lon", lat = "lat", '
    'capacity = "places" }',
)
ALPE = gpd.GeoSeries([Point(pp.X0, pp.Y0)], crs=2154).to_crs(4326).iloc[0]


def located(lon, lat):
    """Return a table of one located crèche."""
    return f"id,nom,lon,lat,places\nc1,Les Abeilles,{lon},{lat},20\n"


def test_swapped_coordinates_are_recognised(complaint):
    said = complaint(study=LOCATED, creches=located(ALPE.y, ALPE.x))
    assert "creches.csv, ligne 2, colonne lon : longitude et latitude sont inversées" in said
    assert "Échanger les colonnes lon et lat" in said


def test_a_point_far_outside_is_refused_with_its_distance(complaint):
    said = complaint(study=LOCATED, creches=located(2.35, 48.85))
    assert "creches.csv, ligne 2, colonne lon : « Les Abeilles » est à" in said
    assert "km du territoire. Corriger ses coordonnées" in said


def test_projected_coordinates_called_degrees_are_refused(complaint):
    said = complaint(study=LOCATED, creches=located(pp.X0, pp.Y0))
    assert "n'est pas une longitude ou une latitude en degrés" in said


def test_half_a_coordinate_is_refused(complaint):
    said = complaint(study=LOCATED, creches=located(ALPE.x, ""))
    assert "colonne lat : une seule des deux coordonnées est donnée" in said


def test_a_place_that_is_nowhere_is_refused(complaint):
    said = complaint(study=LOCATED, creches=located("", ""))
    assert "ligne 2" in said
    assert "ni coordonnées, ni code Insee" in said


def as_package(folder, layer, *, crs=True):
    """Write communes as GeoPackage and return the study that reads them."""
    layer = layer if crs else layer.set_crs(None, allow_override=True)
    layer.to_file(folder / "communes.gpkg", layer="communes")
    return with_study('"communes.geojson"', '"communes.gpkg"')


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_missing_crs_is_refused_with_the_key_to_set(complaint, tmp_path):
    folder = tmp_path / "pays"
    folder.mkdir()
    study = as_package(folder, pp.communes(), crs=False)
    said = complaint(config=pp.write(folder, study=study))
    assert "communes.gpkg : la couche ne dit pas son système de coordonnées" in said
    assert 'crs = "EPSG:2154"' in said


def test_a_truncated_geopackage_is_refused(complaint, tmp_path):
    folder = tmp_path / "pays"
    folder.mkdir()
    study = as_package(folder, pp.communes())
    whole = (folder / "communes.gpkg").read_bytes()
    for part in (len(whole) // 2, 5000, 100):
        (folder / "communes.gpkg").write_bytes(whole[:part])
        said = complaint(config=pp.write(folder, study=study))
        assert "communes.gpkg" in said
        assert "endommagé ou incomplet" in said


def test_a_self_intersecting_polygon_is_repaired_and_said(tmp_path):
    layer = pp.communes()
    x0, y0, x1, y1 = layer.geometry[4].bounds
    bow = Polygon([(x0, y0), (x1, y1), (x1, y0 + 1), (x0, y1)])
    layer.loc[4, "geometry"] = bow
    study = open_study(pp.write(tmp_path / "pays", layer=layer))
    said = [finding for finding in study.territory.findings if finding.key == "polygon_repaired"]
    assert [finding.identifier for finding in said] == ["26005"]
    assert "Contour invalide" in plain(said[0].explain())
    assert study.territory.communes.geometry.is_valid.all()


def test_a_layer_of_points_is_no_layer_of_communes(complaint):
    layer = pp.communes()
    layer["geometry"] = layer.geometry.centroid
    said = complaint(layer=layer)
    assert "communes.geojson, ligne 1, colonne geometry : la géométrie est « Point »" in said


@pytest.mark.parametrize("stem", ["population", "creches", "junctions", "segments"])
def test_an_empty_file_is_named(complaint, stem):
    said = complaint(**{stem: b""})
    assert f"{stem}.csv : le fichier est vide" in said


def test_a_file_with_a_header_only_is_named(complaint):
    said = complaint(population="code_insee,inhabitants,under_3\n")
    assert "population.csv : le fichier ne contient aucune ligne" in said


def test_a_missing_file_is_named(complaint):
    said = complaint(study=with_study('"population.csv"', '"people.csv"'))
    assert "people.csv" in said
    assert "n'existe pas" in said


def test_a_workbook_called_csv_is_refused(complaint, tmp_path):
    pd.DataFrame({"a": [1]}).to_excel(tmp_path / "book.xlsx", index=False)
    said = complaint(population=(tmp_path / "book.xlsx").read_bytes())
    assert "population.csv : ce n'est pas un fichier texte" in said


def test_a_text_called_workbook_is_refused(complaint, tmp_path):
    folder = tmp_path / "pays"
    config = pp.write(folder, study=with_study('"population.csv"', '"population.xlsx"'))
    (folder / "population.xlsx").write_text(pp.POPULATION)
    assert "population.xlsx : le fichier est endommagé" in complaint(config=config)


def test_rows_of_uneven_length_are_refused(complaint):
    said = complaint(population=pp.POPULATION + "26005,1,2,3,4,5\n")
    assert "population.csv : toutes les lignes n'ont pas le même nombre de colonnes" in said


def test_a_title_that_stands_twice_is_refused(complaint):
    said = complaint(population=pp.POPULATION.replace("inhabitants", "under_3"))
    assert "population.csv : des titres de colonne sont répétés : under_3" in said


def test_roads_elsewhere_are_refused(complaint):
    far = pp.JUNCTIONS.replace(str(pp.Y0), "6800000")
    said = complaint(junctions=far)
    assert "aucune route à moins de 10 km du territoire" in said
    assert "400 km" in said


def test_a_segment_to_an_unknown_junction_is_refused(complaint):
    said = complaint(segments=pp.SEGMENTS.replace("j3,j4", "j3,j9"))
    assert "segments.csv, ligne 5, colonne to : le carrefour « j9 » n'existe pas" in said
    assert "junctions.csv" in said


def test_a_speed_of_zero_is_refused(complaint):
    said = complaint(segments=pp.SEGMENTS.replace(",60,", ",0,", 1))
    assert "segments.csv, ligne 2, colonne speed : une vitesse nulle" in said


def test_an_unknown_direction_is_refused(complaint):
    said = complaint(segments=pp.SEGMENTS.replace(",no\n", ",peut-être\n", 1))
    assert "« peut-être » n'est pas un sens de circulation connu" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("buffer_km = 12", "bufer_km = 12",
         ["study.toml", "study.bufer_km", "Vouliez-vous écrire « buffer_km »"]),
        ("buffer_km = 12", "buffer_km = -1", ["study.buffer_km", "« -1 »", "au moins 0"]),
        ("buffer_km = 12", 'buffer_km = "dix"', ["study.buffer_km", "« dix »", "un nombre"]),
        ("buffer_km = 12\n", "", ["il manque la clé « study.buffer_km »"]),
        ('roads = "line"', 'roads = "osm"', ["« osm »", "line"]),
        ('epci = "123456789"', 'epci = "000000000"', ["000000000", "EPCI"]),
        ('epci = "123456789"', 'communes = ["01001", "77777"]', ["77777"]),
        ('epci = "123456789"', "communes = [01001]", ["ligne 4", "entre guillemets"]),
        ('ouest = "01001"', 'ouest = "77777"', ["groups.bassin", "77777"]),
        ('kind = "tables"', 'kind = "tables"\nlength_factor = 9', ["roads.line.length_factor"]),
        ('column = "under_3"', 'column = "under_3"\nfactor = 0', ["factor", "supérieur à 0"]),
    ],
)  # fmt: skip
def test_a_config_mistake_is_named_by_its_path(complaint, old, new, words):
    said = complaint(study=with_study(old, new))
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("per_100 = 10", "per_100 = 0", "supérieur à 0"),
        ("reach_min = 15", "reach_min = 45", "ne porte pas plus loin"),
        ('profile = "bike"', "", ""),
        ('demand = "children_0_2"', 'demand = "children"', "« children »"),
    ],
)
def test_an_impossible_service_is_refused(complaint, old, new, word):
    services = pp.SERVICES
    if old not in services:
        services = services.replace('unit = "places"', 'unit = "places"\nprofile = "bike"')
        word = "« bike »"
        new = old
    assert word in complaint(services=services.replace(old, new))


def test_a_config_that_is_not_toml_names_the_line(complaint):
    said = complaint(study=pp.STUDY.replace("buffer_km = 12", "buffer_km 12"))
    assert "study.toml, ligne 5 : « buffer_km 12 » n'est pas du TOML valide" in said


def test_a_service_that_is_not_declared_is_misuse_and_names_the_nearest(tmp_path, capsys):
    config = pp.write(tmp_path / "pays")
    assert main(["diagnose", str(config), "-s", "creches", "-o", str(tmp_path / "out")]) == 2
    assert "Vouliez-vous dire « creche »" in plain(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["diagnose"], ["Il manque", "CONFIG"]),
        (["diagnos", "x.toml"], ["diagnos", "Vouliez-vous dire diagnose"]),
        (["check", "x.toml", "--jso"], ["--jso", "--json"]),
        (["check"], ["Il manque"]),
    ],
)
def test_misuse_is_told_in_french_with_code_2(capsys, arguments, words):
    assert main(arguments) == 2
    said = plain(capsys.readouterr().err)
    for word in words:
        assert word in said


def test_a_config_that_is_not_there_is_named(capsys):
    assert main(["check", "nulle-part.toml"]) == 1
    assert "nulle-part.toml" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_told_and_leaves_old_results(tmp_path, capsys):
    config = pp.write(tmp_path / "pays")
    occupied = tmp_path / "out"
    occupied.write_text("a file, not a folder")
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(occupied)]) == 1
    assert "n'est pas un dossier" in plain(capsys.readouterr().err)
    assert occupied.read_text() == "a file, not a folder"


def test_a_database_that_is_no_geopackage_is_refused(complaint, tmp_path):
    folder = tmp_path / "pays"
    config = pp.write(folder, study=with_study('"communes.geojson"', '"communes.gpkg"'))
    base = sqlite3.connect(folder / "communes.gpkg")
    base.execute("CREATE TABLE t (a)")
    base.close()
    assert "communes.gpkg" in complaint(config=config)


def test_a_file_of_roads_in_place_of_the_configuration_is_told_as_such(complaint, tmp_path):
    roads = tmp_path / "region.osm.pbf"
    roads.write_bytes(b"\x00\x00\x00\x0d\x0a\x09OSMHeader\xff\xfe")
    said = complaint(config=roads)
    assert "region.osm.pbf n'est pas un fichier de configuration. En donner un (.toml)" in said


def test_a_place_whose_code_is_no_commune_here_is_told_and_its_point_kept(tmp_path, capsys):
    """A wrong code beside a good point was taken without a word."""
    for part in ("config", "data"):
        shutil.copytree(Path(__file__).parents[2] / part, tmp_path / part)
    path = tmp_path / "data" / "equipements" / "france_services_2024.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",07338,", ",99999,", 1), "utf-8")
    assert main(["check", str(tmp_path / "config" / "valence_romans.toml")]) == 0
    said = " ".join(re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().out).split())
    assert "(ligne 2) : le code commune « 99999 »" in said
    assert "son point (07338) ; le point est retenu" in said
