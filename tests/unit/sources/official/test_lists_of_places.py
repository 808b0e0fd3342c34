"""France services, médiation numérique, data·inclusion: their published formats, word for word."""

import csv
import json

import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from ctg_geo.errors import DataError, MissingColumnError, UnreadableFileError
from ctg_geo.sources import read_places_of
from official import accounted, source

FS = """id_fs,insee_dep,lib_fs,adresse,complement_adresse,insee_com,code_postal,lib_com,latitude,longitude,h_lundi,h_mardi,h_mercredi,h_jeudi,h_vendredi,h_samedi,prise_rdv,commentaire,type_fs,format_fs,groupe_fs,labellisation_fs
28,07,France services Vernoux,25 Avenue,,07338,07240,Vernoux,44.89692,4.646223,09:30 - 12:30 / 13:30 - 16:30,09:30 - 12:30 / 13:30 - 16:30,00:00 - 00:00 / 09:00 - 12:00,,,,Non,,Principal,Fixe,,Espace labellisé 01/01/2020
29,26,Bus France services,,,26116,26290,Donzère,44.44,4.70,,,,,,,Oui,"Voir
le site, svp",Principal,Bus_équivalent,,
30,26,Antenne de Loriol,,,26166,26270,Loriol,,,09:00 - 12:00,sur rendez-vous,,,,,Oui,,Antenne,Fixe_antenne(s),,
31,26,Multi,,,26362,26000,Valence,44.93,4.90,9h-12h,,,,,09:00 - 12:00,Non,,Principal,Multisites,,
32,75,Ailleurs,,,75101,75001,Paris,48.86,2.34,,,,,,,Non,,Principal,Fixe,,
"""  # noqa: E501


def read(path, kind, **settings):
    codes = settings.pop("codes", None)
    return read_places_of(path, source(kind, **settings), crs="EPSG:2154", codes=codes)


def metres(lon, lat):
    return Transformer.from_crs(4326, 2154, always_xy=True).transform(lon, lat)


def test_france_services(tmp_path):
    path = tmp_path / "liste-fs.csv"
    path.write_text(FS, encoding="utf-8")
    codes = {"07338", "26116", "26166", "26362"}
    found = read(path, "france_services", service="france_services", codes=codes)
    table = found.table
    assert list(table.index) == ["fs-28", "fs-29", "fs-30", "fs-31"]
    assert list(table["delivery"]) == ["fixed", "mobile", "branch", "multi_site"]
    assert list(table["hours_per_week"].fillna(-1)) == [15, -1, 3, 6]
    assert list(table["hours_status"]) == ["observed", "not_available", "estimated", "observed"]
    assert list(table["location_status"]) == ["observed", "observed", "estimated", "observed"]
    assert tuple(table.loc["fs-28", ["x", "y"]]) == pytest.approx(metres(4.646223, 44.89692))
    assert found.aside["elsewhere"] == 1
    assert accounted(found)
    said = {each.key: each for each in found.findings}
    assert set(said) == {"hours_unknown", "hours_estimated", "places_read"}
    assert said["places_read"].facts["types"] == ["france_services : 4"]


def test_an_unknown_format_of_france_services_is_refused_with_the_mend(tmp_path):
    path = tmp_path / "liste-fs.csv"
    path.write_text(FS.replace("Multisites", "Péniche"), encoding="utf-8")
    with pytest.raises(DataError, match=r"format_fs.*Péniche"):
        read(path, "france_services", service="france_services")
    fine = read(path, "france_services", service="fs", delivery={"Péniche": "mobile"})
    assert fine.table.loc["fs-31", "delivery"] == "mobile"


def test_an_identifier_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "liste-fs.csv"
    path.write_text(FS.replace("\n29,", "\n28,"), encoding="utf-8")
    with pytest.raises(DataError, match="fs-28"):
        read(path, "france_services", service="france_services")


