"""Work handed out: once each, whoever is killed on the way."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import cloudpickle
import pandas as pd
import pytest

from ctg_geo import progress
from ctg_geo.errors import ConfigError, FleetError
from ctg_geo.fleet.crew import Crew
from ctg_geo.fleet.depot import Job, carried_out
from ctg_geo.fleet.shelf import Shelf, named_by

cloudpickle.register_pickle_by_value(sys.modules[__name__])

WAIT_S = 400  # a busy machine is no failure

pytestmark = pytest.mark.filterwarnings("ignore")  # those of the cluster are not ours


def made(number, log, seconds):
    """Take a while, tell that it is done, and by whom."""
    time.sleep(seconds)
    with log.open("a") as file:
        file.write(f"{number} {os.getpid()}\n")
    return pd.DataFrame({"number": [number], "square": [number**2]})


def refusing(number):
    raise ConfigError("no_demand", value=str(number), known=["a"])


def breaking():
    raise ZeroDivisionError("by zero")


def dying():
    os.kill(os.getpid(), signal.SIGKILL)


def dying_once(mark):
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return pd.DataFrame({"done": [1]})


def jobs(folder, count, seconds=0.0):
    log = folder / "log.txt"
    return [Job(named_by([str(each)]), str(each), made, (each, log, seconds))
            for each in range(count)]  # fmt: skip


def lines(folder):
    log = folder / "log.txt"
    return [line.split() for line in log.read_text().splitlines()] if log.is_file() else []


def _flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def squares(shelf, asked):
    return pd.concat([shelf.read(each.key) for each in asked])["square"].tolist()


@pytest.fixture(scope="module")
def crew():
    with Crew(workers=2, memory_gb=2) as found:
        yield found


def test_all_is_done_once_and_not_again(crew, tmp_path):
    asked, shelf = jobs(tmp_path, 9), Shelf(tmp_path / "shelf")
    first = carried_out(asked, crew, shelf)
    assert (first.found, first.made, dict(first.refused)) == (0, 9, {})
    assert squares(shelf, asked) == [each**2 for each in range(9)]
    shelf.path(asked[4].key).unlink()
    cut, flipped = shelf.path(asked[7].key), shelf.path(asked[2].key)
    cut.write_bytes(cut.read_bytes()[:-1])
    flipped.write_bytes(_flipped(flipped.read_bytes()))
    second = carried_out(asked, crew, shelf)
    assert (second.found, second.made, second.damaged) == (6, 3, 2)
    assert squares(shelf, asked) == [each**2 for each in range(9)]
    numbers = sorted(int(number) for number, _ in lines(tmp_path))
    assert numbers == sorted([*range(9), 2, 4, 7])
    journal = pd.read_csv(shelf.folder / "journal.csv")
    assert len(journal) == 12
    assert (journal["peak_mb"] > 0).all()


def test_what_is_refused_is_told_and_the_others_are_done(crew, tmp_path):
    asked = [*jobs(tmp_path, 3), Job("bad", "bad", refusing, (7,))]
    account = carried_out(asked, crew, Shelf(tmp_path / "shelf"))
    assert account.made == 3
    assert account.refused["bad"].facts["value"] == "7"


def test_a_bug_stops_the_work_and_says_which_part(crew, tmp_path):
    with pytest.raises(FleetError, match=r"Part zero .*ZeroDivisionError: by zero"):
        carried_out([Job("zero", "zero", breaking, ())], crew, Shelf(tmp_path / "shelf"))


def test_a_part_that_kills_all_who_take_it_is_named_and_the_rest_is_kept(tmp_path):
    asked, shelf = jobs(tmp_path, 3), Shelf(tmp_path / "shelf")
    with Crew(workers=1, memory_gb=2) as some:
        carried_out(asked, some, shelf)
        with pytest.raises(FleetError, match=r"Part deadly brought down all workers"):
            carried_out([*asked, Job("deadly", "deadly", dying, ())], some, shelf)
    assert all(shelf.has(each.key) for each in asked)


def test_a_worker_that_stops_is_told_in_our_words_and_no_others(tmp_path, capfd, caplog):
    heard, silent = [], lambda items, *_: iter(items)
    shelf = Shelf(tmp_path / "shelf")
    once = Job("once", "once", dying_once, (tmp_path / "mark",))
    logging.getLogger("distributed").setLevel(logging.INFO)  # as on its import
    with progress.listen(silent, heard.append), Crew(workers=1, memory_gb=2) as some:
        assert carried_out([once], some, shelf).made == 1
    assert set(heard) == {"fleet_worker_gone"}
    assert [each.name for each in caplog.records if not each.name.startswith("ctg_geo")] == []
    assert "distributed" not in "".join(capfd.readouterr())  # the workers' own


def test_few_pieces_are_in_hand_at_a_time(crew, tmp_path, monkeypatch):
    asked, submit = jobs(tmp_path, 30, 0.01), crew.submit
    shelf, handed, in_hand = Shelf(tmp_path / "shelf"), [], []

    def counted(key, work, *given):
        handed.append(key.partition("-")[0])
        in_hand.append(sum(not shelf.has(each) for each in handed))
        return submit(key, work, *given)

    monkeypatch.setattr(crew, "submit", counted)
    carried_out(asked, crew, shelf)
    assert 1 < max(in_hand) <= 2 * 2


class Machines:
    """A scheduler and workers of their own, as on a cluster."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler, self.workers = None, []

    def start(self, workers=2):
        self.scheduler = self._run("scheduler", "--host", "127.0.0.1", "--port", str(self.port))
        until(self._answers)
        self.workers += [
            self._run("worker", self.address, "--nthreads", "1", "--no-nanny")
            for _ in range(workers)
        ]

    def _answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def _run(self, kind, *more):
        code = f"import sys; from distributed.cli.dask_{kind} import main; sys.exit(main())"
        asked = [sys.executable, "-c", code, *more, "--no-dashboard"]
        return subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        for each in (self.scheduler, *self.workers):
            if each is not None and each.poll() is None:
                each.kill()
                each.wait()


