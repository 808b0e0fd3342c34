"""Where a site could open: chefs-lieux, public places, a grid, roads thinned, a list."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo.access.aligned import aligned
from ctg_geo.errors import FairSitingError

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

__all__ = ["chefs_lieux", "grid", "public_places", "thinned", "together"]

_COLUMNS = ["nom", "code_insee", "x", "y", "kind"]


def chefs_lieux(communes: pd.DataFrame, points: "gpd.GeoSeries") -> pd.DataFrame:
    """Return the point of each commune as a candidate.

    Parameters
    ----------
    communes : by code_insee, with nom and, if some are not to be candidates, inside
    points : by code_insee, in a metric CRS

    Returns
    -------
    DataFrame by candidate_id: nom, code_insee, x, y (metres), kind
    """
    kept = communes[communes["inside"]] if "inside" in communes.columns else communes
    at = points.reindex(kept.index)
    return _table(
        [f"chef_lieu_{code}" for code in kept.index], kept["nom"], kept.index,
        at.x.to_numpy(), at.y.to_numpy(), "chef_lieu",
    )  # fmt: skip


def public_places(
    equipements: "gpd.GeoDataFrame", services: Sequence[str], *, inside: bool
) -> pd.DataFrame:
    """Return places of other services (schools, libraries) that could house a new one.

    Parameters
    ----------
    equipements : by equipement_id, with service, nom, code_insee, inside and points
    services : keys of the services whose places are meant
    inside : only those in the territory, not in its buffer

    Returns
    -------
    DataFrame by candidate_id: nom, code_insee, x, y (metres), kind
    """
    from shapely import is_empty, is_missing  # noqa: PLC0415  (heavy)

    kept = equipements[equipements["service"].isin(list(services))]
    if inside:
        kept = kept[kept["inside"]]
    points = kept.geometry.to_numpy()
    kept = kept[~(is_missing(points) | is_empty(points))]
    return _table(
        [f"place_{code}" for code in kept.index], kept["nom"], kept["code_insee"],
        kept.geometry.x.to_numpy(), kept.geometry.y.to_numpy(), "public_place",
    )  # fmt: skip


def grid(area: "BaseGeometry", *, step_m: float) -> pd.DataFrame:
    """Return the nodes of a square grid inside an area (metric CRS), multiples of the step.

    Returns
    -------
    DataFrame by candidate_id: nom and code_insee (empty), x, y (metres), kind

    Raises
    ------
    FairSitingError
        If the step is not positive.
    """
    from shapely import contains_xy  # noqa: PLC0415  (heavy)

    if not step_m > 0:
        raise FairSitingError("grid_step", said=step_m)
    west, south, east, north = area.bounds
    columns = np.arange(np.ceil(west / step_m), np.floor(east / step_m) + 1) * step_m
    rows = np.arange(np.ceil(south / step_m), np.floor(north / step_m) + 1) * step_m
    x, y = (each.ravel() for each in np.meshgrid(columns, rows))
    there = contains_xy(area, x, y)
    names = [f"grid_{a:.0f}_{b:.0f}" for a, b in zip(x[there], y[there], strict=True)]
    return _table(names, "", "", x[there], y[there], "grid")


def thinned(points: pd.DataFrame, weight: pd.Series, *, count: int, seed: int) -> pd.DataFrame:
    """Keep `count` points that stand for all: the nearest to the centres of weighted k-means.

    Parameters
    ----------
    points : by node, x and y (metres)
    weight : by node, the people around it; nodes of weight 0 are no candidates
    count : how many to keep; all where there are no more

    Returns
    -------
    DataFrame by node (the index of `points`): nom and code_insee (empty), x, y, kind. Two
    centres that share a nearest point give one candidate, so there may be fewer.

    Raises
    ------
    FairSitingError
        If `count` is less than 1, or no node has people.
    UnknownCodeError, DataError
        If the weight of a node is missing or negative.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415  (heavy)
    from sklearn.cluster import KMeans  # noqa: PLC0415  (heavy)

    people = aligned(weight, points.index, table="weight")
    there = np.flatnonzero(people > 0)
    if count < 1 or not len(there):
        raise FairSitingError("no_thinning", count=count)
    at = points[["x", "y"]].to_numpy(np.float64)[there]
    if len(there) <= count:
        chosen = np.arange(len(there))
    else:
        origin = at.mean(axis=0)
        means = KMeans(count, n_init=1, random_state=seed)
        means.fit(at - origin, sample_weight=people[there])
        chosen = np.unique(cKDTree(at - origin).query(means.cluster_centers_)[1])
    kept = points.index[there[chosen]]
    found = _table(list(kept), "", "", at[chosen, 0], at[chosen, 1], "road")
    found.index = pd.Index(kept, name="candidate_id")
    return found


def together(tables: Sequence[pd.DataFrame], *, apart_m: float) -> pd.DataFrame:
    """Put candidates of several kinds together, leaving out those near one of an earlier table.

    Parameters
    ----------
    tables : candidates by candidate_id, those to keep first; costs, where some have them,
        are kept, NaN for the others
    apart_m : two candidates of different tables nearer than this are one

    Returns
    -------
    DataFrame by candidate_id, in the order given

    Raises
    ------
    FairSitingError
        If two candidates have the same identifier.
    """
    from scipy.spatial import cKDTree  # noqa: PLC0415  (heavy)

    kept: list[pd.DataFrame] = []
    for table in tables:
        if kept and len(table):
            before = pd.concat(kept)[["x", "y"]].to_numpy(np.float64)
            far = cKDTree(before).query(table[["x", "y"]].to_numpy(np.float64))[0] >= apart_m
            kept.append(pd.DataFrame(table.loc[far]))
        else:
            kept.append(table)
    whole = pd.concat(kept)
    if not whole.index.is_unique:
        twice = sorted(str(name) for name in whole.index[whole.index.duplicated()])
        raise FairSitingError("candidate_twice", names=twice)
    return whole


def _table(
    names: list[str], nom: object, code: object, x: object, y: object, kind: str
) -> pd.DataFrame:
    index = pd.Index(names, name="candidate_id")
    values = dict(zip(_COLUMNS, (nom, code, x, y, kind), strict=True))
    plain = {key: np.asarray(value) if not isinstance(value, str) else value
             for key, value in values.items()}  # fmt: skip
    return pd.DataFrame(plain, index=index)
