"""Scenarios as plans of the committee's page, where its linear model shows them exactly."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ctg_geo.config.scenario_file import Scenario, Step, change_toml
from ctg_geo.diagnosis import Diagnosis
from ctg_geo.errors import Defect, ScenarioError, UnknownServiceError
from ctg_geo.export.committee import Opened, Other, Paid, Plans, Proposal, Site, Unshown
from ctg_geo.parameters import ChangeTour, MovePlace, OpenPlace
from ctg_geo.scenarios import Applied, apply, changed_roads, cost_of
from ctg_geo.scenarios.costs import COSTS, lacks
from ctg_geo.study.compared import scenario_of
from ctg_geo.study.study import Study
from ctg_geo.territory import Territory, supply
from ctg_geo.territory.admission import reserved

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["plans_of", "spots_of"]

_INHABITANTS = "population"  # what estimates of people that are secret rest on


def plans_of(study: Study, diagnosis: Diagnosis, scenarios: Sequence[str | Path]) -> Plans:
    """Return scenarios as plans of a page: places by capacity and site.

    Parameters
    ----------
    diagnosis : of the study as it is, of a service judged on its supply
    scenarios : paths or names of their files

    Raises
    ------
    ScenarioError, MissingFileError, ConfigError
        See `ctg_geo.study.compare`.

    Notes
    -----
    A scenario that changes the people of the service, roads of its mode, or its norm is not
    linear in places, and the page has no stops of tours: it is named among those not shown,
    with the reason.
    """
    shown, unshown = list[Proposal](), list[Unshown]()
    sites = dict[str, Site]()
    limited = reserved(diagnosis.equipements)
    for read in [scenario_of(study, each) for each in scenarios]:
        applied = apply(read, study.territory, study.config.services, study.config.tours)
        reasons = _beyond(study, diagnosis, read, applied)
        if "tours" in reasons:
            unshown.append(Unshown(read.name, read.motive, reasons))
            continue
        proposal, needed = _proposal(study, diagnosis, read, applied)
        if not limited.keys().isdisjoint(proposal.moved):
            reasons = (*reasons, "reserved")
        if not reasons and not (proposal.capacity or proposal.moved or proposal.opened):
            reasons = ("nothing",)
        if reasons:
            unshown.append(Unshown(read.name, read.motive, reasons))
        else:
            shown.append(proposal)
            sites |= {each.key: each for each in needed}
    return Plans(tuple(shown), tuple(unshown), tuple(sites.values()))


def spots_of(study: Study, plans: Plans) -> "gpd.GeoSeries":
    """Return the further sites of plans as points, by key, in the CRS of the territory."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    territory = study.territory
    points = gpd.GeoSeries.from_xy(
        [each.degrees[0] for each in plans.sites if each.degrees],
        [each.degrees[1] for each in plans.sites if each.degrees],
        index=[each.key for each in plans.sites if each.degrees], crs=4326,
    ).to_crs(territory.crs)  # fmt: skip
    around = [each for each in plans.sites if each.degrees is None]
    chefs_lieux = territory.points[[each.code for each in around]]
    found = pd.concat([points, chefs_lieux.set_axis([each.key for each in around])])
    return gpd.GeoSeries(found[[each.key for each in plans.sites]], crs=territory.crs)


def _beyond(
    study: Study, diagnosis: Diagnosis, read: Scenario, applied: Applied
) -> tuple[str, ...]:
    """Say what of a scenario is not linear in the places of this service."""
    service = diagnosis.service
    mode = study.config.profile(service.profile).mode
    found = {
        "people": any(
            bool((applied.added[name] != 0).any())
            for name in (service.demand, _INHABITANTS) if name in applied.added
        ),
        "roads": changed_roads(diagnosis.network, applied.roads, mode) is not diagnosis.network,
        "norm": applied.services[diagnosis.key].norm != service.norm,
        "tours": any(isinstance(each, ChangeTour) and each.service == diagnosis.key
                     for each in read.changes),
    }  # fmt: skip
    return tuple(name for name, there in found.items() if there)


