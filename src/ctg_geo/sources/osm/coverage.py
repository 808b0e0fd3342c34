"""Do the roads reach the people of the study? How many live beyond them."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ctg_geo.errors import NoRoadError
from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["uncovered"]


def uncovered(
    points: "gpd.GeoSeries",
    people: pd.Series,
    roads: "gpd.GeoSeries",
    *,
    file: str,
    within_km: float = 2.0,
) -> list[Finding]:
    """Say how many people live further from any road than a commune point should.

    Parameters
    ----------
    points : by code_insee, the point that stands for each commune
    people : by code_insee; unknown counts as nobody
    roads : lines in a metric CRS
    file : name of the road file
    within_km : a point further than this from any road is not covered

    Returns
    -------
    list
        Empty if all points are covered, else one warning: communes, and their share of the
        people.

    Raises
    ------
    NoRoadError
        If no point is covered; names the nearest distance.
    """
    shapes = points.to_crs(roads.crs).to_numpy()
    tree = shapely.STRtree(roads.to_numpy())
    _, distance_m = tree.query_nearest(shapes, return_distance=True, all_matches=False)
    far = distance_m > 1000 * within_km
    if not far.any():
        return []
    if far.all():
        nearest_km = float(np.min(distance_m)) / 1000
        raise NoRoadError("none", file=file, within_km=within_km, nearest_km=nearest_km)
    counted = people.reindex(points.index).fillna(0).to_numpy(np.float64)
    total = counted.sum()
    facts: dict[str, object] = {
        "count": int(far.sum()),
        "codes": [str(code) for code in points.index[far]],
        "share": float(counted[far].sum() / total) if total else 0.0,
        "km": within_km,
    }
    return [Finding("warning", "roads_uncovered", file, facts=facts)]
