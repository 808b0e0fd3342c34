"""Petit Pays by bus: who reaches the desk of Alpe and comes home, every time worked out by hand.

On foot nobody changes commune (10 km). The desk stands in Alpe, stops at the chefs-lieux:

- Brive 13:40 -> Alpe 14:00, and back Alpe 17:00 -> Brive 17:20
- Combe 13:40 -> Alpe 14:20, and no bus back
- Dune has none

Inhabitants: 1000 in Alpe, 500 in Brive, 40 in Combe, 300 in Dune.
"""

import pytest
from pyproj import Transformer

import feeds
import petit_pays
from ctg_geo.errors import ConfigError, MissingFileError
from ctg_geo.study import open_study, write_calibration
from ctg_geo.study.chapters import chapters_of

PROFILES = (
    petit_pays.PROFILES
    + """
[profiles.foot]
label = "À pied"
mode = "foot"
default_kmh = 5
use_stated = false
source = "test"

[profiles.bus]
label = "Bus"
mode = "foot"
default_kmh = 5
use_stated = false
source = "test"
transit = { access_min = 10, change_walk_min = 5, change_min = 1 }
"""
)
TRANSIT = """
[[sources.transit]]
path = "bus.zip"
provider = "Bus du Pays"
licence = "test"
vintage = "2026"
note = "sur le site"
optional = true

[transit.outings.mercredi]
label = "mercredi"
weekday = "wednesday"
leave_from = "13:30"
leave_until = "14:30"
percentile = 0
home_by = "18:00"
stay_min = 60

[transit.outings.aller]
label = "mercredi, aller seul"
weekday = "wednesday"
leave_from = "13:30"
leave_until = "14:30"
percentile = 0

[analyses.loin]
kind = "beyond_reach"
label = "Hors de portée"
demand = "population"
people_label = "habitants"
services = ["france_services"]
reach_min = { foot = 20, "bus.mercredi" = 45 }
source = "test"
"""


def stops():
    mover = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)
    lines = ["stop_id,stop_name,stop_lat,stop_lon"]
    for number, name in enumerate(petit_pays.NAMES[:4]):
        lon, lat = mover.transform(petit_pays.X0 + petit_pays.STEP * number, petit_pays.Y0)
        lines.append(f"{name[0]},{name},{lat:.6f},{lon:.6f}")
    return "\n".join(lines) + "\n"


TIMES = (
    "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "T1,13:40:00,13:40:00,B,1\nT1,14:00:00,14:00:00,A,2\n"
    "T2,17:00:00,17:00:00,A,1\nT2,17:20:00,17:20:00,B,2\n"
    "T3,13:40:00,13:40:00,C,1\nT3,14:20:00,14:20:00,A,2\n"
)
TRIPS = "route_id,service_id,trip_id\nL1,ecole,T1\nL1,ecole,T2\nL1,ecole,T3\n"


def study(folder, text=TRANSIT, *, with_feed=True):
    config = petit_pays.write(folder, study=petit_pays.STUDY + text, profiles=PROFILES)
    if with_feed:
        feeds.zipped(folder / "bus.zip", stops=stops(), stop_times=TIMES, trips=TRIPS)
    return open_study(config)


def told(chapter):
    plain = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'"})
    return "\n".join(chapter.lines).translate(plain)


def test_who_goes_by_bus_and_comes_back_is_within_reach(tmp_path):
    opened = study(tmp_path)
    (chapter,) = chapters_of(opened)
    table = chapter.sheets[0].table.set_index("code_insee")
    assert dict(table["beyond"]) == {"01001": 0, "01002": 0, "01003": 40, "2A004": 300}
    words = told(chapter)
    assert "Sans le bus, 840 habitants seraient hors de portée : il en rapproche 500" in words
    assert "mercredi (14/01/2026) : départ entre 13:30 et 14:30" in words
    assert "retour à la maison avant 18:00" in words
    assert any("bus.zip" in each.path for each in opened.inputs)
    assert chapter.drawn.named == ("2A004", "01003", "01001", "01002")  # the most left out first
    assert "Bus du Pays, 2026" in chapter.drawn.foot[-1]
    assert {each.table for each in opened.ledgers} >= {"bus.zip/stops.txt", "bus.zip/trips.txt"}


def test_without_a_way_back_asked_more_are_within_reach(tmp_path):
    opened = study(tmp_path, TRANSIT.replace('"bus.mercredi" = 45', '"bus.aller" = 45'))
    (chapter,) = chapters_of(opened)
    table = chapter.sheets[0].table.set_index("code_insee")
    assert dict(table["beyond"]) == {"01001": 0, "01002": 0, "01003": 0, "2A004": 300}