def _proposal(
    study: Study, diagnosis: Diagnosis, read: Scenario, applied: Applied
) -> tuple[Proposal, list[Site]]:
    """Hold the places of a scenario against those of today."""
    today, then = diagnosis.equipements, _places(diagnosis, read, applied)
    size = then["capacity"].astype(float)
    before = today["capacity"].astype(float)
    after = size.reindex(today.index).fillna(0.0)
    put = _put(read)
    at = {code: _site(study.territory, then, code, put[code])
          for code in map(str, then.index) if code in put}  # fmt: skip
    opened = tuple(
        Opened(code, str(then.at[code, "nom"]), at[code][0], float(size[code]))
        for code in map(str, then.index[~then.index.isin(today.index)])
    )
    sizes = {str(code): float(after[code]) for code in today.index[after != before]}
    moved = {code: key for code, (key, _) in at.items() if code in today.index}
    shown = {f"resize:{code}" for code in sizes} | {f"move:{code}" for code in moved}
    own = _by_change(read.steps, shown | {f"open:{each.place}" for each in opened})
    capacity = study.territory.equipements["capacity"]
    proposal = Proposal(
        read.name, read.motive, read.source, sizes, moved, opened,
        cost_of(read.steps, "cost", capacity), cost_of(read.steps, "cost_per_year", capacity),
        {change: _paid(steps, capacity) for change, steps in own.items() if change},
        tuple(_other(each, capacity) for each in own.get("", ())),
    )  # fmt: skip
    return proposal, [site for _, site in at.values() if site is not None]


def _by_change(steps: Sequence[Step], shown: AbstractSet[str]) -> dict[str, list[Step]]:
    """Return the steps that make each change of the page; "" holds those that it does not show."""
    found = dict[str, list[Step]]()
    for step in steps:
        place = str(getattr(step.change, "place", ""))
        ways = (f"open:{place}", f"move:{place}" if isinstance(step.change, MovePlace) else
                f"resize:{place}")  # fmt: skip
        found.setdefault(next((each for each in ways if each in shown), ""), []).append(step)
    return found


def _paid(steps: Sequence[Step], capacity: pd.Series) -> Paid:
    notes = dict.fromkeys(each.change.note for each in steps if each.change.note)
    return Paid(cost_of(steps, "cost", capacity), cost_of(steps, "cost_per_year", capacity),
                " ; ".join(notes))  # fmt: skip


def _other(step: Step, capacity: pd.Series) -> Other:
    without = tuple(cost for cost in COSTS if lacks([step], cost, capacity))
    return Other(change_toml(step.change), _paid([step], capacity), without)


def _places(diagnosis: Diagnosis, read: Scenario, applied: Applied) -> "gpd.GeoDataFrame":
    """Return the places of the service that count under a scenario."""
    try:
        places, _ = supply(applied.territory, diagnosis.key, diagnosis.service)
    except UnknownServiceError as error:
        label = diagnosis.service.label
        defect = Defect(f"{read.key}.toml", "scenario_none_left", value=label)
        raise ScenarioError([defect]) from error
    return places


def _put(read: Scenario) -> Mapping[str, OpenPlace | MovePlace]:
    """Return, by place, the last change that says where it stands."""
    return {each.place: each for each in read.changes if isinstance(each, OpenPlace | MovePlace)}


def _site(
    territory: Territory, places: "gpd.GeoDataFrame", place: str, change: OpenPlace | MovePlace
) -> tuple[str, Site | None]:
    """Return the key of where a place stands; and the site, unless it is a chef-lieu inside."""
    code = str(places.at[place, "code_insee"])
    inside = code in territory.inside
    if change.lon is None or change.lat is None:
        if inside:
            return code, None
        point = territory.points[[code]].to_crs(4326).iloc[0]
        return code, Site(code, code, territory.names[code], inside, point.x, point.y, None)
    key, degrees = f"{change.lon!r},{change.lat!r}", (change.lon, change.lat)
    return key, Site(key, code, territory.names[code], inside, *degrees, degrees)
