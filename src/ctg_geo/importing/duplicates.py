"""Places that may stand twice: proposed with the reason, never merged."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.importing.imported import Twins
from ctg_geo.words import fold

__all__ = ["NEAR_M", "SAME_M", "twins_of"]

NEAR_M = 300.0  # two places of one name this near may be one
SAME_M = 20.0  # two places of one service this near may be one, whatever their names
_LOOKED_BACK = 300  # places of one name; more are a list of something else

Spots = npt.NDArray[np.complex128]  # x + iy in metres, NaN where not known


def twins_of(table: pd.DataFrame) -> tuple[Twins, ...]:
    """Propose pairs: same name and near (or one commune), same service at one spot.

    Parameters
    ----------
    table : by equipement_id: nom, service, code_insee, x, y (metres, NaN where not known)

    Returns
    -------
    pairs in the order of the table, each place with the first one it is like
    """
    spots = table["x"].to_numpy(np.float64) + 1j * table["y"].to_numpy(np.float64)
    found = dict.fromkeys(_same_spot(table["service"].to_numpy(), spots), "same_place")
    found |= dict.fromkeys(_same_name(table, spots), "same_name")
    ids = [str(each) for each in table.index]
    return tuple(
        Twins(ids[first], ids[second], reason, float(abs(spots[first] - spots[second])))
        for (first, second), reason in sorted(found.items())
    )


def _same_name(table: pd.DataFrame, spots: Spots) -> list[tuple[int, int]]:
    groups: dict[str, list[int]] = {}
    for at, name in enumerate(table["nom"]):
        groups.setdefault(fold(str(name)), []).append(at)
    groups.pop("", None)
    codes = table["code_insee"].tolist()
    pairs = []
    for rows in groups.values():
        for nth, second in enumerate(rows):
            for first in rows[max(0, nth - _LOOKED_BACK) : nth]:
                metres = abs(spots[first] - spots[second])
                told_apart = codes[first] and codes[second] and codes[first] != codes[second]
                if metres <= NEAR_M or (np.isnan(metres) and not told_apart):
                    pairs.append((first, second))
                    break
    return pairs


def _same_spot(services: npt.NDArray[np.object_], spots: Spots) -> list[tuple[int, int]]:
    """Pair each place with the one before it of its service within a few metres."""
    from scipy.spatial import cKDTree  # noqa: PLC0415  (heavy)

    there = np.flatnonzero(~np.isnan(spots))
    if len(there) < 2:  # noqa: PLR2004
        return []
    unique, which = np.unique(spots[there], return_inverse=True)
    tree = cKDTree(np.column_stack([unique.real, unique.imag]))
    cluster = _clusters(tree.query_pairs(SAME_M, output_type="ndarray"), len(unique))[which]
    last: dict[tuple[object, int], int] = {}
    pairs = []
    for at, spot in zip(there.tolist(), cluster.tolist(), strict=True):
        key = (services[at], spot)
        if key in last:
            pairs.append((last[key], at))
        last[key] = at
    return pairs


def _clusters(pairs: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.int32]:
    """Return the number of the group of each spot: those that a chain of near pairs links."""
    from scipy.sparse import coo_array  # noqa: PLC0415  (heavy)
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.int32)