MEDIATION = """"id","pivot","nom","commune","code_postal","code_insee","adresse","latitude","longitude","typologie","horaires","Itinerance","date_maj","services"
"s-1","43493312300029","Anonymal","Reims","51100","51454","12 BIS RUE","49.25","4.03","TIERS_LIEUX,ASSO","Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00","Itinérant","2022-06-02","Aide aux démarches administratives|Maîtrise des outils numériques du quotidien"
"s-2","43493312300029","Médiathèque","Reims","51100","51454","1 RUE","","","BIB","Lundi 9h-12h","Itinérant;Fixe","2022-06-02","Aide aux démarches administratives"
"s-3","43493312300029","CCAS, antenne","Reims","51100","","1 RUE","","","CCAS;BIB","","","2022-06-02","Accès internet et matériel informatique"
"s-4","43493312300029","Autre","Reims","51100","51454","1 RUE","49.25","4.03","AUTRE","09:00-12:00","Fixe","2022-06-02","Accès internet et matériel informatique"
"""  # noqa: E501


def test_mediation_numerique(tmp_path):
    path = tmp_path / "lieux.csv"
    path.write_text(MEDIATION, encoding="utf-8")
    found = read(path, "mediation_numerique", service="mediation")
    table = found.table
    assert list(table.index) == ["s-1", "s-2", "s-4"]
    assert list(table["hours_per_week"]) == [41, 3, 21]
    assert list(table["delivery"]) == ["mobile", "multi_site", "fixed"]
    assert list(table["location_status"]) == ["observed", "estimated", "observed"]
    assert dict(found.aside) == {"nowhere": 1}
    assert [each.key for each in found.findings if each.severity == "warning"] == ["places_nowhere"]
    assert accounted(found)


def test_types_of_mediation_numerique_become_services(tmp_path):
    path = tmp_path / "lieux.csv"
    path.write_text(MEDIATION.replace('"51100",""', '"51100","51454"'), encoding="utf-8")
    services = {
        "BIB": "bibliotheque",
        "CCAS": "ccas",
        "Aide aux démarches administratives": "droits",
    }
    found = read(path, "mediation_numerique", services=services)
    assert dict(zip(found.table.index, found.table["service"], strict=True)) == {
        "s-1": "droits", "s-2-bibliotheque": "bibliotheque", "s-2-droits": "droits",
        "s-3-bibliotheque": "bibliotheque", "s-3-ccas": "ccas",
    }  # fmt: skip
    assert found.aside["other_types"] == 1
    assert accounted(found)


STRUCTURES = [
    {"id": "a1", "source": "dora", "nom": "Mission locale", "code_insee": "26362",
     "longitude": 4.9, "latitude": 44.93, "reseaux_porteurs": ["mission-locale", "e2c"],
     "horaires_accueil": "Mo-Fr 08:30-12:30; PH off", "date_maj": "2025-02-14"},
    {"id": "dora--a2", "source": "dora", "nom": "CCAS", "code_insee": None, "longitude": 4.9,
     "latitude": 44.93, "reseaux_porteurs": ["ccas-cias"], "horaires_accueil": None,
     "date_maj": "2025-02-14"},
    {"id": "a1", "source": "soliguide", "nom": "Autre", "code_insee": "26362", "longitude": None,
     "latitude": None, "reseaux_porteurs": None, "horaires_accueil": None,
     "date_maj": "2025-02-14"},
]  # fmt: skip
ASKED = {"mission-locale": "mission_locale", "ccas-cias": "ccas"}


