"""What a run finds out about its own data and result."""

import numpy as np
import pandas as pd

from ctg_geo.access import Catchment
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding, Severity
from ctg_geo.territory import Territory
from ctg_geo.travel import TravelTimes, travel_times

__all__ = ["remarks"]


def remarks(
    territory: Territory,
    network: RoadNetwork,
    service: Service,
    people: pd.Series,
    places: pd.DataFrame,
    times: TravelTimes,
    near: pd.DataFrame,
    catchment: Catchment | None,
) -> list[Finding]:
    """Report snapping, unreachable pairs, conservation of supply, and the edge of the area."""
    found = [*_snapping(times), *_unreached(territory, near, service)]
    if network.schematic:
        found.append(Finding("warning", "schematic", "routes"))
    if catchment is not None:
        found += _conservation(people, places, catchment)
    return found + _around(territory, people, places) + _edge(territory, network, service, near)


def _around(territory: Territory, people: pd.Series, places: pd.DataFrame) -> list[Finding]:
    """Tell of a buffer whose families count and whose places are missing."""
    outside = territory.communes.index[~territory.communes["inside"]]
    if (
        not len(outside)
        or not people[outside].sum()
        or not places["code_insee"].isin(territory.inside).all()
    ):
        return []
    return [Finding("warning", "no_place_around", "equipements", facts={"count": len(outside)})]


def _snapping(times: TravelTimes) -> list[Finding]:
    found = []
    for table, snaps in (
        ("communes", times.origin_snaps),
        ("equipements", times.destination_snaps),
    ):
        for status in ("far", "apart", "moved"):
            for code in snaps.index[snaps["status"] == status]:
                facts = {"metres": snaps.at[code, "snap_m"]}
                severity: Severity = "info" if status == "moved" else "warning"
                found.append(Finding(severity, f"snap_{status}", table, str(code), facts))
    return found


def _unreached(territory: Territory, near: pd.DataFrame, service: Service) -> list[Finding]:
    none = near["minutes"][territory.inside].isna()
    return [
        Finding("warning", "none_in_reach", "communes", str(code),
                {"nom": territory.communes.at[code, "nom"], "minutes": service.max_min})
        for code in none.index[none]
    ]  # fmt: skip


def _conservation(people: pd.Series, places: pd.DataFrame, catchment: Catchment) -> list[Finding]:
    """Check that supply is neither created nor lost, and name the places nobody reaches."""
    unused = catchment.ratio.index[catchment.ratio.isna()]
    shared = float((catchment.access * people).sum())
    offered = float(places["capacity"].sum())
    idle = float(places["capacity"][unused].sum())
    error = abs(shared + idle - offered) / offered if offered else 0.0
    assert error < 1e-9, f"supply is not conserved: {shared} + {idle} != {offered}"  # noqa: PLR2004
    facts: dict[str, object] = {"shared": shared, "idle": idle, "offered": offered,
                                "error": f"{error:.1e}"}  # fmt: skip
    found = [Finding("info", "conservation", "equipements", facts=facts)]
    return found + [
        Finding("warning", "nobody_reaches", "equipements", str(code),
                {"nom": places.at[code, "nom"], "capacity": places.at[code, "capacity"]})
        for code in unused
    ]  # fmt: skip


def _edge(
    territory: Territory, network: RoadNetwork, service: Service, near: pd.DataFrame
) -> list[Finding]:
    """Tell where the world beyond the buffer could change the result."""
    rim = territory.communes.index[territory.communes["rim"]]
    inside = territory.inside
    if not len(rim):
        return [Finding("warning", "no_buffer", "communes")]
    to_rim = travel_times(network, territory.points[inside], territory.points[rim], limit_min=None)
    out = to_rim.to_matrix().min(axis=1)
    if service.judged_on_supply:
        # a site within reach may itself be within reach of people beyond the rim
        open_ = out < 2 * service.norm.within_min
    else:
        open_ = near["minutes"][inside].fillna(np.inf) > out
    if not open_.any():
        return [Finding("info", "edge_closed", "communes")]
    names = list(territory.communes.loc[inside[open_.to_numpy()], "nom"])
    return [Finding("info", "edge_open", "communes", facts={"count": len(names), "names": names})]
