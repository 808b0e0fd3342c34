"""Petit Pays on roads of IGN: the times and shares worked out by hand hold."""

import json
import re

import pytest

import ign
import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main

STUDY = pp.STUDY[: pp.STUDY.index("[roads.line]")].replace('roads = "line"', 'roads = "ign"')
ROADS = """
[roads.ign]
kind = "{kind}"
path = "{file}"
provider = "IGN"
licence = "Licence Ouverte 2.0"
vintage = "2026"
{more}
"""
ALONG = range(len(pp.CODES) - 1)


def stretch(first, last):
    """Draw the road from one chef-lieu to another."""
    return ign.line(*[(pp.X0 + pp.STEP * k, pp.Y0) for k in (first, last)])


def bdtopo(path, roads):
    writer = ign.bdtopo_gpkg if path.suffix == ".gpkg" else ign.bdtopo_shp
    return writer(path, roads)


def every(**given):
    return [(stretch(k, k + 1), given) for k in ALONG]


@pytest.fixture
def study(tmp_path):
    """Write Petit Pays with a road file of IGN; return its TOML."""

    def go(kind, file, roads, more=""):
        text = STUDY + ROADS.format(kind=kind, file=file, more=more)
        config = pp.write(tmp_path / "pays", study=text)
        writer = bdtopo if kind == "bdtopo" else ign.route500_shp
        writer(config.parent / file, roads)
        return config

    return go


@pytest.mark.parametrize(
    ("kind", "file", "given"),
    [
        ("bdtopo", "BDT_3-4_GPKG_LAMB93_D026.gpkg", {"vitesse_moyenne_vl": 60}),
        ("bdtopo", "TRONCON_DE_ROUTE.shp", {"vitesse_moyenne_vl": 60}),
        ("bdtopo", "no_speed.gpkg", {"vitesse_moyenne_vl": 0}),  # the profile: 60 km/h
        ("route500", "TRONCON_ROUTE.shp", {}),  # the profile too
    ],
)
def test_the_shares_worked_out_by_hand_hold(study, kind, file, given):
    opened = open_study(study(kind, file, every(**given)))
    table = opened.diagnose("creche").communes
    assert set(table.index) == set(pp.CODES[:4])
    for code in pp.CODES[:4]:
        assert table.loc[code, "access_per_100"] == pytest.approx(100 * pp.ACCESS[code], rel=1e-9)
    ledger = opened.ledgers[-1]
    assert (ledger.table, ledger.read, ledger.used) == (file, 4, 4)


def test_the_mean_speed_of_ign_is_the_speed_driven(study):
    opened = open_study(study("bdtopo", "roads.gpkg", every(vitesse_moyenne_vl=40)))
    times = opened.network("car").time_ms
    assert times.tolist() == [10 / 40 * 3_600_000] * 8


def test_a_road_that_winds_takes_its_stated_length(study):
    opened = open_study(study("route500", "TRONCON_ROUTE.shp", every(LONGUEUR=15.0)))
    assert opened.network("car").time_ms.tolist() == [15 / 60 * 3_600_000] * 8


def test_a_file_that_stops_short_says_whom_it_leaves_out(study):
    opened = open_study(study("bdtopo", "roads.gpkg", every()[:2]))
    assert opened.topology.nodes == 3
    said = {each.key: each.facts for each in opened.findings}["roads_uncovered"]
    assert said["codes"] == ["26005", "2A004"]
    assert said["share"] == pytest.approx(500 / 2040)


def test_a_chemin_brings_no_car_to_a_commune(study):
    roads = [*every()[:2], *[(shape, {"nature": "Chemin"}) for shape, _ in every()[2:]]]
    opened = open_study(study("bdtopo", "roads.gpkg", roads))
    assert opened.topology.nodes == 3
    said = {each.key: each.facts for each in opened.findings}["roads_uncovered"]
    assert said["codes"] == ["26005", "2A004"]


def test_the_margin_keeps_what_is_near(study):
    far = ign.line((pp.X0, pp.Y0 + 40_000), (pp.X0 + 100, pp.Y0 + 40_000))
    for margin, used in ((5, 4), (100, 5)):
        config = study("bdtopo", f"m{margin}.gpkg", [*every(), (far, {})], f"margin_km = {margin}")
        opened = open_study(config)
        assert opened.topology.edges.shape[0] == used
        assert opened.ledgers[-1].set_aside == ({"outside": 1} if used == 4 else {})


def test_roads_that_reach_nobody_are_refused_in_words(study, tmp_path, capsys):
    north = [(ign.line((pp.X0, pp.Y0 + 9000), (pp.X0 + 9, pp.Y0 + 9000)), {})]
    config = study("bdtopo", "roads.gpkg", north)
    code = main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "out")])
    said = re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().err)
    assert code == 1
    assert "roads.gpkg : aucune route à moins de 2 km" in said


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
         "endommagé ou incomplet"),
        (lambda path: path.write_bytes(b""), "le fichier est vide"),
        (lambda path: path.unlink(), "n’existe pas"),
        (lambda path: (path.unlink(), ign.bdtopo_gpkg(path, every(), drop=("importance",))),
         "colonnes de BD TOPO absentes : IMPORTANCE"),
        (lambda path: (path.unlink(), ign.bdtopo_gpkg(path, [
            (ign.line((200_000, 6_800_000), (200_100, 6_800_000)), {})])),
         "Choisir l’extrait qui couvre le territoire"),
        (lambda path: (path.unlink(), ign.bdtopo_gpkg(path, every(), crs=None)),
         "ne dit pas son système de coordonnées"),
    ],
    ids=["cut", "empty", "missing", "column", "elsewhere", "crs"],
)  # fmt: skip
def test_a_bad_file_is_refused_in_words(study, tmp_path, capsys, damage, words):
    config = study("bdtopo", "roads.gpkg", every())
    damage(config.parent / "roads.gpkg")
    code = main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / "out")])
    said = re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().err)
    assert code == 1
    assert words in said
    assert "roads.gpkg" in said
    assert not (tmp_path / "out").exists()


def test_the_account_of_the_roads_is_in_the_manifest_and_the_findings(study, tmp_path):
    roads = [*every(), (stretch(0, 1), {"etat_de_l_objet": "En projet"}),
             (stretch(0, 1), {"nature": "Téléphérique"})]  # fmt: skip
    config = study("bdtopo", "roads.gpkg", roads)
    out = tmp_path / "out"
    assert main(["diagnose", str(config), "-s", "creche", "-o", str(out), "-q"]) == 0
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (rows,) = [each for each in manifest["rows"] if each["table"] == "roads.gpkg"]
    assert rows == {"table": "roads.gpkg", "read": 6, "used": 4,
                    "set_aside": {"not_in_service": 1, "unknown_nature": 1}}  # fmt: skip
    told = (out / "constats.csv").read_text(encoding="utf-8-sig")
    assert "Téléphérique" in told


def test_the_same_file_gives_the_same_bytes(study, tmp_path):
    config = study("bdtopo", "roads.gpkg", every())
    outs = []
    for name in ("one", "two"):
        assert (
            main(["diagnose", str(config), "-s", "creche", "-o", str(tmp_path / name), "-q"]) == 0
        )
        outs.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert outs[0] == outs[1]
