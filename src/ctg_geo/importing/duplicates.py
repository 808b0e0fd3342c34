"""Places that may stand twice: proposed with the reason, never merged."""

import math

import numpy as np
import pandas as pd

from ctg_geo.importing.imported import Twins
from ctg_geo.importing.words import fold

__all__ = ["NEAR_M", "SAME_M", "twins_of"]

NEAR_M = 300.0  # two places of one name this near may be one
_LOOKED_BACK = 300  # places of one name; more are a list of something else
SAME_M = 20.0  # two places of one service this near may be one, whatever their names


def twins_of(table: pd.DataFrame) -> tuple[Twins, ...]:
    """Propose pairs: same name and near (or one commune), same service at one spot.

    Parameters
    ----------
    table : by equipement_id: nom, service, code_insee, x, y (metres, NaN where not known)

    Returns
    -------
    pairs in the order of the table; of n places that look alike, n - 1 pairs
    """
    names = [fold(str(name)) for name in table["nom"]]
    found: dict[tuple[int, int], tuple[str, float]] = {}
    for first, second in _same_name(table, names):
        found[first, second] = ("same_name", _metres(table, first, second))
    for first, second in _same_spot(table):
        found.setdefault((first, second), ("same_place", _metres(table, first, second)))
    ids = [str(each) for each in table.index]
    return tuple(
        Twins(ids[first], ids[second], reason, metres)
        for (first, second), (reason, metres) in sorted(found.items())
    )


def _same_name(table: pd.DataFrame, names: list[str]) -> list[tuple[int, int]]:
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        if name:
            groups.setdefault(name, []).append(at)
    pairs = []
    for rows in groups.values():
        for nth, second in enumerate(rows):
            earlier = rows[max(0, nth - _LOOKED_BACK) : nth]
            first = next((at for at in earlier if _near(table, at, second)), None)
            if first is not None:
                pairs.append((first, second))
    return pairs


def _near(table: pd.DataFrame, first: int, second: int) -> bool:
    metres = _metres(table, first, second)
    if np.isfinite(metres):
        return metres <= NEAR_M
    codes = table["code_insee"].iloc[[first, second]].tolist()
    return codes[0] == codes[1] or "" in codes


def _same_spot(table: pd.DataFrame) -> list[tuple[int, int]]:
    """Pair each place with the next of its service within a few metres."""
    from scipy.spatial import cKDTree  # noqa: PLC0415  (heavy)

    there = np.flatnonzero(table["x"].notna().to_numpy())
    service = table["service"].to_numpy()
    if len(there) < 2:  # noqa: PLR2004
        return []
    spots = table[["x", "y"]].to_numpy(np.float64)[there]
    tree = cKDTree(np.unique(spots, axis=0))
    by_spot: dict[tuple[str, int], int] = {}
    pairs = []
    group = _groups(tree.query_pairs(SAME_M, output_type="ndarray"), tree.n)
    nearest = np.asarray(tree.query(spots)[1])
    for at, spot in zip(there, nearest, strict=True):
        key = (str(service[at]), int(group[spot]))
        if key in by_spot:
            pairs.append((by_spot[key], int(at)))
        by_spot[key] = int(at)
    return pairs


def _groups(pairs: "np.typing.NDArray[np.intp]", count: int) -> "np.typing.NDArray[np.int32]":
    from scipy.sparse import coo_array  # noqa: PLC0415  (heavy)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    labels: np.typing.NDArray[np.int32] = connected_components(links, directed=False)[1]
    return labels


def _metres(table: pd.DataFrame, first: int, second: int) -> float:
    """Return the distance of two places; NaN where one has no position."""
    (x, y), (other_x, other_y) = table[["x", "y"]].iloc[[first, second]].to_numpy(np.float64)
    return math.hypot(x - other_x, y - other_y)
