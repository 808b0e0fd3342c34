"""Kept hierarchies: the right arrays or none, with a warning; never an error, never others."""

import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctg_geo.travel.hierarchy import store

ARRAYS = {
    "above": np.arange(5000, dtype=np.int32),
    "first": np.array([0, 3, 2**40], dtype=np.int64),
    "none": np.zeros(0, dtype=np.int32),
}
PARTS = tuple(ARRAYS)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def the_file(folder):
    (path,) = folder.glob("*.hierarchy")
    return path


def equal(found):
    return found is not None and all(np.array_equal(found[key], ARRAYS[key]) for key in PARTS)


def refused(caplog, name="one", parts=PARTS):
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="ctg_geo"):
        found = store.load(name, parts)
    return found is None and "computed again" in caplog.text


@pytest.mark.usefixtures("folder")
def test_what_was_saved_is_read_back_type_by_type():
    store.save("one", ARRAYS)
    found = store.load("one", PARTS)
    assert equal(found)
    assert [found[key].dtype for key in PARTS] == [np.int32, np.int64, np.int32]


@pytest.mark.usefixtures("folder")
def test_what_was_never_saved_is_absent_without_a_word(caplog):
    assert store.load("one", PARTS) is None
    assert caplog.text == ""
    assert not store.kept("one")


@pytest.mark.usefixtures("folder")
@given(st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_one_altered_byte_anywhere_is_refused(data):
    store.save("one", ARRAYS)
    path = the_file(store.folder())
    content = bytearray(path.read_bytes())
    where = data.draw(st.integers(0, len(content) - 1))
    content[where] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    found = store.load("one", PARTS)
    # a byte of the padding between the head and the arrays says nothing
    assert found is None or equal(found)


@pytest.mark.parametrize("where", ["arrays", "magic", "length", "head"])
def test_a_byte_that_matters_is_refused_with_a_warning(folder, caplog, where):
    store.save("one", ARRAYS)
    path = the_file(folder)
    content = bytearray(path.read_bytes())
    content[{"arrays": len(content) - 200, "magic": 1, "length": 9, "head": 40}[where]] ^= 0x41
    path.write_bytes(content)
    assert refused(caplog)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.999])
def test_a_file_cut_short_is_refused_with_a_warning(folder, caplog, share):
    store.save("one", ARRAYS)
    path = the_file(folder)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert refused(caplog)


def test_a_file_with_something_added_is_refused(folder, caplog):
    store.save("one", ARRAYS)
    with the_file(folder).open("ab") as file:
        file.write(b"more")
    assert refused(caplog)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"ctg-geo\x01" + bytes(500)])
def test_what_is_no_file_of_ours_is_refused(folder, caplog, content):
    folder.mkdir()
    (folder / "one.hierarchy").write_bytes(content)
    assert refused(caplog)


def test_the_file_of_another_network_under_this_name_is_refused(folder, caplog):
    store.save("other", ARRAYS)
    the_file(folder).rename(folder / "one.hierarchy")
    assert refused(caplog)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("parts", [PARTS[:2], (*PARTS, "more"), PARTS[::-1]])
def test_a_file_of_other_arrays_is_refused(caplog, parts):
    store.save("one", ARRAYS)
    assert refused(caplog, parts=parts)


def test_a_head_that_lies_about_its_arrays_is_refused(folder, caplog):
    store.save("one", ARRAYS)
    path = the_file(folder)
    content = path.read_bytes()
    assert content.count(b'"size": 5000') == 1
    path.write_bytes(content.replace(b'"size": 5000', b'"size": 9999'))
    assert refused(caplog)


def test_a_folder_one_cannot_write_to_is_told_and_costs_nothing_else(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("CTG_GEO_CACHE", str(tmp_path / "file" / "kept"))
    store.save("one", ARRAYS)
    assert "not written" in caplog.text
    assert store.load("one", PARTS) is None


def test_a_disk_that_fills_up_leaves_nothing_behind(folder, monkeypatch, caplog):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.Path, "replace", full)
    store.save("one", ARRAYS)
    assert "not written" in caplog.text
    assert list(folder.iterdir()) == []