def written(tmp_path, kind):
    """Write the structures as data·inclusion publishes them."""
    path = tmp_path / f"structures-inclusion.{kind}"
    if kind == "json":
        path.write_text(json.dumps(STRUCTURES), encoding="utf-8")
    elif kind == "parquet":
        pd.DataFrame(STRUCTURES).to_parquet(path)
    else:
        rows = [{key: json.dumps(value) if isinstance(value, list) else value
                 for key, value in each.items()} for each in STRUCTURES]  # fmt: skip
        with path.open("w", encoding="utf-8", newline="") as out:
            table = csv.DictWriter(out, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
    return path


@pytest.mark.parametrize("kind", ["json", "csv", "parquet"])
def test_data_inclusion(tmp_path, kind):
    found = read(written(tmp_path, kind), "data_inclusion", services=ASKED)
    assert list(found.table.index) == ["dora--a1", "dora--a2"]
    assert list(found.table["service"]) == ["mission_locale", "ccas"]
    assert list(found.table["hours_per_week"].fillna(-1)) == [20, -1]
    assert dict(found.aside) == {"other_types": 1}
    assert accounted(found)


def test_services_of_data_inclusion_in_an_envelope(tmp_path):
    path = tmp_path / "services.json"
    service = {**STRUCTURES[0], "thematiques": ["numerique--acceder"], "structure_id": "x"}
    path.write_text(json.dumps({"items": [service]}), encoding="utf-8")
    found = read(path, "data_inclusion", services={"numerique--acceder": "numerique"})
    assert list(found.table["service"]) == ["numerique"]


@pytest.mark.parametrize(
    "content", ["{}", "[1, 2]", '"a"', "{", "[" * 100_000, '{"items": 3}', "[]"]
)
def test_json_that_is_no_list_of_records_is_refused_in_words(tmp_path, content):
    path = tmp_path / "structures.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=r"structures\.json"):
        read(path, "data_inclusion", service="a")


def test_a_file_of_another_provider_is_refused_by_its_columns(tmp_path):
    path = tmp_path / "lieux.csv"
    path.write_text(MEDIATION, encoding="utf-8")
    with pytest.raises(MissingColumnError, match="id_fs"):
        read(path, "france_services", service="france_services")


EAJE = """ID;NUMORG;ANNIDEAC;NUINDOAC;RAISOEEQ;NOMEQU;NBPLA0A5;NUMVOIE;TYPVOIE;NOMVOIE;CODPOST;NUMCOM;NOMCOM;ADRESSE
1;261;2018;0001;COMMUNE DE VALENCE;CRÈCHE ARC EN CIEL;32;12;RUE;DES LILAS;26000;26362;VALENCE;
2;261;2018;0002;ASSOCIATION L'ÎLE;;;;;LE BOURG;26100;26281;ROMANS;
3;261;2018;0003;MAIRIE;AILLEURS;20;1;RUE;A;75001;75101;PARIS;
1;261;2017;0001;COMMUNE DE VALENCE;CRÈCHE ARC EN CIEL;30;12;RUE;DES LILAS;26000;26362;VALENCE;
"""  # noqa: E501


def test_addresses_of_eaje(tmp_path):
    path = tmp_path / "EAJE_finances.csv"
    path.write_bytes(EAJE.encode("iso-8859-1"))
    found = read(path, "cafdata", service="creche", codes={"26362", "26281"})
    table = found.table
    assert list(table.index) == ["eaje-1", "eaje-2"]
    assert list(table["nom"]) == ["CRÈCHE ARC EN CIEL", "ASSOCIATION L'ÎLE"]
    assert list(table["capacity"].fillna(-1)) == [32, -1]
    assert list(table["capacity_status"]) == ["observed", "not_available"]
    assert set(table["location_status"]) == {"estimated"}
    assert table.at["eaje-1", "adresse"] == "12 RUE DES LILAS 26000 VALENCE"
    assert dict(found.aside) == {"older_years": 1, "elsewhere": 1}
    assert accounted(found)


@pytest.mark.shared
def test_the_real_list_of_france_services(shared):
    """Hours added up here with nothing but clock arithmetic."""
    path = shared / "equipment" / "france_services_2024-08_07_26_38.csv"
    plain = pd.read_csv(path, dtype=str, keep_default_na=False)
    found = read(path, "france_services", service="france_services")
    assert len(found.table) == len(plain) == 86
    assert accounted(found)

    def minutes(text):
        total = 0
        for span in text.split(" / ") if text else []:
            start, end = (int(t[:2]) * 60 + int(t[3:]) for t in span.split(" - "))
            total += end - start
        return total

    days = [name for name in plain if name.startswith("h_")]
    hours = sum(plain[day].map(minutes) for day in days).to_numpy() / 60
    expected = np.where(hours == 0, np.nan, hours)
    np.testing.assert_allclose(found.table["hours_per_week"].to_numpy(), expected)
    assert found.table["delivery"].value_counts().to_dict() == {
        "fixed": 69, "multi_site": 7, "mobile": 7, "branch": 3,
    }  # fmt: skip


@pytest.mark.shared
def test_the_real_list_of_conseillers_numeriques(shared):
    path = shared / "equipment" / "conseillers_numeriques_structures_2022_07_26_38.csv"
    found = read(path, "conseillers_numeriques", service="mediation")
    assert len(found.table) == 33
    assert found.table["x"].isna().sum() == 1
    assert set(found.table["location_status"]) == {"estimated"}
    assert accounted(found)
