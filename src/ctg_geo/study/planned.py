"""Openings and closures of the years ahead: what their rows may say, and where they are."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ctg_geo.errors import DataError, Defect
from ctg_geo.parameters import Service
from ctg_geo.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["located", "refuse_closures", "refuse_openings"]

_WHOLE: Final = 1.0 + 1e-9


def refuse_openings(
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    service: Service,
    *,
    file: str,
    taken: Collection[str],
) -> None:
    """Refuse planned places without an identifier of their own, or without the capacity needed.

    Parameters
    ----------
    rows : one a place: row (of the file), equipement_id, capacity
    columns : heading of each of these in the file
    taken : identifiers of the places of today

    Raises
    ------
    DataError
        Naming every row.
    """
    listed = rows.to_dict("records")
    defects = [
        Defect(file, "ahead_id", int(row["row"]), columns["equipement_id"],
               str(row["equipement_id"]))
        for row, again in zip(listed, rows["equipement_id"].duplicated(), strict=True)
        if again or not row["equipement_id"] or row["equipement_id"] in taken
    ] + [
        Defect(file, "ahead_capacity", int(row["row"]), columns["capacity"])
        for row in listed
        if service.judged_on_supply and np.isnan(row["capacity"])
    ]  # fmt: skip
    if defects:
        raise DataError(defects)


def refuse_closures(rows: pd.DataFrame, column: str, *, file: str) -> None:
    """Refuse closures without a share, and those of one place that add up to more than it has.

    Parameters
    ----------
    rows : one a closure: row (of the file), equipement_id, share (0-1)
    column : heading of the share in the file

    Raises
    ------
    DataError
        Naming every row without a share, and every place.
    """
    defects = [
        Defect(file, "share_missing", int(row["row"]), column)
        for row in rows[rows["share"].isna()].to_dict("records")
    ]
    total = rows.groupby("equipement_id")["share"].sum()
    defects += [
        Defect(file, "closure_over", None, column, str(code), {"sum": float(share)})
        for code, share in total[total > _WHOLE].items()
    ]
    if defects:
        raise DataError(defects)


def located(rows: pd.DataFrame, territory: Territory) -> "gpd.GeoDataFrame":
    """Place the planned ones: by their coordinates, else at the point of their commune."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    points = territory.points[rows["code_insee"]].set_axis(rows.index)
    if "lon" in rows:
        known = rows[["lon", "lat"]].notna().all(axis=1)
        exact = gpd.GeoSeries.from_xy(rows["lon"], rows["lat"], crs="EPSG:4326")
        points[known] = exact[known].to_crs(territory.crs)
    table = gpd.GeoDataFrame(
        {"nom": rows["nom"] if "nom" in rows else rows["equipement_id"],
         "code_insee": rows["code_insee"], "capacity": rows["capacity"],
         "year": rows["year"].astype(np.float64)},
        geometry=points, crs=territory.crs,
    )  # fmt: skip
    return table.set_index(pd.Index(rows["equipement_id"], name="equipement_id"))
