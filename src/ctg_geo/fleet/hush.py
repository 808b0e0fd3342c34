"""What Dask's own log says, and to whom: nothing, unless somebody asks."""

import logging
from typing import Final

__all__ = ["hush"]

_ITS_OWN: Final = ("distributed", "tornado", "asyncio")


def hush(level: int) -> None:
    """Let no logger of Dask, or of what it runs on, say less than `level` in this process.

    Importing `distributed` gives its loggers levels of their own, so they are set after that; its
    workers, which are begun later, take theirs from the configuration.
    """
    import dask  # noqa: PLC0415  (heavy)
    import distributed  # noqa: F401, PLC0415

    known = [name for name in logging.root.manager.loggerDict
             if name.partition(".")[0] in _ITS_OWN]  # fmt: skip
    for name in {*_ITS_OWN, *known}:
        logging.getLogger(name).setLevel(level)
    dask.config.set({
        "distributed.nanny.pre-spawn-environ.DASK_LOGGING__DISTRIBUTED":
            logging.getLevelName(level).lower(),
    })  # fmt: skip
