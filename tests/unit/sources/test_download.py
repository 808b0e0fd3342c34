"""Downloads are whole or not at all; archives give one file, and no surprise."""

import gzip
import hashlib
import io
import stat
import struct
import zipfile

import pytest

from ctg_geo.errors import FetchError
from ctg_geo.sources import download, extract
from web import serving

CONTENT = bytes(range(256)) * 20_000  # 5 MB
PIECE = 1 << 16  # what is kept of a cut is whole pieces


@pytest.fixture
def site(monkeypatch):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with serving() as handler:
        handler.files = {"/data.bin": CONTENT}
        yield handler


def names(folder):
    return sorted(each.name for each in folder.iterdir()) if folder.exists() else []


def test_a_file_comes_whole_under_its_name_and_alone(site, tmp_path):
    target = tmp_path / "donnees" / "data.bin"
    download(f"{site.url}/data.bin", target, sha256=hashlib.sha256(CONTENT).hexdigest())
    assert target.read_bytes() == CONTENT
    assert names(target.parent) == ["data.bin"]


def test_a_cut_is_resumed_at_once_where_the_server_can(site, tmp_path):
    site.cuts = [20 * PIECE, 30 * PIECE + 7]
    target = tmp_path / "data.bin"
    download(f"{site.url}/data.bin", target)
    assert target.read_bytes() == CONTENT
    starts = [said for _, said in site.asked]
    assert starts == [None, f"bytes={20 * PIECE}-", f"bytes={50 * PIECE}-"]


def test_cut_again_and_again_the_next_call_goes_on(site, tmp_path):
    site.cuts = [16 * PIECE, 500]
    target = tmp_path / "data.bin"
    with pytest.raises(FetchError, match="1,048,576"):
        download(f"{site.url}/data.bin", target)
    assert not target.exists()
    assert names(tmp_path) == [".data.bin.json", ".data.bin.part"]
    download(f"{site.url}/data.bin", target)
    assert target.read_bytes() == CONTENT
    assert site.asked[-1][1] == f"bytes={16 * PIECE}-"
    assert names(tmp_path) == ["data.bin"]


def test_a_file_that_changed_meanwhile_is_taken_anew(site, tmp_path):
    site.cuts = [16 * PIECE, 0]
    target = tmp_path / "data.bin"
    with pytest.raises(FetchError):
        download(f"{site.url}/data.bin", target)
    site.files["/data.bin"], site.tag = b"new" * 1000, '"two"'
    download(f"{site.url}/data.bin", target)
    assert target.read_bytes() == b"new" * 1000


@pytest.mark.parametrize("how", ["no ranges", "weak tag"])
def test_where_a_server_cannot_resume_it_starts_again(site, tmp_path, how):
    site.cuts = [16 * PIECE, 20 * PIECE]
    site.ranges = how != "no ranges"
    site.tag = 'W/"weak"' if how == "weak tag" else site.tag
    target = tmp_path / "data.bin"
    download(f"{site.url}/data.bin", target)
    assert target.read_bytes() == CONTENT


def test_a_file_that_is_not_the_one_expected_is_refused_and_not_kept(site, tmp_path):
    target = tmp_path / "data.bin"
    with pytest.raises(FetchError, match="not the one expected"):
        download(f"{site.url}/data.bin", target, sha256="0" * 64)
    assert names(tmp_path) == []


def test_a_refusal_and_a_page_are_told_and_leave_nothing(site, tmp_path):
    with pytest.raises(FetchError, match="404"):
        download(f"{site.url}/none.bin", tmp_path / "none.bin")
    site.kind = "text/html; charset=utf-8"
    with pytest.raises(FetchError, match="gives a page"):
        download(f"{site.url}/data.bin", tmp_path / "data.bin")
    assert names(tmp_path) == []


def test_without_a_network_the_host_is_named(tmp_path):
    with pytest.raises(FetchError, match=r"127\.0\.0\.1:9 cannot be reached"):
        download("http://127.0.0.1:9/data.bin", tmp_path / "data.bin")
    assert names(tmp_path) == []


