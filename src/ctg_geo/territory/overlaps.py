"""Communes whose polygons cover each other: one ground counted twice."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["overlapping"]

_SHARE: Final = 0.01  # of the smaller polygon
_DRAWN: Final = 0.05  # outlines simplified apart, on either side of a border, reach 2 %


def overlapping(communes: "gpd.GeoDataFrame", table: str) -> list[Finding]:
    """Tell of communes that overlap by more than 1 % of the smaller of two.

    Those over 5 % are a warning each; the others, a matter of drawing, one remark together.

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
    order = [at for at in np.lexsort((two, one)) if share[at] > _SHARE]
    pairs = [
        (str(communes.index[one[at]]), str(communes.index[two[at]]), float(share[at]))
        for at in order
    ]
    return _told(communes["nom"], pairs, table)


def _told(noms: pd.Series, pairs: list[tuple[str, str, float]], table: str) -> list[Finding]:
    """Tell of each pair that is no matter of drawing, and of the others in one finding."""
    found = []
    for first, second, share in pairs:
        if share > _DRAWN:
            facts = {"nom": noms[first], "other": noms[second], "code": second, "share": share}
            found.append(Finding("warning", "communes_overlap", table, first, facts))
    drawn = [(first, second, share) for first, second, share in pairs if share <= _DRAWN]
    if drawn:
        most = max(share for _, _, share in drawn)
        names = [f"{noms[first]} / {noms[second]}" for first, second, _ in drawn]
        facts = {"count": len(drawn), "share": most, "pairs": names}
        found.append(Finding("info", "outlines_overlap", table, facts=facts))
    return found
