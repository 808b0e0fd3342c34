"""What gaps are made of, for whom and where, on Petit Pays with a norm of 20 places for 100.

The flat decay shares within 15 minutes (see `petit_pays`): access is 2/15 in Alpe (100
children), 5/24 in Brive (50), 3/40 in Combe (none), 31/200 in Dune (30). So Alpe lacks
(1/5 - 2/15) × 100 = 20/3 places and Dune (1/5 - 31/200) × 30 = 1.35.
"""

import csv
import io

import geopandas as gpd
import pytest

import petit_pays as pp
from ctg_geo.cli import main
from ctg_geo.study import open_study

SERVICES = pp.SERVICES.replace("per_100 = 10", "per_100 = 20")
TO_ADD = ("À ajouter au chef-lieu pour que la commune atteigne la norme, part des voisins "
          "comprise (places)")  # fmt: skip
PARTS = (
    "Manque dû à la distance (places)",
    "Manque dû à la saturation, trop de familles pour ces lieux (places)",
    "Manque dû à une offre insuffisante dans l’ensemble (places)",
)
UNDEFINED = "Ce qui n’est pas défini, et pourquoi"


def rows(path):
    text = path.read_bytes().decode("utf-8-sig").replace("\u00a0", " ").replace("\u202f", " ")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def number(text):
    return float(text.replace(",", "."))


def run(folder, service="creche", **files):
    config = pp.write(folder / "pays", **{"services": SERVICES} | files)
    out = folder / "out"
    assert main(["diagnose", str(config), "-s", service, "-o", str(out), "-q"]) == 0
    return out


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    return run(tmp_path_factory.mktemp("gaps"))


def test_parts_of_the_gap_are_those_worked_out_by_hand_and_sum_to_what_is_missing(out):
    """Nobody is kept away by distance; the mean of all is 30 places / 200 children = 0.15.

    Alpe: access 0.1333; not saturated 0.15; supply raised by 0.2 / 0.15, 0.1778; both, 0.2.
    Saturation (0.01667 + 0.02222) / 2, lack (0.04444 + 0.05) / 2, times 100 children.
    """
    table = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}
    assert [number(table["01001"][part]) for part in PARTS] == [0.0, 1.94, 4.72]
    assert [number(table["2A004"][part]) for part in PARTS] == [0.0, 0.0, 1.35]
    communes = gpd.read_file(out / "ctg.gpkg", layer="communes")
    parts = communes[["gap_distance", "gap_saturation", "gap_lack"]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(communes["missing"].to_numpy(), abs=1e-12)
    assert table["01001"]["Première cause du manque"] == "offre insuffisante dans l’ensemble"


def test_places_to_add_at_the_chef_lieu_give_the_norm_when_diagnosed_again(out, tmp_path):
    """150 children reach Alpe, so a place more is 1/150; 50 reach Dune."""
    table = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}
    assert number(table["01001"][TO_ADD]) == 10.0
    assert number(table["01002"][TO_ADD]) == 0.0
    communes = gpd.read_file(out / "ctg.gpkg", layer="communes").set_index("code_insee")
    assert communes.loc["2A004", "places_to_add"] == pytest.approx(2.25)
    more = pp.CRECHES + "c4,Neuve,2A004,2.25\n"
    again = run(tmp_path, creches=more)
    found = gpd.read_file(again / "ctg.gpkg", layer="communes").set_index("code_insee")
    assert found.loc["2A004", "access_per_100"] == pytest.approx(20)


def test_where_nobody_is_concerned_places_to_add_are_undefined_and_say_why(out):
    combe = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}["01003"]
    assert combe[TO_ADD] == ""
    assert "places à ajouter : non défini, parce que personne n’y est concerné" in combe[UNDEFINED]


def test_indices_are_those_worked_out_by_hand(out):
    """Mean access 28.4 / 180; Gini (100·50·3/40 + 100·30·13/600 + 50·30·4/75) / (180 · 28.4)."""
    table = rows(out / "indices.csv")
    whole = {row["Indice"]: row for row in table if not row["Découpage"]}
    assert number(whole["Gini"]["Valeur"]) == pytest.approx(520 / (180 * 28.4), abs=5e-4)
    assert number(whole["Part au-dessous de la norme (FGT 0)"]["Valeur"]) == 0.722
    assert number(whole["Profondeur du manque (FGT 1)"]["Valeur"]) == 0.223
    split = [row for row in table if row["Indice"].startswith("Theil,") and row["Découpage"]]
    parts = [number(row["Valeur"]) for row in split if row["Groupe"] == "Ensemble du territoire"]
    assert sum(parts) == pytest.approx(number(whole["Theil, total"]["Valeur"]), abs=1e-3)
    palma = whole["Palma (10 % les plus riches sur 40 % les plus pauvres)"]
    assert palma["Valeur"] == ""
    assert palma["S’il n’y a pas de valeur"] == ("non défini, parce qu’aucun revenu n’est connu")


