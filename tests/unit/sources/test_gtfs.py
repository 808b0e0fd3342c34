"""A GTFS feed in the exact format of the specification, whole, wrong and hostile."""

import datetime as dt
import zipfile

import numpy as np
import pytest
import shapely

import feeds
from ctg_geo.errors import MissingColumnError, MissingFileError, UnreadableFileError
from ctg_geo.network import running
from ctg_geo.sources import read_gtfs, usual_day

CRS = "EPSG:2154"
WEDNESDAY = dt.date(2026, 1, 14)


def said(feed):
    """Return the findings in words, with plain blanks and apostrophes."""
    plain = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'"})
    return [one.explain().translate(plain) for one in feed.findings]


def read(tmp_path, **changed):
    return read_gtfs(feeds.zipped(tmp_path / "bus.zip", **changed), crs=CRS)


def rides(feed, day):
    """Return the rides of a day as stop names and minutes."""
    timetable, _ = running([feed], day, crs=CRS, on_demand=False)
    names, hops = timetable.stops["name"].to_numpy(), timetable.hops
    return sorted(
        (names[tail], leaves / 60_000, names[head], arrives / 60_000)
        for tail, leaves, head, arrives in zip(
            hops.tail, hops.departure_ms, hops.head, hops.arrival_ms, strict=True)
    )  # fmt: skip


def test_a_feed_runs_as_its_tables_say(tmp_path):
    feed = read(tmp_path)
    assert rides(feed, WEDNESDAY) == [
        ("Alpe", 820, "Brive", 830), ("Brive", 830, "Combe, mairie", 840),
        ("Combe, mairie", 1020, "Alpe", 1040),
    ]  # fmt: skip
    assert feed.valid == (dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    assert dict(feed.stops["station"]) == {"A": "S1", "B": "", "C": ""}
    assert any("1 heure de passage absente" in each for each in said(feed))


def test_zip_in_a_folder_of_its_own_and_plain_folder_are_the_same_feed(tmp_path):
    feed = read(tmp_path)
    inner = read_gtfs(feeds.zipped(tmp_path / "inner.zip", inside="export/"), crs=CRS)
    plain = read_gtfs(feeds.folder(tmp_path / "plain"), crs=CRS)
    for other in (inner, plain):
        assert rides(other, WEDNESDAY) == rides(feed, WEDNESDAY)


def test_exceptions_of_the_calendar_take_away_and_add(tmp_path):
    feed = read(tmp_path)
    assert rides(feed, dt.date(2026, 1, 7)) == []
    assert ("Alpe", 1510, "Combe, mairie", 1530) in rides(feed, dt.date(2026, 1, 10))


def test_times_beyond_midnight_run_on_the_next_day_too(tmp_path):
    feed = read(tmp_path)
    saturday = dt.date(2026, 1, 17)  # the night trip is that of Friday
    assert rides(feed, saturday) == [("Alpe", 70, "Combe, mairie", 90)]


def test_frequencies_repeat_a_trip_until_before_their_end(tmp_path):
    often = "trip_id,start_time,end_time,headway_secs,exact_times\nT2,08:00:00,09:00:00,1800,1\n"
    found = rides(read(tmp_path, frequencies=often), WEDNESDAY)
    assert [ride for ride in found if ride[0] == "Combe, mairie" and ride[1] < 1440] == [
        ("Combe, mairie", 480, "Alpe", 500), ("Combe, mairie", 510, "Alpe", 530),
    ]  # fmt: skip


def test_void_times_follow_the_distance_where_all_calls_have_one(tmp_path):
    times = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"
        "T1,13:40:00,13:40:00,A,1,0\nT1,,,B,5,3000\nT1,14:00:00,14:00:00,C,9,4000\n"
    )
    assert ("Alpe", 820, "Brive", 835) in rides(read(tmp_path, stop_times=times), WEDNESDAY)


