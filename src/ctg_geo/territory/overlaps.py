"""Communes whose polygons cover each other: one ground counted twice."""

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["overlapping"]

_SHARE: Final = 0.01  # of the smaller polygon; two drawings of one border differ by less


def overlapping(communes: "gpd.GeoDataFrame", table: str) -> list[Finding]:
    """Tell of each two communes that overlap by more than 1 % of the smaller.

    Parameters
    ----------
    communes : by code_insee: nom, polygons in a metric CRS
    table : the name of their file

    Notes
    -----
    Pairs are sought among outlines simplified to a two-hundredth of the side of their commune,
    which moves the area they share by less than half of the bound; those above it are measured
    on the polygons as they are.
    """
    shapes = communes.geometry.to_numpy()
    areas = shapely.area(shapes)
    coarse = shapely.simplify(shapes, np.sqrt(areas) * _SHARE / 2)
    one, two = shapely.STRtree(coarse).query(coarse, predicate="intersects")
    one, two = one[one < two], two[one < two]
    smaller = np.minimum(areas[one], areas[two])
    near = shapely.area(shapely.intersection(coarse[one], coarse[two])) > _SHARE / 2 * smaller
    one, two, smaller = one[near], two[near], smaller[near]
    share = shapely.area(shapely.intersection(shapes[one], shapes[two])) / smaller
    found = []
    for at in np.lexsort((two, one)):
        if share[at] > _SHARE:
            first, second = communes.index[one[at]], communes.index[two[at]]
            facts = {
                "nom": communes.at[first, "nom"], "other": communes.at[second, "nom"],
                "code": str(second), "share": float(share[at]),
            }  # fmt: skip
            found.append(Finding("warning", "communes_overlap", table, str(first), facts))
    return found