def test_zones_are_of_one_piece_and_hold_the_people_below_the_norm(out):
    """Alpe is cut off by Brive, which has the norm; Combe, without children, touches Dune."""
    table = rows(out / "zones.csv")
    assert [row["Communes traversées"] for row in table] == ["Alpe", "Combe, Dune"]
    assert [number(row["Population concernée : enfants"]) for row in table] == [100, 30]
    zones = gpd.read_file(out / "ctg.gpkg", layer="zones")
    assert zones["area_km2"].tolist() == pytest.approx([100, 200])
    assert zones.crs.to_epsg() == 2154


def test_a_zone_with_a_secret_commune_and_indices_tell_no_count_of_it(tmp_path):
    people = pp.POPULATION.replace("2A004,300,30", "2A004,300,s")
    out = run(tmp_path, population=people)
    alpe, east = sorted(rows(out / "zones.csv"), key=lambda row: row["Communes traversées"])
    assert number(alpe["Population concernée : enfants"]) == 100
    assert east["Population concernée : enfants"] == ""
    assert "secret" in east["Si le nombre n’est pas dit"]
    dune = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}["2A004"]
    assert [dune[name] for name in (*PARTS, TO_ADD)] == ["", "", "", ""]
    assert "parts du manque : non défini" in dune[UNDEFINED]
    gini = next(row for row in rows(out / "indices.csv") if row["Indice"] == "Gini")
    assert number(gini["Personnes comptées (enfants)"]) == 150


def test_a_norm_on_time_tells_the_minutes_to_save(tmp_path):
    """The desk is in Alpe: 30 minutes from Dune, for a norm of 25."""
    out = run(tmp_path, service="france_services")
    table = {row["Code Insee"]: row for row in rows(out / "resultats.csv")}
    assert number(table["2A004"]["À gagner pour atteindre la norme (min)"]) == 5
    assert number(table["01001"]["À gagner pour atteindre la norme (min)"]) == 0
    indices = {row["Indice"]: row for row in rows(out / "indices.csv") if not row["Découpage"]}
    assert number(indices["Part au-dessous de la norme (FGT 0)"]["Valeur"]) == 0.163  # 300 / 1840
    assert "jugé en minutes" in indices["Gini"]["S’il n’y a pas de valeur"]


def test_nobody_in_the_territory_has_named_outcomes(tmp_path):
    nobody = "code_insee,inhabitants,under_3\n" + "".join(
        f"{code},10,{20 if code == '26005' else 0}\n" for code in pp.CODES
    )
    out = run(tmp_path, population=nobody)
    below = [row for row in rows(out / "resultats.csv") if row["Norme non atteinte"] == "oui"]
    assert below
    assert all("personne n’y est concerné" in row[UNDEFINED] for row in below)
    gini = next(row for row in rows(out / "indices.csv") if row["Indice"] == "Gini")
    assert gini["S’il n’y a pas de valeur"] == "non défini, parce que personne n’y est concerné"
    assert "non défini" in (out / "synthese.txt").read_text(encoding="utf-8")


def test_one_commune_alone_has_no_neighbour_to_be_alike(tmp_path):
    study = pp.STUDY.replace('epci = "123456789" }', 'communes = ["2A004"] }', 1)
    study = study[: study.index("[groups.bassin]")] + study[study.index("[sources.communes]") :]
    out = run(tmp_path, study=study)
    (row,) = rows(out / "resultats.csv")
    assert row["Grappe"] == "non défini"
    assert "grappe : non défini" in row[UNDEFINED]


def test_the_same_study_gives_the_same_bytes(out, tmp_path):
    again = run(tmp_path)
    for name in ("ctg.gpkg", "indices.csv", "zones.csv", "resultats.csv", "synthese.txt"):
        assert (again / name).read_bytes() == (out / name).read_bytes(), name


def test_gaps_can_be_had_in_a_program(tmp_path):
    from ctg_geo.study.gaps import gaps

    study = open_study(pp.write(tmp_path / "pays", services=SERVICES))
    found = gaps(study, study.diagnose("creche"))
    assert found.zones["people"].tolist() == [100.0, 30.0]
    assert list(found.told) == ["01001", "01002", "01003", "2A004"]
