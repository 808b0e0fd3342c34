"""Priority neighbourhoods (QPV) of a territory: who lives in one, and what stands in one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from ctg_geo import contracts
from ctg_geo.provenance import Ledger
from ctg_geo.quality import Finding
from ctg_geo.sources import in_qpv
from ctg_geo.territory.territory import Territory

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Quarters", "quarters_of"]

_WHOLE_COMMUNE = "0000"  # ends the code of the IRIS of a commune that is not cut into IRIS


@dataclass(frozen=True, slots=True, eq=False)
class Quarters:
    """The QPV that touch a territory or its buffer.

    `homes` and `places` give the code of the QPV that a place of demand, or a place that
    serves, lies in; "" outside all, missing where its position is not known well enough (at
    the point of its commune). `homes` is None where people are not placed inside communes.
    """

    table: "gpd.GeoDataFrame"  # by code_qp: lib_qp, vintage, geometry
    homes: pd.Series | None  # by demand_id
    places: pd.Series  # by equipement_id
    findings: tuple[Finding, ...]
    ledger: Ledger


def quarters_of(territory: Territory, qpv: "gpd.GeoDataFrame", *, name: str) -> Quarters:
    """Find who lives in a QPV and what stands in one; a point on its edge is in it.

    Parameters
    ----------
    territory : people spread over cells or IRIS, or not
    qpv : of a file, in the CRS of the territory (see `ctg_geo.sources.read_qpv`)
    name : of the file

    Notes
    -----
    A cell or an IRIS is in a QPV with all its people where its centre is: an estimate.
    """
    ground = shapely.union_all(territory.communes.geometry.to_numpy())
    near = qpv[qpv.geometry.intersects(ground)]
    places = in_qpv(territory.equipements.geometry, near)
    guessed = territory.equipements["location_status"] == contracts.ESTIMATED
    places = places.mask(guessed)
    homes = None
    if territory.homes.spread:
        points = territory.homes.places
        homes = in_qpv(points.geometry, near).mask(_at_commune(territory))
    facts: dict[str, object] = {"count": len(near), "read": len(qpv)}
    said = [Finding("info" if len(near) else "warning", "qpv_read", name, facts=facts)]
    if homes is not None and len(near):
        inside = {"count": int((homes.fillna("") != "").sum()), "of": len(homes)}
        said.append(Finding("info", "qpv_homes", "population", facts=inside))
    if guessed.any() and len(near):
        unsure = {"count": int(guessed.sum())}
        said.append(Finding("info", "qpv_places_unsure", "equipements", facts=unsure))
    ledger = Ledger(name, len(qpv), len(near), {"elsewhere": len(qpv) - len(near)})
    return Quarters(near, homes, places, tuple(said), ledger)


def _at_commune(territory: Territory) -> pd.Series:
    """Tell which places of demand stand for a whole commune, whatever it has inside."""
    code = territory.homes.code
    place = code.index.to_series()
    whole: pd.Series = (place == code) | (place == code + _WHOLE_COMMUNE)
    return whole
