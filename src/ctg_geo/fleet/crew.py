"""Those who work: processes of Dask, on this machine or at the address of a scheduler."""

import logging
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ctg_geo import progress
from ctg_geo.errors import FleetError
from ctg_geo.fleet.hush import hush
from ctg_geo.travel.hierarchy.together import processors

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

__all__ = ["PATIENCE_S", "Crew"]

logger = logging.getLogger(__name__)

PATIENCE_S = 60.0  # without a scheduler or a worker, before one gives up
_OWN_PATIENCE_S = 600.0  # this machine begins its workers anew by itself, however busy it is
_LOOK_S = 1.0  # between two looks at who is there
_KILLED = 5  # times that the work of a worker that died is given to another


class Crew:
    """Workers of one thread each, and the way to them; entered with `with`.

    They are called when there is something to do: a run that finds all done starts none.

    Parameters
    ----------
    address : of a scheduler; None for workers of this machine's own
    workers : of this machine; by default one a core
    memory_gb : most that each of them holds before it is begun anew; by default its share
    patience_s : how long to wait for a scheduler or a worker that went away; by default a minute,
        and ten for workers of this machine
    log : level from which Dask's own log is let through, in English
    """

    def __init__(
        self,
        address: str | None = None,
        *,
        workers: int | None = None,
        memory_gb: float | None = None,
        patience_s: float | None = None,
        log: int = logging.CRITICAL,
    ) -> None:
        self.address = address
        self.workers = workers
        self.memory_gb = memory_gb
        self.log = log
        usual_s = _OWN_PATIENCE_S if address is None else PATIENCE_S
        self.patience_s = usual_s if patience_s is None else patience_s
        self._cluster: LocalCluster | None = None
        self._client: Client | None = None
        self._seen = self._looked = time.monotonic()
        self._places = 0
        self._there: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for each in (self._client, self._cluster):
            if each is not None:
                with suppress(OSError, TimeoutError, RuntimeError):
                    each.close(timeout=5)

    @property
    def client(self) -> "Client":
        """The way to the scheduler.

        Raises
        ------
        FleetError
            If none answers, the first time, for as long as patience lasts.
        """
        if self._client is None:
            hush(self.log)
            if self.address is None:
                self._cluster = self._own()
            self._client = self._joined(self.patience_s)
            self._seen, self._looked = time.monotonic(), 0.0
        return self._client

    def submit(self, key: str, work: Callable[..., object], *given: object) -> "Future[Any]":
        """Hand out a piece of work."""
        future: Future[Any] = self.client.submit(work, *given, key=key, pure=False)
        return future

    def places(self) -> int:
        """Return how many pieces of work may be done at once; look who is there, now and then.

        Raises
        ------
        FleetError
            If there has been no scheduler, or no worker, for longer than patience lasts.
        """
        client, now = self.client, time.monotonic()
        if now - self._looked >= _LOOK_S:
            self._looked = now
            self._places = self._counted()
            if self._places:
                self._seen = now
            elif now - self._seen > self.patience_s:
                reason = "no_worker" if client.status == "running" else "no_scheduler"
                raise FleetError(reason, address=self._named(), seconds=self.patience_s)
            elif client.status != "running":
                self._come_back()
        return self._places

    def check(self, folder: Path) -> None:
        """Check that every worker sees a folder, and runs this version of the engine.

        Raises
        ------
        FleetError
            If one does not.
        """
        from ctg_geo import __version__  # noqa: PLC0415  (circular at import)

        while not self.places():
            time.sleep(_LOOK_S / 5)
        folder.mkdir(parents=True, exist_ok=True)
        token, file = secrets.token_hex(8), folder / f".seen-{secrets.token_hex(4)}"
        file.write_text(token, encoding="utf-8")
        try:
            told = self.client.run(_introduced, str(file))
        finally:
            file.unlink(missing_ok=True)
        for worker, (version, read) in told.items():
            if version != __version__:
                raise FleetError("version", worker=worker, theirs=version, ours=__version__)
            if read != token:
                raise FleetError("unseen", worker=worker, folder=str(folder))

    def _own(self) -> "LocalCluster":
        import dask  # noqa: PLC0415  (heavy)
        from distributed import LocalCluster  # noqa: PLC0415

        dask.config.set({"distributed.scheduler.allowed-failures": _KILLED})
        memory = "auto" if self.memory_gb is None else int(self.memory_gb * 1e9)
        return LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=self.workers or processors(), threads_per_worker=1, processes=True,
            memory_limit=memory, dashboard_address=":0", silence_logs=self.log,
            scheduler_kwargs={"dashboard": False},
        )  # fmt: skip

    def _joined(self, within_s: float) -> "Client":
        from distributed import Client  # noqa: PLC0415  (heavy)

        to: Any = self._cluster if self._cluster is not None else self.address
        try:
            return Client(to, timeout=within_s)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError, ValueError) as error:
            raise FleetError("no_scheduler", address=self._named(),
                             seconds=self.patience_s) from error  # fmt: skip

    def _counted(self) -> int:
        if self.client.status != "running":
            return 0
        try:
            told = self.client.scheduler_info(n_workers=-1)
        except (OSError, TimeoutError):
            return 0
        workers = told.get("workers", {})
        if self._there - workers.keys():
            progress.notice("fleet_worker_gone")
        self._there = set(workers)
        return sum(int(each["nthreads"]) for each in workers.values())

    def _come_back(self) -> None:
        """Try again to reach a scheduler that went away: it may have been begun anew."""
        if self.client.status == "closed" and self._cluster is None:
            logger.warning("no scheduler at %s: trying again", self._named())
            with suppress(FleetError):
                self._client, self._there = self._joined(_LOOK_S), set()

    def _named(self) -> str:
        return self.address or "localhost"


def _introduced(file: str) -> tuple[str, str]:
    """Tell, of a worker, the version it runs and what it reads in a file ("" if it cannot)."""
    from ctg_geo import __version__  # noqa: PLC0415  (circular at import)

    try:
        return __version__, Path(file).read_text(encoding="utf-8")
    except OSError:
        return __version__, ""
