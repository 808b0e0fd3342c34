"""`ctg-geo fetch`: roads come from a server on this machine, or a French sentence says why not."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import osmnx as ox
import pytest
from pyproj import Transformer
from shapely.geometry import box

import petit_pays as pp
from ctg_geo import open_study
from ctg_geo.cli import main
from ctg_geo.errors import FetchError, UnreadableFileError
from ctg_geo.sources import fetch_osm, read_osm

STUDY = pp.STUDY[: pp.STUDY.index("[roads.line]")].replace('roads = "line"', 'roads = "osm"')
ROADS = """
[roads.osm]
kind = "osm"
path = "routes/{file}"
provider = "OpenStreetMap contributors"
licence = "ODbL 1.0"
vintage = "2026-11"
"""
TO_DEGREES = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True)


def elements():
    """Return the road of Petit Pays in two ways, with signals, and a turn restriction."""
    found = []
    for k in range(len(pp.CODES)):
        lon, lat = TO_DEGREES.transform(pp.X0 + pp.STEP * k, pp.Y0)
        found.append({"type": "node", "id": k + 1, "lon": round(lon, 7), "lat": round(lat, 7)})
    found[1]["tags"] = {"highway": "traffic_signals"}
    tags = {"highway": "tertiary", "maxspeed": "60", "name": "Rue de l'Évêché & Cie"}
    found.append({"type": "way", "id": 20, "nodes": [1, 2, 3], "tags": tags})
    found.append({"type": "way", "id": 10, "nodes": [3, 4, 5], "tags": tags})
    return found


RESTRICTION = {
    "type": "relation", "id": 7, "tags": {"type": "restriction", "restriction": "no_u_turn"},
    "members": [{"type": "way", "ref": 10, "role": "from"},
                {"type": "node", "ref": 3, "role": "via"},
                {"type": "way", "ref": 10, "role": "to"}],
}  # fmt: skip


class Overpass(BaseHTTPRequestHandler):
    """A server that answers as Overpass does; its class attributes say how."""

    asked: tuple[str, ...] = ()
    answer: dict = {}  # noqa: RUF012  (set anew by each test)
    broken_after: int | None = None
    status = 200

    def do_GET(self):
        lines = (b"Connected as: 1", b"Time: x", b"Endpoint: x", b"Rate limit: 2",
                 b"2 slots available now.", b"")  # fmt: skip
        self._send(self.status, b"\n".join(lines))

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        query = parse_qs(self.rfile.read(size).decode())["data"][0]
        kind = type(self)
        if kind.broken_after is not None and len(kind.asked) >= kind.broken_after:
            self._send(400, b"no")
            return
        kind.asked += (query,)
        self._send(200, json.dumps(self._answered(query)).encode())

    def _answered(self, query):
        found = [RESTRICTION] if "restriction" in query else []
        found = elements() if '["highway"]' in query else found
        base = {"osm3s": {"timestamp_osm_base": "2026-11-24T20:21:40Z"}, "elements": found}
        return base | type(self).answer

    def _send(self, code, content):
        self.send_response(code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch, tmp_path):
    """Start a server, and have osmnx ask it; return its handler."""
    handler = type("Handler", (Overpass,), {"asked": ()})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    url = f"http://127.0.0.1:{running.server_address[1]}/api"
    monkeypatch.setattr(ox.settings, "overpass_url", url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path / "cache"))
    yield handler
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def no_network(monkeypatch, tmp_path):
    monkeypatch.setattr(ox.settings, "overpass_url", "http://127.0.0.1:9/api")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def config(tmp_path):
    def go(file="roads.osm"):
        return pp.write(tmp_path / "pays", study=STUDY + ROADS.format(file=file))

    return go


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("file", ["roads.osm", "roads.osm.gz", "roads.osm.bz2", "roads.osm.pbf"])
def test_roads_that_are_not_there_are_fetched_and_serve_the_study(config, file, capsys):
    path = config(file)
    assert main(["fetch", str(path)]) == 0
    said = plain(capsys.readouterr().out)
    assert f"{file} téléchargé (2 voies, 5 nœuds, 1 interdiction" in said
    assert "2026-11-24" in said
    table = open_study(path).diagnose("creche").communes
    for code in pp.CODES[:4]:
        assert table.loc[code, "access_per_100"] == pytest.approx(100 * pp.ACCESS[code], rel=1e-6)


@pytest.mark.usefixtures("server")
def test_what_comes_is_kept_as_it_is(config):
    path = config()
    assert main(["fetch", str(path), "-q"]) == 0
    file = path.parent / "routes" / "roads.osm"
    read = read_osm(file, crs="EPSG:2154")
    assert set(read.edges["name"]) == {"Rue de l'Évêché & Cie"}
    assert read.edges["way_id"].tolist() == [10, 20, 20]  # cut at the signals
    assert read.report.restrictions == {"no_u_turn": 1}
    assert [each.name for each in file.parent.iterdir()] == ["roads.osm"]


def test_the_whole_area_is_asked_for_with_its_margin(server, config):
    assert main(["fetch", str(config()), "-q"]) == 0
    spots = [
        (float(lon), float(lat))
        for query in server.asked
        for points in re.findall(r"poly:'([^']+)'", query)
        for lat, lon in re.findall(r"([-\d.]+) ([-\d.]+)", points)
    ]
    half, margin = pp.STEP / 2, 5000
    for k, side in ((0, -1), (len(pp.CODES) - 1, 1)):
        x = pp.X0 + pp.STEP * k + side * (half + margin)
        lon, _ = TO_DEGREES.transform(x, pp.Y0)
        furthest = (min if side < 0 else max)(spot[0] for spot in spots)
        assert furthest == pytest.approx(lon, abs=0.02)


def test_a_file_that_is_there_is_never_replaced(server, config, capsys):
    path = config()
    file = path.parent / "routes" / "roads.osm"
    file.parent.mkdir()
    file.write_text("mine")
    assert main(["fetch", str(path)]) == 0
    assert "est déjà là" in plain(capsys.readouterr().out)
    assert file.read_text() == "mine"
    assert server.asked == ()


@pytest.mark.usefixtures("no_network")
def test_without_a_network_a_sentence_says_where_to_put_a_file(config, capsys):
    path = config("roads.osm.pbf")
    assert main(["fetch", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    assert "injoignable" in said
    assert "télécharger à la main un extrait OpenStreetMap" in said
    assert str(path.parent / "routes" / "roads.osm.pbf") in said
    assert not (path.parent / "routes").exists()


def test_a_download_that_breaks_goes_on_where_it_stopped(server, config, tmp_path, capsys):
    path = config()
    server.broken_after = 4
    assert main(["fetch", str(path)]) == 1
    assert "Réessayer plus tard" in plain(capsys.readouterr().err)
    assert not (path.parent / "routes").exists()
    first = server.asked
    kept = next((tmp_path / "cache" / "overpass").rglob("*.json"))
    kept.write_text(kept.read_text()[:50])  # the disk was full
    server.broken_after = None
    assert main(["fetch", str(path), "-q"]) == 0
    assert len(first) == 4
    assert len(server.asked) - len(set(server.asked)) == 1  # the answer that was cut
    assert not list((tmp_path / "cache").rglob("*.json"))
    assert (path.parent / "routes" / "roads.osm").is_file()


def test_an_answer_that_is_not_whole_is_refused_and_asked_for_again(server, config, capsys):
    path = config()
    server.answer = {"remark": "runtime error: Query timed out"}
    assert main(["fetch", str(path)]) == 1
    said = plain(capsys.readouterr().err)
    assert "(0 réponse entière sur 3)" in said
    assert not (path.parent / "routes").exists()
    server.answer = {}
    assert main(["fetch", str(path), "-q"]) == 0


def test_an_area_without_a_road_is_told(server, config, capsys):
    server.answer = {"elements": []}
    path = config()
    assert main(["fetch", str(path)]) == 1
    assert "aucune route" in plain(capsys.readouterr().err)
    assert not (path.parent / "routes").exists()


@pytest.mark.usefixtures("no_network")
def test_a_study_without_openstreetmap_roads_has_nothing_to_fetch(tmp_path, capsys):
    assert main(["fetch", str(pp.write(tmp_path / "pays"))]) == 0
    assert "Rien à télécharger" in plain(capsys.readouterr().out)


@pytest.mark.usefixtures("no_network")
def test_a_name_of_no_format_or_a_file_that_is_there_is_refused(tmp_path):
    area = box(4.9, 44.9, 5.0, 45.0)
    with pytest.raises(UnreadableFileError, match=r"roads\.zip"):
        fetch_osm(area, tmp_path / "roads.zip")
    (tmp_path / "roads.osm").write_text("mine")
    with pytest.raises(FetchError, match="never replaces"):
        fetch_osm(area, tmp_path / "roads.osm")


@pytest.mark.usefixtures("server")
def test_settings_of_osmnx_are_left_as_they_were(config):
    names = [name for name in dir(ox.settings) if not name.startswith("_")]
    before = {name: getattr(ox.settings, name) for name in names}
    assert main(["fetch", str(config()), "-q"]) == 0
    assert {name: getattr(ox.settings, name) for name in names} == before


def test_a_server_that_does_not_tell_its_state_is_asked_all_the_same(server, config, monkeypatch):
    monkeypatch.setattr(ox.settings, "overpass_rate_limit", False)
    server.status = 404
    assert main(["fetch", str(config()), "-q"]) == 0


def test_a_study_whose_roads_are_not_there_yet_names_the_command(config, capsys):
    assert main(["check", str(config())]) == 1
    assert "ctg-geo fetch" in plain(capsys.readouterr().err)