def test_a_gz_that_the_server_calls_an_encoding_stays_a_gz(site, tmp_path):
    site.files["/c.geojson.gz"] = gzip.compress(b"{}" * 1000)
    site.files["/c.csv"] = gzip.compress(b"a;b\n" * 1000)
    site.encoding = "gzip"
    download(f"{site.url}/c.geojson.gz", tmp_path / "c.geojson.gz")
    assert gzip.decompress((tmp_path / "c.geojson.gz").read_bytes()) == b"{}" * 1000
    download(f"{site.url}/c.csv", tmp_path / "c.csv")
    assert (tmp_path / "c.csv").read_bytes() == b"a;b\n" * 1000


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in members.items():
            box.writestr(name.replace("__", "/"), content)
    return path


def test_a_member_is_taken_by_its_path_or_its_bare_name_in_any_case(tmp_path):
    box = archive(tmp_path / "a.zip", **{"in__Table.CSV": b"1", "meta.csv": b"2"})
    for member in ("in/Table.CSV", "table.csv"):
        target = tmp_path / "out" / "table.csv"
        extract(box, member, target)
        assert target.read_bytes() == b"1"
        assert names(target.parent) == ["table.csv"]


def test_a_member_that_is_not_there_or_not_alone_is_refused_with_what_is(tmp_path):
    box = archive(tmp_path / "a.zip", **{"a__t.csv": b"1", "b__t.csv": b"2"})
    for member in ("none.csv", "t.csv"):
        with pytest.raises(FetchError, match=r"a/t\.csv, b/t\.csv"):
            extract(box, member, tmp_path / "t.csv")
    assert names(tmp_path) == ["a.zip"]


def test_a_path_that_climbs_out_is_never_followed(tmp_path):
    inner = tmp_path / "deep" / "er"
    inner.mkdir(parents=True)
    box = archive(inner / "a.zip", **{"..__..__evil.csv": b"x", "t.csv": b"1"})
    extract(box, "evil.csv", inner / "t.csv")
    assert names(inner) == ["a.zip", "t.csv"]
    assert names(tmp_path) == ["deep"]


def test_bombs_links_and_secrets_are_refused(tmp_path):
    bomb = archive(tmp_path / "bomb.zip", **{"t.csv": b"0" * 30_000_000})
    with pytest.raises(FetchError, match="far too large"):
        extract(bomb, "t.csv", tmp_path / "t.csv")
    with pytest.raises(FetchError, match="far too large"):
        extract(archive(tmp_path / "b.zip", **{"t.csv": b"12345"}), "t.csv",
                tmp_path / "t.csv", largest=4)  # fmt: skip
    link = zipfile.ZipInfo("t.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as box:
        box.writestr(link, "/etc/passwd")
    with pytest.raises(FetchError, match="no regular file"):
        extract(tmp_path / "link.zip", "t.csv", tmp_path / "t.csv")
    assert not (tmp_path / "t.csv").exists()


def test_a_member_that_lies_about_its_size_is_refused(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("t.csv", b"0123456789" * 1000)
    content = bytearray(made.getvalue())
    at = content.rindex(b"PK\x01\x02")  # the entry of the directory
    content[at + 24 : at + 28] = struct.pack("<I", 100)  # its size, uncompressed
    path = tmp_path / "lies.zip"
    path.write_bytes(bytes(content))
    with pytest.raises(FetchError):
        extract(path, "t.csv", tmp_path / "t.csv")
    assert names(tmp_path) == ["lies.zip"]


@pytest.mark.parametrize("length", [10, 2000])
def test_a_damaged_archive_is_told(tmp_path, length):
    box = archive(tmp_path / "a.zip", **{"t.csv": bytes(range(256)) * 100})
    whole = box.read_bytes()
    box.write_bytes(whole[:length] if length < 100 else whole[:60] + b"\0" * 40 + whole[100:])
    with pytest.raises(FetchError, match="damaged"):
        extract(box, "t.csv", tmp_path / "t.csv")
    assert names(tmp_path) == ["a.zip"]
