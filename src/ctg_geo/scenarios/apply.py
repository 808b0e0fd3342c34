"""A territory and its services as they would be: pure, and all that is unrelated is shared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import contracts
from ctg_geo.config.scenario_file import Scenario, Step
from ctg_geo.parameters import (
    AddPeople,
    ChangeHours,
    ChangeNorm,
    ChangeTour,
    ClosePlace,
    Itinerant,
    MovePlace,
    OpenPlace,
    ResizePlace,
    RoadChange,
    Service,
)
from ctg_geo.scenarios.check import check
from ctg_geo.scenarios.ground import point_of, with_norm, with_rows
from ctg_geo.scenarios.stops import Running
from ctg_geo.territory import Homes, Territory, demand, demand_at_homes

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Applied", "apply"]

_SHOWN = (contracts.OBSERVED, contracts.ESTIMATED)


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """What a scenario makes of a territory and its services.

    `added` is, by figure, the people added by code_insee; `roads` the changes of roads, in
    order: they are made on each network by `changed_roads`.
    """

    territory: Territory
    services: Mapping[str, Service]
    roads: tuple[Step, ...]
    added: Mapping[str, pd.Series]


def apply(
    scenario: Scenario,
    territory: Territory,
    services: Mapping[str, Service],
    tours: Mapping[str, Itinerant] | None = None,
) -> Applied:
    """Make the changes of a scenario.

    Parameters
    ----------
    scenario : its changes, in order
    territory : as it is
    services : those declared, by key
    tours : the services that travel, by key; by default none

    Returns
    -------
    Applied
        Tables that nothing changes are those of `territory` itself.

    Raises
    ------
    ScenarioError
        See `ctg_geo.scenarios.check`.

    Notes
    -----
    Opening a place then closing it is refused, for it says nothing; two files that do so one
    after the other are the same as none of them. People added to a commune whose number is
    secret or unknown are added to its estimate, and stay unshown; the estimates of the other
    communes do not move.
    """
    check(scenario, territory, services, tours or {})
    running = Running(territory, tours or {})
    places = territory.equipements
    changed = dict(services)
    for step in scenario.steps:
        change = step.change
        if isinstance(change, ChangeNorm):
            changed[change.service] = with_norm(changed[change.service], change.norm)
        elif isinstance(change, ChangeTour):
            places = running.run(places, step, change)
        elif not isinstance(change, AddPeople | RoadChange):
            places = _placed(places, step, territory, services)
    people = [each for each in scenario.changes if isinstance(each, AddPeople)]
    added = _added(people, territory.communes.index)
    made = territory if places is territory.equipements else replace(territory, equipements=places)
    roads = tuple(each for each in scenario.steps if isinstance(each.change, RoadChange))
    return Applied(_peopled(made, added), changed, roads, added)


def _placed(
    places: "gpd.GeoDataFrame", step: Step, territory: Territory, services: Mapping[str, Service]
) -> "gpd.GeoDataFrame":
    """Make one change of a place."""
    change = step.change
    match change:
        case OpenPlace():
            return _opened(places, step, change, territory)
        case ClosePlace():
            return places.drop(index=change.place)
        case ResizePlace():
            return _resized(places, step, change)
        case MovePlace():
            point, code = point_of(territory, change)
            return _written(places, change.place, geometry=point, code_insee=code,
                            inside=code in territory.inside,
                            location_status=_position_status(change))  # fmt: skip
        case ChangeHours():
            return _timed(places, change, services)
        case _:
            msg = f"a change of {change.kind} is no change of a place"
            raise AssertionError(msg)


def _opened(
    places: "gpd.GeoDataFrame", step: Step, change: OpenPlace, territory: Territory
) -> "gpd.GeoDataFrame":
    point, code = point_of(territory, change)
    known = change.capacity is not None
    row: dict[str, object] = {
        "service": change.service, "nom": change.name,
        "capacity": float(change.capacity) if change.capacity is not None else np.nan,
        "capacity_status": contracts.OBSERVED if known else contracts.NOT_AVAILABLE,
        "location_status": _position_status(change), "delivery": change.delivery,
        "hours_per_week": np.nan if change.hours_per_week is None else change.hours_per_week,
        "hours_status": (contracts.NOT_AVAILABLE if change.hours_per_week is None
                         else contracts.OBSERVED),
        "code_insee": code, "source": step.file, "inside": code in territory.inside,
        "residents": "", "geometry": point, "from_hours": "hours_per_week", **_from(step),
    }  # fmt: skip
    return with_rows(places, {change.place: row})


def _resized(places: "gpd.GeoDataFrame", step: Step, change: ResizePlace) -> "gpd.GeoDataFrame":
    """Write another capacity; so much more than an estimate is an estimate."""
    now = places["capacity"].astype(float)[change.place]
    status = str(places.at[change.place, "capacity_status"])
    if change.by is not None:
        size = float(now) + change.by
    else:
        size, status = float(change.capacity or 0.0), contracts.OBSERVED
    return _written(places, change.place, capacity=size, capacity_status=status, **_from(step))


def _written(places: "gpd.GeoDataFrame", key: str, **cells: object) -> "gpd.GeoDataFrame":
    """Return the places with some cells of one of them written anew."""
    made = places.copy()
    for name, value in cells.items():
        made.at[key, name] = value
    return made


def _from(step: Step) -> dict[str, object]:
    return {"from_file": step.file, "from_row": step.number, "from_column": "capacity"}


def _timed(
    places: "gpd.GeoDataFrame", change: ChangeHours, services: Mapping[str, Service]
) -> "gpd.GeoDataFrame":
    """Write other hours; a share of the week is one of the hours of a full-time place.

    Where nothing says what full-time is, it is what the place offers today.
    """
    service = services[str(places.at[change.place, "service"])]
    rule, known = service.presence, {"hours_status": contracts.OBSERVED}
    if "hours_status" not in places.columns:
        known = {}
    if change.hours_per_week is not None:
        return _written(places, change.place, hours_per_week=change.hours_per_week, **known)
    share = float(change.share or 0.0)
    if rule is not None:
        hours = share * rule.reference_hours
        return _written(places, change.place, hours_per_week=hours, **known)
    if service.counts_hours:
        hours = share * float(places["hours_per_week"].astype(float)[change.place])
        return _written(places, change.place, hours_per_week=hours)
    whole = float(places["capacity"].astype(float)[change.place])
    return _written(places, change.place, capacity=share * whole)


def _position_status(change: OpenPlace | MovePlace) -> str:
    """Tell what a position is worth: at the chef-lieu it is an estimate."""
    return contracts.ESTIMATED if change.lon is None else contracts.OBSERVED


def _added(changes: Sequence[AddPeople], codes: pd.Index) -> dict[str, pd.Series]:
    """Sum up the people added, by figure and commune."""
    found: dict[str, pd.Series] = {}
    for change in changes:
        for name, count in change.people.items():
            own = found.setdefault(name, pd.Series(0.0, index=codes))
            own[change.commune] += count
    return found


def _peopled(territory: Territory, added: Mapping[str, pd.Series]) -> Territory:
    """Add people, where they live if that is known better than the chef-lieu."""
    if not added:
        return territory
    population, spread = territory.population.copy(), territory.spread
    people = None if spread is None else spread.people.copy()
    for name, more in added.items():
        before, status = _people(territory, name)
        population[name] = (before + more).clip(lower=0.0)
        population[f"{name}_status"] = status.where(~((more != 0) & status.isin(_SHOWN)),
                                                    contracts.ESTIMATED)  # fmt: skip
        if spread is not None and people is not None:
            local = demand_at_homes(territory, before, name)
            people[name] = (local + spread.code.map(more) * spread.share[name]).clip(lower=0.0)
    homes: Homes | None = None
    if spread is not None and people is not None:
        homes = replace(spread, people=people)
    return replace(territory, population=population, spread=homes)


def _people(territory: Territory, name: str) -> tuple[pd.Series, pd.Series]:
    """Return the people of each commune before the change, hidden ones by their estimate.

    Inhabitants themselves have none: a commune where they are unknown stays so.
    """
    if name == "population":
        return territory.population[name], territory.population[f"{name}_status"]
    people, status, _ = demand(territory, name)
    return people, status
