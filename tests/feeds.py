"""GTFS feeds as providers write them, made small."""

import zipfile
from pathlib import Path

__all__ = ["FEED", "folder", "zipped"]

FEED = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n"
                  "1,Bus du Pays,https://bus.example,Europe/Paris\n",
    "feed_info.txt": "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,"
                     "feed_end_date,feed_version\n"
                     "Bus du Pays,https://bus.example,fr,20260101,20260630,1\n",
    "stops.txt": "stop_id,stop_code,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
                 "S1,,Gare,45.0000,4.9000,1,\n"
                 "A,,Alpe,45.0000,4.9000,0,S1\n"
                 "B,,Brive,45.0000,4.9500,0,\n"
                 'C,,"Combe, mairie",45.0000,5.0000,,\n',
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\n"
                  "L1,1,1,Alpe - Combe,3\n",
    "trips.txt": "route_id,service_id,trip_id,trip_headsign,direction_id,block_id,shape_id\n"
                 "L1,ecole,T1,Combe,0,,\n"
                 "L1,ecole,T2,Alpe,1,,\n"
                 "L1,nuit,T3,Combe,0,,\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,"
                      "drop_off_type,timepoint\n"
                      "T1,13:40:00,13:40:00,A,1,0,0,1\n"
                      "T1,,,B,2,0,0,0\n"
                      "T1,14:00:00,14:00:00,C,3,0,0,1\n"
                      "T2,17:00:00,17:00:00,C,1,0,0,1\n"
                      "T2,17:20:00,17:20:00,A,2,0,0,1\n"
                      "T3,25:10:00,25:10:00,A,1,0,0,1\n"
                      "T3,25:30:00,25:30:00,C,2,0,0,1\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
                    "start_date,end_date\n"
                    "ecole,1,1,1,1,1,0,0,20260101,20260630\n"
                    "nuit,0,0,0,0,1,0,0,20260101,20260630\n",
    "calendar_dates.txt": "service_id,date,exception_type\n"
                          "ecole,20260107,2\n"
                          "nuit,20260110,1\n",
}  # fmt: skip


def folder(path: Path, **changed: str) -> Path:
    """Write the feed, some tables changed, as a folder; a table of "" is left out."""
    path.mkdir()
    for name, text in {**FEED, **{f"{key}.txt": text for key, text in changed.items()}}.items():
        if text:
            (path / name).write_text(text, encoding="utf-8")
    return path


def zipped(path: Path, *, inside: str = "", **changed: str) -> Path:
    """Write the feed as a zip, in a folder of it if asked."""
    tables = {**FEED, **{f"{key}.txt": text for key, text in changed.items()}}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for name, text in tables.items():
            if text:
                box.writestr(inside + name, text)
    return path
