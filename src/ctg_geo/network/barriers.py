"""Rivers and other barriers of generated roads: sides, walls between them, gaps at bridges."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.parameters.schematic import SchematicRules

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["crosses", "opened", "sides", "walls_of"]

Ints = npt.NDArray[np.int64]

Shapes = npt.NDArray[np.object_]


def sides(codes: pd.Index, barrier: pd.DataFrame) -> Ints:
    """Side of a barrier each commune is on: 1, 2, or 0 for neither."""
    side = np.zeros(len(codes), dtype=np.int64)
    names = list(dict.fromkeys(barrier["side"]))
    for name, pattern in zip(barrier["side"], barrier["code_insee"], strict=True):
        hit = codes.str.startswith(pattern[:-1]) if pattern.endswith("*") else codes == pattern
        side[np.asarray(hit)] = names.index(name) + 1
    return side


def walls_of(communes: "gpd.GeoDataFrame", barriers: pd.DataFrame, rules: SchematicRules) -> Shapes:
    """Lines that no link but a bridge may cross: the borders between the sides of a barrier.

    A barrier with communes on one side only has no wall.
    """
    walls = []
    for _, barrier in barriers.groupby("barrier", sort=True):
        side = sides(communes.index, barrier)
        if not {1, 2} <= set(side.tolist()):
            continue
        one, two = (shapely.union_all(communes.geometry[side == n].to_numpy()) for n in (1, 2))
        walls.append(
            shapely.intersection(shapely.buffer(one, rules.tolerance_m), shapely.boundary(two))
        )
    return np.array([wall for wall in walls if not wall.is_empty], dtype=object)


def crosses(lines: Shapes, walls: Shapes) -> npt.NDArray[np.bool_]:
    """Tell which lines cross a wall."""
    crossing = np.zeros(len(lines), dtype=bool)
    for wall in walls:
        crossing |= shapely.intersects(lines, wall)
    return crossing


def opened(walls: Shapes, bridge: dict[Hashable, Any], rules: SchematicRules) -> Shapes:
    """Return the walls with a gap at a bridge."""
    gap = shapely.buffer(shapely.Point(bridge["x"], bridge["y"]), rules.bridge_gap_m)
    return np.array([shapely.difference(wall, gap) for wall in walls], dtype=object)
