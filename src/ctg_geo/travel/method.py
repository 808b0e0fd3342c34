"""Which way to the same exact times: a plain search, a bounded one, or the hierarchy."""

import logging
from importlib.util import find_spec
from typing import Final, Literal

from ctg_geo.network import RoadNetwork
from ctg_geo.travel.legs import Legs

__all__ = ["METHODS", "Method", "chosen", "forced"]

logger = logging.getLogger(__name__)

Method = Literal["plain", "bounded", "hierarchy"]
METHODS: Final[tuple[Method, ...]] = ("plain", "bounded", "hierarchy")

_PLAIN_S = 0.17e-6  # per node and search, measured (docs/performance.md)
_PATIENCE_S = 2.0  # a plain search that lasts longer pays for a hierarchy
_SMALL = 20_000  # nodes: below, nothing is gained by compiled code
_FEW = 4  # points a bounded search is tried for


def chosen(network: RoadNetwork, first: Legs, last: Legs, limit_ms: float) -> Method:
    """Choose the fastest way to the times between two lists of points; all are exact.

    A small job stays plain, so that a small study loads no compiler. A few points and a
    limit begin with a bounded search, which gives up where the neighbourhood is large. All
    else takes the hierarchy where there is one, and makes one where the plain search would
    last longer than 2 s.
    """
    fewer = min(first.points, last.points)
    plain_s = fewer * network.nodes * _PLAIN_S
    if network.nodes < _SMALL and plain_s < _PATIENCE_S:
        return "plain"
    missing = [name for name in ("numba", "pymetis") if find_spec(name) is None]
    if missing:
        logger.warning("%s not installed: travel times are exact, but slow", ", ".join(missing))
        return "plain"
    if 0 < fewer <= _FEW and limit_ms < float("inf"):
        return "bounded"
    return forced(network, plain_s)


def forced(network: RoadNetwork, plain_s: float) -> Method:
    """Choose between the plain search and the hierarchy, ready or to be made."""
    from ctg_geo.travel.hierarchy import ready  # noqa: PLC0415  (heavy)

    return "hierarchy" if plain_s > _PATIENCE_S or ready(network) else "plain"
