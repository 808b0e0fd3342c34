"""What is packed never unpacks beyond its bound, whichever reader opens it."""

import gzip
import io
import zipfile

import pytest

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import UnreadableFileError
from ctg_geo.sources.files import read_layer, read_table
from ctg_geo.sources.guards import STREAM, Bound, check_member, gunzipped
from ctg_geo.sources.official.bpe_file import pick
from ctg_geo.sources.official.bulk import read_bulk

SOURCE = TableSource(path="a", provider="a", licence="a", vintage="2024")
ZEROS = 12_000_000  # above what is let through at any ratio


def zipped(entries):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return made.getvalue()


def sheet(rows):
    return b"<worksheet><sheetData>" + b"<row/>" * rows + b"</sheetData></worksheet>"


def bulk(path, source):
    return read_bulk(path, source, choose=lambda there: dict.fromkeys(there, there[0]), keep=None)


def bpe(path, source):
    return pick(path, source, types=["D502"], codes=["26362"], columns=[])


@pytest.mark.parametrize(
    ("name", "content", "read", "reason"),
    [
        ("a.xlsx", zipped({"xl/worksheets/sheet1.xml": sheet(2_000_000)}), read_table,
         "import_bomb"),
        ("a.xlsx", zipped({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
         read_table, "import_xml"),
        ("a.csv.gz", gzip.compress(b"a;b\n" + b"0;0\n" * (ZEROS // 4)), read_table, "bomb"),
        ("a.geojson.gz", gzip.compress(b"{" + b" " * ZEROS), read_layer, "bomb"),
        ("a.zip", zipped({"a.csv": b"a;b\n" + b"0;0\n" * (ZEROS // 4)}), bulk, "bomb"),
        ("a.csv.gz", gzip.compress(b"a;b\n" + b"0;0\n" * (ZEROS // 4)), bulk, "bomb"),
        ("a.csv.gz", gzip.compress(b"a" * ZEROS), bulk, "bomb"),
        ("a.csv.gz", gzip.compress(b"DEPCOM;TYPEQU\n" + b"0;0\n" * (ZEROS // 4)), bpe, "bomb"),
    ],
)  # fmt: skip
def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path, name, content, read, reason):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableFileError) as caught:
        read(tmp_path / name, SOURCE)
    assert caught.value.reason == reason
    assert caught.value.explain()


def test_national_files_are_large_and_read():
    part = zipfile.ZipInfo("base.csv")
    part.file_size, part.compress_size = 500_000_000, 60_000_000
    check_member(part, "base.zip", STREAM)


def test_the_last_byte_allowed_is_read_and_the_next_is_not(tmp_path):
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"x" * 5_000))
    with gunzipped(path, Bound(5_000, 1_000, 1_000)) as stream:
        assert stream.read() == b"x" * 5_000
    with (
        pytest.raises(UnreadableFileError),
        gunzipped(path, Bound(4_999, 1_000, 1_000)) as stream,
    ):
        stream.read()


@pytest.mark.parametrize("cut", [10, -3])
def test_a_cut_gzip_is_said_to_be_cut(tmp_path, cut):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a;b\n" * 1_000)[:cut])
    with pytest.raises(UnreadableFileError) as caught:
        read_table(path, SOURCE)
    assert caught.value.reason == "gz_short"
