"""How long the steps of a study take, for whoever asks (`-v`)."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["timed"]

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


def timed(step: str, work: Callable[..., Result], *given: object, **named: object) -> Result:
    """Do a step of work and log how long it took."""
    start = time.perf_counter()
    result = work(*given, **named)
    logger.info("%s: %.2f s", step, time.perf_counter() - start)
    return result