@pytest.fixture
def machines():
    found = Machines()
    yield found
    found.stop()


def until(true):
    end = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def test_a_killed_worker_and_a_killed_scheduler_lose_nothing_and_double_nothing(machines, tmp_path):
    asked, shelf = jobs(tmp_path, 40, 0.15), Shelf(tmp_path / "shelf")
    machines.start()
    told = []

    def work():
        with Crew(machines.address, patience_s=WAIT_S) as some:
            told.append(carried_out(asked, some, shelf))

    running = threading.Thread(target=work)
    running.start()
    until(lambda: len(lines(tmp_path)) >= 4)
    machines.workers[0].send_signal(signal.SIGKILL)
    until(lambda: len(lines(tmp_path)) >= 10)
    machines.scheduler.send_signal(signal.SIGKILL)
    machines.scheduler.wait()
    for each in machines.workers:
        each.wait(WAIT_S)  # without a scheduler they end
    kept = {each.key for each in asked if shelf.has(each.key)}
    assert 0 < len(kept) < len(asked)
    times = {key: shelf.path(key).stat().st_mtime_ns for key in kept}
    machines.start()
    running.join(WAIT_S)
    assert not running.is_alive()
    assert told
    assert squares(shelf, asked) == [each**2 for each in range(40)]
    assert {key: shelf.path(key).stat().st_mtime_ns for key in kept} == times
    assert told[0].found == 0
    numbers = [int(number) for number, _ in lines(tmp_path)]
    again = [each.name for each in asked if each.key in kept and numbers.count(int(each.name)) > 1]
    assert len(again) <= 1  # what the killed worker had in its hands, at most
    assert set(numbers) == set(range(40))


def test_without_scheduler_or_worker_the_work_ends_in_words_and_is_taken_up_again(
    machines, tmp_path
):
    with (
        pytest.raises(FleetError, match=r"No scheduler has answered at tcp://127.0.0.1"),
        Crew(machines.address, patience_s=1.0) as none,
    ):
        none.places()
    machines.start(workers=0)
    shelf, asked = Shelf(tmp_path / "shelf"), jobs(tmp_path, 2)
    with (
        Crew(machines.address, patience_s=8.0) as some,
        pytest.raises(FleetError, match="has had no worker for 8 s"),
    ):
        carried_out(asked, some, shelf)
    machines.stop()
    machines.start(workers=1)
    with Crew(machines.address, patience_s=WAIT_S) as some:
        assert carried_out(asked, some, shelf).made == 2


RUN = """
import sys, time
from pathlib import Path
import pandas as pd
from ctg_geo.fleet.crew import Crew
from ctg_geo.fleet.depot import Job, carried_out
from ctg_geo.fleet.shelf import Shelf, named_by

def made(number, log):
    time.sleep(0.1)
    with log.open("a") as file:
        file.write(f"{number} 0\\n")
    return pd.DataFrame({"square": [number**2]})

folder = Path(sys.argv[1])
log = folder / "log.txt"
asked = [Job(named_by([str(n)]), str(n), made, (n, log)) for n in range(30)]
if __name__ == "__main__":
    with Crew(workers=1, memory_gb=2) as crew:
        print(carried_out(asked, crew, Shelf(folder / "shelf")))
"""


def test_a_killed_run_goes_on_where_it_was(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(RUN)
    asked = [sys.executable, str(script), str(tmp_path)]
    first = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: len(lines(tmp_path)) >= 5)
    first.kill()  # and with it the scheduler, which is in the same process
    first.wait()
    time.sleep(2)  # the worker ends with them, at its next breath
    shelf = Shelf(tmp_path / "shelf")
    kept = {each for each in range(30) if shelf.has(named_by([str(each)]))}
    assert 0 < len(kept) < 30
    before = len(lines(tmp_path))
    told = subprocess.run(asked, capture_output=True, text=True, timeout=WAIT_S, check=True).stdout
    assert f"found={len(kept)}, made={30 - len(kept)}" in told
    again = [int(number) for number, _ in lines(tmp_path)[before:]]
    assert sorted(again) == sorted(set(range(30)) - kept)
    assert all(shelf.has(named_by([str(each)])) for each in range(30))