@pytest.mark.parametrize(
    ("table", "old", "new", "told"),
    [
        ("stop_times", "T2,17:20:00,17:20:00", "T2,16:20:00,16:20:00", "« 16:20:00 » est avant"),
        ("stop_times", "T2,17:20:00,17:20:00", "T2,17h20,17h20", "« 17h20 » n'est pas une heure"),
        ("stop_times", "17:20:00,A,2", "17:20:00,Z,2", "« Z » n'est pas dans stops.txt"),
        ("stop_times", "17:20:00,A,2", "17:20:00,S1,2", "« S1 » n'est pas un arrêt"),
        ("stop_times", "T2,17:20:00,17:20:00", "T2,,", "au premier ou au dernier arrêt"),
        ("stop_times", "17:20:00,A,2", "17:20:00,A,1", "« 1 » sert deux fois"),
        ("trips", "L1,ecole,T2", "L9,ecole,T2", "« L9 » n'est pas dans routes.txt"),
        ("trips", "L1,ecole,T2", "L1,vacances,T2", "« vacances » n'a de jours"),
    ],
)
def test_a_wrong_row_is_told_and_its_trip_alone_left_out(tmp_path, table, old, new, told):
    wrong = feeds.FEED[f"{table}.txt"].replace(old, new)
    feed = read(tmp_path, **{table: wrong})
    assert [ride[0] for ride in rides(feed, WEDNESDAY)] == ["Alpe", "Brive"]
    message = next(each for each in said(feed) if f"bus.zip/{table}.txt" in each)
    assert told in message
    assert "ligne" in message


def test_a_table_of_stops_without_a_row_is_told_in_words(tmp_path):
    titles = feeds.FEED["stops.txt"].splitlines()[0] + "\n"
    with pytest.raises(UnreadableFileError) as caught:
        read(tmp_path, stops=titles)
    assert "bus.zip" in caught.value.explain()


def test_rows_in_are_rows_used_and_rows_told(tmp_path):
    wrong = feeds.FEED["stop_times.txt"].replace("T2,17:20:00,17:20:00", "T2,?,?")
    feed = read(tmp_path, stop_times=wrong)
    of_stops, of_trips = feed.ledgers
    assert (of_stops.read, of_stops.used, dict(of_stops.set_aside)) == (4, 3, {"gtfs_no_stop": 1})
    assert (of_trips.read, of_trips.used, dict(of_trips.set_aside)) == (3, 2, {"gtfs_bad_times": 1})


def test_stops_outside_the_area_are_left_and_ridden_through(tmp_path):
    path = feeds.zipped(tmp_path / "bus.zip")
    ends = shapely.union_all(
        [shapely.box(4.89, 44.9, 4.91, 45.1), shapely.box(4.99, 44.9, 5.1, 45.1)]
    )
    feed = read_gtfs(path, crs=CRS, area=ends)
    assert rides(feed, WEDNESDAY) == [
        ("Alpe", 820, "Combe, mairie", 840), ("Combe, mairie", 1020, "Alpe", 1040),
    ]  # fmt: skip


def test_trips_to_be_booked_are_not_counted_unless_asked(tmp_path):
    routes = feeds.FEED["routes.txt"].replace(",3\n", ",715\n")
    feed = read(tmp_path, routes=routes)
    timetable, booked = running([feed], WEDNESDAY, crs=CRS, on_demand=False)
    assert (len(timetable.hops), booked) == (0, 2)
    timetable, booked = running([feed], WEDNESDAY, crs=CRS, on_demand=True)
    assert (len(timetable.hops), booked) == (3, 0)


def test_no_pickup_means_nobody_gets_on(tmp_path):
    times = feeds.FEED["stop_times.txt"].replace("C,1,0,0", "C,1,1,0")
    timetable, _ = running([read(tmp_path, stop_times=times)], WEDNESDAY, crs=CRS, on_demand=False)
    hops = timetable.hops
    assert not hops.boards[hops.departure_ms == 1020 * 60_000].any()


def test_a_station_stands_for_its_stops_in_transfers(tmp_path):
    transfers = ("from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
                 "S1,B,2,120\nB,S1,3,\nC,C,1,\nC,B,4,\nC,Z,2,60\n")  # fmt: skip
    feed = read(tmp_path, transfers=transfers)
    names = feed.stops.index.to_numpy()
    found = {(names[a], names[b]): least for a, b, least in feed.changes.to_numpy()}
    assert found == {("A", "B"): 120_000, ("B", "A"): -1, ("C", "C"): 0}
    assert any("« Z » n'est pas dans stops.txt" in each for each in said(feed))
    assert dict(feed.ledgers[2].set_aside) == {"transfer_narrow": 1, "gtfs_bad_row": 1}


