"""The results of communes as data: keys for words, each figure with its status and its own name."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from ctg_geo.diagnosis import HowSure
from ctg_geo.diagnosis.estimates import with_statuses
from ctg_geo.export._certainty import told_share

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["as_columns"]


def as_columns(
    communes: "gpd.GeoDataFrame",
    estimated: Collection[str],
    *,
    shared: bool,
    sure: HowSure | None = None,
) -> "gpd.GeoDataFrame":
    """Return what a table of several studies tells of each commune.

    Parameters
    ----------
    communes : see `Diagnosis.communes`
    estimated : the inputs that are estimates, see `Diagnosis.estimated`
    shared : whether supply is shared
    sure : the dice, where they were thrown

    Returns
    -------
    the same by code_insee, with the statuses that the files of a diagnosis tell, and `estimated`
    (its keys); in place of `certainty`, the one that those files tell under a name that says which:
    `certainty_draws` where dice were thrown, else `certainty_variants` (0-1)
    """
    table = with_statuses(communes, estimated, shared=shared)
    table["estimated"] = ", ".join(estimated)
    table["certainty"] = told_share(communes, sure)
    of = "variants" if sure is None else "draws"
    return table.rename(columns={"certainty": f"certainty_{of}"})
