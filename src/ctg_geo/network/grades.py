"""Slope along the edges: heights become grades, grades slow people down or speed them up.

References
----------
Tobler (1993), Three presentations on geographical analysis and modeling, NCGIA technical
report 93-1: walking speed is 6 exp(-3.5 |S + 0.05|) km/h on a slope S.
Parkin & Rotheram (2010), Transport Policy 17(5), doi:10.1016/j.tranpol.2010.03.001: cyclists
ride 6.01 m/s on the flat, 0.4002 m/s less for each per cent up (to 12 %) and 0.2379 m/s more
for each per cent down (to 15 %); no faster than 35 km/h.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from ctg_geo.network.road_network import RoadNetwork
from ctg_geo.network.slopes import Grades

__all__ = ["Slope", "cycling", "slowed", "walking", "with_grades"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Slope = Literal["none", "tobler", "parkin_rotheram"]

_FLAT_MS: Final = 6.01
_UP_MS: Final = 0.4002 * 100  # per unit of slope
_DOWN_MS: Final = 0.2379 * 100
_STEEPEST_UP: Final = 0.12
_STEEPEST_DOWN: Final = 0.15
_FASTEST_MS: Final = 35 / 3.6


def walking(grade: npt.ArrayLike) -> Floats:
    """Return walking speed on a slope as a share of that on the flat (Tobler 1993).

    >>> walking([0.0, 0.1, -0.05]).round(3).tolist()
    [1.0, 0.705, 1.191]
    """
    slope = np.asarray(grade, dtype=np.float64)
    share: Floats = np.exp(-3.5 * (np.abs(slope + 0.05) - 0.05))
    return share


def cycling(grade: npt.ArrayLike) -> Floats:
    """Return cycling speed on a slope as a share of that on the flat (Parkin & Rotheram 2010).

    Beyond the slopes they saw, the speed is that of the steepest one.

    >>> cycling([0.0, 0.05, -0.03]).round(3).tolist()
    [1.0, 0.667, 1.119]
    """
    slope = np.clip(np.asarray(grade, dtype=np.float64), -_STEEPEST_DOWN, _STEEPEST_UP)
    change = np.where(slope > 0, -_UP_MS * slope, -_DOWN_MS * slope)
    share: Floats = np.minimum(_FLAT_MS + change, _FASTEST_MS) / _FLAT_MS
    return share


_CURVES: Final[dict[str, Callable[[npt.ArrayLike], Floats]]] = {
    "tobler": walking,
    "parkin_rotheram": cycling,
}


def slowed(network: RoadNetwork, slope: Slope, *, ahead: bool) -> Floats:
    """Return what each edge's time on the flat is multiplied by, in one of its directions.

    1 where heights are not known, and on the flat. The time of a piece is its length over
    its own speed: up and down again costs more than the flat.
    """
    edges = len(network.edges)
    grades = network.grades
    if slope == "none" or grades is None:
        return np.ones(edges)
    speed = _CURVES[slope](grades.grade if ahead else -grades.grade)
    edge = np.repeat(np.arange(edges), np.diff(grades.start))
    run_m = np.bincount(edge, grades.run_m, minlength=edges)
    slow_m = np.bincount(edge, grades.run_m / speed, minlength=edges)
    return np.divide(slow_m, run_m, out=np.ones(edges), where=run_m > 0)


def with_grades(network: RoadNetwork, points: Ints, run_m: Floats, height_m: Floats) -> RoadNetwork:
    """Return the roads with the slopes that heights along them make.

    Parameters
    ----------
    network : roads
    points : by edge + 1, position of its first point below; at least two points an edge
    run_m : by point, metres from the start of its edge
    height_m : by point, metres; an edge with an unknown one (NaN) is flat

    Notes
    -----
    Along a bridge or a tunnel the ground says nothing of the road: it climbs evenly from one
    end to the other.
    """
    edge = np.repeat(np.arange(len(network.edges)), np.diff(points))
    straight = np.zeros(len(network.edges), dtype=bool)
    if "structure" in network.edges.columns:
        straight = (network.edges["structure"] != "").to_numpy()
    ends = np.zeros(len(edge), dtype=bool)
    ends[points[:-1]] = ends[points[1:] - 1] = True
    unknown = np.bincount(edge, np.isnan(height_m), minlength=len(network.edges)) > 0
    keep = (ends | ~straight[edge]) & ~unknown[edge]
    edge, run, height = edge[keep], run_m[keep], height_m[keep]
    same = edge[1:] == edge[:-1]
    length = np.diff(run)[same]
    grade = np.divide(np.diff(height)[same], length, out=np.zeros_like(length), where=length > 0)
    count = np.bincount(edge[1:][same], minlength=len(network.edges))
    start = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    return replace(network, grades=Grades(start, length, grade))
