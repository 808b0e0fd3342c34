"""A folder is written by one run at a time, whole or not at all, whatever dies."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from ctg_geo.errors import CtgGeoError, OutputError
from ctg_geo.staging import locked, mended, stage, staged

TESTS = Path(__file__).parents[2]
POSIX = pytest.mark.skipif(os.name == "nt", reason="kills by signal")


def publish(home, said, names=("a", "b", "c")):
    with staged(home) as made:
        for name in names:
            (made.path / name).write_text(said)
        made.publish(names)


def files(home):
    return {each.name: each.read_text() for each in home.iterdir()}


@POSIX
def test_killed_before_any_of_its_steps_a_run_leaves_the_former_files_or_the_new(tmp_path):
    place = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "killed", str(tmp_path)], env={**os.environ, "PYTHONPATH": place},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "whole\n", done.stderr


def test_a_failure_leaves_former_files_and_nothing_else(tmp_path):
    def broken():
        with staged(tmp_path) as made:
            (made.path / "a").write_text("new")
            raise ZeroDivisionError

    publish(tmp_path, "former")
    with pytest.raises(ZeroDivisionError):
        broken()
    assert files(tmp_path) == dict.fromkeys("abc", "former")


def test_a_folder_that_did_not_exist_is_gone_after_a_failure(tmp_path):
    with pytest.raises(ZeroDivisionError), staged(tmp_path / "new"):
        _ = 1 / 0
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("links", [True, False])
def test_a_file_held_by_another_program_leaves_all_as_it_was(tmp_path, monkeypatch, links):
    publish(tmp_path, "former", ("a", "b"))
    if not links:  # a disk without hard links
        monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(OSError(1, "no")))
    replace = Path.replace

    def held(self, target):
        if target == tmp_path / "b":
            raise PermissionError(13, "held", str(self), None, str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(OutputError) as caught:
        publish(tmp_path, "new", ("a", "c", "b"))
    assert str(tmp_path / "b") in caught.value.explain()
    assert files(tmp_path) == {"a": "former", "b": "former"}


def test_hidden_folders_of_others_are_never_touched(tmp_path):
    (tmp_path / ".ctg-ofmine1").mkdir()
    (tmp_path / ".ctg-ofmine1" / "thesis.txt").write_text("mine")
    publish(tmp_path, "new")
    assert (tmp_path / ".ctg-ofmine1" / "thesis.txt").read_text() == "mine"


def test_what_a_dead_run_left_is_swept_by_the_next(tmp_path):
    for name, marked in ((".ctg-deadrun1", True), (".ctg-unmarked", False)):
        (tmp_path / name).mkdir()
        if marked:
            (tmp_path / name / ".stage").touch()
            (tmp_path / name / "half.csv").write_text("ha")
    (tmp_path / ".ctg-lock").touch()
    publish(tmp_path, "new")
    assert files(tmp_path) == dict.fromkeys("abc", "new")


def test_a_link_is_no_hidden_folder(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / ".stage").touch()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".ctg-abcdefgh").symlink_to(tmp_path / "kept")
    publish(tmp_path / "out", "new")
    assert (tmp_path / "kept" / ".stage").exists()


def test_a_run_that_lasts_is_waited_for_then_named(tmp_path):
    with (
        locked(tmp_path / ".ctg-lock") as alone,
        pytest.raises(OutputError) as caught,
        locked(tmp_path / ".ctg-lock", patience_s=0.1),
    ):
        pass
    assert alone
    assert caught.value.reason == "busy"
    assert str(tmp_path) in caught.value.explain()
    with locked(tmp_path / ".ctg-lock", patience_s=0) as alone:
        assert alone


def test_the_running_one_is_not_swept_by_a_reader(tmp_path, monkeypatch):
    monkeypatch.setattr("ctg_geo.staging.lock._PATIENCE_S", 0.1)
    with staged(tmp_path) as made:
        (made.path / ".decided").write_text("{}")
        with pytest.raises(OutputError, match="another run"):
            mended(tmp_path)
        assert made.path.is_dir()


def test_two_runs_at_once_never_mix(tmp_path):
    wrong = []

    def run(said):
        try:
            for turn in range(20):
                publish(tmp_path, f"{said}{turn}")
        except CtgGeoError as error:
            wrong.append(error)

    runs = [threading.Thread(target=run, args=(said,)) for said in "xyz"]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert not wrong
    assert len(set(files(tmp_path).values())) == 1
    assert set(files(tmp_path)) == {"a", "b", "c"}


def test_what_cannot_be_finished_is_told_until_it_can(tmp_path, monkeypatch):
    publish(tmp_path, "former", ("a",))
    hidden = tmp_path / ".ctg-deadrun1"
    hidden.mkdir()
    (hidden / ".stage").touch()
    (hidden / "a").write_text("new")
    (hidden / ".decided").write_text('{"names": ["a"], "gone": [], "had": ["a"]}')

    def held(self, target):
        raise PermissionError(13, "held", str(self), None, str(target))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", held)
        with pytest.raises(OutputError, match="stopped while") as caught:
            mended(tmp_path)
        assert str(tmp_path / "a") in caught.value.explain()
    mended(tmp_path)
    assert files(tmp_path) == {"a": "new"}


def database(path, mode, said):
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"PRAGMA journal_mode = {mode}")
        base.execute("CREATE TABLE said (word)")
        base.execute("INSERT INTO said VALUES (?)", (said,))


def word(base):
    return base.execute("SELECT word FROM said").fetchone()[0]


def renew(home):
    with staged(home) as made:
        database(made.path / "ctg.gpkg", "DELETE", "new")
        made.publish(["ctg.gpkg"])


def test_a_geopackage_that_is_being_read_is_replaced_under_its_reader(tmp_path):
    database(tmp_path / "ctg.gpkg", "DELETE", "former")
    with closing(sqlite3.connect(tmp_path / "ctg.gpkg", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert word(reader) == "former"
        renew(tmp_path)
        assert word(reader) == "former"
    with closing(sqlite3.connect(tmp_path / "ctg.gpkg")) as base:
        assert word(base) == "new"


def test_a_geopackage_open_with_a_journal_is_not_replaced(tmp_path):
    database(tmp_path / "ctg.gpkg", "WAL", "former")  # as QGIS opens one
    with closing(sqlite3.connect(tmp_path / "ctg.gpkg", isolation_level=None)) as qgis:
        assert word(qgis) == "former"
        with pytest.raises(OutputError) as caught:
            renew(tmp_path)
        assert caught.value.reason == "open"
        assert "QGIS" in caught.value.explain()
        assert "ctg.gpkg" in caught.value.explain()
        assert word(qgis) == "former"
    renew(tmp_path)
    with closing(sqlite3.connect(tmp_path / "ctg.gpkg")) as base:
        assert word(base) == "new"


def test_the_journal_of_a_dead_program_is_not_written_into_the_new_file(tmp_path):
    source = tmp_path / "open.gpkg"
    database(source, "WAL", "former")
    with closing(sqlite3.connect(source, isolation_level=None)) as dying:
        dying.execute("UPDATE said SET word = 'edited'")
        for end in ("", "-wal"):
            shutil.copy(f"{source}{end}", tmp_path / f"ctg.gpkg{end}")
    assert (tmp_path / "ctg.gpkg-wal").stat().st_size > 0
    renew(tmp_path)
    assert not list(tmp_path.glob("ctg.gpkg-*"))
    with closing(sqlite3.connect(tmp_path / "ctg.gpkg")) as base:
        assert word(base) == "new"


def test_an_unmarked_stage_name_is_what_mkdtemp_makes(tmp_path):
    with staged(tmp_path) as made:
        assert made.path.match(f"{stage._PREFIX}????????")


@pytest.mark.parametrize(("number", "mend"), [
    (errno.ENOSPC, "Libérer de la place"), (errno.EDQUOT, "Libérer de la place"),
    (errno.EACCES, "vérifier les droits"),
])  # fmt: skip
def test_what_to_do_follows_from_why_the_system_refused(tmp_path, number, mend):
    with pytest.raises(OutputError) as said, staged(tmp_path):
        raise OSError(number, os.strerror(number), str(tmp_path / "a"))
    assert mend in said.value.explain("fr")