def test_an_interruption_leaves_nothing_behind_and_goes_on_up(folder, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(store.Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        store.save("one", ARRAYS)
    assert list(folder.iterdir()) == []


KILLED = """
import os, signal
import numpy as np
from ctg_geo.travel.hierarchy import store
store.Path.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
store.save("one", {"above": np.arange(5000, dtype=np.int32)})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_process_killed_while_writing_leaves_no_file_of_this_name(folder):
    run = subprocess.run([sys.executable, "-c", KILLED], env=os.environ, check=False)
    assert run.returncode == -9
    assert [path.suffix for path in folder.iterdir()] == [".part"]
    assert store.load("one", PARTS) is None
    store.save("one", ARRAYS)
    assert equal(store.load("one", PARTS))


def test_parts_left_by_the_dead_are_cleared_once_old(folder):
    folder.mkdir()
    old, fresh = folder / ".old.part", folder / ".fresh.part"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * 86_400,) * 2)
    store.save("one", ARRAYS)
    assert sorted(path.name for path in folder.iterdir()) == [".fresh.part", "one.hierarchy"]


def test_many_who_write_and_read_at_once_never_see_a_half(folder):
    wrong = []

    def writes():
        for _ in range(15):
            store.save("one", ARRAYS)

    def reads():
        for _ in range(60):
            found = store.load("one", PARTS)
            if found is not None and not equal(found):
                wrong.append(found)

    threads = [threading.Thread(target=each) for each in (writes, writes, reads, reads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert equal(store.load("one", PARTS))
    assert len(list(folder.iterdir())) == 1


@pytest.mark.usefixtures("folder")
def test_arrays_are_mapped_not_copied_and_come_in_milliseconds():
    large = {"above": np.arange(5_000_000, dtype=np.int32)}
    store.save("large", large)
    store.load("large", ("above",))
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        found = store.load("large", ("above",))
        seconds.append(time.perf_counter() - start)
    whole = found["above"]
    while not isinstance(whole, np.memmap):
        whole = whole.base
    assert min(seconds) < 0.1  # 20 MB: about 8 ms, with room for a busy machine


@pytest.mark.usefixtures("folder")
def test_what_is_written_into_arrays_read_does_not_reach_the_file():
    store.save("one", ARRAYS)
    store.load("one", PARTS)["above"][:] = 7
    assert equal(store.load("one", PARTS))


@pytest.mark.parametrize("word", ["off", "OFF"])
def test_off_writes_and_reads_nothing(tmp_path, monkeypatch, word):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CTG_GEO_CACHE", word)
    store.save("one", ARRAYS)
    assert store.folder() is None
    assert not store.kept("one")
    assert store.load("one", PARTS) is None
    assert list(Path().iterdir()) == []


def test_the_longest_unused_go_first_when_there_is_no_more_room(folder, monkeypatch):
    for age, name in enumerate(("new", "middle", "old")):
        store.save(name, ARRAYS)
        os.utime(folder / f"{name}.hierarchy", (time.time() - 1000 * (age + 1),) * 2)
    store.load("old", PARTS)  # used again
    monkeypatch.setattr(store, "_ROOM", 3 * (folder / "new.hierarchy").stat().st_size)
    store.save("last", ARRAYS)
    assert {path.stem for path in folder.iterdir()} == {"last", "old", "new"}


def test_a_name_is_that_of_the_numbers_their_type_and_their_shape():
    numbers = np.arange(6, dtype=np.int32)
    names = {
        store.content_key(*arrays)
        for arrays in (
            [numbers], [numbers.astype(np.int64)], [numbers.reshape(2, 3)], [numbers + 1],
            [numbers[:3], numbers[3:]], [numbers[::-1]], [],
        )
    }  # fmt: skip
    assert len(names) == 7
    assert store.content_key(numbers) == store.content_key(np.arange(6, dtype=np.int32))


def test_a_change_far_down_a_large_array_changes_its_name():
    numbers = np.zeros(3_000_000, dtype=np.int32)
    before = store.content_key(numbers)
    numbers[2_999_999] = 1
    assert store.content_key(numbers) != before
