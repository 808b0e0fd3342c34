"""What a run finds out about its own data and result."""

import numpy as np
import pandas as pd

from ctg_geo.access import Catchment, Sharing, weighted_mean
from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Service
from ctg_geo.quality import Finding, Severity
from ctg_geo.territory import Territory
from ctg_geo.travel import TravelTimes, travel_times

__all__ = ["remarks"]

_ROUNDING = 1e-9


def remarks(
    territory: Territory,
    network: RoadNetwork,
    service: Service,
    places: pd.DataFrame,
    times: TravelTimes,
    local: pd.DataFrame,
    catchment: Catchment | None,
    sharing: Sharing | None,
    *,
    untold: pd.Index,
) -> list[Finding]:
    """Report snapping, unreachable pairs, conservation of supply, and the edge of the area.

    `local` is what each place of demand meets (see `at_homes`); of communes `untold` the share
    out of reach would tell few people.
    """
    spread = territory.homes.spread
    found = [*_snapping(times, spread=spread), *_unreached(territory, local, service, untold)]
    if network.schematic:
        found.append(Finding("warning", "schematic", "routes"))
    if catchment is not None and sharing is not None:
        found += _conservation(local["demand"], places, catchment, sharing, service.unit)
    people = local["demand"].groupby(local["code_insee"]).sum()
    return found + _around(territory, people, places) + _edge(territory, network, service, local)


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


def _snapping(times: TravelTimes, *, spread: bool) -> list[Finding]:
    found = []
    for table, snaps in (
        ("communes", times.origin_snaps),
        ("equipements", times.destination_snaps),
    ):
        for status in ("far", "apart", "moved"):
            severity: Severity = "info" if status == "moved" else "warning"
            codes = snaps.index[snaps["status"] == status]
            if spread and table == "communes":  # thousands of places: one line says it
                facts: dict[str, object] = {"count": len(codes), "of": len(snaps)}
                some = [Finding(severity, f"snap_{status}_homes", "population", facts=facts)]
                found += some if len(codes) else []
                continue
            for code in codes:
                facts = {"metres": snaps.at[code, "snap_m"]}
                found.append(Finding(severity, f"snap_{status}", table, str(code), facts))
    return found


def _unreached(
    territory: Territory, local: pd.DataFrame, service: Service, untold: pd.Index
) -> list[Finding]:
    """Name the communes where nobody, or not everybody, reaches a place."""
    none = local["nearest_min"].isna().astype(np.float64)
    share = weighted_mean(none, local["weight"], local["code_insee"])[territory.inside]
    found = []
    for code in share.index[share > 0]:
        nom = territory.communes.at[code, "nom"]
        facts: dict[str, object] = {"nom": nom, "minutes": service.max_min}
        whole = share[code] > 1 - _ROUNDING
        if code in untold:
            found.append(Finding("warning", "reach_secret", "communes", str(code), facts))
            continue
        facts |= {} if whole else {"share": float(share[code])}
        key = "none_in_reach" if whole else "some_out_of_reach"
        found.append(Finding("warning", key, "communes", str(code), facts))
    return found


def _conservation(
    people: pd.Series, places: pd.DataFrame, catchment: Catchment, sharing: Sharing, unit: str
) -> list[Finding]:
    """Check that supply is neither created nor lost, and name the places nobody reaches.

    M2SFCA loses what distance makes worthless: it is told, and none may be created.
    """
    unused = catchment.ratio.index[catchment.ratio.isna()]
    shared = float((catchment.access * people).sum())
    offered = float(places["capacity"].sum())
    idle = float(places["capacity"][unused].sum())
    lost = offered - idle - shared
    error = abs(lost) / offered if offered else 0.0
    if any(each.measure == "m2sfca" for each in sharing.rules.values()):
        error = max(0.0, -lost) / offered if offered else 0.0
    assert error < 1e-9, f"supply is not conserved: {shared} + {idle} != {offered}"  # noqa: PLR2004
    facts: dict[str, object] = {"shared": shared, "idle": idle, "offered": offered, "lost": lost,
                                "error": f"{error:.1e}"}  # fmt: skip
    key = "conservation" if abs(lost) <= _ROUNDING * max(offered, 1.0) else "conservation_lost"
    found = [Finding("info", key, "equipements", facts=facts)]
    return found + [
        Finding("warning", "nobody_reaches", "equipements", str(code),
                {"nom": places.at[code, "nom"], "capacity": places.at[code, "capacity"],
                 "unit": unit})
        for code in unused
    ]  # fmt: skip


def _edge(
    territory: Territory, network: RoadNetwork, service: Service, local: pd.DataFrame
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
        open_ = out < 2 * service.within_min
    else:
        longest = local["nearest_min"].fillna(np.inf).groupby(local["code_insee"]).max()
        open_ = longest[inside] > out
    if not open_.any():
        return [Finding("info", "edge_closed", "communes")]
    names = list(territory.communes.loc[inside[open_.to_numpy()], "nom"])
    return [Finding("info", "edge_open", "communes", facts={"count": len(names), "names": names})]
