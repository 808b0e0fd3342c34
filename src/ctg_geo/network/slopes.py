"""Slopes of roads, as pieces along each edge."""

from dataclasses import dataclass

from ctg_geo.network.arcs import Floats, Ints

__all__ = ["Grades"]


@dataclass(frozen=True, slots=True, eq=False)
class Grades:
    """Slopes along edges: pieces of `run_m` metres that climb `grade` metres per metre ahead."""

    start: Ints  # by edge + 1: first piece; an edge without pieces is flat
    run_m: Floats
    grade: Floats