def test_the_usual_day_is_that_on_which_most_often_the_same_runs(tmp_path):
    calendar = read(tmp_path).calendar
    holidays = [(dt.date(2026, 2, 7), dt.date(2026, 2, 22))]
    given = {"within": [None], "free": holidays}
    assert usual_day([calendar], "wednesday", **given, holidays=False) == WEDNESDAY
    assert usual_day([calendar], "wednesday", **given, holidays=True) == dt.date(2026, 2, 11)
    assert usual_day([calendar], "sunday", **given, holidays=False) is None
    march = {"within": [(dt.date(2026, 3, 1), dt.date(2026, 3, 31))], "free": ()}
    assert usual_day([calendar], "wednesday", **march, holidays=False) == dt.date(2026, 3, 4)


def test_a_feed_without_a_table_it_needs_says_which(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"trips\.txt"):
        read(tmp_path, trips="")
    with pytest.raises(UnreadableFileError, match=r"calendar\.txt"):
        read(tmp_path, calendar="", calendar_dates="")


def test_a_table_without_a_column_it_needs_says_which(tmp_path):
    times = feeds.FEED["stop_times.txt"].replace("stop_sequence", "ordre")
    with pytest.raises(MissingColumnError, match="stop_sequence"):
        read(tmp_path, stop_times=times)


def test_what_is_no_zip_or_is_cut_is_refused(tmp_path):
    path = feeds.zipped(tmp_path / "bus.zip")
    whole = path.read_bytes()
    for content in (b"no zip", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(UnreadableFileError, match=r"bus\.zip"):
            read_gtfs(path, crs=CRS)


def test_a_bomb_is_refused_unread(tmp_path):
    path = tmp_path / "bus.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for name, text in feeds.FEED.items():
            box.writestr(name, text + (" " * 40_000_000 if name == "stops.txt" else ""))
    with pytest.raises(UnreadableFileError, match=r"stops\.txt"):
        read_gtfs(path, crs=CRS)


def test_names_in_a_zip_never_become_paths(tmp_path):
    (tmp_path / "home").mkdir()
    path = tmp_path / "home" / "bus.zip"
    with zipfile.ZipFile(path, "w") as box:
        for name, text in feeds.FEED.items():
            box.writestr(f"../../{name}", text)
    before = sorted(tmp_path.rglob("*"))
    read_gtfs(path, crs=CRS)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_out_of_a_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.txt").write_text(feeds.FEED["trips.txt"], encoding="utf-8")
    home = feeds.folder(tmp_path / "bus", trips="")
    (home / "trips.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(UnreadableFileError, match=r"trips\.txt"):
        read_gtfs(home, crs=CRS)


def test_order_of_rows_changes_nothing(tmp_path):
    lines = feeds.FEED["stop_times.txt"].splitlines(keepends=True)
    shuffled = [lines[0], *np.random.default_rng(1).permutation(lines[1:])]
    feed = read(tmp_path)
    other = read_gtfs(feeds.zipped(tmp_path / "x.zip", stop_times="".join(shuffled)), crs=CRS)
    assert rides(other, WEDNESDAY) == rides(feed, WEDNESDAY)


def test_tables_without_rows_are_read_as_none(tmp_path):
    head = feeds.FEED["calendar.txt"].splitlines()[0] + "\n"
    feed = read(tmp_path, calendar=head, feed_info="feed_publisher_name\n",
                calendar_dates="service_id,date,exception_type\necole,20260114,1\n")  # fmt: skip
    assert [ride[0] for ride in rides(feed, WEDNESDAY)] == ["Alpe", "Brive", "Combe, mairie"]
    assert rides(feed, dt.date(2026, 1, 15)) == []
    assert feed.valid == (WEDNESDAY, WEDNESDAY)


def test_a_feed_that_says_no_day_it_holds_for_holds_when_it_runs(tmp_path):
    wrong = feeds.FEED["feed_info.txt"].replace("20260101", "soon")
    assert read(tmp_path, feed_info=wrong).valid == (dt.date(2026, 1, 1), dt.date(2026, 6, 30))


def test_no_file_and_no_trip_of_any_stop_are_told(tmp_path):
    with pytest.raises(MissingFileError, match=r"none\.zip"):
        read_gtfs(tmp_path / "none.zip", crs=CRS)
