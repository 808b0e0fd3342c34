"""Hand-written axes, barriers and bridges held against the communes: what to look at again."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.network.barriers import sides, walls_of
from ctg_geo.parameters import SchematicRules
from ctg_geo.quality import Finding
from ctg_geo.words import fold

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["HandDrawn", "doubtful"]

_FAR_KM: Final = 30.0  # beyond, a point serves nobody of the territory
_NAMED_KM: Final = 5.0  # between a point and a commune that it is named after
_STEP_KM: Final = 50.0  # between two junctions of an axis that follow each other
_DETOUR, _DETOUR_KM = 2.0, 10.0  # of an axis at a junction, against the way without it
_PARTS: Final = re.compile(r"\s[–—/-]\s|[(),;]")
_SITE: Final = re.compile(r" (?:nord|sud|est|ouest|centre)$")

Points = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class HandDrawn:
    """Tables as `sources` reads them, and the names of their files."""

    axes: pd.DataFrame
    barriers: pd.DataFrame
    bridges: pd.DataFrame
    axes_file: str
    barriers_file: str = ""
    bridges_file: str = ""


def doubtful(
    drawn: HandDrawn, communes: "gpd.GeoDataFrame", *, rules: SchematicRules
) -> list[Finding]:
    """Tell what hardly can be, of tables that are well written.

    A point far from the territory or from the commune it is named after; a bridge so far from
    the border between the two sides of its barrier that it opens no wall; a junction off the
    line of its axis; a barrier with a side where nobody is.

    Parameters
    ----------
    communes : by code_insee: nom, polygons in a metric CRS; the study and its buffer
    """
    junctions = drawn.axes.drop_duplicates("junction_id")
    ground = shapely.union_all(communes.geometry.to_numpy())
    found = []
    for table, file in ((junctions, drawn.axes_file), (drawn.bridges, drawn.bridges_file)):
        found += _far(table, file, ground)
        found += _misnamed(table, file, communes)
    found += _off_line(drawn.axes, drawn.axes_file)
    found += _void_sides(drawn, communes)
    found += _off_walls(drawn, communes, ground, rules)
    return found


def _points(table: pd.DataFrame) -> Points:
    made: Points = shapely.points(table["x"].to_numpy(float), table["y"].to_numpy(float))
    return np.atleast_1d(made)


def _called(row: pd.Series) -> str:
    return str(row["name"] or row["junction_id"])


def _far(table: pd.DataFrame, file: str, ground: shapely.Geometry) -> list[Finding]:
    """Tell of points far out of the territory, all of a file in one finding."""
    km = shapely.distance(_points(table), ground) / 1000
    far = np.flatnonzero(km > _FAR_KM)
    if not len(far):
        return []
    facts = {"count": len(far), "limit": _FAR_KM, "km": float(km.max()),
             "names": [_called(table.iloc[at]) for at in far]}  # fmt: skip
    return [Finding("warning", "points_far", file, facts=facts)]


def _misnamed(table: pd.DataFrame, file: str, communes: "gpd.GeoDataFrame") -> list[Finding]:
    """Tell of points far from the nearest commune of a name that their own name holds."""
    codes: dict[str, list[str]] = {}
    for code, nom in communes["nom"].items():
        codes.setdefault(fold(str(nom)), []).append(str(code))
    found = []
    for (_, row), point in zip(table.iterrows(), _points(table), strict=True):
        for name in _names_in(str(row["name"])):
            shapes = communes.geometry[codes.get(name, [])]
            km = shapes.distance(point) / 1000
            if len(km) and km.min() > _NAMED_KM:
                facts = {"name": _called(row), "nom": communes.at[km.idxmin(), "nom"],
                         "km": float(km.min())}  # fmt: skip
                found.append(Finding("warning", "point_misnamed", file, row["junction_id"], facts))
    return found


def _names_in(name: str) -> Iterator[str]:
    """Yield the parts of a name that may be communes, folded: "Valence Sud" is in Valence.

    Examples
    --------
    >>> list(_names_in("Valence Sud – Soyons (pont des Lônes)"))
    ['valence', 'soyons', 'pont des lones']
    """
    for part in _PARTS.split(name):
        if folded := fold(part):
            yield _SITE.sub("", folded)


def _off_line(axes: pd.DataFrame, file: str) -> list[Finding]:
    """Tell of junctions that follow each other far apart, and of those off the line of an axis."""
    found = []
    for name, axis in axes.sort_values(["axis", "order"]).groupby("axis", sort=True):
        rows = [row for _, row in axis.iterrows()]
        x, y = axis["x"].to_numpy(), axis["y"].to_numpy()
        steps = np.hypot(np.diff(x), np.diff(y)) / 1000
        direct = np.hypot(x[2:] - x[:-2], y[2:] - y[:-2]) / 1000
        way = steps[:-1] + steps[1:]
        off = (way > _DETOUR * direct) & (way - direct > _DETOUR_KM)
        for at in np.flatnonzero(off):
            facts = {"name": _called(rows[at + 1]), "axis": str(name), "way": float(way[at]),
                     "direct": float(direct[at]), "before": _called(rows[at]),
                     "after": _called(rows[at + 2])}  # fmt: skip
            junction = rows[at + 1]["junction_id"]
            found.append(Finding("warning", "axis_off_line", file, junction, facts))
        told = np.append(off, False) | np.append(False, off)  # steps to and from such a junction
        for at in np.flatnonzero((steps > _STEP_KM) & ~told):
            facts = {"axis": str(name), "before": _called(rows[at]), "after": _called(rows[at + 1]),
                     "km": float(steps[at])}  # fmt: skip
            junction = rows[at + 1]["junction_id"]
            found.append(Finding("warning", "axis_step", file, junction, facts))
    return found


def _void_sides(drawn: HandDrawn, communes: "gpd.GeoDataFrame") -> list[Finding]:
    """Tell of barriers with nobody on one side, and of rows that hold no commune."""
    found = []
    for name, barrier in drawn.barriers.groupby("barrier", sort=True):
        names = list(dict.fromkeys(barrier["side"]))
        there = set(sides(communes.index, barrier).tolist()) - {0}
        if len(there) == 1:
            void = [side for at, side in enumerate(names, start=1) if at not in there]
            facts = {"barrier": str(name), "side": void[0]}
            found.append(
                Finding("warning", "barrier_void_side", drawn.barriers_file, str(name), facts)
            )
    codes = communes.index
    void = sorted(
        pattern for pattern in dict.fromkeys(drawn.barriers["code_insee"])
        if not (codes.str.startswith(pattern[:-1]).any() if pattern.endswith("*")
                else pattern in codes)
    )  # fmt: skip
    if void:
        facts = {"count": len(void), "codes": void}
        found.append(Finding("info", "barrier_codes_nowhere", drawn.barriers_file, facts=facts))
    return found


def _off_walls(
    drawn: HandDrawn,
    communes: "gpd.GeoDataFrame",
    ground: shapely.Geometry,
    rules: SchematicRules,
) -> list[Finding]:
    """Tell of bridges that open no wall, and of those out of the territory, which serve nobody."""
    found, gap_km = [], rules.bridge_gap_m / 1000
    for name, bridges in drawn.bridges.groupby("barrier", sort=True):
        walls = walls_of(communes, drawn.barriers[drawn.barriers["barrier"] == name], rules)
        if not len(walls):
            continue
        points = _points(bridges)
        km = np.min([shapely.distance(points, wall) for wall in walls], axis=0) / 1000
        inside = shapely.distance(points, ground) <= rules.bridge_gap_m
        for at in np.flatnonzero(inside & (km > gap_km)):
            row = bridges.iloc[at]
            facts = {"name": _called(row), "barrier": str(name), "km": float(km[at]),
                     "gap": gap_km}  # fmt: skip
            found.append(
                Finding("warning", "bridge_off_wall", drawn.bridges_file, row["junction_id"], facts)
            )
    points = _points(drawn.bridges)
    km = shapely.distance(points, ground) / 1000
    out = np.flatnonzero((km > gap_km) & (km <= _FAR_KM))
    if len(out):
        facts = {"count": len(out), "km": float(km[out].max()),
                 "names": [_called(drawn.bridges.iloc[at]) for at in out]}  # fmt: skip
        found.append(Finding("info", "bridges_outside", drawn.bridges_file, facts=facts))
    return found