def test_without_its_file_the_chapter_names_it_and_tells_the_rest(tmp_path):
    (chapter,) = chapters_of(study(tmp_path, with_feed=False))
    words = told(chapter)
    assert "Bus du Pays, fichier bus.zip (sur le site)" in words
    assert "Ce nombre est donc un maximum" in words
    assert "840 habitants sur 1 840" in words


def test_a_bus_alone_without_its_file_leaves_a_chapter_that_says_so(tmp_path):
    text = TRANSIT.replace("foot = 20, ", "")
    (chapter,) = chapters_of(study(tmp_path, text, with_feed=False))
    assert "Bus du Pays, fichier bus.zip" in told(chapter)


def test_the_nearest_place_by_bus_is_a_mode_of_a_service(tmp_path):
    services = petit_pays.SERVICES.replace("max_min = 45", 'modes = ["bus.mercredi"]\nmax_min = 45')
    config = petit_pays.write(
        tmp_path, study=petit_pays.STUDY + TRANSIT, profiles=PROFILES, services=services
    )
    feeds.zipped(tmp_path / "bus.zip", stops=stops(), stop_times=TIMES, trips=TRIPS)
    minutes = open_study(config).diagnose("france_services").modes["bus.mercredi"]
    assert minutes["01001"] == 0
    assert minutes["01002"] == pytest.approx(20, abs=0.1)  # the stop is at the door
    assert minutes[["01003", "2A004"]].isna().all()


def test_a_bus_is_no_profile_of_a_diagnosis(tmp_path):
    services = petit_pays.SERVICES.replace("max_min = 45", 'profile = "bus"\nmax_min = 45')
    config = petit_pays.write(
        tmp_path, study=petit_pays.STUDY + TRANSIT, profiles=PROFILES, services=services
    )
    with pytest.raises(ConfigError, match="profile of public transport"):
        open_study(config)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('weekday = "wednesday"', "date = 2027-01-13", "hors des périodes"),
        ('weekday = "wednesday"', 'weekday = "sunday"', "aucun jour de ce genre"),
    ],
)
def test_a_day_that_no_timetable_covers_is_told(tmp_path, old, new, message):
    (chapter,) = chapters_of(study(tmp_path, TRANSIT.replace(old, new, 1)))
    assert message in told(chapter)


def test_an_outing_without_a_day_is_left_and_the_other_counts(tmp_path):
    text = TRANSIT.replace('"bus.mercredi" = 45', '"bus.mercredi" = 45, "bus.aller" = 45')
    i = text.index("[transit.outings.aller]")
    text = text[:i] + text[i:].replace('weekday = "wednesday"', 'weekday = "sunday"', 1)
    (chapter,) = chapters_of(study(tmp_path, text))
    words = told(chapter)
    assert "il en rapproche 500" in words
    assert "Une sortie n'est pas comptée" in words
    assert "Le bus n'est pas compté" not in words


def test_check_reads_the_timetables_and_says_the_day(tmp_path):
    opened = study(tmp_path)
    opened.transit.check()
    keys = [each.key for each in opened.transit.findings]
    assert keys.count("gtfs_day") == 2
    assert "gtfs_none" not in keys


def test_check_says_that_no_timetable_is_there(tmp_path):
    opened = study(tmp_path, with_feed=False)
    opened.transit.check()
    (finding,) = opened.transit.findings
    assert "bus.zip" in finding.explain()
    assert finding in opened.findings


def test_a_feed_that_must_be_there_is_an_error(tmp_path):
    opened = study(tmp_path, TRANSIT.replace("optional = true", ""), with_feed=False)
    with pytest.raises(MissingFileError, match=r"bus\.zip"):
        opened.transit.check()


def test_a_feed_as_a_folder_counts_as_its_zip(tmp_path):
    config = petit_pays.write(
        tmp_path, study=petit_pays.STUDY + TRANSIT.replace("bus.zip", "bus"), profiles=PROFILES
    )
    feeds.folder(tmp_path / "bus", stops=stops(), stop_times=TIMES, trips=TRIPS)
    opened = open_study(config)
    (chapter,) = chapters_of(opened)
    assert "il en rapproche 500" in told(chapter)
    (read,) = [each for each in opened.inputs if each.role == "transit 1"]
    assert len(read.sha256) == 64


def test_a_study_without_timetables_is_told_to_name_one(tmp_path):
    text = TRANSIT[TRANSIT.index("[analyses.loin]") :].replace("bus.mercredi", "bus")
    (chapter,) = chapters_of(study(tmp_path, text))
    assert "Ajouter au moins un fichier GTFS" in told(chapter)


def test_a_bus_is_not_calibrated(tmp_path):
    with pytest.raises(ConfigError, match="profile of public transport"):
        write_calibration(study(tmp_path), tmp_path / "out", profile="bus")
