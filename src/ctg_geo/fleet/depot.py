"""Work handed out piece by piece, done once each, whoever dies on the way.

What is finished stands on a shelf; nothing else is remembered. So nothing is lost with a worker, a
scheduler or this process, and nothing is done again that was finished: the shelf is asked before
each piece of work is handed out, and again by whoever takes it.
"""

import logging
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ctg_geo import progress
from ctg_geo.errors import CtgGeoError, FleetError
from ctg_geo.fleet.crew import Crew
from ctg_geo.fleet.shelf import Shelf
from ctg_geo.travel.hierarchy.together import THREADS

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["Account", "Effort", "Job", "carried_out"]

logger = logging.getLogger(__name__)

_AHEAD = 2  # pieces in hand for each place of work: one being done, one that waits
_BEAT_S = 0.02
_JOURNAL = "journal.csv"


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work: the key of what it makes, its name for people, and how it is made."""

    key: str
    name: str
    work: Callable[..., pd.DataFrame]
    given: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Effort:
    """What a piece of work took a worker."""

    seconds: float
    cpu_s: float
    peak_mb: float  # of the worker, since it began
    worker: int  # its process


@dataclass(frozen=True, slots=True)
class Account:
    """How a list of jobs went: those found finished, made now, and refused with the reason."""

    found: int
    made: int
    refused: Mapping[str, CtgGeoError]  # by name of the job
    damaged: int = 0  # found, but not as they were left: of those made now


def carried_out(jobs: Sequence[Job], crew: Crew, shelf: Shelf, *, label: str = "fleet") -> Account:
    """Do all jobs that are not on the shelf yet, or not as they were put there.

    At most two jobs a worker are in hand at a time: the others wait here, and take no memory
    there. `label` names the work on the progress bar. A worker that dies has its work done by
    another; where the scheduler goes away, its return is awaited.

    Raises
    ------
    FleetError
        If a job kills every worker that takes it or breaks in a way nobody foresaw, or there is
        no scheduler or worker any more. What was finished stays on the shelf.
    """
    waiting = deque(job for job in jobs if not shelf.has(job.key))
    damaged = sum(shelf.damaged(job.key) for job in waiting)
    made, refused = 0, dict[str, CtgGeoError]()
    found, total = len(jobs) - len(waiting), len(waiting)
    if waiting:
        crew.check(shelf.folder)
    for job, told in progress.track(_finished(waiting, crew, shelf), label, total):
        if isinstance(told, CtgGeoError):
            refused[job.name] = told
            logger.info("%s refused: %s", job.name, told)
            continue
        made += 1
        _note(shelf, job, told)
    return Account(found, made, refused, damaged)


def _finished(
    waiting: deque[Job], crew: Crew, shelf: Shelf
) -> Iterator[tuple[Job, Effort | CtgGeoError | None]]:
    """Hand jobs out, a window at a time, and give each back once it is settled."""
    in_hand: dict[Future[Any], Job] = {}
    handed = 0
    while waiting or in_hand:
        room = _AHEAD * crew.places() - len(in_hand)
        for _ in range(min(room, len(waiting))):
            job = waiting.popleft()
            if shelf.has(job.key):  # finished by one that was thought lost
                yield job, None
                continue
            handed += 1
            given = shelf, job.key, job.work, job.given
            in_hand[crew.submit(f"{job.key}-{handed}", _labour, *given)] = job
        settled = [future for future in in_hand if future.status != "pending"]
        if not settled:
            time.sleep(_BEAT_S)
        for future in settled:
            job = in_hand.pop(future)
            told = _told(future, job)
            if told is None and not shelf.has(job.key):
                waiting.appendleft(job)
            else:
                yield job, told


def _told(future: "Future[Any]", job: Job) -> Effort | CtgGeoError | None:
    """Return what came of a job; None where nobody can tell: the shelf knows.

    Raises
    ------
    FleetError
        If it killed its workers, or broke.
    """
    from distributed import KilledWorker  # noqa: PLC0415  (heavy)

    if future.status == "finished":
        try:
            effort: Effort = future.result(timeout=10)
        except Exception as error:  # noqa: BLE001  (the worker that held it is gone)
            logger.info("%s: no account of it (%s)", job.name, error)
            return None
        return effort
    if future.status != "error":  # cancelled or lost with the scheduler
        logger.warning("%s: its place of work is gone; handed out again", job.name)
        return None
    broke: BaseException = future.exception()  # type: ignore[no-untyped-call]
    if isinstance(broke, CtgGeoError):
        return broke
    if isinstance(broke, KilledWorker):
        raise FleetError("killed", job=job.name) from broke
    raise FleetError("broken", job=job.name, detail=f"{type(broke).__name__}: {broke}") from broke


def _labour(
    shelf: Shelf, key: str, work: Callable[..., pd.DataFrame], given: tuple[object, ...]
) -> Effort:
    """Do a piece of work, in a worker."""
    os.environ.setdefault(THREADS, "1")  # there is a worker for each core
    start, cpu = time.perf_counter(), time.process_time()
    if not shelf.has(key):
        shelf.put(key, work(*given))
    taken = time.perf_counter() - start, time.process_time() - cpu
    return Effort(*taken, _peak_mb(), os.getpid())


def _peak_mb() -> float:
    """Return the most memory this process has held (MB); 0 where the system does not tell."""
    try:
        import resource  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _note(shelf: Shelf, job: Job, told: Effort | None) -> None:
    """Add a line to the journal: what was made, and what it took."""
    if told is None:
        return
    row = pd.DataFrame([{"key": job.key, "name": job.name, **asdict(told)}])
    path = shelf.folder / _JOURNAL
    row.to_csv(path, mode="a", header=not path.exists(), index=False)
